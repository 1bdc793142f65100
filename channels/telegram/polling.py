"""Long polling, for machines without a public address. https://core.telegram.org/bots/api#getupdates

Telegram keeps what is not confirmed, and an update is confirmed by asking for those after it: so the offset moves on only
when an update is stored, and after a restart nothing needs to be remembered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from channels.telegram.client import TIMEOUT, seconds_of
from channels.telegram.intake import Intake, NotStored
from channels.telegram.updates import ALLOWED_UPDATES, Malformed, update_id_of

WAIT = 30
"""Seconds that Telegram holds a request open while there is nothing new."""

PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Seconds after a failure; the last one repeats."""

log = structlog.get_logger(__name__)


class Poller:
    def __init__(
        self,
        bot: Bot,
        intake: Intake,
        why: Callable[[BaseException], str],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        wait: int = WAIT,
    ) -> None:
        self._bot = bot
        self._intake = intake
        self._why = why
        self._sleep = sleep
        self._wait = wait
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                updates = await self._get()
            except RetryAfter as flood:
                await self._sleep(seconds_of(flood))
            except Conflict as error:
                log.error(
                    "telegram: another program polls with this token, or a webhook is set; only one may get the updates",
                    why=self._why(error),
                )
                await self._pause()
            except InvalidToken as error:
                log.error("telegram refuses the token: see docs/telegram.md", why=self._why(error))
                await self._pause()
            except TelegramError as error:
                log.warning("telegram could not be asked for updates", why=self._why(error))
                await self._pause()
            else:
                if await self._take(updates):
                    self._failures = 0
                else:
                    await self._pause()

    async def _get(self) -> Sequence[Any]:
        asked = {"timeout": self._wait, "allowed_updates": list(ALLOWED_UPDATES)}
        if self._offset is not None:
            asked["offset"] = self._offset
        # As JSON, not as the library's objects: one that it cannot read would take those beside it along. Names of methods
        # are case-insensitive; written so, it is not taken for a slip for the library's own method.
        found = await self._bot.do_api_request("GetUpdates", api_kwargs=asked, read_timeout=self._wait + TIMEOUT)
        return found if isinstance(found, list) else ()

    async def _take(self, updates: Sequence[Any]) -> bool:
        """Whether all are stored, or are none that could be."""
        for raw in updates:
            try:
                await self._intake.take(raw)
            except Malformed as error:
                log.warning("telegram update passed over", why=str(error))
            except NotStored:
                return False
            try:
                self._offset = update_id_of(raw) + 1
            except Malformed:
                return False
        return True

    async def _pause(self) -> None:
        pause = PAUSES[min(self._failures, len(PAUSES) - 1)]
        self._failures += 1
        await self._sleep(pause)
