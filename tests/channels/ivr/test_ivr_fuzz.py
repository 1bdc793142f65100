"""Twenty thousand requests that make no sense, through a real server: no fault of ours, nothing kept, no memory lost."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import random
import tracemalloc
from typing import Any

import pytest

from botkit.store.tables.conversation import ConversationRow, InboundRow
from botkit.store.tables.ivr import CallRow
from tests.channels.ivr.conftest import Exchange
from tests.channels.ivr.pbx import SECRET, WEBHOOK
from tests.channels.wire import Wire

pytestmark = pytest.mark.slow

REQUESTS, CONNECTIONS = 20_000, 8
GROWTH = 3_000_000
"""Bytes that caches may take; a leak of 200 bytes a request is more."""

ATOMS: list[Any] = [
    None, True, False, 0, -1, 2**31, 2**63, 10**40, 1.5, float("nan"), float("inf"), "", " ", "x", "\x00", "喂", "a" * 300,
    "\ud800", "\u202e", "😀", [], {}, [[]], {"a": {}}, "start", "again", "12#", "１２", "+86", "no such event", "'; --",
]  # fmt: skip
NAMES = ["call_id", "event", "turn", "number", "keys", "text", "confidence", "", "__class__"]


def nonsense(dice: random.Random) -> bytes:
    """A body that is not a request, or one for a call that never began."""
    shape = dice.random()
    if shape < 0.1:
        return dice.randbytes(dice.randrange(80))
    if shape < 0.15:
        return dice.choice([b"[" * 5000, b'{"a":' * 3000, b"{", b"null", b"[]", b'"', b"\xff\xfe{}", b"1e999", b""])
    body: dict[str, Any] = {"call_id": "never-begun", "event": "input", "turn": 3, "keys": "1"}
    for _ in range(dice.randrange(1, 4)):
        if dice.random() < 0.25:
            body.pop(dice.choice(NAMES), None)
        else:
            body[dice.choice(NAMES)] = dice.choice(ATOMS)
    if body.get("event") == "start":
        body["turn"] = -1
    encoded = json.dumps(body, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
    return encoded[: dice.randrange(len(encoded))] if dice.random() < 0.1 else encoded


async def connection(exchange: Exchange, dice: random.Random, count: int, statuses: dict[int, int]) -> None:
    wire = Wire(exchange.url)
    for _ in range(count):
        body = nonsense(dice)
        kind = dice.choice(["application/json"] * 9 + ["text/xml"])
        secret = SECRET if dice.random() < 0.95 else "another"
        headers = {"Content-Type": kind, "Authorization": f"Bearer {secret}"}
        status, content = await wire.post(WEBHOOK, headers, body)
        statuses[status] = statuses.get(status, 0) + 1
        assert 400 <= status < 500, (status, body, content)
        assert json.loads(content)["error"]
    wire.close()


async def send(exchange: Exchange, count: int, seed: int) -> dict[int, int]:
    statuses: dict[int, int] = {}
    dice = [random.Random(f"{seed}-{number}") for number in range(CONNECTIONS)]
    await asyncio.gather(*(connection(exchange, one, count // CONNECTIONS, statuses) for one in dice))
    return statuses


async def test_nonsense(exchange: Exchange, caplog: pytest.LogCaptureFixture) -> None:
    await send(exchange, 800, seed=0)  # what is built on first use
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    statuses = await send(exchange, REQUESTS // 10, seed=1)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    for status, count in (await send(exchange, REQUESTS - REQUESTS // 10, seed=2)).items():
        statuses[status] = statuses.get(status, 0) + count
    assert sum(statuses.values()) == REQUESTS
    assert set(statuses) == {400, 401, 404, 415}, statuses
    assert grown < GROWTH // 10, f"{grown} bytes more after {REQUESTS // 10} requests"
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]
    with exchange.work(reading=True) as session:
        assert [session.query(table).count() for table in (ConversationRow, InboundRow, CallRow)] == [0, 0, 0]
    await exchange.phone().ask("start")
