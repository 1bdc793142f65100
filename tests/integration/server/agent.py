"""An agent's console as far as the protocol goes (`docs/desk.md`)."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import socketio

from tests.integration.server.visitor import PATH
from tests.server_process import ServerProcess

NAMESPACE = "/desk"


class Agent:
    """Signed in over HTTP, connected over Socket.IO; remembers what it was sent."""

    def __init__(self, server: ServerProcess, login: str, password: str) -> None:
        self._server = server
        self._changed = asyncio.Event()
        response = httpx.post(f"{server.url}/desk/login", json={"login": login, "password": password}, timeout=20)
        assert response.status_code == 200, response.text
        self.me = response.json()["me"]
        self.cookies = dict(response.cookies)
        self.socket = socketio.AsyncClient(reconnection=False, logger=False, engineio_logger=False)
        self.welcome: dict[str, Any] = {}
        self.items: dict[str, dict[str, Any]] = {}
        self.lines: list[tuple[str, dict[str, Any]]] = []
        self.calls: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self.agents: list[dict[str, Any]] = []
        self.signs: list[tuple[str, dict[str, Any]]] = []
        for event, handler in (
            ("welcome", self._on_welcome),
            ("item", self._on_item),
            ("line", lambda data: self._note(self.lines, (data["id"], data["line"]))),
            ("call", lambda data: self._note(self.calls, data)),
            ("notes", lambda data: self._note(self.notes, data)),
            ("agents", self._on_agents),
            ("typing", lambda data: self._note(self.signs, ("typing", data))),
            ("read", lambda data: self._note(self.signs, ("read", data))),
            ("signed_out", lambda data: self._note(self.signs, ("signed_out", data))),
        ):
            self.socket.on(event, handler, namespace=NAMESPACE)
        self.socket.on("disconnect", lambda *_: self._changed.set(), namespace=NAMESPACE)

    async def connect(self) -> Agent:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        await self.socket.connect(
            self._server.url,
            headers={"Cookie": cookie},
            socketio_path=PATH,
            transports=["websocket"],
            namespaces=[NAMESPACE],
        )
        await self.until(lambda: bool(self.welcome))
        return self

    async def disconnect(self) -> None:
        await self.socket.disconnect()

    async def do(self, command: str, **data: Any) -> dict[str, Any]:
        """Send a command; what it was answered, which must not be a refusal."""
        answer = await self.tries(command, **data)
        assert answer["ok"], answer
        return answer

    async def tries(self, command: str, **data: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await self.socket.call(command, data, namespace=NAMESPACE, timeout=30)
        return answer

    async def says(self, conversation_id: str, text: str, message_id: str | None = None) -> int:
        answer = await self.do("say", id=conversation_id, message_id=message_id or uuid.uuid4().hex, text=text)
        return int(answer["seq"])

    async def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        async def wait() -> None:
            while not condition():
                self._changed.clear()
                await self._changed.wait()

        await asyncio.wait_for(wait(), seconds)

    def texts(self, conversation_id: str) -> list[str]:
        return [line["text"] for known, line in self.lines if known == conversation_id and line["text"]]

    def _on_welcome(self, data: dict[str, Any]) -> None:
        self.welcome = data
        self._changed.set()

    def _on_agents(self, data: list[dict[str, Any]]) -> None:
        self.agents = data
        self._changed.set()

    def _on_item(self, data: dict[str, Any]) -> None:
        self.items[data["id"]] = data
        self._changed.set()

    def _note(self, where: list[Any], what: Any) -> None:
        where.append(what)
        self._changed.set()


def first_admin(server: ServerProcess) -> tuple[str, str]:
    """As the server printed it at its first start."""
    found = re.search(r"sign in as (\S+) with the password (\S+) ", server.output())
    assert found, "no first admin in the output"
    return found[1], found[2]
