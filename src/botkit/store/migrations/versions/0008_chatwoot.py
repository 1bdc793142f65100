"""Chatwoot as the desk: its conversations, and messages there that were refused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chatwoot_link",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.String(length=255), nullable=True),
        sa.Column("remote_id", sa.Integer(), nullable=True),
        sa.Column("introduced", sa.Boolean(), nullable=False),
        sa.Column("relayed_seq", sa.Integer(), nullable=False),
        sa.Column("state_at", sa.Float(53), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("held_by", sa.String(length=32), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_chatwoot_link_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_chatwoot_link_service_id_service")),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_chatwoot_link")),
    )
    op.create_index("ix_chatwoot_link_done", "chatwoot_link", ["done"], unique=False)
    op.create_index("ix_chatwoot_link_remote_id", "chatwoot_link", ["remote_id", "origin"], unique=False)
    op.create_table(
        "chatwoot_refusal",
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_chatwoot_refusal_service_id_service")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_chatwoot_refusal")),
    )
    op.create_index("ix_chatwoot_refusal_service_id", "chatwoot_refusal", ["service_id", "told"], unique=False)


def downgrade() -> None:
    op.drop_table("chatwoot_refusal")
    op.drop_table("chatwoot_link")
