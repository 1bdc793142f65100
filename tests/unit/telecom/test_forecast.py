from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.telecom.forecast import average_so_far, forecast, forecast_at, pooled
from botkit.telecom.usage import BucketKind

from .builders import NOVEMBER, bucket

TODAY = date(2026, 11, 21)  # 9 days after today
daily_uses = st.lists(st.integers(0, 3000), max_size=10)


def test_the_last_seven_days_carried_forward() -> None:
    # 20 GB, 16.3 GB used (16691 MB), 0.9 GB (922 MB) a day: 16691 + 9 × 922 = 24989; 24989 - 20480 = 4509 over.
    # 3789 left: 4 days take 3688, the fifth exceeds it: 26 November.
    expected = forecast(bucket(20480, 16691), [922] * 7, NOVEMBER, TODAY)
    assert expected.per_day == 922
    assert expected.days_left == 9
    assert (expected.expected_used, expected.overrun) == (24989, 4509)
    assert expected.runs_out_on == date(2026, 11, 26)


def test_days_without_use_count_and_older_days_do_not() -> None:
    # (0+0+0+70+0+0+0) / 7; the 9999 is eight days old
    expected = forecast(bucket(500, kind=BucketKind.VOICE), [9999, 0, 0, 0, 70, 0, 0, 0], NOVEMBER, TODAY)
    assert (expected.per_day, expected.based_on_days, expected.expected_used) == (Decimal(10), 7, 90)


def test_fewer_days_are_averaged_over_themselves() -> None:
    expected = forecast(bucket(1000, 150), [100, 50], NOVEMBER, date(2026, 11, 3))
    assert (expected.per_day, expected.based_on_days) == (Decimal(75), 2)
    assert expected.expected_used == 150 + 27 * 75


def test_a_single_day() -> None:
    expected = forecast(bucket(1000, 60), [50], NOVEMBER, date(2026, 11, 2))
    assert (expected.per_day, expected.expected_used) == (Decimal(50), 60 + 28 * 50)


def test_without_any_day_nothing_is_known() -> None:
    expected = forecast(bucket(1000, 150), [], NOVEMBER, date(2026, 11, 1))
    assert (expected.per_day, expected.based_on_days, expected.expected_used) == (Decimal(0), 0, 150)
    assert expected.runs_out_on is None


def test_an_average_that_is_no_whole_number_is_rounded_at_the_end() -> None:
    # 10 / 7 a day for 9 days = 12.86 → 13
    expected = forecast(bucket(1000), [10, 0, 0, 0, 0, 0, 0], NOVEMBER, TODAY)
    assert expected.per_day == Decimal(10) / 7
    assert expected.expected_used == 13


def test_exactly_used_up_at_the_end_is_no_overrun() -> None:
    expected = forecast(bucket(100, 10), [10] * 7, NOVEMBER, TODAY)
    assert (expected.expected_used, expected.overrun, expected.runs_out_on) == (100, 0, None)


def test_one_more_than_granted_runs_out_on_the_last_day() -> None:
    expected = forecast(bucket(100, 11), [10] * 7, NOVEMBER, TODAY)
    assert (expected.overrun, expected.runs_out_on) == (1, date(2026, 11, 30))


@pytest.mark.parametrize("used", [100, 130])
def test_used_up_already(used: int) -> None:
    expected = forecast(bucket(100, used), [10] * 7, NOVEMBER, TODAY)
    assert (expected.overrun, expected.runs_out_on) == (used - 100 + 90, TODAY)


def test_over_already_and_nothing_more_to_come() -> None:
    expected = forecast(bucket(100, 130), [0] * 7, NOVEMBER, TODAY)
    assert (expected.overrun, expected.runs_out_on) == (30, TODAY)


def test_on_the_last_day_nothing_is_to_come() -> None:
    expected = forecast(bucket(100, 95), [50] * 7, NOVEMBER, NOVEMBER.end)
    assert (expected.days_left, expected.expected_used, expected.overrun) == (0, 95, 0)


def test_twenty_minutes_in_twenty_two_days_are_not_none_a_day() -> None:
    # 20 minutes in 21 days and a half: 40 / 43 a day, × 8 days = 7.44 → 7 more
    minutes = bucket(100, 20, kind=BucketKind.VOICE)
    rate, days = average_so_far(minutes, NOVEMBER, datetime(2026, 11, 22, 12, 0))
    assert (rate, days) == (Fraction(40, 43), 21)
    expected = forecast_at(rate, days, minutes, NOVEMBER, date(2026, 11, 22))
    assert (expected.per_day, expected.based_on_days) == (Decimal(40) / 43, 21)
    assert (expected.expected_used, expected.overrun) == (27, 0)
    assert forecast_at(rate, days, bucket(25, 20), NOVEMBER, date(2026, 11, 22)).overrun == 2


def test_today_counts_as_far_as_it_has_gone() -> None:
    used = bucket(1000, 90)
    morning, evening = (average_so_far(used, NOVEMBER, datetime(2026, 11, 10, hour)) for hour in (0, 18))
    assert morning == (Fraction(10), 9) and evening == (Fraction(90) / Fraction(39, 4), 9)


def test_on_the_first_day_no_rate_is_known() -> None:
    rate, days = average_so_far(bucket(1000, 90), NOVEMBER, datetime(2026, 11, 1, 18))
    assert (rate, days) == (0, 0)
    assert forecast_at(rate, days, bucket(50, 90), NOVEMBER, NOVEMBER.start).runs_out_on == NOVEMBER.start


@given(st.integers(0, 20000), st.integers(0, 20000), daily_uses, st.integers(0, 9), st.integers(1, 500))
def test_more_use_never_lowers_the_forecast(
    granted: int, used: int, daily: list[int], index: int, increase: int
) -> None:
    more = [use + increase if day == index else use for day, use in enumerate(daily)]
    before = forecast(bucket(granted, used), daily, NOVEMBER, TODAY)
    after = forecast(bucket(granted, used), more, NOVEMBER, TODAY)
    assert after.expected_used >= before.expected_used
    assert after.overrun >= before.overrun
    if before.runs_out_on:
        assert after.runs_out_on is not None
        assert after.runs_out_on <= before.runs_out_on


@given(st.integers(0, 20000), st.integers(0, 20000), daily_uses, st.sampled_from([1, 9, 20, 29, 30]))
def test_runs_out_within_the_cycle_when_and_only_when_there_is_an_overrun(
    granted: int, used: int, daily: list[int], day: int
) -> None:
    today = date(2026, 11, day)
    expected = forecast(bucket(granted, used), daily, NOVEMBER, today)
    assert (expected.runs_out_on is not None) == (expected.overrun > 0)
    assert expected.runs_out_on is None or today <= expected.runs_out_on <= NOVEMBER.end


def test_pooled_buckets_add_up() -> None:
    plan_data = bucket(22528, 16000, rolled_over=2048)
    pack = bucket(10240, 500, source="A15", expires=date(2026, 12, 15))
    together = pooled([plan_data, pack])
    assert (together.granted, together.used, together.left) == (32768, 16500, 16268)
    assert (together.rolled_over, together.expires) == (2048, date(2026, 12, 15))
    assert (together.kind, together.source) == (BucketKind.GENERAL_DATA, "P79")


def test_only_buckets_of_one_kind_are_pooled() -> None:
    with pytest.raises(ValueError, match="one kind"):
        pooled([])
    with pytest.raises(ValueError, match="one kind"):
        pooled([bucket(1), bucket(1, kind=BucketKind.VOICE)])
