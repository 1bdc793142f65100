"""Why an item is on a bill: the rule it comes from, the facts of the case, and whether the amount follows from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.billing import amounts_by_key, item_key
from botkit.telecom.charging import data_charge
from botkit.telecom.customer import Contract
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import AddOn, Plan
from botkit.telecom.proration import prorated_fee
from botkit.telecom.termination import early_termination_fee
from botkit.telecom.values import ZERO, DataVolume, Money

WIFI_BACKGROUND = "wifi_background"
_OUT_OF_PLAN = frozenset({ItemKind.OUT_OF_PLAN_DATA, ItemKind.OUT_OF_PLAN_VOICE, ItemKind.OUT_OF_PLAN_SMS})
_EVENTS = frozenset({ItemKind.PENALTY, ItemKind.MINIMUM_TOP_UP, ItemKind.ROAMING})


@dataclass(frozen=True)
class Explanation:
    """The rule behind an item, and whether the amount follows from it.

    `rule` is the value of the item's kind; out-of-plan data that a customer says was used on Wi-Fi goes by
    `WIFI_BACKGROUND`. `facts` holds what the rule was applied to, as values of this package: always `name` and
    `amount`; `plan` (its name), `since` and `days` where they are known; then what is the kind's own. `included` is the
    allowance of a whole cycle, without packs and rollover. `expected` is the amount by the rule, None where too little
    is known to compute it. An item that does not match belongs to a human.
    """

    rule: str
    facts: Mapping[str, object]
    expected: Money | None
    matches: bool


@dataclass(frozen=True)
class _Case:
    item: BillItem
    plan: Plan | None
    add_on: AddOn | None
    contract: Contract | None


_Facts = dict[str, object]
_Finding = tuple[_Facts, Money | None]  # what the rule was applied to, the amount that follows


def explain_item(
    item: BillItem,
    plan: Plan | None,
    add_on: AddOn | None,
    *,
    contract: Contract | None = None,
    on_wifi: bool = False,
) -> Explanation:
    """Find the rule behind `item` and compute its amount again, to the fen.

    Args:
        plan: the plan that held in the item's cycle. Ignored when the item names another source.
        add_on: the product behind the item, with its price at the time. Ignored likewise.
        contract: for a penalty, the contract that was ended.
        on_wifi: the customer says that he was on Wi-Fi; changes the rule's key, never the amount.

    Raises:
        IncompleteRule: the contract's penalty rule lacks a number that its family needs.
    """
    facts: _Facts = {"name": item.name, "amount": item.amount}
    if item.since is not None:
        facts["since"] = item.since
    if item.days:
        facts["days"] = item.days
    case = _Case(
        item,
        plan if plan is not None and item.source in ("", plan.id) else None,
        add_on if add_on is not None and item.source in ("", add_on.id) else None,
        contract,
    )
    if case.plan is not None:
        facts["plan"] = case.plan.name
    found, expected = _RULES[item.kind](case)
    wifi = on_wifi and item.kind is ItemKind.OUT_OF_PLAN_DATA
    return Explanation(
        rule=WIFI_BACKGROUND if wifi else item.kind.value,
        facts=facts | found,
        expected=expected,
        matches=expected == item.amount,
    )


def odd_items(bill: Bill, last: Bill | None) -> tuple[BillItem, ...]:
    """The items that a customer would ask about, the most surprising first.

    Third-party charges, then what was not on the last bill or is charged for an event, then usage beyond the plan, then
    what has grown; within each the largest increase first. Without a last bill nothing counts as new or grown.
    """
    before = amounts_by_key(last.items) if last else {}
    now = amounts_by_key(bill.items)

    def increase(item: BillItem) -> Money:
        return now[item_key(item)] - before.get(item_key(item), ZERO)

    def surprise(item: BillItem) -> int | None:
        key = item_key(item)
        if item.amount > ZERO:
            if item.kind is ItemKind.THIRD_PARTY:
                return 0
            if item.kind in _EVENTS or (last is not None and key not in before):
                return 1
            if item.kind in _OUT_OF_PLAN:
                return 2
        return 3 if key in before and increase(item) > ZERO else None

    ranked = [(rank, item) for item in bill.items if (rank := surprise(item)) is not None]
    ranked.sort(key=lambda entry: (entry[0], -increase(entry[1]).yuan, entry[1].name))
    return tuple(item for _, item in ranked)


def _plan_fee(case: _Case) -> _Finding:
    if case.plan is None:
        return {}, None
    return {"monthly_fee": case.plan.monthly_fee}, case.plan.monthly_fee


def _plan_fee_prorated(case: _Case) -> _Finding:
    """From `since` to the end of the cycle, `quantity` days in all."""
    facts, monthly_fee = _plan_fee(case)
    since, days = case.item.since, case.item.quantity
    if monthly_fee is None or since is None or days is None:
        return facts, None
    cycle = _cycle_ending(since + timedelta(days=days - 1))
    if cycle is None:
        return facts, None
    facts |= {"charged_days": days, "cycle_days": cycle.days}
    return facts, prorated_fee(monthly_fee, cycle, since)


def _price(case: _Case) -> _Finding:
    """The product's price, as often as it was charged in the cycle."""
    item, add_on = case.item, case.add_on
    facts: _Facts = {}
    if item.provider:
        facts["provider"] = item.provider
    if item.times_charged is not None:
        facts |= {"times_charged": item.times_charged, "charged_so_far": item.amount * item.times_charged}
    if add_on is None:
        return facts, None
    times = 1 if item.quantity is None else item.quantity
    facts |= {"price": add_on.price, "times": times, "monthly": add_on.monthly}
    return facts, add_on.price * times


def _out_of_plan_data(case: _Case) -> _Finding:
    if case.plan is None or case.item.quantity is None:
        return {}, None
    prices, volume = case.plan.out_of_plan, DataVolume(case.item.quantity)
    expected = data_charge(prices.data, volume, prices.data_cap)
    facts: _Facts = {
        "volume": volume,
        "included": case.plan.allowances.general_data,
        "rate": prices.data,
        "cap": prices.data_cap,
        "capped": bool(expected) and expected == prices.data_cap,
    }
    return facts, expected


def _out_of_plan_voice(case: _Case) -> _Finding:
    if case.plan is None:
        return {}, None
    return _by_unit(case.item, case.plan.allowances.voice_minutes, case.plan.out_of_plan.voice_per_minute)


def _out_of_plan_sms(case: _Case) -> _Finding:
    if case.plan is None:
        return {}, None
    return _by_unit(case.item, case.plan.allowances.sms, case.plan.out_of_plan.sms_each)


def _by_unit(item: BillItem, included: int, unit_price: Decimal) -> _Finding:
    if item.quantity is None:
        return {}, None
    facts: _Facts = {"quantity": item.quantity, "included": included, "unit_price": unit_price}
    return facts, Money.of(unit_price * item.quantity)


def _penalty(case: _Case) -> _Finding:
    """By the contract, on the day on which it was ended: the item's first day."""
    if case.contract is None or not case.item.days:
        return {}, None
    fee = early_termination_fee(case.contract, case.item.days[0])
    facts: _Facts = {
        "contract": case.contract.name,
        "ends": fee.ends,
        "months_served": fee.months_served,
        "months_left": fee.months_left,
        "family": fee.rule.family,
    }
    return facts, fee.amount


def _minimum_top_up(case: _Case) -> _Finding:
    """What the last cycle's bill lacked to the promised minimum; that bill is not at hand, so nothing is computed."""
    return ({"commitment": case.contract.monthly_commitment} if case.contract else {}), None


def _discount(case: _Case) -> _Finding:
    """Discounts come from promotions outside the catalogue: nothing to compute."""
    return {}, None


def _cycle_ending(end: date) -> BillingCycle | None:
    billing_day = (end + timedelta(days=1)).day
    return BillingCycle.containing(end, billing_day) if billing_day <= 28 else None


_RULES: Mapping[ItemKind, Callable[[_Case], _Finding]] = {
    ItemKind.PLAN_FEE: _plan_fee,
    ItemKind.PLAN_FEE_PRORATED: _plan_fee_prorated,
    ItemKind.ADD_ON: _price,
    ItemKind.OUT_OF_PLAN_DATA: _out_of_plan_data,
    ItemKind.OUT_OF_PLAN_VOICE: _out_of_plan_voice,
    ItemKind.OUT_OF_PLAN_SMS: _out_of_plan_sms,
    ItemKind.THIRD_PARTY: _price,
    ItemKind.SERVICE: _price,
    ItemKind.ROAMING: _price,
    ItemKind.PENALTY: _penalty,
    ItemKind.MINIMUM_TOP_UP: _minimum_top_up,
    ItemKind.DISCOUNT: _discount,
}
