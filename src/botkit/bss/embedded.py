"""The demo operator behind the port: its catalogue from YAML, everything else from the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from botkit.bss import rows
from botkit.bss.codes import OneTimeCodes, SecretRandom
from botkit.bss.demo.catalogue import Catalogue
from botkit.bss.port import CodeCheck, CodeSent, Order, UnknownCustomer
from botkit.bss.sms import SmsSender
from botkit.store.engine import UnitOfWork
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
from botkit.telecom.bill import Bill
from botkit.telecom.customer import Balance, Contract, Customer, Device, Subscription
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import AddOn, Plan
from botkit.telecom.usage import Bucket, CycleUsage, DayUsage
from botkit.telecom.values import DataVolume

CHINA = ZoneInfo("Asia/Shanghai")


class EmbeddedOperator:
    """Implements `Operator`. Every method is one unit of work.

    Methods that take a customer's id raise `UnknownCustomer` when there is none.

    Args:
        clock: gives aware times; the operator's day is that of China.
        code_text: the message with a one-time code, see `OneTimeCodes`.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        catalogue: Catalogue,
        clock: Callable[[], datetime],
        random: SecretRandom,
        sms: SmsSender,
        code_text: str,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue
        self._clock = clock
        self._codes = OneTimeCodes(unit_of_work, clock, random, sms, code_text)

    def now(self) -> datetime:
        """Now, in China's time."""
        return self._clock().astimezone(CHINA)

    def plans(self) -> Sequence[Plan]:
        return self._catalogue.plans

    def plan(self, plan_id: str) -> Plan:
        return self._catalogue.plan(plan_id)

    def add_ons(self) -> Sequence[AddOn]:
        return self._catalogue.add_ons

    def add_on(self, add_on_id: str) -> AddOn:
        return self._catalogue.add_on(add_on_id)

    def customer_by_phone(self, phone: str) -> Customer:
        with self._unit_of_work(reading=True) as session:
            row = session.execute(select(CustomerRow).where(CustomerRow.phone == phone)).scalar_one_or_none()
            if row is None:
                raise UnknownCustomer
            return rows.customer(row)

    def customer(self, customer_id: str) -> Customer:
        with self._known(customer_id) as (_, row):
            return rows.customer(row)

    def balance(self, customer_id: str) -> Balance:
        with self._known(customer_id) as (session, _):
            last = _of(RechargeRow, customer_id).order_by(RechargeRow.day.desc()).limit(1)
            return rows.balance(
                session.get(BalanceRow, customer_id), session.execute(last).scalar_one_or_none(), self.now()
            )

    def subscriptions(self, customer_id: str) -> Sequence[Subscription]:
        with self._known(customer_id) as (session, _):
            today = self.now().date()
            held = _of(SubscriptionRow, customer_id).where(
                SubscriptionRow.ends.is_(None) | (SubscriptionRow.ends >= today)
            )
            plan_first = held.order_by(SubscriptionRow.is_plan.desc(), SubscriptionRow.since, SubscriptionRow.id)
            return [rows.subscription(row) for row in session.execute(plan_first).scalars()]

    def buckets(self, customer_id: str) -> Sequence[Bucket]:
        with self._known(customer_id) as (session, _):
            granted = _of(BucketRow, customer_id).order_by(BucketRow.position)
            return [rows.bucket(row) for row in session.execute(granted).scalars()]

    def daily_usage(self, customer_id: str, since: date, until: date) -> Sequence[DayUsage]:
        with self._known(customer_id) as (session, _):
            return _daily_usage(session, customer_id, since, until)

    def cycle_usage(self, customer_id: str, cycles: int) -> Sequence[CycleUsage]:
        with self._known(customer_id) as (session, customer):
            running = BillingCycle.containing(self.now().date(), customer.billing_day)
            complete = [
                cycle
                for cycle in (running.shifted(-back) for back in range(cycles, 0, -1))
                if cycle.start >= customer.tenure_since
            ]
            return [
                _sum(cycle, usage)
                for cycle in complete
                if (usage := _daily_usage(session, customer_id, cycle.start, cycle.end))
            ]

    def bill(self, customer_id: str, cycle: BillingCycle) -> Bill | None:
        with self._known(customer_id) as (session, _):
            wanted = (
                _of(BillRow, customer_id)
                .where(BillRow.cycle_start == cycle.start)
                .options(selectinload(BillRow.items).selectinload(BillItemRow.days))
            )
            row = session.execute(wanted).scalar_one_or_none()
            return None if row is None else rows.bill(row)

    def contract(self, customer_id: str) -> Contract | None:
        with self._known(customer_id) as (session, _):
            row = session.get(ContractRow, customer_id)
            return None if row is None else rows.contract(row)

    def device(self, customer_id: str) -> Device | None:
        with self._known(customer_id) as (session, _):
            row = session.get(DeviceRow, customer_id)
            return None if row is None else rows.device(row)

    def orders(self, customer_id: str) -> Sequence[Order]:
        """The newest first."""
        with self._known(customer_id) as (session, _):
            newest_first = _of(OrderRow, customer_id).order_by(OrderRow.placed_at.desc(), OrderRow.id)
            return [rows.order(row) for row in session.execute(newest_first).scalars()]

    def send_code(self, phone: str, request_id: str) -> CodeSent:
        return self._codes.send(phone, request_id)

    def check_code(self, phone: str, code: str, request_id: str) -> CodeCheck:
        return self._codes.check(phone, code, request_id)

    @contextmanager
    def _known(self, customer_id: str) -> Iterator[tuple[Session, CustomerRow]]:
        with self._unit_of_work(reading=True) as session:
            row = session.get(CustomerRow, customer_id)
            if row is None:
                raise UnknownCustomer
            yield session, row


def _of(table: Any, customer_id: str) -> Any:
    return select(table).where(table.customer_id == customer_id)


def _daily_usage(session: Session, customer_id: str, since: date, until: date) -> list[DayUsage]:
    days = _of(DayUsageRow, customer_id).where(DayUsageRow.day.between(since, until)).order_by(DayUsageRow.day)
    return [rows.day_usage(row) for row in session.execute(days).scalars()]


def _sum(cycle: BillingCycle, usage: Sequence[DayUsage]) -> CycleUsage:
    return CycleUsage(
        cycle=cycle,
        general_data=DataVolume(sum(day.general_data.mb for day in usage)),
        directed_data=DataVolume(sum(day.directed_data.mb for day in usage)),
        voice_minutes=sum(day.voice_minutes for day in usage),
        sms=sum(day.sms for day in usage),
    )
