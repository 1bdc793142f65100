"""Every delta of a comparison, for every pair of plans in the catalogue, against an independent calculation.

Both in the rules' values and in what the customer reads: the sentence and the cells of the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Turn
from actions.comparison import comparison_table, delta_sentence
from actions.services import Services
from botkit.assembly import House
from botkit.telecom.bill import ItemKind
from botkit.telecom.comparison import CostComparison, compare_costs, compare_plans
from botkit.telecom.discount import ContractDiscount
from botkit.telecom.plan import Plan
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import Money
from tests.unit.telecom.naive import naive_delta, naive_totals

# a light, an ordinary, a heavy and a directed-data user, and one whose contract takes something off
PHONES = ("17000000024", "17000000001", "17000000002", "17000000004", "17000000028")


@dataclass(frozen=True)
class Record:
    """A customer's last three cycles, those before, and what his contract takes off each bill of a plan that keeps it."""

    before: Sequence[CycleUsage]
    usages: Sequence[CycleUsage]
    off: Fraction
    commitment: Fraction

    def naive(self, plan: Plan) -> list[Fraction]:
        whole = naive_totals(plan, [*self.before, *self.usages])[len(self.before) :]
        off = self.off if Fraction(plan.monthly_fee.yuan) >= self.commitment else Fraction(0)
        return [amount - off for amount in whole]

    def compared(self, a: Plan, b: Plan) -> CostComparison:
        less = ContractDiscount(Money.of(str(float(self.off))), Money.of(str(float(self.commitment))))
        return compare_costs(a, b, self.usages, run_in=self.before, discount=less)


@pytest.fixture
def turn(house: House) -> Turn:
    services = Services(house.operator, house.verifications, house.phones, house.terms, house.texts, house.handoff)
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
    for phone, record in _records(house).items():
        naive = {plan.id: record.naive(plan) for plan in house.operator.plans()}
        for a, b in pairs:
            costs = record.compared(a, b)
            assert [Fraction(paid.yuan) for paid in costs.paid_a] == naive[a.id], (phone, a.name)
            expected = [there - here for here, there in zip(naive[a.id], naive[b.id], strict=True)]
            assert [Fraction(delta.yuan) for delta in costs.deltas] == expected, (phone, a.name, b.name)


def test_the_customer_reads_these_deltas(turn: Turn, house: House, pairs: list[tuple[Plan, Plan]]) -> None:
    record = _records(house)[PHONES[1]]
    usages = record.usages
    naive = {plan.id: record.naive(plan) for plan in house.operator.plans()}
    labels = house.texts.labels("table_compare")
    for a, b in pairs:
        comparison, expected = compare_plans(a, b), naive_delta(a, b)
        table = comparison_table(turn, comparison, usages, record.compared(a, b))
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


def test_on_his_own_plan_the_calculation_is_the_bill(house: House) -> None:
    """What the rules make of his use, with what was rolled over before, is what he was billed for his plan."""
    plan_kinds = {ItemKind.PLAN_FEE, ItemKind.OUT_OF_PLAN_DATA, ItemKind.OUT_OF_PLAN_VOICE, ItemKind.DISCOUNT}
    for phone, record in _records(house).items():
        customer = house.operator.customer_by_phone(phone)
        held = next(s for s in house.operator.subscriptions(customer.id) if s.is_plan)
        billed = []
        for usage in record.usages:
            bill = house.operator.bill(customer.id, usage.cycle)
            assert bill is not None
            billed.append(sum(Fraction(item.amount.yuan) for item in bill.items if item.kind in plan_kinds))
        assert record.naive(house.operator.plan(held.product_id)) == billed, phone


def _records(house: House) -> Mapping[str, Record]:
    operator, records = house.operator, {}
    for phone in PHONES:
        customer = operator.customer_by_phone(phone)
        six = operator.cycle_usage(customer.id, 6)
        contract, bill = operator.contract(customer.id), operator.bill(customer.id, six[-1].cycle)
        assert bill is not None
        off = -sum(Fraction(item.amount.yuan) for item in bill.items if item.kind is ItemKind.DISCOUNT)
        commitment = Fraction(contract.monthly_commitment.yuan) if contract else Fraction(0)
        records[phone] = Record(six[:-3], six[-3:], off, commitment)
    assert records["17000000028"].off == 20
    return records


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
