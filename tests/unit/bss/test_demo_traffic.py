from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.bss.demo.scenario import Habits, Peak, Recharging, Scenario, Totals, When
from botkit.bss.demo.timeline import Timeline
from botkit.bss.demo.traffic import spread, traffic_of
from botkit.telecom.values import DataVolume, Money

TODAY = date(2026, 11, 22)
LAST_MONTH = Totals(DataVolume(3100), voice=62, sms=31, directed=DataVolume(310))
SCENARIO = Scenario(
    id="someone",
    phone="17000000099",
    name="某人",
    age=30,
    shows="",
    plan="畅选39",
    joined=When(cycle=-5),
    plan_since=When(cycle=-5),
    cycles=(LAST_MONTH,),
    running=Totals(DataVolume(3000), voice=60),
    recharging=Recharging(Money.of(50), Money.of(50)),
)


@given(st.integers(0, 10**6), st.lists(st.integers(1, 1000), min_size=1, max_size=31))
def test_the_parts_add_up_and_keep_their_proportions(total: int, weights: list[int]) -> None:
    parts = spread(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1


def test_nothing_is_spread_over_no_days() -> None:
    assert spread(0, []) == []


def test_a_past_cycle_comes_to_what_is_told() -> None:
    october, _ = traffic_of(SCENARIO, Timeline.of(TODAY, None))
    assert len(october.days) == 31
    assert sum(day.data for day in october.days) == 3100
    assert sum(day.directed for day in october.days) == 310
    assert (sum(day.voice for day in october.days), sum(day.sms for day in october.days)) == (62, 31)


def test_at_a_pace_the_running_month_has_come_as_far_as_its_days_with_today_half_over() -> None:
    _, november = traffic_of(SCENARIO, Timeline.of(TODAY, None))
    assert len(november.days) == 22
    assert sum(day.data for day in november.days) == 3000 * 43 // 60
    assert november.days[-1].data < 0.7 * november.days[-8].data  # both are Sundays


def test_with_a_day_of_the_cycle_the_use_so_far_is_told() -> None:
    *_, running = traffic_of(replace(SCENARIO, cycle_day=20), Timeline.of(TODAY, 20))
    assert len(running.days) == 20
    assert sum(day.data for day in running.days) == 3000


def test_a_peak_is_part_of_the_total() -> None:
    peak = Peak(When(cycle=-1, day=22), DataVolume(2000))
    october, _ = traffic_of(replace(SCENARIO, habits=Habits(peaks=(peak,))), Timeline.of(TODAY, None))
    assert sum(day.data for day in october.days) == 3100
    assert october.days[21].data > 2000


def test_peaks_beyond_the_total_are_an_error() -> None:
    peak = Peak(When(cycle=-1, day=22), DataVolume(3101))
    with pytest.raises(ValueError, match="someone: the peaks of cycle -1"):
        traffic_of(replace(SCENARIO, habits=Habits(peaks=(peak,))), Timeline.of(TODAY, None))


def test_days_before_joining_and_after_falling_silent_are_empty() -> None:
    habits = Habits(silent_after=When(cycle=0, day=4))
    october, november = traffic_of(
        replace(SCENARIO, joined=When(cycle=-1, day=17), habits=habits), Timeline.of(TODAY, None)
    )
    assert (october.days[0].day, len(october.days)) == (date(2026, 10, 17), 15)
    assert november.days[-1].day == date(2026, 11, 4)
