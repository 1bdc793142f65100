"""The real desk adapter against the Chatwoot that stands in, over HTTP both ways; the clock is the test's."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sanic import Sanic

from botkit.content import load_hours, load_phones, load_terms
from botkit.content.texts import Texts
from botkit.desk.chatwoot.desk import ChatwootDesk, chatwoot_desk
from botkit.desk.insight import Insight
from botkit.desk.tickets import Tickets
from botkit.desk.timers import Timers
from botkit.desk.view import DeskView
from botkit.handoff.hours import ServiceHours
from botkit.settings import ChatwootAccess, Settings
from botkit.store.engine import UnitOfWork
from tests.chatwoot.standin import ACCOUNT, INBOX, SECRET, TOKEN, Chatwoot
from tests.unit.conversation.conftest import clock, engine, template, texts, work  # noqa: F401
from tests.unit.conversation.fakes import Clock
from tests.unit.desk.floor import Floor

CONTENT = Settings.from_environment({}).content


class Office(Floor):
    """The customers, and agents in Chatwoot. Nothing goes there or comes back before a test says so."""

    def __init__(self, work: UnitOfWork, texts: Texts, clock: Clock, chatwoot: Chatwoot) -> None:  # noqa: F811
        hours = ServiceHours.of(load_hours(CONTENT / "desk" / "hours.yml"))
        self.chatwoot = chatwoot
        self.texts = texts
        self.hours = hours
        self.runs = 0
        self.desk = self._desk(work, clock)
        super().__init__(work, texts, clock, self.desk.reception)

    def _desk(self, work: UnitOfWork, clock: Clock) -> ChatwootDesk:  # noqa: F811
        async def deliver(conversation_id: str) -> None:
            await self.outbox.flush(conversation_id)

        insight = Insight(
            work,
            None,  # type: ignore[arg-type]  # the card asks the operator nothing
            self.texts,
            load_phones(CONTENT / "phones"),
            load_terms(CONTENT / "terms.yml"),
            CONTENT.parent / "domain",
            clock,
            Tickets(work, self.texts, clock, self.hours, timedelta(hours=1)),
        )
        access = ChatwootAccess(self.chatwoot.url, ACCOUNT, INBOX, TOKEN, SECRET)
        view, timers = DeskView(work, clock, timedelta(hours=1)), Timers(work, self.texts, clock)
        return chatwoot_desk(access, work, self.texts, self.hours, insight, view, timers, deliver, clock, timeout=0.4)

    async def opens(self) -> None:
        """Serve the webhook."""
        self.runs += 1
        self.app = Sanic(f"office{self.runs}-{id(self)}", configure_logging=False)
        for blueprint in self.desk.blueprints:
            self.app.blueprint(blueprint)
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/chatwoot"
        self.server = await self.app.create_server(sock=listening, return_asyncio_server=True)
        await self.server.startup()

    async def closes(self) -> None:
        await self.desk.stop()
        self.server.close()
        await self.server.wait_closed()

    async def restarts(self) -> None:
        """As after a crash: another run, which knows what stands in the database."""
        await self.closes()
        self.desk = self._desk(self.work, self.clock)
        await self.opens()
        await self.desk.start()
        await self.desk.settled()

    async def tells(self, conversation_id: str) -> None:
        """What the worker does when the bot is done."""
        self.desk.changed(conversation_id)
        await self.desk.settled()

    async def hears(self, times: int = 1) -> set[int]:
        """The webhooks come, and what follows from them, until there are no more; the statuses of the answers."""
        statuses: set[int] = set()
        while self.chatwoot.webhooks:
            statuses |= set(await self.chatwoot.sends(self.url, times))
            await self.desk.settled()
        return statuses

    async def waits_there(self) -> tuple[str, int]:
        """A customer asks for a human: his conversation here, and its number there."""
        self.dialogue.replies = None
        await self.says("我的账单怎么这么多")
        talk = await self.waits()
        await self.tells(talk)
        (number,) = self.chatwoot.conversations
        return talk, number

    async def writes(self, *lines: str) -> str:
        talk = ""
        for line in lines:
            talk = await self.says(line)
            await self.tells(talk)
        return talk

    async def time_passes(self, seconds: int) -> None:
        for _ in range(seconds // 10):
            self.clock.forward(seconds=10)
            await self.desk.tick()
            await self.desk.settled()


@pytest.fixture
async def chatwoot(clock: Clock) -> AsyncIterator[Chatwoot]:  # noqa: F811
    """At the end, every request was one that Chatwoot's API knows."""
    chatwoot = Chatwoot(clock)
    await chatwoot.start()
    yield chatwoot
    await chatwoot.stop()
    assert chatwoot.violations == []


@pytest.fixture
async def office(work: UnitOfWork, texts: Texts, clock: Clock, chatwoot: Chatwoot) -> AsyncIterator[Office]:  # noqa: F811
    office = Office(work, texts, clock, chatwoot)
    await office.opens()
    yield office
    await office.closes()
