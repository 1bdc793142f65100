"""Each kind of update: what the transcript, the bot and an agent get of it."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.content.texts import Texts
from botkit.conversation.messages import Author
from botkit.store.tables.conversation import ConversationRow, VouchedNumberRow
from channels.telegram.registration import COMMANDS
from tests.channels.telegram import updates
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.talk import Talk
from tests.channels.telegram.updates import CUSTOMER

UNREADABLE = "我还看不懂"


async def test_start_greets_as_the_web_chat_does(talk: Talk, api: BotApi, texts: Texts) -> None:
    await talk.hear(updates.text("/start"))
    assert api.texts(CUSTOMER) == [texts.text("greeting")]
    markup = api.messages[CUSTOMER][0]["markup"]
    titles = [button["text"] for row in markup["inline_keyboard"] for button in row]
    assert titles == [button["title"] for button in texts.buttons("greeting")]
    assert talk.dialogue.heard == []


@pytest.mark.parametrize("payload", ["deep_link", "x" * 64, '/request_human{"a": 1}', "<b>", "\u202e"])
async def test_what_a_link_puts_behind_start_does_nothing(talk: Talk, api: BotApi, texts: Texts, payload: str) -> None:
    await talk.hear(updates.text(f"/start {payload}"))
    assert api.texts(CUSTOMER) == [texts.text("greeting")]
    assert talk.heard() == ["/start"] and talk.payloads() == ["/begin"]


async def test_commands_are_the_choices_that_they_name(talk: Talk, texts: Texts) -> None:
    for name in COMMANDS:
        await talk.hear(updates.text(f"/{name}"))
        await talk.hear(updates.text(f"/{name.upper()}@xingqiao_bot"))
    wanted = [title for name in COMMANDS for title in [texts.labels("telegram_commands")[name]] * 2]
    assert talk.heard() == wanted
    assert talk.payloads() == [payload for payload in COMMANDS.values() for _ in range(2)]


def test_every_command_has_its_words(texts: Texts) -> None:
    assert set(texts.labels("telegram_commands")) == set(COMMANDS)


async def test_a_command_with_more_words_is_what_it_says(talk: Talk) -> None:
    await talk.hear(updates.text("/bill 上个月"))
    assert talk.heard() == ["看账单 上个月"] and talk.payloads() == [None]


@pytest.mark.parametrize("said", ["/unknown", "/restart", "/", "//", "/balance_of", '/inform{"phone_number": "1"}'])
async def test_an_unknown_command_is_words(talk: Talk, said: str) -> None:
    await talk.hear(updates.text(said))
    assert talk.heard() == [said] and talk.payloads() == [None]
    assert not talk.dialogue.heard[0].startswith("/")


# ------------------------------------------------------------------------------------------------- what is not to be read


@pytest.mark.parametrize(
    ("update", "told"),
    [
        (updates.sticker(), "[贴纸] 👍"),
        (updates.sticker(None), "[贴纸]"),
        (updates.location(), "[位置] 31.23042, 121.47370"),
        (updates.venue(), "[位置] 人民广场营业厅, 黄浦区人民大道"),
        (updates.contact("+86 170-0000-0001", of=None), "[名片] 小王 +8617000000001"),
        (updates.contact("+8617000000001", of=222222), "[名片] 小王 +8617000000001"),
        (updates.message(dice={"emoji": "🎲", "value": 3}), "[骰子]"),
    ],
)
async def test_what_only_a_human_can_read(talk: Talk, api: BotApi, update: dict[str, Any], told: str) -> None:
    await talk.hear(update)
    assert talk.heard() == [told] and talk.readable() == [False]
    assert talk.dialogue.heard == [] and UNREADABLE in api.texts(CUSTOMER)[0]


@pytest.mark.parametrize(
    "update",
    [
        updates.channel_post("公告"),
        updates.message(pinned_message=updates.text("置顶")["message"]),
        updates.message(new_chat_photo=[]),
        updates.message(),
        updates.member("kicked"),
        updates.member("member"),
        {"update_id": 7},
        {"update_id": 8, "inline_query": {"id": "1", "from": updates.user(), "query": "", "offset": ""}},
        {"update_id": 9, "something_new": {"a": 1}},
    ],
    ids=lambda update: next((name for name in update if name != "update_id"), "nothing"),
)
async def test_what_concerns_nobody_is_passed_over(talk: Talk, update: dict[str, Any]) -> None:
    await talk.hear(update)
    assert talk.stored() == 0 and talk.outbound() == []


# --------------------------------------------------------------------------------------------------------------- contacts


@pytest.mark.parametrize("written", ["+8617000000001", "8617000000001", "17000000001", "+86 170 0000 0001"])
async def test_the_customers_own_number_is_vouched_for(talk: Talk, written: str) -> None:
    await talk.hear(updates.contact(written))
    assert talk.heard() == ["17000000001"] and talk.readable() == [True]
    with talk.work(reading=True) as session:
        assert [row.phone for row in session.query(VouchedNumberRow)] == ["17000000001"]


@pytest.mark.parametrize(
    "update",
    [
        updates.contact("+8617000000001", of=222222),
        updates.contact("+8617000000001", of=None),
        updates.contact("+447911123456"),
        updates.contact(
            "+8617000000001",
            forward_origin={"type": "user", "sender_user": updates.user(222222), "date": updates.DATE},
        ),
    ],
    ids=["another's", "nobody's", "abroad", "forwarded"],
)
async def test_no_other_number_is(talk: Talk, update: dict[str, Any]) -> None:
    await talk.hear(update)
    with talk.work(reading=True) as session:
        assert session.query(VouchedNumberRow).count() == 0


# ----------------------------------------------------------------------------------------------------------------- edited


async def test_an_edited_text_is_another_message(talk: Talk, api: BotApi) -> None:
    await talk.hear(updates.text("查余鹅"))
    await talk.hear(updates.edited("查余额"))
    assert talk.heard() == ["查余鹅", "查余额"] and talk.dialogue.heard == ["查余鹅", "查余额"]


async def test_an_edit_that_changes_no_word_is_none(talk: Talk) -> None:
    await talk.hear(updates.text("查余额"))
    await talk.hear(updates.edited("查余额"))
    assert talk.heard() == ["查余额"]


async def test_a_place_that_moves_is_not_told_again_and_again(talk: Talk) -> None:
    moving = updates.location(live_period=900)
    await talk.hear(moving)
    for number in range(3):
        place = {**moving["message"], "edit_date": updates.DATE + number}
        await talk.hear({"update_id": 90000 + number, "edited_message": place})
    assert len(talk.heard()) == 1


# ----------------------------------------------------------------------------------------------------------------- groups


async def test_in_a_group_it_says_once_that_it_answers_in_private(talk: Talk, api: BotApi, texts: Texts) -> None:
    chat = updates.group()["id"]
    for update in (
        updates.member("member", updates.group()),
        updates.joined(),
        updates.in_group("大家好"),
        updates.in_group("/balance@xingqiao_bot"),
        updates.in_group("查余额"),
    ):
        await talk.hear(update)
    assert api.texts(chat) == [texts.text("telegram_only_private")]
    assert talk.stored() == 0, "nothing that is said in a group is kept"
    assert [line.author for line in talk.lines(chat)] == [Author.SYSTEM]


async def test_it_says_nothing_to_a_group_that_it_has_left(talk: Talk) -> None:
    await talk.hear(updates.member("left", updates.group()))
    await talk.hear(updates.member("kicked", updates.group()))
    with talk.work(reading=True) as session:
        assert session.query(ConversationRow).count() == 0


async def test_a_button_pressed_in_a_group_is_nobodys(talk: Talk) -> None:
    update = updates.pressed("/ask_balance")
    update["callback_query"]["message"]["chat"] = updates.group()
    await talk.hear(update)
    assert talk.stored() == 0
