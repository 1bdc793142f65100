from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.telecom.bill import Bill, ItemKind
from botkit.telecom.billing import ChangeStatus, UpcomingCharge, balance_outlook, compare_bills, upcoming_charges
from botkit.telecom.customer import Balance, Subscription
from botkit.telecom.plan import AddOnKind
from botkit.telecom.values import ZERO, Money

from .builders import NOVEMBER, bill, item, pack, plan
from .strategies import bills

TODAY = date(2026, 11, 21)
PLAN = plan(79)
VIDEO = pack(20, 0, id="video", name="炫动视频", kind=AddOnKind.SERVICE, monthly=True)
FEE = item(ItemKind.PLAN_FEE, 79, name="套餐费", source="P79")


def test_lines_of_two_bills_side_by_side() -> None:
    before = bill(
        FEE,
        item(ItemKind.OUT_OF_PLAN_DATA, 5, name="流量", source="P79"),
        item(ItemKind.ADD_ON, 15, name="10 GB 包", source="A15"),
    )
    now = bill(
        FEE,
        item(ItemKind.OUT_OF_PLAN_DATA, 13, name="流量", source="P79"),
        item(ItemKind.THIRD_PARTY, 20, name="视频", source="video"),
    )
    change = compare_bills(now, before)
    assert change.delta == Money.of(13)  # 112 - 99
    assert change.lines[0].kind is ItemKind.THIRD_PARTY
    assert [(line.name, line.delta, line.status) for line in change.lines] == [
        ("视频", Money.of(20), ChangeStatus.NEW),
        ("10 GB 包", Money.of(-15), ChangeStatus.GONE),
        ("流量", Money.of(8), ChangeStatus.CHANGED),
        ("套餐费", ZERO, ChangeStatus.SAME),
    ]


def test_the_same_product_under_another_name_is_the_same_line() -> None:
    change = compare_bills(
        bill(item(ItemKind.ADD_ON, 15, name="新名", source="A15")),
        bill(item(ItemKind.ADD_ON, 10, name="旧名", source="A15")),
    )
    assert [(line.name, line.before, line.now) for line in change.lines] == [("新名", Money.of(10), Money.of(15))]


def test_several_items_of_a_line_are_added_up() -> None:
    twice = bill(item(ItemKind.ADD_ON, 15, name="包", source="A15"), item(ItemKind.ADD_ON, 15, name="包", source="A15"))
    change = compare_bills(twice, bill(item(ItemKind.ADD_ON, 15, name="包", source="A15")))
    assert [line.delta for line in change.lines] == [Money.of(15)]


def test_a_share_of_the_fee_and_the_whole_fee_are_one_line() -> None:
    share = item(ItemKind.PLAN_FEE_PRORATED, 20, name="套餐费", source="P79")
    change = compare_bills(bill(FEE), bill(share))
    assert [(line.kind, line.before, line.now) for line in change.lines] == [
        (ItemKind.PLAN_FEE, Money.of(20), Money.of(79))
    ]


def test_use_beyond_a_plan_is_one_line_whichever_plan() -> None:
    before = bill(item(ItemKind.OUT_OF_PLAN_DATA, 5, name="套外流量", source="P79"))
    change = compare_bills(bill(item(ItemKind.OUT_OF_PLAN_DATA, 3, name="套外流量", source="P59")), before)
    assert [line.delta for line in change.lines] == [Money.of(-2)]


def test_without_a_bill_before_every_line_is_new() -> None:
    change = compare_bills(bill(FEE), None)
    assert (change.delta, change.lines[0].status) == (Money.of(79), ChangeStatus.NEW)


@given(bills, st.none() | bills)
def test_the_lines_add_up_to_the_difference(now: Bill, before: Bill | None) -> None:
    change = compare_bills(now, before)
    assert change.delta == now.amount - (before.amount if before else ZERO)
    assert change.delta == sum((line.now - line.before for line in change.lines), ZERO)
    sizes = [abs(line.delta.yuan) for line in change.lines]
    assert sizes == sorted(sizes, reverse=True)


def subscription(product_id: str, since: date, **fields: Any) -> Subscription:
    return Subscription("S1", product_id, product_id, since, is_plan=product_id.startswith("P"), **fields)


def upcoming(*subscriptions: Subscription, running: Bill | None = None) -> dict[str, Money]:
    charges = upcoming_charges(subscriptions, PLAN, [VIDEO, pack(15, 10)], NOVEMBER, TODAY, bill=running)
    return {charge.source: charge.amount for charge in charges}


def test_fees_of_the_cycles_first_day_are_charged_already() -> None:
    assert upcoming(subscription("P79", date(2025, 1, 1)), subscription("video", date(2026, 7, 3))) == {}


def test_what_starts_after_today_is_still_to_come() -> None:
    assert upcoming(subscription("A15", date(2026, 11, 25))) == {"A15": Money.of(15)}


@pytest.mark.parametrize("since", [date(2026, 11, 21), date(2026, 12, 1)])
def test_what_starts_today_or_in_the_next_cycle_is_not(since: date) -> None:
    assert upcoming(subscription("A15", since)) == {}


def test_a_plan_that_starts_later_in_the_cycle_is_prorated() -> None:
    # 79 × 3 / 30
    assert upcoming(subscription("P79", date(2026, 11, 28))) == {"P79": Money.of("7.90")}


def test_fees_that_the_running_bill_lacks_are_still_to_come() -> None:
    running = bill(FEE, item(ItemKind.OUT_OF_PLAN_DATA, 5, name="流量", source="P79"))
    subscriptions = subscription("P79", date(2025, 1, 1)), subscription("video", date(2026, 7, 3))
    assert upcoming(*subscriptions, running=running) == {"video": Money.of(20)}


def test_usage_on_the_bill_does_not_stand_for_the_plans_fee() -> None:
    running = bill(item(ItemKind.OUT_OF_PLAN_DATA, 5, name="流量", source="P79"))
    assert upcoming(subscription("P79", date(2025, 1, 1)), running=running) == {"P79": Money.of(79)}


def test_a_subscription_that_ends_today_may_still_be_charged() -> None:
    ending = subscription("video", date(2026, 7, 3), ends=TODAY)
    assert upcoming(ending, running=bill(FEE)) == {"video": Money.of(20)}


@pytest.mark.parametrize(
    "past",
    [
        subscription("A15", date(2026, 10, 5)),  # paid once, in October
        subscription("video", date(2026, 7, 3), ends=date(2026, 11, 20)),  # ended yesterday
        subscription("video", date(2026, 7, 3), ends=date(2026, 10, 31)),
        subscription("unknown", date(2026, 7, 3)),
    ],
)
def test_what_is_over_or_unknown_is_not_to_come(past: Subscription) -> None:
    assert upcoming(past, running=bill(FEE)) == {}


def balance(yuan: str, frozen: str = "0", arrears: str = "0") -> Balance:
    as_of = datetime(2026, 11, 21, 14, 5, tzinfo=timezone.utc)
    return Balance(Money.of(yuan), Money.of(frozen), Money.of(arrears), ZERO, as_of)


VIDEO_TO_COME = [UpcomingCharge("炫动视频", "video", Money.of(19))]


def test_a_balance_that_lasts() -> None:
    outlook = balance_outlook(balance("36.42"), bill(item(ItemKind.PLAN_FEE, "58.30")), VIDEO_TO_COME)
    assert (outlook.expected, outlook.upcoming) == (Money.of("77.30"), Money.of(19))
    assert (outlook.enough, outlook.short_by) == (True, ZERO)


@pytest.mark.parametrize(
    ("owned", "short_by"),
    [
        (balance("19.00"), "0"),
        (balance("18.99"), "0.01"),
        (balance("30", frozen="20"), "9"),
        (balance("0", arrears="12.30"), "31.30"),
        (balance("-12.30", arrears="12.30"), "31.30"),  # the same debt, told twice
    ],
)
def test_a_balance_that_is_short(owned: Balance, short_by: str) -> None:
    outlook = balance_outlook(owned, None, VIDEO_TO_COME)
    assert (outlook.short_by, outlook.enough) == (Money.of(short_by), short_by == "0")
