"""Every figure in a sentence on penalties is the one that `early_termination_fee` computes with."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Turn
from actions.plan_terms import penalty_words
from botkit.telecom.customer import Contract
from botkit.telecom.cycle import add_months
from botkit.telecom.plan import PenaltyFamily, PenaltyRule
from botkit.telecom.termination import early_termination_fee
from botkit.telecom.values import Money
from tests.actions.conftest import Serve
from tests.actions.fakes import tracker

START, MONTHS, MONTHLY = date(2026, 1, 1), 36, Decimal(100)
Due = Callable[[int], Decimal]
"""What is due with so many months left."""


def rates_by_month(due: Due) -> list[Decimal]:
    return [due(2) - due(1)]


def fixed(due: Due) -> list[Decimal]:
    assert due(1) == due(30)
    return [due(1)]


def until_it_stops_growing(due: Due) -> list[Decimal]:
    most = next(left for left in range(1, MONTHS) if due(left + 1) == due(left))
    return [due(1), Decimal(most)]


def share_of_what_was_promised(due: Due) -> list[Decimal]:
    assert due(7) == 7 * due(1)
    return [100 * due(1) / MONTHLY]


def paid_back_by_month_served(due: Due) -> list[Decimal]:
    return [due(1) - due(2)]


def steps(due: Due) -> list[Decimal]:
    """Up to so many months one fee; from then on so many fees for each stretch of so many months, begun or not."""
    first = max(left for left in range(1, MONTHS) if due(left) == due(1))
    stretch = max(left for left in range(1, MONTHS) if due(left) == due(first + 1))
    assert due(stretch + 1) == due(2 * stretch) == 2 * due(stretch)
    fees = due(stretch) / MONTHLY
    return [Decimal(first), due(1) / MONTHLY, Decimal(stretch), fees, Decimal(stretch), Decimal(stretch)]


def instalments(due: Due) -> list[Decimal]:
    assert due(3) - due(2) == due(2) - due(1)
    return [due(1), due(2) - due(1)]


CASES: dict[PenaltyFamily, tuple[PenaltyRule, Callable[[Due], list[Decimal]]]] = {
    PenaltyFamily.NONE: (PenaltyRule(), lambda due: []),
    PenaltyFamily.FLAT: (PenaltyRule(PenaltyFamily.FLAT, amount=Money.of(50)), fixed),
    PenaltyFamily.REMAINING_MONTHS: (
        PenaltyRule(PenaltyFamily.REMAINING_MONTHS, amount=Money.of("12.50")),
        rates_by_month,
    ),
    PenaltyFamily.REMAINING_MONTHS_CAPPED: (
        PenaltyRule(PenaltyFamily.REMAINING_MONTHS_CAPPED, amount=Money.of(20), max_months=5),
        until_it_stops_growing,
    ),
    PenaltyFamily.REMAINING_PERCENT: (
        PenaltyRule(PenaltyFamily.REMAINING_PERCENT, percent=Decimal(30)),
        share_of_what_was_promised,
    ),
    PenaltyFamily.SERVED_MONTHS: (
        PenaltyRule(PenaltyFamily.SERVED_MONTHS, amount=Money.of(10)),
        paid_back_by_month_served,
    ),
    PenaltyFamily.STEPPED_FEES: (PenaltyRule(PenaltyFamily.STEPPED_FEES), steps),
    PenaltyFamily.INSTALMENT: (
        PenaltyRule(PenaltyFamily.INSTALMENT, base=Money.of("31.25"), amount=Money.of("29.65")),
        instalments,
    ),
}


@pytest.mark.parametrize("family", PenaltyFamily)
def test_the_figures_are_those_of_the_rule(serve: Serve, family: PenaltyFamily) -> None:
    rule, derive = CASES[family]

    def due(left: int) -> Decimal:
        contract = Contract("合约", START, MONTHS, Money(MONTHLY), rule)
        fee = early_termination_fee(contract, add_months(START, MONTHS - left))
        assert fee.months_left == left
        return fee.amount.yuan

    said = penalty_words(Turn(serve(), CollectingDispatcher(), tracker(), {}, ""), rule)
    assert [Decimal(figure) for figure in re.findall(r"\d+(?:\.\d+)?", said)] == derive(due), said
