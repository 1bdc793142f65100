"""Choices as inline buttons, and what a pressed one means: now, later, after a restart."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from channels.telegram.choices import MAX_DATA, data_of
from tests.channels.telegram import updates
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.talk import Start, Talk
from tests.channels.telegram.updates import CUSTOMER
from tests.unit.conversation.fakes import eventually

LONG = '/compare_plans{"plan": "畅选五十九元套餐", "other_plan": "畅选七十九元套餐二零二六版"}'
CHOICES = [{"title": "查余额", "payload": "/ask_balance"}, {"title": "比一比", "payload": LONG}]


def buttons(message: dict[str, Any]) -> dict[str, str]:
    """Callback data by title."""
    rows = message["reply_markup"]["inline_keyboard"]
    return {button["text"]: button["callback_data"] for row in rows for button in row}


def as_sent(message: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != "markup"}


@pytest.mark.parametrize(
    "payload", ["/a", "/" + "x" * 63, "/" + "x" * 64, LONG, "/" + "字" * 21, "/" + "字" * 22, "", "x"]
)
def test_data_has_at_most_64_bytes(payload: str) -> None:
    assert 1 <= len(data_of(payload, 999_999_999, 99).encode()) <= MAX_DATA


async def test_short_payloads_travel_as_they_are_long_ones_as_a_place(talk: Talk, api: BotApi) -> None:
    await talk.send("选一个", choices=CHOICES)
    assert buttons(api.messages[CUSTOMER][0]) == {"查余额": "/ask_balance", "比一比": "c:1:1"}


async def test_a_pressed_button_is_the_choice(talk: Talk, api: BotApi) -> None:
    await talk.send("选一个", choices=CHOICES)
    sent = api.messages[CUSTOMER][0]
    await talk.hear(updates.pressed("/ask_balance", as_sent(sent)))
    await talk.hear(updates.pressed("c:1:1", as_sent(sent)))
    assert talk.heard() == ["查余额", "比一比"] and talk.payloads() == ["/ask_balance", LONG]
    assert talk.dialogue.heard == ["/ask_balance", LONG]


async def test_the_press_is_confirmed_and_marked_before_the_bot_has_answered(talk: Talk, api: BotApi) -> None:
    await talk.send("选一个", choices=CHOICES)
    sent = api.messages[CUSTOMER][0]
    thinking = asyncio.Event()
    talk.dialogue.before_answering = thinking.wait
    update = updates.pressed("c:1:1", as_sent(sent))
    assert await talk.post(update) == 200
    await api.until(lambda: bool(api.asked("answerCallbackQuery")) and bool(api.asked("editMessageReplyMarkup")))
    assert api.asked("answerCallbackQuery")[0]["callback_query_id"] == update["callback_query"]["id"]
    assert buttons(sent) == {"✓ 比一比": "c:1:1"}
    assert len(api.texts(CUSTOMER)) == 1
    thinking.set()
    await talk.quiet()


async def test_a_marked_button_means_the_same_again(talk: Talk, api: BotApi) -> None:
    await talk.send("选一个", choices=CHOICES)
    sent = api.messages[CUSTOMER][0]
    for data in ("/ask_balance", "/ask_balance"):
        await talk.hear(updates.pressed(data, as_sent(sent)))
    assert talk.heard() == ["查余额", "查余额"]
    assert buttons(sent) == {"✓ 查余额": "/ask_balance"}


async def test_the_same_press_delivered_again_is_one(talk: Talk, api: BotApi) -> None:
    await talk.send("选一个", choices=CHOICES)
    update = updates.pressed("/ask_balance", as_sent(api.messages[CUSTOMER][0]))
    await asyncio.gather(*(talk.post(update) for _ in range(3)))
    await talk.hear(update)
    assert talk.heard() == ["查余额"] and len(api.asked("answerCallbackQuery")) == 1


async def test_an_old_button_works_after_a_restart_and_without_its_message(
    talk: Talk, start: Start, api: BotApi
) -> None:
    await talk.send("选一个", choices=CHOICES)
    for number in range(20):
        talk.say(f"别的话 {number}")
    await talk.end()
    later = await start()
    await later.hear(updates.pressed("c:1:1"))
    await later.hear(updates.pressed("/ask_balance"))
    assert later.heard() == ["比一比", "查余额"] and later.payloads() == [LONG, "/ask_balance"]
    assert later.dialogue.heard == [LONG, "/ask_balance"]


@pytest.mark.parametrize("data", ["c:1:7", "c:99:0", "c:999999999:0", "c:1:-1", "c:x", "nonsense", " ", "比一比"])
async def test_a_button_that_stands_for_nothing_is_told(talk: Talk, api: BotApi, data: str) -> None:
    await talk.send("选一个", choices=CHOICES)
    await talk.hear(updates.pressed(data))
    await eventually(lambda: bool(api.asked("answerCallbackQuery")))
    assert "失效" in api.asked("answerCallbackQuery")[0]["text"]
    assert talk.stored() == 0


async def test_a_payload_that_was_never_offered_is_only_words(talk: Talk) -> None:
    """A changed client can send any data (Bot API, CallbackQuery)."""
    await talk.hear(updates.pressed('/rate{"score": 5}'))
    assert not talk.dialogue.heard[0].startswith("/")


async def test_the_choices_of_another_chat_cannot_be_reached(talk: Talk) -> None:
    await talk.send("选一个", chat=222, choices=CHOICES)
    await talk.hear(updates.pressed("c:1:1"))
    assert talk.stored() == 0


async def test_a_press_is_kept_though_telegram_takes_no_sign_of_it(talk: Talk, api: BotApi) -> None:
    await talk.send("选一个", choices=CHOICES)
    api.fail(
        "answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )
    api.fail("editMessageReplyMarkup", 502)
    await talk.hear(updates.pressed("/ask_balance", as_sent(api.messages[CUSTOMER][0])))
    assert talk.heard() == ["查余额"]


async def test_narrow_buttons_stand_side_by_side(talk: Talk, api: BotApi) -> None:
    titles = ["查余额", "还剩多少流量", "一个很长很长的按钮标题", "好", "不"]
    await talk.send("选", choices=[{"title": title, "payload": "/help"} for title in titles])
    rows = api.messages[CUSTOMER][0]["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [titles[:2], titles[2:3], titles[3:]]
