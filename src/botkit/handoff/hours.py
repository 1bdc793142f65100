"""Service hours: two windows a day, other ones on weekends, none on holidays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from botkit.content.hours import OpeningHours, Span

LOOK_AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class Window:
    """A stretch of a day, `opens` included, `closes` not."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not self.opens < self.closes:
            raise ValueError(f"a window must open before it closes: {self.opens} {self.closes}")


@dataclass(frozen=True)
class ServiceHours:
    """When agents are there. Times are those of the place that `datetime`s are given in.

    weekdays: windows of each weekday, 0 for Monday; a missing one is closed.
    holidays: closed, whatever weekday it is. extra: windows of single days, which win over both.
    """

    weekdays: Mapping[int, Sequence[Window]]
    holidays: frozenset[date] = frozenset()
    extra: Mapping[date, Sequence[Window]] = field(default_factory=dict)

    @classmethod
    def of(cls, content: OpeningHours) -> ServiceHours:
        """From the content file."""
        weekdays = {day: _windows(spans) for day, spans in content.weekdays.items()}
        extra = {day: _windows(spans) for day, spans in content.extra.items()}
        return cls(weekdays, content.holidays, extra)

    def windows(self, day: date) -> Sequence[Window]:
        if day in self.extra:
            return self.extra[day]
        return () if day in self.holidays else self.weekdays.get(day.weekday(), ())

    def is_open(self, now: datetime) -> bool:
        return any(window.opens <= now.time() < window.closes for window in self.windows(now.date()))

    def next_opening(self, now: datetime) -> datetime | None:
        """When service begins again, after now; None if not within a month."""
        for days in range(LOOK_AHEAD.days + 1):
            day = now.date() + timedelta(days=days)
            for window in sorted(self.windows(day), key=lambda window: window.opens):
                opening = datetime.combine(day, window.opens, now.tzinfo)
                if opening > now:
                    return opening
        return None


def _windows(spans: Sequence[Span]) -> tuple[Window, ...]:
    return tuple(Window(opens, closes) for opens, closes in spans)
