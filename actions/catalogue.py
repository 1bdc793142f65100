"""Which plans a message means, and which one the customer has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from actions.base import NoPlan, Turn
from actions.needs import BUDGET
from botkit.telecom.customer import Customer, Subscription
from botkit.telecom.plan import Eligibility, Plan
from botkit.telecom.values import Money

_LONGEST_FEE = 7
"""Characters up to which a number that no plan costs is worth repeating to the customer."""
_MINE = re.compile(r"我(?:现在|的|目前|这个|正在)|现在(?:用)?的|目前的|原来的|当前|本套餐|自己的")
_BETWEEN = re.compile(r"[,，、。?？!！/\s]|和|跟|与|同|比|还是|换成|换|哪个|差")
_PLAN_NAME = re.compile(r".{1,6}(?:卡|套餐)")
_NO_NAME = re.compile(r"我|你|这|那|哪|现|目前|原来|其他|别的|什么|两|几|手机|副卡|办|电话|个|便宜|流量|通话|看")


@dataclass(frozen=True)
class PlansMeant:
    """The plans of a message, in its order.

    `also`: the others of the same fee, where a bare number stood for a plan. `unknown`: fees and names that no plan has,
    as the customer put them. `repeated`: a plan was named more than once.
    """

    plans: tuple[Plan, ...]
    also: dict[str, tuple[Plan, ...]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    repeated: bool = False
    mine: bool = False


def plans_meant(turn: Turn, catalogue: Sequence[Plan], today: date) -> PlansMeant:
    """By name, else by number: "79 和 59" are the plans of that fee, the main family first where several have it."""
    by_name = {plan.name: plan for plan in catalogue}
    plans: list[Plan] = []
    also: dict[str, tuple[Plan, ...]] = {}
    unknown: list[str] = []
    for value in _mentions(turn):
        if value in by_name:
            plans.append(by_name[value])
            continue
        candidates = _of_fee(catalogue, value, today)
        if candidates:
            plans.append(candidates[0])
            also[candidates[0].name] = tuple(candidates[1:])
        elif len(value) <= _LONGEST_FEE:
            unknown.append(turn.text("phrase_fee", fee=value))
    distinct = tuple(dict.fromkeys(plans))
    return PlansMeant(
        distinct,
        {plan.name: others for plan in distinct if (others := also.get(plan.name))},
        (*unknown, *_unknown_names(turn, catalogue)),
        repeated=len(plans) > len(distinct),
        mine=bool(_MINE.search(turn.said)),
    )


def plan_held(subscriptions: Sequence[Subscription]) -> Subscription:
    """The plan among what the customer has. Raises NoPlan where there is none."""
    for subscription in subscriptions:
        if subscription.is_plan:
            return subscription
    raise NoPlan


def current_plan(turn: Turn, customer: Customer) -> Plan:
    """The plan that the customer has. Raises NoPlan where he has none."""
    return turn.operator.plan(plan_held(turn.operator.subscriptions(customer.id)).product_id)


def main_plans(catalogue: Sequence[Plan], today: date) -> list[Plan]:
    """The family for everybody, the cheapest first."""
    family = _main_family(catalogue, today)
    plans = [plan for plan in catalogue if plan.family == family and plan.on_sale(today)]
    return sorted(plans, key=lambda plan: plan.monthly_fee)


def budget(turn: Turn) -> Money | None:
    """The monthly fee that the customer does not want to exceed (50 块以内)."""
    amounts = turn.amounts("amount", "number")
    return amounts[0] if amounts and BUDGET.search(turn.said) else None


def names(plans: Iterable[Plan]) -> str:
    return "、".join(plan.name for plan in plans)


def _mentions(turn: Turn) -> Sequence[str]:
    """Names of plans and numbers that may be their fees."""
    pairs = [name for value in turn.entities("pair") for name in value.split("|")]
    if pairs:
        return pairs
    named = turn.entities("plan")
    if len(named) > 1 or BUDGET.search(turn.said):  # "50 块以内" is a wish, not a plan
        return named
    return turn.entities("plan", "number", "amount")


def _main_family(catalogue: Sequence[Plan], today: date) -> str:
    """The one with the most plans on sale that bind nobody and ask nothing of him."""
    open_to_all = [
        plan.family
        for plan in catalogue
        if plan.on_sale(today) and plan.eligibility == Eligibility() and not plan.contract_months
    ]
    return Counter(open_to_all).most_common(1)[0][0] if open_to_all else ""


def _of_fee(catalogue: Sequence[Plan], number: str, today: date) -> list[Plan]:
    try:
        fee = Decimal(number)
    except ArithmeticError:
        return []
    if not fee.is_finite():
        return []
    found = [plan for plan in catalogue if plan.monthly_fee.yuan == fee]
    main = _main_family(catalogue, today)
    return sorted(found, key=lambda plan: (not plan.on_sale(today), plan.family != main, plan.name))


def _unknown_names(turn: Turn, catalogue: Sequence[Plan]) -> list[str]:
    """What stands like a plan's name in the message and is none (王卡)."""
    if turn.said.startswith("/"):
        return []
    known = {form.lower() for plan in catalogue for form in (plan.name, plan.family, *plan.aliases)}
    parts = [part for part in _BETWEEN.split(turn.said) if _PLAN_NAME.fullmatch(part) and not _NO_NAME.search(part)]
    return [
        turn.text("phrase_named", name=part)
        for part in parts
        if not any(part.lower() in form or form in part.lower() for form in known)
    ]
