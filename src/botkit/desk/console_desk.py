"""The desk that comes with the house: console, queue and timers, behind the port."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from sanic import Blueprint

from botkit.conversation.outbox import Delivery
from botkit.conversation.reception import Reception
from botkit.desk.broadcast import Broadcast
from botkit.desk.console import Console
from botkit.desk.timers import Timers


class ConsoleDesk:
    def __init__(
        self,
        console: Console,
        broadcast: Broadcast,
        reception: Reception,
        timers: Timers,
        blueprint: Blueprint,
        prepare: Callable[[], Any],
    ) -> None:
        """prepare: builds what the first look-up of an agent must not wait for."""
        self._console = console
        self._broadcast = broadcast
        self._timers = timers
        self._prepare = prepare
        self.reception = reception
        self.blueprints: Sequence[Blueprint] = (blueprint,)

    def changed(self, conversation_id: str, settled: bool = True) -> None:
        self._broadcast.changed(conversation_id, settled)

    async def delivered(self, delivery: Delivery) -> None:
        await self._broadcast.delivered(delivery)

    async def start(self) -> None:
        await asyncio.to_thread(self._prepare)
        await self._console.start()

    async def tick(self) -> None:
        await self._broadcast.timed(await asyncio.to_thread(self._timers.tick))

    async def stop(self) -> None:
        await self._console.stop()
        await self._broadcast.stop()
