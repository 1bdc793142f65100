"""Calls of the voice menu, and the answers given in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ivr_call",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_ivr_call_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ivr_call")),
    )
    op.create_index("ix_ivr_call_sender", "ivr_call", ["sender", "over"])
    op.create_table(
        "ivr_answer",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("seqs", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["ivr_call.id"], name=op.f("fk_ivr_answer_call_id_ivr_call")),
        sa.PrimaryKeyConstraint("call_id", "turn", name=op.f("pk_ivr_answer")),
    )
    op.create_index("ix_ivr_answer_at", "ivr_answer", ["at"])


def downgrade() -> None:
    op.drop_table("ivr_answer")
    op.drop_table("ivr_call")
