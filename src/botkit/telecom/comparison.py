"""Two plans side by side: what differs on paper, and what a customer's own cycles cost on each.

Every delta is `b` minus `a`: positive means more on `b`. Source of what is compared: the disclosure that the MIIT
notice of 2018-08-23 asks for (allowances, out-of-plan prices, throttling, contract, effect).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from botkit.telecom.charging import CycleCost, charge_cycles
from botkit.telecom.discount import ContractDiscount
from botkit.telecom.plan import Plan
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import ZERO, DataVolume, Money, total


@dataclass(frozen=True)
class PlanComparison:
    """What `b` has more or less than `a`.

    `data_per_gb` compares the published price of the first GB beyond the allowance, in yuan; None when a plan slows
    data down instead of charging it. The other prices are in yuan too. `generation` is -1 from 5G to 4G.
    """

    a: Plan
    b: Plan
    monthly_fee: Money
    general_data: DataVolume
    directed_data: DataVolume
    voice_minutes: int
    sms: int
    data_per_gb: Decimal | None
    voice_per_minute: Decimal
    sms_each: Decimal
    contract_months: int
    generation: int


@dataclass(frozen=True)
class CostComparison:
    """What the same cycles cost on each plan. `average_delta` is None when there are no cycles to compare.

    `paid_a` and `paid_b` are the costs less what a contract takes off; `deltas` are of them.
    """

    costs_a: tuple[CycleCost, ...]
    costs_b: tuple[CycleCost, ...]
    paid_a: tuple[Money, ...]
    paid_b: tuple[Money, ...]
    deltas: tuple[Money, ...]
    average_delta: Money | None


def compare_plans(a: Plan, b: Plan) -> PlanComparison:
    """What `b` has more or less than `a`, by their published terms."""
    return PlanComparison(
        a=a,
        b=b,
        monthly_fee=b.monthly_fee - a.monthly_fee,
        general_data=b.allowances.general_data - a.allowances.general_data,
        directed_data=b.allowances.directed_data - a.allowances.directed_data,
        voice_minutes=b.allowances.voice_minutes - a.allowances.voice_minutes,
        sms=b.allowances.sms - a.allowances.sms,
        data_per_gb=_data_per_gb(a, b),
        voice_per_minute=b.out_of_plan.voice_per_minute - a.out_of_plan.voice_per_minute,
        sms_each=b.out_of_plan.sms_each - a.out_of_plan.sms_each,
        contract_months=b.contract_months - a.contract_months,
        generation=network_generation(b) - network_generation(a),
    )


def compare_costs(
    a: Plan,
    b: Plan,
    usages: Sequence[CycleUsage],
    *,
    run_in: Sequence[CycleUsage] = (),
    discount: ContractDiscount | None = None,
) -> CostComparison:
    """What consecutive cycles, oldest first, cost on `a` and on `b`.

    Args:
        run_in: the cycles before, see `charge_cycles`.
        discount: what the customer's contract takes off each cycle.
    """
    costs_a, costs_b = charge_cycles(a, usages, run_in=run_in), charge_cycles(b, usages, run_in=run_in)
    paid_a, paid_b = paid(a, costs_a, discount), paid(b, costs_b, discount)
    deltas = tuple(there - here for here, there in zip(paid_a, paid_b, strict=True))
    return CostComparison(
        costs_a=costs_a,
        costs_b=costs_b,
        paid_a=paid_a,
        paid_b=paid_b,
        deltas=deltas,
        average_delta=Money.of(total(deltas).yuan / len(deltas)) if deltas else None,
    )


def paid(plan: Plan, costs: Sequence[CycleCost], discount: ContractDiscount | None) -> tuple[Money, ...]:
    """What is paid for each cycle on `plan`: its cost less what the contract takes off."""
    less = discount.on(plan) if discount else ZERO
    return tuple(cost.total - less for cost in costs)


def network_generation(plan: Plan) -> int:
    """4 for a 4G plan, 5 for a 5G (or 5G-A) plan."""
    return int(plan.network[0])


def _data_per_gb(a: Plan, b: Plan) -> Decimal | None:
    if a.out_of_plan.data is None or b.out_of_plan.data is None:
        return None
    return b.out_of_plan.data.per_gb - a.out_of_plan.data.per_gb
