"""What a running contract takes off each bill, and what becomes of it on another plan.

Source of the rule: contracts with 每月立减 in the operators' public tariff listings: the discount is granted while the
contract runs, and a plan below the promised fee (降档) ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from botkit.telecom.bill import Bill, ItemKind
from botkit.telecom.customer import Contract
from botkit.telecom.plan import Plan
from botkit.telecom.termination import early_termination_fee
from botkit.telecom.values import ZERO, Money, total


@dataclass(frozen=True)
class ContractDiscount:
    """`amount` off each cycle, on every plan whose fee is not below `commitment`."""

    amount: Money
    commitment: Money

    def on(self, plan: Plan) -> Money:
        return self.amount if plan.monthly_fee >= self.commitment else ZERO


def contract_discount(contract: Contract | None, bills: Sequence[Bill], today: date) -> ContractDiscount | None:
    """The discount that recurs: what the running contract takes off every one of these bills.

    Args:
        bills: complete cycles, oldest first. The last one's amount counts; a discount that one of them lacks was
            granted once, or has ended.
    """
    if contract is None or not bills or not early_termination_fee(contract, today).months_left:
        return None
    granted = [_taken_off(bill, contract.name) for bill in bills]
    return ContractDiscount(granted[-1], contract.monthly_commitment) if all(granted) else None


def _taken_off(bill: Bill, name: str) -> Money:
    return -total(item.amount for item in bill.items if item.kind is ItemKind.DISCOUNT and item.name == name)
