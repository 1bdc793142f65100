"""Items of the demo customers' bills: fees as held, usage as `botkit.telecom.charging` charges it.

The items have no id yet: a bill numbers them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from botkit.bss.demo.holdings import Held
from botkit.bss.demo.metering import Meter
from botkit.telecom.bill import BillItem, ItemKind
from botkit.telecom.charging import charge_cycle, data_charge
from botkit.telecom.customer import Contract
from botkit.telecom.cycle import BillingCycle, add_months
from botkit.telecom.plan import AddOn, AddOnKind, Plan
from botkit.telecom.proration import prorated_fee
from botkit.telecom.usage import BucketKind, CycleUsage
from botkit.telecom.values import NO_DATA, DataVolume, Money

Price = Callable[[int], Money]
"""The charge for a quantity beyond the allowances."""

# As the operator prints them on its bills.
OUT_OF_PLAN_NAMES = {
    ItemKind.OUT_OF_PLAN_DATA: "套外流量",
    ItemKind.OUT_OF_PLAN_VOICE: "套外语音",
    ItemKind.OUT_OF_PLAN_SMS: "套外短信",
}


def bill_id(customer_id: str, cycle: BillingCycle) -> str:
    return f"{customer_id}-{cycle.start:%Y%m%d}"


def plan_fee(plan: Plan, cycle: BillingCycle, plan_since: date, joined: date) -> BillItem:
    """The monthly fee; in the cycle in which the customer joined, for the days from then."""
    if joined in cycle and joined != cycle.start:
        fee = prorated_fee(plan.monthly_fee, cycle, joined)
        days = (cycle.end - joined).days + 1
        return BillItem("", ItemKind.PLAN_FEE_PRORATED, plan.name, fee, quantity=days, since=joined, source=plan.id)
    return BillItem("", ItemKind.PLAN_FEE, plan.name, plan.monthly_fee, since=plan_since, source=plan.id)


def add_on_fees(held: Iterable[Held], cycle: BillingCycle, billing_day: int) -> Iterator[BillItem]:
    """Monthly add-ons in each cycle in which they are held, others in the cycle in which they were bought."""
    for one in held:
        add_on = one.add_on
        charged = one.in_cycle(cycle) if add_on.monthly else one.since in cycle
        if charged and add_on.price:
            yield BillItem(
                "",
                _kind(add_on),
                add_on.name,
                add_on.price,
                since=one.since,
                days=() if add_on.monthly else (one.since,),
                source=add_on.id,
                provider=add_on.provider,
                times_charged=_cycles_between(one.since, cycle, billing_day) if add_on.monthly else None,
            )


def out_of_plan(plan: Plan, cycle: BillingCycle, meter: Meter, rolled_over: DataVolume) -> Iterator[BillItem]:
    """What went beyond the allowances.

    Raises:
        ValueError: the meter counted another volume beyond the allowances than the charging rule.
    """
    cost = charge_cycle(plan, _charged_usage(cycle, meter), rolled_over)
    prices = plan.out_of_plan
    charged: tuple[tuple[ItemKind, BucketKind, int, Money, Price], ...] = (
        (
            ItemKind.OUT_OF_PLAN_DATA,
            BucketKind.GENERAL_DATA,
            cost.over_data.mb,
            cost.data,
            lambda mb: data_charge(prices.data, DataVolume(mb), prices.data_cap),
        ),
        (
            ItemKind.OUT_OF_PLAN_VOICE,
            BucketKind.VOICE,
            cost.over_minutes,
            cost.voice,
            lambda minutes: Money.of(prices.voice_per_minute * minutes),
        ),
        (
            ItemKind.OUT_OF_PLAN_SMS,
            BucketKind.SMS,
            cost.over_sms,
            cost.sms,
            lambda messages: Money.of(prices.sms_each * messages),
        ),
    )
    for kind, bucket, quantity, amount, price in charged:
        beyond = meter.beyond[bucket]
        if sum(beyond.values()) != quantity:
            raise ValueError(f"{plan.name} {cycle}: metered {beyond}, charged {quantity}")
        if amount:
            days = _dearest_days(beyond, price)
            yield BillItem("", kind, OUT_OF_PLAN_NAMES[kind], amount, quantity=quantity, days=days, source=plan.id)


def roaming_fee(day_pack: AddOn, days: Sequence[date]) -> BillItem:
    return BillItem(
        "",
        ItemKind.ROAMING,
        day_pack.name,
        day_pack.price * len(days),
        quantity=len(days),
        days=tuple(days),
        source=day_pack.id,
    )


def contract_discount(contract: Contract, amount: Money, cycle: BillingCycle) -> Iterator[BillItem]:
    """The contract's discount, in each cycle that begins while it runs."""
    if amount and contract.start <= cycle.start < add_months(contract.start, contract.months):
        yield BillItem("", ItemKind.DISCOUNT, contract.name, -amount, since=contract.start)


def _charged_usage(cycle: BillingCycle, meter: Meter) -> CycleUsage:
    """What the plan itself had to pay for: packs have paid their part."""

    def used(kind: BucketKind) -> int:
        return sum(allowance.used for allowance in meter.of_plan(kind))

    return CycleUsage(
        cycle=cycle,
        general_data=DataVolume(used(BucketKind.GENERAL_DATA)),
        directed_data=NO_DATA,
        voice_minutes=used(BucketKind.VOICE),
        sms=used(BucketKind.SMS),
    )


def _dearest_days(beyond: Mapping[date, int], price: Price) -> tuple[date, ...]:
    """The days that made the charge grow, the dearest first."""
    growth, so_far = {}, 0
    for day, amount in sorted(beyond.items()):
        growth[day] = price(so_far + amount) - price(so_far)
        so_far += amount
    return tuple(sorted((day for day in growth if growth[day]), key=lambda day: (-growth[day].yuan, day)))


def _kind(add_on: AddOn) -> ItemKind:
    if add_on.provider:
        return ItemKind.THIRD_PARTY
    return ItemKind.SERVICE if add_on.kind is AddOnKind.SERVICE else ItemKind.ADD_ON


def _cycles_between(since: date, cycle: BillingCycle, billing_day: int) -> int:
    """How many cycles were charged from the one of `since` to `cycle`."""
    first = BillingCycle.containing(since, billing_day).start
    return (cycle.start.year - first.year) * 12 + cycle.start.month - first.month + 1
