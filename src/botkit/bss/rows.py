"""The demo operator's rows as values of `botkit.telecom`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from botkit.bss.port import Order, OrderState
from botkit.store.tables.operator import (
    BalanceRow,
    BillItemRow,
    BillRow,
    BucketRow,
    ContractRow,
    CustomerRow,
    DayUsageRow,
    DeviceRow,
    OrderRow,
    RechargeRow,
    SubscriptionRow,
)
from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.customer import Balance, Contract, Customer, Device, LineStatus, Subscription
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import PenaltyFamily, PenaltyRule
from botkit.telecom.usage import Bucket, BucketKind, DayUsage
from botkit.telecom.values import DataVolume, Money

A = TypeVar("A")
B = TypeVar("B")


def fen(amount: Money) -> int:
    return int(amount.yuan.scaleb(2))


def money(amount_fen: int) -> Money:
    return Money.of(Decimal(amount_fen).scaleb(-2))


def basis_points(percentage: Decimal) -> int:
    return int(percentage.scaleb(2))


def percent(points: int) -> Decimal:
    return Decimal(points).scaleb(-2)


def optional(convert: Callable[[A], B], value: A | None) -> B | None:
    """`value` converted, unless there is none."""
    return None if value is None else convert(value)


def customer(row: CustomerRow) -> Customer:
    return Customer(
        id=row.id,
        phone=row.phone,
        name=row.name,
        age=row.age,
        tenure_since=row.tenure_since,
        billing_day=row.billing_day,
        status=LineStatus(row.status),
        language_simple=row.language_simple,
        family_id=row.family_id,
    )


def balance(row: BalanceRow, last_recharge: RechargeRow | None, as_of: datetime) -> Balance:
    return Balance(
        balance=money(row.balance_fen),
        frozen=money(row.frozen_fen),
        arrears=money(row.arrears_fen),
        credit_limit=money(row.credit_limit_fen),
        as_of=as_of,
        last_recharge=(last_recharge.day, money(last_recharge.amount_fen)) if last_recharge else None,
    )


def subscription(row: SubscriptionRow) -> Subscription:
    return Subscription(row.id, row.product_id, row.name, row.since, row.is_plan, row.ends)


def bucket(row: BucketRow) -> Bucket:
    return Bucket(
        kind=BucketKind(row.kind),
        name=row.name,
        granted=row.granted,
        used=row.used,
        expires=row.expires,
        source=row.source,
        rolled_over=row.rolled_over,
    )


def day_usage(row: DayUsageRow) -> DayUsage:
    return DayUsage(
        day=row.day,
        general_data=DataVolume(row.general_mb),
        directed_data=DataVolume(row.directed_mb),
        sa_data=DataVolume(row.sa_mb),
        night_data=DataVolume(row.night_mb),
        voice_minutes=row.voice_minutes,
        sms=row.sms,
    )


def bill(row: BillRow) -> Bill:
    cycle = BillingCycle(row.cycle_start, row.cycle_end)
    return Bill(cycle, tuple(_bill_item(item) for item in row.items), row.final)


def _bill_item(row: BillItemRow) -> BillItem:
    return BillItem(
        id=row.id,
        kind=ItemKind(row.kind),
        name=row.name,
        amount=money(row.amount_fen),
        quantity=row.quantity,
        since=row.since,
        days=tuple(day.day for day in row.days),
        source=row.source,
        provider=row.provider,
        times_charged=row.times_charged,
    )


def contract(row: ContractRow) -> Contract:
    return Contract(
        name=row.name,
        start=row.start,
        months=row.months,
        monthly_commitment=money(row.monthly_commitment_fen),
        penalty=PenaltyRule(
            family=PenaltyFamily(row.penalty_family),
            amount=optional(money, row.penalty_amount_fen),
            base=optional(money, row.penalty_base_fen),
            max_months=row.penalty_max_months,
            percent=optional(percent, row.penalty_basis_points),
        ),
    )


def device(row: DeviceRow) -> Device:
    return Device(row.brand, row.model, row.seen)


def order(row: OrderRow) -> Order:
    return Order(row.id, row.product_id, row.product_name, OrderState(row.state), row.placed_at, row.effective)
