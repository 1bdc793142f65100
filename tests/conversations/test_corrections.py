"""Changing one's mind, coming back to things, and words that only make sense after what was said."""

from __future__ import annotations

import pytest

from botkit.telecom.usage import BucketKind
from tests.conversations.conftest import Demo, SignIn
from tests.conversations.figures import month, volume
from tests.driver import Customer

pytestmark = pytest.mark.model


def test_from_topic_to_topic(sign_in: SignIn, demo: Demo) -> None:
    """A conversation as people have it: nothing is asked twice, nothing of the last topic sticks."""
    customer, mine = sign_in(23), demo(23)
    assert "话费余额" in customer.says("我还有多少钱").text
    assert "畅选79 换成 畅选59" in customer.says("79和59差在哪").text
    used = volume(mine.bucket(BucketKind.GENERAL_DATA).used)
    assert customer.says("还剩多少流量").rows()["畅选129 通用流量"][0] == used
    assert f"{month(mine.cycle, mine.today)}到现在" in customer.says("账单").text
    assert customer.says("畅选79").text.startswith("畅选79, 月费 79 元")  # no comparison any more
    assert "您现在的 畅选129 换成 畅选79" in customer.chooses("跟我现在的比").text


def test_a_bare_plan_after_a_question_for_it(customer: Customer) -> None:
    customer.says("比较一下79")
    assert "畅选79 换成 畅选59" in customer.says("畅选59").text


def test_a_bare_month_after_the_bill_and_after_a_charge(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(6)
    customer = sign_in(6)
    customer.says("账单")
    assert f"{month(mine.cycle.shifted(-1), mine.today)}一共" in customer.says("上个月的").text
    customer.says("为什么扣了我20块")
    assert (
        f"{month(mine.cycle.shifted(-2), mine.today)}"
        in customer.says(f"{mine.cycle.shifted(-2).start.month}月的呢").text
    )


def test_bare_budget_after_plans(customer: Customer) -> None:
    customer.says("有哪些套餐")
    answer = customer.says("50块以内的")
    assert "月费 50 元以内" in answer.text and "手机号码" not in answer.text, "a question that anybody may ask"


def test_add_on_alone_offers_it(customer: Customer) -> None:
    assert "10GB流量包" in customer.says("10GB流量包").text


def test_guide_is_taken_up_after_a_question_of_money(sign_in: SignIn) -> None:
    customer = sign_in(11)
    customer.says("5G怎么开")
    customer.says("是")
    second = customer.says("好了").text
    assert "话费余额" in customer.says("我还有多少钱").text
    assert customer.says("再说一遍").text == second


def test_yes_after_nothing(customer: Customer) -> None:
    assert "具体要办哪一件" in customer.says("好的").text


def test_never_mind_after_a_recommendation(sign_in: SignIn) -> None:
    customer = sign_in(24)
    customer.says("有没有便宜点的")
    assert customer.says("算了").text.startswith("好的")
    assert "换成" not in customer.says("嗯").text


def test_verified_in_the_middle_of_choosing(customer: Customer) -> None:
    customer.says("79和59差在哪")
    customer.chooses("按我的用量算")
    customer.says("算了")
    assert "畅选99" in customer.says("畅选59跟99比").text


def test_the_same_message_twice_is_answered_once(customer: Customer) -> None:
    first = customer.says("79和59差在哪", message_id="same")
    assert first.lines
    super_says = super(type(customer), customer).says
    assert not super_says("79和59差在哪", message_id="same").lines


@pytest.mark.parametrize(
    "words", ["79和59差在哪", "七十九和五十九差在哪", "79和59,差在哪?", "７９和５９差在哪", "79 跟 59 差 在 哪"]
)
def test_however_it_is_written(customer: Customer, words: str) -> None:
    assert "畅选79 换成 畅选59" in customer.says(words).text
