"""The port to the operator's systems. Every implementation answers with the values of `botkit.telecom`.

Errors: `UnknownCustomer`, `UnknownProduct`, `TooManyCodes`, and of every method `OperatorUnavailable`. None carries
personal data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from botkit.telecom.bill import Bill
from botkit.telecom.customer import Balance, Contract, Customer, Device, Subscription
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import AddOn, Plan
from botkit.telecom.usage import Bucket, CycleUsage, DayUsage


class OperatorError(Exception):
    """Anything the operator's systems answer with instead of data."""


class UnknownCustomer(OperatorError):
    """The number is not a customer of this operator."""


class UnknownProduct(OperatorError):
    """No plan or add-on has this id."""


class OperatorUnavailable(OperatorError):
    """The operator's systems did not answer; try again later."""


class CodeCheck(Enum):
    """What became of a one-time code that a customer typed."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    EXPIRED = "expired"
    TOO_MANY_TRIES = "too_many_tries"
    NONE_SENT = "none_sent"


@dataclass(frozen=True)
class CodeSent:
    """A one-time code is on its way. `resend_after` is the earliest time for another one."""

    phone: str
    sent_at: datetime
    expires_at: datetime
    resend_after: datetime


class TooManyCodes(OperatorError):
    """Codes were asked for too often. `retry_at` says when the next one may be sent."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__("too many codes")
        self.retry_at = retry_at


class OrderState(Enum):
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"  # takes effect at the next cycle
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Order:
    id: str
    product_id: str
    product_name: str
    state: OrderState
    placed_at: datetime
    effective: date


class Operator(Protocol):
    """One operator. Methods that take `customer_id` are called for verified customers only."""

    def now(self) -> datetime: ...

    def plans(self) -> Sequence[Plan]: ...

    def plan(self, plan_id: str) -> Plan: ...

    def add_ons(self) -> Sequence[AddOn]: ...

    def add_on(self, add_on_id: str) -> AddOn: ...

    def customer_by_phone(self, phone: str) -> Customer: ...

    def customer(self, customer_id: str) -> Customer: ...

    def balance(self, customer_id: str) -> Balance: ...

    def subscriptions(self, customer_id: str) -> Sequence[Subscription]:
        """The plan first, then add-ons by date."""

    def buckets(self, customer_id: str) -> Sequence[Bucket]: ...

    def daily_usage(self, customer_id: str, since: date, until: date) -> Sequence[DayUsage]:
        """One entry a day that has usage, oldest first, both days included."""

    def cycle_usage(self, customer_id: str, cycles: int) -> Sequence[CycleUsage]:
        """The last complete cycles, oldest first; fewer when the customer is newer."""

    def bill(self, customer_id: str, cycle: BillingCycle) -> Bill | None:
        """The bill of that cycle (running: what is charged so far), or None where there is none."""

    def contract(self, customer_id: str) -> Contract | None: ...

    def device(self, customer_id: str) -> Device | None: ...

    def orders(self, customer_id: str) -> Sequence[Order]: ...

    def send_code(self, phone: str, request_id: str) -> CodeSent:
        """Send a one-time code by SMS; the same `request_id` never sends twice.

        Raises UnknownCustomer, TooManyCodes.
        """

    def check_code(self, phone: str, code: str, request_id: str) -> CodeCheck:
        """Check a code; repeating the same `request_id` gives the same result and counts once."""
