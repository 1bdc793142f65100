"""What the bot cannot do itself: how it is done, in a few sentences, with a way on."""

from __future__ import annotations

import pytest

from botkit.bss.port import Operator
from tests.conversations.figures import named
from tests.driver import Customer

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("怎么充值", "微信、支付宝"),
        ("怎么开发票", "电子发票"),
        ("去日本怎么上网", "出境前要先开通国际漫游"),
        ("家里宽带坏了", "光猫和路由器断电"),
        ("手机卡坏了要换卡", "带身份证到营业厅"),
        ("手机丢了", "先停机挂失"),
        ("忘了服务密码", "重置"),
        ("怎么过户", "过户双方都要到场"),
        ("我要携号转网", "没有未到期的合约"),
        ("我要销户", "先结清话费和合约"),
        ("附近营业厅在哪", "10036"),
        ("手机没信号", "飞行模式"),
        ("怎么办副卡", "每张每月 10 元"),
        ("有什么优惠活动", "新老用户一个价"),
        ("给你个好评", "评价已记"),
    ],
)
def test_how_it_is_done(customer: Customer, question: str, says: str) -> None:
    answer = customer.says(question)
    assert says in answer.text and len(answer.text) <= 110
    assert answer.choices or question == "给你个好评"


def test_what_the_texts_say_is_in_the_catalogue(operator: Operator, customer: Customer) -> None:
    """Prices that stand in a text and not in a rule."""
    assert named(operator, "无忧卡5").monthly_fee.yuan == 5 and "每月 5 元的无忧卡5" in customer.says("我要销户").text
    sub_card = next(pack for pack in operator.add_ons() if pack.name == "亲情副卡")
    assert sub_card.price.yuan == 10 and "每张每月 10 元" in customer.says("怎么办副卡").text


def test_on_to_the_plan_that_a_text_names(customer: Customer) -> None:
    customer.says("我要销户")
    assert customer.chooses("看无忧卡5").text.startswith("无忧卡5, 月费 5 元")
    customer.says("怎么办副卡")
    assert customer.chooses("看合家享").text.startswith("合家享139")


def test_roaming_pack(customer: Customer) -> None:
    customer.says("去日本怎么上网")
    assert customer.chooses("看国际漫游日包").text.startswith("国际漫游日包, 30 元")
