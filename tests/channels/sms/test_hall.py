"""The real server with the trained model, by each gateway: from CXYE to the rating of a human."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.channels.sms.centre import PASSWORD, CentreProcess
from tests.channels.sms.stand_in import KEY, NUMBER, SECRET, post, stand_in
from tests.driver import last_code
from tests.integration.server.agent import Agent, first_admin
from tests.integration.server.server import Server
from tests.unit.conversation.fakes import eventually

pytestmark = [pytest.mark.model, pytest.mark.slow]

PHONE = "17000000002"


@dataclass
class Phone:
    """A customer's phone: sends SMS, and shows those that came."""

    server: Server
    send: Callable[[str], object]
    shown: Callable[[], list[str]]

    async def says(self, text: str, answers: int = 1) -> list[str]:
        """The SMS that answer it, those in parts put together."""
        before = len(self.shown())
        await self.send(text)  # type: ignore[misc]
        await self.gets(before + answers)
        return self.shown()[before:]

    async def gets(self, count: int) -> None:
        try:
            await eventually(lambda: len(self.shown()) >= count, 30)
        except AssertionError:
            raise AssertionError(f"{self.shown()}\n{self.server.output()[-2000:]}") from None


@pytest.fixture(params=["http", "smpp"])
async def phone(request: pytest.FixtureRequest, trained_model: Path, tmp_path: Path) -> AsyncIterator[Phone]:
    common = {"BOTKIT_SMS_GATEWAY": request.param, "BOTKIT_SMS_NUMBER": NUMBER, "BOTKIT_SMS_PER_MINUTE": "60"}
    if request.param == "http":
        with stand_in() as gateway:
            where = {"BOTKIT_SMS_URL": gateway.url, "BOTKIT_SMS_KEY": KEY, "BOTKIT_SMS_SECRET": SECRET}
            server = Server(tmp_path / "var", trained_model, **common, **where)
            await asyncio.to_thread(server.start)
            yield Phone(server, by_http(server), gateway.texts)
            await asyncio.to_thread(server.stop)
        assert gateway.violations == []
    else:
        centre = await CentreProcess().start()
        await centre.orders(receipts="decimal")
        where = {
            "BOTKIT_SMS_SMPP_HOST": "127.0.0.1",
            "BOTKIT_SMS_SMPP_PORT": str(centre.port),
            "BOTKIT_SMS_SMPP_SYSTEM_ID": "botkit",
            "BOTKIT_SMS_SMPP_PASSWORD": PASSWORD,
        }
        server = Server(tmp_path / "var", trained_model, **common, **where)
        await asyncio.to_thread(server.start)
        await centre.until(lambda: centre.count("bound") == 1)
        yield Phone(server, lambda text: centre.says(f"86{PHONE}", text), centre.texts)
        await asyncio.to_thread(server.stop)
        assert centre.count("unbound") == 1 and centre.violations == []
        await centre.stop()
    assert server.errors() == []


def by_http(server: Server) -> Callable[[str], object]:
    async def send(text: str) -> None:
        message = {"id": uuid.uuid4().hex, "from": f"+86{PHONE}", "to": NUMBER, "text": text}
        response = await asyncio.to_thread(post, server.url, "message", message)
        assert response.status_code == 200, response.text

    return send


async def test_from_the_balance_to_the_rating(phone: Phone) -> None:
    (asked,) = await phone.says("CXYE")
    assert asked.startswith("验证码已发到 170****0002") and "手机号码" not in asked
    verified, balance = await phone.says(last_code(phone.server.var / "sms.jsonl", PHONE), answers=2)
    assert verified.startswith("核对好了") and "元" in balance and "余额" in balance
    assert all(len(sms.encode("utf-16-be")) <= 2 * 134 for sms in phone.shown())
    assert "回复1" in balance
    (details,) = await phone.says("1")
    assert details and details != balance

    admin = await Agent(phone.server, *first_admin(phone.server)).connect()
    handed_over, place = await phone.says("rg", answers=2)
    assert "转人工" in handed_over and "回复1" in place
    await admin.until(lambda: any(item["owner"] == "waiting" for item in admin.items.values()))
    talk = next(iter(admin.items))
    before = len(phone.shown())
    await admin.do("take_over", id=talk)
    await admin.says(talk, "您好, 我来帮您查。")
    await eventually(lambda: any("您好, 我来帮您查。" in sms for sms in phone.shown()[before:]), 30)
    said = next(sms for sms in phone.shown()[before:] if "我来帮您查" in sms)
    assert said.endswith(": 您好, 我来帮您查。")
    await admin.do("close", id=talk, summary="查了余额", kind="inquiry", solved=True)
    await eventually(lambda: "满意" in phone.shown()[-1], 30)
    assert "5满意" in phone.shown()[-1]
    (further,) = await phone.says("5")
    assert further.startswith("谢谢, 已记下。您的事情解决了吗?")
    (thanks,) = await phone.says("已解决")
    assert thanks == "谢谢, 已记下。"
    await admin.disconnect()
