"""Long polling: nothing lost, nothing doubled, through errors and restarts."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from tests.channels.telegram import updates
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.talk import Start, Talk
from tests.channels.telegram.updates import CUSTOMER
from tests.unit.conversation.fakes import eventually


async def heard(talk: Talk, count: int) -> list[str]:
    await eventually(lambda: len(talk.heard()) >= count)
    await talk.quiet()
    return talk.heard()


async def test_updates_come_in_order_and_are_confirmed(start: Start, api: BotApi) -> None:
    talk = await start(polling=True)
    api.push(updates.text("一"), updates.text("二"))
    await heard(talk, 2)
    last = updates.text("三")
    api.push(last)
    assert await heard(talk, 3) == ["一", "二", "三"]
    await api.until(lambda: api.asked("getUpdates")[-1].get("offset") == last["update_id"] + 1)
    assert api.pending == []
    assert api.texts(CUSTOMER) == [f"您说的是: {words}" for words in "一二三"]


async def test_a_webhook_is_deleted_first(start: Start, api: BotApi) -> None:
    api.webhook = {"url": "https://bot.example.cn/webhooks/telegram", "secret_token": "x"}
    talk = await start(polling=True)
    api.push(updates.text("一"))
    assert await heard(talk, 1) == ["一"]
    methods = [call.method for call in api.calls]
    assert methods.index("deleteWebhook") < methods.index("getUpdates") and api.webhook == {}


async def test_the_offset_does_not_pass_what_is_not_stored(start: Start, api: BotApi) -> None:
    talk = await start(polling=True)
    receive, first = talk.worker._inbox.receive, updates.text("一")
    attempts = 0

    def broken_at_first(message: object) -> object:
        nonlocal attempts
        attempts += 1
        if attempts <= 3:
            raise OperationalError("INSERT", {}, Exception("database is locked"))
        return receive(message)  # type: ignore[arg-type]

    talk.worker._inbox.receive = broken_at_first  # type: ignore[method-assign, assignment]
    api.push(first, updates.text("二"))
    assert await heard(talk, 2) == ["一", "二"]
    offsets = [asked.get("offset") for asked in api.asked("getUpdates")]
    assert all(offset is None or offset > first["update_id"] for offset in offsets)
    assert talk.time.slept[:3] == [1.0, 2.0, 5.0]


async def test_errors_are_waited_out_with_growing_pauses(start: Start, api: BotApi) -> None:
    api.fail("getUpdates", 502)
    api.fail("getUpdates", 0)
    api.fail("getUpdates", 500, "Internal Server Error")
    api.fail("getUpdates", 429, retry_after=9)
    talk = await start(polling=True)
    api.push(updates.text("一"))
    assert await heard(talk, 1) == ["一"]
    assert talk.time.slept[:4] == [1.0, 2.0, 5.0, 9.0]


@pytest.mark.parametrize(
    ("status", "description", "explained"),
    [
        (409, "Conflict: terminated by other getUpdates request", "another program polls"),
        (401, "Unauthorized", "refuses the token"),
        (404, "Not Found", "refuses the token"),
    ],
)
async def test_what_only_the_operator_can_mend_is_explained(
    start: Start, api: BotApi, status: int, description: str, explained: str
) -> None:
    api.fail("getUpdates", status, description)
    with capture_logs() as logged:
        talk = await start(polling=True)
        api.push(updates.text("一"))
        assert await heard(talk, 1) == ["一"]
    (error,) = [entry for entry in logged if entry["log_level"] == "error"]
    assert explained in error["event"] and "stand_in" not in str(logged)


async def test_an_update_that_makes_no_sense_does_not_stop_the_others(start: Start, api: BotApi) -> None:
    talk = await start(polling=True)
    broken = updates.text("一")
    broken["message"]["chat"] = {"id": "x"}
    api.push(broken, updates.text("二"))
    assert await heard(talk, 1) == ["二"]
    await api.until(lambda: not api.pending)


async def test_after_a_crash_the_same_updates_come_again_and_are_known(start: Start, api: BotApi) -> None:
    talk = await start(polling=True)
    pushed = [updates.text("一"), updates.text("二")]
    api.push(*pushed)
    await heard(talk, 2)
    await talk.end()
    api.push(*(update for update in pushed if update not in api.pending), updates.text("三"))
    again = await start(polling=True)
    assert await heard(again, 3) == ["一", "二", "三"]
    assert again.dialogue.heard == ["三"]


async def test_it_ends_while_telegram_holds_the_request(start: Start, api: BotApi) -> None:
    talk = await start(polling=True)
    await api.until(lambda: bool(api.asked("getUpdates")))
    await asyncio.wait_for(talk.end(), 3)
    asked = len(api.calls)
    api.push(updates.text("一"))
    assert len(api.calls) == asked


async def test_a_file_is_fetched_and_waits_for_telegram(start: Start, api: BotApi) -> None:
    api.files = {"d": b"%PDF-1.4\n"}
    api.fail("getFile", 502)
    talk = await start(polling=True)
    api.push(updates.document("d", 9), updates.text("这是账单"))
    await heard(talk, 2)
    assert talk.heard() == ["", "这是账单"]
