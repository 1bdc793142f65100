"""A customer's whole way through the real server and the trained model, the Bot API's stand-in on the other side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from channels.telegram.settings import PATH
from tests.channels.telegram import updates
from tests.channels.telegram.bot_api import TOKEN, BotApi
from tests.channels.telegram.updates import CUSTOMER
from tests.driver import last_code
from tests.integration.server.agent import Agent, first_admin
from tests.integration.server.conftest import new_server  # noqa: F401
from tests.integration.server.server import Server

pytestmark = [pytest.mark.model, pytest.mark.slow]

PHONE = "17000000001"


class Customer:
    def __init__(self, api: BotApi, server: Server) -> None:
        self._api, self._server = api, server

    async def sends(self, update: dict[str, Any], lines: int = 1) -> list[dict[str, Any]]:
        """Deliver an update; at least so many messages that come back."""
        known = len(self._api.messages[CUSTOMER])
        assert await self._api.post_update(update, url=f"{self._server.url}{PATH}") == 200
        await self._api.until(lambda: len(self._api.messages[CUSTOMER]) >= known + lines, 60)
        return self._api.messages[CUSTOMER][known:]

    async def presses(self, title: str, message: dict[str, Any], lines: int = 1) -> list[dict[str, Any]]:
        rows = message["reply_markup"]["inline_keyboard"]
        (data,) = [button["callback_data"] for row in rows for button in row if button["text"] == title]
        shown = {name: value for name, value in message.items() if name != "markup"}
        return await self.sends(updates.pressed(data, shown), lines)


async def test_from_start_to_the_agents_answer(api: BotApi, new_server: Callable[..., Server]) -> None:  # noqa: F811
    server = new_server(
        BOTKIT_TELEGRAM_TOKEN=TOKEN,
        BOTKIT_TELEGRAM_SECRET="s3cret",
        BOTKIT_TELEGRAM_WEBHOOK_URL="http://127.0.0.1:9/webhooks/telegram",
        BOTKIT_TELEGRAM_API_URL=api.url,
    )
    await asyncio.to_thread(server.start)
    await api.until(lambda: bool(api.commands))
    customer = Customer(api, server)

    (greeting,) = await customer.sends(updates.text("/start from_the_website"))
    assert "星桥移动" in greeting["text"]

    asked = await customer.presses("查余额", greeting)
    assert asked[-1]["markup"]["keyboard"][0][0]["request_contact"] is True
    assert api.asked("answerCallbackQuery")

    sent = await customer.sends(updates.contact(f"+86{PHONE}"))
    assert "验证码" in sent[-1]["text"]
    answer = await customer.sends(updates.text(last_code(server.var / "sms.jsonl", PHONE)), 2)
    assert any("余额" in message["text"] and "元" in message["text"] for message in answer), answer

    agent = await Agent(server, *first_admin(server)).connect()
    await agent.do("presence", state="away")
    await customer.sends(updates.text("转人工"))
    await agent.until(lambda: any(item["owner"] == "waiting" for item in agent.items.values()))
    conversation = next(item["id"] for item in agent.items.values() if item["owner"] == "waiting")
    await agent.do("take_over", id=conversation)
    await agent.do("open", id=conversation)
    await agent.says(conversation, "您好, 我来看 <这笔> & 那笔")
    await api.until(lambda: any("那笔" in words for words in api.texts(CUSTOMER)), 60)
    assert api.texts(CUSTOMER)[-1].endswith(":\n您好, 我来看 <这笔> & 那笔")

    assert await api.post_update(updates.text("谢谢"), url=f"{server.url}{PATH}") == 200
    await agent.until(lambda: "谢谢" in agent.texts(conversation))
    await agent.disconnect()
    assert await asyncio.to_thread(server.stop) == 0
    assert server.errors() == [] and TOKEN not in server.output()
