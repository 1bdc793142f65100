"""Where answers wait until they are delivered: stored first, then handed to the connector of their channel, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from botkit.conversation.messages import Line
from botkit.conversation.transcript import line_of
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, LineRow, OutboundRow

PENDING, DELIVERED = "pending", "delivered"

log = structlog.get_logger(__name__)


class Connector(Protocol):
    """The delivering half of a channel."""

    channel: str

    async def deliver(self, sender: str, line: Line) -> bool:
        """Render a line and send it. False: the customer cannot be reached now, keep it for him."""


def enqueue(session: Session, line: Line, inbound_id: int | None, now: datetime) -> None:
    """Put a line on its way, within the unit of work that wrote it."""
    session.add(
        OutboundRow(
            conversation_id=line.conversation_id, seq=line.seq, inbound_id=inbound_id, status=PENDING, created_at=now
        )
    )


class Outbox:
    def __init__(self, unit_of_work: UnitOfWork, clock: Callable[[], datetime], connectors: Iterable[Connector]) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._connectors = {connector.channel: connector for connector in connectors}
        self._locks: dict[str, asyncio.Lock] = {}

    async def flush(self, conversation_id: str) -> None:
        """Deliver what waits for this conversation, oldest first, until a delivery does not succeed."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            channel, sender, lines = await asyncio.to_thread(self._load, conversation_id)
            connector = self._connectors.get(channel)
            for line in lines if connector else ():
                try:
                    delivered = await connector.deliver(sender, line)  # type: ignore[union-attr]
                except Exception:
                    log.exception("delivery failed", channel=channel, conversation=conversation_id, seq=line.seq)
                    delivered = False
                if not delivered:
                    break
                await asyncio.to_thread(self.mark_delivered, conversation_id, [line.seq])
        if not lock.locked():
            self._locks.pop(conversation_id, None)

    def pending(self, conversation_id: str, inbound_id: int | None = None) -> Sequence[Line]:
        """Lines not delivered yet; with `inbound_id`, only those that answer this message."""
        with self._unit_of_work() as session:
            query = (
                select(LineRow)
                .join(
                    OutboundRow,
                    (OutboundRow.conversation_id == LineRow.conversation_id) & (OutboundRow.seq == LineRow.seq),
                )
                .where(OutboundRow.conversation_id == conversation_id, OutboundRow.status == PENDING)
                .order_by(LineRow.seq)
            )
            if inbound_id is not None:
                query = query.where(OutboundRow.inbound_id == inbound_id)
            return [line_of(row) for row in session.execute(query).scalars()]

    def mark_delivered(self, conversation_id: str, seqs: Sequence[int]) -> None:
        with self._unit_of_work() as session:
            session.execute(
                update(OutboundRow)
                .where(OutboundRow.conversation_id == conversation_id, OutboundRow.seq.in_(seqs))
                .values(status=DELIVERED, delivered_at=self._clock())
            )

    def conversations_with_pending(self) -> Sequence[str]:
        """For taking up deliveries after a restart."""
        with self._unit_of_work() as session:
            query = select(OutboundRow.conversation_id).where(OutboundRow.status == PENDING).distinct()
            return list(session.execute(query).scalars())

    def _load(self, conversation_id: str) -> tuple[str, str, Sequence[Line]]:
        with self._unit_of_work() as session:
            row = session.get(ConversationRow, conversation_id)
            channel, sender = row.channel, row.sender
        return channel, sender, self.pending(conversation_id)
