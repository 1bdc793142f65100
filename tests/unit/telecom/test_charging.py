from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.telecom.charging import charge_cycle, charge_cycles, data_charge
from botkit.telecom.plan import DataRate, Plan
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import NO_DATA, ZERO, DataVolume, Money

from .builders import BLOCKS_OF_THREE, FIVE_A_GB, LADDER, gb, plan, prices, usage
from .naive import naive_cycle_total, naive_totals
from .strategies import caps, plans, rates, usages, volumes

GB = 1024


@pytest.mark.parametrize(
    ("over_mb", "yuan"),
    [
        (0, "0"),
        (-1, "0"),
        (1, "0.00"),  # 5 / 1024 = 0.0049 rounds to nothing
        (2, "0.01"),  # 10 / 1024 = 0.0098
        (512, "2.50"),
        (GB, "5.00"),
        (4505, "22.00"),  # 4 × 5 + 409 × 5 / 1024 = 20 + 1.997
        (200 * GB, "600.00"),  # 1000, capped
    ],
)
def test_a_price_by_the_gigabyte_is_spread_over_its_megabytes(over_mb: int, yuan: str) -> None:
    assert data_charge(FIVE_A_GB, DataVolume(over_mb), Money.of(600)) == Money.of(yuan)


@pytest.mark.parametrize(
    ("over_mb", "yuan"),
    [
        (1, "0.03"),
        (99, "2.97"),
        (100, "3.00"),
        (101, "3.00"),  # the rest of the GB is free
        (GB, "3.00"),
        (GB + 1, "3.03"),
        (2 * GB, "6.00"),
    ],
)
def test_a_block_is_free_once_it_has_cost_its_cap(over_mb: int, yuan: str) -> None:
    assert data_charge(BLOCKS_OF_THREE, DataVolume(over_mb), None) == Money.of(yuan)


@pytest.mark.parametrize(
    ("over_mb", "yuan"),
    [
        (166, "4.98"),
        (167, "5.00"),  # 5.01, but the block costs 5 at most
        (3 * GB, "15.00"),
        (3 * GB + 1, "15.03"),  # 15 reached: blocks cost 3 from here
        (3 * GB + 150, "18.00"),  # 4.50, but the block costs 3 at most
        (4 * GB, "18.00"),
        (10 * GB, "36.00"),  # 15 + 7 × 3
    ],
)
def test_blocks_are_cheaper_after_a_total(over_mb: int, yuan: str) -> None:
    assert data_charge(LADDER, DataVolume(over_mb), None) == Money.of(yuan)


def test_a_block_begun_below_the_total_keeps_its_price() -> None:
    rate = DataRate(per_gb=Decimal(10), cheaper_after=Decimal(15), cheaper_per_gb=Decimal(3))
    # 10, then 10 (begins at 10 < 15), then 3
    assert data_charge(rate, gb(3), None) == Money.of(23)


def test_a_block_that_never_costs_its_cap() -> None:
    # 1024 × 0.02 = 20.48, below 30
    assert data_charge(DataRate(Decimal(30), Decimal("0.02")), gb(1), None) == Money.of("20.48")


def test_no_rate_charges_nothing() -> None:
    assert data_charge(None, gb(100), Money.of(600)) == ZERO


@given(rates(), volumes, volumes, caps)
def test_more_data_never_costs_less_and_never_more_than_the_cap(
    rate: DataRate, over: DataVolume, more: DataVolume, cap: Money | None
) -> None:
    charge = data_charge(rate, over, cap)
    assert ZERO <= charge <= data_charge(rate, over + more, cap)
    assert cap is None or charge <= cap


def test_no_usage_costs_the_monthly_fee() -> None:
    cost = charge_cycle(plan(79), usage())
    assert cost.total == Money.of(79)
    assert cost.within_allowances


@pytest.mark.parametrize(
    ("general_mb", "minutes", "sms", "yuan"),
    [
        (15 * GB, 300, 10, "79.00"),  # exactly at each allowance
        (15 * GB + 2, 300, 10, "79.01"),
        (15 * GB, 301, 10, "79.15"),
        (15 * GB, 300, 11, "79.10"),
        (16 * GB, 400, 20, "100.00"),  # 79 + 5 + 100 × 0.15 + 10 × 0.1
    ],
)
def test_what_goes_beyond_an_allowance_is_charged(general_mb: int, minutes: int, sms: int, yuan: str) -> None:
    assert charge_cycle(plan(79, sms=10), usage(general_mb, minutes=minutes, sms=sms)).total == Money.of(yuan)


def test_one_megabyte_over_is_over_even_when_it_rounds_to_nothing() -> None:
    cost = charge_cycle(plan(79), usage(15 * GB + 1))
    assert (cost.over_data, cost.data) == (DataVolume(1), ZERO)
    assert not cost.within_allowances


def test_each_part_is_rounded_once() -> None:
    # 3 minutes × 0.125 = 0.375 → 0.38; 2 MB × 5 / 1024 = 0.0098 → 0.01
    cost = charge_cycle(plan(10, minutes=0, out_of_plan=prices(voice="0.125")), usage(15 * GB + 2, minutes=3))
    assert (cost.voice, cost.data, cost.total) == (Money.of("0.38"), Money.of("0.01"), Money.of("10.39"))


def test_directed_usage_beyond_its_allowance_counts_as_general() -> None:
    # 12 directed - 10 included = 2, with 14 general 16: 1 GB over
    cost = charge_cycle(plan(79, directed=10), usage(14 * GB, directed_mb=12 * GB))
    assert (cost.over_data, cost.data) == (gb(1), Money.of(5))


def test_directed_allowance_is_not_for_general_usage() -> None:
    assert charge_cycle(plan(79, directed=10), usage(16 * GB)).over_data == gb(1)


def test_directed_usage_is_general_on_a_plan_without_directed_data() -> None:
    assert charge_cycle(plan(79), usage(10 * GB, directed_mb=6 * GB)).over_data == gb(1)


def test_rolled_over_data_prevents_an_overrun() -> None:
    assert charge_cycle(plan(79), usage(16 * GB), rolled_over=gb(1)).data == ZERO


def test_a_throttled_plan_charges_no_data_but_counts_the_overrun() -> None:
    cost = charge_cycle(plan(98, general=20, out_of_plan=prices(data=None)), usage(300 * GB))
    assert (cost.data, cost.over_data, cost.data_capped) == (ZERO, gb(280), False)


@pytest.mark.parametrize(
    ("over_gb", "capped"),
    [(0, False), (119, False), (120, True), (121, True)],  # 5 元/GB reaches 600 at 120 GB
)
def test_the_cap_stops_data(over_gb: int, capped: bool) -> None:
    cost = charge_cycle(plan(79), usage((15 + over_gb) * GB))
    assert cost.data_capped is capped
    assert cost.data == min(Money.of(5 * over_gb), Money.of(600))


def test_unused_data_rolls_into_the_next_cycle_only() -> None:
    # 15 GB a cycle: 10 used → 5 carried; 5 carried + 0 own used → 15 carried; 15 carried + 15 own against 31 → 1 over
    costs = charge_cycles(plan(79), [usage(10 * GB), usage(5 * GB), usage(31 * GB)])
    assert [cost.over_data for cost in costs] == [NO_DATA, NO_DATA, gb(1)]


def test_what_was_rolled_over_is_not_carried_again() -> None:
    # nothing used twice: the third cycle has the second's 15 GB and its own 15, not 45
    costs = charge_cycles(plan(79), [usage(), usage(), usage(31 * GB)])
    assert costs[-1].over_data == gb(1)


def test_without_rollover_each_cycle_stands_alone() -> None:
    costs = charge_cycles(plan(79, rollover=False), [usage(), usage(16 * GB)])
    assert costs[-1].over_data == gb(1)


def test_no_cycles_cost_nothing() -> None:
    assert charge_cycles(plan(79), []) == ()


@given(plans, st.lists(usages, min_size=1, max_size=3), st.data())
def test_cost_never_falls_when_any_use_rises(chosen: Plan, cycles: list[CycleUsage], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(cycles) - 1))
    field = data.draw(st.sampled_from(["general_data", "directed_data", "voice_minutes", "sms"]))
    increase = data.draw(st.integers(1, 5000))
    current = getattr(cycles[index], field)
    raised: Any = DataVolume(current.mb + increase) if isinstance(current, DataVolume) else current + increase
    more = [*cycles[:index], replace(cycles[index], **{field: raised}), *cycles[index + 1 :]]

    before, after = charge_cycles(chosen, cycles), charge_cycles(chosen, more)
    assert all(b.total <= a.total for b, a in zip(before, after, strict=True))


@given(plans, usages, st.integers(0, 3000))
def test_agrees_with_the_naive_calculator(chosen: Plan, used: CycleUsage, rolled_over_mb: int) -> None:
    cost = charge_cycle(chosen, used, DataVolume(rolled_over_mb))
    assert cost.total.yuan == naive_cycle_total(chosen, used, rolled_over_mb)


@given(plans, st.lists(usages, max_size=3))
def test_agrees_with_the_naive_calculator_through_rollover(chosen: Plan, cycles: list[CycleUsage]) -> None:
    assert [cost.total.yuan for cost in charge_cycles(chosen, cycles)] == naive_totals(chosen, cycles)


def test_what_the_run_in_left_over_is_usable_in_the_first_cycle() -> None:
    (cost,) = charge_cycles(plan(79), [usage(20 * GB)], run_in=[usage(11 * GB)])  # 15 and 4 of them left
    assert cost.over_data == DataVolume.gb(1)
    assert charge_cycles(plan(79), [], run_in=[usage()]) == ()
