"""Bills: what they consist of, what differs from the last one, and why an item is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from rasa_sdk.events import EventType, SlotSet

from actions.base import PersonalAction, Turn, button
from actions.explanations import explanation
from actions.wording import cycle_name, moment, money_delta, signed
from botkit.bss.port import UnknownProduct
from botkit.content.texts import Button
from botkit.conversation.reply import Cell, Table
from botkit.handoff.machine import Reason
from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.billing import BillChange, compare_bills
from botkit.telecom.customer import Customer
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.explain import explain_item, odd_items
from botkit.telecom.plan import AddOn, Plan
from botkit.telecom.values import Money

_MONTHS_BACK = {"this": 0, "last": -1, "before_last": -2}


def cycle_asked(turn: Turn, customer: Customer) -> BillingCycle:
    """The cycle that the message names (上个月, 9月 …); the running one where it names none."""
    running = BillingCycle.containing(turn.today, customer.billing_day)
    months = turn.entities("month")
    if not months:
        return running
    if months[0] in _MONTHS_BACK:
        return running.shifted(_MONTHS_BACK[months[0]])
    back = (running.start.month - int(months[0])) % 12
    return running.shifted(-back)


class ShowBill(PersonalAction):
    action_name = "action_bill"
    topic = "bill"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        cycle = cycle_asked(turn, customer)
        bill = turn.operator.bill(customer.id, cycle)
        if bill is None:
            turn.say("bill_none", cycle=cycle_name(cycle, turn.texts))
            return []
        before = turn.operator.bill(customer.id, cycle.shifted(-1))
        change = compare_bills(bill, before)
        values = {
            "cycle": cycle_name(cycle, turn.texts),
            "amount": bill.amount,
            "at": moment(turn.now, turn.today),
            "last": cycle_name(cycle.shifted(-1), turn.texts),
            "last_amount": before.amount if before else "",
            "delta": signed(change.delta),
        }
        if before is None:
            name = "bill_first"
        elif bill.final:
            name = "bill_same" if not change.delta else "bill_final"
        else:
            name = "bill_running"
        odd = odd_items(bill, before)
        buttons = [_why_button(turn, item) for item in odd[:2]]
        turn.say(name, table=_table(turn, change, cycle, before), buttons=buttons, **values)
        return [SlotSet("focus", {"cycle": cycle.start.isoformat()})]


def _why_button(turn: Turn, item: BillItem) -> Button:
    return button(turn.text("button_why", name=item.name), "dispute_charge", item=item.name)


def _table(turn: Turn, change: BillChange, cycle: BillingCycle, before: Bill | None) -> Table:
    labels = turn.texts.labels("table_bill")
    rows = []
    for line in sorted(change.lines, key=lambda line: -line.now.yuan):
        cells = [Cell(line.name), Cell(str(line.now))]
        rows.append((*cells, Cell(str(line.before)), money_delta(line.delta, "")) if before else tuple(cells))
    columns: tuple[str, ...] = (labels["item"], cycle_name(cycle, turn.texts))
    if before:
        columns = (*columns, cycle_name(cycle.shifted(-1), turn.texts), labels["delta"])
    return Table(labels["caption"], columns, tuple(rows))


class ExplainCharge(PersonalAction):
    """Why was I charged: the item meant, the rule it comes from, and whether the sum is right."""

    action_name = "action_explain_charge"
    topic = "charge"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        found = _find(turn, customer)
        if found is None:
            turn.say("charge_nothing_odd", cycle=cycle_name(cycle_asked(turn, customer), turn.texts))
            return []
        item, cycle, others = found
        plan, add_on = _products(turn, item, customer)
        reason = explain_item(
            item, plan, add_on, contract=turn.operator.contract(customer.id), on_wifi="wifi" in turn.said.lower()
        )
        sentence = explanation(turn, reason, item)
        focus = {"item": item.name, "cycle": cycle.start.isoformat(), "kind": item.kind.value}
        when = cycle_name(cycle, turn.texts)
        if reason.expected is not None and not reason.matches:
            turn.send(turn.text("charge_found", cycle=when, name=item.name, amount=item.amount) + sentence)
            turn.hand_over(
                Reason.TOO_COMPLEX, "billing", "charge_mismatch", expected=reason.expected, amount=item.amount
            )
            return [SlotSet("focus", focus)]
        buttons = [_why_button(turn, other) for other in others[:1]]
        name = "charge_found_third_party" if item.kind is ItemKind.THIRD_PARTY else "charge_found"
        turn.say(name, cycle=when, name=item.name, amount=item.amount, buttons=buttons, more=[sentence])
        return [SlotSet("focus", focus)]


Found = tuple[BillItem, BillingCycle, Sequence[BillItem]]


def _find(turn: Turn, customer: Customer) -> Found | None:
    """The item that the customer means, its cycle, and what else he may have meant.

    By name or amount where the message gives one; else the most surprising item. Looked for in the cycle asked for, and
    where none is named in the running cycle and then the last one.
    """
    asked = cycle_asked(turn, customer)
    cycles = [asked] if turn.entities("month") else [asked, asked.shifted(-1)]
    names, amounts = turn.entities("item", "add_on"), [Money.of(value) for value in turn.entities("amount")]
    fallback: Found | None = None
    for cycle in cycles:
        bill = turn.operator.bill(customer.id, cycle)
        if bill is None:
            continue
        odd = odd_items(bill, turn.operator.bill(customer.id, cycle.shifted(-1)))
        for item in (*odd, *bill.items):
            if item.name in names or item.amount in amounts or (len(item.name) > 2 and item.name in turn.said):
                return item, cycle, [other for other in odd if other is not item]
        if odd and fallback is None:
            fallback = odd[0], cycle, odd[1:]
    return fallback


def _products(turn: Turn, item: BillItem, customer: Customer) -> tuple[Plan | None, AddOn | None]:
    plan = next((s.product_id for s in turn.operator.subscriptions(customer.id) if s.is_plan), None)
    return _known(turn.operator.plan, plan if item.source in ("", plan) else item.source), _known(
        turn.operator.add_on, item.source
    )


Product = TypeVar("Product", Plan, AddOn)


def _known(look_up: Callable[[str], Product], product_id: str | None) -> Product | None:
    if not product_id:
        return None
    try:
        return look_up(product_id)
    except UnknownProduct:
        return None
