"""What was really paid, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from botkit.telecom.bill import Bill, ItemKind
from botkit.telecom.billing import amounts_by_key, item_key
from botkit.telecom.plan import Plan
from botkit.telecom.values import Money, total

PLAN_KINDS = frozenset(
    {
        ItemKind.PLAN_FEE,
        ItemKind.PLAN_FEE_PRORATED,
        ItemKind.OUT_OF_PLAN_DATA,
        ItemKind.OUT_OF_PLAN_VOICE,
        ItemKind.OUT_OF_PLAN_SMS,
    }
)
"""What a plan's own rules make of the use; everything else is paid besides."""


@dataclass(frozen=True)
class PaidLine:
    """A line of the bills and what it came to per bill, rounded to the fen; negative for a discount."""

    name: str
    kind: ItemKind
    average: Money


def paid_lines(bills: Sequence[Bill]) -> tuple[PaidLine, ...]:
    """What the bills are made of, the plan's fee first, then the largest."""
    items = [item for bill in bills for item in bill.items]
    names = {item_key(item): item.name for item in items}
    lines = [
        PaidLine(names[key], key[0], Money.of(amount.yuan / len(bills)))
        for key, amount in amounts_by_key(items).items()
        if amount
    ]
    return tuple(sorted(lines, key=lambda line: (line.kind is not ItemKind.PLAN_FEE, -line.average.yuan, line.name)))


def paid_per_cycle(bills: Sequence[Bill]) -> Money:
    return Money.of(total(bill.amount for bill in bills).yuan / len(bills))


def paid_for_use(bills: Sequence[Bill], plan: Plan) -> Money | None:
    """What plan and packs came to per bill: a plan that costs more saves nothing, whatever the plan's rules alone say.

    None where one of the bills is of another plan.
    """
    kinds = PLAN_KINDS | {ItemKind.ADD_ON, ItemKind.DISCOUNT}
    if not bills or not all(_is_of(bill, plan) for bill in bills):
        return None
    amounts = [item.amount for bill in bills for item in bill.items if item.kind in kinds]
    return Money.of(total(amounts).yuan / len(bills))


def _is_of(bill: Bill, plan: Plan) -> bool:
    return any(item.kind is ItemKind.PLAN_FEE and item.source == plan.id for item in bill.items)
