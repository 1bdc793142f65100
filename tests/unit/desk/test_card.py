"""The hand-over card, with the project's own texts and phones."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from botkit.content.phones import load_phones
from botkit.content.texts import Texts
from botkit.conversation.messages import Author, Line
from botkit.desk.card import Case, Service, card, masked
from botkit.fiveg.phones import PhoneRegistry
from botkit.handoff.machine import Reason
from botkit.handoff.routing import Group
from botkit.settings import Settings

BEGIN = datetime(2026, 11, 22, 6, 0, tzinfo=timezone.utc)
ASKED = BEGIN + timedelta(minutes=10)
PHONE = "17000000006"


@pytest.fixture(scope="module")
def phones() -> PhoneRegistry:
    return load_phones(Settings.from_environment({}).content / "phones").registry


class Talk:
    """Lines, half a minute apart."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def _add(self, author: Author, text: str, **detail: Any) -> None:
        seq = len(self.lines) + 1
        self.lines.append(Line("talk", seq, author, text, BEGIN + timedelta(seconds=30 * seq), {}, detail))

    def asks(self, text: str, intent: str, *answers: str, **entities: str) -> Talk:
        """The customer asks, the bot answers; what it understood stands with its first line, as the router writes it."""
        self._add(Author.CUSTOMER, text)
        found = [{"entity": name, "value": value} for name, value in entities.items()]
        for number, answer in enumerate(answers):
            detail = {} if number else {"intent": intent, "confidence": 0.99, "entities": found, "actions": []}
            self._add(Author.BOT, answer, **detail)
        return self


def signed_in() -> Talk:
    """查余额, with the verification in between, then a charge."""
    talk = Talk().asks("查余额", "ask_balance", "查您自己的信息要先核对一次身份。")
    talk.asks(PHONE, "inform", "验证码已发到 170****0006, 5 分钟内有效。", phone_number=PHONE)
    talk.asks(
        "482913",
        "inform",
        "核对好了, 张*英 (170****0006)。隔 60 分钟以内接着查, 不用再核对。",
        "话费余额 36.42 元 (今天 14:05)。",
        code="482913",
    )
    return talk.asks(
        "上个月20块是什么",
        "dispute_charge",
        "这 20 元是10月的“炫动视频会员”。\n已连扣 5 次, 共 100 元。",
        "要退订吗?",
        amount="20",
        month="last",
    ).asks("转人工", "request_human", "已转人工排队。大约等 5 分钟。")


def case(talk: Talk, *, verified: bool = True, reason: str = "asked", group: str = "billing", **slots: Any) -> Case:
    since = BEGIN + timedelta(seconds=30 * 5.5) if verified else None
    return Case(Service(reason, group, ASKED), talk.lines, slots, PHONE if verified else None, since)


def made(texts: Texts, phones: PhoneRegistry, of: Case, minutes: int = 3) -> dict[str, Any]:
    return card(of, texts, phones, ASKED + timedelta(minutes=minutes))


def test_all_that_was_said_at_a_glance(texts: Texts, phones: PhoneRegistry) -> None:
    shown = made(texts, phones, case(signed_in(), focus={"item": "炫动视频会员", "month": "10"}, login_code="accepted"))
    assert shown["summary"] == "尾号 0006 的客户先后要“查余额”、“问一笔扣费”, 自己要转人工, 3 分钟前转来。"
    assert (shown["reason"], shown["group"], shown["verified"]) == ("asked", "billing", True)
    assert shown["facts"] == [
        {"label": "查余额", "value": "话费余额 36.42 元 (今天 14:05)。"},
        {"label": "问一笔扣费", "value": "这 20 元是10月的“炫动视频会员”。"},
        {"label": "问一笔扣费", "value": "已连扣 5 次, 共 100 元。"},
    ]
    assert {slot["label"]: slot["value"] for slot in shown["slots"]} == {
        "问到的扣费": "炫动视频会员",
        "说到的金额": "20 元",
        "说到的月份": "10月",
    }
    assert shown["need"] == "多半还是“问一笔扣费”这件事: 炫动视频会员"
    assert "这 20 元是10月的“炫动视频会员”" in shown["first_sentence"]
    assert [reply["title"] for reply in shown["replies"]] == ["核对数字", "看这笔费用", "请稍等", "还有别的事吗"]


def test_no_figure_that_the_bot_did_not_give(texts: Texts, phones: PhoneRegistry) -> None:
    shown = made(texts, phones, case(signed_in()))
    given = " ".join(line.text for line in signed_in().lines if line.author is Author.BOT)
    for fact in shown["facts"]:
        assert fact["value"] in given
    for text in [shown["first_sentence"], *(reply["text"] for reply in shown["replies"])]:
        assert all(part in given for part in text.split("「")[1:2] for part in [part.split("」")[0]])
        outside = text.split("「")[0] + text.split("」")[-1]
        assert not any(character.isdigit() for character in outside), text


def test_nothing_personal_of_nobody(texts: Texts, phones: PhoneRegistry) -> None:
    """Not even what was said while somebody was verified, and what came by buttons from his bill."""
    talk = signed_in().asks("炫动视频会员为什么", "dispute_charge", "……", item="炫动视频会员", month="10")
    slots = {
        "focus": {"item": "炫动视频会员", "plan": "畅选79", "month": "10"},
        "device_model": "华为 nova 6 5G",
        "login_phone": PHONE,
    }
    shown = made(texts, phones, case(talk, verified=False, **slots))
    whole = json.dumps(shown, ensure_ascii=False)
    for personal in ("0006", "36.42", "20", "100", "炫动", "畅选79", "nova", "482913", "张", "10月"):
        assert personal not in whole
    assert (shown["verified"], shown["facts"], shown["slots"]) == (False, [], [])
    assert shown["summary"].startswith("没有核对身份的客户")
    assert shown["replies"][0]["title"] == "先核对身份"
    assert "机器人" not in shown["replies"][0]["text"], "the desk itself has him identified"


def test_who_is_not_verified_is_known_by_what_he_named(texts: Texts, phones: PhoneRegistry) -> None:
    talk = Talk().asks("畅选59有多少流量", "ask_plan_details", "每月含 10 GB。", plan="畅选59")
    talk.asks("我的是小米14, 怎么开5g", "setup_5g", "一共 3 步。", phone_model="小米14")
    shown = made(texts, phones, case(talk, verified=False, group="technical"))
    assert shown["slots"] == [{"label": "手机", "value": "小米14"}, {"label": "看过的套餐", "value": "畅选59"}]
    assert shown["need"] == "多半还是“设置 5G”这件事: 小米14"
    assert any("您用的是小米14" in reply["text"] for reply in shown["replies"])


def test_what_was_said_before_this_customer_was_verified_is_not_his(texts: Texts, phones: PhoneRegistry) -> None:
    talk = Talk().asks("查余额", "ask_balance", "话费余额 99.99 元。").asks("换个号", "sign_out", "好的。")
    talk.asks("482913", "inform", "话费余额 36.42 元。", code="482913")
    shown = made(texts, phones, case(talk))
    assert [fact["value"] for fact in shown["facts"]] == ["话费余额 36.42 元。"]


def test_at_most_five_facts_of_each_wish_the_answer_and_the_newest(texts: Texts, phones: PhoneRegistry) -> None:
    talk = signed_in()
    for number in range(1, 8):
        talk.asks("账单", "ask_bill", f"{number}月一共 {number}.50 元。")
    facts = made(texts, phones, case(talk))["facts"]
    assert facts[0]["value"].startswith("话费余额 36.42 元")
    assert [fact["value"] for fact in facts][-2:] == ["1月一共 1.50 元。", "7月一共 7.50 元。"] and len(facts) == 5


def test_the_login_code_and_whole_numbers_are_never_shown(texts: Texts, phones: PhoneRegistry) -> None:
    slots = {"login_code": "482913", "login_phone": PHONE, "focus": {"item": f"代付 {PHONE}"}}
    whole = json.dumps(made(texts, phones, case(signed_in(), **slots)), ensure_ascii=False)
    assert "482913" not in whole and PHONE not in whole
    assert "代付 170****0006" in whole


def test_the_phone_by_model_or_brand(texts: Texts, phones: PhoneRegistry) -> None:
    for slots, name in (
        ({"device_brand": "xiaomi", "device_model": "小米14"}, "小米14"),
        ({"device_brand": "xiaomi", "device_model": "unknown"}, "小米"),
    ):
        shown = made(texts, phones, case(Talk(), **slots))
        assert {"label": "手机", "value": name} in shown["slots"]


def test_who_said_nothing_is_asked(texts: Texts, phones: PhoneRegistry) -> None:
    shown = made(texts, phones, case(Talk().asks("转人工", "request_human", "已转人工排队。"), group="general"), 0)
    assert shown["summary"] == "尾号 0006 的客户没说要办什么, 自己要转人工, 刚刚转来。"
    assert shown["need"] == "" and shown["first_sentence"] == "您好, 请说说要办什么, 我来帮您。"


@pytest.mark.parametrize(("minutes", "ago"), [(0, "刚刚"), (59, "59 分钟前"), (60, "1 小时前"), (1500, "1 天前")])
def test_how_long_ago(texts: Texts, phones: PhoneRegistry, minutes: int, ago: str) -> None:
    assert f", {ago}转来。" in made(texts, phones, case(signed_in()), minutes)["summary"]


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("group", list(Group))
@pytest.mark.parametrize("verified", [True, False])
def test_a_card_for_every_reason_and_group(
    texts: Texts, phones: PhoneRegistry, reason: Reason, group: Group, verified: bool
) -> None:
    of = case(signed_in(), verified=verified, reason=reason.value, group=group.value, focus={"plan": "畅选59"})
    shown = made(texts, phones, of)
    assert 3 <= len(shown["replies"]) <= 4
    assert ("抱歉" in shown["first_sentence"]) is (reason is Reason.FRUSTRATED)


def test_masking() -> None:
    assert masked("170 0000 0006, 码 482913, 证 110101199003077758") == "170****0006, 码 ****, 证 ****"
    assert masked("共 1234.50 元, 2026年11月") == "共 1234.50 元, 2026年11月"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("我要找人工, 我的流量不对", "我要找人工, 我的流量不对"),
        ("网速太慢, 找人工", "网速太慢, 找人工"),
        ("我的 17000000006 被停机了, 人工", "我的 **** 被停机了, 人工"),
    ],
)
def test_what_he_said_with_it_is_not_lost(texts: Texts, phones: PhoneRegistry, words: str, shown: str) -> None:
    talk = Talk().asks(words, "request_human", "已转人工排队。")
    found = made(texts, phones, case(talk, verified=False, group="general"))
    assert f"说“{shown}”" in found["summary"] and f"“{shown}”" in found["first_sentence"]


@pytest.mark.parametrize("words", ["转人工", "我要找人工客服!!", "请帮我转接人工", "人工", "叫个真人来", "转"])
def test_who_only_asks_for_a_human_has_said_nothing_else(texts: Texts, phones: PhoneRegistry, words: str) -> None:
    found = made(texts, phones, case(Talk().asks(words, "request_human", "已转人工排队。"), verified=False))
    assert "没说要办什么" in found["summary"]


def test_a_long_answer_does_not_push_out_the_others(texts: Texts, phones: PhoneRegistry) -> None:
    talk = Talk().asks("查余额", "ask_balance", "话费余额 96.00 元。")
    answer = "".join(f"{month}月扣了 {month} 元。" for month in range(1, 9))
    lines = talk.asks("为什么扣费", "dispute_charge", answer).lines
    found = made(texts, phones, Case(Service("asked", "billing", ASKED), lines, {}, PHONE, BEGIN))
    values = [fact["value"] for fact in found["facts"]]
    assert (
        values[:2] == ["话费余额 96.00 元。", "1月扣了 1 元。"] and values[-1] == "8月扣了 8 元。" and len(values) == 5
    )


def test_the_number_of_a_ticket_is_no_secret() -> None:
    assert masked("工单 261123-002 处理中, 验证码 482913") == "工单 261123-002 处理中, 验证码 ****"


def test_that_he_complains_is_not_what_it_is_about(texts: Texts, phones: PhoneRegistry) -> None:
    talk = signed_in().asks("我要投诉到工信部", "make_complaint", "您的投诉由人工专员受理。")
    service = Service("too_complex", "complaints", ASKED, "要投诉", upset=True)
    case = Case(service, talk.lines, {"focus": {"item": "炫动视频会员"}}, PHONE, BEGIN)
    shown = card(case, texts, phones, ASKED)
    assert "问一笔扣费" in shown["need"] and "炫动视频会员" in shown["need"]
    assert "让您着急了" in shown["first_sentence"] and "炫动视频会员" in shown["first_sentence"]
    assert "投诉" in shown["summary"], "that he does is said"
    only = Talk().asks("我要投诉", "make_complaint", "您的投诉由人工专员受理。")
    assert "投诉" in card(Case(service, only.lines), texts, phones, ASKED)["need"]
