"""`make bench`, second part: from the message that asks for a human to the console that shows it, on a running server.

The baseline, in the same run on the same server: the time until the bot's own answer has come back to the customer.
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import socketio
from rich.console import Console
from rich.table import Table

from botkit.assembly import assemble
from botkit.clock import system_clock
from botkit.desk.accounts import Accounts, Role
from botkit.handoff.routing import Group
from botkit.server.model import current_model
from botkit.settings import Settings
from botkit.training import model_path

WAITING = 200
ROUNDS = 60
ASKING = "转人工"
START_SECONDS = 120
AT_ONCE = 8

if not hasattr(aiohttp, "ClientWSTimeout"):
    # The client of python-engineio 4.15 wants aiohttp 3.10; Rasa holds 3.9, where this timeout is a plain number.
    aiohttp.ClientWSTimeout = lambda ws_close: ws_close


async def bench_desk(settings: Settings) -> None:
    """Measure and print. Serves on a free port, with everything that it writes in a temporary folder."""
    model = current_model(settings)
    with tempfile.TemporaryDirectory() as folder:
        there = replace(settings, var=Path(folder), database_url=f"sqlite:///{folder}/botkit.db", port=_free_port())
        there.models.mkdir()
        model_path(there).symlink_to(model)
        house = assemble(there)
        _, password = Accounts(house.unit_of_work, system_clock).create(
            "bench", "测速", Role.SUPERVISOR, [Group.PLANS.value], 1
        )
        environment = {**os.environ, "BOTKIT_VAR": folder, "BOTKIT_PORT": str(there.port), "BOTKIT_DATABASE_URL": ""}
        environment = {name: value for name, value in environment.items() if value}
        server = subprocess.Popen(
            [sys.executable, "-m", "botkit.cli", "serve"], env=environment, stdout=subprocess.DEVNULL
        )
        try:
            _print(*await _measure(f"http://127.0.0.1:{there.port}", password))
        finally:
            server.terminate()
            server.wait(timeout=30)


async def _measure(url: str, password: str) -> tuple[list[float], list[float]]:
    """Milliseconds until the console shows it, and until the customer has his answer."""
    async with aiohttp.ClientSession() as web:
        await _until_ready(web, url)
        console, shown = await _console(web, url, password)
        gate = asyncio.Semaphore(AT_ONCE)

        async def fill(number: int) -> None:
            async with gate:
                await _say(web, url, f"waiting-{number}", ASKING)

        await asyncio.gather(*(fill(number) for number in range(WAITING)))
        to_console, to_customer = [], []
        for number in range(ROUNDS):
            await _say(web, url, f"bench-{number}", "你好")
            shown.clear()
            begun = time.perf_counter()
            seen = asyncio.create_task(shown.wait())
            await _say(web, url, f"bench-{number}", ASKING)
            to_customer.append((time.perf_counter() - begun) * 1000)
            await seen
            to_console.append((shown.at - begun) * 1000)
        await console.disconnect()
    return to_console, to_customer


class _Shown(asyncio.Event):
    """Set when a waiting customer comes up on the console; `at` is when."""

    at = 0.0

    def item(self, item: dict[str, Any]) -> None:
        if item["owner"] == "waiting" and not self.is_set():
            self.at = time.perf_counter()
            self.set()


async def _console(web: aiohttp.ClientSession, url: str, password: str) -> tuple[socketio.AsyncClient, _Shown]:
    async with web.post(f"{url}/desk/login", json={"login": "bench", "password": password}) as response:
        response.raise_for_status()
        cookie = response.headers["Set-Cookie"].partition(";")[0]
    console, shown = socketio.AsyncClient(reconnection=False), _Shown()
    console.on("item", shown.item, namespace="/desk")
    await console.connect(
        url,
        headers={"Cookie": cookie},
        socketio_path="/chat/socket.io",
        transports=["websocket"],
        namespaces=["/desk"],
    )
    return console, shown


async def _say(web: aiohttp.ClientSession, url: str, sender: str, text: str) -> None:
    async with web.post(f"{url}/webhooks/rest/webhook", json={"sender": sender, "message": text}) as response:
        response.raise_for_status()
        await response.read()


async def _until_ready(web: aiohttp.ClientSession, url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            async with web.get(f"{url}/readyz") as response:
                if response.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.2)
    raise TimeoutError(f"the server was not ready after {START_SECONDS} s")


def _print(to_console: list[float], to_customer: list[float]) -> None:
    table = Table("", "p50", "p95", "worst", title=f"milliseconds from “{ASKING}”, {WAITING} customers waiting")
    for name, times in (("the console shows it", to_console), ("the customer has his answer", to_customer)):
        ordered = sorted(times)
        figures = (statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1])
        table.add_row(name, *(f"{figure:.1f}" for figure in figures))
    Console(width=110).print(table)
    ratio = statistics.median(to_console) / statistics.median(to_customer)
    Console(width=110).print(f"console / customer's own answer: x {ratio:.2f}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
