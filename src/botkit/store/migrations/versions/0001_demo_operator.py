"""The demo operator: customers, what they have and use, bills, orders, one-time codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
ID = sa.String(40)
WORD = sa.String(32)
NAME = sa.String(100)
PHONE = sa.String(20)
REQUEST = sa.String(300)


def upgrade() -> None:
    op.create_table(
        "operator_customer",
        sa.Column("id", ID, primary_key=True),
        sa.Column("phone", PHONE, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("age", sa.Integer, nullable=False),
        sa.Column("tenure_since", sa.Date, nullable=False),
        sa.Column("billing_day", sa.Integer, nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("language_simple", sa.Boolean, nullable=False),
        sa.Column("family_id", ID, nullable=True, index=True),
        sa.UniqueConstraint("phone"),
        sa.CheckConstraint("billing_day BETWEEN 1 AND 28", name="billing_day"),
    )
    _holdings()
    _usage_and_bills()
    _orders_and_codes()
    op.create_table(
        "operator_demo_anchor",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date, nullable=False),
    )


def downgrade() -> None:
    for name in (
        "demo_anchor",
        "code_check",
        "one_time_code",
        "order",
        "bill_item_day",
        "bill_item",
        "bill",
        "daily_usage",
        "bucket",
        "device",
        "contract",
        "recharge",
        "balance",
        "subscription",
        "customer",
    ):
        op.drop_table(f"operator_{name}")


def _customer_id(**options: bool) -> sa.Column:
    return sa.Column("customer_id", ID, sa.ForeignKey("operator_customer.id"), nullable=False, **options)


def _holdings() -> None:
    op.create_table(
        "operator_subscription",
        sa.Column("id", ID, primary_key=True),
        _customer_id(index=True),
        sa.Column("product_id", ID, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("ends", sa.Date, nullable=True),
        sa.Column("is_plan", sa.Boolean, nullable=False),
    )
    op.create_table(
        "operator_balance",
        _customer_id(primary_key=True),
        sa.Column("opening_fen", sa.Integer, nullable=False),
        sa.Column("balance_fen", sa.Integer, nullable=False),
        sa.Column("frozen_fen", sa.Integer, nullable=False),
        sa.Column("arrears_fen", sa.Integer, nullable=False),
        sa.Column("credit_limit_fen", sa.Integer, nullable=False),
    )
    op.create_table(
        "operator_recharge",
        sa.Column("id", ID, primary_key=True),
        _customer_id(index=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("amount_fen", sa.Integer, nullable=False),
    )
    op.create_table(
        "operator_contract",
        _customer_id(primary_key=True),
        sa.Column("name", NAME, nullable=False),
        sa.Column("start", sa.Date, nullable=False),
        sa.Column("months", sa.Integer, nullable=False),
        sa.Column("monthly_commitment_fen", sa.Integer, nullable=False),
        sa.Column("penalty_family", WORD, nullable=False),
        sa.Column("penalty_amount_fen", sa.Integer, nullable=True),
        sa.Column("penalty_base_fen", sa.Integer, nullable=True),
        sa.Column("penalty_max_months", sa.Integer, nullable=True),
        sa.Column("penalty_basis_points", sa.Integer, nullable=True),
    )
    op.create_table(
        "operator_device",
        _customer_id(primary_key=True),
        sa.Column("brand", NAME, nullable=False),
        sa.Column("model", NAME, nullable=False),
        sa.Column("seen", sa.Date, nullable=False),
    )


def _usage_and_bills() -> None:
    op.create_table(
        "operator_bucket",
        _customer_id(primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("granted", sa.Integer, nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
        sa.Column("rolled_over", sa.Integer, nullable=False),
        sa.Column("expires", sa.Date, nullable=False),
        sa.Column("source", ID, nullable=False),
    )
    op.create_table(
        "operator_daily_usage",
        _customer_id(primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("general_mb", sa.Integer, nullable=False),
        sa.Column("directed_mb", sa.Integer, nullable=False),
        sa.Column("sa_mb", sa.Integer, nullable=False),
        sa.Column("night_mb", sa.Integer, nullable=False),
        sa.Column("voice_minutes", sa.Integer, nullable=False),
        sa.Column("sms", sa.Integer, nullable=False),
    )
    op.create_table(
        "operator_bill",
        sa.Column("id", ID, primary_key=True),
        _customer_id(),
        sa.Column("cycle_start", sa.Date, nullable=False),
        sa.Column("cycle_end", sa.Date, nullable=False),
        sa.Column("final", sa.Boolean, nullable=False),
        sa.UniqueConstraint("customer_id", "cycle_start"),
    )
    op.create_table(
        "operator_bill_item",
        sa.Column("id", ID, primary_key=True),
        sa.Column("bill_id", ID, sa.ForeignKey("operator_bill.id"), nullable=False, index=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("amount_fen", sa.Integer, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=True),
        sa.Column("since", sa.Date, nullable=True),
        sa.Column("source", ID, nullable=False),
        sa.Column("provider", NAME, nullable=False),
        sa.Column("times_charged", sa.Integer, nullable=True),
    )
    op.create_table(
        "operator_bill_item_day",
        sa.Column("item_id", ID, sa.ForeignKey("operator_bill_item.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date, nullable=False),
    )


def _orders_and_codes() -> None:
    op.create_table(
        "operator_order",
        sa.Column("id", ID, primary_key=True),
        _customer_id(index=True),
        sa.Column("product_id", ID, nullable=False),
        sa.Column("product_name", NAME, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("placed_at", TIME, nullable=False),
        sa.Column("effective", sa.Date, nullable=False),
        sa.Column("seeded", sa.Boolean, nullable=False),
    )
    op.create_table(
        "operator_one_time_code",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("phone", PHONE, nullable=False),
        sa.Column("request_id", REQUEST, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("sent_at", TIME, nullable=False),
        sa.Column("wrong_tries", sa.Integer, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.UniqueConstraint("phone", "request_id"),
    )
    op.create_table(
        "operator_code_check",
        sa.Column("phone", PHONE, primary_key=True),
        sa.Column("request_id", REQUEST, primary_key=True),
        sa.Column("result", WORD, nullable=False),
        sa.Column("checked_at", TIME, nullable=False),
    )
