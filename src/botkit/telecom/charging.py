"""What a cycle costs on a plan: the monthly fee and whatever goes beyond the allowances (套外).

Source of the rules: the patterns of 超出资费 in the operators' public tariff listings, and the carry-over of unused
general data (流量不清零, since 2015-10-01).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from botkit.telecom.plan import DataRate, Plan
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import MB_PER_GB, NO_DATA, ZERO, DataVolume, Money


@dataclass(frozen=True)
class CycleCost:
    """One cycle's cost, and the usage beyond the allowances that it comes from.

    `over_data` is also counted on plans that slow data down instead of charging it. `data_capped` says that the data
    charge reached the plan's monthly cap, where data is stopped (封顶).
    """

    plan_fee: Money
    data: Money
    voice: Money
    sms: Money
    over_data: DataVolume
    over_minutes: int
    over_sms: int
    data_capped: bool

    @property
    def total(self) -> Money:
        return self.plan_fee + self.data + self.voice + self.sms

    @property
    def within_allowances(self) -> bool:
        return not (self.over_data or self.over_minutes or self.over_sms)


def data_charge(rate: DataRate | None, over: DataVolume, cap: Money | None) -> Money:
    """The charge for general data beyond the allowance, by the blocks that `DataRate` describes.

    Args:
        rate: None for plans that slow data down: nothing is charged.
        over: volume beyond the allowance; nothing is charged for none.
        cap: the most that a cycle's data may cost; None for no limit.
    """
    if rate is None:
        return ZERO
    charged = Decimal(0)
    for block_start in range(0, over.mb, MB_PER_GB):
        charged += _block_charge(rate, min(over.mb - block_start, MB_PER_GB), charged)
    charge = Money.of(charged)
    return charge if cap is None else min(charge, cap)


def charge_cycle(plan: Plan, usage: CycleUsage, rolled_over: DataVolume = NO_DATA) -> CycleCost:
    """What one cycle costs on `plan`.

    Directed usage is taken from the directed allowance first; the rest of it counts as general data. It is assumed to
    be in the apps that the plan's directed allowance covers.

    Args:
        rolled_over: unused general data of the last cycle; it is used before this cycle's own.
    """
    included, prices = plan.allowances, plan.out_of_plan
    over_data = DataVolume(max(_general_mb(plan, usage) - included.general_data.mb - rolled_over.mb, 0))
    over_minutes = max(usage.voice_minutes - included.voice_minutes, 0)
    over_sms = max(usage.sms - included.sms, 0)
    data = data_charge(prices.data, over_data, prices.data_cap)
    return CycleCost(
        plan_fee=plan.monthly_fee,
        data=data,
        voice=Money.of(prices.voice_per_minute * over_minutes),
        sms=Money.of(prices.sms_each * over_sms),
        over_data=over_data,
        over_minutes=over_minutes,
        over_sms=over_sms,
        data_capped=bool(data) and data == prices.data_cap,
    )


def charge_cycles(
    plan: Plan, usages: Sequence[CycleUsage], *, run_in: Sequence[CycleUsage] = ()
) -> tuple[CycleCost, ...]:
    """What consecutive cycles, oldest first, cost on `plan`.

    On plans with rollover, what is left of a cycle's own general allowance is usable in the next one; what was rolled
    over already is not carried again.

    Args:
        run_in: the cycles before, oldest first, whose cost is not asked: only what is left of them counts. Without
            them the first cycle starts with nothing rolled over, and costs more than its bill.
    """
    costs = []
    rolled_over = NO_DATA
    for usage in (*run_in, *usages):
        costs.append(charge_cycle(plan, usage, rolled_over))
        rolled_over = _unused(plan, usage, rolled_over) if plan.rollover else NO_DATA
    return tuple(costs[len(run_in) :])


def _block_charge(rate: DataRate, mb: int, charged_before: Decimal) -> Decimal:
    block_cap = rate.per_gb
    if rate.cheaper_after is not None and rate.cheaper_per_gb is not None and charged_before >= rate.cheaper_after:
        block_cap = rate.cheaper_per_gb
    if rate.per_mb is None:
        return block_cap * mb / MB_PER_GB
    return min(rate.per_mb * mb, block_cap)


def _general_mb(plan: Plan, usage: CycleUsage) -> int:
    return usage.general_data.mb + max(usage.directed_data.mb - plan.allowances.directed_data.mb, 0)


def _unused(plan: Plan, usage: CycleUsage, rolled_over: DataVolume) -> DataVolume:
    """What is left of the cycle's own general allowance, after the rolled-over volume was used up."""
    own_use = max(_general_mb(plan, usage) - rolled_over.mb, 0)
    return DataVolume(max(plan.allowances.general_data.mb - own_use, 0))
