"""When agents are there: `desk/hours.yml`. Two windows a day at most, holidays, and single days that differ."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from botkit.content.document import ContentModel, Document
from botkit.content.problems import Location

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
MOST_WINDOWS = 2

_WINDOW = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})")

Span = tuple[time, time]
"""Opens and closes on the same day."""


@dataclass(frozen=True)
class OpeningHours:
    """weekdays: 0 for Monday; a missing one is closed. extra: single days, which win over weekdays and holidays."""

    weekdays: Mapping[int, Sequence[Span]]
    holidays: frozenset[date]
    extra: Mapping[date, Sequence[Span]]


class HoursFile(ContentModel):
    weekdays: Mapping[str, tuple[str, ...]]
    holidays: tuple[str, ...] = ()
    extra: Mapping[str, tuple[str, ...]] = {}


def load_hours(path: Path) -> OpeningHours:
    """Read the file. Raises ContentError for a day or a window that is none, for too many, and for overlapping ones."""
    document = Document(path)
    file = document.parse(HoursFile)
    weekdays = {}
    for name, windows in file.weekdays.items():
        if name not in WEEKDAYS:
            raise document.error(("weekdays", name), f"没有「{name}」这一天", f"只能写其中一个: {', '.join(WEEKDAYS)}")
        weekdays[WEEKDAYS.index(name)] = _spans(document, ("weekdays", name), windows)
    holidays = [_day(document, ("holidays", number), text) for number, text in enumerate(file.holidays)]
    extra = {
        _day(document, ("extra", text), text): _spans(document, ("extra", text), windows)
        for text, windows in file.extra.items()
    }
    return OpeningHours(weekdays, frozenset(holidays), extra)


def _day(document: Document, location: Location, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise document.error(location, f"「{text}」不是日期", "请写成 2027-02-06 这样") from None


def _spans(document: Document, location: Location, windows: Sequence[str]) -> tuple[Span, ...]:
    if len(windows) > MOST_WINDOWS:
        raise document.error(location, f"一天写了 {len(windows)} 段", f"每天最多 {MOST_WINDOWS} 段")
    spans: list[Span] = []
    for number, text in enumerate(windows):
        span = _span(text)
        if span is None:
            problem, remedy = f"「{text}」不是时间段", "请写成 08:00-12:00 这样, 开始早于结束, 不跨夜"
            raise document.error((*location, number), problem, remedy)
        if spans and span[0] < spans[-1][1]:
            raise document.error((*location, number), "和前一段重叠, 或比前一段早", "请按先后写, 两段不要重叠")
        spans.append(span)
    return tuple(spans)


def _span(text: str) -> Span | None:
    found = _WINDOW.fullmatch(text.strip())
    if found is None:
        return None
    try:
        opens = time(int(found[1]), int(found[2]))
        closes = time.max if (found[3], found[4]) == ("24", "00") else time(int(found[3]), int(found[4]))
    except ValueError:
        return None
    return (opens, closes) if opens < closes else None
