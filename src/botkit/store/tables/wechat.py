"""The official account: its access token, and what may still be sent to whom."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String

from botkit.store.base import Base, UtcDateTime


class WechatTokenRow(Base):
    """The access token that all servers share. While `renewing_until` has not come, one of them asks for a new one."""

    __tablename__ = "wechat_token"

    app_id = Column(String(64), primary_key=True)
    token = Column(String(1024), nullable=False, default="")
    ends_at = Column(UtcDateTime)
    renewing_until = Column(UtcDateTime)


class WechatFollowerRow(Base):
    """How many customer-service messages a follower may still get: `long` since he wrote, `short` since he clicked.

    heard_at, heard_id: the newest delivery that was counted. gone: he follows no more.
    """

    __tablename__ = "wechat_follower"

    openid = Column(String(64), primary_key=True)
    gone = Column(Boolean, nullable=False, default=False)
    heard_at = Column(UtcDateTime)
    heard_id = Column(String(200))
    long_left = Column(Integer, nullable=False, default=0)
    long_until = Column(UtcDateTime)
    short_left = Column(Integer, nullable=False, default=0)
    short_until = Column(UtcDateTime)
