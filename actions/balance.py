"""What is my balance: available, frozen, owed, and whether it lasts."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import PersonalAction, Turn
from actions.wording import cycle_end, day, moment, this_cycle
from botkit.telecom.billing import balance_outlook, upcoming_charges
from botkit.telecom.customer import Customer, LineStatus
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.values import ZERO


class ShowBalance(PersonalAction):
    action_name = "action_balance"
    topic = "balance"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        operator = turn.operator
        balance = operator.balance(customer.id)
        cycle = BillingCycle.containing(turn.today, customer.billing_day)
        bill = operator.bill(customer.id, cycle)
        subscriptions = operator.subscriptions(customer.id)
        plan = operator.plan(next(s.product_id for s in subscriptions if s.is_plan))
        upcoming = upcoming_charges(subscriptions, plan, operator.add_ons(), cycle, turn.today, bill=bill)
        outlook = balance_outlook(balance, bill, upcoming)

        more = []
        if balance.frozen:
            more.append(turn.text("balance_frozen", frozen=balance.frozen))
        if balance.last_recharge and (turn.today - balance.last_recharge[0]).days <= 7:
            on, amount = balance.last_recharge
            more.append(turn.text("balance_last_recharge", day=day(on), amount=amount))
        values = {
            "available": balance.available,
            "arrears": balance.arrears,
            "at": moment(balance.as_of.astimezone(turn.now.tzinfo), turn.today),
            "period": this_cycle(cycle, turn.texts),
            "spent": bill.amount if bill else ZERO,
            "upcoming": outlook.upcoming,
            "end": cycle_end(cycle, turn.texts),
            "short_by": outlook.short_by,
        }
        if balance.arrears:
            stopped = customer.status is LineStatus.SUSPENDED
            turn.say("balance_arrears_suspended" if stopped else "balance_arrears", more=more, **values)
        elif not outlook.enough:
            turn.say("balance_short", more=more, **values)
        elif outlook.upcoming:
            turn.say("balance_enough", more=more, **values)
        else:
            turn.say("balance_nothing_due", more=more, **values)
        return []
