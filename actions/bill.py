"""Bills: what they consist of, and what differs from the one before."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, SlotSet

from actions.base import PersonalAction, Turn, Values, button
from actions.catalogue import current_plan
from actions.wording import amount_of, cycle_name, in_table, moment, money_delta, size, yuan
from botkit.bss.port import OrderState
from botkit.content.texts import Button
from botkit.conversation.reply import Cell, Table
from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.billing import compare_bills, upcoming_charges
from botkit.telecom.customer import Customer
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.explain import odd_items
from botkit.telecom.values import total

FEES = (ItemKind.PLAN_FEE, ItemKind.PLAN_FEE_PRORATED)
_MONTHS_BACK = {"this": 0, "last": -1, "before_last": -2}
_NEXT = re.compile(r"下个?月|下一?个?(?:账期|期)|次月")
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
        if _NEXT.search(turn.said):
            _say_next(turn, customer)
            return []
        cycle = cycle_asked(turn, customer)
        bill = turn.operator.bill(customer.id, cycle)
        if bill is None:
            first = cycle_name(turn, first_billed(turn, customer))
            turn.say("bill_none", cycle=cycle_name(turn, cycle), first=first)
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
            details=[line for line in changes if line],
            **_values(turn, bill, before),
        )
        return [SlotSet("focus", {"cycle": cycle.start.isoformat(), "month": str(cycle.start.month)})]


def _say_next(turn: Turn, customer: Customer) -> None:
    """The fees that are sure to come in the next cycle, with the plan that is ordered for it, where one is."""
    operator, plan = turn.operator, current_plan(turn, customer)
    cycle = BillingCycle.containing(turn.today, customer.billing_day).shifted(1)
    charges = upcoming_charges(operator.subscriptions(customer.id), plan, operator.add_ons(), cycle, turn.today)
    fees = {charge.source: (charge.name, charge.amount) for charge in charges}
    coming = {other.id: other for other in operator.plans()}
    for order in operator.orders(customer.id):
        new = coming.get(order.product_id)
        if order.state is OrderState.SCHEDULED and new is not None and order.effective <= cycle.start:
            fees.pop(plan.id, None)
            fees[new.id] = (new.name, new.monthly_fee)
    listed = "、".join(
        turn.text("bill_next_plan", name=name, amount=yuan(amount))
        if source in coming
        else amount_of(turn, name, amount)
        for source, (name, amount) in fees.items()
    )
    amount = total(amount for _, amount in fees.values())
    contract = operator.contract(customer.id)
    more = [turn.text("bill_next_discounts")] if contract is not None else []
    turn.say("bill_next", cycle=cycle_name(turn, cycle), amount=yuan(amount), list=listed, more=more)


def bill_changes(turn: Turn, bill: Bill, before: Bill) -> str:
    """`变化在: 套外流量多 27 元, 流量包少 15 元。`, the largest first; empty where nothing differs."""
    named = [
        turn.text(
            "bill_change_more" if line.now > line.before else "bill_change_less",
            name=line.name,
            amount=size(line.delta),
        )
        for line in compare_bills(bill, before).lines[:_CHANGES]
        if line.delta
    ]
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
        "cycle": cycle_name(turn, bill.cycle),
        "amount": bill.amount,
        "at": moment(turn.now, turn.today),
        "last": cycle_name(turn, bill.cycle.shifted(-1)),
        "last_amount": before.amount if before else "",
        "delta": size(bill.amount - before.amount) if before else "",
        "list": bill_list(turn, bill),
    }


def bill_list(turn: Turn, bill: Bill) -> str:
    """`月费 29 元、彩铃 5 元`."""
    return "、".join(_in_a_word(turn, item) for item in bill.items if item.amount)


def _in_a_word(turn: Turn, item: BillItem) -> str:
    if item.kind in FEES:
        return turn.text("bill_item_fee", amount=yuan(item.amount))
    return amount_of(turn, item.name, item.amount)


def _table(turn: Turn, bill: Bill, before: Bill | None) -> Table:
    labels = turn.texts.labels("table_bill")
    rows = []
    for line in sorted(compare_bills(bill, before).lines, key=lambda line: (-line.now.yuan, -line.before.yuan)):
        cells = (Cell(line.name), Cell(in_table(line.now)))
        rows.append((*cells, Cell(in_table(line.before)), money_delta(line.delta)) if before else cells)
    columns: tuple[str, ...] = (labels["item"], cycle_name(turn, bill.cycle))
    if before:
        columns += (cycle_name(turn, before.cycle), labels["delta"])
    return Table(labels["caption"], columns, tuple(rows))
