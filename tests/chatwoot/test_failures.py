"""Nothing is lost and nothing doubled while Chatwoot fails, and when this server does."""

from __future__ import annotations

import asyncio

import pytest

from botkit.handoff.machine import Owner
from tests.chatwoot.conftest import Office
from tests.chatwoot.standin import LIN, Chatwoot


async def test_two_minutes_without_chatwoot(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    await office.writes("第一句")
    chatwoot.down = True
    for line in ("第二句", "第三句", "第四句"):
        await office.writes(line)
        await office.time_passes(40)
    assert chatwoot.of(number, "customer") == ["第一句"]
    chatwoot.down = False
    await office.time_passes(120)
    assert chatwoot.of(number, "customer") == ["第一句", "第二句", "第三句", "第四句"]
    chatwoot.says(number, LIN, "久等了")
    await office.hears()
    assert office.shown(talk)[-1] == ("agent", "久等了")


async def test_a_hand_over_while_chatwoot_is_down_is_told_later(office: Office, chatwoot: Chatwoot) -> None:
    chatwoot.down = True
    await office.says("我的账单怎么这么多")
    talk = await office.waits()
    await office.tells(talk)
    await office.writes("在吗")
    assert chatwoot.conversations == {}
    chatwoot.down = False
    await office.time_passes(60)
    (number,) = chatwoot.conversations
    assert chatwoot.of(number, "customer") == ["在吗"]
    assert "我的账单怎么这么多" in chatwoot.of(number, "note")[1]


async def test_who_gave_up_before_anybody_there_knew_of_him_is_not_brought_up(
    office: Office, chatwoot: Chatwoot
) -> None:
    chatwoot.down = True
    talk = await office.waits()
    await office.tells(talk)
    await office.says("继续用机器人", payload="/back_to_bot")
    await office.tells(talk)
    chatwoot.down = False
    await office.time_passes(300)
    assert chatwoot.conversations == {} and chatwoot.contacts == {}


@pytest.mark.parametrize("trouble", [500, 429, "slow", "lost"])
@pytest.mark.parametrize("at", range(9))
async def test_each_request_of_a_hand_over_may_fail(
    office: Office, chatwoot: Chatwoot, at: int, trouble: int | str
) -> None:
    """Requests: search, contact, its conversations, conversation, messages, card, earlier talk, state, first note."""
    chatwoot.trouble = ["fine"] * at + [trouble]
    await office.says("我的账单怎么这么多")
    talk = await office.waits()
    await office.tells(talk)
    await office.says("在吗")
    await office.time_passes(60)
    (number,) = chatwoot.conversations
    assert len(chatwoot.contacts) == 1
    said = chatwoot.said(number)
    assert len(said) == len(set(said)) and chatwoot.of(number, "customer") == ["在吗"]
    assert [kind for kind, _ in said][:3] == ["note", "note", "note"]
    assert "第一句可以说" in said[0][1] and "之前的对话" in said[1][1]


@pytest.mark.parametrize("trouble", ["lost", "slow"])
async def test_a_message_whose_answer_was_lost_is_not_doubled(office: Office, chatwoot: Chatwoot, trouble: str) -> None:
    _, number = await office.waits_there()
    chatwoot.trouble = [trouble]
    await office.writes("一", "二")
    await office.time_passes(30)
    assert chatwoot.of(number, "customer") == ["一", "二"]


async def test_after_a_crash_between_post_and_cursor_it_reads_back(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    await office.says("一")
    chatwoot.trouble = ["slow"]
    office.desk.changed(talk)
    while not any(kind == "customer" for kind, _ in chatwoot.said(number)):
        await asyncio.sleep(0.01)  # between two looks
    await office.restarts()
    await office.time_passes(90)
    assert chatwoot.of(number, "customer") == ["一"]


async def test_what_agents_did_while_nobody_listened_is_heard_at_the_next_start(
    office: Office, chatwoot: Chatwoot
) -> None:
    talk, number = await office.waits_there()
    await office.hears()
    chatwoot.says(number, LIN, "我来了")
    chatwoot.assigns(number, LIN)
    chatwoot.webhooks.clear()
    office.clock.forward(seconds=90)
    await office.restarts()
    assert office.shown(talk)[-1] == ("agent", "我来了") and office.owner(talk) is Owner.HUMAN
    chatwoot.sets(number, "resolved")
    chatwoot.webhooks.clear()
    office.clock.forward(seconds=90)
    await office.restarts()
    assert office.owner(talk) is Owner.CLOSED


async def test_more_messages_than_one_page_are_read_back(office: Office, chatwoot: Chatwoot) -> None:
    _, number = await office.waits_there()
    lines = [f"第{count}句" for count in range(130)]
    for line in lines:
        talk = await office.says(line)
    await office.tells(talk)
    office.clock.forward(seconds=90)
    chatwoot.trouble = ["fine", "fine", "fine", "fine", "lost"]
    await office.restarts()
    await office.writes("最后一句")
    await office.time_passes(60)
    assert chatwoot.of(number, "customer") == [*lines, "最后一句"]


async def test_chatwoot_is_not_asked_again_before_it_wants_to_be(office: Office, chatwoot: Chatwoot) -> None:
    _, number = await office.waits_there()
    chatwoot.trouble = [429]
    await office.writes("一")
    asked = len(chatwoot.requests)
    await office.time_passes(30)
    assert len(chatwoot.requests) == asked, "Retry-After is 40 seconds"
    await office.time_passes(20)
    assert chatwoot.of(number, "customer") == ["一"]


async def test_a_message_that_chatwoot_never_takes_does_not_hold_up_the_rest(
    office: Office, chatwoot: Chatwoot
) -> None:
    _, number = await office.waits_there()
    chatwoot.never = "拒收"
    await office.writes("拒收", "收")
    await office.time_passes(20 * 60)
    assert chatwoot.of(number, "customer") == ["收"]


async def test_a_conversation_that_was_deleted_there_is_begun_again(office: Office, chatwoot: Chatwoot) -> None:
    _, number = await office.waits_there()
    await office.writes("一")
    del chatwoot.conversations[number], chatwoot.messages[number]
    await office.writes("二")
    await office.time_passes(60)
    (again,) = chatwoot.conversations
    assert again != number and chatwoot.of(again, "customer") == ["一", "二"]
