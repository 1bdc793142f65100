"""Which plan is cheapest for a use that is only told, not measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from botkit.telecom.charging import CycleCost, charge_cycle
from botkit.telecom.eligibility import is_eligible
from botkit.telecom.plan import Plan
from botkit.telecom.usage import CycleUsage


@dataclass(frozen=True)
class PricedPlan:
    """A plan and what a cycle of the told use costs on it."""

    plan: Plan
    cost: CycleCost


def plans_for_use(usage: CycleUsage, plans: Iterable[Plan], *, age: int | None, today: date) -> tuple[PricedPlan, ...]:
    """The plans on sale that anybody of this age may take, the cheapest for this use first.

    Nothing is rolled over: who uses the same each month may not count on leftovers.

    Args:
        usage: what is used in each cycle.
        age: None when unknown, which leaves out plans with an age limit.
    """
    priced = [
        PricedPlan(plan, charge_cycle(plan, usage))
        for plan in plans
        if plan.on_sale(today) and is_eligible(plan.eligibility, age=age)
    ]
    return tuple(
        sorted(
            priced,
            key=lambda one: (one.cost.total, not one.cost.within_allowances, one.plan.monthly_fee, one.plan.id),
        )
    )
