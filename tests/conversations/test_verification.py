"""Proving that a number is the customer's: once, by a code, with everything that goes wrong on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from botkit.bss.port import Operator
from tests.conversations.conftest import LetTimePass, SignIn
from tests.driver import Bot, Customer

pytestmark = pytest.mark.model

MINUTE = timedelta(minutes=1)


def test_verified_once_and_never_again_in_the_session(customer: Customer) -> None:
    assert "请发您的手机号码" in customer.says("我还有多少钱").text
    sent = customer.says("17000000020")
    assert "170****0020" in sent.text and "17000000020" not in sent.text
    answer = customer.says(customer.code("17000000020"))
    assert "唐*轩" in answer.text and "话费余额" in answer.text  # what was asked before it is answered at once
    for question in ("还剩多少流量", "账单", "我的套餐", "合约到什么时候"):
        assert "验证码" not in customer.says(question).text
    assert "身份已经核对过了" in customer.says("我要登录").text


def test_every_question_for_the_number_is_marked(customer: Customer) -> None:
    """Channels that have a way of their own to enter a number go by the mark, not by the words."""
    for said in ("我还有多少钱", "嗯", "13800138000", "今天天气好", "17000000020"):
        asked = customer.says(said)
        marks = [line.content.get("asks") for line in asked.lines]
        wanted = "code" if "验证码已发到" in asked.text else "phone"
        assert marks[-1] == wanted, (said, asked.text, marks)
    customer.says(customer.code("17000000020"))
    assert customer.says("换个号码查").lines[-1].content.get("asks") == "phone"


@pytest.mark.parametrize(
    "question",
    [
        "我还有多少钱",
        "还剩多少流量",
        "查账单",
        "为什么多扣了20块",
        "我的套餐是什么",
        "合约到期了吗",
        "有没有便宜点的",
        "我要退订业务",
    ],
)
def test_nothing_personal_before_verification(customer: Customer, operator: Operator, question: str) -> None:
    answer = customer.says(question)
    assert "请发您的手机号码" in answer.text
    assert answer.table is None and not answer.choices
    known = operator.customer_by_phone("17000000021")
    answer = customer.says("17000000099")
    for secret in (known.name, known.phone, "欠费", "余额"):
        assert secret not in answer.text


def test_wrong_code_then_the_right_one(customer: Customer) -> None:
    customer.says("查余额")
    customer.says("17000000002")
    right = customer.code("17000000002")
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    answer = customer.says(wrong)
    assert "验证码不对" in answer.text and answer.titles == ["没收到", "换个号码"]
    assert "话费余额" in customer.says(right).text


def test_five_wrong_codes_void_it(customer: Customer) -> None:
    customer.says("查余额")
    customer.says("17000000003")
    right = int(customer.code("17000000003"))
    answers = [customer.says(f"{(right + miss) % 1_000_000:06}") for miss in range(1, 6)]
    assert all("验证码不对" in answer.text for answer in answers[:4])
    assert "作废" in answers[4].text and "转人工" in answers[4].titles
    assert "话费余额" not in customer.says(f"{right:06}").text


def test_expired_code_and_another_one(customer: Customer, let_time_pass: LetTimePass) -> None:
    customer.says("查余额")
    customer.says("17000000004")
    let_time_pass("17000000004", 6 * MINUTE)
    answer = customer.says(customer.code("17000000004"))
    assert "过期" in answer.text
    assert "又发了一条" in customer.chooses("再发一次").text
    assert "话费余额" in customer.says(customer.code("17000000004")).text


def test_code_not_received(customer: Customer, let_time_pass: LetTimePass) -> None:
    customer.says("查余额")
    customer.says("17000000005")
    early = customer.chooses("没收到")
    assert "秒后可以再发一次" in early.text
    let_time_pass("17000000005", MINUTE)
    assert "又发了一条" in customer.says("还是没收到验证码").text


def test_after_five_codes_the_time_of_the_next_is_said(customer: Customer, let_time_pass: LetTimePass) -> None:
    customer.says("查余额")
    customer.says("17000000006")
    for _ in range(4):
        let_time_pass("17000000006", MINUTE)
        customer.says("没收到")
    let_time_pass("17000000006", MINUTE)
    answer = customer.says("没收到")
    assert "太多了" in answer.text and "以后再试" in answer.text and "转人工" in answer.titles


def test_number_that_is_no_customer(customer: Customer) -> None:
    customer.says("查余额")
    answer = customer.says("13912345678")
    assert "139****5678 不是星桥移动的号码" in answer.text
    assert "验证码已发到 170****0007" in customer.says("17000000007").text


@pytest.mark.parametrize("incomplete", ["1700000000", "号码是多少来着", "170"])
def test_number_incomplete(customer: Customer, incomplete: str) -> None:
    customer.says("查余额")
    answer = customer.says(incomplete)
    assert "还差您的手机号码 (11 位)" in answer.text
    assert "想查什么用的" not in answer.text and len(answer.lines) == 1


def test_number_corrected_half_way(customer: Customer) -> None:
    customer.says("查余额")
    customer.says("17000000008")
    answer = customer.says("不对, 是17000000009")
    assert "170****0009" in answer.text
    assert "吴*燕" in customer.says(customer.code("17000000009")).text


def test_number_corrected_by_the_button(customer: Customer) -> None:
    customer.says("看账单")
    customer.says("17000000010")
    answer = customer.chooses("换个号码")
    assert "请发要查的手机号码" in answer.text and "没有核对过身份" not in answer.text
    customer.says("17000000011")
    answer = customer.says(customer.code("17000000011"))
    assert "何*" in answer.text and answer.table is not None  # the bill asked for at the start


def test_asked_again_within_the_minute_goes_on_with_the_code_that_is_on_its_way(customer: Customer) -> None:
    customer.says("查余额")
    customer.says("17000000012")
    customer.says("算了")
    customer.says("查余额")
    answer = customer.says("17000000012")
    assert "刚给 170****0012 发过" in answer.text and "秒后" in answer.text
    assert "杨*" in customer.says(customer.code("17000000012")).text


def test_a_word_explained_in_the_middle_then_back_to_the_form(customer: Customer) -> None:
    customer.says("查余额")
    answer = customer.says("什么是SA")
    assert "独立组网" in answer.lines[0].text and "还差您的手机号码" in answer.lines[-1].text
    customer.says("17000000013")
    answer = customer.says("验证码是什么")
    assert "还差发到 170****0013 的 6 位验证码" in answer.lines[-1].text
    assert "话费余额" in customer.says(customer.code("17000000013")).text


@pytest.mark.parametrize("words", ["好的", "好了", "嗯", "哈哈"])
def test_a_word_of_assent_is_no_answer_and_no_new_topic(customer: Customer, words: str) -> None:
    customer.says("查余额")
    answer = customer.says(words)
    assert "还差您的手机号码" in answer.lines[-1].text
    assert "要办哪一件" not in answer.text and "没有进行中的设置" not in answer.text


@pytest.mark.parametrize("words", ["算了", "不查了", "不用了"])
def test_given_up(customer: Customer, words: str) -> None:
    customer.says("查余额")
    assert "停下了" in customer.says(words).text
    assert "还差" not in customer.says("你好").text


def test_a_human_in_the_middle(customer: Customer) -> None:
    customer.says("查余额")
    customer.says("17000000014")
    answer = customer.says("转人工")
    assert "好的, 转人工" in answer.text and "您的身份" not in answer.text
    answer = customer.chooses("继续用机器人")
    assert "请发您的手机号码" in customer.says("查余额").text


def test_another_question_in_the_middle_is_the_one_answered(customer: Customer) -> None:
    customer.says("查余额")
    customer.says("查合约")
    customer.says("17000000028")
    answer = customer.says(customer.code("17000000028"))
    assert "购机分期" in answer.text and "话费余额" not in answer.text


def test_a_number_alone_begins_verification(customer: Customer) -> None:
    assert "验证码已发到 170****0015" in customer.says("17000000015").text
    answer = customer.says(customer.code("17000000015"))
    assert "想查什么" in answer.text and "查余额" in answer.titles


def test_signing_out_forgets_the_person(sign_in: SignIn) -> None:
    customer = sign_in(12)
    customer.says("5G怎么开")
    customer.says("是")
    assert "已退出" in customer.says("退出登录").text
    assert "请发您的手机号码" in customer.says("查余额").text
    customer.says("算了")
    assert "iQOO" not in customer.says("5G怎么开").text


def test_another_number_is_asked_for_at_once(sign_in: SignIn) -> None:
    customer = sign_in(28)
    answer = customer.says("换个号码查")
    assert "请发要查的手机号码" in answer.text and len(answer.lines) == 1
    answer = customer.says("17000000016")
    assert "170****0016" in answer.text
    assert "刘*珍" in customer.says(customer.code("17000000016")).text


def test_another_number_while_verified(sign_in: SignIn) -> None:
    customer = sign_in(17)
    answer = customer.says("17000000018")
    assert "现在查的是 170****0017" in answer.text and "换个号码查" in answer.titles
    assert "身份已经核对过了" in customer.says("17000000017").text


def test_a_line_that_was_closed_meanwhile(bot: Bot, sign_in: SignIn, let_time_pass: LetTimePass) -> None:
    customer = sign_in(20)
    conversation = customer.says("查余额").lines[0].conversation_id
    bot.house.verifications.establish(conversation, "closed", "17000000098")
    answer = customer.says("看账单")
    assert answer.lines[0].text.startswith("刚才核对的号码已经查不到了")
    assert "请发您的手机号码" in answer.lines[-1].text and bot.house.verifications.current(conversation) is None
    let_time_pass("17000000019", timedelta(hours=2))
    customer.says("17000000019")
    assert "核对好了" in customer.says(customer.code("17000000019")).text
    assert "话费余额" in customer.says("查余额").text


def test_a_code_that_nobody_asked_for(customer: Customer, sign_in: SignIn) -> None:
    assert "现在不需要验证码" in customer.says("验证码 482913").text
    assert "不用验证码" in sign_in(1).says("验证码 482913").text
