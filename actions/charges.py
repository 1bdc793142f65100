"""Why was I charged: the item meant, the rule it comes from, and whether the sum is right."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rasa_sdk.events import EventType, SlotSet

from actions.base import PersonalAction, Turn, Values, button
from actions.bill import FEES, bill_changes, bill_list, cycle_asked, first_billed, why_button
from actions.catalogue import plan_held
from actions.explanations import after_prorated, explanation
from actions.wording import amount_of, cycle_name, size, yuan
from botkit.bss.port import UnknownProduct
from botkit.handoff.machine import Reason
from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.customer import Customer
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.explain import explain_item, odd_items
from botkit.telecom.plan import AddOn, Plan
from botkit.telecom.values import ZERO, Money, total

_FIRST_MONTH = re.compile(r"第一个月|首月|头一个月|刚入网")
_DIFFERENT = re.compile(r"少了|少这么多|少扣|便宜了|不一样|不同|变了|变化|比上个?月|比以前|跟上个?月|和上个?月")
_COMPARED = re.compile(r"[比跟和同]上个?月")
_FED_UP = re.compile(r"管不管|每个?月都|又[多乱]?[扣收]|乱扣|乱收|骗|坑|投诉|凭什么|气死|没完|几次了|受够|到底")
_KINDS: Sequence[tuple[re.Pattern[str], tuple[ItemKind, ...]]] = (
    (re.compile(r"漫游|国外|出国|境外|港澳台"), (ItemKind.ROAMING,)),
    (re.compile(r"会员|第三方|代收"), (ItemKind.THIRD_PARTY,)),
    (re.compile(r"违约金"), (ItemKind.PENALTY,)),
    (re.compile(r"最低消费|保底"), (ItemKind.MINIMUM_TOP_UP,)),
    (re.compile(r"优惠|减免|返还"), (ItemKind.DISCOUNT,)),
    (re.compile(r"流量|wi-?fi|上网", re.IGNORECASE), (ItemKind.OUT_OF_PLAN_DATA,)),
    (re.compile(r"通话|语音|电话费|打电话"), (ItemKind.OUT_OF_PLAN_VOICE,)),
    (re.compile(r"短信"), (ItemKind.OUT_OF_PLAN_SMS,)),
    (re.compile(r"月费|月租|套餐费"), FEES),
)
_WANTS_IT_BACK = re.compile(
    r"退(?!订|掉)|没(?:有)?(?:开|订|定|办|用|点|买|同意)过?|谁(?:给我)?(?:开|订|办)|不是我|不认|不服|不同意|凭什么"
)
_SMALL = (ItemKind.SERVICE, ItemKind.THIRD_PARTY)
_MANY = 2  # small services from which on their sum is worth saying


@dataclass(frozen=True)
class _Found:
    """An item, its bill, and what else on it the customer may have meant."""

    item: BillItem
    bill: Bill
    others: Sequence[BillItem]


class ExplainCharge(PersonalAction):
    """By name, kind or amount where the message gives one; else the most surprising item."""

    action_name = "action_explain_charge"
    topic = "charge"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        bills = _bills(turn, customer)
        if not bills:
            cycle = cycle_name(turn, cycle_asked(turn, customer))
            turn.say("bill_none", cycle=cycle, first=cycle_name(turn, first_billed(turn, customer)))
            return []
        again = _spoken_of(turn, bills)
        if again is not None:
            return _say_refund(turn, customer, again)
        found = _named(turn, bills)
        if found is None and _say_instead(turn, customer, bills):
            return []
        found = found or _most_surprising(turn, customer, bills)
        if found is None:
            turn.say("charge_nothing_odd", cycles=_cycles(turn, bills))
            return []
        return _explain(turn, customer, found)


def _bills(turn: Turn, customer: Customer) -> list[Bill]:
    """The bill of the cycle asked for; where none is named, the running one and then the last one."""
    asked = cycle_asked(turn, customer)
    cycles = [asked]
    if not turn.entities("month") or _COMPARED.search(turn.said):
        running = BillingCycle.containing(turn.today, customer.billing_day)
        cycles = [running, running.shifted(-1)]
    if _FIRST_MONTH.search(turn.said):
        cycles = [BillingCycle.containing(customer.tenure_since, customer.billing_day)]
    return [bill for cycle in cycles if (bill := turn.operator.bill(customer.id, cycle))]


def _named(turn: Turn, bills: Sequence[Bill]) -> _Found | None:
    """By name, then by amount, then by kind; the newest bill first."""
    names = turn.entities("item", "add_on")
    amounts = turn.amounts("amount", "number")
    kinds = next((kinds for words, kinds in _KINDS if words.search(turn.said)), ())

    def by_name(item: BillItem) -> bool:
        return item.name in names or item.name in turn.said or any(part in turn.said for part in _parts(item.name))

    def by_amount(item: BillItem) -> bool:
        return Money(abs(item.amount.yuan)) in amounts

    def by_kind(item: BillItem) -> bool:
        return item.kind in kinds

    for fits in (by_name, by_amount, by_kind):
        for bill in bills:
            for item in bill.items:
                if fits(item) and item.amount:
                    return _Found(item, bill, ())
    return None


def _parts(name: str) -> Sequence[str]:
    """What people say of a longer name: any four characters in a row of its Chinese ones (购机分期)."""
    words = re.findall(r"[\u4e00-\u9fff]{4,}", name)
    return [word[start : start + 4] for word in words for start in range(len(word) - 3)]


def _say_instead(turn: Turn, customer: Customer, bills: Sequence[Bill]) -> bool:
    """Answers that need no single item: small services that add up to the amount asked, or how two bills differ."""
    amounts = turn.amounts("amount")
    for bill in bills:
        small = _small_services(bill)
        if len(small) >= _MANY and total(item.amount for item in small) in amounts:
            values = _small_values(turn, small)
            turn.say(
                "charge_small_services", buttons=[button(turn.text("button_cancel_which"), "cancel_service")], **values
            )
            return True
    differs = bool(_DIFFERENT.search(turn.said))
    if (amounts or differs) and _say_difference(turn, customer, bills, amounts):
        return True
    if amounts:
        odd = [(item, bill) for bill in bills for item in odd_items(bill, _before(turn, customer, bill))]
        buttons = [why_button(turn, item, bill.cycle) for item, bill in odd[:2]]
        turn.say("charge_no_such_amount", cycles=_cycles(turn, bills), amount=yuan(amounts[0]), buttons=buttons)
        return True
    return False


def _say_difference(turn: Turn, customer: Customer, bills: Sequence[Bill], amounts: Sequence[Money]) -> bool:
    """How the last complete bill differs from the one before it; with `amounts`, only where it is by one of them."""
    for bill in bills:
        before = _before(turn, customer, bill)
        if not bill.final or before is None or bill.amount == before.amount:
            continue
        if not amounts or Money(abs((bill.amount - before.amount).yuan)) in amounts:
            turn.say(
                "bill_more" if bill.amount > before.amount else "bill_less",
                cycle=cycle_name(turn, bill.cycle),
                amount=bill.amount,
                last=cycle_name(turn, before.cycle),
                last_amount=before.amount,
                delta=size(bill.amount - before.amount),
                list=bill_list(turn, bill),
                more=[bill_changes(turn, bill, before)],
            )
            return True
    return False


def _most_surprising(turn: Turn, customer: Customer, bills: Sequence[Bill]) -> _Found | None:
    for bill in bills:
        odd = odd_items(bill, _before(turn, customer, bill))
        if odd:
            return _Found(odd[0], bill, odd[1:])
    for bill in bills:
        prorated = [item for item in bill.items if item.kind is ItemKind.PLAN_FEE_PRORATED]
        if prorated and _FIRST_MONTH.search(turn.said):
            return _Found(prorated[0], bill, ())
    return None


def _explain(turn: Turn, customer: Customer, found: _Found) -> list[EventType]:
    item, bill = found.item, found.bill
    plan, add_on = _products(turn, item, customer)
    on_wifi = bool(re.search(r"wi-?fi|无线网", turn.said, re.IGNORECASE))
    contract = turn.operator.contract(customer.id)
    reason = explain_item(item, plan, add_on, contract=contract, on_wifi=on_wifi)
    lines = explanation(turn, customer, reason, item, bill.cycle)
    values = _values(turn, found)
    on = {"day": item.days[0].isoformat()} if item.days else {}
    focus = SlotSet("focus", {"item": item.name, "month": values["month"], **on})
    if reason.expected is not None and not reason.matches:
        turn.send("\n".join([turn.text(_opening(item), **values), *lines]))
        expected = yuan(reason.expected)
        amounts = {"expected": expected, "amount": yuan(item.amount)}
        turn.hand_over(Reason.TOO_COMPLEX, "billing", "charge_mismatch", rule="charge_mismatch", **amounts)
        return [focus]
    besides = _besides(turn, customer, found)
    if len(set(_FED_UP.findall(turn.said))) >= 2:
        turn.send("\n".join([turn.text(_opening(item), **values), *lines, *besides]))
        turn.hand_over(Reason.FRUSTRATED, "billing", "charge_upset", rule="frustrated")
        return [focus]
    buttons = [why_button(turn, other, bill.cycle) for other in found.others[:1]]
    turn.say(_opening(item), buttons=buttons, more=lines[:1], details=[*lines[1:], *besides], **values)
    return [focus]


def _spoken_of(turn: Turn, bills: Sequence[Bill]) -> _Found | None:
    """The item explained just before, where the message speaks of having it back and names no other one."""
    focus = turn.slot("focus") or {}
    name = focus.get("item") if turn.slot("topic") == "charge" else None
    if name is None or turn.said.startswith("/") or not _WANTS_IT_BACK.search(turn.said):
        return None
    others = [other for other in turn.entities("item", "add_on") if other != name]
    items = [_Found(item, bill, ()) for bill in bills for item in bill.items if item.name == name]
    if others or not items:
        return None
    named = turn.amounts("amount")
    found = next((f for f in items if str(f.bill.cycle.start.month) == focus.get("month")), items[0])
    return None if named and Money(abs(found.item.amount.yuan)) not in named else found


def _say_refund(turn: Turn, customer: Customer, found: _Found) -> list[EventType]:
    """What the listing says on having it back, once; asked again, a human, for nobody is helped by hearing it twice."""
    item = found.item
    focus = {**(turn.slot("focus") or {}), "refund_told": True}
    if len(set(_FED_UP.findall(turn.said))) >= 2:
        turn.hand_over(Reason.FRUSTRATED, "billing", "charge_upset", rule="frustrated")
        return [SlotSet("focus", focus)]
    if (turn.slot("focus") or {}).get("refund_told"):
        turn.say("charge_refund_human", name=item.name)
        return [SlotSet("focus", focus), SlotSet("awaiting", "human")]
    plan, add_on = _products(turn, item, customer)
    values = _values(turn, found)
    if add_on is None:
        turn.say("charge_refund", **values)
    else:
        facts = explain_item(item, plan, add_on, contract=turn.operator.contract(customer.id)).facts
        times, paid = facts.get("times_charged"), facts.get("charged_so_far")
        so_far = [turn.text("charge_refund_so_far", times=times, total=yuan(paid))] if isinstance(paid, Money) else []
        name = "charge_refund_third_party" if item.kind is ItemKind.THIRD_PARTY else "charge_refund_service"
        turn.say(name, rule=add_on.cancellation, more=[*so_far, turn.text("charge_refund_who")], **values)
    return [SlotSet("focus", focus), SlotSet("awaiting", "human")]


def _opening(item: BillItem) -> str:
    if item.amount < ZERO:
        return "charge_discount"
    return "charge_found_third_party" if item.kind is ItemKind.THIRD_PARTY else "charge_found"


def _values(turn: Turn, found: _Found) -> Values:
    return {
        "cycle": cycle_name(turn, found.bill.cycle),
        "month": str(found.bill.cycle.start.month),
        "name": found.item.name,
        "amount": size(found.item.amount),
    }


def _besides(turn: Turn, customer: Customer, found: _Found) -> list[str]:
    """The first month's share beside a full fee; the sum of the small services beside one of them."""
    before = _before(turn, customer, found.bill)
    if found.item.kind is ItemKind.PLAN_FEE and before is not None:
        return after_prorated(turn, before)
    small = _small_services(found.bill)
    if found.item in small and len(small) > _MANY:
        return [turn.text("charge_and_small_services", **_small_values(turn, small))]
    return []


def _small_services(bill: Bill) -> list[BillItem]:
    return [item for item in bill.items if item.kind in _SMALL and item.amount > ZERO]


def _small_values(turn: Turn, items: Sequence[BillItem]) -> Values:
    ordered = sorted(items, key=lambda item: -item.amount.yuan)
    listed = "、".join(amount_of(turn, item.name, item.amount) for item in ordered)
    return {"total": yuan(total(item.amount for item in items)), "list": listed}


def _before(turn: Turn, customer: Customer, bill: Bill) -> Bill | None:
    return turn.operator.bill(customer.id, bill.cycle.shifted(-1))


def _cycles(turn: Turn, bills: Sequence[Bill]) -> str:
    return turn.text("phrase_and").join(cycle_name(turn, bill.cycle) for bill in bills)


def _products(turn: Turn, item: BillItem, customer: Customer) -> tuple[Plan | None, AddOn | None]:
    """The plan and the add-on behind an item, as far as they are known."""
    source = item.source or plan_held(turn.operator.subscriptions(customer.id)).product_id
    return _known(turn.operator.plan, source), _known(turn.operator.add_on, item.source)


Product = TypeVar("Product", Plan, AddOn)


def _known(look_up: Callable[[str], Product], product_id: str | None) -> Product | None:
    if not product_id:
        return None
    try:
        return look_up(product_id)
    except UnknownProduct:
        return None
