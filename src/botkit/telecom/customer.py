"""The customer as the operator's systems know him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from botkit.telecom.plan import PenaltyRule
from botkit.telecom.values import Money


class LineStatus(Enum):
    ACTIVE = "active"
    SUSPENDED = "suspended"  # stopped for arrears
    SUSPENDED_BY_CUSTOMER = "suspended_by_customer"


@dataclass(frozen=True)
class Customer:
    """A line (号码) and its holder. `name` is shown masked to all but the verified holder."""

    id: str
    phone: str
    name: str
    age: int
    tenure_since: date
    billing_day: int
    status: LineStatus
    language_simple: bool = False  # prefers short plain answers (older customers)
    family_id: str | None = None


@dataclass(frozen=True)
class Balance:
    """话费. `arrears` is what is owed; available = balance - frozen."""

    balance: Money
    frozen: Money
    arrears: Money
    credit_limit: Money
    as_of: datetime
    last_recharge: tuple[date, Money] | None = None

    @property
    def available(self) -> Money:
        return self.balance - self.frozen


@dataclass(frozen=True)
class Subscription:
    """A plan or add-on that the customer has."""

    id: str
    product_id: str
    name: str
    since: date
    is_plan: bool
    ends: date | None = None


@dataclass(frozen=True)
class Contract:
    """合约: a promise to stay. `months` in all, from `start`."""

    name: str
    start: date
    months: int
    monthly_commitment: Money
    penalty: PenaltyRule


@dataclass(frozen=True)
class Device:
    """The phone last seen with this line (终端登记); names as the network records them."""

    brand: str
    model: str
    seen: date
