"""The real blueprint in a real Sanic app on a real socket, a bot that repeats what it hears, and the stand-in platform."""

from __future__ import annotations

import socket
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from sanic import Sanic
from sanic.handlers import ErrorHandler
from sanic.server.async_server import AsyncioServer
from sanic.server.protocols.http_protocol import HttpProtocol

from botkit.bss.sms import FileSmsSender, SmsOutlet
from botkit.content.texts import Texts
from botkit.conversation.files import Files
from botkit.conversation.inbox import Inbox
from botkit.conversation.outbox import Outbox
from botkit.conversation.pages import Pages
from botkit.conversation.router import Router
from botkit.conversation.worker import Worker
from botkit.store.engine import UnitOfWork
from channels.base import Services
from channels.wechat.api import WechatApi
from channels.wechat.connector import WechatConnector
from channels.wechat.settings import WechatSettings, aes_key
from channels.wechat.webhook import Patience
from tests.channels.wechat.platform import APP_ID, SECRET, TOKEN, Platform, serving
from tests.channels.wechat.pusher import AES_KEY, Pusher
from tests.unit.conversation.conftest import clock, engine, template, texts, work  # noqa: F401
from tests.unit.conversation.fakes import Clock, FakeDialogue

LONG = Patience(sign=20, answer=20, store=20, download=20)
"""For tests in which the bot is quick: a busy machine must not change what they see."""


@pytest.fixture
def platform(clock: Clock) -> Iterator[Platform]:  # noqa: F811
    with serving(Platform(clock)) as running:
        yield running
    assert running.violations == []


@pytest.fixture
def settings(platform: Platform) -> WechatSettings:
    return WechatSettings(APP_ID, SECRET, TOKEN, (aes_key(AES_KEY),), platform.url)


@dataclass
class Server:
    """One of ours."""

    connector: WechatConnector
    worker: Worker
    outbox: Outbox
    dialogue: FakeDialogue
    pusher: Pusher
    files: Files


async def start(running: AsyncioServer, app: Sanic) -> None:
    """`startup` rewrites Sanic's own methods, which goes once in a process; for later apps it is done by hand."""
    if not hasattr(HttpProtocol, "__touched__"):
        await running.startup()
        return
    app.signalize()
    app.finalize()
    ErrorHandler.finalize(app.error_handler, config=app.config)
    app.state.is_started = True


Make = Callable[..., "asynccontextmanager[Server]"]


@pytest.fixture
def make_server(
    settings: WechatSettings,
    work: UnitOfWork,  # noqa: F811
    texts: Texts,  # noqa: F811
    clock: Clock,  # noqa: F811
    platform: Platform,
    tmp_path: Path,
) -> Make:
    @asynccontextmanager
    async def make(patience: Patience = LONG, **changed: object) -> AsyncIterator[Server]:
        pages = Pages(work, clock, texts)
        files = Files(tmp_path / "files", work)
        services = Services(
            work, clock, texts, files, pages, tmp_path, True, SmsOutlet(FileSmsSender(tmp_path / "sms.jsonl", clock))
        )
        own = replace(settings, **changed)  # type: ignore[arg-type]
        api = WechatApi(own, work, clock, httpx.AsyncClient(timeout=20, verify=False))
        connector = WechatConnector(own, services, api, patience)
        dialogue = FakeDialogue(intents=("ask_balance", "greet", "request_human", "setup_5g"))
        outbox = Outbox(work, clock, [connector])
        worker = Worker(Inbox(work, clock), Router(work, dialogue, texts, clock), outbox)
        app = Sanic(f"wechat_{uuid.uuid4().hex}", configure_logging=False)
        app.blueprint(connector.blueprint)
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            running = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
            await start(running, app)
            await connector.serve(worker, outbox)
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            pusher = Pusher(url, platform, clock)
            yield Server(connector, worker, outbox, dialogue, pusher, files)
            await pusher.client.aclose()
            await worker.stop()
            await connector.close()
            running.close()
            await running.wait_closed()

    return make


@pytest.fixture
async def server(make_server: Make) -> AsyncIterator[Server]:
    async with make_server() as running:
        yield running


@pytest.fixture
def pusher(server: Server) -> Pusher:
    return server.pusher
