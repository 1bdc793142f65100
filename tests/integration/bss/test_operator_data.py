"""The embedded operator answers every question of the port, and answers what was told to it."""

from __future__ import annotations

import inspect
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from botkit.bss.demo.catalogue import load_catalogue
from botkit.bss.demo.customers import Story, tell_stories
from botkit.bss.demo.scenario import load_scenarios
from botkit.bss.embedded import EmbeddedOperator
from botkit.bss.port import Operator, OrderState, UnknownCustomer, UnknownProduct
from botkit.telecom.customer import LineStatus
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.values import Money

Shop = Any  # see conftest.py

TODAY = date(2026, 11, 22)
NOVEMBER = BillingCycle.containing(TODAY, 1)
QUESTIONS = [name for name, _ in inspect.getmembers(Operator, inspect.isfunction) if not name.startswith("_")]


@pytest.fixture(scope="module")
def stories() -> tuple[Story, ...]:
    return tell_stories(load_scenarios(), load_catalogue(), TODAY)


def conforms(operator: EmbeddedOperator) -> Operator:
    """Checked by the type checker."""
    return operator


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_method_of_the_port_is_there_with_its_signature(question: str) -> None:
    assert inspect.signature(getattr(EmbeddedOperator, question)) == inspect.signature(getattr(Operator, question))


def test_the_time_is_that_of_china(shop: Shop) -> None:
    shop.clock.now = datetime(2026, 11, 22, 17, 0, tzinfo=timezone.utc)
    assert shop.operator.now().isoformat() == "2026-11-23T01:00:00+08:00"


def test_the_catalogue_is_open(shop: Shop) -> None:
    plan, add_on = shop.operator.plans()[0], shop.operator.add_ons()[0]
    assert shop.operator.plan(plan.id) == plan
    assert shop.operator.add_on(add_on.id) == add_on
    with pytest.raises(UnknownProduct):
        shop.operator.plan("24XQ999999")
    with pytest.raises(UnknownProduct):
        shop.operator.add_on(plan.id)


def test_everything_told_is_answered(shop: Shop, stories: tuple[Story, ...]) -> None:
    operator = shop.operator
    for story in stories:
        customer = story.customer
        assert operator.customer_by_phone(customer.phone) == operator.customer(customer.id) == customer
        active = [one for one in story.subscriptions if one.ends is None or one.ends >= TODAY]
        assert operator.subscriptions(customer.id) == active
        assert tuple(operator.buckets(customer.id)) == story.buckets
        assert tuple(operator.daily_usage(customer.id, date(2020, 1, 1), TODAY)) == story.usage
        assert tuple(operator.bill(customer.id, bill.cycle) for bill in story.bills) == story.bills
        assert operator.contract(customer.id) == story.contract
        assert operator.device(customer.id) == story.device
        balance = operator.balance(customer.id)
        assert (balance.balance, balance.arrears) == (story.account.balance, story.account.arrears)
        last = story.account.recharges[-1]
        assert balance.last_recharge == (last.day, last.amount)
        assert len(operator.orders(customer.id)) == len(story.orders)


def test_the_balance_holds_as_of_now(shop: Shop) -> None:
    assert shop.operator.balance("demo-23").as_of == shop.clock()
    assert shop.operator.balance("demo-23").frozen == Money.of(100)


def test_daily_usage_includes_both_days_and_is_in_order(shop: Shop) -> None:
    usage = shop.operator.daily_usage("demo-08", date(2026, 10, 5), date(2026, 10, 9))
    assert [day.day.day for day in usage] == [5, 6, 7, 8, 9]


def test_cycle_usage_is_the_sum_of_its_days_oldest_first(shop: Shop) -> None:
    usages = shop.operator.cycle_usage("demo-06", 3)
    assert [usage.cycle.start.month for usage in usages] == [8, 9, 10]
    for usage in usages:
        days = shop.operator.daily_usage("demo-06", usage.cycle.start, usage.cycle.end)
        assert usage.general_data.mb == sum(day.general_data.mb for day in days)
        assert usage.voice_minutes == sum(day.voice_minutes for day in days)


def test_cycle_usage_is_shorter_for_newer_customers(shop: Shop) -> None:
    assert len(shop.operator.cycle_usage("demo-25", 12)) == 5
    assert shop.operator.cycle_usage("demo-19", 3) == []  # his first cycle was not a whole one


def test_there_is_no_bill_before_the_story(shop: Shop) -> None:
    assert shop.operator.bill("demo-06", NOVEMBER.shifted(-12)) is None
    assert shop.operator.bill("demo-06", NOVEMBER.shifted(1)) is None


def test_the_plan_comes_first_then_add_ons_by_date_and_what_has_ended_is_gone(shop: Shop) -> None:
    names = [one.name for one in shop.operator.subscriptions("demo-27")]
    assert names == ["畅聊88", "来电提醒", "彩铃", "畅读会员", "酷听音乐会员"]
    assert [one.name for one in shop.operator.subscriptions("demo-09")] == ["畅选79"]


def test_a_scheduled_change_is_among_the_orders_newest_first(shop: Shop) -> None:
    newest = shop.operator.orders("demo-26")[0]
    assert (newest.product_name, newest.state) == ("畅选99", OrderState.SCHEDULED)
    assert newest.placed_at.utcoffset() == timedelta(0)


def test_states_come_back_as_they_went(shop: Shop) -> None:
    assert shop.operator.customer("demo-10").status is LineStatus.SUSPENDED


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("customer", ()),
        ("balance", ()),
        ("subscriptions", ()),
        ("buckets", ()),
        ("daily_usage", (TODAY, TODAY)),
        ("cycle_usage", (3,)),
        ("bill", (NOVEMBER,)),
        ("contract", ()),
        ("device", ()),
        ("orders", ()),
    ],
)
def test_an_unknown_customer_is_an_error(shop: Shop, question: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(UnknownCustomer):
        getattr(shop.operator, question)("nobody", *arguments)


def test_an_unknown_number_is_an_error_without_personal_data(shop: Shop) -> None:
    with pytest.raises(UnknownCustomer) as error:
        shop.operator.customer_by_phone("13900000000")
    assert str(error.value) == ""
