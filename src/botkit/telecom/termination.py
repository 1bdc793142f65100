"""What ending a contract early costs (提前终止的违约责任).

Source of the rule: the families of 违约责任 in the operators' public tariff listings, see `PenaltyFamily`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from botkit.telecom.customer import Contract
from botkit.telecom.cycle import add_months
from botkit.telecom.plan import PenaltyFamily, PenaltyRule
from botkit.telecom.values import ZERO, Money

Number = TypeVar("Number", Money, Decimal, int)


class IncompleteRule(ValueError):
    """A penalty rule lacks a number that its family needs."""

    def __init__(self, family: PenaltyFamily, missing: str) -> None:
        super().__init__(f"penalty family {family.value} needs {missing}")
        self.family = family
        self.missing = missing


@dataclass(frozen=True)
class TerminationFee:
    """The fee for ending a contract on a certain day, with what it was computed from.

    `months_served` are whole months completed since the start, `months_left` what the contract lacks of its months
    (at least 0). `ends` is the last day of the contract.
    """

    amount: Money
    months_served: int
    months_left: int
    ends: date
    rule: PenaltyRule


def early_termination_fee(contract: Contract, today: date) -> TerminationFee:
    """The fee for ending `contract` today; zero once it has run out.

    Percentages and stepped fees are of the contract's monthly commitment.

    Raises:
        IncompleteRule: the rule lacks a number that its family needs.
    """
    served = _whole_months(contract.start, today)
    left = max(contract.months - served, 0)
    amount = _amount(contract, served, left)
    return TerminationFee(
        amount=amount if left else ZERO,
        months_served=served,
        months_left=left,
        ends=add_months(contract.start, contract.months) - timedelta(days=1),
        rule=contract.penalty,
    )


def _amount(contract: Contract, served: int, left: int) -> Money:
    rule, monthly = contract.penalty, contract.monthly_commitment

    def needed(number: Number | None, name: str) -> Number:
        if number is None:
            raise IncompleteRule(rule.family, name)
        return number

    match rule.family:
        case PenaltyFamily.NONE:
            return ZERO
        case PenaltyFamily.FLAT:
            return needed(rule.amount, "amount")
        case PenaltyFamily.REMAINING_MONTHS:
            return needed(rule.amount, "amount") * left
        case PenaltyFamily.REMAINING_MONTHS_CAPPED:
            return needed(rule.amount, "amount") * min(left, needed(rule.max_months, "max_months"))
        case PenaltyFamily.REMAINING_PERCENT:
            return monthly * (needed(rule.percent, "percent") / 100 * left)
        case PenaltyFamily.SERVED_MONTHS:
            return needed(rule.amount, "amount") * served
        case PenaltyFamily.STEPPED_FEES:
            return monthly * (1 if left <= 6 else 2 * _years_begun(left))
        case PenaltyFamily.INSTALMENT:
            return needed(rule.base, "base") + needed(rule.amount, "amount") * (contract.months - 1 - served)


def _whole_months(start: date, today: date) -> int:
    """Whole months from `start` to `today`; 0 before the start."""
    months = (today.year - start.year) * 12 + today.month - start.month
    if add_months(start, months) > today:
        months -= 1
    return max(months, 0)


def _years_begun(months: int) -> int:
    return -(-months // 12)
