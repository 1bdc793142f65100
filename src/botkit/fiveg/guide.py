"""Puts together the few steps that one phone needs, in the order in which they help.

SIM → 5G switch → SA switch → VoLTE → battery savers → reconnect and check. What a phone has no switch for
becomes a sentence of the step before, and so does what turning on 5G brings with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from botkit.fiveg.guide_content import (
    BrandGuide,
    Goal,
    GuideContent,
    Phrases,
    Place,
    Topic,
    TopicText,
    fits,
)
from botkit.fiveg.phones import PhoneModel
from botkit.fiveg.support import Support, sa_support
from botkit.fiveg.trust import Trust, is_soft, weakest

_TOPICS: dict[Goal, tuple[Topic, ...]] = {
    "5g": ("sim", "five_g", "sa", "volte", "battery"),
    "sa_pack": ("sim", "five_g", "sa", "volte", "battery"),
    "volte": ("volte",),
}
_OTHER_PLACES = 2  # more alternatives than this are no help


@dataclass(frozen=True)
class Step:
    """One message of a guide.

    ``path``: the menus, empty where the step has none. ``caution``: what to mind, may be empty.
    ``not_found``: further hints, one after another, each time the customer says 找不到; then a human.
    """

    id: str
    title: str
    path: str
    text: str
    caution: str
    trust: Trust
    not_found: tuple[str, ...]


@dataclass(frozen=True)
class Guide:
    """What to say first (``opening``, may be empty) and the steps. No steps: this phone cannot do it."""

    goal: Goal
    title: str
    opening: str
    steps: tuple[Step, ...]
    support: Support


def build_guide(
    content: GuideContent, brand_id: str | None, model: PhoneModel | None, system: str | None, goal: Goal
) -> Guide:
    """The guide for a phone; brand, model and system may each be unknown.

    Args:
        system: id of one of the brand guide's systems, as ``BrandGuide.find_system`` gives it.
    """
    case = _Case(content, content.guide_of(model.brand_id if model else brand_id), model, system, goal)
    if case.is_impossible():
        return Guide(goal, content.texts.titles[goal], case.opening(), (), case.support)
    opening = case.opening() + content.texts.leads[goal]
    return Guide(goal, content.texts.titles[goal], opening, case.steps(), case.support)


class _Case:
    """One phone and one goal."""

    def __init__(
        self,
        content: GuideContent,
        brand_guide: BrandGuide,
        model: PhoneModel | None,
        system: str | None,
        goal: Goal,
    ) -> None:
        self.texts = content.texts
        self.brand_guide = brand_guide
        self.other = content.other
        self.model = model
        self.system = system
        self.goal = goal
        self.support = sa_support(model)

    def is_impossible(self) -> bool:
        return (
            self.goal in self.brand_guide.closed_goals
            or (self.goal == "5g" and self.support.five_g == "no")
            or (self.goal == "sa_pack" and self.support.sa == "no")
        )

    def opening(self) -> str:
        reason = self.support.reason_key
        worth_saying = reason in self.texts.opening[self.goal]
        why = self.texts.support[reason].for_trust(self.support.trust) if worth_saying else ""
        return self.brand_guide.notice + why

    def steps(self) -> tuple[Step, ...]:
        steps: list[Step] = []
        for topic in _TOPICS[self.goal]:
            places = self.brand_guide.places.get(topic, self.other.places[topic])
            place = self._place(places)
            if place is None or (topic == "sa" and self.support.sa == "no"):
                continue
            sentence = self._instead_of_step(topic, place)
            if sentence is None:
                steps.append(self._step(topic, place, places))
            elif sentence and steps:
                trust = weakest(steps[-1].trust, place.trust)
                steps[-1] = replace(steps[-1], text=steps[-1].text + sentence, trust=trust)
            elif sentence:
                title = self.texts.topics[topic].title
                steps.append(Step(topic, title, "", sentence, "", place.trust, ()))
        return (*steps, self._last_step())

    def _place(self, places: Sequence[Place]) -> Place | None:
        """The place that surely fits; else the first that may, switches first; ``None`` if none can."""
        possible = [place for place in places if self._fits(place) is not False]
        sure = [place for place in possible if place.when and self._fits(place)]
        with_switch = [place for place in possible if place.path]
        return next(iter(sure + with_switch + possible), None)

    def _fits(self, place: Place) -> bool | None:
        return fits(place.when, self.model, self.system)

    def _instead_of_step(self, topic: Topic, place: Place) -> str | None:
        """The sentence that stands for a step not needed; ``None`` where the step is needed."""
        text = self.texts.topics[topic]
        if not place.path:
            return "" if topic == "sa" and self._sa_is_open() else text.no_switch
        if self.goal == "5g" and text.with_5g:
            return text.with_5g
        if self.goal == "5g" and text.if_seen and not self._fits(place) and not self._sa_is_open():
            return text.if_seen.format(action=_action(self.texts.phrases, place))
        return None

    def _sa_is_open(self) -> bool:
        """Whether a missing SA switch proves nothing: an early phone not listed."""
        return self.model is not None and self.support.sa == "unknown"

    def _step(self, topic: Topic, place: Place, places: Sequence[Place]) -> Step:
        text, phrases = self.texts.topics[topic], self.texts.phrases
        caveats = [c for c in self.brand_guide.caveats if c.topic == topic and fits(c.when, self.model, self.system)]
        return Step(
            id=topic,
            title=text.title,
            path=place.path,
            text=_do(phrases, place) + (phrases.soft if is_soft(place.trust) else "") + text.more,
            caution=place.caution + "".join(caveat.text for caveat in caveats),
            trust=weakest(place.trust, *(caveat.trust for caveat in caveats)),
            not_found=self._hints(topic, text, place, places),
        )

    def _hints(self, topic: Topic, text: TopicText, place: Place, places: Sequence[Place]) -> tuple[str, ...]:
        phrases = self.texts.phrases
        elsewhere = dict.fromkeys(
            _do(phrases, other) for other in places if other.path and fits(other.when, self.model, None) is not False
        )
        elsewhere.pop(_do(phrases, place), None)
        hints = [phrases.other_place.format(do=do) for do in list(elsewhere)[:_OTHER_PLACES]]
        hints.append(phrases.search.format(words=phrases.either.join(text.search)))
        if self._may_lack_switch(topic, places):
            hints.append(text.without_switch)
        hints.append(text.skip)
        return tuple(hint for hint in hints if hint)

    def _may_lack_switch(self, topic: Topic, places: Sequence[Place]) -> bool:
        """Whether not finding the switch may mean that it is on by itself."""
        if topic == "five_g":
            return any(not p.path and fits(p.when, self.model, None) is not False for p in places)
        if topic == "sa":
            return any(not p.path for p in places) and not self._sa_is_open()
        return self.support.five_g != "no"

    def _last_step(self) -> Step:
        last = self.texts.last_steps[self.goal]
        return Step("check", last.title, "", last.text, last.caution, last.trust, last.hints)


def _do(phrases: Phrases, place: Place) -> str:
    """``打开 设置 › 移动网络, 把「启用 5G」打开。``"""
    if not place.items:
        return phrases.go.format(path=place.path)
    return phrases.do.format(path=place.path, action=_action(phrases, place))


def _action(phrases: Phrases, place: Place) -> str:
    patterns = {"turn_on": phrases.turn_on, "turn_off": phrases.turn_off, "choose": phrases.choose}
    return patterns[place.action].format(items=phrases.either.join(place.items))
