"""A server that may break at any step: what it has besides the database is gone then, and is built anew from it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.dialogue import DialogueError, Response
from botkit.conversation.inbox import Inbox
from botkit.conversation.messages import Line
from botkit.conversation.outbox import Outbox
from botkit.conversation.reply import Reply
from botkit.conversation.router import Router
from botkit.conversation.tracker_store import Turn
from botkit.conversation.worker import Worker
from botkit.desk.accounts import Accounts
from botkit.desk.reception import DeskReception
from botkit.desk.service import DeskService
from botkit.desk.tickets import Tickets
from botkit.desk.timers import Timers
from botkit.handoff.hours import ServiceHours
from botkit.handoff.machine import HandOver, Reason
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import TurnRow
from tests.unit.desk.floor import QUICK

T = TypeVar("T")

PATIENCE = 10_000
"""Turns of the event loop within which the bot has done what it was asked; it takes some hundreds."""

POINTS = ("before", "commit", "after")
"""Of a unit of work that writes: before it begins, all written but not committed, committed."""


class Crash(BaseException):
    """The process has ended here. No `except Exception` is to see it."""


class StrictClock:
    """Never says the same time twice, so that what happened can be put in order by it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def forward(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@dataclass
class Fault:
    """At the `countdown`th unit of work that writes, at this point: a crash, a database that fails, or somebody's deed."""

    point: str
    countdown: int
    crash: bool = False
    deed: Callable[[], object] | None = None


class Fragile:
    """Units of work of one run of the server."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self.fault: Fault | None = None
        self.ended = False

    @contextmanager
    def __call__(self, *, reading: bool = False) -> Iterator[Session]:
        self._alive()
        if reading:
            with self._work(reading=True) as session:
                yield session
            return
        self._reach("before")
        with self._work() as session:
            yield session
            self._reach("commit")
        self._reach("after")

    def _alive(self) -> None:
        if self.ended:
            raise Crash

    def _reach(self, point: str) -> None:
        fault = self.fault
        if fault is None or fault.point != point:
            return
        fault.countdown -= 1
        if fault.countdown:
            return
        self.fault = None
        if fault.deed:
            fault.deed()
            return
        self.ended = fault.crash
        self._alive()
        raise OperationalError("told to fail", {}, Exception())


@dataclass
class Script:
    """Stands for the bot. 转人工 hands over, 两句 has two answers, 坏 cannot be answered, 慢 takes until `finish`."""

    work: UnitOfWork
    intents: tuple[str, ...] = ("request_human",)
    gates: dict[str, asyncio.Future[None]] = field(default_factory=dict)

    async def respond(self, conversation_id: str, message_id: int, channel: str, text: str) -> Response:
        if "慢" in text:
            self.gates[conversation_id] = asyncio.get_running_loop().create_future()
            await self.gates[conversation_id]
        if "坏" in text:
            raise DialogueError("told to fail")
        with self.work(reading=True) as session:
            stored = select(func.max(TurnRow.number)).where(TurnRow.conversation_id == conversation_id)
            number = (session.execute(stored).scalar() or 0) + 1
        turn = Turn(conversation_id, number, [{"text": text}], {"slots": {}, "loop": None})
        replies = [Reply(f"机器人: {text}"), Reply("第二句")][: expected_replies(text)]
        return Response(replies, turn, HandOver(Reason.ASKED, "bill", "billing") if "转人工" in text else None)

    def forget(self, conversation_id: str) -> None:
        """It remembers nothing that is not stored."""

    def finish(self, conversation_id: str) -> None:
        self.gates.pop(conversation_id).set_result(None)


def expected_replies(text: str) -> int:
    return 2 if "两句" in text else 1


@dataclass
class Screen:
    """What customers have on their screens, by conversation; a line shown twice is one line, as in the widget."""

    channel: str = "test"
    online: bool = True
    lines: dict[str, dict[int, Line]] = field(default_factory=dict)

    async def deliver(self, sender: str, line: Line, parts: int = 0) -> bool:
        if self.online:
            self.lines.setdefault(line.conversation_id, {})[line.seq] = line
        return self.online


class Run:
    """One run of the server, from its start to its end or crash."""

    def __init__(self, work: UnitOfWork, texts: Texts, clock: StrictClock, screen: Screen) -> None:
        self.loop: asyncio.AbstractEventLoop = asyncio.SelectorEventLoop()  # uvloop is of no use in one thread
        self.loop.run_in_executor = self._at_once  # type: ignore[assignment]
        self.fragile = Fragile(work)
        self.script = Script(self.fragile)
        tickets = Tickets(self.fragile, texts, clock, ServiceHours({}), timedelta(hours=1))
        reception = DeskReception(texts, clock, ServiceHours({}), tickets)
        self.outbox = Outbox(self.fragile, clock, [screen], retry_pauses=(0,), tick=3600)
        router = Router(self.fragile, self.script, texts, clock, reception)  # type: ignore[arg-type]
        self.worker = Worker(Inbox(self.fragile, clock), router, self.outbox, retry_pauses=(0,))
        self.service = DeskService(self.fragile, texts, clock)
        self.accounts = Accounts(self.fragile, clock, QUICK)
        self.timers = Timers(self.fragile, texts, clock)
        self._busy: set[str] = set()
        self.worker.on_activity(self._activity)

    def do(self, work: Any) -> Any:
        """Run it, and all that follows from it, until the bot thinks or nothing is left to do. Raises Crash."""
        return self.loop.run_until_complete(self._until_quiet(work))

    def end(self) -> None:
        """Without a chance to tidy up."""
        self.fragile.ended = True
        self.loop.run_until_complete(self._cancel(asyncio.all_tasks(self.loop)))
        self.loop.close()

    @property
    def thinking(self) -> list[str]:
        return sorted(self.script.gates)

    async def _until_quiet(self, work: Any) -> Any:
        result = await work
        for _ in range(PATIENCE):
            if not self._busy - set(self.script.gates):
                return result
            if self.fragile.ended:
                raise Crash
            await asyncio.sleep(0)
        raise AssertionError(f"the bot does not come to rest: {self._busy}, {asyncio.all_tasks()}")

    @staticmethod
    async def _cancel(tasks: set[asyncio.Task[Any]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _activity(self, conversation_id: str, at_work: bool) -> None:
        (self._busy.add if at_work else self._busy.discard)(conversation_id)

    def _at_once(self, _executor: Any, function: Callable[..., T], *arguments: Any) -> asyncio.Future[T]:
        """In this thread: what happens is the same each time."""
        future = self.loop.create_future()
        try:
            future.set_result(function(*arguments))
        except BaseException as error:
            future.set_exception(error)
        return future
