"""What a customer holds in a cycle: his plan, prorated in the cycle he joined, his add-ons, and what they grant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from botkit.bss.demo.metering import Allowance
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import AddOn, AddOnKind, Plan
from botkit.telecom.proration import prorated_volume
from botkit.telecom.usage import Bucket, BucketKind
from botkit.telecom.values import DataVolume

PACK_BUCKETS = {
    AddOnKind.DATA: BucketKind.GENERAL_DATA,
    AddOnKind.SA_DATA: BucketKind.SA_DATA,
    AddOnKind.DIRECTED_DATA: BucketKind.DIRECTED_DATA,
    AddOnKind.NIGHT_DATA: BucketKind.NIGHT_DATA,
    AddOnKind.VOICE: BucketKind.VOICE,
    AddOnKind.SMS: BucketKind.SMS,
}

# As the operator's systems print them.
PLAN_BUCKETS = {
    BucketKind.GENERAL_DATA: "通用流量",
    BucketKind.DIRECTED_DATA: "定向流量",
    BucketKind.VOICE: "语音",
    BucketKind.SMS: "短信",
}


@dataclass(frozen=True)
class Held:
    """An add-on, from `since` to `ends` (both included; None: until cancelled)."""

    add_on: AddOn
    since: date
    ends: date | None

    @classmethod
    def taken(cls, add_on: AddOn, since: date, billing_day: int) -> Held:
        """Taken up on `since`. Promised months are cycles, of which the first is the one of that day."""
        cycle = BillingCycle.containing(since, billing_day)
        if add_on.validity_days is not None:
            return cls(add_on, since, since + timedelta(days=add_on.validity_days - 1))
        if not add_on.monthly:
            return cls(add_on, since, cycle.end)
        return cls(add_on, since, None if add_on.months is None else cycle.shifted(add_on.months - 1).end)

    def in_cycle(self, cycle: BillingCycle) -> bool:
        return self.since <= cycle.end and (self.ends is None or self.ends >= cycle.start)


def prorated(plan: Plan, cycle: BillingCycle, joined: date) -> Plan:
    """`plan` with the allowances of the cycle in which a customer joined; unchanged in others."""
    if joined not in cycle or joined == cycle.start:
        return plan

    def share(amount: int) -> int:
        return prorated_volume(DataVolume(amount), cycle, joined).mb

    granted = plan.allowances
    return replace(
        plan,
        allowances=replace(
            granted,
            general_data=DataVolume(share(granted.general_data.mb)),
            directed_data=DataVolume(share(granted.directed_data.mb)),
            voice_minutes=share(granted.voice_minutes),
            sms=share(granted.sms),
        ),
    )


def allowances(plan: Plan, held: Iterable[Held], cycle: BillingCycle, rolled_over: DataVolume) -> list[Allowance]:
    """All there is to draw from in a cycle, in the order of use: first what was rolled over, even if it is nothing."""
    packs = [_of_pack(one, cycle) for one in held if one.add_on.kind in PACK_BUCKETS and one.in_cycle(cycle)]
    packs.sort(key=lambda pack: pack.last_day)
    carried = _of_plan(plan, cycle, BucketKind.GENERAL_DATA, rolled_over.mb)
    granted = plan.allowances
    own = [
        _of_plan(plan, cycle, BucketKind.GENERAL_DATA, granted.general_data.mb),
        _of_plan(plan, cycle, BucketKind.DIRECTED_DATA, granted.directed_data.mb),
        _of_plan(plan, cycle, BucketKind.VOICE, granted.voice_minutes),
        _of_plan(plan, cycle, BucketKind.SMS, granted.sms),
    ]
    return [carried, *packs, *own]


def buckets(drawn: Sequence[Allowance]) -> Iterator[Bucket]:
    """What a customer sees of a cycle's allowances: the plan's first, with what was rolled over into them.

    Args:
        drawn: as made by `allowances`.
    """
    carried, *rest = drawn
    for allowance in sorted(rest, key=lambda one: not one.of_plan):
        grows = allowance.of_plan and allowance.kind is carried.kind
        rolled_over, used_of_it = (carried.granted, carried.used) if grows else (0, 0)
        if allowance.granted + rolled_over:
            yield Bucket(
                kind=allowance.kind,
                name=allowance.name,
                granted=allowance.granted + rolled_over,
                used=allowance.used + used_of_it,
                expires=allowance.last_day,
                source=allowance.source,
                rolled_over=rolled_over,
            )


def _of_plan(plan: Plan, cycle: BillingCycle, kind: BucketKind, granted: int) -> Allowance:
    return Allowance(
        kind=kind,
        name=f"{plan.name} {PLAN_BUCKETS[kind]}",
        source=plan.id,
        granted=granted,
        usable_from=cycle.start,
        last_day=cycle.end,
        of_plan=True,
    )


def _of_pack(held: Held, cycle: BillingCycle) -> Allowance:
    add_on = held.add_on
    return Allowance(
        kind=PACK_BUCKETS[add_on.kind],
        name=add_on.name,
        source=add_on.id,
        granted=add_on.data.mb or add_on.voice_minutes or add_on.sms,
        usable_from=max(held.since, cycle.start),
        last_day=cycle.end if held.ends is None else min(held.ends, cycle.end),
        of_plan=False,
    )
