"""Plans that suit a customer better, judged by what his own last cycles would have cost on them.

All plans on sale that he may take are judged alike, whether he is a new or an old customer (MIIT notice of 2018-08-23:
no restriction of the choice among plans on sale). The cheapest is never left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from botkit.telecom.charging import CycleCost
from botkit.telecom.comparison import compare_costs, network_generation
from botkit.telecom.discount import ContractDiscount
from botkit.telecom.eligibility import is_eligible
from botkit.telecom.plan import Plan
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import ZERO, Money, total

Need = Literal["data", "voice"]


@dataclass(frozen=True)
class Recommendation:
    """A plan and what the customer's cycles cost on it.

    `paid` is each cycle's cost less what his contract takes off. `average` is what is paid per cycle and `saving` how much less that is than on the current plan (negative: more).
    Without cycles they are of the monthly fees alone and `costs` is empty. `enough` says that no cycle went beyond the
    plan's allowances; `older_network` that the plan is of an older generation than the current one (4G instead of 5G).
    """

    plan: Plan
    costs: tuple[CycleCost, ...]
    paid: tuple[Money, ...]
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
    run_in: Sequence[CycleUsage] = (),
    discount: ContractDiscount | None = None,
) -> tuple[Recommendation, ...]:
    """The plans on which the customer would have paid less on average, the cheapest first.

    Args:
        usages: his consecutive cycles, oldest first.
        plans: the catalogue.
        fulfils: requirements that he is known to meet, see `is_eligible`.
        run_in: the cycles before those, see `charge_cycles`.
        discount: what his contract takes off each cycle, and what a plan below its commitment loses.
    """
    candidates = _open_plans(current, plans, age, today, fulfils)
    judged = [_judge(current, plan, usages, run_in, discount) for plan in candidates]
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
    run_in: Sequence[CycleUsage] = (),
    discount: ContractDiscount | None = None,
) -> tuple[Recommendation, ...]:
    """The plans with more general data (or minutes) than the current one, the cheapest first. Arguments as above."""
    candidates = _open_plans(current, plans, age, today, fulfils)
    return _by_average(
        _judge(current, plan, usages, run_in, discount)
        for plan in candidates
        if _included(plan, need) > _included(current, need)
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


def _judge(
    current: Plan,
    plan: Plan,
    usages: Sequence[CycleUsage],
    run_in: Sequence[CycleUsage],
    discount: ContractDiscount | None,
) -> Recommendation:
    compared = compare_costs(current, plan, usages, run_in=run_in, discount=discount)
    spent, spent_now = _spent(plan, compared.paid_b, discount), _spent(current, compared.paid_a, discount)
    cycles = max(len(usages), 1)
    costs = compared.costs_b
    return Recommendation(
        plan=plan,
        costs=costs,
        paid=compared.paid_b,
        average=Money.of(spent.yuan / cycles),
        saving=Money.of((spent_now - spent).yuan / cycles),
        enough=bool(costs) and all(cost.within_allowances for cost in costs),
        older_network=network_generation(plan) < network_generation(current),
    )


def _spent(plan: Plan, paid: Sequence[Money], discount: ContractDiscount | None) -> Money:
    if paid:
        return total(paid)
    return plan.monthly_fee - discount.on(plan) if discount else plan.monthly_fee


def _by_average(recommendations: Iterable[Recommendation]) -> tuple[Recommendation, ...]:
    return tuple(
        sorted(recommendations, key=lambda one: (one.average, not one.enough, one.plan.monthly_fee, one.plan.id))
    )


def _included(plan: Plan, need: Need) -> int:
    return plan.allowances.general_data.mb if need == "data" else plan.allowances.voice_minutes
