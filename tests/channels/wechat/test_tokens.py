"""One access token for all servers, renewed once, never shown."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from botkit.store.engine import UnitOfWork
from botkit.store.tables.wechat import WechatTokenRow
from channels.wechat.api import WechatApi
from channels.wechat.settings import WechatSettings
from channels.wechat.tokens import Tokens
from tests.channels.wechat.conftest import Server
from tests.channels.wechat.platform import APP_ID, SECRET, Platform
from tests.channels.wechat.test_conversation import BOB, agent_says, statuses
from tests.unit.conversation.fakes import Clock


def apis(settings: WechatSettings, work: UnitOfWork, clock: Clock, count: int) -> list[WechatApi]:
    return [WechatApi(settings, work, clock) for _ in range(count)]


async def test_servers_that_need_one_at_once_ask_once(
    settings: WechatSettings, work: UnitOfWork, clock: Clock, platform: Platform
) -> None:
    servers = apis(settings, work, clock, 3)
    for wanted in (1, 2):
        await asyncio.gather(*(api.menu() for api in servers for _ in range(4)))
        assert len(platform.asked) == wanted
        clock.forward(hours=1, minutes=56)
    for api in servers:
        await api.close()


async def test_it_is_renewed_five_minutes_before_its_end(
    settings: WechatSettings, work: UnitOfWork, clock: Clock, platform: Platform
) -> None:
    (api,) = apis(settings, work, clock, 1)
    await api.menu()
    clock.forward(minutes=114)
    await api.menu()
    assert len(platform.asked) == 1
    clock.forward(minutes=1)
    await api.menu()
    assert len(platform.asked) == 2
    await api.close()


async def test_while_another_server_asks_the_old_one_is_used(work: UnitOfWork, clock: Clock) -> None:
    asking, answered = asyncio.Event(), asyncio.Event()

    async def slow(_force: bool) -> tuple[str, int]:
        asking.set()
        await answered.wait()
        return "new", 7200

    async def never(_force: bool) -> tuple[str, int]:
        raise AssertionError("asked twice")

    one, other = Tokens(APP_ID, work, clock, slow), Tokens(APP_ID, work, clock, never)
    await asyncio.to_thread(one._claim, "")
    await asyncio.to_thread(one._keep, "old", clock())
    with work() as session:
        row = session.get(WechatTokenRow, APP_ID)
        row.ends_at = clock.now.replace(minute=clock.now.minute + 3)
    renewing = asyncio.create_task(one.token())
    await asking.wait()
    assert await other.token() == "old"
    answered.set()
    assert await renewing == "new" == await other.token()


async def test_one_that_was_made_invalid_elsewhere_is_replaced_and_the_message_sent_once(
    server: Server, work: UnitOfWork, clock: Clock, platform: Platform
) -> None:
    await server.pusher.say(BOB, "你好")
    await server.outbox.flush(agent_says(work, clock, "一"))
    platform.end_tokens()
    await server.outbox.flush(agent_says(work, clock, "二"))
    assert platform.texts(BOB) == ["【小李】一", "【小李】二"]
    for code in (40001, 40014, 42001):
        platform.failures.append(("custom/send", code))
        await server.pusher.say(BOB, "嗯")
        await server.outbox.flush(agent_says(work, clock, str(code)))
    assert platform.texts(BOB)[-1] == "【小李】42001"
    assert platform.asked[:2] == [False, False] and True in platform.asked, (
        "forced only where it would come back as it was"
    )


async def test_a_wrong_secret_is_the_engineers(
    server: Server, work: UnitOfWork, clock: Clock, platform: Platform
) -> None:
    await server.pusher.say(BOB, "你好")
    platform.failures.append(("stable_token", 40125))
    with capture_logs() as logged:
        await server.outbox.flush(agent_says(work, clock, "一"))
    assert statuses(work)[-1] == ("pending", None)
    assert any(entry.get("code") == 40125 and entry["log_level"] == "error" for entry in logged)
    clock.forward(seconds=1)
    await server.outbox.due()
    assert platform.texts(BOB) == ["【小李】一"]


async def test_neither_token_nor_secret_is_logged(
    server: Server, settings: WechatSettings, work: UnitOfWork, clock: Clock, platform: Platform
) -> None:
    await server.pusher.say(BOB, "你好")
    with capture_logs() as logged:
        for number, trouble in enumerate(("down", "token", "code")):
            platform.down = trouble == "down"
            if trouble == "token":
                platform.end_tokens()
            if trouble == "code":
                platform.failures.append(("custom/send", 99999))
            await server.outbox.flush(agent_says(work, clock, str(number)))
            clock.forward(seconds=10)
            await server.outbox.due()
    assert logged
    text = f"{logged} {settings!r} {statuses(work)}"
    for secret in (SECRET, "token_", settings.token):
        assert secret not in text
