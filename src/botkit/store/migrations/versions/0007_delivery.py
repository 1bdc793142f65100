"""Delivery to platforms: attempts, parts, reports; numbered choices; vouched numbers; the wish to be reached elsewhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversation", sa.Column("sending_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("inbound_message", sa.Column("readable", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("outbound_message", sa.Column("parts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbound_message", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbound_message", sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbound_message", sa.Column("problem", sa.String(length=20), nullable=True))
    op.add_column("outbound_message", sa.Column("elsewhere", sa.String(length=20), nullable=True))
    op.create_index("ix_outbound_message_next_at", "outbound_message", ["status", "next_at"])
    op.create_table(
        "platform_message",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=160), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("arrived", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_platform_message_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("channel", "external_id", name=op.f("pk_platform_message")),
    )
    op.create_index("ix_platform_message_conversation_id", "platform_message", ["conversation_id", "seq"])
    op.create_table(
        "shown",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("numbered", sa.JSON(), nullable=False),
        sa.Column("rest", sa.Text(), nullable=False),
        sa.Column("rest_choices", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_shown_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_shown")),
    )
    op.create_table(
        "vouched_number",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_vouched_number_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_vouched_number")),
    )
    op.create_table(
        "contact_wish",
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("elsewhere", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_contact_wish")),
    )


def downgrade() -> None:
    for table in ("contact_wish", "vouched_number", "shown", "platform_message"):
        op.drop_table(table)
    op.drop_index("ix_outbound_message_next_at", "outbound_message")
    for column in ("elsewhere", "problem", "next_at", "attempts", "parts"):
        op.drop_column("outbound_message", column)
    op.drop_column("inbound_message", "readable")
    op.drop_column("conversation", "sending_until")
