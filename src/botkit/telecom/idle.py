"""Packs that are paid each month and not needed: the easiest saving there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from botkit.telecom.charging import CycleCost
from botkit.telecom.plan import AddOn, AddOnKind
from botkit.telecom.usage import Bucket
from botkit.telecom.values import ZERO


def idle_packs(held: Iterable[AddOn], buckets: Sequence[Bucket], costs: Sequence[CycleCost]) -> tuple[AddOn, ...]:
    """The monthly packs of which nothing is used, and without which the plan's own allowance was enough.

    Args:
        held: the add-ons that the customer has.
        buckets: the running cycle's.
        costs: what his last complete cycles cost on his plan without packs. Without them nothing is called idle.
    """
    return tuple(
        pack
        for pack in held
        if pack.monthly and pack.price > ZERO and costs and _untouched(pack, buckets) and _not_needed(pack, costs)
    )


def _untouched(pack: AddOn, buckets: Sequence[Bucket]) -> bool:
    own = [bucket for bucket in buckets if bucket.source == pack.id]
    return bool(own) and not any(bucket.used for bucket in own)


def _not_needed(pack: AddOn, costs: Sequence[CycleCost]) -> bool:
    match pack.kind:
        case AddOnKind.VOICE:
            return not any(cost.over_minutes for cost in costs)
        case AddOnKind.SMS:
            return not any(cost.over_sms for cost in costs)
        case _:
            return not any(cost.over_data for cost in costs)
