"""WeChat: the shared access token, and the quota of each follower."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wechat_token",
        sa.Column("app_id", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=1024), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("renewing_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_wechat_token")),
    )
    op.create_table(
        "wechat_follower",
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_id", sa.String(length=200), nullable=True),
        sa.Column("long_left", sa.Integer(), nullable=False),
        sa.Column("long_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("short_left", sa.Integer(), nullable=False),
        sa.Column("short_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("openid", name=op.f("pk_wechat_follower")),
    )


def downgrade() -> None:
    op.drop_table("wechat_follower")
    op.drop_table("wechat_token")
