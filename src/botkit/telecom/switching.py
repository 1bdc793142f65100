"""What changing from one plan to another entails: when, at what price, and what is lost.

Source of the rules: the public tariff listings (change of plan takes effect at 0:00 on the first day of the next cycle;
general data carried over is lost on a change of plan; 降档 is what triggers 违约责任).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING

from botkit.telecom.customer import Contract
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import EffectRule, Plan
from botkit.telecom.termination import TerminationFee, early_termination_fee
from botkit.telecom.usage import Bucket, BucketKind
from botkit.telecom.values import ZERO, DataVolume, Money


@dataclass(frozen=True)
class SwitchTerms:
    """What a change of plan entails.

    `effective` is the first day on the new plan. `penalty` is None when no running contract stands in the way.
    `rollover_lost` is general data, unused as of now, that would still have been usable without the change.
    `payback_months` is after how many months the saving has made up for the penalty; None when there is no penalty or
    no saving. `better_wait` says that a penalty is due and the saving would not make up for it by the end of the present
    contract: whoever waits for that changes for nothing.
    """

    effective: date
    penalty: TerminationFee | None
    rollover_lost: DataVolume
    perks_lost: tuple[str, ...]
    new_contract_months: int
    payback_months: int | None
    better_wait: bool


def switch_terms(
    current: Plan,
    new: Plan,
    *,
    contract: Contract | None,
    buckets: Sequence[Bucket],
    cycle: BillingCycle,
    today: date,
    saving_per_month: Money | None,
) -> SwitchTerms:
    """What changing from `current` to `new` entails when it is ordered today.

    The penalty is that of the day on which the change takes effect, since the contract is kept until then.

    Args:
        contract: the running contract, if any.
        buckets: the customer's buckets; those that `current` grants are looked at.
        cycle: the running cycle.
        saving_per_month: what the customer expects to save; None when unknown.

    Raises:
        IncompleteRule: the contract's penalty rule lacks a number that its family needs.
    """
    effective = today if new.effect is EffectRule.IMMEDIATE else cycle.shifted(1).start
    penalty = _penalty(new, contract, effective)
    payback = _payback_months(penalty, saving_per_month)
    return SwitchTerms(
        effective=effective,
        penalty=penalty,
        rollover_lost=_rollover_lost(current, buckets, lost_now=effective in cycle),
        perks_lost=tuple(perk for perk in current.perks if perk not in new.perks),
        new_contract_months=new.contract_months,
        payback_months=payback,
        better_wait=_better_wait(penalty, payback, saving_per_month),
    )


def _penalty(new: Plan, contract: Contract | None, effective: date) -> TerminationFee | None:
    """A contract is broken by a plan whose fee is below what it promises (降档), not by any other change."""
    if contract is None or new.monthly_fee >= contract.monthly_commitment:
        return None
    fee = early_termination_fee(contract, effective)
    return fee if fee.months_left else None


def _rollover_lost(current: Plan, buckets: Sequence[Bucket], *, lost_now: bool) -> DataVolume:
    """This cycle's own unused data would roll over at its end; what was rolled over before expires then anyway."""
    lost = 0
    for bucket in buckets:
        if bucket.kind is not BucketKind.GENERAL_DATA or bucket.source != current.id:
            continue
        rolled_over_left = max(bucket.rolled_over - bucket.used, 0)  # used first
        if lost_now:
            lost += rolled_over_left
        if current.rollover:
            lost += bucket.left - rolled_over_left
    return DataVolume(lost)


def _payback_months(penalty: TerminationFee | None, saving: Money | None) -> int | None:
    if penalty is None or not penalty.amount or saving is None or saving <= ZERO:
        return None
    return int((penalty.amount.yuan / saving.yuan).to_integral_value(ROUND_CEILING))


def _better_wait(penalty: TerminationFee | None, payback: int | None, saving: Money | None) -> bool:
    """Judged only where the saving is known."""
    if penalty is None or not penalty.amount or saving is None:
        return False
    return payback is None or payback > penalty.months_left
