"""What a set-up guide is made of: places in the settings per brand, and the shared sentences.

Content staff own the values (``phones/brands/*.yml``, ``phones/guide.yml``); here are only their shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from botkit.fiveg.names import phrase
from botkit.fiveg.phones import Brand, PhoneModel
from botkit.fiveg.phrases import PhraseIndex
from botkit.fiveg.support import ReasonKey
from botkit.fiveg.trust import Trust, is_soft

Goal = Literal["5g", "volte", "sa_pack"]
Topic = Literal["sim", "five_g", "sa", "volte", "battery"]


@dataclass(frozen=True)
class Condition:
    """Which phones something holds for. All that is set must hold."""

    systems: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None

    def holds(self, model: PhoneModel | None, system: str | None) -> bool | None:
        """True, False, or ``None`` where model or system is not known well enough to tell."""
        first_sold = model.first_sold if model else None
        answers: list[bool | None] = []
        if self.systems:
            answers.append(system in self.systems if system else None)
        if self.models:
            answers.append(model.name in self.models if model else None)
        if self.since is not None:
            answers.append(first_sold >= self.since if first_sold is not None else None)
        if self.until is not None:
            answers.append(first_sold <= self.until if first_sold is not None else None)
        if False in answers:
            return False
        return None if None in answers else True


def fits(when: tuple[Condition, ...], model: PhoneModel | None, system: str | None) -> bool | None:
    """Whether any of the conditions holds; no condition at all always does."""
    answers = [condition.holds(model, system) for condition in when] or [True]
    if True in answers:
        return True
    return None if None in answers else False


@dataclass(frozen=True)
class System:
    """A range of system versions with the same menus."""

    id: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a switch is. Without ``path`` it says that these phones have no such switch.

    ``path``: the menus from 设置 on, joined by " › ". ``items``: the label, or its other names, on the screen.
    """

    trust: Trust
    path: str = ""
    items: tuple[str, ...] = ()
    action: Literal["turn_on", "turn_off", "choose"] = "turn_on"
    caution: str = ""
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Caveat:
    """Something to mind at a step, on the phones that it holds for."""

    topic: Topic
    text: str
    trust: Trust
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class AgentNote:
    """For human agents only: never shown to a customer."""

    text: str
    trust: Trust


@dataclass(frozen=True)
class BrandGuide:
    """The settings of one group of brands.

    ``notice``: said before the first step. ``closed_goals``: goals that these phones cannot reach at all.
    """

    id: str
    name: str
    brands: tuple[Brand, ...]
    places: Mapping[Topic, tuple[Place, ...]]
    systems: tuple[System, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    agent_notes: tuple[AgentNote, ...] = ()
    notice: str = ""
    closed_goals: tuple[Goal, ...] = ()

    def find_system(self, text: str) -> str | None:
        """The id of the system version that ``text`` names ("鸿蒙4", "MIUI 14"), the longest name first."""
        index: PhraseIndex[str] = PhraseIndex()
        for system in self.systems:
            for alias in (system.name, *system.aliases):
                index.add(phrase(alias), system.id)
        texts = phrase(text)
        found = [hit for start in range(len(texts)) for hit in index.at(texts, start)]
        return max(found, key=lambda hit: hit[0])[1][0] if found else None


@dataclass(frozen=True)
class Wording:
    """A sentence in two strengths; ``soft`` is for what is not certain."""

    firm: str
    soft: str

    def for_trust(self, trust: Trust) -> str:
        return self.soft if is_soft(trust) else self.firm


@dataclass(frozen=True)
class Phrases:
    """Patterns that steps are put together from. In braces: ``path``, ``action``, ``items``, ``words``."""

    turn_on: str
    turn_off: str
    choose: str
    either: str  # between two names of one item
    go: str  # {path}, no item
    do: str  # {path} and {action}
    soft: str  # added once where the step is not certain
    other_place: str  # {do}: the same on other system versions
    search: str  # {words}


@dataclass(frozen=True)
class TopicText:
    """What is said at one topic.

    Said with the step: ``more`` after the path. Said instead of the step: ``no_switch`` where there is no
    switch; ``with_5g`` in a guide for 5G, if turning on 5G does it; ``if_seen`` in a guide for 5G, where it is
    not known whether there is a switch ({action}). Said after 找不到: ``search``, what to type into the settings'
    search box; ``without_switch``, why not finding it may be fine; ``skip``, why it may be left out.
    """

    title: str
    search: tuple[str, ...]
    more: str = ""
    no_switch: str = ""
    with_5g: str = ""
    if_seen: str = ""
    without_switch: str = ""
    skip: str = ""


@dataclass(frozen=True)
class LastStep:
    """The step that reconnects and shows how to tell that it works."""

    title: str
    text: str
    trust: Trust
    hints: tuple[str, ...]
    caution: str = ""


@dataclass(frozen=True)
class GuideTexts:
    """The shared sentences of all guides (``guide.yml``).

    ``leads``: said before the first step. ``opening``: for each goal, the reasons of ``sa_support`` worth saying first.
    """

    titles: Mapping[Goal, str]
    leads: Mapping[Goal, str]
    finished: str
    hand_over: str
    phrases: Phrases
    topics: Mapping[Topic, TopicText]
    last_steps: Mapping[Goal, LastStep]
    support: Mapping[ReasonKey, Wording]
    opening: Mapping[Goal, tuple[ReasonKey, ...]]


@dataclass(frozen=True)
class GuideContent:
    """All guides. ``other`` serves brands without a file of their own and fills topics a file leaves out."""

    texts: GuideTexts
    guides: tuple[BrandGuide, ...]
    other: BrandGuide

    def guide_of(self, brand_id: str | None) -> BrandGuide:
        """The guide of a brand's group; ``other`` where the brand is unknown or has none."""
        for guide in self.guides:
            if any(brand.id == brand_id for brand in guide.brands):
                return guide
        return self.other
