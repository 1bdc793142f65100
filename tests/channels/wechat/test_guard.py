"""Who may post: refused, logged, and nothing changed, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, InboundRow
from botkit.store.tables.wechat import WechatFollowerRow
from channels.wechat.crypto import signature
from channels.wechat.settings import aes_key
from tests.channels.wechat.conftest import Make, Server
from tests.channels.wechat.platform import TOKEN
from tests.channels.wechat.pusher import AES_KEY, Pusher, xml
from tests.unit.conversation.fakes import Clock

BOB = "oyORnuP8q7ou2gfYjqLzSIWZf0rs"
TEXT = {"FromUserName": BOB, "MsgType": "text", "Content": "查余额"}


def stored(work: UnitOfWork) -> int:
    with work(reading=True) as session:
        return sum(session.query(table).count() for table in (ConversationRow, InboundRow, WechatFollowerRow))


async def test_the_address_is_verified(server: Server, clock: Clock) -> None:
    stamp = str(int(clock().timestamp()))
    good = {
        "signature": signature(TOKEN, stamp, "1"),
        "timestamp": stamp,
        "nonce": "1",
        "echostr": "4375120948345356249",
    }
    url, client = f"{server.pusher.url}/webhooks/wechat", server.pusher.client
    response = await client.get(url, params=good)
    assert (response.status_code, response.text) == (200, "4375120948345356249")
    assert response.headers["content-type"].startswith("text/plain")
    for name, value in (("signature", "0" * 40), ("signature", ""), ("timestamp", "1"), ("nonce", "2")):
        assert (await client.get(url, params={**good, name: value})).status_code == 403
    assert (await client.get(url)).status_code == 403
    clock.forward(minutes=6)
    assert (await client.get(url, params=good)).status_code == 403


FORGERIES: dict[str, Callable[[Pusher], Pusher]] = {
    "another token": lambda pusher: replace(pusher, token="another"),
    "another account": lambda pusher: replace(pusher, app_id="wx0000000000000000"),
    "another key": lambda pusher: replace(pusher, key="A" * 43),
    "not encrypted": lambda pusher: replace(pusher, mode="plain"),
}


@pytest.mark.parametrize("how", FORGERIES)
async def test_forgeries(server: Server, work: UnitOfWork, how: str) -> None:
    forger = FORGERIES[how](server.pusher)
    before = stored(work)
    with capture_logs() as logged:
        assert (await forger.post(forger.complete(TEXT))).status == 403
    assert stored(work) == before == 0 and server.dialogue.heard == []
    assert [entry["event"] for entry in logged] == ["request refused"]
    assert "查余额" not in str(logged) and BOB not in str(logged)


@pytest.mark.parametrize("mode", ["plain", "compatible", "secure"])
async def test_a_changed_signature(make_server: Make, work: UnitOfWork, mode: str) -> None:
    keys = () if mode == "plain" else (aes_key(AES_KEY),)
    async with make_server(aes_keys=keys) as server:
        pusher = replace(server.pusher, mode=mode)
        name = "signature" if mode == "plain" else "msg_signature"
        fields = pusher.complete(TEXT)
        for changed in ({name: "0" * 40}, {name: ""}, {"nonce": "7"}, {"timestamp": "1790000000"}, {"timestamp": "x"}):
            assert (await pusher.post(fields, **changed)).status == 403
        assert stored(work) == 0
        assert await pusher.push(fields) == ["您说的是: 查余额"]


async def test_an_old_request_that_is_replayed(server: Server, work: UnitOfWork, clock: Clock) -> None:
    pusher = server.pusher
    query, body = pusher.signed(xml(pusher.complete(TEXT)))
    assert (await pusher.send(query, body)).text == "您说的是: 查余额"
    before = stored(work)
    assert (await pusher.send(query, body)).text is None, "just now: the platform's own repeat"
    clock.forward(seconds=30)
    assert (await pusher.send(query, body)).status == 403, "not the platform's"
    clock.forward(minutes=10)
    assert (await pusher.send(query, body)).status == 403
    assert stored(work) == before and server.dialogue.heard == ["查余额"]


async def test_another_body_under_a_seen_signature(make_server: Make, work: UnitOfWork) -> None:
    """In plain mode the signature does not cover the body."""
    async with make_server(aes_keys=()) as server:
        pusher = replace(server.pusher, mode="plain")
        query, body = pusher.signed(xml(pusher.complete(TEXT)))
        assert (await pusher.send(query, body)).status == 200
        other = xml(pusher.complete({**TEXT, "Content": "转人工"}))
        assert (await pusher.send(query, other)).status == 403
        assert server.dialogue.heard == ["查余额"]


@pytest.mark.parametrize("mode", ["plain", "compatible"])
async def test_without_a_key_the_plain_part_is_taken(make_server: Make, mode: str) -> None:
    async with make_server(aes_keys=()) as server:
        pusher = replace(server.pusher, mode=mode)
        reply = await pusher.post(pusher.complete(TEXT)) if mode == "plain" else None
        if reply is None:
            fields = pusher.complete(TEXT)
            reply = await replace(server.pusher, mode="plain").post({**fields, "Encrypt": "not looked at"})
        assert reply.text == "您说的是: 查余额"


async def test_encrypted_only_without_a_key(make_server: Make) -> None:
    async with make_server(aes_keys=()) as server:
        assert (await server.pusher.post(server.pusher.complete(TEXT))).status == 400


async def test_while_the_key_is_changed_both_are_good_and_the_reply_has_the_same(make_server: Make) -> None:
    async with make_server(aes_keys=(aes_key("A" * 43), aes_key(AES_KEY))) as server:
        assert await server.pusher.say(BOB, "一") == ["您说的是: 一"]
        assert await replace(server.pusher, key="A" * 43).say(BOB, "二") == ["您说的是: 二"]
        assert (await replace(server.pusher, key="B" * 43).post(server.pusher.complete(TEXT))).status == 403


@pytest.mark.parametrize(
    "fields",
    [
        {"FromUserName": ""}, {"FromUserName": "a b"}, {"FromUserName": "x" * 65}, {"ToUserName": ""}, {"CreateTime": "x"},
        {"CreateTime": "9" * 12}, {"MsgId": ""}, {"MsgId": "x" * 65}, {"MsgType": ""}, {"MsgType": "event"},
        {"MsgType": "image"}, {"CreateTime": "-1"},
    ],
    ids=str,
)  # fmt: skip
async def test_what_no_customer_can_have_sent(server: Server, work: UnitOfWork, fields: dict[str, str]) -> None:
    pusher = server.pusher
    assert (await pusher.post(pusher.complete(TEXT) | fields)).status == 400
    assert stored(work) == 0


async def test_too_large(server: Server) -> None:
    pusher = server.pusher
    assert (await pusher.post(pusher.complete({**TEXT, "Content": "长" * 30_000}))).status == 413


async def test_other_methods_and_content_types(server: Server) -> None:
    pusher = server.pusher
    url = f"{pusher.url}/webhooks/wechat"
    assert (await pusher.client.put(url)).status_code == 405
    for kind in ("application/json", "text/xml; charset=utf-8", "application/octet-stream", ""):
        query, body = pusher.signed(xml(pusher.complete(TEXT)))
        response = await pusher.client.post(url, params=query, content=body, headers={"Content-Type": kind})
        assert response.status_code == 200
