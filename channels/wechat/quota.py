"""How many customer-service messages a follower may still get, and whether he follows at all.

Five within 48 hours after he wrote, three within a minute after he clicked, followed or scanned. They do not add up: each
message counts against both. A passive reply counts against none.
https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from botkit.store.engine import UnitOfWork
from botkit.store.tables.wechat import WechatFollowerRow

LONG, LONG_LASTS = 5, timedelta(hours=48) - timedelta(minutes=1)
SHORT, SHORT_LASTS = 3, timedelta(seconds=55)
"""A little less than the platform grants: the way to it takes time."""


@dataclass(frozen=True)
class Left:
    """messages: how many now. lasting: whether he wrote, so that there will be some in an hour. gone: follows no more."""

    messages: int
    lasting: bool
    gone: bool = False


class Quota:
    def __init__(self, unit_of_work: UnitOfWork, clock: Callable[[], datetime]) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    def heard(self, openid: str, delivery: str, at: datetime, wrote: bool) -> None:
        """He wrote, or else clicked, followed, scanned. A repeated delivery, or one older than the last, grants nothing."""
        start = min(at, self._clock())
        with self._unit_of_work() as session:
            row = _row(session, openid)
            row.gone = False
            if row.heard_at is not None and (at < row.heard_at or row.heard_id == delivery):
                return
            row.heard_at, row.heard_id = at, delivery
            if wrote:
                row.long_left, row.long_until = LONG, start + LONG_LASTS
            else:
                row.short_left, row.short_until = SHORT, start + SHORT_LASTS

    def went(self, openid: str) -> None:
        """He follows no more."""
        with self._unit_of_work() as session:
            row = _row(session, openid)
            row.gone, row.long_left, row.short_left = True, 0, 0

    def left(self, openid: str) -> Left:
        now = self._clock()
        with self._unit_of_work(reading=True) as session:
            row = session.get(WechatFollowerRow, openid)
            if row is None:
                return Left(0, lasting=False)
            long = row.long_left if row.long_until and now < row.long_until else 0
            short = row.short_left if row.short_until and now < row.short_until else 0
            return Left(max(long, short), long > 0, row.gone)

    def spend(self, openid: str) -> None:
        """One was sent."""
        with self._unit_of_work() as session:
            row = _row(session, openid)
            row.long_left, row.short_left = max(row.long_left - 1, 0), max(row.short_left - 1, 0)

    def exhausted(self, openid: str) -> None:
        """The platform says that there is none left."""
        with self._unit_of_work() as session:
            row = _row(session, openid)
            row.long_left, row.short_left = 0, 0


def _row(session: Session, openid: str) -> WechatFollowerRow:
    row: WechatFollowerRow | None = session.get(WechatFollowerRow, openid, with_for_update=True)
    if row is None:
        row = WechatFollowerRow(openid=openid, gone=False, long_left=0, short_left=0)
        session.add(row)
    return row
