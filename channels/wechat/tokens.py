"""The access token: one for all servers, kept in the database, asked for by one of them at a time.

https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError

from botkit.store.engine import UnitOfWork
from botkit.store.tables.wechat import WechatTokenRow

EARLY = timedelta(minutes=5)
"""So long before its end a token is renewed; the platform keeps the old one valid meanwhile."""

_CLAIM = timedelta(seconds=20)
_LOOKS, _PAUSE = 40, 0.25

Fetch = Callable[[bool], Awaitable[tuple[str, int]]]
"""Asks the platform: (whether to force a new one) → token, seconds that it lasts."""


class NoToken(Exception):
    """Another server has been asking for a token, and did not get one in time."""


class Tokens:
    def __init__(
        self,
        app_id: str,
        unit_of_work: UnitOfWork,
        clock: Callable[[], datetime],
        fetch: Fetch,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._app_id = app_id
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._fetch = fetch
        self._pause = pause
        self._lock = asyncio.Lock()

    async def token(self, bad: str | None = None) -> str:
        """One that is valid. bad: one that the platform has just refused. Raises NoToken, and what `fetch` raises."""
        async with self._lock:
            for _ in range(_LOOKS):
                kept, ends_at = await asyncio.to_thread(self._kept)
                now = self._clock()
                usable = bool(kept) and kept != bad and ends_at is not None
                if usable and ends_at is not None and now < ends_at - EARLY:
                    return kept
                if await asyncio.to_thread(self._claim, kept):
                    return await self._renewed(bad)
                if usable and ends_at is not None and now < ends_at:
                    return kept
                await self._pause(_PAUSE)
            raise NoToken

    async def _renewed(self, bad: str | None) -> str:
        try:
            token, seconds = await self._fetch(False)
            if token == bad:
                token, seconds = await self._fetch(True)
        except BaseException:
            await asyncio.to_thread(self._release)
            raise
        await asyncio.to_thread(self._keep, token, self._clock() + timedelta(seconds=seconds))
        return token

    def _kept(self) -> tuple[str, datetime | None]:
        with self._unit_of_work(reading=True) as session:
            row = session.get(WechatTokenRow, self._app_id)
            return (row.token, row.ends_at) if row else ("", None)

    def _claim(self, kept: str) -> bool:
        """Whether this server is the one to ask. kept: the token that it saw; where there is another by now, nobody is."""
        now = self._clock()
        free = or_(WechatTokenRow.renewing_until.is_(None), WechatTokenRow.renewing_until <= now)
        try:
            with self._unit_of_work() as session:
                if session.get(WechatTokenRow, self._app_id) is None:
                    session.add(WechatTokenRow(app_id=self._app_id, token=""))
                    session.flush()
                claimed = session.execute(
                    update(WechatTokenRow)
                    .where(WechatTokenRow.app_id == self._app_id, WechatTokenRow.token == kept, free)
                    .values(renewing_until=now + _CLAIM)
                    .execution_options(synchronize_session=False)
                )
                return bool(claimed.rowcount)
        except IntegrityError:  # another server has just written the row
            return False

    def _keep(self, token: str, ends_at: datetime) -> None:
        self._set(token=token, ends_at=ends_at, renewing_until=None)

    def _release(self) -> None:
        self._set(renewing_until=None)

    def _set(self, **values: object) -> None:
        with self._unit_of_work() as session:
            session.execute(update(WechatTokenRow).where(WechatTokenRow.app_id == self._app_id).values(**values))
