"""The desk that comes with the house: console, queue and timers, behind the port."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from sanic import Blueprint

from botkit.conversation.reception import Reception
from botkit.desk.console import Console
from botkit.desk.timers import Timers


class ConsoleDesk:
    def __init__(
        self,
        console: Console,
        reception: Reception,
        timers: Timers,
        blueprint: Blueprint,
        prepare: Callable[[], Any],
    ) -> None:
        """prepare: builds what the first look-up of an agent must not wait for."""
        self._console = console
        self._timers = timers
        self._prepare = prepare
        self.reception = reception
        self.blueprints: Sequence[Blueprint] = (blueprint,)

    def changed(self, conversation_id: str, settled: bool = True) -> None:
        self._console.changed(conversation_id, settled)

    async def start(self) -> None:
        await asyncio.to_thread(self._prepare)
        await self._console.start()

    async def tick(self) -> None:
        await self._console.timed(await asyncio.to_thread(self._timers.tick))

    async def stop(self) -> None:
        await self._console.stop()
