"""Works off received messages: one after another within a conversation, conversations side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Protocol

import structlog

from botkit.conversation.inbox import Inbox
from botkit.conversation.keyed_locks import KeyedLocks
from botkit.conversation.messages import InboundMessage, Receipt
from botkit.conversation.outbox import Outbox

RETRY_PAUSES = (0.2, 1.0, 5.0, 15.0, 60.0)
"""Seconds between the attempts to work off a message that could not be stored; the last one repeats."""

STOP_PATIENCE = 8.0
"""Seconds that the messages at work get to finish when the program ends."""

log = structlog.get_logger(__name__)


class Handler(Protocol):
    """What works a message off: the router."""

    async def handle(self, message_id: int) -> None: ...


Listener = Callable[[str, bool], Awaitable[None]]
"""Told (conversation id, whether the bot is at work), for a typing sign."""


class Worker:
    """`submit` returns as soon as the message is stored; `settled` waits until it is answered or handed on."""

    def __init__(
        self, inbox: Inbox, router: Handler, outbox: Outbox, retry_pauses: Sequence[float] = RETRY_PAUSES
    ) -> None:
        self._inbox = inbox
        self._router = router
        self._outbox = outbox
        self._retry_pauses = retry_pauses
        self._arrivals = KeyedLocks()
        self._queues: dict[str, deque[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: dict[int, asyncio.Future[bool]] = {}
        self._listeners: list[Listener] = []
        self._ending = asyncio.Event()

    def on_activity(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def start(self) -> int:
        """Take up what was received but not answered, and what was answered but not delivered. Returns how many messages."""
        left = await asyncio.to_thread(self._inbox.take_up)
        for message_id, conversation_id in left:
            self._enqueue(message_id, conversation_id)
        self._begin(self._outbox.run())
        return len(left)

    async def stop(self) -> None:
        """Let the messages at work finish; the rest is taken up at the next start."""
        self._ending.set()
        await self._outbox.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_PATIENCE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for future in self._waiting.values():
            future.set_result(False)
        self._waiting.clear()

    async def submit(self, message: InboundMessage) -> Receipt:
        """Store a message and see to its answer. Raises ValueError as `Inbox.receive` does, and what the database raises."""
        # whoever asks may go away meanwhile: then it is stored and worked off all the same
        return await asyncio.shield(asyncio.ensure_future(self._submit(message)))

    async def _submit(self, message: InboundMessage) -> Receipt:
        # one at a time for each sender: what comes in first is numbered first and worked off first
        async with self._arrivals.hold((message.channel, message.sender)):
            receipt = await asyncio.to_thread(self._inbox.receive, message)
            if not receipt.handled:
                self._enqueue(receipt.message_id, receipt.conversation_id)
            return receipt

    async def settled(self, message_id: int, patience: float | None = None) -> bool:
        """Wait until this message is no longer at work here; False when it was given up for now.

        patience: seconds to wait at most.
        """
        future = self._waiting.get(message_id)
        if future is None:
            return not self._ending.is_set()
        done, _ = await asyncio.wait([future], timeout=patience)
        return bool(done) and future.result()

    @property
    def backlog(self) -> int:
        return len(self._waiting)

    def _enqueue(self, message_id: int, conversation_id: str) -> None:
        if message_id in self._waiting or self._ending.is_set():
            return
        self._waiting[message_id] = asyncio.get_running_loop().create_future()
        if conversation_id in self._queues:
            self._queues[conversation_id].append(message_id)
        else:
            self._queues[conversation_id] = deque([message_id])
            self._begin(self._work_off(conversation_id))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, conversation_id: str) -> None:
        queue = self._queues[conversation_id]
        failures = 0
        try:
            await self._tell(conversation_id, True)
            while queue and not self._ending.is_set():
                try:
                    await self._router.handle(queue[0])
                except Exception:
                    log.exception("message not handled", conversation=conversation_id, message=queue[0])
                    await self._pause(failures)
                    failures += 1
                    continue
                failures = 0
                self._waiting.pop(queue.popleft()).set_result(True)
                await self._outbox.flush(conversation_id)
        finally:
            del self._queues[conversation_id]
        await self._tell(conversation_id, False)

    async def _pause(self, failures: int) -> None:
        """Wait before the next attempt, though not past the end of the program."""
        seconds = self._retry_pauses[min(failures, len(self._retry_pauses) - 1)]
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)

    async def _tell(self, conversation_id: str, at_work: bool) -> None:
        for listener in self._listeners:
            try:
                await listener(conversation_id, at_work)
            except Exception:
                log.exception("listener failed", conversation=conversation_id)
