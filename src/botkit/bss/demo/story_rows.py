"""A demo customer's story as rows of the operator's tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from botkit.bss.demo.billing import bill_id
from botkit.bss.demo.customers import Story
from botkit.bss.rows import basis_points, fen, optional
from botkit.store.tables.operator import (
    BalanceRow,
    BillItemDayRow,
    BillItemRow,
    BillRow,
    BucketRow,
    ContractRow,
    DayUsageRow,
    DeviceRow,
    OrderRow,
    RechargeRow,
    SubscriptionRow,
)
from botkit.telecom.bill import BillItem

ORDER_HOUR = time(10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))

Rows = Iterator[dict[str, Any]]


def customer_row(story: Story) -> dict[str, Any]:
    customer = story.customer
    return {
        "id": customer.id,
        "phone": customer.phone,
        "name": customer.name,
        "age": customer.age,
        "tenure_since": customer.tenure_since,
        "billing_day": customer.billing_day,
        "status": customer.status.value,
        "language_simple": customer.language_simple,
        "family_id": customer.family_id,
    }


def _subscriptions(story: Story) -> Rows:
    for held in story.subscriptions:
        yield {
            "id": held.id,
            "customer_id": story.customer.id,
            "product_id": held.product_id,
            "name": held.name,
            "since": held.since,
            "ends": held.ends,
            "is_plan": held.is_plan,
        }


def _orders(story: Story) -> Rows:
    for number, order in enumerate(story.orders):
        yield {
            "id": f"{story.customer.id}-order-{number:02}",
            "customer_id": story.customer.id,
            "product_id": order.product_id,
            "product_name": order.product_name,
            "state": order.state.value,
            "placed_at": datetime.combine(order.placed, ORDER_HOUR),
            "effective": order.effective,
            "seeded": True,
        }


def _balances(story: Story) -> Rows:
    account, habit = story.account, story.scenario.recharging
    yield {
        "customer_id": story.customer.id,
        "opening_fen": fen(account.opening),
        "balance_fen": fen(account.balance),
        "frozen_fen": fen(habit.frozen),
        "arrears_fen": fen(account.arrears),
        "credit_limit_fen": fen(habit.credit_limit),
    }


def _recharges(story: Story) -> Rows:
    for number, recharge in enumerate(story.account.recharges):
        yield {
            "id": f"{story.customer.id}-recharge-{number:02}",
            "customer_id": story.customer.id,
            "day": recharge.day,
            "amount_fen": fen(recharge.amount),
        }


def _contracts(story: Story) -> Rows:
    if (contract := story.contract) is not None:
        yield {
            "customer_id": story.customer.id,
            "name": contract.name,
            "start": contract.start,
            "months": contract.months,
            "monthly_commitment_fen": fen(contract.monthly_commitment),
            "penalty_family": contract.penalty.family.value,
            "penalty_amount_fen": optional(fen, contract.penalty.amount),
            "penalty_base_fen": optional(fen, contract.penalty.base),
            "penalty_max_months": contract.penalty.max_months,
            "penalty_basis_points": optional(basis_points, contract.penalty.percent),
        }


def _devices(story: Story) -> Rows:
    if (device := story.device) is not None:
        yield {"customer_id": story.customer.id, "brand": device.brand, "model": device.model, "seen": device.seen}


def _buckets(story: Story) -> Rows:
    for position, bucket in enumerate(story.buckets):
        yield {
            "customer_id": story.customer.id,
            "position": position,
            "kind": bucket.kind.value,
            "name": bucket.name,
            "granted": bucket.granted,
            "used": bucket.used,
            "rolled_over": bucket.rolled_over,
            "expires": bucket.expires,
            "source": bucket.source,
        }


def _daily_usage(story: Story) -> Rows:
    for usage in story.usage:
        yield {
            "customer_id": story.customer.id,
            "day": usage.day,
            "general_mb": usage.general_data.mb,
            "directed_mb": usage.directed_data.mb,
            "sa_mb": usage.sa_data.mb,
            "night_mb": usage.night_data.mb,
            "voice_minutes": usage.voice_minutes,
            "sms": usage.sms,
        }


def _bills(story: Story) -> Rows:
    for bill in story.bills:
        yield {
            "id": bill_id(story.customer.id, bill.cycle),
            "customer_id": story.customer.id,
            "cycle_start": bill.cycle.start,
            "cycle_end": bill.cycle.end,
            "final": bill.final,
        }


def _items(story: Story) -> Iterator[tuple[str, int, BillItem]]:
    """With the id of the bill and the position on it."""
    for bill in story.bills:
        for position, item in enumerate(bill.items):
            yield bill_id(story.customer.id, bill.cycle), position, item


def _bill_items(story: Story) -> Rows:
    for bill, position, item in _items(story):
        yield {
            "id": item.id,
            "bill_id": bill,
            "position": position,
            "kind": item.kind.value,
            "name": item.name,
            "amount_fen": fen(item.amount),
            "quantity": item.quantity,
            "since": item.since,
            "source": item.source,
            "provider": item.provider,
            "times_charged": item.times_charged,
        }


def _bill_item_days(story: Story) -> Rows:
    for _, _, item in _items(story):
        for position, day in enumerate(item.days):
            yield {"item_id": item.id, "position": position, "day": day}


ROWS_BY_TABLE: tuple[tuple[Any, Callable[[Story], Rows]], ...] = (
    (SubscriptionRow, _subscriptions),
    (OrderRow, _orders),
    (BalanceRow, _balances),
    (RechargeRow, _recharges),
    (ContractRow, _contracts),
    (DeviceRow, _devices),
    (BucketRow, _buckets),
    (DayUsageRow, _daily_usage),
    (BillRow, _bills),
    (BillItemRow, _bill_items),
    (BillItemDayRow, _bill_item_days),
)
"""All tables that a story fills besides the customer's own, in an order that foreign keys allow."""
