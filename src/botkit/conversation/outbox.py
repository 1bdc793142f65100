"""Where answers wait until they are delivered: stored first, then handed to the connector of their channel, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from botkit.conversation.keyed_locks import KeyedLocks
from botkit.conversation.messages import Line
from botkit.conversation.transcript import line_of
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, LineRow, OutboundRow

PENDING, DELIVERED, FAILED = "pending", "delivered", "failed"

RETRY_PAUSES = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0)
"""Seconds between the attempts to deliver what an outside service did not take."""

STOP_PATIENCE = 5.0

FRESH = timedelta(hours=48)
"""How long after it was written an answer is still delivered at a restart."""

log = structlog.get_logger(__name__)


class Undeliverable(Exception):
    """The channel will never take this line (a blocked bot, a form it refuses); the lines after it may go out."""


class Connector(Protocol):
    """The delivering half of a channel. One that cannot send by itself, but is asked, sets `pushes` to False."""

    channel: str

    async def deliver(self, sender: str, line: Line) -> bool | None:
        """Render a line and send it.

        True: delivered. None: sent, and `Outbox.mark_delivered` will tell whether it arrived. False: the customer cannot
        be reached now, keep it and those after it for him.
        Raises Undeliverable; any other exception means that it is to be tried again.
        """


def enqueue(session: Session, line: Line, inbound_id: int | None, now: datetime) -> None:
    """Put a line on its way, within the unit of work that wrote it."""
    session.add(
        OutboundRow(
            conversation_id=line.conversation_id, seq=line.seq, inbound_id=inbound_id, status=PENDING, created_at=now
        )
    )


class Outbox:
    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Callable[[], datetime],
        connectors: Iterable[Connector],
        retry_pauses: Sequence[float] = RETRY_PAUSES,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._connectors = {connector.channel: connector for connector in connectors}
        self._retry_pauses = retry_pauses
        self._locks = KeyedLocks()
        self._retries: dict[str, asyncio.Task[None]] = {}
        self._ending = asyncio.Event()

    async def flush(self, conversation_id: str) -> None:
        """Deliver what waits for this conversation, oldest first. Never raises: what fails is tried again by itself."""
        if not await self._attempt(conversation_id) and conversation_id not in self._retries:
            self._retries[conversation_id] = asyncio.create_task(self._retry(conversation_id))

    async def flush_all(self) -> None:
        """Deliver what an earlier run has left."""
        for conversation_id in await asyncio.to_thread(self._left_over):
            if not self._ending.is_set():
                await self.flush(conversation_id)

    async def stop(self) -> None:
        """Repeat nothing any more, and wait until what is being delivered has been noted."""
        self._ending.set()
        if self._retries:
            await asyncio.wait(list(self._retries.values()), timeout=STOP_PATIENCE)

    def pending(self, conversation_id: str, inbound_id: int | None = None) -> Sequence[Line]:
        """Lines not delivered yet; with `inbound_id`, only those that answer this message."""
        with self._unit_of_work(reading=True) as session:
            return [line_of(row) for row in session.execute(_pending(conversation_id, inbound_id)).scalars()]

    def mark_delivered(self, conversation_id: str, seqs: Sequence[int], status: str = DELIVERED) -> None:
        """The customer has these lines; those that are not pending stay as they are."""
        with self._unit_of_work() as session:
            session.execute(
                update(OutboundRow)
                .where(
                    OutboundRow.conversation_id == conversation_id,
                    OutboundRow.seq.in_(seqs),
                    OutboundRow.status == PENDING,
                )
                .values(status=status, delivered_at=self._clock())
            )

    async def _retry(self, conversation_id: str) -> None:
        try:
            for pause in self._retry_pauses:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._ending.wait(), pause)
                if self._ending.is_set() or await self._attempt(conversation_id):
                    return
            log.error("delivery given up until the next message or start", conversation=conversation_id)
        finally:
            del self._retries[conversation_id]

    async def _attempt(self, conversation_id: str) -> bool:
        """Deliver line by line. False when something went wrong that may go well another time."""
        try:
            async with self._locks.hold(conversation_id):
                return await self._deliver(conversation_id)
        except Exception:
            log.exception("delivery failed", conversation=conversation_id)
            return False

    async def _deliver(self, conversation_id: str) -> bool:
        for channel, sender, line in await asyncio.to_thread(self._waiting, conversation_id):
            connector = self._connectors.get(channel)
            delivered = await self._hand_over(connector, sender, line) if connector else False
            if delivered is False:
                break
        return True

    async def _hand_over(self, connector: Connector, sender: str, line: Line) -> bool | None:
        status = DELIVERED
        try:
            delivered = await connector.deliver(sender, line)
        except Undeliverable as refusal:
            log.warning("line refused", conversation=line.conversation_id, seq=line.seq, why=str(refusal))
            delivered, status = True, FAILED
        if delivered:
            await asyncio.to_thread(self.mark_delivered, line.conversation_id, [line.seq], status)
        return delivered

    def _waiting(self, conversation_id: str) -> Sequence[tuple[str, str, Line]]:
        """(channel, sender, line) of each line that is pending."""
        query = _pending(conversation_id).add_columns(ConversationRow.channel, ConversationRow.sender)
        query = query.join(ConversationRow, ConversationRow.id == LineRow.conversation_id)
        with self._unit_of_work(reading=True) as session:
            return [(channel, sender, line_of(row)) for row, channel, sender in session.execute(query)]

    def _left_over(self) -> Sequence[str]:
        pushing = [name for name, connector in self._connectors.items() if getattr(connector, "pushes", True)]
        with self._unit_of_work(reading=True) as session:
            query = (
                select(OutboundRow.conversation_id)
                .join(ConversationRow, ConversationRow.id == OutboundRow.conversation_id)
                .where(
                    OutboundRow.status == PENDING,
                    OutboundRow.created_at > self._clock() - FRESH,
                    ConversationRow.channel.in_(pushing),
                )
                .distinct()
            )
            return list(session.execute(query).scalars())


def _pending(conversation_id: str, inbound_id: int | None = None) -> Select:
    query = (
        select(LineRow)
        .join(OutboundRow, (OutboundRow.conversation_id == LineRow.conversation_id) & (OutboundRow.seq == LineRow.seq))
        .where(OutboundRow.conversation_id == conversation_id, OutboundRow.status == PENDING)
        .order_by(LineRow.seq)
    )
    return query if inbound_id is None else query.where(OutboundRow.inbound_id == inbound_id)
