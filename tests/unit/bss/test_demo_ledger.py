from __future__ import annotations

from datetime import date

from botkit.bss.demo.ledger import Recharge, keep_account
from botkit.bss.demo.scenario import Recharging
from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.values import ZERO, Money

NOVEMBER = BillingCycle(date(2026, 11, 1), date(2026, 11, 30))
JOINED = date(2020, 1, 1)
TODAY = date(2026, 11, 22)


def bills(*yuan: int) -> list[Bill]:
    """Consecutive ones, the last of November."""
    return [
        Bill(NOVEMBER.shifted(index - len(yuan) + 1), (BillItem("", ItemKind.PLAN_FEE, "", Money.of(amount)),), True)
        for index, amount in enumerate(yuan)
    ]


def habit(opening: int, **options: Money | int) -> Recharging:
    return Recharging(opening=Money.of(opening), amount=Money.of(50), **options)  # type: ignore[arg-type]


def test_nothing_is_recharged_while_the_bills_are_covered() -> None:
    account = keep_account(habit(200), bills(80, 80), JOINED, TODAY)
    assert (account.recharges, account.balance, account.arrears) == ((), Money.of(40), ZERO)


def test_a_multiple_of_the_habitual_amount_covers_the_bill() -> None:
    account = keep_account(habit(10), bills(130), JOINED, TODAY)
    assert account.recharges == (Recharge(date(2026, 11, 2), Money.of(150)),)
    assert account.balance == Money.of(30)


def test_what_is_frozen_covers_no_bill() -> None:
    account = keep_account(habit(120, frozen=Money.of(100)), bills(80), JOINED, TODAY)
    assert account.balance == Money.of(140)


def test_who_stops_recharging_falls_into_arrears() -> None:
    account = keep_account(habit(0, stopped_after_cycle=-1), bills(50, 80), JOINED, TODAY)
    assert [recharge.day for recharge in account.recharges] == [date(2026, 10, 2)]
    assert (account.balance, account.arrears) == (ZERO, Money.of(80))


def test_nobody_recharges_before_joining_or_in_the_future() -> None:
    first = date(2026, 11, 1)
    assert keep_account(habit(0), bills(50), date(2026, 11, 17), TODAY).recharges[0].day == date(2026, 11, 17)
    assert keep_account(habit(0), bills(50), JOINED, first).recharges[0].day == first
