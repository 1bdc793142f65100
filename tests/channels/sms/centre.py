"""The message centre's process, as tests see it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

PASSWORD = "geheim12"


class CentreProcess:
    """What it told stands in `events`; what was wrong with a PDU in `violations`."""

    def __init__(self, window: int = 10) -> None:
        self._window = window
        self._changed = asyncio.Event()
        self.events: list[dict[str, Any]] = []
        self.port = 0

    async def start(self) -> CentreProcess:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.channels.sms.message_centre",
            PASSWORD,
            str(self._window),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._reading = asyncio.create_task(self._read())
        self.port = (await self.next("listening"))["port"]
        return self

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading

    async def do(self, order: str, **what: Any) -> None:
        """Give an order, and wait until it has been obeyed."""
        before = self.count("obeyed")
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps({"do": order, **what}) + "\n").encode())
        await self.until(lambda: self.count("obeyed") > before)

    async def orders(self, **what: Any) -> None:
        await self.do("orders", **what)

    async def says(self, source: str, text: str, **fields: Any) -> None:
        await self.do("deliver", source=source, octets=text.encode("utf-16-be").hex(), **fields)

    def all(self, event: str) -> list[dict[str, Any]]:
        return [one for one in self.events if one["event"] == event]

    def count(self, event: str) -> int:
        return len(self.all(event))

    @property
    def violations(self) -> list[str]:
        return [one["what"] for one in self.all("violation")]

    def texts(self, to: str | None = None) -> list[str]:
        """Messages as a phone shows them, parts put together."""
        found: list[str] = []
        for one in self.all("submitted"):
            if to is not None and one["to"] != to:
                continue
            if one["number"] == 1:
                found.append("")
            found[-1] += one["text"]
        return found

    async def next(self, event: str) -> dict[str, Any]:
        before = self.count(event) if self.port else 0
        await self.until(lambda: self.count(event) > before)
        return self.all(event)[before]

    async def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        async def wait() -> None:
            while not condition():
                self._changed.clear()
                await self._changed.wait()

        try:
            await asyncio.wait_for(wait(), seconds)
        except asyncio.TimeoutError:
            raise AssertionError(f"it did not come about in time: {self.events[-20:]}") from None

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            self.events.append(json.loads(line))
            self._changed.set()
