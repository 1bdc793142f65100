"""One bound connection to a message centre: requests in a window, answers by sequence number, a sign of life now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog

from channels.sms.settings import SmppSettings
from channels.sms.smpp import pdus
from channels.sms.smpp.pdus import Delivered, Head, Malformed

MOST_AT_WORK = 50
"""Messages that are taken in at once; the centre keeps those beyond and comes again."""

HIGHEST_SEQUENCE = 0x7FFFFFFF

Deliver = Callable[[Delivered], Awaitable[int]]
"""Takes a deliver_sm in; the status that it is answered with."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Timing:
    """Seconds. answer: so long a request waits for its response; quiet: after so long without a word enquire_link."""

    connect: float = 10.0
    answer: float = 15.0
    quiet: float = 30.0


class SessionLost(Exception):
    """The connection ended, or an answer did not come. Whether the request arrived is not known."""


class Refused(Exception):
    """The centre answered with an error. status: as in SMPP 3.4, 5.1.3."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status 0x{status:08x}")
        self.status = status


class Session:
    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        deliver: Deliver,
        window: int,
        timing: Timing,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._deliver = deliver
        self._window = asyncio.Semaphore(window)
        self._timing = timing
        self._sequence = 0
        self._waiting: dict[int, asyncio.Future[tuple[Head, bytes]]] = {}
        self._at_work: set[asyncio.Task[None]] = set()
        self._heard = asyncio.Event()
        self._ended = asyncio.Event()
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._stay_in_touch())]

    @classmethod
    async def open(cls, settings: SmppSettings, deliver: Deliver, timing: Timing) -> Session:
        """Connect and bind as transceiver. Raises OSError, SessionLost, Refused."""
        try:
            reader, writer = await asyncio.wait_for(
                asyncio.open_connection(settings.host, settings.port), timing.connect
            )
        except asyncio.TimeoutError:
            raise SessionLost("no connection in time") from None
        session = cls(reader, writer, deliver, settings.window, timing)
        try:
            await session.request(
                "bind_transceiver",
                system_id=settings.system_id,
                password=settings.password,
                system_type=settings.system_type,
            )
        except BaseException:
            await session.end()
            raise
        return session

    @property
    def is_open(self) -> bool:
        return not self._ended.is_set()

    async def until_ended(self) -> None:
        await self._ended.wait()

    async def submit(self, **fields: Any) -> str:
        """Send a submit_sm; the id that the centre gave it. Raises Refused, SessionLost."""
        octets = await self.request("submit_sm", **fields)
        try:
            return pdus.message_id(octets)
        except Malformed:
            return ""  # taken, but its receipt will say nothing to us

    async def request(self, name: str, **fields: Any) -> bytes:
        """Send a request and wait for its response. Raises Refused, SessionLost."""
        async with self._window:
            if not self.is_open:
                raise SessionLost("the connection has ended")
            sequence = self._next_sequence()
            future: asyncio.Future[tuple[Head, bytes]] = asyncio.get_running_loop().create_future()
            self._waiting[sequence] = future
            try:
                self._write(pdus.request(name, sequence, **fields))
                head, octets = await asyncio.wait_for(future, self._timing.answer)
            except asyncio.TimeoutError:
                self._lose("no answer")
                raise SessionLost(f"no answer to {name}") from None
            finally:
                self._waiting.pop(sequence, None)
        if head.status != pdus.OK or head.name not in (f"{name}_resp",):
            raise Refused(head.status or pdus.UNKNOWN_COMMAND)
        return octets

    async def end(self, politely: bool = False) -> None:
        """Let what is being taken in finish, unbind if asked to, close the connection."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=self._timing.answer)
        if politely and self.is_open:
            with suppress(SessionLost, Refused):
                await self.request("unbind")
        self._lose("ended by us")
        for task in (*self._tasks, *self._at_work):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._at_work, return_exceptions=True)
        with suppress(OSError):
            await self._writer.wait_closed()

    # Inside

    def _next_sequence(self) -> int:
        self._sequence = self._sequence % HIGHEST_SEQUENCE + 1
        return self._sequence

    def _write(self, octets: bytes) -> None:
        if self.is_open:
            self._writer.write(octets)

    def _lose(self, why: str) -> None:
        if self._ended.is_set():
            return
        log.info("SMPP session ended", why=why)
        self._ended.set()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(SessionLost(why))
        self._writer.close()

    async def _read(self) -> None:
        try:
            while True:
                head = pdus.head(await self._reader.readexactly(pdus.HEADER.size))
                octets = pdus.HEADER.pack(*head) + await self._reader.readexactly(head.length - pdus.HEADER.size)
                self._heard.set()
                self._take(head, octets)
        except Malformed as error:
            log.warning("SMPP stream out of step", why=str(error))
            self._write(pdus.response("generic_nack", 0, pdus.INVALID_LENGTH))
            self._lose("out of step")
        except (asyncio.IncompleteReadError, OSError) as error:
            self._lose(f"closed by the other side: {type(error).__name__}")

    def _take(self, head: Head, octets: bytes) -> None:
        if head.command & 0x80000000:
            future = self._waiting.get(head.sequence)
            if future is None or future.done():
                log.warning("SMPP response to nothing", command=head.name or hex(head.command))
            else:
                future.set_result((head, octets))
        elif head.name == "enquire_link":
            self._write(pdus.response("enquire_link_resp", head.sequence))
        elif head.name == "deliver_sm":
            self._take_in(head, octets)
        elif head.name == "unbind":
            self._write(pdus.response("unbind_resp", head.sequence))
            self._lose("unbound by the other side")
        elif head.name != "alert_notification":  # that one has no response
            log.warning("SMPP command not expected", command=head.name or hex(head.command))
            self._write(pdus.response("generic_nack", head.sequence, pdus.UNKNOWN_COMMAND))

    def _take_in(self, head: Head, octets: bytes) -> None:
        try:
            message = pdus.delivered(octets)
        except Malformed as error:
            log.warning("SMPP message refused", why=str(error))
            self._write(pdus.response("deliver_sm_resp", head.sequence, pdus.REJECTED))
            return
        if len(self._at_work) >= MOST_AT_WORK:
            self._write(pdus.response("deliver_sm_resp", head.sequence, pdus.NOT_NOW))
            return
        task = asyncio.create_task(self._answer(head, message))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def _answer(self, head: Head, message: Delivered) -> None:
        try:
            status = await self._deliver(message)
        except Exception:
            log.exception("message not stored", channel="sms")
            status = pdus.NOT_NOW
        self._write(pdus.response("deliver_sm_resp", head.sequence, status))

    async def _stay_in_touch(self) -> None:
        while self.is_open:
            self._heard.clear()
            try:
                await asyncio.wait_for(self._heard.wait(), self._timing.quiet)
            except asyncio.TimeoutError:
                with suppress(SessionLost, Refused):
                    await self.request("enquire_link")
