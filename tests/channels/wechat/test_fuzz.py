"""Twenty thousand malformed bodies against the real blueprint: no 5xx, no exception in the log, no growth of memory."""

from __future__ import annotations

import asyncio
import gc
import random
import resource
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from structlog.testing import capture_logs

from channels.wechat.crypto import signature
from channels.wechat.settings import aes_key
from tests.channels.wechat.conftest import Make
from tests.channels.wechat.platform import APP_ID, SECRET
from tests.channels.wechat.pusher import AES_KEY, Pusher, xml
from tests.channels.wechat.test_conversation import BOB
from tests.channels.wechat.test_crypto import BOMB
from tests.channels.wire import Wire

pytestmark = pytest.mark.slow

COUNT = 33_400
"""Three tenths of it in each mode: 20,000 in all."""
FIELDS = {
    "ToUserName": "gh_10f6c3c3ac5a", "FromUserName": BOB, "CreateTime": "1795327500", "MsgType": "event", "Event": "VIEW",
    "EventKey": "https://example.com", "Latitude": "23.1",
}  # fmt: skip
PIECES = [
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"\x00", b"\xff\xfe", b"&#0;", b"&#x110000;", b"&xxe;", b"<!DOCTYPE a>", BOMB,
    b"<?xml version='1.1' encoding='utf-16'?>", b"<a b='c'>", b"<MsgType>text</MsgType>", "你".encode("gbk"), b"<" * 2000,
    b"<a>" * 500, b"=" * 3000, b"\r\n\r\n", b"{}", b"-1", b"9" * 400, b"\xed\xa0\x80",
]  # fmt: skip


def mutated(dice: random.Random, body: bytes) -> bytes:
    for _ in range(dice.randrange(1, 4)):
        at, until = dice.randrange(len(body) + 1), dice.randrange(len(body) + 1)
        how = dice.randrange(5)
        if how == 0:
            body = body[:at] + dice.choice(PIECES) + body[at:]
        elif how == 1:
            body = body[: min(at, until)] + body[max(at, until) :]
        elif how == 2:
            body = body[:at] + bytes([dice.randrange(256)]) + body[at + 1 :]
        elif how == 3:
            body = body[:at] + body[:until] + body[at:]
        else:
            body = dice.choice([body, *PIECES])
    return body


def bad_inside(dice: random.Random, pusher: Pusher) -> tuple[dict[str, str], bytes]:
    """Nonsense that is rightly encrypted and signed."""
    return pusher.signed(mutated(dice, xml(FIELDS)))


def bad_outside(dice: random.Random, pusher: Pusher) -> tuple[dict[str, str], bytes]:
    """A good message, damaged on its way."""
    query, body = pusher.signed(xml(FIELDS))
    return query, mutated(dice, body)


def bad_encryption(dice: random.Random, pusher: Pusher) -> tuple[dict[str, str], bytes]:
    """Rightly signed, encrypted wrongly."""
    sealed = "".join(dice.choices("ABCxyz019+/=<> ", k=dice.choice([0, 1, 15, 16, 24, 44, 64, 128, 400])))
    if dice.random() < 0.5:
        sealed = replace(pusher, app_id=dice.choice(["", "x" * 40, APP_ID + "0"])).signed(b"<xml/>")[1].decode()
        sealed = sealed.partition("CDATA[")[2].partition("gh_")[2] or "QUJD" * 8
    stamp, nonce = str(int(pusher.clock().timestamp())), str(dice.random())
    query = {"timestamp": stamp, "nonce": nonce, "msg_signature": signature(pusher.token, stamp, nonce, sealed)}
    return query, xml({"Encrypt": sealed})


def bad_query(dice: random.Random, pusher: Pusher) -> tuple[dict[str, str], bytes]:
    query, body = pusher.signed(xml(FIELDS))
    name = dice.choice([*query, "msg_signature", "timestamp"])
    query[name] = dice.choice(
        ["", "0", "你", "\udcff".encode("utf-8", "replace").decode(), "x" * 900, "-1", "%00", "１２３"]
    )
    return query, body


KINDS: list[Callable[[random.Random, Pusher], tuple[dict[str, str], bytes]]] = [
    bad_inside, bad_outside, bad_encryption, bad_query,
]  # fmt: skip


@pytest.mark.parametrize("mode", ["secure", "plain"])
async def test_nonsense(make_server: Make, mode: str) -> None:
    dice = random.Random(20261122)
    async with make_server(aes_keys=(aes_key(AES_KEY),) if mode == "secure" else ()) as server:
        pusher = replace(server.pusher, mode=mode)
        statuses: Counter[int] = Counter()
        with capture_logs() as logged:

            async def post(count: int) -> None:
                wire = Wire(pusher.url)
                for _ in range(count):
                    query, body = dice.choice(KINDS)(dice, pusher)
                    target = f"/webhooks/wechat?{urlencode(query)}"
                    status, _ = await wire.post(target, {"Content-Type": "text/xml"}, body)
                    statuses[status] += 1
                    assert status < 500, (query, body)
                wire.close()

            await asyncio.gather(*(post(COUNT // 40) for _ in range(4)))
            gc.collect()
            logged.clear()
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            for _ in range(4):
                await asyncio.gather(*(post(COUNT // 40) for _ in range(2)))
                assert {entry["log_level"] for entry in logged} <= {"warning"}, "no exception"
                assert SECRET not in str(logged) and BOB not in str(logged)
                logged.clear()
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown < 30_000, f"{grown} kB more"
        assert sum(statuses.values()) >= COUNT * 0.3 and statuses[403] > 100
        assert len(server.connector._waiting) == 0 and server.connector._webhook._taking == {}
        assert await pusher.say(BOB, "还在") == ["您说的是: 还在"]
