from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from botkit.telecom.bill import Bill, ItemKind
from botkit.telecom.comparison import compare_costs
from botkit.telecom.discount import ContractDiscount, contract_discount
from botkit.telecom.plan import PenaltyRule
from botkit.telecom.recommend import cheaper_plans
from botkit.telecom.values import Money

from .builders import bill, contract, item, plan, usage

TODAY = date(2026, 11, 20)
BOUND = contract(PenaltyRule(), commitment=99)  # 两年合约, to 2027-11-30
TWENTY_OFF = item(ItemKind.DISCOUNT, -20, name=BOUND.name)
FEE = item(ItemKind.PLAN_FEE, 99)
P99, P79, P59 = plan(99, general=20), plan(79, general=15), plan(59, general=10)


def test_what_every_bill_has_recurs() -> None:
    found = contract_discount(BOUND, [bill(FEE, TWENTY_OFF)] * 3, TODAY)
    assert found == ContractDiscount(Money.of(20), commitment=Money.of(99))


@pytest.mark.parametrize(
    "bills",
    [
        [],
        [bill(FEE)],
        [bill(FEE, TWENTY_OFF), bill(FEE)],  # it has ended
        [bill(FEE), bill(FEE, TWENTY_OFF)],  # it was granted once
        [bill(FEE, replace(TWENTY_OFF, name="开学季立减"))],  # of something else
    ],
)
def test_what_some_lack_does_not(bills: list[Bill]) -> None:
    assert contract_discount(BOUND, bills, TODAY) is None


def test_nothing_is_left_of_it_when_the_contract_is_over() -> None:
    bills = [bill(FEE, TWENTY_OFF)]
    assert contract_discount(None, bills, TODAY) is None
    assert contract_discount(BOUND, bills, date(2027, 12, 1)) is None


def test_it_is_kept_by_plans_that_keep_the_commitment_only() -> None:
    discount = ContractDiscount(Money.of(20), commitment=Money.of(99))
    assert [discount.on(one) for one in (P99, P79, plan(129))] == [Money.of(20), Money.of(0), Money.of(20)]


def test_a_saving_is_against_what_is_really_paid() -> None:
    """99 less 20 is 79 now: 79 saves nothing, 59 saves 20."""
    discount = ContractDiscount(Money.of(20), commitment=Money.of(99))
    cycles = [usage(8 * 1024)] * 3
    assert compare_costs(P99, P79, cycles, discount=discount).deltas == (Money.of(0),) * 3
    found = cheaper_plans(P99, cycles, [P79, P59], age=30, today=TODAY, discount=discount)
    assert [(one.plan, one.saving, one.paid[0]) for one in found] == [(P59, Money.of(20), Money.of(59))]


def test_without_use_it_counts_too() -> None:
    discount = ContractDiscount(Money.of(20), commitment=Money.of(99))
    found = cheaper_plans(P99, [], [P79, P59], age=30, today=TODAY, discount=discount)
    assert [one.plan for one in found] == [P59]
