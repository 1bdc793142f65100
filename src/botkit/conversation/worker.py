"""Works off received messages: one after another within a conversation, conversations side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from botkit.conversation.inbox import Inbox
from botkit.conversation.messages import InboundMessage, Receipt
from botkit.conversation.outbox import Outbox

log = structlog.get_logger(__name__)


class Handler(Protocol):
    """What works a message off: the router."""

    async def handle(self, message_id: int) -> None: ...


Listener = Callable[[str, bool], Awaitable[None]]
"""Told (conversation id, whether the bot is at work), for a typing sign."""


class Worker:
    """`submit` returns as soon as the message is stored; `settled` waits until it is answered or handed on."""

    def __init__(self, inbox: Inbox, router: Handler, outbox: Outbox) -> None:
        self._inbox = inbox
        self._router = router
        self._outbox = outbox
        self._queues: dict[str, deque[int]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._settled: dict[int, asyncio.Event] = {}
        self._listeners: list[Listener] = []

    def on_activity(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def start(self) -> int:
        """Take up what was received but not answered, and what was answered but not delivered. Returns how many messages."""
        unhandled = await asyncio.to_thread(self._inbox.unhandled)
        for message_id, conversation_id in unhandled:
            self._enqueue(message_id, conversation_id)
        for conversation_id in await asyncio.to_thread(self._outbox.conversations_with_pending):
            if conversation_id not in self._tasks:
                await self._outbox.flush(conversation_id)
        return len(unhandled)

    async def stop(self) -> None:
        """Let the messages at work finish, for at most ten seconds; the rest is taken up at the next start."""
        for queue in self._queues.values():
            queue.clear()
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=10)

    async def submit(self, message: InboundMessage) -> Receipt:
        receipt = await asyncio.to_thread(self._inbox.receive, message)
        if not receipt.duplicate:
            self._enqueue(receipt.message_id, receipt.conversation_id)
        return receipt

    async def settled(self, message_id: int) -> None:
        """Return when this message is no longer at work here."""
        event = self._settled.get(message_id)
        if event:
            await event.wait()

    @property
    def backlog(self) -> int:
        return len(self._settled)

    def _enqueue(self, message_id: int, conversation_id: str) -> None:
        self._settled[message_id] = asyncio.Event()
        self._queues.setdefault(conversation_id, deque()).append(message_id)
        if conversation_id not in self._tasks:
            self._tasks[conversation_id] = asyncio.create_task(self._work_off(conversation_id))

    async def _work_off(self, conversation_id: str) -> None:
        queue = self._queues[conversation_id]
        await self._tell(conversation_id, True)
        try:
            while queue:
                message_id = queue.popleft()
                try:
                    await self._router.handle(message_id)
                except Exception:
                    # It stays `received` and is taken up at the next start.
                    log.exception("message not handled", conversation=conversation_id, message=message_id)
                finally:
                    self._settled.pop(message_id).set()
                await self._outbox.flush(conversation_id)
        finally:
            del self._tasks[conversation_id], self._queues[conversation_id]
            await self._tell(conversation_id, False)

    async def _tell(self, conversation_id: str, at_work: bool) -> None:
        for listener in self._listeners:
            try:
                await listener(conversation_id, at_work)
            except Exception:
                log.exception("listener failed", conversation=conversation_id)
