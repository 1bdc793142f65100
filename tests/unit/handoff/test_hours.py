from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from botkit.handoff.hours import ServiceHours, Window

CHINA = ZoneInfo("Asia/Shanghai")
MORNING, AFTERNOON = Window(time(8), time(12)), Window(time(13), time(20))
HOURS = ServiceHours(
    {day: (MORNING, AFTERNOON) for day in range(5)} | {5: (MORNING,)},
    holidays=frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
    extra={date(2026, 10, 2): (MORNING,), date(2026, 10, 4): (AFTERNOON,)},
)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (at(11, 23, 7, 59), False),
        (at(11, 23, 8), True),
        (at(11, 23, 12), False),
        (at(11, 23, 13), True),
        (at(11, 23, 20), False),
        (at(11, 28, 9), True),  # Saturday, mornings only
        (at(11, 28, 14), False),
        (at(11, 29, 9), False),  # Sunday
        (at(10, 1, 9), False),  # a holiday
        (at(10, 2, 9), True),  # open all the same
        (at(10, 4, 14), True),  # a Sunday worked
    ],
)
def test_two_windows_a_day_and_holidays(now: datetime, is_open: bool) -> None:
    assert HOURS.is_open(now) is is_open


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (at(11, 23, 6), at(11, 23, 8)),
        (at(11, 23, 12, 30), at(11, 23, 13)),
        (at(11, 28, 13), at(11, 30, 8)),  # over Sunday
        (at(9, 30, 21), at(10, 2, 8)),  # over a holiday
    ],
)
def test_when_it_opens_again(now: datetime, opening: datetime) -> None:
    assert HOURS.next_opening(now) == opening


def test_a_desk_that_never_opens() -> None:
    assert ServiceHours({}).next_opening(at(11, 23, 6)) is None


def test_a_window_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="must open before it closes"):
        Window(time(12), time(8))
