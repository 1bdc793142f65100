"""Service hours: two windows a day, other ones on weekends, none on holidays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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

    def within(self, moment: datetime) -> bool:
        """Whether somebody can still act then: `closes` included, `opens` not, since then he has had no time yet."""
        return any(window.opens < moment.time() <= window.closes for window in self.windows(moment.date()))

    def after(self, start: datetime, length: timedelta) -> datetime | None:
        """When so much time of service has passed since; None if not within a month."""
        for opens, closes in self._stretches(start):
            if closes - opens >= length:
                return opens + length
            length -= closes - opens
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much time of service there is; looks a month ahead at most."""
        parts = (min(closes, end) - opens for opens, closes in self._stretches(start) if opens < end)
        return sum(parts, timedelta())

    def _stretches(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Service from then on, in order; the first stretch begins no earlier."""
        for days in range(LOOK_AHEAD.days + 1):
            day = start.date() + timedelta(days=days)
            for window in sorted(self.windows(day), key=lambda window: window.opens):
                opens, closes = (datetime.combine(day, at, start.tzinfo) for at in (window.opens, window.closes))
                if closes > start:
                    yield max(opens, start), closes


def _windows(spans: Sequence[Span]) -> tuple[Window, ...]:
    return tuple(Window(opens, closes) for opens, closes in spans)
