"""What agents read in Chatwoot."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from botkit.content.texts import Texts
from botkit.conversation.messages import Author, Line
from botkit.desk.chatwoot.words import (
    LONGEST_NOTE,
    card_note,
    customers_words,
    ended_note,
    refused_note,
    transcript_notes,
)
from botkit.handoff.machine import End

AT = datetime(2026, 11, 22, 6, 5, tzinfo=timezone.utc)


def line(seq: int, author: Author, text: str, **content: object) -> Line:
    return Line("c", seq, author, text, AT + timedelta(seconds=seq), content)


def test_who_said_what_and_when_in_order_without_codes_and_numbers(texts: Texts) -> None:
    (note,) = transcript_notes(
        [
            line(1, Author.CUSTOMER, "我的号码是 17000000006, 验证码 123456"),
            line(2, Author.SYSTEM, ""),
            line(3, Author.BOT, "您选哪个?", choices=[{"title": "查余额", "payload": "/x"}], table={"caption": "比较"}),
            line(4, Author.AGENT, "您好", name="小林"),
        ],
        texts,
    )
    assert note.splitlines()[2:] == [
        "[11-22 14:05:01] **客户**: 我的号码是 170****0006, 验证码 ****",
        "",
        "[11-22 14:05:03] **机器人**: 您选哪个? (表格: 比较) (按钮: 查余额)",
        "",
        "[11-22 14:05:04] **客服 小林**: 您好",
    ]


def test_a_long_talk_takes_several_notes_and_none_of_it_is_missing(texts: Texts) -> None:
    lines = [line(seq, Author.CUSTOMER, f"第{seq}句" + "啊" * 300) for seq in range(1, 101)]
    notes = transcript_notes(lines, texts)
    assert len(notes) > 3 and all(len(note) < LONGEST_NOTE + 100 for note in notes)
    assert notes[1].startswith(f"**之前的对话** (第 2 段, 共 {len(notes)} 段)")
    whole = "".join(notes)
    assert [whole.index(f"第{seq}句") for seq in range(1, 101)] == sorted(
        whole.index(f"第{seq}句") for seq in range(1, 101)
    )


def test_a_file_of_the_customer_is_named(texts: Texts) -> None:
    said = customers_words(line(1, Author.CUSTOMER, "", file={"id": 1, "name": "账单.png"}), texts)
    assert said == "(文件: 账单.png, 在这里打不开)"


def test_a_card_without_facts_has_no_empty_lists(texts: Texts) -> None:
    card = {
        "reason": "asked",
        "rule": "",
        "group": "billing",
        "summary": "没有核对身份的客户没说要办什么。",
        "facts": [],
        "slots": [],
        "need": "",
        "first_sentence": "您好, 请说说要办什么, 我来帮您。",
        "replies": [{"title": "请稍等", "text": "请稍等。"}],
    }
    assert card_note(card, texts).split("\n\n") == [
        "**客户要人工** (费用账单)",
        "没有核对身份的客户没说要办什么。",
        "**第一句可以说:** 您好, 请说说要办什么, 我来帮您。",
        "**可以用的回答:**\n- 请稍等: 请稍等。",
    ]


def test_in_chatwoot_it_is_the_bot_who_verifies(texts: Texts) -> None:
    card = {
        "reason": "asked",
        "rule": "",
        "group": "billing",
        "summary": "没有核对身份的客户没说要办什么。",
        "verified": False,
        "facts": [],
        "slots": [],
        "need": "",
        "first_sentence": "您好",
        "replies": [{"title": "先核对身份", "text": texts.text("card_reply_verify")}],
    }
    assert "机器人跟您核对" in card_note(card, texts)


def test_every_end_and_every_refusal_has_its_words(texts: Texts) -> None:
    assert len({ended_note(end.value, texts) for end in End}) == len(End)
    assert all(refused_note(why, texts) for why in ("ended", "file", "too_long", "empty"))
