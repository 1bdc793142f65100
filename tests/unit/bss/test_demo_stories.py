"""What holds for every demo customer on every day, recomputed here from usage and published prices alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from botkit.bss.demo.catalogue import Catalogue
from botkit.bss.demo.customers import Story, tell_stories
from botkit.bss.demo.scenario import load_scenarios
from botkit.telecom.bill import ItemKind
from botkit.telecom.customer import Subscription
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.explain import explain_item
from botkit.telecom.plan import AddOnKind, DataRate, Plan
from botkit.telecom.usage import BucketKind, DayUsage
from botkit.telecom.values import ZERO, Money, total

Stories = Mapping[str, Story]

NEW_CUSTOMER = "demo-19"
MAIN_CARD, SUB_CARD = "demo-17", "demo-18"


def plan_of(story: Story, catalogue: Catalogue) -> Plan:
    return catalogue.plan(story.subscriptions[0].product_id)


def pooled_usage(story: Story, stories: Stories, cycle: BillingCycle) -> list[DayUsage]:
    """The days of a cycle; for a main card with those of the sub-card that shares its allowances."""
    lines = [story, stories[SUB_CARD]] if story.customer.id == MAIN_CARD else [story]
    return [day for line in lines for day in line.usage if day.day in cycle]


def share(amount: int, story: Story, cycle: BillingCycle) -> int:
    """What a new customer gets of a monthly amount."""
    days = (cycle.end - max(cycle.start, story.customer.tenure_since)).days + 1
    return int((Decimal(amount * days) / cycle.days).to_integral_value(ROUND_HALF_UP))


def test_there_are_enough_customers_with_numbers_that_are_no_ones(stories: Stories) -> None:
    assert len(stories) >= 16
    phones = [story.customer.phone for story in stories.values()]
    assert all(re.fullmatch(r"1[3-9]\d{9}", phone) and phone.startswith("170000000") for phone in phones)
    assert max(Counter(phones).values()) == 1


def test_the_story_is_told_up_to_today(stories: Stories, today: date) -> None:
    for story in stories.values():
        cycles = [bill.cycle for bill in story.bills]
        assert today in cycles[-1]
        assert [cycle.shifted(1) for cycle in cycles[:-1]] == cycles[1:]
        assert [bill.final for bill in story.bills] == [True] * (len(cycles) - 1) + [False]
        days = [day.day for day in story.usage]
        assert days == sorted(set(days))
        assert story.customer.tenure_since <= days[0] and cycles[0].start <= days[0] and days[-1] <= today
        assert all(1 <= day <= 28 for day in [story.customer.billing_day, cycles[0].start.day])


def test_there_are_at_least_four_complete_cycles_with_usage_and_bills(stories: Stories) -> None:
    for story in stories.values():
        complete = [bill.cycle for bill in story.bills[:-1] if bill.cycle.start >= story.customer.tenure_since]
        assert len(complete) >= (0 if story.customer.id == NEW_CUSTOMER else 4)
        assert all(any(day.day in cycle for day in story.usage) for cycle in complete)


def test_bills_equal_an_independent_sum(stories: Stories, catalogue: Catalogue) -> None:
    for story in stories.values():
        plan, rolled_over = plan_of(story, catalogue), 0
        for bill in story.bills:
            usage = pooled_usage(story, stories, bill.cycle)
            general = sum(day.general_data.mb for day in usage)
            packs = sum(pack_volume(story, catalogue, bill.cycle))
            included = share(plan.allowances.general_data.mb, story, bill.cycle)
            by_plan = max(general - packs - rolled_over, 0)
            fen = (
                fees(story, catalogue, bill.cycle)
                + data_fen(plan.out_of_plan.data, by_plan - included)
                + units_fen(
                    sum(day.voice_minutes for day in usage),
                    share(plan.allowances.voice_minutes, story, bill.cycle),
                    plan.out_of_plan.voice_per_minute,
                )
                + units_fen(
                    sum(day.sms for day in story.usage if day.day in bill.cycle),
                    share(plan.allowances.sms, story, bill.cycle),
                    plan.out_of_plan.sms_each,
                )
            )
            assert bill.amount == Money.of(Decimal(fen) / 100), (story.customer.id, bill)
            rolled_over = max(included - by_plan, 0) if plan.rollover else 0


def pack_volume(story: Story, catalogue: Catalogue, cycle: BillingCycle) -> list[int]:
    """MB that general packs give in a cycle; they are used before the plan's own."""
    return [
        add_on.data.mb
        for one in story.subscriptions[1:]
        if (add_on := catalogue.add_on(one.product_id)).kind is AddOnKind.DATA and is_held(one, cycle)
    ]


def is_held(one: Subscription, cycle: BillingCycle) -> bool:
    return one.since <= cycle.end and (one.ends is None or one.ends >= cycle.start)


def fees(story: Story, catalogue: Catalogue, cycle: BillingCycle) -> int:
    """Monthly and single fees in fen."""
    plan = plan_of(story, catalogue)
    days = (cycle.end - max(cycle.start, story.customer.tenure_since)).days + 1
    fen = int((plan.monthly_fee.yuan * 100 * days / cycle.days).to_integral_value(ROUND_HALF_UP))
    for one in story.subscriptions[1:]:
        add_on = catalogue.add_on(one.product_id)
        if one.since in cycle or (add_on.monthly and is_held(one, cycle)):
            fen += int(add_on.price.yuan * 100)
    for abroad in story.scenario.roaming:
        if cycle == story.bills[abroad.cycle - 1].cycle:
            fen += 3000 * len(abroad.days)
    if story.scenario.contract and story.contract:
        fen -= int(story.scenario.contract.discount.yuan * 100)
    return fen


def data_fen(rate: DataRate | None, over: int) -> int:
    """Megabyte by megabyte, as the price list reads."""
    if rate is None:
        return 0
    charged = block = 0
    cap = int(rate.per_gb * 100)
    for mb in range(max(over, 0)):
        if mb % 1024 == 0:
            charged, block = charged + block, 0
            if (
                rate.cheaper_after is not None
                and rate.cheaper_per_gb is not None
                and charged >= rate.cheaper_after * 100
            ):
                cap = int(rate.cheaper_per_gb * 100)
        assert rate.per_mb is not None, "no demo customer goes beyond an evenly charged plan"
        block = min(block + int(rate.per_mb * 100), cap)
    return charged + block


def units_fen(used: int, included: int, price: Decimal) -> int:
    return int(max(used - included, 0) * price * 100)


def test_every_item_is_explained_by_its_rule_to_the_fen(stories: Stories, catalogue: Catalogue) -> None:
    add_ons = {add_on.id: add_on for add_on in catalogue.add_ons}
    for story in stories.values():
        for bill in story.bills:
            assert len({item.id for item in bill.items}) == len(bill.items)
            for item in bill.items:
                if item.kind is not ItemKind.DISCOUNT:
                    explained = explain_item(item, plan_of(story, catalogue), add_ons.get(item.source))
                    assert explained.matches, (story.customer.id, item)


def test_items_tell_days_of_their_own_cycle(stories: Stories, today: date) -> None:
    for story in stories.values():
        for bill in story.bills:
            for item in bill.items:
                assert all(day in bill.cycle and day <= today for day in item.days)
                if item.kind is ItemKind.OUT_OF_PLAN_DATA:
                    assert item.days and item.quantity


def test_the_account_adds_up(stories: Stories, today: date) -> None:
    for story in stories.values():
        account = story.account
        paid_in = account.opening + total(recharge.amount for recharge in account.recharges)
        assert paid_in - total(bill.amount for bill in story.bills) == account.balance - account.arrears
        assert account.balance >= story.scenario.recharging.frozen
        assert not (account.balance and account.arrears)
        assert all(story.customer.tenure_since <= recharge.day <= today for recharge in account.recharges)


def test_buckets_agree_with_the_usage_of_the_running_cycle(stories: Stories, today: date) -> None:
    for story in stories.values():
        cycle = story.bills[-1].cycle
        usage = pooled_usage(story, stories, cycle)

        def used(kind: BucketKind, story: Story = story) -> int | None:
            buckets = [bucket for bucket in story.buckets if bucket.kind is kind]
            return sum(bucket.used for bucket in buckets) if buckets else None

        assert used(BucketKind.GENERAL_DATA) == sum(day.general_data.mb for day in usage)
        assert used(BucketKind.VOICE) in (None, sum(day.voice_minutes for day in usage))
        assert used(BucketKind.SMS) in (None, sum(day.sms for day in usage))
        assert used(BucketKind.DIRECTED_DATA) in (None, sum(day.directed_data.mb for day in usage))
        assert (used(BucketKind.SA_DATA) or 0) <= sum(day.sa_data.mb for day in usage)
        assert all(bucket.rolled_over <= bucket.granted and bucket.expires in cycle for bucket in story.buckets)
        assert all(bucket.expires >= today for bucket in story.buckets)


def test_parts_of_a_days_data_are_not_more_than_the_whole(stories: Stories) -> None:
    for story in stories.values():
        paid_by_packs = any(bucket.kind is BucketKind.SA_DATA and bucket.used for bucket in story.buckets)
        for day in story.usage:
            assert paid_by_packs or max(day.sa_data.mb, day.night_data.mb) <= day.general_data.mb


def test_standalone_5g_is_used_on_5g_plans_only(stories: Stories, catalogue: Catalogue) -> None:
    for story in stories.values():
        assert plan_of(story, catalogue).network == "5G" or not any(day.sa_data for day in story.usage)


def test_products_were_on_sale_to_the_customer_when_he_took_them(stories: Stories, catalogue: Catalogue) -> None:
    products = {product.id: product for product in catalogue.products}
    for story in stories.values():
        first, *rest = story.subscriptions
        assert first.is_plan and not any(one.is_plan for one in rest)
        assert [one.since for one in rest] == sorted(one.since for one in rest)
        for one in story.subscriptions:
            product = products[one.product_id]
            assert story.customer.tenure_since <= one.since
            assert product.on_sale(one.since) or product.name == "合家享副卡", (story.customer.id, one)
            limits = product.eligibility
            assert (limits.min_age or 0) <= story.customer.age <= (limits.max_age or 150)


def test_orders_are_those_of_the_last_24_months(stories: Stories, today: date) -> None:
    for story in stories.values():
        for order in story.orders:
            assert today - timedelta(days=2 * 366 + 3) <= order.placed <= today
            assert order.placed <= order.effective
        recent = [one for one in story.subscriptions if one.since > today - timedelta(days=700)]
        assert {one.product_id for one in recent} <= {order.product_id for order in story.orders}


def test_a_story_is_the_same_however_often_it_is_told(catalogue: Catalogue) -> None:
    first, again = (tell_stories(load_scenarios(), catalogue, date(2026, 11, 22)) for _ in range(2))
    assert first == again


def test_weekends_differ_from_weekdays(stories: Stories) -> None:
    usage = stories["demo-18"].usage
    weekend = [day.general_data.mb for day in usage if day.day.weekday() >= 5]
    weekdays = [day.general_data.mb for day in usage if day.day.weekday() < 5]
    assert sum(weekend) / len(weekend) > 1.4 * sum(weekdays) / len(weekdays)


@pytest.mark.parametrize("customer", ["demo-05", "demo-12", "demo-28"])
def test_finished_months_do_not_change_from_day_to_day(customer: str, catalogue: Catalogue) -> None:
    scenarios = [scenario for scenario in load_scenarios() if scenario.id == customer]
    (first,) = tell_stories(scenarios, catalogue, date(2026, 11, 22))
    (later,) = tell_stories(scenarios, catalogue, date(2026, 11, 30))
    assert first.bills[:-1] == later.bills[:-1]
    assert [d for d in first.usage if d.day.month != 11] == [d for d in later.usage if d.day.month != 11]


def test_every_bill_is_worth_paying(stories: Stories) -> None:
    assert all(bill.amount > ZERO for story in stories.values() for bill in story.bills)
