from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.telecom.customer import Contract
from botkit.telecom.plan import PenaltyFamily, PenaltyRule
from botkit.telecom.termination import IncompleteRule, early_termination_fee
from botkit.telecom.values import ZERO, Money

from .builders import contract
from .strategies import contracts, days

TEN = Money.of(10)
FLAT = PenaltyRule(PenaltyFamily.FLAT, amount=Money.of(200))
REMAINING = PenaltyRule(PenaltyFamily.REMAINING_MONTHS, amount=TEN)


# The contract runs for 24 months from 2025-12-01; on 2026-11-20, 11 months are served and 13 left.
@pytest.mark.parametrize(
    ("rule", "yuan"),
    [
        (PenaltyRule(), "0"),
        (FLAT, "200"),
        (REMAINING, "130"),
        (PenaltyRule(PenaltyFamily.REMAINING_MONTHS, amount=Money.of("43.05")), "559.65"),  # 43.05 × 13
        (PenaltyRule(PenaltyFamily.REMAINING_MONTHS_CAPPED, amount=Money.of(38), max_months=3), "114"),
        (PenaltyRule(PenaltyFamily.REMAINING_PERCENT, percent=Decimal(30)), "308.10"),  # 79 × 13 × 30 %
        (PenaltyRule(PenaltyFamily.SERVED_MONTHS, amount=TEN), "110"),
        (PenaltyRule(PenaltyFamily.STEPPED_FEES), "316"),  # 13 months are 2 years begun: 4 × 79
        # 31.25 + (24 - 1 - 11) × 29.65
        (PenaltyRule(PenaltyFamily.INSTALMENT, base=Money.of("31.25"), amount=Money.of("29.65")), "387.05"),
    ],
)
def test_each_family(rule: PenaltyRule, yuan: str) -> None:
    fee = early_termination_fee(contract(rule), date(2026, 11, 20))
    assert (fee.months_served, fee.months_left) == (11, 13)
    assert fee.amount == Money.of(yuan)
    assert fee.rule is rule


@pytest.mark.parametrize(
    ("today", "served"),
    [
        (date(2027, 5, 31), 17),  # 7 left: 2 fees
        (date(2027, 6, 1), 18),  # 6 left: 1 fee
    ],
)
def test_stepped_fees_change_at_six_months_left(today: date, served: int) -> None:
    fee = early_termination_fee(contract(PenaltyRule(PenaltyFamily.STEPPED_FEES)), today)
    assert fee.months_served == served
    assert fee.amount == Money.of(158 if served == 17 else 79)


@pytest.mark.parametrize("left", [12, 13, 24, 25])
def test_stepped_fees_count_years_begun(left: int) -> None:
    fee = early_termination_fee(contract(PenaltyRule(PenaltyFamily.STEPPED_FEES), months=left), today=date(2025, 12, 1))
    assert fee.amount == Money.of({12: 158, 13: 316, 24: 316, 25: 474}[left])


def test_the_last_instalment_is_the_base_alone() -> None:
    rule = PenaltyRule(PenaltyFamily.INSTALMENT, base=Money.of("31.25"), amount=Money.of("29.65"))
    assert early_termination_fee(contract(rule), date(2027, 11, 30)).amount == Money.of("31.25")


@pytest.mark.parametrize(
    ("today", "yuan", "left"),
    [
        (date(2027, 11, 30), 200, 1),  # the last day of the contract
        (date(2027, 12, 1), 0, 0),  # the day after
        (date(2030, 1, 1), 0, 0),
    ],
)
def test_the_fee_ends_with_the_contract(today: date, yuan: int, left: int) -> None:
    fee = early_termination_fee(contract(FLAT), today)
    assert (fee.amount, fee.months_left, fee.ends) == (Money.of(yuan), left, date(2027, 11, 30))


def test_a_month_is_served_once_it_is_complete() -> None:
    deal = contract(REMAINING, start=date(2026, 1, 15), months=12)
    assert early_termination_fee(deal, date(2026, 2, 14)).months_served == 0
    assert early_termination_fee(deal, date(2026, 2, 15)).months_served == 1
    assert early_termination_fee(deal, date(2026, 8, 14)).months_served == 6


def test_a_contract_from_the_last_of_a_month() -> None:
    deal = contract(REMAINING, start=date(2026, 1, 31), months=2)
    assert early_termination_fee(deal, date(2026, 2, 27)).months_served == 0
    assert early_termination_fee(deal, date(2026, 2, 28)).months_served == 1  # February has no 31st
    assert early_termination_fee(deal, date(2026, 3, 31)).amount == ZERO


def test_nothing_is_served_before_the_start() -> None:
    assert early_termination_fee(contract(REMAINING), date(2025, 6, 1)).months_served == 0


@pytest.mark.parametrize(
    ("rule", "missing"),
    [
        (PenaltyRule(PenaltyFamily.FLAT), "amount"),
        (PenaltyRule(PenaltyFamily.REMAINING_MONTHS), "amount"),
        (PenaltyRule(PenaltyFamily.REMAINING_MONTHS_CAPPED, amount=TEN), "max_months"),
        (PenaltyRule(PenaltyFamily.REMAINING_MONTHS_CAPPED, max_months=3), "amount"),
        (PenaltyRule(PenaltyFamily.REMAINING_PERCENT), "percent"),
        (PenaltyRule(PenaltyFamily.SERVED_MONTHS), "amount"),
        (PenaltyRule(PenaltyFamily.INSTALMENT, amount=TEN), "base"),
        (PenaltyRule(PenaltyFamily.INSTALMENT, base=TEN), "amount"),
    ],
)
@pytest.mark.parametrize("today", [date(2026, 11, 20), date(2029, 1, 1)], ids=["running", "ended"])
def test_a_rule_without_its_numbers_is_refused(rule: PenaltyRule, missing: str, today: date) -> None:
    with pytest.raises(IncompleteRule) as error:
        early_termination_fee(contract(rule), today)
    assert (error.value.family, error.value.missing) == (rule.family, missing)


@given(contracts(), days)
def test_never_negative_and_zero_after_the_end(deal: Contract, today: date) -> None:
    fee = early_termination_fee(deal, today)
    assert fee.amount >= ZERO
    assert (fee.months_left > 0) == (today <= fee.ends)
    if today > fee.ends:
        assert fee.amount == ZERO


FALLING = [family for family in PenaltyFamily if family is not PenaltyFamily.SERVED_MONTHS]


@given(contracts(), st.sampled_from(FALLING), days, st.integers(0, 500))
def test_never_rises_with_time_unless_it_pays_back_what_was_served(
    deal: Contract, family: PenaltyFamily, today: date, later: int
) -> None:
    rule = PenaltyRule(family, deal.penalty.amount, deal.penalty.base, deal.penalty.max_months, deal.penalty.percent)
    deal = Contract(deal.name, deal.start, deal.months, deal.monthly_commitment, rule)
    assert early_termination_fee(deal, today).amount >= early_termination_fee(deal, today + timedelta(later)).amount


@given(contracts(), st.integers(0, 58))
def test_what_was_served_never_falls_while_the_contract_runs(deal: Contract, month: int) -> None:
    rule = PenaltyRule(PenaltyFamily.SERVED_MONTHS, amount=deal.penalty.amount)
    deal = Contract(deal.name, deal.start, 60, deal.monthly_commitment, rule)
    today = deal.start + timedelta(days=month * 30)
    assert early_termination_fee(deal, today).amount <= early_termination_fee(deal, today + timedelta(days=30)).amount
