"""`POST /webhooks/telegram`: who may, what is refused, and that what was confirmed is safe and worked off once."""

from __future__ import annotations

import asyncio
import json

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from botkit.content.texts import Texts
from channels.telegram.updates import Malformed, event_of
from tests.channels.telegram import updates
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.talk import SECRET, Start, Talk
from tests.channels.telegram.updates import CUSTOMER
from tests.unit.conversation.fakes import eventually


async def test_a_message_is_stored_and_answered(talk: Talk, api: BotApi) -> None:
    await talk.hear(updates.text("查余额"))
    assert talk.heard() == ["查余额"]
    assert api.texts(CUSTOMER) == ["您说的是: 查余额"]
    assert talk.outbound() == [("delivered", None)]


async def test_the_answer_to_telegram_does_not_wait_for_the_bot(talk: Talk, api: BotApi) -> None:
    thinking = asyncio.Event()
    talk.dialogue.before_answering = thinking.wait
    assert await talk.post(updates.text("查余额")) == 200
    assert talk.stored() == 1 and api.texts(CUSTOMER) == []
    thinking.set()
    await talk.quiet()
    assert len(api.texts(CUSTOMER)) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), "\u00e9"])
async def test_without_the_secret_nothing_changes(talk: Talk, secret: str | None) -> None:
    with capture_logs() as logged:
        assert await talk.post(updates.text("查余额"), secret=secret) == 403
    assert [(one["event"], one["why"]) for one in logged] == [("request refused", "wrong secret token")]
    assert await talk.post(None, secret=secret, content=b"{") == 403, "nothing is told to those who may not ask"
    assert talk.stored() == 0


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
async def test_the_content_type_is_checked(talk: Talk, kind: str) -> None:
    body = json.dumps(updates.text("查余额")).encode()
    assert await talk.post(None, content=body, Content_Type=kind) == 415
    assert talk.stored() == 0


async def test_the_size_is_bounded(talk: Talk) -> None:
    assert await talk.post(updates.text("长" * 200_000)) == 413
    assert await talk.post(None, content=b" " * 2_000_000) == 413
    assert talk.stored() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b"\xff\xfe",
        b"[" * 100_000,
        b"{}",
        b'{"update_id": "7"}',
        b'{"update_id": true}',
        b'{"update_id": -1}',
        b'{"update_id": 1e400}',
        b'{"update_id": 7, "message": {}}',
        b'{"update_id": 7, "message": "text"}',
        b'{"update_id": ' + b"9" * 5000 + b"}",
    ],
)
async def test_what_is_no_update_is_refused(talk: Talk, body: bytes) -> None:
    assert await talk.post(None, content=body) == 400
    assert talk.stored() == 0


async def test_three_deliveries_at_once_and_a_late_one_are_one_message(talk: Talk, api: BotApi) -> None:
    update = updates.text("查余额")
    assert await asyncio.gather(*(talk.post(update) for _ in range(3))) == [200, 200, 200]
    await talk.quiet()
    talk.clock.forward(hours=20)
    await talk.hear(update)
    assert talk.heard() == ["查余额"] and api.texts(CUSTOMER) == ["您说的是: 查余额"]


async def test_a_number_that_telegram_uses_again_is_another_message(talk: Talk) -> None:
    """After a quiet week update ids begin anew at random (Bot API, Update)."""
    first = updates.text("查余额")
    second = updates.text("查流量")
    second["update_id"] = first["update_id"]
    await talk.hear(first)
    await talk.hear(second)
    assert talk.heard() == ["查余额", "查流量"]


async def test_a_message_that_cannot_be_stored_comes_again(talk: Talk, api: BotApi) -> None:
    update, receive = updates.text("查余额"), talk.worker._inbox.receive

    def broken(_message: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    talk.worker._inbox.receive = broken  # type: ignore[method-assign, assignment]
    assert await talk.post(update) == 503
    talk.worker._inbox.receive = receive  # type: ignore[method-assign]
    await talk.hear(update)
    assert api.texts(CUSTOMER) == ["您说的是: 查余额"]


async def test_before_it_serves_everything_must_come_again(talk: Talk) -> None:
    talk.channel._intake._worker = None
    assert await talk.post(updates.text("查余额")) == 503
    assert talk.stored() == 0


async def test_nobody_waits_for_another(talk: Talk, api: BotApi) -> None:
    chats = range(1, 21)
    await asyncio.gather(*(talk.post(updates.text("查余额", chat)) for chat in chats))
    await talk.quiet()
    await eventually(lambda: all(len(api.texts(chat)) == 1 for chat in chats))


async def test_the_order_within_a_chat_is_kept(talk: Talk, api: BotApi) -> None:
    said = [f"第{number}句" for number in range(12)]
    for words in said:
        assert await talk.post(updates.text(words)) == 200
    await talk.quiet()
    assert talk.heard() == said
    talk.clock.forward(minutes=1)
    await talk.outbox.due()
    assert api.texts(CUSTOMER) == [f"您说的是: {words}" for words in said]


async def test_while_polling_there_is_no_webhook(start: Start) -> None:
    assert (await start(polling=True)).channel.blueprint is None


@pytest.mark.parametrize(
    "body", [{"update_id": 7, "message": {"text": "17000000001 words"}}, {"update_id": "words"}, ["words"]]
)
def test_what_is_refused_is_not_quoted(body: object, texts: Texts) -> None:
    """The message of the refusal is what is logged."""
    with pytest.raises(Malformed) as refused:
        event_of(body, texts)
    assert "words" not in str(refused.value) and "1700" not in str(refused.value)
