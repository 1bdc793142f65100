"""Customers and agents go on writing while the server ends and starts again: over the real wire, each message once."""

from __future__ import annotations

import asyncio
import signal
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
import socketio

from tests.integration.server.agent import NAMESPACE, Agent, first_admin
from tests.integration.server.server import Server
from tests.integration.server.test_desk import waiting, waiting_or_served
from tests.integration.server.visitor import Visitor

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.asyncio]

T = TypeVar("T")

MANY, BEFORE = 24, 6
"""So many messages each writes, so many of them before the server begins to go down."""

PAUSE = 0.2
"""Seconds between two attempts to connect."""


class Persistent:
    """Somebody who sends one message after another and repeats what was not acknowledged, as widget and console do."""

    def __init__(self, client: Visitor | Agent, texts: list[str], namespace: str = "/") -> None:
        self.client, self.texts = client, texts
        self.acknowledged: list[str] = []
        self.attempts = 0
        self.going_down = asyncio.Event()
        self._gone = asyncio.Event()
        self._changed = asyncio.Event()
        client.socket.on("disconnect", lambda *_: self._gone.set(), namespace=namespace)

    async def write(self, connect: Callable[[], Awaitable[Any]], send: Callable[[str, str], Awaitable[Any]]) -> None:
        """connect: joins again. send: takes id and text; True when it is acknowledged."""
        for number, text in enumerate(self.texts):
            if number == BEFORE:
                await self.going_down.wait()
            message_id = uuid.uuid4().hex
            while not await self._tried(connect, lambda i=message_id, t=text: send(i, t)):  # type: ignore[misc]
                self.attempts += 1
                await asyncio.sleep(PAUSE)
            self.acknowledged.append(text)
            self._changed.set()

    async def until_written(self, number: int) -> None:
        while len(self.acknowledged) < number:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 60)

    async def _tried(self, connect: Callable[[], Awaitable[Any]], send: Callable[[], Awaitable[Any]]) -> bool:
        try:
            if not self.client.socket.connected:
                self._gone.clear()
                await connect()
            return bool(await self._unless_gone(send()))
        except (socketio.exceptions.SocketIOError, AssertionError, asyncio.TimeoutError):
            return False

    async def _unless_gone(self, sending: Awaitable[T]) -> T | None:
        """None as soon as the connection is gone: its answer will not come any more."""
        sent, gone = asyncio.ensure_future(sending), asyncio.ensure_future(self._gone.wait())
        await asyncio.wait({sent, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not sent.done():
            sent.cancel()
            return None
        return sent.result()


class Customer(Persistent):
    """With the widget in his browser: it knows its token and the last line it has."""

    def __init__(self, visitor: Visitor, texts: list[str]) -> None:
        super().__init__(visitor, texts)
        assert visitor.welcome
        self.visitor, self.token = visitor, visitor.welcome["token"]

    async def writes(self) -> None:
        await self.write(self.joins, self._send)

    async def joins(self) -> None:
        welcome = await self.visitor.connect(token=self.token, after=max(self.visitor.seqs(), default=0))
        self.visitor.lines += welcome["lines"]

    async def _send(self, message_id: str, text: str) -> bool:
        return bool((await self.visitor.send(text, message_id=message_id))["ok"])

    def has(self, author: str) -> list[str]:
        """What his screen shows of somebody, each line once, by its number."""
        lines = {line["seq"]: line for line in self.visitor.lines if line["author"] == author}
        return [lines[seq]["text"] for seq in sorted(lines)]


class AtTheDesk(Persistent):
    """An agent in one of his conversations."""

    def __init__(self, agent: Agent, talk: str, texts: list[str]) -> None:
        super().__init__(agent, texts, NAMESPACE)
        self.agent, self.talk = agent, talk

    async def writes(self) -> None:
        await self.write(self.joins, self._say)

    async def joins(self) -> None:
        self.agent.welcome = {}
        await self.agent.connect()
        await self.agent.do("open", id=self.talk)

    async def _say(self, message_id: str, text: str) -> bool:
        said = await self.agent.tries("say", id=self.talk, message_id=message_id, text=text)
        return bool(said["ok"])


async def transcript(agent: Agent, talk: str) -> list[dict[str, Any]]:
    """All lines, page by page as the console loads them."""
    page = await agent.do("open", id=talk)
    lines = page["lines"]
    while page["more"]:
        page = await agent.do("history", id=talk, before=lines[0]["seq"])
        lines = page["lines"] + lines
    return list(lines)


def numbered(who: str) -> list[str]:
    return [f"{who}的第{number}句" for number in range(MANY)]


def of(lines: list[dict[str, Any]], author: str) -> list[str]:
    return [line["text"] for line in lines if line["author"] == author]


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
async def test_what_is_written_while_the_server_restarts_arrives_once_and_in_order(
    new_server: Callable[..., Server], ending: signal.Signals
) -> None:
    server = new_server()
    server.start()
    admin = await Agent(server, *first_admin(server)).connect()
    await admin.do("presence", state="away")
    made = await admin.do(
        "staff_save", login="lin", name="小林", role="agent", groups=["general"], limit=1, active=True
    )
    lin = await Agent(server, "lin", made["password"]).connect()
    served, waits = Visitor(server.url), Visitor(server.url)
    with_lin = await waiting_or_served(served, lin)
    in_the_queue = await waiting(waits, lin)
    await lin.do("open", id=with_lin)
    customer, queued = Customer(served, numbered("客户")), Customer(waits, numbered("排队的"))
    desk = AtTheDesk(lin, with_lin, numbered("客服"))
    writers = [asyncio.create_task(one.writes()) for one in (customer, queued, desk)]

    for one in (customer, queued, desk):
        await one.until_written(BEFORE)
    for one in (customer, queued, desk):
        one.going_down.set()
    await asyncio.to_thread(restart, server, ending)
    await asyncio.wait_for(asyncio.gather(*writers), 90)
    assert all(one.attempts for one in (customer, queued, desk)), "the restart was in the midst of it"

    lines = await transcript(lin, with_lin)
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert of(lines, "customer") == ["转人工", *customer.texts]
    assert of(lines, "agent") == desk.texts
    assert len(of(lines, "bot")) == 1, "it has only handed over"
    await served.until(lambda: customer.has("agent")[-1:] == desk.texts[-1:])
    assert customer.has("agent") == desk.texts

    item = (await lin.do("open", id=with_lin))["item"]
    assert (item["owner"], item["agent"]) == ("human", lin.me["id"]), "he is still hers"
    await lin.do("close", id=with_lin, summary="好了", kind="other", solved=True)
    await lin.until(lambda: lin.items[in_the_queue]["agent"] == lin.me["id"])
    lines = await transcript(lin, in_the_queue)
    assert of(lines, "customer") == ["转人工", *queued.texts]
    assert len(of(lines, "bot")) == 1
    events = [line["detail"]["event"] for line in lines if "event" in line.get("detail", {})]
    assert events == ["HandOver", "Accept"], "one hand-over for one wish"
    for one in (served.socket, waits.socket, lin.socket, admin.socket):
        await one.disconnect()
    assert server.stop() == 0
    assert server.errors() == []


def restart(server: Server, ending: signal.Signals) -> None:
    if ending is signal.SIGKILL:
        server.kill()
    else:
        assert server.stop(ending) == 0
    server.start()
