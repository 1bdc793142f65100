"""Small things done beside the conversation: a typing sign, a pressed button. One that fails is no loss."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from telegram.error import TelegramError

MOST = 200
"""More of them at once are not begun: they would come too late."""

log = structlog.get_logger(__name__)


class Background:
    def __init__(self, why: Callable[[BaseException], str]) -> None:
        """why: what the log says of an error."""
        self._why = why
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        if len(self._tasks) >= MOST:
            work.close()
            return
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End what runs."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except TelegramError as error:
            log.info("telegram did not take a sign", why=self._why(error))
        except Exception:
            log.exception("a sign failed")
