"""话费余额: available, owed, as of when, whether it lasts; and why a line is stopped."""

from __future__ import annotations

import re

import pytest

from tests.conversations.conftest import Demo, SignIn
from tests.conversations.figures import written
from tests.driver import Customer

pytestmark = pytest.mark.model


@pytest.mark.parametrize("number", [1, 2, 5, 17, 19])
@pytest.mark.parametrize("question", ["我还有多少钱", "查话费余额"])
def test_balance_as_of_now(sign_in: SignIn, demo: Demo, number: int, question: str) -> None:
    mine = demo(number)
    balance = mine.operator.balance(mine.customer.id)
    answer = sign_in(number).says(question)
    assert f"话费余额 {balance.balance.yuan - balance.frozen.yuan:.2f} 元" in answer.text
    assert re.search(r"\(今天 \d\d:\d\d\)", answer.text)
    assert f"已用 {mine.amount():.2f} 元" in answer.text
    available, upcoming = balance.balance.yuan - balance.frozen.yuan, mine.to_come()
    if available < upcoming:
        assert f"还差 {upcoming - available:.2f} 元" in answer.text
        assert answer.titles == ["充值", "看账单", "有没有便宜点的"]
    else:
        assert (f"预计还会扣 {upcoming:.2f} 元, 够用" if upcoming else "没有其他固定费用") in answer.text
        assert answer.titles == ["看账单", "还剩多少流量", "充值"]


@pytest.mark.parametrize("number", [5, 19, 23, 26])
def test_a_recharge_is_confirmed_in_the_days_after_it_and_no_longer(sign_in: SignIn, demo: Demo, number: int) -> None:
    mine = demo(number)
    last = mine.operator.balance(mine.customer.id).last_recharge
    assert last is not None
    answer = sign_in(number).says("查余额")
    said = f"最近一次充值: {last[0].month}月{last[0].day}日, {written(last[1].yuan)} 元, 已到账"
    assert (said in answer.text) == ("最近一次充值" in answer.text) == ((mine.today - last[0]).days <= 7)


def test_arrears_stop_the_line(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(10)
    arrears = mine.operator.balance(mine.customer.id).arrears.yuan
    customer = sign_in(10)
    answer = customer.says("查余额")
    assert f"已欠费 {arrears:.2f} 元, 号码因此停机" in answer.text
    assert answer.titles == ["充值", "看账单", "转人工"]
    assert f"因为欠费 {written(arrears)} 元停机" in customer.says("我的号码为什么停机了").text


def test_why_stopped_where_nothing_is(sign_in: SignIn, customer: Customer) -> None:
    assert "没有停机" in sign_in(1).says("我的号码为什么停机了").text
    assert "停机一般是欠费" in customer.says("我的号码为什么停机了").text  # in general, without asking who he is


def test_short_for_those_who_want_it_short(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(16)
    available = mine.operator.balance(mine.customer.id).balance.yuan
    answer = sign_in(16).says("我还有多少钱")
    assert answer.text.startswith(f"还有 {available:.2f} 元") and len(answer.text) < 30


def test_why_after_the_balance_means_the_money(sign_in: SignIn) -> None:
    customer = sign_in(6)
    customer.says("查余额")
    assert "炫动视频会员" in customer.says("为什么扣这么多").text


def test_details_after_the_balance_are_the_bill(sign_in: SignIn) -> None:
    customer = sign_in(6)
    customer.says("查余额")
    assert customer.says("详细点").rows()["炫动视频会员"][0] == "20.00"
