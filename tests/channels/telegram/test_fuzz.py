"""20,000 bodies that are no updates, or nearly none, against the webhook in a real Sanic application over real sockets.

Every answer is 200 or 4xx, nothing is logged as an error, and memory does not grow.
"""

from __future__ import annotations

import asyncio
import copy
import gc
import json
import logging
import random
import tracemalloc
from collections import Counter
from typing import Any

import pytest
from structlog.testing import capture_logs

from channels.telegram.settings import PATH
from channels.telegram.webhook import SECRET_HEADER
from tests.channels.telegram import updates
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.talk import SECRET, Talk
from tests.channels.wire import Wire

pytestmark = pytest.mark.slow

BODIES = 20_000
AT_ONCE = 8
MEASURED = 2_000
GROWTH = MEASURED * 8 * 1024 * 1024 // 10_000
"""Bytes that may still be held of what the last so many bodies made the program allocate: 840 each, which includes what the
database's driver keeps. To count every allocation takes long, so the others are sent before."""

ATOMS: list[Any] = [
    None, True, False, 0, 1, -1, 2**31, 2**53, 2**63, 10**40, 1.5, 1e308, float("nan"), float("inf"), "", " ", "x", "\x00",
    "查余额", "a" * 3000, "/start", "/balance@x y", "c:1:0", "c:999999999:999", '/inform{"a": 1}', "\ud800", "\u202e", [], {},
    [[]], {"id": 1}, {"id": {}}, [None], [1, "a"], {"type": "private"}, "private", "supergroup", "channel", -100123456789,
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        found += places(child, (*path, key))
    return found


def mutated(dice: random.Random, samples: list[Any]) -> bytes:
    """A real update with some of its values replaced, moved or left out; or its text cut or stirred."""
    update = copy.deepcopy(dice.choice(samples))
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        *way, last = dice.choice(places(update))
        holder = update
        for key in way:
            holder = holder[key]
        action = dice.random()
        if action < 0.25:
            holder.pop(last)
        elif action < 0.75:
            holder[last] = copy.deepcopy(dice.choice(ATOMS))
        else:
            holder[last] = copy.deepcopy(dice.choice(list(dice.choice(samples).values())))
        if not places(update):
            break
    body = json.dumps(update).encode()
    shape = dice.random()
    if shape < 0.1:
        return body[: dice.randrange(len(body) + 1)]
    if shape < 0.2:
        stirred = bytearray(body)
        for _ in range(dice.randrange(1, 6)):
            if stirred:
                stirred[dice.randrange(len(stirred))] = dice.randrange(256)
        return bytes(stirred)
    return body


async def test_nonsense(talk: Talk, api: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    dice = random.Random(20261122)
    samples = updates.every_kind()
    talk.worker._router = _Idle(talk)  # type: ignore[assignment]
    headers = {"Content-Type": "application/json", SECRET_HEADER: SECRET}
    statuses: Counter[int] = Counter()
    caplog.set_level(logging.WARNING)

    async def client(bodies: int) -> None:
        wire = Wire(talk.served.url)
        for _ in range(bodies):
            body = mutated(dice, samples)
            status, _ = await wire.post(PATH, headers, body)
            statuses[status] += 1
            assert status < 500, body
        wire.close()

    with capture_logs() as logged:
        for bodies in (BODIES - MEASURED, MEASURED):  # by then whatever is filled once is full
            if bodies == MEASURED:
                tracemalloc.start()
            await asyncio.gather(*(client(bodies // AT_ONCE) for _ in range(AT_ONCE)))
            await talk.quiet()
            api.calls.clear()
            logged[:] = [entry for entry in logged if entry["log_level"] not in ("info", "debug", "warning")]
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        await talk.hear(updates.text("查余额"))
    assert sum(statuses.values()) == BODIES and set(statuses) == {200, 400}
    assert min(statuses.values()) > BODIES // 20, "both kinds of body came"
    assert logged == []
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert held < GROWTH
    assert len(talk.channel._intake._locks) == 0 and not talk.channel._background._tasks


class _Idle:
    """In place of the router: what was taken in is marked, and nobody answers."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    async def handle(self, message_id: int) -> None:
        await asyncio.to_thread(self._talk.mark_handled, message_id)
