"""Handoff, messages both ways and the end, with agents who sit in Chatwoot."""

from __future__ import annotations

from botkit.conversation.messages import Author
from botkit.conversation.outbox import FAILED, Delivery
from botkit.handoff.machine import Owner
from tests.chatwoot.conftest import Office
from tests.chatwoot.standin import CHEN, LIN, Chatwoot


async def test_from_the_customers_wish_to_the_end(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    (contact,) = chatwoot.contacts.values()
    assert contact["identifier"] == f"botkit-{talk}" and contact["name"] == f"访客 {talk[:4]}"
    assert contact["custom_attributes"]["botkit_verified"] is False
    conversation = chatwoot.conversations[number]
    assert conversation["status"] == "open"
    attributes = conversation["custom_attributes"]
    assert (attributes["botkit_reason"], attributes["botkit_group"]) == ("客户要人工", "费用账单")
    card, earlier, told = chatwoot.of(number, "note")
    assert "客户要人工" in card and "第一句可以说" in card
    assert earlier.index("客户**: 我的账单怎么这么多") < earlier.index("机器人**: 您说的是: 我的账单怎么这么多")
    assert earlier.index("您说的是: 我的账单") < earlier.index("客户**: 转人工") and "11-22 14:05" in earlier
    assert "系统对客户说: 已经转给人工客服" in told

    await office.writes("就是这个月的")
    chatwoot.says(number, LIN, "您好, 我来看一下。")
    assert await office.hears() == {200}
    assert office.owner(talk) is Owner.HUMAN
    assert office.shown(talk)[-2:] == [
        ("system", "小林为您服务。前面的对话已经转过来, 不用再说一遍。"),
        ("agent", "您好, 我来看一下。"),
    ]
    heard = list(office.dialogue.heard)
    await office.writes("好的", "麻烦快点")
    assert office.dialogue.heard == heard, "the bot is silent"
    assert chatwoot.of(number, "customer") == ["就是这个月的", "好的", "麻烦快点"]

    chatwoot.sets(number, "resolved")
    await office.hears(times=2)
    assert office.owner(talk) is Owner.CLOSED
    closing, rating = office.shown(talk)[-2:]
    assert closing[1].startswith("这次人工服务结束了") and rating[1].startswith("这次人工服务您满意吗")
    assert chatwoot.conversations[number]["status"] == "resolved"
    await office.writes("查余额")
    assert office.shown(talk)[-1] == ("bot", "您说的是: 查余额")
    assert "查余额" not in [text for _, text in chatwoot.said(number)], "what is for the bot stays here"
    assert chatwoot.conversations[number]["status"] == "resolved"


async def test_a_webhook_that_comes_three_times_is_one_line(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    chatwoot.says(number, LIN, "您好")
    chatwoot.assigns(number, LIN)
    await office.hears(times=3)
    assert [text for author, text in office.shown(talk) if author == "agent"] == ["您好"]
    assert office.events(talk) == ["HandOver", "Accept"]


async def test_notes_and_our_own_messages_are_not_shown_to_the_customer(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    await office.writes("还有一件事")
    before = office.shown(talk)
    chatwoot.says(number, LIN, "这位客户要小心", private=True)
    assert len(chatwoot.webhooks) > 4, "the echoes of what we posted come too"
    assert await office.hears() == {200}
    assert office.shown(talk) == before and office.owner(talk) is Owner.WAITING


async def test_an_assignment_takes_him_out_of_the_queue_and_another_one_passes_him_on(
    office: Office, chatwoot: Chatwoot
) -> None:
    talk, number = await office.waits_there()
    chatwoot.assigns(number, LIN)
    await office.hears(times=2)
    chatwoot.assigns(number, CHEN)
    await office.hears(times=2)
    assert office.events(talk) == ["HandOver", "Accept", "Transfer"]
    assert office.shown(talk)[-1][1].startswith("这件事由小陈接着为您处理")
    (service,) = office.services(talk)
    assert service.agent_id != service.keeper_id, "who took him first stays answerable"
    chatwoot.assigns(number, None)
    await office.hears()
    assert office.owner(talk) is Owner.WAITING
    assert office.shown(talk)[-1][1].startswith("这件事要转给更专业的同事")


async def test_a_colleague_says_a_word_and_the_owner_stays(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    chatwoot.assigns(number, LIN)
    chatwoot.says(number, CHEN, "我补充一句")
    await office.hears()
    line = office.lines(talk)[-1]
    assert (line.text, line.content["name"]) == ("我补充一句", "小陈")
    assert office.events(talk) == ["HandOver", "Accept"]


async def test_an_older_event_that_comes_later_changes_nothing(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    chatwoot.assigns(number, LIN)
    (first,) = [one for one in chatwoot.webhooks if one["event"] == "conversation_updated"]
    chatwoot.webhooks.clear()
    chatwoot.assigns(number, CHEN)
    await office.hears()
    assert await chatwoot.send(office.url, first) == 200
    await office.desk.settled()
    assert office.events(talk) == ["HandOver", "Accept"]
    assert office.shown(talk)[-1][1].startswith("小陈为您服务")


async def test_pending_gives_him_back_to_the_bot(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    chatwoot.says(number, LIN, "机器人可以帮您查")
    chatwoot.sets(number, "pending")
    await office.hears()
    assert office.owner(talk) is Owner.BOT and office.events(talk)[-1] == "HandBack"
    assert chatwoot.conversations[number]["status"] == "pending"
    await office.writes("查余额")
    assert office.shown(talk)[-1] == ("bot", "您说的是: 查余额")


async def test_what_is_written_after_the_end_is_refused_by_a_note(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    chatwoot.says(number, LIN, "您好")
    chatwoot.sets(number, "resolved")
    await office.hears()
    before = office.shown(talk)
    chatwoot.says(number, LIN, "忘了说一句")
    await office.hears(times=3)
    assert office.shown(talk) == before
    notes = chatwoot.of(number, "note")
    assert sum("没有发给客户: 这位客户现在由机器人服务" in note for note in notes) == 1


async def test_files_and_what_is_too_long_are_refused_by_a_note(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    chatwoot.says(number, LIN, None, attachments=[{"id": 1, "file_type": "image", "data_url": "https://x/y.png"}])
    chatwoot.says(number, LIN, "长" * 2001)
    assert await office.hears() == {200}
    assert office.owner(talk) is Owner.WAITING and "agent" not in dict(office.shown(talk))
    assert [note[:8] for note in chatwoot.of(number, "note")[-2:]] == ["上面的文件没有发", "上面这句没有发给"]


async def test_what_did_not_reach_the_customer_is_told_by_a_note(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    chatwoot.says(number, LIN, "您好")
    await office.hears()
    seq = next(line.seq for line in office.lines(talk) if line.author is Author.AGENT)
    for _ in range(2):
        await office.desk.delivered(Delivery(talk, seq, FAILED, "blocked"))
        await office.desk.settled()
    await office.desk.delivered(Delivery(talk, 1, FAILED, "blocked"))
    await office.desk.settled()
    assert sum("没能送到客户: 客户屏蔽了我们" in note for note in chatwoot.of(number, "note")) == 1


async def test_a_customer_who_goes_back_to_the_bot_resolves_it_there(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    await office.says("继续用机器人", payload="/back_to_bot")
    await office.tells(talk)
    assert chatwoot.conversations[number]["status"] == "resolved"
    assert "回到了机器人" in chatwoot.of(number, "note")[-1]
    await office.hears(times=2)
    assert office.owner(talk) is Owner.BOT and office.events(talk) == ["HandOver", "ReturnToBot"]


async def test_who_asks_again_gets_a_new_conversation_of_the_same_contact(office: Office, chatwoot: Chatwoot) -> None:
    _, first = await office.waits_there()
    chatwoot.sets(first, "resolved")
    await office.hears()
    await office.tells(await office.waits(topic="plan"))
    assert len(chatwoot.contacts) == 1 and len(chatwoot.conversations) == 2
    second = max(chatwoot.conversations)
    assert chatwoot.conversations[second]["custom_attributes"]["botkit_group"] == "套餐资费"


async def test_a_silent_customer_is_let_go_there_too(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    chatwoot.assigns(number, LIN)
    await office.hears()
    office.clock.forward(seconds=5)
    chatwoot.says(number, LIN, "请问是哪一天?")
    await office.hears()
    await office.time_passes(11 * 60)
    assert office.owner(talk) is Owner.CLOSED
    assert chatwoot.conversations[number]["status"] == "resolved"
    assert "服务已自动结束" in chatwoot.of(number, "note")[-1]


async def test_an_inbox_with_a_bot_of_its_own_begins_pending_and_is_opened(office: Office, chatwoot: Chatwoot) -> None:
    chatwoot.begins_as = "pending"
    talk, number = await office.waits_there()
    await office.hears()
    assert chatwoot.conversations[number]["status"] == "open" and office.owner(talk) is Owner.WAITING
