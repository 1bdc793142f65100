"""Messages whose meaning lies in what was said before them."""

from __future__ import annotations

import pytest

from tests.conversations.conftest import SignIn
from tests.driver import Customer

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    "words", ["50G以上的套餐", "最便宜多少钱", "一百块以内的", "打电话多的呢", "老人用的", "我一个月用12个G 打电话不多"]
)
def test_plans_are_shown_to_anybody(customer: Customer, words: str) -> None:
    answer = customer.says(words)
    assert answer.table is not None and "手机号码" not in answer.text


def test_what_binds_is_said_with_the_plan_that_is_named(customer: Customer) -> None:
    answer = customer.says("50G以上的套餐")
    assert "合家享139" in answer.text and "要承诺用满 24 个月" in answer.text


def test_plans_are_shown_while_the_number_is_waited_for(customer: Customer) -> None:
    customer.says("查余额")
    for words in ("50G以上的套餐", "最便宜多少钱", "一百块以内的", "打电话多的呢", "老人用的"):
        answer = customer.says(words)
        assert answer.table is not None, words
    assert "话费余额" in customer.verifies("17000000002").text


def test_the_reminder_comes_every_second_time_at_most(customer: Customer) -> None:
    customer.says("查余额")
    reminded = ["还差您的手机号码" in customer.says(words).text for words in ("什么是SA", "什么是NSA", "什么是结转")]
    assert reminded == [True, False, True]


@pytest.mark.parametrize("words", ["骗子", "什么破玩意", "帮我叫个外卖"])
def test_no_reminder_after_an_outburst_or_an_apology(customer: Customer, words: str) -> None:
    customer.says("查余额")
    assert "还差您的手机号码" not in customer.says(words).text


def test_a_charge_explained_is_not_explained_again(sign_in: SignIn) -> None:
    customer = sign_in(6)
    customer.says("为什么多扣我20块")
    answer = customer.says("这是啥 我没开过")
    assert "可申请核查退费" in answer.text and "能不能退、退多少" in answer.text, "explained, and for a human to decide"
    customer.chooses("继续用机器人")
    assert "炫动视频会员 (每月 20 元)" in customer.says("退掉").text


def test_money_back_then_yes_is_a_human(sign_in: SignIn) -> None:
    customer = sign_in(6)
    customer.says("为什么多扣我20块")
    customer.says("前面几个月扣的能退吗")
    assert "好的, 转人工" in customer.says("好的").text


def test_all_services_at_once(sign_in: SignIn) -> None:
    customer = sign_in(27)
    assert "全退每月能省 35 元" in customer.says("哪些能退").text
    assert "全退每月能省 35 元" in customer.says("能省多少").text
    answer = customer.says("都退了")
    assert "这 4 项每月一共 35 元" in answer.text and "转人工退订" in answer.titles


def test_and_that_word(customer: Customer) -> None:
    customer.says("什么是SA")
    assert customer.says("那NSA呢").text.startswith("非独立组网")


def test_which_app(sign_in: SignIn) -> None:
    customer = sign_in(7)
    customer.says("流量怎么没这么快")
    assert "网络这边看不到" in customer.says("哪个软件用的").text


def test_the_account_before_the_flight_mode(sign_in: SignIn, customer: Customer) -> None:
    assert "停机" in sign_in(10).says("我手机怎么打不出电话了").text
    slowed = sign_in(3)
    answer = slowed.says("网怎么这么慢")
    assert "1 Mbps" in answer.text and "提速包 10 元" in answer.text
    assert "恢复" in slowed.says("怎么恢复网速").text
    customer.says("网怎么这么慢")
    customer.chooses("看看是不是停机或限速")
    assert "1 Mbps" in customer.verifies("17000000003").text


def test_where_it_is_is_taken_up(customer: Customer) -> None:
    customer.says("没信号")
    assert "记下了" in customer.says("在地铁里没信号").text
    assert "好的, 转人工" in customer.says("好的").text


def test_still_no_signal(customer: Customer) -> None:
    customer.says("手机上网慢")
    assert "人工" in customer.says("重启了还是不行").text


def test_a_booked_change_is_shown_and_not_cancelled_by_a_word(sign_in: SignIn) -> None:
    customer = sign_in(26)
    assert "畅选99: 已预约" in customer.says("我换套餐办好了吗").text
    answer = customer.says("不换了 取消")
    assert "还没取消" in answer.text and "转人工取消" in answer.titles


def test_that_day(sign_in: SignIn) -> None:
    customer = sign_in(5)
    customer.says("为什么多扣钱")
    assert "22日用了 6" in customer.says("那天为什么用那么多").text
    assert "用了" in customer.says("昨天用了多少流量").text


def test_a_question_instead_of_a_model_is_taken_up(customer: Customer) -> None:
    customer.says("怎么开5G")
    customer.says("iphone se")
    answer = customer.says("苹果手机打电话就断网")
    assert answer.step is not None and "VoLTE" in answer.text
    assert "是哪一款 Redmi?" in customer.says("换成红米").text


def test_described_instead_of_named(customer: Customer) -> None:
    customer.says("怎么开5G")
    customer.says("iphone se")
    answer = customer.says("去年买的")
    assert "iPhone SE 第二代" in answer.titles and "按一般步骤来" in answer.titles
    assert customer.chooses("按一般步骤来").step is not None


def test_a_human_is_offered_before_handing_over(customer: Customer) -> None:
    customer.says("怎么开5G")
    customer.says("小米14")
    while "要转人工一起看吗" not in customer.says("没有这个选项").text:
        assert customer.last.step is not None
    assert "我请人工帮您看" in customer.says("没有这个选项").text


def test_an_age_is_no_fee(customer: Customer) -> None:
    customer.says("老人用的套餐")
    assert "65 岁可以办的有这 3 个" in customer.says("给我妈办 她65").text


def test_single_answers(customer: Customer) -> None:
    assert "青星卡29" in customer.says("学生有优惠吗").rows()
    assert "夜间流量包, 每月 10 元" in customer.says("夜间流量包多少钱").text
    assert "提速包, 10 元" in customer.says("提速包多少钱").text
    assert "不能结转" in customer.says("流量包能结转吗").text
    assert "不收违约金" in customer.says("退副卡要钱吗").text
    assert "国际漫游日包每天 30 元" in customer.says("漫游怎么收的").text
    assert "每 GB 3 到 10 元" in customer.says("套餐外流量怎么算钱").text
    assert "自己的验证码" in customer.says("我老公的号能查吗").text


def test_the_next_cycles_fee(sign_in: SignIn) -> None:
    answer = sign_in(26).says("下个月扣多少")
    assert "畅选99 月费 99 元" in answer.text
