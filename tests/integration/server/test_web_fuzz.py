"""Nonsense over real sockets: an error for whoever asked to know, no exception in the log, and others are served."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.integration.server.server import Server
from tests.integration.server.visitor import Visitor

pytestmark = [pytest.mark.model, pytest.mark.slow]

ATOMS: list[Any] = [
    None, True, False, 0, 1, -1, 2**31, 2**53, 2**63, 10**40, 1.5, float("1e308"), "", " ", "x", "\x00", "你好", "查余额",
    "a" * 3000, "/restart", '/inform{"phone_number": "1"}', "'; DROP TABLE x; --", "../../etc/passwd", b"", b"\xff\x00",
    b"x" * 500, [], {}, [[]], {"a": {}}, [1, "a", None], "\u202e", "\U0001f600", "12345678", "id-that-is-good",
]  # fmt: skip
NAMES = ["id", "text", "payload", "before", "seqs", "token", "after", "client_id", "__proto__", "", "0"]
EVENTS = ["message", "history", "received", "connect", "disconnect", "welcome", "line", "unknown", "*", "__class__"]


def nonsense(dice: random.Random, depth: int = 0) -> Any:
    shape = dice.random()
    if depth > 2 or shape < 0.4:
        return dice.choice(ATOMS)
    if shape < 0.9:
        return {dice.choice(NAMES): nonsense(dice, depth + 1) for _ in range(dice.randrange(5))}
    return [nonsense(dice, depth + 1) for _ in range(dice.randrange(4))]


def well_formed(answer: Any) -> bool:
    """An acknowledgement as docs/widget.md has it, or none."""
    if answer is None:
        return True
    if "ok" in answer:
        return isinstance(answer["seq"], int) if answer["ok"] else bool(answer["error"]) and bool(answer["code"])
    return set(answer) == {"lines", "more"}


@pytest.mark.parametrize("seed", range(4))
async def test_nonsense(server: Server, seed: int) -> None:
    dice = random.Random(seed)
    visitor = Visitor(server.url)
    await visitor.connect()
    errors_before = server.errors()
    for _ in range(120):
        event = dice.choice(EVENTS)
        data = nonsense(dice)
        arguments = tuple(nonsense(dice) for _ in range(dice.randrange(4))) if dice.random() < 0.2 else data
        if event in ("message", "history"):
            assert well_formed(await visitor.call(event, arguments)), (event, arguments)
        else:
            await visitor.socket.emit(event, arguments)
        if not visitor.socket.connected:
            await visitor.connect()
    assert (await visitor.send("你好"))["ok"]
    await visitor.disconnect()
    assert server.errors() == errors_before


@pytest.mark.parametrize(
    "message",
    [
        None, 7, "text", [], {}, {"id": "12345678"}, {"text": "你好"}, {"id": 12345678, "text": "你好"}, {"id": "short", "text": "你好"},
        {"id": "x" * 65, "text": "你好"}, {"id": "bad id here", "text": "你好"}, {"id": "12345678", "text": None},
        {"id": "12345678", "text": ["你好"]}, {"id": "12345678", "text": "你好", "payload": 7},
        {"id": "12345678", "text": "你好", "payload": "/" + "x" * 1000}, {"id": "12345678", "text": b"bytes"},
    ],
    ids=lambda message: str(message)[:40],
)  # fmt: skip
async def test_a_malformed_message_is_refused(server: Server, message: Any) -> None:
    visitor = Visitor(server.url)
    await visitor.connect()
    ack = await visitor.call("message", message)
    assert (ack["ok"], ack["code"]) == (False, "malformed") and ack["error"]
    assert await visitor.call("history", {"before": 100}) == {"lines": [], "more": False}
    await visitor.disconnect()


@pytest.mark.parametrize(
    "auth", [None, "text", 7, [], {"token": None}, {"after": "x"}, {"after": -1}, {"after": 10**40}, {"after": True}]
)
async def test_strange_credentials(server: Server, auth: Any) -> None:
    visitor = Visitor(server.url)
    welcome = await visitor.connect(auth=auth)
    assert welcome["lines"] == [] and welcome["greeting"]
    await visitor.disconnect()
