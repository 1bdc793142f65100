"""Files; whose lines are whose, beyond the end of a verification."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_file_conversation_id_conversation"),
        sa.PrimaryKeyConstraint("id", name="pk_file"),
    )
    op.create_index("ix_file_conversation_id", "file", ["conversation_id", "at"])
    op.create_table(
        "customer_stretch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=40), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customer_stretch"),
    )
    op.create_index("ix_customer_stretch_conversation_id", "customer_stretch", ["conversation_id", "id"])
    op.create_index("ix_customer_stretch_customer_id", "customer_stretch", ["customer_id", "id"])
    op.execute(
        "INSERT INTO customer_stretch (conversation_id, customer_id, first_seq, begun_at) "
        "SELECT conversation_id, customer_id, 1, verified_at FROM verification"
    )


def downgrade() -> None:
    op.drop_table("customer_stretch")
    op.drop_table("file")
