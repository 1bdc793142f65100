"""The channel in a real Sanic server on the real conversation core; a fake stands in for Rasa."""

from __future__ import annotations

import itertools
import shutil
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

import pytest
from sanic import Sanic

from botkit.bss.sms import FileSmsSender, SmsOutlet
from botkit.content.texts import Texts, load_texts
from botkit.conversation.core import conversation_core
from botkit.conversation.files import Files
from botkit.conversation.messages import Line
from botkit.conversation.outbox import Outbox
from botkit.conversation.pages import Pages
from botkit.conversation.transcript import find_conversation, read_lines
from botkit.conversation.worker import Worker
from botkit.desk.reception import DeskReception
from botkit.desk.tickets import Tickets
from botkit.handoff.hours import ServiceHours, Window
from botkit.settings import Settings
from botkit.store.engine import UnitOfWork, create_engine, unit_of_work
from botkit.store.migrate import upgrade
from botkit.store.tables.conversation import OutboundRow
from botkit.store.tables.desk import AgentRow
from channels.base import Services
from channels.ivr.connector import IvrChannel
from channels.ivr.settings import IvrSettings
from tests.channels.ivr.pbx import SECRET, Phone
from tests.databases import empty_database
from tests.unit.conversation.fakes import Clock, FakeDialogue

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def texts() -> Texts:
    return load_texts(Settings.from_environment({}).content / "texts")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    with empty_database("sqlite", folder) as engine:
        upgrade(engine)
    return folder / "botkit.db"


@dataclass
class Exchange:
    """The server, and what it is made of."""

    url: str
    app: Sanic
    channel: IvrChannel
    dialogue: FakeDialogue
    worker: Worker
    outbox: Outbox
    work: UnitOfWork
    clock: Clock
    texts: Texts

    def phone(self, number: str | None = "13800138000", call_id: str | None = None) -> Phone:
        return Phone(self.url, call_id or f"call-{next(_NUMBERS)}", number)

    def lines(self, sender: str) -> list[Line]:
        with self.work(reading=True) as session:
            row = find_conversation(session, "ivr", sender)
            return list(read_lines(session, row.id, limit=1000)) if row else []

    def transcript(self, sender: str) -> list[tuple[str, str]]:
        return [(line.author.value, line.text) for line in self.lines(sender) if line.text]

    def deliveries(self) -> list[str]:
        with self.work(reading=True) as session:
            return [row.status for row in session.query(OutboundRow).order_by(OutboundRow.id)]

    def somebody_is_there(self, *skills: str) -> None:
        with self.work() as session:
            session.add(
                AgentRow(
                    login="a", name="小李", password_hash="", role="agent", skills=list(skills), places=3,
                    presence="online", active=True, created_at=self.clock(),
                )
            )  # fmt: skip


@pytest.fixture
async def exchange(template: Path, tmp_path: Path, texts: Texts) -> AsyncIterator[Exchange]:
    shutil.copy(template, tmp_path / "botkit.db")
    async with Running(tmp_path, texts, patience=5.0) as running:
        yield running


@pytest.fixture
async def hasty(template: Path, tmp_path: Path, texts: Texts) -> AsyncIterator[Exchange]:
    """One that waits for an answer hardly at all."""
    shutil.copy(template, tmp_path / "botkit.db")
    async with Running(tmp_path, texts, patience=0.1) as running:
        yield running


class Running:
    """Serves while it is entered; entered again on the same folder it goes on with the same database."""

    def __init__(self, folder: Path, texts: Texts, patience: float) -> None:
        self.folder, self.texts, self.patience = folder, texts, patience

    async def __aenter__(self) -> Exchange:
        self.engine = create_engine(f"sqlite:///{self.folder / 'botkit.db'}")
        work, clock, dialogue = unit_of_work(self.engine), Clock(), FakeDialogue()
        dialogue.intents = ("ask_balance", "ask_usage", "ask_bill", "request_human", "abort")
        files, pages = Files(self.folder / "files", work), Pages(work, clock, self.texts)
        services = Services(
            work,
            clock,
            self.texts,
            files,
            pages,
            self.folder,
            True,
            SmsOutlet(FileSmsSender(self.folder / "sms.jsonl", clock)),
        )
        channel = IvrChannel(IvrSettings(SECRET, self.patience), services)
        hours = ServiceHours({day: [Window(time(0), time(23, 59))] for day in range(7)})
        tickets = Tickets(work, self.texts, clock, hours, timedelta(hours=1))
        reception = DeskReception(self.texts, clock, hours, tickets)
        self.worker, outbox = conversation_core(
            work,
            clock,
            dialogue,
            self.texts,
            [channel],
            reception=reception,  # type: ignore[arg-type]
        )
        Sanic.test_mode = True  # else a process may start one application only
        app = Sanic(f"ivr-{next(_NUMBERS)}", configure_logging=False)
        app.config.FALLBACK_ERROR_FORMAT = "json"
        app.config.REQUEST_MAX_SIZE = 1_000_000
        app.blueprint(channel.blueprint)
        sock = socket.create_server(("127.0.0.1", 0))
        self.server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
        await self.server.startup()
        port = sock.getsockname()[1]
        await self.worker.start()
        await channel.serve(self.worker, outbox)
        return Exchange(
            f"http://127.0.0.1:{port}", app, channel, dialogue, self.worker, outbox, work, clock, self.texts
        )

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        await self.server.wait_closed()
        await self.worker.stop()
        self.engine.dispose()
