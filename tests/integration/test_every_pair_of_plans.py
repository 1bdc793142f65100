"""Every delta of a comparison, for every pair of plans in the catalogue, against an independent calculation.

Both in the rules' values and in what the customer reads: the sentence and the cells of the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Turn
from actions.comparison import comparison_table, delta_sentence
from actions.services import Services
from botkit.assembly import House
from botkit.telecom.comparison import compare_costs, compare_plans
from botkit.telecom.plan import Plan
from botkit.telecom.usage import CycleUsage
from tests.unit.telecom.naive import naive_delta, naive_totals

# a light, an ordinary, a heavy and a directed-data user
PHONES = ("17000000024", "17000000001", "17000000002", "17000000004")


@pytest.fixture
def turn(house: House) -> Turn:
    services = Services(house.operator, house.verifications, house.phones, house.terms, house.texts)
    tracker = Tracker("pairs", {}, {}, [], False, None, {}, "action_listen")
    return Turn(services, CollectingDispatcher(), tracker, {}, "action_compare_plans")


@pytest.fixture
def pairs(house: House) -> list[tuple[Plan, Plan]]:
    plans = house.operator.plans()
    assert len(plans) >= 25
    return list(permutations(plans, 2))


def test_deltas_on_paper_equal_the_independent_ones(pairs: list[tuple[Plan, Plan]]) -> None:
    for a, b in pairs:
        comparison, expected = compare_plans(a, b), naive_delta(a, b)
        found = {
            "monthly_fee": Fraction(comparison.monthly_fee.yuan),
            "general_data": comparison.general_data.mb,
            "directed_data": comparison.directed_data.mb,
            "voice_minutes": comparison.voice_minutes,
            "sms": comparison.sms,
            "data_per_gb": None if comparison.data_per_gb is None else Fraction(comparison.data_per_gb),
            "voice_per_minute": Fraction(comparison.voice_per_minute),
            "sms_each": Fraction(comparison.sms_each),
            "contract_months": comparison.contract_months,
        }
        assert found == expected, (a.name, b.name)


def test_costs_of_own_use_equal_the_independent_ones(house: House, pairs: list[tuple[Plan, Plan]]) -> None:
    for phone, usages in _usages(house).items():
        naive = {plan.id: naive_totals(plan, usages) for plan in house.operator.plans()}
        for a, b in pairs:
            costs = compare_costs(a, b, usages)
            assert [Fraction(cost.total.yuan) for cost in costs.costs_a] == naive[a.id], (phone, a.name)
            expected = [there - here for here, there in zip(naive[a.id], naive[b.id], strict=True)]
            assert [Fraction(delta.yuan) for delta in costs.deltas] == expected, (phone, a.name, b.name)


def test_the_customer_reads_these_deltas(turn: Turn, house: House, pairs: list[tuple[Plan, Plan]]) -> None:
    usages = _usages(house)[PHONES[1]]
    naive = {plan.id: naive_totals(plan, usages) for plan in house.operator.plans()}
    labels = house.texts.labels("table_compare")
    for a, b in pairs:
        comparison, expected = compare_plans(a, b), naive_delta(a, b)
        table = comparison_table(turn, comparison, usages, compare_costs(a, b, usages))
        rows = {row[0].text: row for row in table.rows}
        assert _number(rows[labels["fee"]][3].text) == expected["monthly_fee"], (a.name, b.name)
        assert _number(rows[labels["voice"]][3].text) == expected["voice_minutes"]
        assert _megabytes(rows[labels["data"]][3].text) == pytest.approx(expected["general_data"], abs=52)
        for usage, here, there in zip(usages, naive[a.id], naive[b.id], strict=True):
            row = rows[labels["own_cost"].replace("{month}", str(usage.cycle.start.month))]
            assert [_number(cell.text) for cell in row[1:]] == [here, there, there - here], (a.name, b.name)
        _check_sentence(delta_sentence(turn, comparison), expected)


def test_comparing_the_other_way_round_reads_the_opposite(turn: Turn, pairs: list[tuple[Plan, Plan]]) -> None:
    opposite = str.maketrans({"多": "少", "少": "多"})
    for a, b in pairs:
        there, back = (delta_sentence(turn, compare_plans(*pair)) for pair in ((a, b), (b, a)))
        assert there.translate(opposite) == back


def _usages(house: House) -> Mapping[str, Sequence[CycleUsage]]:
    operator = house.operator
    return {phone: operator.cycle_usage(operator.customer_by_phone(phone).id, 3) for phone in PHONES}


def _check_sentence(sentence: str, expected: Mapping[str, Fraction | int | None]) -> None:
    """`每月少 20 元, 流量少 10 GB, 通话多 100 分钟`: the words and the figures."""
    for pattern, name in ((r"每月(多|少) ([\d.]+) 元", "monthly_fee"), (r"通话(多|少) (\d+) 分钟", "voice_minutes")):
        found = re.search(pattern, sentence)
        delta = expected[name]
        assert delta is not None
        if found is None:
            assert delta == 0, sentence
        else:
            assert Fraction(found[2]) * (1 if found[1] == "多" else -1) == delta, sentence


def _number(text: str) -> Fraction:
    """`−20 元`, `+8.75 元`, `0`."""
    return Fraction(re.sub(r"[^\d.−-]", "", text).replace("−", "-"))


def _megabytes(text: str) -> Fraction:
    return _number(text) * (1024 if "GB" in text else 1)
