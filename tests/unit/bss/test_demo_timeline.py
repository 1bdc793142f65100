from __future__ import annotations

from datetime import date, timedelta

import pytest

from botkit.bss.demo.scenario import LATEST_CYCLE_DAY, When
from botkit.bss.demo.timeline import Timeline

LEAP_YEAR = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]


@pytest.mark.parametrize("cycle_day", [1, 9, 20, LATEST_CYCLE_DAY])
def test_today_is_the_wanted_day_of_the_cycle_or_up_to_three_days_later(cycle_day: int) -> None:
    for day in LEAP_YEAR:
        timeline = Timeline.of(day, cycle_day)
        actual = timeline.cycle(0).days_elapsed(day)
        assert cycle_day <= actual <= cycle_day + 3
        assert actual == cycle_day or timeline.billing_day == 28


def test_without_a_wanted_day_the_cycle_is_the_month() -> None:
    assert Timeline.of(date(2028, 2, 29), None).cycle(0).is_calendar_month


def test_days_are_told_from_the_cycle() -> None:
    timeline = Timeline.of(date(2026, 11, 22), None)
    assert timeline.day(When()) == date(2026, 11, 1)
    assert timeline.day(When(cycle=-1, day=22)) == date(2026, 10, 22)
    assert timeline.day(When(cycle=-38)) == date(2023, 9, 1)
    assert timeline.day(When(fixed=date(2011, 5, 16))) == date(2011, 5, 16)


@pytest.mark.parametrize("when", [When(cycle=0, day=23), When(cycle=-1, day=32), When(cycle=1)])
def test_a_day_that_is_to_come_or_does_not_exist_is_an_error(when: When) -> None:
    with pytest.raises(ValueError, match="not a past day"):
        Timeline.of(date(2026, 11, 22), None).day(when)
