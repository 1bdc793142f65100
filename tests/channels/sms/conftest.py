"""The channel with the real core around it; only the bot repeats what it is told."""

from __future__ import annotations

import socket
import uuid
from collections.abc import AsyncIterator, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sanic import Sanic
from structlog.testing import capture_logs

from botkit.content.sms import load_sms_codes
from botkit.content.texts import Texts
from botkit.conversation.core import conversation_core
from botkit.conversation.outbox import Outbox
from botkit.conversation.pages import Pages
from botkit.conversation.worker import Worker
from botkit.settings import Settings
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import InboundRow, LineRow, OutboundRow
from channels.sms.connector import SmsConnector
from channels.sms.gateway import Gateway
from channels.sms.http_gateway import HttpGateway
from channels.sms.settings import HttpSettings, SmppSettings
from channels.sms.smpp.gateway import SmppGateway
from channels.sms.smpp.session import Timing
from tests.channels.sms.centre import PASSWORD, CentreProcess
from tests.channels.sms.stand_in import KEY, NUMBER, SECRET, StandIn, request_of, stand_in
from tests.unit.conversation import conftest as of_the_core
from tests.unit.conversation.fakes import Clock, FakeDialogue, eventually

clock, engine, template = of_the_core.clock, of_the_core.engine, of_the_core.template
texts, work = of_the_core.texts, of_the_core.work


PHONE = "17000000011"


@pytest.fixture
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged in the test: `event`, `log_level` and what else was said."""
    with capture_logs() as events:
        yield events


@dataclass
class Hall:
    """The core with the channel, and what a test looks at."""

    connector: SmsConnector
    worker: Worker
    outbox: Outbox
    dialogue: FakeDialogue
    work: UnitOfWork
    clock: Clock

    async def settled(self) -> None:
        """Until nothing is being worked on."""
        await eventually(lambda: not self.worker.backlog and not self.worker._tasks)

    def heard(self) -> list[tuple[str, str | None]]:
        """(text, payload) of what came in."""
        with self.work(reading=True) as session:
            return [(row.text, row.payload) for row in session.query(InboundRow).order_by(InboundRow.id)]

    def statuses(self) -> list[tuple[str, str | None]]:
        """(status, problem) of what went out."""
        with self.work(reading=True) as session:
            return [(row.status, row.problem) for row in session.query(OutboundRow).order_by(OutboundRow.id)]

    def transcript(self) -> list[tuple[str, str]]:
        with self.work(reading=True) as session:
            rows = session.query(LineRow).order_by(LineRow.conversation_id, LineRow.seq)
            return [(row.author, row.text) for row in rows]


def hall_of(gateway: Gateway, work: UnitOfWork, clock: Clock, texts: Texts, **options: int) -> Hall:
    codes = load_sms_codes(Settings.from_environment({}).content / "channels" / "sms.yml")
    pages = Pages(work, clock, texts)
    connector = SmsConnector(gateway, NUMBER, codes, work, clock, texts, pages, **options)
    dialogue = FakeDialogue(intents=[payload[1:] for payload, *_ in codes.meanings])
    worker, outbox = conversation_core(work, clock, dialogue, texts, [connector])  # type: ignore[arg-type]
    return Hall(connector, worker, outbox, dialogue, work, clock)


@pytest.fixture
def gateway(clock: Clock) -> Iterator[StandIn]:
    """At the end every request was as the document has it."""
    with stand_in(lambda: clock().timestamp()) as there:
        yield there
    assert there.violations == []


@pytest.fixture
async def hall(gateway: StandIn, work: UnitOfWork, clock: Clock, texts: Texts) -> AsyncIterator[Hall]:
    """Over HTTP."""
    client = httpx.AsyncClient(timeout=httpx.Timeout(5.0), verify=False)
    made = hall_of(HttpGateway(HttpSettings(gateway.url, KEY, SECRET), NUMBER, clock, client), work, clock, texts)
    await made.connector.serve(made.worker, made.outbox)
    yield made
    await made.worker.stop()
    await made.connector.close()


@dataclass
class Site:
    """The channel's webhooks in a real application on a local port."""

    url: str
    client: httpx.AsyncClient
    clock: Clock

    async def post(self, purpose: str, data: object, age: float = 0, **options: str) -> httpx.Response:
        body, headers = request_of(purpose, data, self.clock().timestamp() - age, **options)
        where = "/webhooks/sms" if purpose == "message" else "/webhooks/sms/report"
        return await self.client.post(self.url + where, content=body, headers=headers)

    async def says(self, text: str, external_id: str | None = None, sender: str = f"+86{PHONE}") -> httpx.Response:
        data = {"id": external_id or uuid.uuid4().hex, "from": sender, "to": NUMBER, "text": text}
        return await self.post("message", data)


@pytest.fixture
async def site(hall: Hall) -> AsyncIterator[Site]:
    app = Sanic(f"sms-{uuid.uuid4().hex}", configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "json"
    assert hall.connector.blueprint is not None
    app.blueprint(hall.connector.blueprint)
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.start_serving()
    port = listening.getsockname()[1]
    async with httpx.AsyncClient(timeout=30, verify=False) as client:
        yield Site(f"http://127.0.0.1:{port}", client, hall.clock)
    server.close()
    await server.wait_closed()


@pytest.fixture
async def centre() -> AsyncIterator[CentreProcess]:
    """A message centre; at the end every PDU was as the specification has it."""
    process = await CentreProcess().start()
    yield process
    await process.stop()
    assert process.violations == []


@pytest.fixture
async def bound(centre: CentreProcess, work: UnitOfWork, clock: Clock, texts: Texts) -> AsyncIterator[Hall]:
    """Over SMPP, bound; it comes back within milliseconds."""
    settings = SmppSettings("127.0.0.1", centre.port, "botkit", PASSWORD)
    gateway = SmppGateway(settings, NUMBER, work, clock, "…", Timing(5, 5, 30), reconnect=(0.01,))
    made = hall_of(gateway, work, clock, texts)
    await made.connector.serve(made.worker, made.outbox)
    await centre.until(lambda: centre.count("bound") == 1)
    await eventually(lambda: gateway.is_bound)
    yield made
    await made.worker.stop()
    await made.connector.close()
