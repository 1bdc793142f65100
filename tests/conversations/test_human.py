"""Handing over: on request, for a complaint, after venting; waiting; and back to the bot."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from botkit.store.tables.conversation import ConversationRow, LineRow
from tests.conversations.conftest import SignIn
from tests.driver import Answer, Bot, Customer

pytestmark = pytest.mark.model


def handed_over(bot: Bot, answer: Answer) -> dict[str, str]:
    """Owner, reason and topic as the desk sees them."""
    conversation = answer.lines[0].conversation_id
    with bot.house.unit_of_work(reading=True) as session:
        owner = session.get(ConversationRow, conversation).owner
        details = session.execute(
            select(LineRow.detail).where(LineRow.conversation_id == conversation).order_by(LineRow.seq)
        ).scalars()
        reasons = [detail for detail in details if detail and detail.get("event") == "HandOver"]
    return {"owner": owner, "reason": reasons[-1]["reason"], "topic": reasons[-1]["topic"]}


@pytest.mark.parametrize("words", ["转人工", "我要找人工客服", "叫个真人来", "别说了给我转人工"])
def test_on_request_at_once(customer: Customer, bot: Bot, words: str) -> None:
    answer = customer.says(words)
    assert "好的, 转人工" in answer.text and "不用再说一遍" in answer.text
    assert answer.titles == ["继续用机器人"]
    assert handed_over(bot, answer) == {"owner": "waiting", "reason": "asked", "topic": ""}


def test_topic_and_identity_go_along(sign_in: SignIn, bot: Bot) -> None:
    customer = sign_in(6)
    customer.says("为什么扣了我20块")
    answer = customer.chooses("没订过, 转人工")
    assert "您的身份会一起转过去" in answer.text
    assert handed_over(bot, answer)["topic"] == "charge"


def test_messages_while_waiting_are_noted_once(customer: Customer) -> None:
    customer.says("转人工")
    assert "已记下" in customer.says("我的宽带坏了").text
    assert not customer.says("查余额").lines
    assert "还在排队" in customer.says("在吗").text
    assert "现在由我继续" in customer.says("不等了").text


def test_back_to_the_bot(customer: Customer) -> None:
    customer.says("转人工")
    customer.says("你好")
    answer = customer.chooses("继续用机器人")
    assert "现在由我继续" in answer.text and "查余额" in answer.titles
    assert "请发您的手机号码" in customer.says("查余额").text


def test_complaint(customer: Customer, bot: Bot) -> None:
    answer = customer.says("我要投诉你们")
    assert "投诉由人工专员受理" in answer.text
    assert handed_over(bot, answer) == {"owner": "waiting", "reason": "too_complex", "topic": "complaint"}


def test_vented_once(customer: Customer) -> None:
    answer = customer.says("答非所问")
    assert "转人工" in answer.titles and "心情" not in answer.text and len(answer.text) < 40


def test_vented_twice(customer: Customer, bot: Bot) -> None:
    customer.says("答非所问")
    answer = customer.says("又听不懂我说啥")
    assert "转给人工专员" in answer.text
    assert handed_over(bot, answer)["reason"] == "frustrated"


def test_abused_at_once(customer: Customer, bot: Bot) -> None:
    answer = customer.says("垃圾东西")
    assert "转给人工专员" in answer.text and handed_over(bot, answer)["reason"] == "frustrated"


def test_vented_long_ago(customer: Customer) -> None:
    customer.says("答非所问")
    for question in ("你好", "79和59差在哪", "什么是SA", "有哪些套餐", "什么是结转", "怎么充值"):
        customer.says(question)
    assert "已把这段对话转给人工" not in customer.says("答非所问").text


def test_progress_of_a_complaint_offers_a_human(customer: Customer) -> None:
    assert "要转过去吗" in customer.says("我的投诉处理到哪了").text
    assert "好的, 转人工" in customer.says("好的").text
