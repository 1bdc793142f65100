"""The real server and the trained model: follow, balance with number and code, a comparison in pages, an agent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from botkit.clock import system_clock
from tests.channels.wechat.platform import APP_ID, SECRET, TOKEN, Platform, serving
from tests.channels.wechat.pusher import AES_KEY, Pusher
from tests.driver import last_code
from tests.integration.server.agent import Agent, first_admin
from tests.integration.server.server import Server

pytestmark = [pytest.mark.model, pytest.mark.slow]

BOB = "oyORnuP8q7ou2gfYjqLzSIWZf0rs"
PHONE = "17000000001"


@pytest.fixture
async def real(trained_model: Path, tmp_path: Path) -> AsyncIterator[tuple[Server, Platform, Pusher]]:
    with serving(Platform(system_clock)) as platform:
        server = Server(
            tmp_path / "var",
            trained_model,
            BOTKIT_WECHAT_APP_ID=APP_ID,
            BOTKIT_WECHAT_SECRET=SECRET,
            BOTKIT_WECHAT_TOKEN=TOKEN,
            BOTKIT_WECHAT_AES_KEY=AES_KEY,
            BOTKIT_WECHAT_API_URL=platform.url,
        )
        server.start()
        pusher = Pusher(server.url, platform, system_clock)
        yield server, platform, pusher
        await pusher.client.aclose()
        assert server.stop() == 0
        assert server.errors() == [] and platform.violations == []
        assert SECRET not in server.output() and BOB not in server.output() and "token_" not in server.output()


async def test_a_customer(real: tuple[Server, Platform, Pusher]) -> None:
    server, platform, pusher = real
    shown: list[str] = []

    async def says(text: str, **fields: str) -> str:
        before = len(platform.texts(BOB))
        reply = await pusher.say(BOB, text, **fields)
        shown.extend(reply)
        return "\n".join([*reply, *platform.texts(BOB)[before:]])

    (greeting,) = await pusher.event(BOB, "subscribe")
    assert greeting.startswith("您好, 我是星桥移动的机器人客服") and "1 查余额" in greeting
    assert "请发您的手机号码" in await says("1")
    assert "验证码已发到" in await says(PHONE)
    balance = await says(last_code(server.var / "sms.jsonl", PHONE))
    assert "核对好了" in balance and "元" in balance

    plans = await says("有哪些套餐")
    assert "无忧卡5" in plans and "星享5G399" in plans and len(plans.encode()) <= 2048
    assert "下一页" not in plans, "if the list outgrows a message, ask on here"
    compared = await says("畅选59和畅选79比一比")
    assert "59" in compared and "79" in compared

    admin = await Agent(server, *first_admin(server)).connect()
    await admin.do("presence", state="online")
    assert "转人工" in await says("转人工")
    await admin.until(lambda: any(item.get("channel") == "wechat" for item in admin.items.values()))
    (talk,) = [identity for identity, item in admin.items.items() if item.get("channel") == "wechat"]
    await admin.do("accept", id=talk)
    await admin.says(talk, "您好, 我来查这笔费用")
    from tests.unit.conversation.fakes import eventually

    await eventually(lambda: any(text.endswith("您好, 我来查这笔费用") for text in platform.texts(BOB)), 30)
    assert platform.texts(BOB)[-1].startswith("【")
    await admin.disconnect()
