from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from botkit.telecom.plan import Eligibility, Plan
from botkit.telecom.recommend import Recommendation, bigger_plans, cheaper_plans
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import Money

from .builders import plan, prices, usage
from .naive import naive_totals
from .strategies import plans, usages

TODAY = date(2026, 11, 21)
CURRENT = plan(129, general=30, minutes=500)
P99 = plan(99, general=20, minutes=400)
P79 = plan(79, general=15, minutes=300)
P59 = plan(59, general=10, minutes=200, network="4G")
CATALOGUE = [CURRENT, P79, P99, P59, plan(169, general=40, minutes=800)]
# 12, 12 and 12 GB, 80 minutes
CYCLES = [usage(12 * 1024, minutes=80)] * 3


def cheaper(cycles: list[CycleUsage], catalogue: list[Plan], age: int = 30) -> list[Recommendation]:
    return list(cheaper_plans(CURRENT, cycles, catalogue, age=age, today=TODAY))


def test_cheaper_plans_by_the_customers_own_cycles() -> None:
    # 59 (10 GB): 2 GB over each cycle, nothing to carry: 59 + 10 = 69
    found = cheaper(CYCLES, CATALOGUE)
    assert [(one.plan.id, one.average, one.saving) for one in found] == [
        ("P59", Money.of(69), Money.of(60)),
        ("P79", Money.of(79), Money.of(50)),
        ("P99", Money.of(99), Money.of(30)),
    ]
    assert [one.enough for one in found] == [False, True, True]
    assert [one.older_network for one in found] == [True, False, False]


def test_a_low_fee_that_costs_more_in_the_end_is_not_cheaper() -> None:
    # on 59 (10 GB): 24 over, 59 + 120 = 179; on 129 (30 GB): 4 over, 149
    heavy = [usage(34 * 1024)]
    assert "P59" not in [one.plan.id for one in cheaper(heavy, CATALOGUE)]


def test_the_same_average_is_not_cheaper() -> None:
    assert cheaper(CYCLES, [replace(CURRENT, id="twin")]) == []


def test_plans_off_sale_or_for_others_are_left_out() -> None:
    off_sale = replace(P79, id="old", on_sale_until=TODAY)
    elderly = replace(P79, id="elderly", eligibility=Eligibility(min_age=60))
    special = replace(P79, id="special", eligibility=Eligibility(requires=("disabled_certificate",)))
    assert cheaper(CYCLES, [off_sale, elderly, special]) == []
    assert [one.plan.id for one in cheaper(CYCLES, [elderly], age=60)] == ["elderly"]
    found = cheaper_plans(CURRENT, CYCLES, [special], age=30, today=TODAY, fulfils={"disabled_certificate"})
    assert [one.plan.id for one in found] == ["special"]


def test_without_cycles_the_fees_are_compared() -> None:
    found = cheaper([], CATALOGUE)
    assert [one.average for one in found] == [Money.of(59), Money.of(79), Money.of(99)]
    assert not any(one.enough for one in found)  # nothing shows that they are
    assert all(one.costs == () for one in found)


def test_the_average_is_rounded_once() -> None:
    # two cycles, one with 1 minute at 0.15 over: 0.15 / 2 = 0.075 → 79.08; 129 - 79.075 = 49.925 → 49.93
    found = cheaper([usage(minutes=301), usage()], [P79])
    assert (found[0].average, found[0].saving) == (Money.of("79.08"), Money.of("49.93"))


def test_bigger_plans_for_data() -> None:
    found = bigger_plans(P79, CYCLES, CATALOGUE, need="data", age=30, today=TODAY)
    assert [(one.plan.id, one.saving) for one in found] == [
        ("P99", Money.of(-20)),
        ("P129", Money.of(-50)),
        ("P169", Money.of(-90)),
    ]


def test_a_bigger_plan_may_be_cheaper() -> None:
    # 25 GB each: on 79 (15 GB) 10 over, 129; on 99 (20 GB) 5 over, 124
    found = bigger_plans(P79, [usage(25 * 1024)] * 2, CATALOGUE, need="data", age=30, today=TODAY)
    assert (found[0].plan.id, found[0].saving) == ("P99", Money.of(5))


def test_bigger_plans_for_voice() -> None:
    talkative = replace(plan(89, general=1, minutes=1000), id="talk")
    found = bigger_plans(P79, CYCLES, [talkative, P59], need="voice", age=30, today=TODAY)
    assert [one.plan.id for one in found] == ["talk"]


def test_a_plan_with_as_much_is_not_bigger() -> None:
    assert bigger_plans(P79, CYCLES, [replace(P79, id="twin")], need="data", age=30, today=TODAY) == ()


def test_at_the_same_average_the_plan_that_is_enough_comes_first() -> None:
    # 69 for 12 GB, or 59 for 10 GB and 2 GB over at 5
    found = cheaper(CYCLES, [P59, plan(69, general=12)])
    assert [(one.plan.id, one.average) for one in found] == [("P69", Money.of(69)), ("P59", Money.of(69))]


def test_a_throttled_plan_that_was_exceeded_is_not_enough() -> None:
    slow = plan(49, general=10, out_of_plan=prices(data=None))
    assert [one.enough for one in cheaper(CYCLES, [slow])] == [False]


@settings(max_examples=50)  # the naive calculator takes its time
@given(plans, st.lists(plans, max_size=4, unique_by=lambda one: one.id), st.lists(usages, min_size=1, max_size=2))
def test_the_cheapest_is_never_hidden(current: Plan, catalogue: list[Plan], cycles: list[CycleUsage]) -> None:
    found = cheaper_plans(current, cycles, catalogue, age=30, today=TODAY)
    averages = [one.average for one in found]
    assert averages == sorted(averages)

    def average(chosen: Plan) -> Fraction:
        return sum(naive_totals(chosen, cycles), Fraction(0)) / len(cycles)

    others = [one for one in catalogue if one.id != current.id]
    much_cheaper = {one.id for one in others if average(one) <= average(current) - Fraction(1, 100)}
    assert much_cheaper <= {one.plan.id for one in found}
    assert all(average(one.plan) < average(current) for one in found)
