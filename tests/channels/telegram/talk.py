"""The channel on a real core, with the Bot API's stand-in on one side and a fake of Rasa on the other."""

from __future__ import annotations

import asyncio
import json
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sanic import Sanic

from botkit.bss.sms import FileSmsSender, SmsOutlet
from botkit.content.texts import Texts
from botkit.conversation.core import conversation_core
from botkit.conversation.files import Files
from botkit.conversation.inbox import HANDLED
from botkit.conversation.messages import Author, KeptFile, Line
from botkit.conversation.outbox import enqueue
from botkit.conversation.pages import Pages
from botkit.conversation.transcript import append_line, open_conversation, read_lines
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, InboundRow, OutboundRow
from channels.base import Services
from channels.telegram.connector import TelegramChannel
from channels.telegram.settings import PATH, TelegramSettings
from channels.telegram.webhook import SECRET_HEADER
from tests.channels.telegram.bot_api import TOKEN, BotApi
from tests.channels.telegram.updates import CUSTOMER
from tests.unit.conversation.fakes import Clock, FakeDialogue, eventually

SECRET = "s3cret_of-the-tests"


@dataclass
class Time:
    """Seconds that pass only when somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Served:
    """A blueprint in a real Sanic application, over a real socket."""

    def __init__(self) -> None:
        self.app = Sanic(f"telegram_{uuid.uuid4().hex}", configure_logging=False)
        self.app.config.REQUEST_MAX_SIZE = 1_000_000
        self.app.config.FALLBACK_ERROR_FORMAT = "json"

    async def start(self) -> None:
        Sanic.test_mode = (
            True  # else Sanic rewrites its own methods at the first start, which only works once a process
        )
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._server = await self.app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        await self._server.startup()
        await self._server.start_serving()

    async def stop(self) -> None:
        self._server.server.close()
        for connection in list(self._server.connections):
            connection.close_if_idle() or connection.abort()
        Sanic._app_registry.pop(self.app.name)


class Talk:
    """One database; `begin` and `end` are the start and the end of a server."""

    def __init__(self, api: BotApi, work: UnitOfWork, texts: Texts, clock: Clock, var: Path) -> None:
        self.api, self.work, self.texts, self.clock, self.var = api, work, texts, clock, var
        self.dialogue = FakeDialogue()
        self.time = Time()
        self.files = Files(var / "files", work)
        self.polling = False
        self.running = False

    async def begin(self, polling: bool = False) -> None:
        self.served = Served()
        services = Services(
            self.work,
            self.clock,
            self.texts,
            self.files,
            Pages(self.work, self.clock, self.texts),
            self.var,
            True,
            SmsOutlet(FileSmsSender(self.var / "sms.jsonl", self.clock)),
        )
        self.channel = TelegramChannel(
            TelegramSettings(
                TOKEN, "" if polling else SECRET, "" if polling else f"http://unknown{PATH}", self.api.url
            ),
            services,
            self.time,
            self.time.sleep,
            poll_wait=5,
        )
        self.worker, self.outbox = conversation_core(
            self.work,
            self.clock,
            self.dialogue,  # type: ignore[arg-type]
            self.texts,
            [self.channel],
        )
        self.polling = polling
        if not polling:
            self.served.app.blueprint(self.channel.blueprint)
            await self.served.start()
        await self.channel.serve(self.worker, self.outbox)
        self.running = True

    async def end(self) -> None:
        if self.running:
            self.running = False
            await self.worker.stop()
            await self.channel.close()
            if not self.polling:
                await self.served.stop()

    @property
    def url(self) -> str:
        return f"{self.served.url}{PATH}"

    async def post(self, update: Any, secret: str | None = SECRET, content: bytes | None = None, **headers: str) -> int:
        """Deliver an update, or any other body; the status of the answer."""
        sent = {"Content-Type": "application/json"} | ({SECRET_HEADER: secret} if secret is not None else {})
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        body = json.dumps(update).encode() if content is None else content
        async with aiohttp.ClientSession() as session, session.post(self.url, headers=sent, data=body) as response:
            return int(response.status)

    async def hear(self, update: Any) -> None:
        """Deliver an update, and wait until it is worked off."""
        assert await self.post(update) == 200
        await self.quiet()

    async def quiet(self) -> None:
        """Until nothing is at work: messages, signs."""
        background = self.channel._background._tasks
        await eventually(lambda: not (self.unhandled() or self.worker.backlog or self.worker._queues or background))

    def say(self, text: str = "", author: Author = Author.BOT, chat: int = CUSTOMER, **content: Any) -> str:
        """Put a line on its way; the conversation."""
        with self.work() as session:
            row = open_conversation(session, "telegram", str(chat), self.clock())
            enqueue(session, append_line(session, row, author, text, self.clock(), content), None, self.clock())
            identity: str = row.id
            return identity

    async def send(self, text: str = "", author: Author = Author.BOT, chat: int = CUSTOMER, **content: Any) -> str:
        """Put a line on its way and deliver it."""
        conversation = self.say(text, author, chat, **content)
        await self.outbox.flush(conversation)
        return conversation

    def keep(self, data: bytes, name: str, chat: int = CUSTOMER) -> KeptFile:
        """A file of this customer's conversation, as an agent's upload makes it."""
        from botkit.conversation.files import note

        kept = self.files.keep(data, name)
        with self.work() as session:
            note(session, kept, open_conversation(session, "telegram", str(chat), self.clock()), self.clock())
        return kept

    def lines(self, chat: int = CUSTOMER) -> Sequence[Line]:
        with self.work(reading=True) as session:
            row = session.query(ConversationRow).filter_by(channel="telegram", sender=str(chat)).one_or_none()
            return read_lines(session, row.id, limit=1000) if row else ()

    def heard(self, chat: int = CUSTOMER) -> list[str]:
        """What the customer said, as the transcript has it."""
        return [line.text for line in self.lines(chat) if line.author is Author.CUSTOMER]

    def stored(self) -> int:
        with self.work(reading=True) as session:
            return int(session.query(InboundRow).count())

    def unhandled(self) -> int:
        with self.work(reading=True) as session:
            return int(session.query(InboundRow).filter(InboundRow.status != HANDLED).count())

    def mark_handled(self, message_id: int) -> None:
        with self.work() as session:
            session.get(InboundRow, message_id).status = HANDLED

    def payloads(self) -> list[str | None]:
        with self.work(reading=True) as session:
            return [row.payload for row in session.query(InboundRow).order_by(InboundRow.id)]

    def readable(self) -> list[bool]:
        with self.work(reading=True) as session:
            return [row.readable for row in session.query(InboundRow).order_by(InboundRow.id)]

    def outbound(self) -> list[tuple[str, str | None]]:
        """(status, problem) of all that was to go out."""
        with self.work(reading=True) as session:
            rows = session.query(OutboundRow).order_by(OutboundRow.conversation_id, OutboundRow.seq)
            return [(row.status, row.problem) for row in rows]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """At the end nothing that it was asked was out of order."""
    server = BotApi()
    await server.start()
    yield server
    await server.stop()
    assert server.problems == []


Start = Callable[..., Awaitable[Talk]]


@pytest.fixture
async def start(
    api: BotApi, work: UnitOfWork, texts: Texts, clock: Clock, tmp_path: Path
) -> AsyncIterator[Callable[..., Awaitable[Talk]]]:
    """Starts the channel: `start(polling=True)`."""
    made: list[Talk] = []

    async def make(polling: bool = False) -> Talk:
        one = Talk(api, work, texts, clock, tmp_path / "var")
        if made:  # as the real dialogue, which reads the turns from the database
            one.dialogue.turns = made[-1].dialogue.turns
        made.append(one)
        await made[-1].begin(polling)
        return made[-1]

    yield make
    for one in made:
        await one.end()


@pytest.fixture
async def talk(start: Start, api: BotApi) -> Talk:
    """The channel with its webhook, registered."""
    made = await start()
    await api.until(lambda: bool(api.commands))
    return made
