"""Bills over time: what changed since the last one, what is still to come, and whether the balance covers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.customer import Balance, Subscription
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import AddOn, Plan
from botkit.telecom.proration import prorated_fee
from botkit.telecom.values import ZERO, Money, total

FEE_KINDS = frozenset(
    {ItemKind.PLAN_FEE, ItemKind.PLAN_FEE_PRORATED, ItemKind.ADD_ON, ItemKind.SERVICE, ItemKind.THIRD_PARTY}
)


_ONE_LINE = {ItemKind.PLAN_FEE_PRORATED: ItemKind.PLAN_FEE}
_WHICHEVER_PLAN = frozenset({ItemKind.OUT_OF_PLAN_DATA, ItemKind.OUT_OF_PLAN_VOICE, ItemKind.OUT_OF_PLAN_SMS})


class ChangeStatus(Enum):
    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class ItemChange:
    """One line of two bills side by side. An amount is zero where the line is missing; `delta` = now - before."""

    name: str
    kind: ItemKind
    before: Money
    now: Money
    delta: Money
    status: ChangeStatus


@dataclass(frozen=True)
class BillChange:
    """How a bill differs from the one before. `lines`: the largest change first; their deltas add up to `delta`."""

    delta: Money
    lines: tuple[ItemChange, ...]


@dataclass(frozen=True)
class UpcomingCharge:
    """A fee that is known to be charged before the cycle ends. `source`: id of the plan or add-on."""

    name: str
    source: str
    amount: Money


@dataclass(frozen=True)
class Outlook:
    """Whether the balance lasts until the end of the cycle.

    `expected` is the cycle's bill by then, `upcoming` the part of it that is not charged yet. `short_by` is how much is
    lacking, arrears included; zero when `enough`.
    """

    expected: Money
    upcoming: Money
    enough: bool
    short_by: Money


ItemKey = tuple[ItemKind, str]


def item_key(item: BillItem) -> ItemKey:
    """What makes two items of different bills the same line: their kind and product, or name where none is given.

    The fee for part of a cycle is the same line as the fee for all of it; what is used beyond a plan is one line,
    whichever plan it went beyond.
    """
    kind = _ONE_LINE.get(item.kind, item.kind)
    return kind, "" if kind in _WHICHEVER_PLAN else item.source or item.name


def amounts_by_key(items: Iterable[BillItem]) -> Mapping[ItemKey, Money]:
    """The amount of each line; items of the same line are added up."""
    amounts: dict[ItemKey, Money] = {}
    for item in items:
        amounts[item_key(item)] = amounts.get(item_key(item), ZERO) + item.amount
    return amounts


def compare_bills(now: Bill, before: Bill | None) -> BillChange:
    """What changed from `before` to `now`, line by line. Without a bill before, every line is new."""
    items_before = before.items if before else ()
    amounts_before, amounts_now = amounts_by_key(items_before), amounts_by_key(now.items)
    names = {item_key(item): item.name for item in (*items_before, *now.items)}
    lines = [_change(key, name, amounts_before.get(key), amounts_now.get(key)) for key, name in names.items()]
    lines.sort(key=lambda line: (-abs(line.delta.yuan), line.name))
    return BillChange(delta=total(line.delta for line in lines), lines=tuple(lines))


def upcoming_charges(
    subscriptions: Sequence[Subscription],
    plan: Plan,
    add_ons: Sequence[AddOn],
    cycle: BillingCycle,
    today: date,
    *,
    bill: Bill | None = None,
) -> tuple[UpcomingCharge, ...]:
    """The fees that will still be charged in the running cycle, as far as subscriptions tell.

    A fee is charged on the cycle's first day, or on the day of take-up if that is later: fees due after today are to
    come. With the running `bill`, so are fees due already that it does not list yet. Monthly fees are charged each
    cycle, others in the cycle of take-up only; a plan's fee is prorated in that cycle. Usage to come is not known here.
    Subscriptions to products other than `plan` and `add_ons` are left out.
    """
    prices = {add_on.id: add_on for add_on in add_ons}
    listed = {item.source for item in bill.items if item.kind in FEE_KINDS} if bill else None
    charges = []
    for subscription in subscriptions:
        due = max(subscription.since, cycle.start)
        if due not in cycle or (subscription.ends is not None and subscription.ends < max(due, today)):
            continue
        if due <= today and (listed is None or subscription.product_id in listed):
            continue
        amount = _fee(subscription, plan, prices.get(subscription.product_id), cycle)
        if amount:
            charges.append(UpcomingCharge(subscription.name, subscription.product_id, amount))
    return tuple(charges)


def balance_outlook(balance: Balance, bill: Bill | None, upcoming: Sequence[UpcomingCharge]) -> Outlook:
    """Whether the balance covers what is still to be charged.

    The running `bill` is taken from the balance as it grows, so only `upcoming` and arrears are still to be paid.
    Credit is not counted as balance.
    """
    to_come = total(charge.amount for charge in upcoming)
    short_by = max(to_come + balance.arrears - max(balance.available, ZERO), ZERO)
    return Outlook(
        expected=(bill.amount if bill else ZERO) + to_come,
        upcoming=to_come,
        enough=not short_by,
        short_by=short_by,
    )


def _change(key: ItemKey, name: str, before: Money | None, now: Money | None) -> ItemChange:
    delta = (now or ZERO) - (before or ZERO)
    if before is None:
        status = ChangeStatus.NEW
    elif now is None:
        status = ChangeStatus.GONE
    else:
        status = ChangeStatus.CHANGED if delta else ChangeStatus.SAME
    return ItemChange(name, key[0], before or ZERO, now or ZERO, delta, status)


def _fee(subscription: Subscription, plan: Plan, add_on: AddOn | None, cycle: BillingCycle) -> Money:
    """What the subscription costs in this cycle; zero when it is unknown or was paid once in an earlier cycle."""
    if subscription.product_id == plan.id:
        return prorated_fee(plan.monthly_fee, cycle, subscription.since)
    if add_on is None or not (add_on.monthly or subscription.since in cycle):
        return ZERO
    return add_on.price
