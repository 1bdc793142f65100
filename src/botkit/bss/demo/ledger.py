"""The prepaid account: recharges in, bills out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING

from botkit.bss.demo.scenario import Recharging
from botkit.telecom.bill import Bill
from botkit.telecom.values import ZERO, Money


@dataclass(frozen=True)
class Recharge:
    day: date
    amount: Money


@dataclass(frozen=True)
class Account:
    """opening + recharges - bills = balance - arrears."""

    opening: Money
    recharges: tuple[Recharge, ...]
    balance: Money
    arrears: Money


def keep_account(habit: Recharging, bills: Sequence[Bill], joined: date, today: date) -> Account:
    """Recharge early in each cycle whose bill would not be covered, by a multiple of the habitual amount.

    Args:
        bills: oldest first, the running one last.
    """
    net = habit.opening
    recharges = []
    for index, bill in enumerate(bills, start=1 - len(bills)):
        missing = bill.amount + habit.frozen - net
        still_recharges = habit.stopped_after_cycle is None or index <= habit.stopped_after_cycle
        if missing > ZERO and still_recharges:
            times = int((missing.yuan / habit.amount.yuan).to_integral_value(ROUND_CEILING))
            day = max(min(bill.cycle.start + timedelta(days=1), today), joined)
            recharges.append(Recharge(day, habit.amount * times))
            net += habit.amount * times
        net -= bill.amount
    return Account(habit.opening, tuple(recharges), balance=max(net, ZERO), arrears=max(-net, ZERO))
