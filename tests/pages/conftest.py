"""A real browser on the real server. `Wire` stands in the middle: it sees what passes, can repeat, hold back and cut."""

from __future__ import annotations

import json
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocketRoute, expect, sync_playwright
from sqlalchemy import select

from botkit.clock import system_clock
from botkit.conversation.ownership import move
from botkit.desk.accounts import Accounts, Agent, Role
from botkit.handoff.machine import Close, End, Owner
from botkit.store.engine import UnitOfWork, create_engine, unit_of_work
from botkit.store.tables.conversation import ConversationRow
from tests.pages.desk import Desk
from tests.server_process import ServerProcess

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
WIDE = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}

expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Three programs have a part in a page test: this one, the server, the browser. On a machine with more to do than it can
    the test may look between two of them; it is tried once more, and the end of the run lists it as RERUN with its failure."""
    for item in items:
        if item.get_closest_marker("pages") and not item.get_closest_marker("flaky"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")  # not longer: its event loop would be in the way of asynchronous tests
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser: Browser, live_server: str) -> Iterator[Callable[..., BrowserContext]]:
    """Makes contexts: each is a customer with a browser of his own. An error in a page's script fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=live_server, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert errors == []


class Chat:
    """The widget as a customer sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.get_by_role("dialog", name="星桥助手")
        self.launcher = page.get_by_role("button", name=re.compile("^打开在线客服"))
        self.input = page.get_by_role("textbox", name="输入消息")
        self.log = page.get_by_role("log", name="对话记录")
        self.own = page.get_by_role("article", name="我", exact=True)
        self.answers = page.get_by_role("article", name="助手", exact=True)

    def open(self) -> Chat:
        self.launcher.click()
        expect(self.answers.first).to_be_visible()
        return self

    def say(self, text: str) -> None:
        self.input.fill(text)
        self.input.press("Enter")

    def ask(self, text: str) -> None:
        """Says something and waits for the answer to it."""
        count = self.answers.count()
        self.say(text)
        expect(self.answers).not_to_have_count(count)
        expect(self.own.last).to_contain_text(text)

    def choose_in_menu(self, name: str) -> None:
        self.page.get_by_role("button", name="更多").click()
        self.panel.get_by_role("menu").get_by_text(name, exact=True).click()

    def size(self, text: str) -> float:
        """The height of the letters of a text, in pixels."""
        return float(self.log.get_by_text(text).first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))

    @property
    def focused(self) -> Locator:
        return self.page.locator("botkit-chat").locator("*:focus")


@pytest.fixture
def chat(new_context: Callable[..., BrowserContext]) -> Chat:
    """The shop page on a desktop, the chat not opened yet."""
    page = new_context(**DESKTOP).new_page()
    page.goto("/")
    return Chat(page)


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Chat:
    """The same on a phone of 360 px."""
    page = new_context(**PHONE).new_page()
    page.goto("/")
    return Chat(page)


class Wire:
    """The connection between a page and the server, as https://socket.io/docs/v4/socket-io-protocol/ has it."""

    def __init__(self, page: Page) -> None:
        self.sent: list[list[Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.twice = False
        self.hold_answers = False
        self.hold_messages = False
        self.refuse = False
        self.answer_message: dict[str, Any] | None = None  # in the server's place, which then gets no message
        self.rewrite: Callable[[list[Any]], list[Any]] = lambda event: event
        self._route: WebSocketRoute | None = None
        page.route_web_socket(re.compile(r"/chat/socket\.io/"), self._connect)

    def push(self, name: str, data: dict[str, Any]) -> None:
        """Something that the server might have said."""
        assert self._route is not None
        self._route.send(f"42{json.dumps([name, data])}")

    def cut(self) -> None:
        assert self._route is not None
        self._route.close()

    def payloads(self) -> list[Any]:
        """The payloads of the messages that the page has sent."""
        return [data.get("payload") for name, data, *_ in self.sent if name == "message"]

    def _connect(self, route: WebSocketRoute) -> None:
        self._route = route
        server = route.connect_to_server()
        route.on_message(lambda frame: self._up(route, server, frame))
        server.on_message(lambda frame: self._down(route, frame))

    def _up(self, route: WebSocketRoute, server: WebSocketRoute, frame: str | bytes) -> None:
        event = re.fullmatch(r"42(\d*)(\[.*\])", str(frame), re.DOTALL)
        if event:
            self.sent.append(json.loads(event[2]))
            if self.sent[-1][0] == "message":
                if self.hold_messages:
                    return
                if self.answer_message is not None:
                    route.send(f"43{event[1]}{json.dumps([self.answer_message])}")
                    return
        server.send(frame)

    def _down(self, route: WebSocketRoute, frame: str | bytes) -> None:
        text = str(frame)
        if self.refuse and text.startswith("40"):
            route.send('44{"message":"not now"}')
            return
        if text.startswith("43"):
            self.answers += json.loads(text[text.index("[") :])
            if self.hold_answers:
                return
        if not text.startswith("42["):
            route.send(frame)
            return
        event = self.rewrite(json.loads(text[2:]))
        for _ in range(2 if self.twice and event[0] == "line" else 1):
            route.send(f"42{json.dumps(event)}")


@pytest.fixture
def wired(new_context: Callable[..., BrowserContext]) -> tuple[Chat, Wire]:
    """A chat on a desktop with its connection in hand."""
    return _wired(new_context(**DESKTOP).new_page())


@pytest.fixture
def wired_phone(new_context: Callable[..., BrowserContext]) -> tuple[Chat, Wire]:
    return _wired(new_context(**PHONE).new_page())


def _wired(page: Page) -> tuple[Chat, Wire]:
    wire = Wire(page)
    page.goto("/")
    return Chat(page).open(), wire


@pytest.fixture
def empty_desk(server: ServerProcess) -> None:
    """Nobody waits any more whom the bot did not understand in a test without agents."""
    engine = create_engine(f"sqlite:///{server.var / 'botkit.db'}")
    let_everybody_go(unit_of_work(engine))
    engine.dispose()


@pytest.fixture
def hire(
    server: ServerProcess, empty_desk: None, new_context: Callable[..., BrowserContext]
) -> Iterator[Callable[..., Desk]]:
    """Agents, each signed in with a browser of his own. They leave at the end, so that the next test has the desk alone."""
    engine = create_engine(f"sqlite:///{server.var / 'botkit.db'}")
    work = unit_of_work(engine)
    accounts = Accounts(work, system_clock)
    hired: list[Agent] = []

    def make(name: str, *groups: str, limit: int = 5, role: Role = Role.AGENT, **options: Any) -> Desk:
        login = f"p{uuid.uuid4().hex[:8]}"
        agent, password = accounts.create(login, name, role, groups, limit)
        hired.append(agent)
        return Desk(new_context(**(WIDE | options)).new_page()).sign_in(login, password)

    yield make
    for agent in hired:
        accounts.change(agent.id, agent.name, Role.AGENT, [], 1, active=False)
    let_everybody_go(work)
    engine.dispose()


def let_everybody_go(work: UnitOfWork) -> None:
    """Nobody waits or is served any more: else he would be given to an agent of the next test."""
    with work() as session:
        under_way = ConversationRow.owner.in_([Owner.WAITING.value, Owner.HUMAN.value])
        for talk in session.execute(select(ConversationRow).where(under_way)).scalars():
            move(session, talk, Close(End.CUSTOMER_SILENT), system_clock())


@pytest.fixture
def other_site() -> Iterator[Callable[[str], str]]:
    """Serves a page of somebody else's at an origin of its own; gives the address."""
    servers: list[ThreadingHTTPServer] = []

    def serve(html: str) -> str:
        class Site(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Site))
        Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://localhost:{servers[-1].server_port}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()
