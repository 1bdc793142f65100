from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.telecom.cycle import BillingCycle
from botkit.telecom.proration import prorated_fee, prorated_volume
from botkit.telecom.values import NO_DATA, ZERO, DataVolume, Money

from .builders import NOVEMBER, gb
from .strategies import cycles, money, volumes

FEBRUARY = BillingCycle(date(2026, 2, 1), date(2026, 2, 28))
FROM_THE_15TH = BillingCycle(date(2026, 2, 15), date(2026, 3, 14))


@pytest.mark.parametrize(
    ("cycle", "from_day", "yuan"),
    [
        (NOVEMBER, date(2026, 11, 1), "79.00"),
        (NOVEMBER, date(2026, 11, 20), "28.97"),  # 79 × 11 / 30 = 28.966…
        (NOVEMBER, date(2026, 11, 30), "2.63"),  # the last day: 79 / 30 = 2.633…
        (NOVEMBER, date(2026, 10, 5), "79.00"),  # since an earlier cycle
        (NOVEMBER, date(2026, 12, 1), "0.00"),  # from the next cycle on
        (FEBRUARY, date(2026, 2, 15), "39.50"),  # 14 of 28 days
        (FROM_THE_15TH, date(2026, 3, 1), "39.50"),  # 14 of 28 days
    ],
)
def test_a_fee_from_a_day_on(cycle: BillingCycle, from_day: date, yuan: str) -> None:
    assert prorated_fee(Money.of(79), cycle, from_day) == Money.of(yuan)


def test_a_fee_for_days_within_the_cycle() -> None:
    # 90 × 10 / 30
    assert prorated_fee(Money.of(90), NOVEMBER, date(2026, 11, 6), date(2026, 11, 15)) == Money.of(30)


def test_half_a_fen_is_rounded_up() -> None:
    # 0.45 / 30 = 0.015
    assert prorated_fee(Money.of("0.45"), NOVEMBER, NOVEMBER.end) == Money.of("0.02")


def test_a_leap_year_counts_its_day() -> None:
    february = BillingCycle.containing(date(2028, 2, 3), billing_day=1)
    assert prorated_fee(Money.of(29), february, date(2028, 2, 29)) == Money.of(1)


@pytest.mark.parametrize(
    ("from_day", "volume"),
    [
        (date(2026, 11, 1), gb(15)),
        (date(2026, 11, 20), DataVolume(5632)),  # 15360 × 11 / 30
        (date(2026, 12, 1), NO_DATA),
    ],
)
def test_a_volume_from_a_day_on(from_day: date, volume: DataVolume) -> None:
    assert prorated_volume(gb(15), NOVEMBER, from_day) == volume


@given(money, cycles, st.integers(1, 27))
def test_the_parts_of_a_split_cycle_add_up_within_a_fen(fee: Money, cycle: BillingCycle, days: int) -> None:
    split = cycle.start + timedelta(days)
    parts = prorated_fee(fee, cycle, cycle.start, split - timedelta(1)) + prorated_fee(fee, cycle, split)
    assert abs((parts - fee).yuan) <= Money.of("0.01").yuan


@given(volumes, cycles, st.integers(1, 27))
def test_the_parts_of_a_split_volume_add_up_within_a_megabyte(
    volume: DataVolume, cycle: BillingCycle, days: int
) -> None:
    split = cycle.start + timedelta(days)
    parts = prorated_volume(volume, cycle, cycle.start, split - timedelta(1)) + prorated_volume(volume, cycle, split)
    assert abs((parts - volume).mb) <= 1


@given(money, cycles, st.integers(0, 40))
def test_a_later_start_never_costs_more(fee: Money, cycle: BillingCycle, days: int) -> None:
    day = cycle.start + timedelta(days)
    assert fee >= prorated_fee(fee, cycle, day) >= prorated_fee(fee, cycle, day + timedelta(1)) >= ZERO
