"""Lines to Telegram: what its refusals mean, how fast, and that nothing is lost or doubled while it is away."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from botkit.content.texts import Texts
from botkit.conversation.messages import Author, Line
from botkit.conversation.outbox import TryLater, Undeliverable
from botkit.store.tables.conversation import ConversationRow
from channels.telegram.pace import Busy, Pace
from tests.channels.telegram import updates
from tests.channels.telegram.bot_api import TOKEN, BotApi
from tests.channels.telegram.talk import Talk, Time
from tests.channels.telegram.updates import CUSTOMER
from tests.unit.conversation.fakes import Clock


def line(text: str = "您好", seq: int = 1, **content: Any) -> Line:
    return Line("none", seq, Author.BOT, text, Clock().now, content)


# ------------------------------------------------------------------------------------------------------- what it refuses


async def test_retry_after_is_obeyed(talk: Talk, api: BotApi) -> None:
    api.fail("sendMessage", 429, retry_after=17)
    await talk.send("一")
    talk.clock.forward(seconds=16)
    await talk.outbox.due()
    assert len(api.asked("sendMessage")) == 1
    talk.clock.forward(seconds=1)
    talk.time.now += 17
    await talk.outbox.due()
    assert api.texts(CUSTOMER) == ["一"] and talk.outbound() == [("delivered", None)]


@pytest.mark.parametrize(
    ("status", "description", "problem"),
    [
        (403, "Forbidden: bot was blocked by the user", "blocked"),
        (403, "Forbidden: user is deactivated", "blocked"),
        (403, "Forbidden: bot can't initiate conversation with a user", "blocked"),
        (400, "Bad Request: chat not found", "no_address"),
        (400, "Bad Request: PEER_ID_INVALID", "no_address"),
        (400, "Bad Request: message is too long", "refused"),
    ],
)
async def test_what_it_will_never_take(talk: Talk, api: BotApi, status: int, description: str, problem: str) -> None:
    api.fail("sendMessage", status, description)
    await talk.send("一")
    await talk.send("二")
    assert talk.outbound() == [("failed", problem), ("delivered", None)]
    assert api.texts(CUSTOMER) == ["二"]


@pytest.mark.parametrize("status", [0, 500, 502, 401, 404, 409])
async def test_what_it_may_take_later(talk: Talk, api: BotApi, status: int) -> None:
    """0: the connection is dropped. 401 and 404: the token is refused, which is the operator's to mend."""
    api.fail("sendMessage", status, "no")
    await talk.send("一")
    await talk.send("二")
    assert api.texts(CUSTOMER) == []
    talk.clock.forward(seconds=2)
    await talk.outbox.due()
    assert api.texts(CUSTOMER) == ["一", "二"]
    assert talk.outbound() == [("delivered", None)] * 2


async def test_it_does_not_answer_in_time(talk: Talk, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.telegram.connector.ONE_SEND", 0.05)
    api.gates["sendMessage"] = asyncio.Event()
    with pytest.raises(TryLater, match="too slow"):
        await talk.channel.deliver(str(CUSTOMER), line())
    api.gates.pop("sendMessage").set()


async def test_refusals_as_the_outbox_wants_them(talk: Talk, api: BotApi) -> None:
    api.fail("sendMessage", 429, retry_after=30)
    with pytest.raises(TryLater) as later:
        await talk.channel.deliver(str(CUSTOMER), line())
    assert (later.value.after, later.value.parts) == (timedelta(seconds=30), 0)
    api.fail("sendMessage", 403, "Forbidden: bot was blocked by the user")
    with pytest.raises(Undeliverable) as never:
        await talk.channel.deliver("222", line())
    assert never.value.problem == "blocked"


async def test_the_token_is_in_no_message(talk: Talk, api: BotApi) -> None:
    await api.stop()
    with pytest.raises(TryLater) as later:
        await talk.channel.deliver(str(CUSTOMER), line())
    assert TOKEN not in str(later.value) and TOKEN not in talk.channel._client.why(ValueError(f"/bot{TOKEN}/getMe"))
    await api.start(api.port)


async def test_html_that_it_cannot_read_goes_as_it_is(talk: Talk, api: BotApi) -> None:
    api.fail("sendMessage", 400, "Bad Request: can't parse entities: Unsupported start tag")
    await talk.send("a < b", Author.AGENT, name="小林")
    assert api.texts(CUSTOMER) == ["小林:\na < b"] and "parse_mode" not in api.asked("sendMessage")[-1]


# ------------------------------------------------------------------------------------------------------------ long lines


async def test_parts_that_it_has_are_not_sent_again(talk: Talk, api: BotApi) -> None:
    shown = "\n\n".join(f"第{number}段" + "话" * 3000 for number in range(4))
    api.fail("sendMessage", 200, times=2)
    api.fail("sendMessage", 502)
    await talk.send(shown)
    assert len(api.texts(CUSTOMER)) == 2
    talk.clock.forward(seconds=2)
    await talk.outbox.due()
    assert len(api.texts(CUSTOMER)) == 4 and "\n\n".join(api.texts(CUSTOMER)) == shown


async def test_a_line_of_many_parts_is_sent_in_stretches(talk: Talk, api: BotApi) -> None:
    """Each takes a second of pause: a stretch ends before another server may take the conversation for abandoned."""
    shown = "\n\n".join("话" * 4000 for _ in range(20))
    await talk.send(shown)
    assert 10 <= len(api.texts(CUSTOMER)) <= 15
    for _ in range(3):
        talk.clock.forward(minutes=1)
        await talk.outbox.due()
    assert "\n\n".join(api.texts(CUSTOMER)) == shown


# --------------------------------------------------------------------------------------------------- two minutes of silence


async def test_telegram_is_away_for_two_minutes(talk: Talk, api: BotApi) -> None:
    await talk.hear(updates.text("零"))
    await api.stop()
    for number in range(5):
        await talk.hear(updates.text(f"第{number}句"))
        talk.clock.forward(seconds=24)
        await talk.outbox.due()
    assert len(api.texts(CUSTOMER)) == 1
    await api.start(api.port)
    for _ in range(4):
        talk.clock.forward(minutes=1)
        talk.time.now += 60
        await talk.outbox.due()
    assert api.texts(CUSTOMER) == [f"您说的是: {words}" for words in ("零", *(f"第{number}句" for number in range(5)))]
    assert {status for status, _ in talk.outbound()} == {"delivered"}


# ------------------------------------------------------------------------------------------------------------------ pace


async def test_one_message_a_second_to_a_chat() -> None:
    time = Time()
    pace = Pace(time, time.sleep)
    at = []
    for _ in range(3):
        await pace.turn("1")
        at.append(time.now)
    assert at == [1000.0, 1001.0, 1002.0]


async def test_thirty_a_second_in_all() -> None:
    time = Time()
    pace = Pace(time, time.sleep)
    for number in range(61):
        await pace.turn(str(number))
    assert time.now == pytest.approx(1002.0)


async def test_who_would_have_to_wait_long_is_told() -> None:
    time = Time()
    pace = Pace(time, time.sleep)
    pace.hold("1", 30)
    assert pace.held("1") and not pace.held("2")
    with pytest.raises(Busy) as busy:
        await pace.turn("1")
    assert busy.value.seconds == 30
    await pace.turn("2")
    time.now += 30
    await pace.turn("1")


async def test_chats_that_are_done_are_forgotten() -> None:
    time = Time()
    pace = Pace(time, time.sleep)
    for number in range(5000):
        await pace.turn(str(number))
        time.now += 1
    assert len(pace._next_of) <= 1001


# ----------------------------------------------------------------------------------------------------- number and keyboard


async def test_where_the_number_is_asked_for_a_button_sends_it(talk: Talk, api: BotApi, texts: Texts) -> None:
    await talk.send(texts.text("verify_ask_phone"), asks="phone")
    markup = api.messages[CUSTOMER][0]["markup"]
    assert markup["keyboard"] == [[{"text": texts.text("telegram_share_phone"), "request_contact": True}]]
    again = texts.buttons("verify_ask_phone_again")
    await talk.send(texts.text("verify_ask_phone_again"), choices=again, asks="phone")
    markup = api.messages[CUSTOMER][1]["markup"]
    assert [button["text"] for button in markup["keyboard"][1]] == [choice["title"] for choice in again]
    await talk.send("随便什么话", asks="phone")
    assert "keyboard" in api.messages[CUSTOMER][2]["markup"], "the mark counts, whatever the words"
    await talk.send(texts.text("verify_ask_phone"))
    assert "keyboard" not in (api.messages[CUSTOMER][3]["markup"] or {})
    await talk.send("验证码已发到您的手机", asks="code")
    assert "keyboard" not in (api.messages[CUSTOMER][4]["markup"] or {})


async def test_afterwards_the_keyboard_goes_away(talk: Talk, api: BotApi, texts: Texts) -> None:
    await talk.send(texts.text("verify_ask_phone"), asks="phone")
    await talk.send("验证码已发", choices=[{"title": "没收到", "payload": "/resend_code"}])
    await talk.send("核对好了")
    await talk.send("余额 12.30 元")
    kinds = [next(iter(message["markup"] or {}), None) for message in api.messages[CUSTOMER]]
    assert kinds == ["keyboard", "inline_keyboard", "remove_keyboard", None]


async def test_an_agents_words_bring_no_button_for_the_number(talk: Talk, api: BotApi, texts: Texts) -> None:
    await talk.send(texts.text("verify_ask_phone"), Author.AGENT, name="小林", asks="phone")
    assert api.messages[CUSTOMER][0]["markup"] is None


# ---------------------------------------------------------------------------------------------------------------- typing


async def test_it_types_while_the_bot_thinks_but_not_too_often(talk: Talk, api: BotApi) -> None:
    for seconds in (0, 2, 2.9, 0.2, 5.1):
        talk.time.now += seconds
        await talk.hear(updates.text("查余额"))
    sent = len(api.asked("sendChatAction"))
    assert 2 <= sent <= 3
    assert {(asked["chat_id"], asked["action"]) for asked in api.asked("sendChatAction")} == {(CUSTOMER, "typing")}


async def test_it_types_nothing_while_a_human_serves(talk: Talk, api: BotApi) -> None:
    conversation = talk.say("您好", Author.AGENT)
    with talk.work() as session:
        session.get(ConversationRow, conversation).owner = "human"
    await talk.hear(updates.text("在吗"))
    assert api.asked("sendChatAction") == []


async def test_a_sign_that_fails_disturbs_nothing(talk: Talk, api: BotApi) -> None:
    api.fail("sendChatAction", 403, "Forbidden: bot was blocked by the user")
    await talk.hear(updates.text("查余额"))
    assert api.texts(CUSTOMER) == ["您说的是: 查余额"]
