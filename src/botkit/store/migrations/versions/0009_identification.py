"""Customers who are to prove to an agent who they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identification",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("done_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_identification_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_identification_service_id_service")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_identification")),
    )


def downgrade() -> None:
    op.drop_table("identification")
