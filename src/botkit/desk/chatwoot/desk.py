"""Chatwoot behind the port for the desk."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

import structlog
from sanic import Blueprint

from botkit.content.texts import Texts
from botkit.conversation.outbox import FAILED, Delivery
from botkit.conversation.reception import Reception
from botkit.desk.chatwoot.client import TIMEOUT, Client
from botkit.desk.chatwoot.hearing import Hearing, origin_of
from botkit.desk.chatwoot.reception import ChatwootReception
from botkit.desk.chatwoot.relay import Relay
from botkit.desk.chatwoot.webhook import elsewhere_blueprint, webhook_blueprint
from botkit.desk.insight import Insight
from botkit.desk.port import Deliver
from botkit.desk.timers import Timers
from botkit.desk.view import DeskView
from botkit.handoff.hours import ServiceHours
from botkit.settings import ChatwootAccess
from botkit.store.engine import UnitOfWork

AT_ONCE = 4
"""Conversations that are told side by side."""

log = structlog.get_logger(__name__)


class ChatwootDesk:
    """Knows nothing that is not in the database: whatever is left when the server ends is taken up at the next start."""

    def __init__(
        self,
        access: ChatwootAccess,
        client: Client,
        hearing: Hearing,
        relay: Relay,
        reception: Reception,
        timers: Timers,
        texts: Texts,
        deliver: Deliver,
        clock: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._hearing = hearing
        self._relay = relay
        self._timers = timers
        self._deliver = deliver
        self._tasks: set[asyncio.Task[None]] = set()
        self._round: asyncio.Task[None] | None = None
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._ending = False
        self.reception = reception
        self.blueprints: Sequence[Blueprint] = (
            webhook_blueprint(access, hearing, self._heard, clock),
            elsewhere_blueprint(texts),
        )

    def changed(self, conversation_id: str, settled: bool = True) -> None:
        if settled:
            self._begin(self._tell(conversation_id))

    async def delivered(self, delivery: Delivery) -> None:
        if delivery.status == FAILED:
            conversation_id = await asyncio.to_thread(self._hearing.not_delivered, delivery)
            if conversation_id is not None:
                self._begin(self._tell(conversation_id))

    async def start(self) -> None:
        self._all_round()

    async def tick(self) -> None:
        """Silence of customers and agents; and what could not be told before."""
        for happened in await asyncio.to_thread(self._timers.tick):
            await self._deliver(happened.conversation_id)
        self._all_round()

    async def stop(self) -> None:
        self._ending = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _heard(self, conversation_id: str) -> None:
        self._begin(self._answer(conversation_id))

    async def _answer(self, conversation_id: str) -> None:
        await self._deliver(conversation_id)
        await self._tell(conversation_id)

    def _all_round(self) -> None:
        """Tell all that is due, unless that is under way: timers do not wait for a Chatwoot that does not answer."""
        if self._round is None or self._round.done():
            self._round = self._begin(self._tell(None))

    async def _tell(self, conversation_id: str | None) -> None:
        """Tell Chatwoot what is untold: of one conversation, or of all."""
        due = await asyncio.to_thread(self._relay.due, conversation_id)
        await asyncio.gather(*(self._tell_of(service_id) for service_id in due))

    async def _tell_of(self, service_id: int) -> None:
        try:
            async with self._at_once:
                heard = await self._relay.tell(service_id)
            if heard is not None:
                await self._deliver(heard)
        except Exception:
            log.exception("chatwoot not told", service=service_id)

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None] | None:
        if self._ending:
            work.close()
            return None
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("chatwoot not followed", exc_info=task.exception())


def chatwoot_desk(
    access: ChatwootAccess,
    unit_of_work: UnitOfWork,
    texts: Texts,
    hours: ServiceHours,
    insight: Insight,
    view: DeskView,
    timers: Timers,
    deliver: Deliver,
    clock: Callable[[], datetime],
    timeout: float = TIMEOUT,
) -> ChatwootDesk:
    """Put it together. timeout: seconds that Chatwoot has for an answer."""
    origin = origin_of(access)
    client = Client(access, timeout)
    hearing = Hearing(unit_of_work, texts, clock, origin)
    relay = Relay(unit_of_work, client, hearing, insight, view, texts, clock, origin, uuid.uuid4().hex)
    reception = ChatwootReception(texts, clock, hours)
    return ChatwootDesk(access, client, hearing, relay, reception, timers, texts, deliver, clock)
