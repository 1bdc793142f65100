"""Tables of the demo operator: what an operator's own systems would know of a line (号码).

Money columns are whole fen (`_fen`), data columns whole MB (`_mb`). Kinds and states are the lower-case words of the
enumerations in `botkit.telecom` and `botkit.bss.port`. The plans themselves are a published listing, not a table.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import relationship

from botkit.store.base import Base, UtcDateTime

ID = String(40)
WORD = String(32)  # a kind, a state, a family
NAME = String(100)


def _customer_id(**options: bool) -> Column:
    return Column(ID, ForeignKey("operator_customer.id"), nullable=False, **options)


class CustomerRow(Base):
    __tablename__ = "operator_customer"

    id = Column(ID, primary_key=True)
    phone = Column(String(20), nullable=False, unique=True)
    name = Column(NAME, nullable=False)
    age = Column(Integer, nullable=False)
    tenure_since = Column(Date, nullable=False)
    billing_day = Column(Integer, nullable=False)
    status = Column(WORD, nullable=False)
    language_simple = Column(Boolean, nullable=False)
    family_id = Column(ID, nullable=True, index=True)

    __table_args__ = (CheckConstraint("billing_day BETWEEN 1 AND 28", name="billing_day"),)


class SubscriptionRow(Base):
    __tablename__ = "operator_subscription"

    id = Column(ID, primary_key=True)
    customer_id = _customer_id(index=True)
    product_id = Column(ID, nullable=False)
    name = Column(NAME, nullable=False)
    since = Column(Date, nullable=False)
    ends = Column(Date, nullable=True)
    is_plan = Column(Boolean, nullable=False)


class BalanceRow(Base):
    """What the account holds now: `opening_fen` + recharges - bills = `balance_fen` - `arrears_fen`."""

    __tablename__ = "operator_balance"

    customer_id = _customer_id(primary_key=True)
    opening_fen = Column(Integer, nullable=False)  # before the first recharge and the first bill stored here
    balance_fen = Column(Integer, nullable=False)
    frozen_fen = Column(Integer, nullable=False)
    arrears_fen = Column(Integer, nullable=False)
    credit_limit_fen = Column(Integer, nullable=False)


class RechargeRow(Base):
    __tablename__ = "operator_recharge"

    id = Column(ID, primary_key=True)
    customer_id = _customer_id(index=True)
    day = Column(Date, nullable=False)
    amount_fen = Column(Integer, nullable=False)


class BucketRow(Base):
    """An allowance of the running cycle. `granted`, `used`, `rolled_over`: MB, minutes or messages, as `kind` says."""

    __tablename__ = "operator_bucket"

    customer_id = _customer_id(primary_key=True)
    position = Column(Integer, primary_key=True, autoincrement=False)
    kind = Column(WORD, nullable=False)
    name = Column(NAME, nullable=False)
    granted = Column(Integer, nullable=False)
    used = Column(Integer, nullable=False)
    rolled_over = Column(Integer, nullable=False)
    expires = Column(Date, nullable=False)
    source = Column(ID, nullable=False)


class DayUsageRow(Base):
    __tablename__ = "operator_daily_usage"

    customer_id = _customer_id(primary_key=True)
    day = Column(Date, primary_key=True)
    general_mb = Column(Integer, nullable=False)
    directed_mb = Column(Integer, nullable=False)
    sa_mb = Column(Integer, nullable=False)
    night_mb = Column(Integer, nullable=False)
    voice_minutes = Column(Integer, nullable=False)
    sms = Column(Integer, nullable=False)


class BillRow(Base):
    __tablename__ = "operator_bill"

    id = Column(ID, primary_key=True)
    customer_id = _customer_id()
    cycle_start = Column(Date, nullable=False)
    cycle_end = Column(Date, nullable=False)
    final = Column(Boolean, nullable=False)

    items = relationship("BillItemRow", order_by="BillItemRow.position")

    __table_args__ = (UniqueConstraint("customer_id", "cycle_start"),)


class BillItemRow(Base):
    __tablename__ = "operator_bill_item"

    id = Column(ID, primary_key=True)
    bill_id = Column(ID, ForeignKey("operator_bill.id"), nullable=False, index=True)
    position = Column(Integer, nullable=False)
    kind = Column(WORD, nullable=False)
    name = Column(NAME, nullable=False)
    amount_fen = Column(Integer, nullable=False)
    quantity = Column(Integer, nullable=True)
    since = Column(Date, nullable=True)
    source = Column(ID, nullable=False)
    provider = Column(NAME, nullable=False)
    times_charged = Column(Integer, nullable=True)

    days = relationship("BillItemDayRow", order_by="BillItemDayRow.position")


class BillItemDayRow(Base):
    """A day on which an item arose; position 0 is the most expensive one."""

    __tablename__ = "operator_bill_item_day"

    item_id = Column(ID, ForeignKey("operator_bill_item.id"), primary_key=True)
    position = Column(Integer, primary_key=True, autoincrement=False)
    day = Column(Date, nullable=False)


class ContractRow(Base):
    """The running contract, at most one a line; the penalty columns are a `PenaltyRule`."""

    __tablename__ = "operator_contract"

    customer_id = _customer_id(primary_key=True)
    name = Column(NAME, nullable=False)
    start = Column(Date, nullable=False)
    months = Column(Integer, nullable=False)
    monthly_commitment_fen = Column(Integer, nullable=False)
    penalty_family = Column(WORD, nullable=False)
    penalty_amount_fen = Column(Integer, nullable=True)
    penalty_base_fen = Column(Integer, nullable=True)
    penalty_max_months = Column(Integer, nullable=True)
    penalty_basis_points = Column(Integer, nullable=True)  # hundredths of a percent


class DeviceRow(Base):
    __tablename__ = "operator_device"

    customer_id = _customer_id(primary_key=True)
    brand = Column(NAME, nullable=False)
    model = Column(NAME, nullable=False)
    seen = Column(Date, nullable=False)


class OrderRow(Base):
    """An order. `seeded` ones belong to the demo's story and are renewed with it; others were placed by a customer."""

    __tablename__ = "operator_order"

    id = Column(ID, primary_key=True)
    customer_id = _customer_id(index=True)
    product_id = Column(ID, nullable=False)
    product_name = Column(NAME, nullable=False)
    state = Column(WORD, nullable=False)
    placed_at = Column(UtcDateTime, nullable=False)
    effective = Column(Date, nullable=False)
    seeded = Column(Boolean, nullable=False)


class OneTimeCodeRow(Base):
    """A code that was sent: its hash, never the code. Only the newest one of a number counts."""

    __tablename__ = "operator_one_time_code"

    id = Column(Integer, primary_key=True)
    phone = Column(String(20), nullable=False)
    request_id = Column(String(300), nullable=False)
    salt = Column(String(32), nullable=False)
    code_hash = Column(String(64), nullable=False)
    sent_at = Column(UtcDateTime, nullable=False)
    wrong_tries = Column(Integer, nullable=False)
    used_at = Column(UtcDateTime, nullable=True)

    __table_args__ = (UniqueConstraint("phone", "request_id"),)


class CodeCheckRow(Base):
    """What a check answered, so that repeating its request answers the same."""

    __tablename__ = "operator_code_check"

    phone = Column(String(20), primary_key=True)
    request_id = Column(String(300), primary_key=True)
    result = Column(WORD, nullable=False)
    checked_at = Column(UtcDateTime, nullable=False)


class DemoAnchorRow(Base):
    """The day that the demo's data were made for. One row, `id` 1."""

    __tablename__ = "operator_demo_anchor"

    id = Column(Integer, primary_key=True, autoincrement=False)
    day = Column(Date, nullable=False)
