"""A customer's browser as far as the protocol goes: a Socket.IO client that remembers what it was sent."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import aiohttp
import httpx
import socketio

if not hasattr(aiohttp, "ClientWSTimeout"):
    # The client of python-engineio 4.15 wants aiohttp 3.10; Rasa holds 3.9, where this timeout is a plain number.
    aiohttp.ClientWSTimeout = lambda ws_close: ws_close

PATH = "/chat/socket.io"


class Visitor:
    def __init__(self, url: str, *, confirms: bool = True) -> None:
        """confirms: say `received` for each line, as the widget does."""
        self._url = url
        self._confirms = confirms
        self._changed = asyncio.Event()
        self.socket = socketio.AsyncClient(reconnection=False, logger=False, engineio_logger=False)
        self.welcome: dict[str, Any] | None = None
        self.lines: list[dict[str, Any]] = []
        self.typing: list[bool] = []
        self.states: list[str] = []
        self.standings: list[dict] = []
        self.socket.on("welcome", self._on_welcome)
        self.socket.on("line", self._on_line)
        self.socket.on("typing", lambda data: self._note(self.typing, data["on"]))
        self.read: list[int] = []
        self.socket.on("read", lambda data: self._note(self.read, data["seq"]))
        self.socket.on("state", self._note_state)

    async def connect(self, token: Any = None, after: Any = None, auth: Any = ...) -> dict[str, Any]:
        """Connect and return the welcome."""
        self.welcome = None
        if auth is ...:
            auth = {name: value for name, value in (("token", token), ("after", after)) if value is not None}
        await self.socket.connect(self._url, auth=auth, socketio_path=PATH, transports=["websocket"])
        await self.until(lambda: self.welcome is not None)
        assert self.welcome is not None
        return self.welcome

    async def disconnect(self) -> None:
        await self.socket.disconnect()

    async def send(self, text: Any, payload: Any = None, message_id: str | None = None) -> dict[str, Any]:
        """Send a message and return the server's answer to it."""
        data = {"id": message_id or uuid.uuid4().hex, "text": text, "payload": payload}
        return await self.call("message", data)

    async def call(self, event: str, data: Any = None) -> dict[str, Any]:
        answer: dict[str, Any] = await self.socket.call(event, data, timeout=30)
        return answer

    async def say(self, text: str, payload: str | None = None) -> list[dict[str, Any]]:
        """Send a message and wait for its answer: what came until the bot was done with it."""
        known, done = len(self.lines), self.typing.count(False)
        assert (await self.send(text, payload))["ok"]
        await self.until(lambda: self.typing.count(False) > done)
        return self.lines[known:]

    async def send_file(self, data: bytes, name: str, text: str = "") -> dict[str, Any]:
        """Send a file as the widget does, and return the server's answer to it."""
        assert self.welcome is not None
        async with httpx.AsyncClient() as client:
            response = await client.post(
                f"{self._url}/chat/files",
                params={"id": uuid.uuid4().hex, "name": name, "text": text},
                content=data,
                headers=self.authorization,
                timeout=30,
            )
        answer: dict[str, Any] = response.json()
        return answer

    @property
    def authorization(self) -> dict[str, str]:
        assert self.welcome is not None
        return {"Authorization": f"Bearer {self.welcome['token']}"}

    async def until(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        async with Deadline(seconds):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def seqs(self) -> list[int]:
        return [line["seq"] for line in self.lines]

    async def _on_welcome(self, data: dict[str, Any]) -> None:
        self.welcome = data
        await self._confirm(data["lines"])
        self._changed.set()

    async def _on_line(self, data: dict[str, Any]) -> None:
        self.lines.append(data)
        await self._confirm([data])
        self._changed.set()

    async def _confirm(self, lines: list[dict[str, Any]]) -> None:
        seqs = [line["seq"] for line in lines if line["author"] != "customer"]
        if self._confirms and seqs and self.socket.connected:
            await self.socket.emit("received", {"seqs": seqs})

    def _note_state(self, data: dict) -> None:
        self.standings.append(data)
        self._note(self.states, data["state"])

    def _note(self, where: list[Any], value: Any) -> None:
        where.append(value)
        self._changed.set()


class Deadline:
    """Fails the block when it takes longer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handle = asyncio.get_running_loop().call_later(self._seconds, task.cancel)

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._handle.cancel()
        if kind is asyncio.CancelledError:
            raise AssertionError(f"it did not come about within {self._seconds} s")
