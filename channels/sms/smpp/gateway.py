"""A message centre over SMPP 3.4: stays bound, sends parts, takes messages and receipts in."""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from botkit.conversation.keyed_locks import KeyedLocks
from botkit.conversation.outbox import Sent, TryLater, Undeliverable
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import InboundRow
from channels.sms.gateway import Arrivals, Incoming, Outgoing
from channels.sms.numbers import international, normal
from channels.sms.settings import SmppSettings
from channels.sms.smpp import pdus
from channels.sms.smpp.pdus import Delivered
from channels.sms.smpp.reassembly import Parts, TooManyParts, Whole
from channels.sms.smpp.receipts import is_receipt, receipt
from channels.sms.smpp.session import Refused, Session, SessionLost, Timing
from channels.sms.smpp.wording import UCS2, UDH, Part, header, read, ucs2, without_header

RECONNECT = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds between the attempts to connect; the last one repeats."""

SWEEP = 30.0
"""Seconds between looks for messages of which a part was lost."""

NOT_CONNECTED = timedelta(seconds=5)
"""When a message is tried again that found no connection: the connection looks after itself."""

REPEATED = timedelta(seconds=3)
REPEATED_AFTER_BREAK = timedelta(minutes=2)
"""SMPP 3.4 names no message that comes in. The same text of the same number within this time, or across a break of the
connection within that, is the same message delivered again. Longer would swallow a second 1 to the next menu; sooner nobody
reads an answer and types the next one."""

RECEIPT_PAUSES = (0.0, 0.3, 1.0, 3.0)
"""Seconds before each look for the message of a receipt: it may come before we have noted the message's id."""

_LATER = {0x04, 0x05, 0x08, 0x0D, 0x0E, 0x0F, 0x14, 0x45, 0x58, 0x64}
"""Not bound, system error, bind failed, queue full, submit failed, throttled, temporary error of the application."""

_OURS = {0x0A, 0x15, 0x48, 0x49}
"""Our own number or service type is wrong: mended by people, nothing is given up."""

_NO_ADDRESS = {0x0B, 0x33, 0x50, 0x51}

log = structlog.get_logger(__name__)


class SmppGateway:
    def __init__(
        self,
        settings: SmppSettings,
        number: str,
        unit_of_work: UnitOfWork,
        clock: Callable[[], datetime],
        lost_part: str,
        timing: Timing | None = None,
        reconnect: Sequence[float] = RECONNECT,
    ) -> None:
        """number: our own. lost_part: what stands for a part of a long message that has not come."""
        self._settings = settings
        self._number = number
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._parts = Parts(unit_of_work, clock, lost_part)
        self._timing = timing or Timing()
        self._reconnect = reconnect
        self._arrivals: Arrivals | None = None
        self._session: Session | None = None
        self._bound_at = clock()
        self._one_by_one = KeyedLocks()
        self._ids: dict[str, list[str]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._ending = asyncio.Event()

    @property
    def blueprint(self) -> None:
        return None

    @property
    def is_bound(self) -> bool:
        return self._session is not None and self._session.is_open

    async def open(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self._tasks = [asyncio.create_task(self._stay_bound()), asyncio.create_task(self._sweep())]

    async def close(self) -> None:
        self._ending.set()
        if self._session is not None:
            await self._session.end(politely=True)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # Out

    async def send(self, message: Outgoing, done: int = 0) -> Sent:
        ids = self._ids.pop(message.key, []) if done else []
        for number, text in list(enumerate(message.parts, 1))[done:]:
            if self._session is None or not self._session.is_open:
                raise self._put_off(message, ids, TryLater("not connected", NOT_CONNECTED, number - 1))
            try:
                ids.append(await self._session.submit(**self._fields(message, number, text)))
            except SessionLost as error:
                raise self._put_off(message, ids, TryLater(str(error), NOT_CONNECTED, number - 1)) from error
            except Refused as refusal:
                raise self._put_off(message, ids, _failure(refusal.status, number - 1)) from refusal
        return Sent(tuple(dict.fromkeys(one for one in ids if one)))

    def _put_off(self, message: Outgoing, ids: list[str], failure: Exception) -> Exception:
        """Remembers the ids of the parts that went out, so that their receipts are known when the rest has followed."""
        if ids and isinstance(failure, TryLater):
            self._ids[message.key] = ids
            while len(self._ids) > 1000:
                del self._ids[next(iter(self._ids))]
        return failure

    def _fields(self, message: Outgoing, number: int, text: str) -> dict[str, object]:
        total = len(message.parts)
        several = total > 1
        reference = zlib.crc32(message.key.encode())
        octets = (header(reference, total, number) if several else b"") + ucs2(text)
        source = international(self._number)
        return {
            "source_addr_ton": 1 if len(source) > 8 else 0,
            "source_addr_npi": 1 if len(source) > 8 else 0,
            "source_addr": source,
            "dest_addr_ton": 1,
            "dest_addr_npi": 1,
            "destination_addr": international(message.to),
            "esm_class": UDH if several else 0,
            "data_coding": UCS2,
            "registered_delivery": 1 if message.reports else 0,
            "short_message": octets,
        }

    # In

    async def _deliver(self, message: Delivered) -> int:
        """The status that a deliver_sm is answered with: stored, never to be sent again, or later."""
        if is_receipt(message):
            return await self._receipt(message)
        sender = normal(message.source)
        if sender is None or normal(message.destination) != self._number:
            log.warning("SMPP message refused", why="address")
            return pdus.REJECTED
        part, octets = (Part(*message.joined) if message.joined else None), message.payload
        if message.esm_class & UDH:
            taken = without_header(octets)
            if taken is None:
                log.warning("SMPP message refused", why="user data header")
                return pdus.REJECTED
            part, octets = taken[0] or part, taken[1]
        async with self._one_by_one.hold(sender):
            if part is not None and part.total > 1:
                return await self._part(sender, part, message.coding, octets)
            await self._message(sender, message, octets)
        return pdus.OK

    async def _message(self, sender: str, message: Delivered, octets: bytes) -> None:
        assert self._arrivals is not None
        text = read(octets, message.coding)
        known = await asyncio.to_thread(self._identity, sender, message)
        await self._arrivals.message(Incoming(sender, text or "", known, readable=text is not None))

    async def _part(self, sender: str, part: Part, coding: int, octets: bytes) -> int:
        try:
            whole = await asyncio.to_thread(self._parts.add, sender, part, coding, octets)
        except (TooManyParts, ValueError) as error:
            log.warning("SMPP part refused", why=str(error))
            return pdus.REJECTED
        if whole is not None:
            await self._hand_over(whole)
        return pdus.OK

    async def _hand_over(self, whole: Whole) -> None:
        assert self._arrivals is not None
        await self._arrivals.message(Incoming(whole.sender, whole.text, whole.external_id))
        await asyncio.to_thread(self._parts.done, whole.key)

    def _identity(self, sender: str, message: Delivered) -> str:
        """The message's id: that of the same message delivered before, or a new one."""
        said = f"{sender}\n{message.destination}\n{message.coding}\n{message.marked}\n".encode() + message.payload
        digest = hashlib.sha256(said).hexdigest()[:32]
        now = self._clock()
        query = (
            select(InboundRow.external_id, InboundRow.received_at)
            .where(InboundRow.channel == "sms", InboundRow.external_id.like(f"{digest}:%"))
            .order_by(InboundRow.id.desc())
            .limit(1)
        )
        with self._unit_of_work(reading=True) as session:
            before = session.execute(query).one_or_none()
        if before is not None:
            age = now - before.received_at
            across = before.received_at < self._bound_at
            if age <= REPEATED or (across and age <= REPEATED_AFTER_BREAK):
                return str(before.external_id)
        return f"{digest}:{now.timestamp():.3f}"

    async def _receipt(self, message: Delivered) -> int:
        assert self._arrivals is not None
        told = receipt(message)
        if told is None:
            log.warning("SMPP receipt refused", why="no id")
            return pdus.REJECTED
        if told.arrived is None:
            return pdus.OK
        for pause in RECEIPT_PAUSES:
            if not await self._pause(pause):
                return pdus.NOT_NOW
            for spelling in told.ids:
                if await self._arrivals.report(spelling, told.arrived, told.problem):
                    return pdus.OK
        log.info("SMPP receipt of an unknown message")
        return pdus.OK

    # The connection

    async def _stay_bound(self) -> None:
        failures = 0
        while not self._ending.is_set():
            self._bound_at = self._clock()  # before: a message may come at once
            try:
                self._session = await Session.open(self._settings, self._deliver, self._timing)
            except Exception as error:  # whatever it is, it is tried again
                log.warning("SMPP not bound", why=f"{type(error).__name__}: {error}")
                await self._pause(self._reconnect[min(failures, len(self._reconnect) - 1)])
                failures += 1
                continue
            log.info("SMPP bound", host=self._settings.host)
            failures = 0
            session = self._session
            await session.until_ended()
            self._session = None
            await session.end()

    async def _sweep(self) -> None:
        while await self._pause(SWEEP):
            await self.sweep()

    async def sweep(self) -> None:
        """Take what has come of messages of which a part was lost. Never raises."""
        try:
            for whole in await asyncio.to_thread(self._parts.overdue):
                async with self._one_by_one.hold(whole.sender):
                    await self._hand_over(whole)
        except Exception:
            log.exception("parts not looked after")

    async def _pause(self, seconds: float) -> bool:
        """False where the end came meanwhile."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds or 0.001)
        return not self._ending.is_set()


def _failure(status: int, parts: int) -> Exception:
    why = f"the message centre answered 0x{status:08x}"
    if status in _NO_ADDRESS:
        return Undeliverable(why, "no_address")
    if status in _OURS:
        log.error("the message centre does not take our number", channel="sms", status=hex(status))
        return TryLater(why, parts=parts)
    if status in _LATER:
        return TryLater(why, parts=parts)
    return Undeliverable(why)
