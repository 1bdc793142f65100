from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.telecom.comparison import compare_costs, compare_plans, network_generation
from botkit.telecom.plan import Plan
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import DataVolume, Money

from .builders import BLOCKS_OF_THREE, gb, plan, prices, usage
from .naive import naive_delta, naive_totals
from .strategies import plans, usages

BIG = plan(129, general=30, directed=10, minutes=500, sms=100, contract_months=24, out_of_plan=prices(BLOCKS_OF_THREE))
SMALL = plan(79, general=15, minutes=300, out_of_plan=prices(voice="0.1"), network="4G")

NUMBERS = [
    "monthly_fee",
    "general_data",
    "directed_data",
    "voice_minutes",
    "sms",
    "data_per_gb",
    "voice_per_minute",
    "sms_each",
    "contract_months",
]


def test_deltas_are_the_second_plan_minus_the_first() -> None:
    difference = compare_plans(BIG, SMALL)
    assert difference.monthly_fee == Money.of(-50)
    assert difference.general_data == gb(-15)
    assert difference.directed_data == gb(-10)
    assert difference.voice_minutes == -200
    assert difference.sms == -100
    assert difference.data_per_gb == Decimal(2)  # 3 → 5 元/GB
    assert difference.voice_per_minute == Decimal("-0.05")
    assert difference.sms_each == 0
    assert difference.contract_months == -24
    assert difference.generation == -1


def test_no_price_difference_where_a_plan_charges_no_data() -> None:
    slow = plan(98, out_of_plan=prices(data=None))
    assert compare_plans(slow, SMALL).data_per_gb is None
    assert compare_plans(SMALL, slow).data_per_gb is None


@pytest.mark.parametrize(("network", "generation"), [("4G", 4), ("5G", 5), ("5G-A", 5)])
def test_network_generation(network: str, generation: int) -> None:
    assert network_generation(plan(network=network)) == generation


def test_costs_over_the_customers_own_cycles() -> None:
    # on 129: 129 each; on 79 (15 GB, carried over): 10 GB used → 5 carried; 22 GB → 2 over, 10.00; 16 GB → 1 over, 5.00
    costs = compare_costs(BIG, SMALL, [usage(10240), usage(22528), usage(16384)])
    assert [cost.total for cost in costs.costs_a] == [Money.of(129)] * 3
    assert [cost.total for cost in costs.costs_b] == [Money.of(79), Money.of(89), Money.of(84)]
    assert costs.deltas == (Money.of(-50), Money.of(-40), Money.of(-45))
    assert costs.average_delta == Money.of(-45)


def test_the_average_is_rounded_once() -> None:
    # 0, 0 and 1 minute more at 0.10: 0.10 / 3 = 0.033…
    a, b = plan(79, minutes=1), plan(79, minutes=0, out_of_plan=prices(voice="0.1"))
    assert compare_costs(a, b, [usage(), usage(), usage(minutes=1)]).average_delta == Money.of("0.03")


def test_no_cycles_have_no_average() -> None:
    assert compare_costs(BIG, SMALL, []).average_delta is None


@given(plans, plans)
def test_agrees_with_the_naive_deltas(a: Plan, b: Plan) -> None:
    difference, naive = compare_plans(a, b), naive_delta(a, b)
    assert {name: _number(getattr(difference, name)) for name in NUMBERS} == naive


@given(plans, plans)
def test_antisymmetric(a: Plan, b: Plan) -> None:
    forth, back = compare_plans(a, b), compare_plans(b, a)
    for name in NUMBERS:
        there, here = _number(getattr(forth, name)), _number(getattr(back, name))
        assert there == (None if here is None else -here)


@given(plans, plans, plans)
def test_transitive(a: Plan, b: Plan, c: Plan) -> None:
    for name in NUMBERS:
        ab, bc, ac = (_number(getattr(compare_plans(*pair), name)) for pair in [(a, b), (b, c), (a, c)])
        if ab is not None and bc is not None:
            assert ac == ab + bc


@given(plans, plans, st.lists(usages, max_size=3))
def test_costs_are_antisymmetric_and_agree_with_the_naive_totals(a: Plan, b: Plan, cycles: list[CycleUsage]) -> None:
    forth, back = compare_costs(a, b, cycles), compare_costs(b, a, cycles)
    assert forth.deltas == tuple(-delta for delta in back.deltas)
    assert forth.average_delta == (None if back.average_delta is None else -back.average_delta)
    naive = [there - here for here, there in zip(naive_totals(a, cycles), naive_totals(b, cycles), strict=True)]
    assert [delta.yuan for delta in forth.deltas] == naive


def _number(value: Money | DataVolume | Decimal | int | None) -> Decimal | int | None:
    if isinstance(value, Money):
        return value.yuan
    return value.mb if isinstance(value, DataVolume) else value
