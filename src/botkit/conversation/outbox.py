"""Where answers wait until they are delivered: stored first, then handed to the connector of their channel, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from botkit.conversation.keyed_locks import KeyedLocks
from botkit.conversation.messages import Line
from botkit.conversation.transcript import line_of
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, LineRow, OutboundRow, PlatformMessageRow

PENDING, SENT, DELIVERED, FAILED = "pending", "sent", "delivered", "failed"

RETRY_PAUSES = (1.0, 5.0, 15.0, 30.0, 60.0, 60.0, 120.0, 300.0, 900.0)
"""Seconds between the attempts to deliver what an outside service did not take; the last one repeats."""

TICK = 1.0
"""Seconds between looks for what is due again."""

CLAIM = timedelta(seconds=30)
"""So long a server may take for one line before another takes the conversation up."""

FRESH = timedelta(hours=48)
"""How long after it was written an answer is still tried; what is older is a dead letter."""

EXPIRED = "expired"
"""The problem of a line that could not be delivered in time."""

log = structlog.get_logger(__name__)


class Undeliverable(Exception):
    """The channel will never take this line; the lines after it may go out.

    problem: `blocked` by the customer, `window_closed` (he wrote too long ago), `no_address` (there is no such customer),
    or `refused`. The message is for the log.
    """

    def __init__(self, message: str, problem: str = "refused") -> None:
        super().__init__(message)
        self.problem = problem


class TryLater(Exception):
    """The platform does not take the line now, or took only some of its parts.

    after: how long it wants to be left alone, where it said so. parts: how many of the line's parts it has.
    """

    def __init__(self, reason: str, after: timedelta | None = None, parts: int = 0) -> None:
        super().__init__(reason)
        self.after = after
        self.parts = parts


@dataclass(frozen=True)
class Sent:
    """The platform has taken the line under these ids, and will tell whether it arrived: see `Outbox.reported`."""

    external_ids: tuple[str, ...]


class Connector(Protocol):
    """The delivering half of a channel. Optional attributes: `pushes` False, where it cannot send by itself but is asked;
    `outside` True, where a platform shows a line as often as it gets it, so that no two servers may deliver at once."""

    channel: str

    async def deliver(self, sender: str, line: Line, parts: int = 0) -> bool | Sent | None:
        """Render a line and send it, all but the first `parts` of its parts, which the platform has already.

        True: delivered. Sent: taken, a report will come. None: sent, and `Outbox.mark_delivered` will tell whether it
        arrived. False: the customer cannot be reached now, keep it and those after it until he comes.
        Raises Undeliverable, TryLater; any other exception means that it is to be tried again.
        """


def enqueue(session: Session, line: Line, inbound_id: int | None, now: datetime) -> None:
    """Put a line on its way, within the unit of work that wrote it."""
    session.add(
        OutboundRow(
            conversation_id=line.conversation_id, seq=line.seq, inbound_id=inbound_id, status=PENDING, created_at=now
        )
    )


@dataclass(frozen=True)
class Delivery:
    """What has become of a line: `status` as in the table, `problem` where it failed."""

    conversation_id: str
    seq: int
    status: str
    problem: str | None = None


Listener = Callable[[Delivery], Awaitable[None]]


class Outbox:
    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Callable[[], datetime],
        connectors: Iterable[Connector],
        retry_pauses: Sequence[float] = RETRY_PAUSES,
        tick: float = TICK,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._connectors = {connector.channel: connector for connector in connectors}
        self._retry_pauses = retry_pauses
        self._tick = tick
        self._locks = KeyedLocks()
        self._again: set[str] = set()
        self._listeners: list[Listener] = []
        self._ending = asyncio.Event()

    def on_delivery(self, listener: Listener) -> None:
        """Told of each line that was sent, delivered or given up."""
        self._listeners.append(listener)

    async def flush(self, conversation_id: str) -> None:
        """Deliver what waits for this conversation, oldest first. Never raises: what fails is tried again when it is due."""
        try:
            async with self._locks.hold(conversation_id):
                await self._deliver(conversation_id)
        except Exception:
            log.exception("delivery failed", conversation=conversation_id)
            self._again.add(conversation_id)

    def soon(self, conversation_id: str) -> None:
        """Have it flushed with what is due next: for listeners, during which another conversation is being delivered."""
        self._again.add(conversation_id)

    async def flush_all(self) -> None:
        """Deliver what an earlier run has left."""
        for conversation_id in await asyncio.to_thread(self._left_over):
            if not self._ending.is_set():
                await self.flush(conversation_id)

    async def run(self) -> None:
        """Take up what an earlier run has left, then deliver what is due again, until `stop`."""
        await self.flush_all()
        while not self._ending.is_set():
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._ending.wait(), self._tick)
            if not self._ending.is_set():
                await self.due()

    async def due(self) -> None:
        """Deliver what failed before and is to be tried again by now. Never raises."""
        again, self._again = self._again, set()
        try:
            again |= set(await asyncio.to_thread(self._due))
        except Exception:
            log.exception("could not look for what is due")
        await asyncio.gather(*(self.flush(conversation_id) for conversation_id in again))

    async def stop(self) -> None:
        """Repeat nothing any more."""
        self._ending.set()

    def pending(self, conversation_id: str, inbound_id: int | None = None) -> Sequence[Line]:
        """Lines not delivered yet; with `inbound_id`, only those that answer this message or none (an agent's words)."""
        with self._unit_of_work(reading=True) as session:
            return [line_of(row) for row in session.execute(_pending(conversation_id, inbound_id)).scalars()]

    def mark_delivered(self, conversation_id: str, seqs: Sequence[int]) -> None:
        """The customer has these lines; those that are not pending stay as they are."""
        with self._unit_of_work() as session:
            session.execute(
                update(OutboundRow)
                .where(
                    OutboundRow.conversation_id == conversation_id,
                    OutboundRow.seq.in_(seqs),
                    OutboundRow.status == PENDING,
                )
                .values(status=DELIVERED, delivered_at=self._clock())
            )

    async def reported(self, channel: str, external_id: str, arrived: bool, problem: str = "refused") -> bool:
        """A platform tells whether a message arrived. False: it is none of ours, or not known to be ours yet."""
        delivery = await asyncio.to_thread(self._reported, channel, external_id, arrived, problem)
        if delivery is None:
            return False
        if delivery.status != SENT:
            await self._tell(delivery)
        return True

    def send_again(self, conversation_id: str, seq: int) -> bool:
        """Put a dead letter on its way again; False where it is none. `flush` then delivers it."""
        with self._unit_of_work() as session:
            row = _outbound(session, conversation_id, seq)
            if row is None or row.status != FAILED:
                return False
            row.status, row.problem, row.attempts, row.parts = PENDING, None, 0, 0
            row.next_at, row.created_at = None, self._clock()
            return True

    # Inside

    async def _deliver(self, conversation_id: str) -> None:
        waiting = await asyncio.to_thread(self._waiting, conversation_id)
        if not waiting:
            return
        connector = self._connectors.get(waiting[0].channel)
        if connector is None:
            return
        if not getattr(connector, "outside", False):
            await self._in_order(connector, waiting)
            return
        if not await asyncio.to_thread(self._claim, conversation_id):
            self._again.add(conversation_id)
            return
        try:
            # another server may have delivered them since we looked
            waiting = await asyncio.to_thread(self._waiting, conversation_id)
            await self._in_order(connector, waiting, claimed=True)
        finally:
            await asyncio.to_thread(self._release, conversation_id)

    async def _in_order(self, connector: Connector, waiting: Sequence[_Waiting], claimed: bool = False) -> None:
        for number, one in enumerate(waiting):
            if one.next_at is not None and one.next_at > self._clock():
                return
            if claimed and number:
                await asyncio.to_thread(self._renew, one.line.conversation_id)
            if not await self._hand_over(connector, one):
                return

    async def _hand_over(self, connector: Connector, one: _Waiting) -> bool:
        """Whether the lines after it may go out."""
        line = one.line
        try:
            taken = await connector.deliver(one.sender, line, one.parts)
        except Undeliverable as refusal:
            log.warning("line refused", conversation=line.conversation_id, seq=line.seq, why=str(refusal))
            await self._settle(one, FAILED, refusal.problem)
        except TryLater as later:
            log.info("delivery put off", conversation=line.conversation_id, seq=line.seq, why=str(later))
            return await self._put_off(one, later.after, max(later.parts, one.parts))
        except Exception:
            log.exception("delivery failed", conversation=line.conversation_id, seq=line.seq)
            return await self._put_off(one, None, one.parts)
        else:
            if isinstance(taken, Sent):
                await self._settle(one, SENT, sent=taken)
            elif taken:
                await self._settle(one, DELIVERED)
            elif taken is False:
                return False
        return True

    async def _settle(self, one: _Waiting, status: str, problem: str | None = None, sent: Sent | None = None) -> None:
        await asyncio.to_thread(self._store, one, status, problem, sent)
        await self._tell(Delivery(one.line.conversation_id, one.line.seq, status, problem))

    async def _put_off(self, one: _Waiting, after: timedelta | None, parts: int) -> bool:
        """Try it again later. True where it is given up: then the lines after it may go out."""
        now = self._clock()
        if now - one.created_at > FRESH:
            await self._settle(one, FAILED, EXPIRED)
            return True
        pause = self._retry_pauses[min(one.attempts, len(self._retry_pauses) - 1)]
        await asyncio.to_thread(self._note, one, now + (after or timedelta(seconds=pause)), parts)
        return False

    async def _tell(self, delivery: Delivery) -> None:
        for listener in self._listeners:
            try:
                await listener(delivery)
            except Exception:
                log.exception("listener failed", conversation=delivery.conversation_id)

    # The database

    def _waiting(self, conversation_id: str) -> Sequence[_Waiting]:
        query = _pending(conversation_id).add_columns(OutboundRow, ConversationRow.channel, ConversationRow.sender)
        query = query.join(ConversationRow, ConversationRow.id == LineRow.conversation_id)
        with self._unit_of_work(reading=True) as session:
            return [
                _Waiting(channel, sender, line_of(row), out.parts, out.attempts, out.next_at, out.created_at)
                for row, out, channel, sender in session.execute(query)
            ]

    def _store(self, one: _Waiting, status: str, problem: str | None, sent: Sent | None) -> None:
        now = self._clock()
        with self._unit_of_work() as session:
            row = _outbound(session, one.line.conversation_id, one.line.seq)
            if row is None or row.status != PENDING:
                return
            row.status, row.problem = status, problem
            row.delivered_at = now if status == DELIVERED else None
            for external_id in sent.external_ids if sent else ():
                session.merge(
                    PlatformMessageRow(
                        channel=one.channel,
                        external_id=external_id,
                        conversation_id=row.conversation_id,
                        seq=row.seq,
                    )
                )

    def _note(self, one: _Waiting, next_at: datetime, parts: int) -> None:
        with self._unit_of_work() as session:
            row = _outbound(session, one.line.conversation_id, one.line.seq)
            if row is not None and row.status == PENDING:
                row.attempts, row.next_at, row.parts = one.attempts + 1, next_at, parts

    def _reported(self, channel: str, external_id: str, arrived: bool, problem: str) -> Delivery | None:
        with self._unit_of_work() as session:
            known = session.get(PlatformMessageRow, (channel, external_id))
            row = _outbound(session, known.conversation_id, known.seq) if known else None
            if known is None or row is None:
                return None
            known.arrived = arrived
            session.flush()
            query = select(PlatformMessageRow.arrived).where(
                PlatformMessageRow.conversation_id == row.conversation_id, PlatformMessageRow.seq == row.seq
            )
            parts = session.execute(query).scalars().all()
            if row.status != SENT:
                return Delivery(row.conversation_id, row.seq, SENT)  # known already
            if False in parts:
                row.status, row.problem = FAILED, problem
            elif None not in parts:
                row.status, row.delivered_at = DELIVERED, self._clock()
            return Delivery(row.conversation_id, row.seq, row.status, row.problem)

    def _claim(self, conversation_id: str) -> bool:
        """Whether this server may deliver in the conversation now."""
        now = self._clock()
        free = or_(ConversationRow.sending_until.is_(None), ConversationRow.sending_until <= now)
        with self._unit_of_work() as session:
            claimed = session.execute(
                update(ConversationRow)
                .where(ConversationRow.id == conversation_id, free)
                .values(sending_until=now + CLAIM)
                .execution_options(synchronize_session=False)
            )
            return bool(claimed.rowcount)

    def _renew(self, conversation_id: str) -> None:
        self._set_claim(conversation_id, self._clock() + CLAIM)

    def _release(self, conversation_id: str) -> None:
        self._set_claim(conversation_id, None)

    def _set_claim(self, conversation_id: str, until: datetime | None) -> None:
        with self._unit_of_work() as session:
            session.execute(
                update(ConversationRow).where(ConversationRow.id == conversation_id).values(sending_until=until)
            )

    def _due(self) -> Sequence[str]:
        with self._unit_of_work(reading=True) as session:
            query = (
                select(OutboundRow.conversation_id)
                .where(OutboundRow.status == PENDING, OutboundRow.next_at <= self._clock())
                .distinct()
            )
            return list(session.execute(query).scalars())

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


@dataclass(frozen=True)
class _Waiting:
    """A line that is pending, and whose it is."""

    channel: str
    sender: str
    line: Line
    parts: int
    attempts: int
    next_at: datetime | None
    created_at: datetime


def _outbound(session: Session, conversation_id: str, seq: int) -> Any:
    query = select(OutboundRow).where(OutboundRow.conversation_id == conversation_id, OutboundRow.seq == seq)
    return session.execute(query.with_for_update()).scalar_one_or_none()


def _pending(conversation_id: str, inbound_id: int | None = None) -> Select:
    query = (
        select(LineRow)
        .join(OutboundRow, (OutboundRow.conversation_id == LineRow.conversation_id) & (OutboundRow.seq == LineRow.seq))
        .where(OutboundRow.conversation_id == conversation_id, OutboundRow.status == PENDING)
        .order_by(LineRow.seq)
    )
    if inbound_id is None:
        return query
    return query.where(or_(OutboundRow.inbound_id == inbound_id, OutboundRow.inbound_id.is_(None)))
