"""Plans that suit a customer better, judged by what his own last cycles would have cost on them.

All plans on sale that he may take are judged alike, whether he is a new or an old customer (MIIT notice of 2018-08-23:
no restriction of the choice among plans on sale). The cheapest is never left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from botkit.telecom.charging import CycleCost, charge_cycles
from botkit.telecom.comparison import network_generation
from botkit.telecom.eligibility import is_eligible
from botkit.telecom.plan import Plan
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import ZERO, Money, total

Need = Literal["data", "voice"]


@dataclass(frozen=True)
class Recommendation:
    """A plan and what the customer's cycles cost on it.

    `average` is the cost per cycle and `saving` how much less that is than on the current plan (negative: more).
    Without cycles they are of the monthly fees alone and `costs` is empty. `enough` says that no cycle went beyond the
    plan's allowances; `older_network` that the plan is of an older generation than the current one (4G instead of 5G).
    """

    plan: Plan
    costs: tuple[CycleCost, ...]
    average: Money
    saving: Money
    enough: bool
    older_network: bool


def cheaper_plans(
    current: Plan,
    usages: Sequence[CycleUsage],
    plans: Iterable[Plan],
    *,
    age: int | None,
    today: date,
    fulfils: Collection[str] = (),
) -> tuple[Recommendation, ...]:
    """The plans on which the customer would have paid less on average, the cheapest first.

    Args:
        usages: his consecutive cycles, oldest first.
        plans: the catalogue.
        fulfils: requirements that he is known to meet, see `is_eligible`.
    """
    candidates = _open_plans(current, plans, age, today, fulfils)
    judged = [_judge(current, plan, usages) for plan in candidates]
    return _by_average(recommendation for recommendation in judged if recommendation.saving > ZERO)


def bigger_plans(
    current: Plan,
    usages: Sequence[CycleUsage],
    plans: Iterable[Plan],
    *,
    need: Need,
    age: int | None,
    today: date,
    fulfils: Collection[str] = (),
) -> tuple[Recommendation, ...]:
    """The plans with more general data (or minutes) than the current one, the cheapest first. Arguments as above."""
    candidates = _open_plans(current, plans, age, today, fulfils)
    return _by_average(
        _judge(current, plan, usages) for plan in candidates if _included(plan, need) > _included(current, need)
    )


def _open_plans(
    current: Plan, plans: Iterable[Plan], age: int | None, today: date, fulfils: Collection[str]
) -> list[Plan]:
    """The plans on sale that the customer may take, without the one he has."""
    return [
        plan
        for plan in plans
        if plan.id != current.id and plan.on_sale(today) and is_eligible(plan.eligibility, age=age, fulfils=fulfils)
    ]


def _judge(current: Plan, plan: Plan, usages: Sequence[CycleUsage]) -> Recommendation:
    costs = charge_cycles(plan, usages)
    spent, spent_now = _spent(plan, costs), _spent(current, charge_cycles(current, usages))
    cycles = max(len(usages), 1)
    return Recommendation(
        plan=plan,
        costs=costs,
        average=Money.of(spent.yuan / cycles),
        saving=Money.of((spent_now - spent).yuan / cycles),
        enough=bool(costs) and all(cost.within_allowances for cost in costs),
        older_network=network_generation(plan) < network_generation(current),
    )


def _spent(plan: Plan, costs: Sequence[CycleCost]) -> Money:
    return total(cost.total for cost in costs) if costs else plan.monthly_fee


def _by_average(recommendations: Iterable[Recommendation]) -> tuple[Recommendation, ...]:
    return tuple(
        sorted(recommendations, key=lambda one: (one.average, not one.enough, one.plan.monthly_fee, one.plan.id))
    )


def _included(plan: Plan, need: Need) -> int:
    return plan.allowances.general_data.mb if need == "data" else plan.allowances.voice_minutes
