"""Wishes that the bot cannot carry out itself: how it is done, by the case that the customer speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import time
from itertools import groupby, islice

from rasa_sdk.events import EventType

from actions.base import BotkitAction, Turn, Values
from botkit.content.texts import errand_text
from botkit.handoff.hours import ServiceHours, Window
from botkit.nlu.normalise import normalise

_LATELY = 4
"""So many of the customer's messages before this one are looked at for words that are not new."""
_ASKING = re.compile(
    r"[那这哪个怎么样咋啥什到底究竟能不可以行吗嘛吧呢啊呀哦了的是得我你您他们问说就还要想办弄整搞多少几有久没请再又也都一下给帮知道清楚"
    r"明白听回答看快点急\W]|意思|时候|麻烦|问题"
)
"""Words that ask and say nothing of what is asked about."""
_AGAIN = re.compile(r"到底|究竟|我(?:是)?(?:问|说|讲)|问的是|说的是|不是问|再说|再问|还是(?:没|不)")
"""Says that he asks what he asked before."""
_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class AnswerErrand(BotkitAction):
    """The answer to a wish by its intent: the case that fits what was said, else the general one."""

    action_name = "action_errand"

    def respond(self, turn: Turn) -> list[EventType]:
        say_by_case(turn, errand_text(turn.intent))
        return []


def say_by_case(turn: Turn, name: str) -> None:
    """Say the case of this text that fits, else the text itself."""
    turn.say(case_for(turn, name) or name, **_values(turn))


def case_for(turn: Turn, name: str) -> str | None:
    """The name of the case of this text that fits what the customer said, or that he asks about again with no new word.

    A chosen button has no words: the general answer is what it stands for.
    """
    if turn.said.startswith("/"):
        return None
    said = normalise(turn.said).text
    case = turn.texts.case(name, said) or _asked_again(turn, name, said)
    return case if case and _sayable(turn, case) else None


def _asked_again(turn: Turn, name: str, said: str) -> str | None:
    """The case that was just said, where this message adds no word to those before it."""
    what = _ASKING.sub("", said)
    before = "".join(_said_before(turn))
    if what and not (_AGAIN.search(said) and set(what) <= set(before)):
        return None
    told = turn.said_by_bot(1)
    cases = (case for case in turn.texts.cases(name) if _sayable(turn, case))
    return next((case for case in cases if any(text.endswith(_filled(turn, case)) for text in told)), None)


def _said_before(turn: Turn) -> Iterator[str]:
    """The normal form of the customer's last messages before this one."""
    users = (event for event in reversed(turn.tracker.events) if event.get("event") == "user")
    for event in islice(users, 1, _LATELY + 1):
        yield normalise(str(event.get("text") or (event.get("parse_data") or {}).get("text") or "")).text


def _sayable(turn: Turn, case: str) -> bool:
    """Whether all that it names is known."""
    return "{hours}" not in turn.texts.template(case) or "hours" in _values(turn)


def _filled(turn: Turn, case: str) -> str:
    return turn.text(case, **_values(turn))


def _values(turn: Turn) -> Values:
    """What a case may name, see `VALUES_OF_CASES`."""
    hours = hours_in_words(turn.services.hours) if turn.services.hours else ""
    return {"hours": hours} if hours else {}


def hours_in_words(hours: ServiceHours) -> str:
    """When agents are there in an ordinary week: `每天 8:00 到 22:00`, or day by day where they differ."""
    days = [(day, _spans(hours.weekdays.get(number, ()))) for number, day in enumerate(_WEEKDAYS)]
    alike = ((spans, [day for day, _ in same]) for spans, same in groupby(days, key=lambda one: one[1]))
    return "; ".join(f"{_days(names)} {spans}" for spans, names in alike if spans)


def _days(names: Sequence[str]) -> str:
    if len(names) == len(_WEEKDAYS):
        return "每天"
    return names[0] if len(names) == 1 else f"{names[0]}到{names[-1]}"


def _spans(windows: Sequence[Window]) -> str:
    """`8:00 到 12:00、13:00 到 18:00`; windows that follow at once are one. Empty where there is none."""
    joined: list[tuple[time, time]] = []
    for window in sorted(windows, key=lambda window: window.opens):
        if joined and joined[-1][1] == window.opens:
            joined[-1] = (joined[-1][0], window.closes)
        else:
            joined.append((window.opens, window.closes))
    return "、".join(f"{_clock(opens)} 到 {_clock(closes)}" for opens, closes in joined)


def _clock(at: time) -> str:
    return "24:00" if at == time.max else f"{at.hour}:{at.minute:02}"
