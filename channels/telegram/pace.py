"""How fast may be sent: one message a second to a chat, thirty a second in all.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

PER_CHAT = 1.0
OVERALL = 1 / 30
"""Seconds between two messages."""

PATIENCE = 3.0
"""So many seconds are waited for a turn; who would have to wait longer is told so."""

_MANY = 1000


class Busy(Exception):
    """seconds: when it is his turn."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no turn for {seconds:.1f} s")
        self.seconds = seconds


class Pace:
    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """clock: seconds."""
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0
        self._next_of: dict[str, float] = {}

    async def turn(self, chat: str) -> None:
        """Wait until this chat may be sent another message. Raises Busy where that takes too long."""
        now = self._clock()
        at = max(now, self._next, self._next_of.get(chat, now))
        if at - now > PATIENCE:
            raise Busy(at - now)
        self._next = max(now, self._next) + OVERALL
        self._note(chat, at + PER_CHAT, now)
        if at > now:
            await self._sleep(at - now)

    def hold(self, chat: str, seconds: float) -> None:
        """Telegram wants nothing for this chat so long."""
        now = self._clock()
        self._note(chat, max(now + seconds, self._next_of.get(chat, now)), now)

    def held(self, chat: str) -> bool:
        """Whether this chat must wait for its turn."""
        return self._next_of.get(chat, 0.0) > self._clock()

    def _note(self, chat: str, at: float, now: float) -> None:
        if len(self._next_of) >= _MANY:
            self._next_of = {known: free for known, free in self._next_of.items() if free > now}
        self._next_of[chat] = at
