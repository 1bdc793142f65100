"""What is my balance: available, frozen, owed, and whether it lasts; and why the line is stopped."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.base import BotkitAction, PersonalAction, Turn
from actions.catalogue import plan_held
from actions.errands import say_by_case
from actions.wording import cycle_end, day, moment, this_cycle, yuan
from botkit.telecom.billing import Outlook, balance_outlook, upcoming_charges
from botkit.telecom.customer import Balance, Customer, LineStatus
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.values import ZERO

_RECENT_RECHARGE_DAYS = 7


class ShowBalance(PersonalAction):
    action_name = "action_balance"
    topic = "balance"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        operator = turn.operator
        balance = operator.balance(customer.id)
        cycle = BillingCycle.containing(turn.today, customer.billing_day)
        bill = operator.bill(customer.id, cycle)
        subscriptions = operator.subscriptions(customer.id)
        plan = operator.plan(plan_held(subscriptions).product_id)
        upcoming = upcoming_charges(subscriptions, plan, operator.add_ons(), cycle, turn.today, bill=bill)
        outlook = balance_outlook(balance, bill, upcoming)
        turn.say(
            _name(customer, balance, outlook),
            details=_details(turn, balance),
            available=balance.available,
            arrears=balance.arrears,
            at=_as_of(turn, balance),
            period=this_cycle(cycle, turn.texts),
            spent=bill.amount if bill else ZERO,
            upcoming=outlook.upcoming,
            end=cycle_end(cycle, turn.texts),
            short_by=outlook.short_by,
        )
        return []


def _name(customer: Customer, balance: Balance, outlook: Outlook) -> str:
    if balance.arrears:
        return "balance_arrears_suspended" if customer.status is LineStatus.SUSPENDED else "balance_arrears"
    if not outlook.enough:
        return "balance_short"
    return "balance_enough" if outlook.upcoming else "balance_nothing_due"


def _details(turn: Turn, balance: Balance) -> list[str]:
    lines = []
    if balance.frozen:
        lines.append(turn.text("balance_frozen", frozen=balance.frozen))
    if balance.last_recharge and (turn.today - balance.last_recharge[0]).days <= _RECENT_RECHARGE_DAYS:
        on, amount = balance.last_recharge
        lines.append(turn.text("balance_last_recharge", day=day(on), amount=yuan(amount)))
    return lines


def _as_of(turn: Turn, balance: Balance) -> str:
    return moment(balance.as_of.astimezone(turn.now.tzinfo), turn.today)


class ExplainSuspension(BotkitAction):
    """Why the line is stopped: for a verified customer from his own account, else what usually is the reason."""

    action_name = "action_suspension"

    def respond(self, turn: Turn) -> list[EventType]:
        customer = turn.customer()
        if customer is None:
            say_by_case(turn, "suspension")
            return []
        balance = turn.operator.balance(customer.id)
        if customer.status is LineStatus.SUSPENDED and balance.arrears:
            turn.say("suspension_arrears", arrears=yuan(balance.arrears), at=_as_of(turn, balance))
        elif customer.status is LineStatus.SUSPENDED_BY_CUSTOMER:
            turn.say("suspension_by_customer")
        elif customer.status is LineStatus.SUSPENDED:
            say_by_case(turn, "suspension")
        else:
            turn.say("suspension_none")
        return [SlotSet("topic", "balance"), SlotSet("awaiting", None)]
