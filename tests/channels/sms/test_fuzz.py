"""Nonsense at both gateways: refused, nothing in the log that nobody wants to see, no growth of memory."""

from __future__ import annotations

import asyncio
import json
import random
import struct
import tracemalloc
from typing import Any

import pytest

from tests.channels.sms.centre import CentreProcess
from tests.channels.sms.conftest import PHONE, Hall, Site
from tests.channels.sms.stand_in import request_of

pytestmark = pytest.mark.slow

BODIES = 20_000
ATOMS: list[Any] = [
    None, True, 0, -1, 2**63, 10**40, 1.5, "", " ", "\x00", "你好", "a" * 3000, "/restart", "'; DROP TABLE x; --", [], {},
    [[]], {"a": {}}, "\u202e", "\U0001f600", "delivered", "failed", "10036", "1" * 25, "\ud800",
]  # fmt: skip
GOOD = {"id": "m", "from": PHONE, "to": "10036", "text": "你好"}


def body_of(dice: random.Random, number: int) -> bytes:
    """JSON that is nearly a message or a report, or no JSON at all."""
    shape = dice.random()
    if shape < 0.25:
        return dice.randbytes(dice.randrange(200))
    data: dict[str, Any] = dict(GOOD)
    for _ in range(dice.randrange(1, 4)):
        data[dice.choice(["id", "from", "to", "text", "status", "reason", "x"])] = dice.choice(ATOMS)
    data[dice.choice(["id", "from", "to"])] = dice.choice([None, [], 7, "", "?" * 200])
    text = json.dumps(data).encode()
    if shape < 0.5:
        place = dice.randrange(len(text))
        return text[:place] + dice.randbytes(2) + text[place + dice.randrange(5) :]
    return text


def raw_request(dice: random.Random, site: Site, number: int) -> bytes:
    purpose = dice.choice(["message", "report"])
    body, headers = request_of(purpose, body_of(dice, number), site.clock().timestamp())
    if dice.random() < 0.3:
        name = dice.choice(list(headers))
        headers[name] = dice.choice(["", "0", "v1=zz", "text/plain", "application/json;", "9" * 400, "\xe9\xff"])
    where = "/webhooks/sms" if purpose == "message" else "/webhooks/sms/report"
    lines = [f"POST {where} HTTP/1.1", "Host: a", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


async def statuses(site: Site, seed: int, count: int) -> dict[int, int]:
    """One connection, kept alive as far as the server likes."""
    dice, seen = random.Random(seed), dict[int, int]()
    port = int(site.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in range(count):
        writer.write(raw_request(dice, site, number))
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head.split(b" ")[1])
        seen[status] = seen.get(status, 0) + 1
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        await reader.readexactly(int(fields.get(b"content-length", b"0")))
        if fields.get(b"connection") == b"close":
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    return seen


async def test_malformed_requests(
    site: Site, hall: Hall, logged: list[dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    await statuses(site, 0, 500)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    found: dict[int, int] = {}
    for seed in range(1, 9):
        for status, count in (await statuses(site, seed, BODIES // 8)).items():
            found[status] = found.get(status, 0) + count
        assert bad(logged) == []
        logged.clear()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(found.values()) == BODIES and set(found) <= {400, 401, 404, 413, 415, 422}, found
    assert len(found) >= 4
    assert bad(logged) == [] and [record for record in caplog.records if record.levelname == "ERROR"] == []
    assert after - before < 2_000_000, after - before
    assert hall.heard() == [] and hall.dialogue.heard == []
    assert (await site.says("你好")).status_code == 200


def bad(logged: list[dict[str, str]]) -> list[dict[str, str]]:
    """What nobody wants to see."""
    return [one for one in logged if one["log_level"] in ("error", "critical") or "exc_info" in one]


def pdu_of(dice: random.Random) -> bytes:
    """A PDU that is nearly one, its length mostly right: the stream goes on."""
    shape = dice.random()
    command = dice.choice(
        [5, 5, 5, 0x80000004, 0x15, 0x103, 0x102, 0x80000000, 9, 0x7777, 0x80000015, dice.getrandbits(32)]
    )
    if command in (6, 0x80000006):
        command = 5
    if shape < 0.4:
        body = dice.randbytes(dice.randrange(60))
    else:
        text = dice.randbytes(dice.randrange(160))
        source = dice.choice([b"86" + PHONE.encode(), b"", b"\xff\xfe", b"1" * 30, b"10086"])
        body = b"\0\1\1" + source + b"\0\0\0" + dice.choice([b"10036", b"10086", b""]) + b"\0"
        body += bytes((dice.choice([0, 4, 0x40, 0x20, 0x44]), 0, 0)) + b"\0\0"
        body += bytes((0, 0, dice.choice([4, 8, 9, 245]), 0, dice.choice([len(text), dice.randrange(256)]))) + text
        body += dice.choice([b"", struct.pack(">HH", 0x001E, 9), struct.pack(">HHB", 0x1400, 1, 1), dice.randbytes(9)])
        body = body[: dice.choice([len(body), dice.randrange(len(body) + 1)])]
    return struct.pack(">IIII", 16 + len(body), command, dice.choice([0, 0, 0x58]), dice.getrandbits(31)) + body


async def test_malformed_pdus(
    bound: Hall, centre: CentreProcess, logged: list[dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    """The centre sends them; the answers to them match no request of its own, so it is told not to look."""
    await centre.orders(careless=True)
    dice = random.Random(7)
    tracemalloc.start()
    sizes = []
    for _ in range(40):
        octets = b"".join(pdu_of(dice) for _ in range(100))
        await centre.do("raw", octets=octets.hex())
        await centre.do("enquire")
        await centre.until(lambda: centre.count("alive") > len(sizes), 30)
        assert bad(logged) == []
        logged.clear()
        sizes.append(tracemalloc.get_traced_memory()[0])
        centre.events[:] = [one for one in centre.events if one["event"] in ("alive", "bound")]
    tracemalloc.stop()
    assert centre.count("bound") == 1
    assert bad(logged) == [] and [record for record in caplog.records if record.levelname == "ERROR"] == []
    assert sizes[-1] - sizes[10] < 2_000_000, sizes
    for length in (0, 15, 70_001, 2**32 - 1):  # where the next one begins is lost: a new connection
        before = centre.count("bound")
        await centre.do("raw", octets=struct.pack(">IIII", length, 5, 0, 1).hex())
        await centre.until(lambda expected=before: centre.count("bound") > expected)
    assert bad(logged) == []
