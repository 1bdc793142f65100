"""Which plans a message means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actions.base import Turn
from botkit.telecom.plan import Plan

_MINE = re.compile(r"我(?:现在|的|目前|这个|正在)|现在(?:用)?的|目前的|原来的|当前|本套餐|自己的")
_MAIN_FAMILY = "畅选"


@dataclass(frozen=True)
class PlansMeant:
    """`plans` in the order of the text; `also` other plans that a bare number could have meant; `unknown` fees that no plan has."""

    plans: tuple[Plan, ...]
    also: tuple[Plan, ...] = ()
    unknown: tuple[str, ...] = ()
    mine: bool = False


def plans_meant(turn: Turn, catalogue: Sequence[Plan], today: date) -> PlansMeant:
    """By name, else by number: "79 和 59" are the plans of that fee, the main family first where several have it."""
    by_name = {plan.name: plan for plan in catalogue}
    plans: list[Plan] = []
    also: list[Plan] = []
    unknown: list[str] = []
    for value in _mentions(turn):
        if value in by_name:
            plans.append(by_name[value])
            continue
        candidates = _of_fee(catalogue, value, today)
        if not candidates:
            unknown.append(value)
        else:
            plans.append(candidates[0])
            also += candidates[1:]
    distinct = tuple(dict.fromkeys(plans))
    return PlansMeant(distinct, tuple(dict.fromkeys(also)), tuple(unknown), bool(_MINE.search(turn.said)))


def _mentions(turn: Turn) -> Sequence[str]:
    pair = [name for value in turn.entities("pair") for name in value.split("|")]
    named = pair or turn.entities("plan", "number", "amount")
    # "50块以内" next to a plan's name is a wish, not another plan
    return turn.entities("plan") if len(turn.entities("plan")) > 1 else named


def _of_fee(catalogue: Sequence[Plan], number: str, today: date) -> list[Plan]:
    try:
        fee = Decimal(number)
    except ArithmeticError:
        return []
    found = [plan for plan in catalogue if plan.monthly_fee.yuan == fee]
    return sorted(found, key=lambda plan: (not plan.on_sale(today), plan.family != _MAIN_FAMILY, plan.name))
