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


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("充错号码了怎么办", "付款记录留好"),
        ("能开专票吗", "开票资料"),
        ("在国外接电话收钱吗", "接听也算"),
        ("去外省用流量加钱吗", "不另收漫游费"),
        ("宽带想提速到千兆", "看您家的线路"),
        ("光猫亮红灯了", "多半是线路断了"),
        ("sim卡要输puk码", "先别再试"),
        ("手机找到了, 解除挂失", "核对机主身份"),
        ("服务密码输错被锁了", "自动解开"),
        ("查一下我名下有几张卡", "一证通查"),
        ("转网的授权码几天过期", "写在给您的短信里"),
        ("销户以后余额退吗", "没用完的话费一般可以退"),
        ("周末营业厅开门吗", "各个厅不一样"),
        ("人工客服几点上班", "每天 8:00 到 22:00"),
        ("积分能换什么", "几时清零"),
    ],
)
def test_the_answer_is_to_what_was_asked(customer: Customer, question: str, says: str) -> None:
    answer = customer.says(question)
    assert says in answer.text and answer.choices


def test_another_question_on_the_same_subject_is_answered_by_itself(customer: Customer) -> None:
    customer.says("转网的授权码几天过期")
    assert "转成了号码不变" in customer.says("靓号能转网吗").text
    assert "一般很快生效" in customer.says("转网多久生效").text


def test_the_same_question_a_third_time_is_one_for_a_human(customer: Customer) -> None:
    first = customer.says("宽带提速到千兆要多少钱")
    assert customer.says("提速到千兆多少钱").text == first.text
    assert "转人工" in customer.says("宽带提速千兆到底多少钱").text


def test_a_button_gives_the_general_answer(customer: Customer) -> None:
    customer.says("手机丢了")
    assert "补卡换卡要机主本人" in customer.chooses("怎么补卡").text


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
