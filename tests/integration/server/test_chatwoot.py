"""The whole server with Chatwoot as its desk: a customer at the web chat, an agent there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timezone

import httpx
import pytest

from tests.chatwoot.standin import ACCOUNT, INBOX, LIN, SECRET, TOKEN, Chatwoot
from tests.integration.server.server import Server
from tests.integration.server.visitor import Visitor

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.asyncio]


@pytest.fixture
async def chatwoot() -> AsyncIterator[Chatwoot]:
    chatwoot = Chatwoot(lambda: datetime.now(timezone.utc))
    await chatwoot.start()
    yield chatwoot
    await chatwoot.stop()
    assert chatwoot.violations == []


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(300):
        if condition():
            return
        await asyncio.sleep(0.1)  # between two looks
    raise AssertionError("it did not come about within 30 s")


async def test_a_customer_is_served_from_chatwoot(new_server: Callable[..., Server], chatwoot: Chatwoot) -> None:
    server = new_server(
        BOTKIT_DESK="chatwoot",
        BOTKIT_CHATWOOT_URL=chatwoot.url,
        BOTKIT_CHATWOOT_ACCOUNT=str(ACCOUNT),
        BOTKIT_CHATWOOT_INBOX=str(INBOX),
        BOTKIT_CHATWOOT_TOKEN=TOKEN,
        BOTKIT_CHATWOOT_SECRET=SECRET,
    )
    await asyncio.to_thread(server.start)
    webhook = f"{server.url}/webhooks/chatwoot"
    customer = Visitor(server.url)
    await customer.connect()
    await customer.say("转人工")
    await until(lambda: any(len(chatwoot.of(number, "note")) > 2 for number in chatwoot.conversations))
    (number,) = chatwoot.conversations
    chatwoot.says(number, LIN, "您好, 我来帮您。")
    assert set(await chatwoot.sends(webhook, times=3)) == {200}
    await customer.until(lambda: any(line["text"] == "您好, 我来帮您。" for line in customer.lines))
    line = next(line for line in customer.lines if line["author"] == "agent")
    assert line["name"] == "小林" and "detail" not in line
    await customer.send("我的流量怎么没了")
    await until(lambda: chatwoot.of(number, "customer") == ["我的流量怎么没了"])
    chatwoot.sets(number, "resolved")
    assert set(await chatwoot.sends(webhook)) == {200}
    await customer.until(lambda: customer.states[-1:] == ["closed"])
    answers = await customer.say("你好")
    assert [answer["author"] for answer in answers] == ["bot"]
    assert [line["text"] for line in customer.lines].count("您好, 我来帮您。") == 1
    assert (await asyncio.to_thread(httpx.get, f"{server.url}/desk")).status_code == 404
    await customer.disconnect()
    await asyncio.to_thread(server.stop)
    assert server.errors() == []
