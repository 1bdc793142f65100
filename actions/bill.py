"""Bills: what they consist of, and what differs from the one before."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet

from actions.base import PersonalAction, Turn, Values, button
from actions.wording import cycle_name, in_table, moment, money_delta, size, yuan
from botkit.content.texts import Button
from botkit.conversation.reply import Cell, Table
from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.customer import Customer
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.explain import odd_items
from botkit.telecom.values import ZERO, Money

FEES = (ItemKind.PLAN_FEE, ItemKind.PLAN_FEE_PRORATED)
_MONTHS_BACK = {"this": 0, "last": -1, "before_last": -2}
_CHANGES = 2  # named in the sentence; all are in the table
_CYCLES_LOOKED_AT = 24


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


def first_billed(turn: Turn, customer: Customer) -> BillingCycle:
    """The earliest cycle of which there is a bill, in a row with the running one."""
    running = cycle = BillingCycle.containing(turn.today, customer.billing_day)
    for back in range(1, _CYCLES_LOOKED_AT):
        earlier = running.shifted(-back)
        if turn.operator.bill(customer.id, earlier) is None:
            break
        cycle = earlier
    return cycle


def why_button(turn: Turn, item: BillItem, cycle: BillingCycle) -> Button:
    """Asks for the reason of an item."""
    title = turn.text("button_why_fee") if item.kind in FEES else turn.text("button_why", name=item.name)
    return button(title, "dispute_charge", item=item.name, month=str(cycle.start.month))


class ShowBill(PersonalAction):
    action_name = "action_bill"
    topic = "bill"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        cycle = cycle_asked(turn, customer)
        bill = turn.operator.bill(customer.id, cycle)
        if bill is None:
            first = cycle_name(first_billed(turn, customer), turn.texts)
            turn.say("bill_none", cycle=cycle_name(cycle, turn.texts), first=first)
            return []
        before = turn.operator.bill(customer.id, cycle.shifted(-1))
        buttons = [why_button(turn, item, cycle) for item in odd_items(bill, before)[:2]]
        if before is not None:
            buttons.append(_earlier_button(turn, before.cycle))
        changes = [bill_changes(turn, bill, before)] if before is not None and bill.final else []
        turn.say(
            _name(bill, before),
            table=_table(turn, bill, before),
            buttons=buttons,
            more=[line for line in changes if line],
            **_values(turn, bill, before),
        )
        return [SlotSet("focus", {"cycle": cycle.start.isoformat(), "month": str(cycle.start.month)})]


def bill_changes(turn: Turn, bill: Bill, before: Bill) -> str:
    """`变化在: 套外流量多 27 元, 流量包少 15 元。`, the largest first; empty where nothing differs."""
    changes = sorted(_lines(bill, before), key=lambda line: -abs((line[1] - line[2]).yuan))
    named = [
        turn.text("bill_change_more" if now > then else "bill_change_less", name=name, amount=size(now - then))
        for name, now, then in changes[:_CHANGES]
        if now != then
    ]  # fmt: skip
    return turn.text("bill_changes", list=turn.text("delta_join").join(named)) if named else ""


def _earlier_button(turn: Turn, cycle: BillingCycle) -> Button:
    month = cycle.start.month
    calendar = cycle.is_calendar_month
    title = turn.text("button_bill_month", month=month) if calendar else turn.text("button_bill_before")
    return button(title, "ask_bill", month=str(month))


def _name(bill: Bill, before: Bill | None) -> str:
    if before is None:
        return "bill_first" if bill.final else "bill_first_running"
    if not bill.final:
        return "bill_running"
    if bill.amount == before.amount:
        return "bill_same"
    return "bill_more" if bill.amount > before.amount else "bill_less"


def _values(turn: Turn, bill: Bill, before: Bill | None) -> Values:
    return {
        "cycle": cycle_name(bill.cycle, turn.texts),
        "amount": bill.amount,
        "at": moment(turn.now, turn.today),
        "last": cycle_name(bill.cycle.shifted(-1), turn.texts),
        "last_amount": before.amount if before else "",
        "delta": size(bill.amount - before.amount) if before else "",
        "list": "、".join(_in_a_word(turn, item) for item in bill.items if item.amount),
    }


def _in_a_word(turn: Turn, item: BillItem) -> str:
    name = "bill_item_fee" if item.kind in FEES else "bill_item"
    return turn.text(name, name=item.name, amount=yuan(item.amount).replace("-", "−"))


_Line = tuple[str, Money, Money]  # name, amount now, amount before


def _lines(bill: Bill, before: Bill | None) -> Sequence[_Line]:
    """The items of both bills by name; a fee for part of a month is the same line as the fee for all of it."""
    now, then = _by_name(bill.items), _by_name(before.items if before else ())
    return [(name, now.get(name, ZERO), then.get(name, ZERO)) for name in {**now, **then}]


def _by_name(items: Sequence[BillItem]) -> dict[str, Money]:
    amounts: dict[str, Money] = {}
    for item in items:
        amounts[item.name] = amounts.get(item.name, ZERO) + item.amount
    return amounts


def _table(turn: Turn, bill: Bill, before: Bill | None) -> Table:
    labels = turn.texts.labels("table_bill")
    rows = []
    for name, now, then in sorted(_lines(bill, before), key=lambda line: (-line[1].yuan, -line[2].yuan)):
        cells = (Cell(name), Cell(in_table(now)))
        rows.append((*cells, Cell(in_table(then)), money_delta(now - then)) if before else cells)
    columns: tuple[str, ...] = (labels["item"], cycle_name(bill.cycle, turn.texts))
    if before:
        columns += (cycle_name(before.cycle, turn.texts), labels["delta"])
    return Table(labels["caption"], columns, tuple(rows))
