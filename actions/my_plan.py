"""The customer's own plan, contract, and what he has ordered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rasa_sdk.events import EventType, SlotSet

from actions.base import BotkitAction, PersonalAction, Turn, ask_to_verify, once_verified
from actions.catalogue import plan_held
from actions.plan_terms import included, penalty_words
from actions.wording import day, moment, yuan
from botkit.bss.port import OrderState
from botkit.handoff.tickets import UNDER_WAY, TicketStatus
from botkit.telecom.customer import Contract, Customer, Subscription
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.termination import TerminationFee, early_termination_fee

_COMPLAINT = re.compile(r"投诉|工单|单子|报修|报障|反映|反馈|回电|回复|申诉")
_ORDERED = re.compile(r"办|订|生效|开通|套餐|流量包|换|退")
_ORDERS = 3


class ShowMyPlan(PersonalAction):
    action_name = "action_my_plan"
    topic = "my_plan"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        subscriptions = turn.operator.subscriptions(customer.id)
        mine = plan_held(subscriptions)
        plan = turn.operator.plan(mine.product_id)
        extras = [_add_on(turn, subscription) for subscription in subscriptions if not subscription.is_plan]
        more = [included(turn, plan)]
        more.append(turn.text("my_plan_add_ons", list="；".join(extras)) if extras else turn.text("my_plan_no_add_ons"))
        if not plan.on_sale(turn.today):
            more.append(turn.text("my_plan_not_sold"))
        more += change_due(turn, customer)
        turn.say("my_plan", plan=plan.name, fee=yuan(plan.monthly_fee), since=day(mine.since, turn.today), more=more)
        return [SlotSet("focus", {"plan": plan.name})]


def _add_on(turn: Turn, subscription: Subscription) -> str:
    add_on = next((a for a in turn.operator.add_ons() if a.id == subscription.product_id), None)
    if add_on is None:
        return subscription.name
    since = day(subscription.since, turn.today)
    return turn.text("my_plan_add_on", name=subscription.name, price=yuan(add_on.price), since=since)


def change_due(turn: Turn, customer: Customer) -> list[str]:
    """A change of plan that waits for its day, in a sentence."""
    plans = {plan.id for plan in turn.operator.plans()}
    return [
        turn.text("my_plan_change_due", plan=order.product_name, day=day(order.effective, turn.today))
        for order in turn.operator.orders(customer.id)
        if order.state is OrderState.SCHEDULED and order.product_id in plans
    ]


class ShowContract(PersonalAction):
    action_name = "action_contract"
    topic = "contract"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        contract = turn.operator.contract(customer.id)
        if contract is None:
            turn.say("contract_none")
            return []
        fee = early_termination_fee(contract, turn.today)
        if not fee.months_left:
            turn.say("contract_over", name=contract.name, ends=day(fee.ends, turn.today))
            return []
        turn.say(
            "contract_running",
            name=contract.name,
            months=contract.months,
            ends=day(fee.ends, turn.today),
            left=fee.months_left,
            fees=_fees(turn, contract, fee, BillingCycle.containing(turn.today, customer.billing_day).shifted(1).start),
            commitment=yuan(contract.monthly_commitment),
            rule=penalty_words(turn, contract.penalty),
        )
        return []


def _fees(turn: Turn, contract: Contract, today: TerminationFee, effective: date) -> str:
    """What ending it costs today, and on the day on which a change of plan would take effect where that differs."""
    later = early_termination_fee(contract, effective)
    if not later.months_left:
        name = "contract_fee_free"
    else:
        name = "contract_fee_today" if later.amount == today.amount else "contract_fee_both"
    amounts = {"today": yuan(today.amount), "later": yuan(later.amount)}
    return turn.text(name, day=day(effective, turn.today), **amounts)


class ShowOrders(BotkitAction):
    """How far an order is, or a ticket: what was reported, complained about, or is to be called back."""

    action_name = "action_order_status"

    def respond(self, turn: Turn) -> list[EventType]:
        verified = turn.verified()
        tickets = _tickets(turn, verified.customer_id if verified else None)
        if tickets and (_COMPLAINT.search(turn.said) or not _ORDERED.search(turn.said)):
            turn.say("ticket_found", count=len(tickets), more=[_ticket(turn, ticket) for ticket in tickets[:_ORDERS]])
            return [SlotSet("pending_task", None), SlotSet("awaiting", None)]
        if _COMPLAINT.search(turn.said):
            turn.say(_no_ticket(turn, verified is not None))
            # who then proves who he is (a button of the answer) wants to know it of all his tickets
            later = SlotSet("pending_task", None) if verified else once_verified(turn, self.action_name)
            return [SlotSet("awaiting", "human"), later]
        customer = turn.customer()
        if customer is None:
            return ask_to_verify(turn, self.action_name)
        orders = turn.operator.orders(customer.id)[:_ORDERS]
        lines = [
            turn.text(
                f"order_{order.state.value}",
                name=order.product_name,
                placed=day(order.placed_at.astimezone(turn.now.tzinfo).date(), turn.today),
                day=day(order.effective, turn.today),
            )
            for order in orders
        ]
        if lines:
            turn.say("order_found", count=len(lines), more=lines)
        else:
            turn.say("order_none")
        return [SlotSet("topic", "orders"), SlotSet("pending_task", None), SlotSet("awaiting", None)]


def _tickets(turn: Turn, customer_id: str | None) -> Sequence[TicketStatus]:
    book = turn.services.tickets
    return book.statuses(turn.tracker.sender_id, customer_id) if book else ()


def _ticket(turn: Turn, ticket: TicketStatus) -> str:
    """A ticket in a sentence. What is under way past its promise is said to be late."""
    late = ticket.state in UNDER_WAY and ticket.promised_at < turn.now
    return turn.text(
        f"ticket_{'late' if late else ticket.state.value}",
        number=ticket.number,
        department=ticket.department,
        when=moment(ticket.promised_at.astimezone(turn.now.tzinfo), turn.today),
        last=turn.text("ticket_last", text=ticket.last) if ticket.last else "",
    )


def _no_ticket(turn: Turn, verified: bool) -> str:
    if turn.services.tickets is None:
        return "ticket_status"
    return "ticket_none" if verified else "ticket_none_here"
