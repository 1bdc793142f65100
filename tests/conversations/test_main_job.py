"""The main job, end to end: a customer verifies, asks, compares, is led through 5G, asks why, and asks for a human."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from botkit.telecom.cycle import BillingCycle
from botkit.telecom.values import Money
from tests.driver import Answer, Bot, Customer

pytestmark = pytest.mark.model

ANYBODY, SOMEBODY, NEAR_OVERRUN = "17000000005", "17000000009", "17000000001"
THIRD_PARTY, CONTRACT = "17000000006", "17000000023"


def test_nothing_personal_before_verification(customer: Customer) -> None:
    for wish in ("查话费余额", "这个月账单", "还剩多少流量", "为什么多扣我钱", "我是什么套餐", "合约到什么时候"):
        answer = customer.says(wish)
        assert not re.search(r"\d+\.\d\d", answer.text), answer.text
        assert "手机号码" in answer.text


def test_verified_once_then_never_again(bot: Bot, customer: Customer) -> None:
    customer.says("查话费余额")
    answer = customer.verifies(ANYBODY)
    operator = bot.house.operator
    holder = operator.customer_by_phone(ANYBODY)
    assert f"{operator.balance(holder.id).available} 元" in answer.text
    assert holder.name not in answer.text, "the name is masked"
    assert ANYBODY not in answer.text, "the number is masked"
    for wish in ("账单", "流量够用到月底吗", "我的合约"):
        assert "手机号码" not in customer.says(wish).text


def test_wrong_code_then_the_right_one(customer: Customer) -> None:
    customer.says("查余额")
    customer.says(SOMEBODY)
    code = customer.code(SOMEBODY)
    wrong = "000000" if code != "000000" else "111111"
    assert "不对" in customer.says(wrong).text
    assert "话费余额" in customer.says(code).text


def test_a_number_that_is_no_customer(customer: Customer) -> None:
    customer.says("查余额")
    assert "不是星桥移动" in customer.says("13800138000").text
    assert "话费余额" in customer.verifies("17000000024").text


def test_an_interruption_returns_to_the_form(customer: Customer) -> None:
    customer.says("查余额")
    answer = customer.says("等下 什么是独立组网")
    assert "5G 的网络" in answer.text
    assert "手机号码" in answer.text, "the form goes on"
    assert "话费余额" in customer.verifies("17000000004").text


def test_never_mind_leaves_the_form(customer: Customer) -> None:
    customer.says("查余额")
    customer.says("算了")
    assert "手机号码" not in customer.says("你好").text


def test_usage_forecast_and_cheapest_cure(bot: Bot, customer: Customer) -> None:
    customer.says("流量够用到月底不")
    answer = customer.verifies(NEAR_OVERRUN)
    assert "GB" in answer.text
    assert "元/GB" in answer.text
    assert answer.table is not None


def test_a_third_party_charge_is_explained_with_its_total(customer: Customer) -> None:
    customer.says("为什么扣了我20块")
    answer = customer.verifies(THIRD_PARTY)
    assert "炫动视频" in answer.text
    assert "每月 20 元" in answer.text
    assert "共 100 元" in answer.text


def test_named_with_named(customer: Customer) -> None:
    answer = customer.says("畅选79和畅选59有什么区别")
    assert "每月少 20 元" in answer.text
    assert answer.rows()["月费"][:2] == ["79 元", "59 元"]


def test_by_bare_numbers(customer: Customer) -> None:
    assert customer.says("79和59差在哪").rows()["月费"][:2] == ["79 元", "59 元"]


def test_an_unknown_plan_is_said_to_be_unknown(customer: Customer) -> None:
    assert "没有 77 元的套餐" in customer.says("77和88哪个好").text


def test_fewer_than_two_plans(customer: Customer) -> None:
    first = customer.says("畅选79和别的比哪个划算")
    assert first.table is None
    second = customer.says("畅选99")
    assert second.table is not None
    assert second.table["columns"][1:3] == ["畅选79", "畅选99"]


def test_a_cheaper_plan_with_the_penalty_due_today(bot: Bot, customer: Customer) -> None:
    customer.says("有没有便宜点的套餐")
    answer = customer.verifies(CONTRACT)
    assert answer.table is not None
    assert "违约金" in answer.text
    assert "生效" in answer.text
    operator = bot.house.operator
    holder = operator.customer_by_phone(CONTRACT)
    running = BillingCycle.containing(operator.now().date(), holder.billing_day)
    bills = [bill for back in (1, 2, 3) if (bill := operator.bill(holder.id, running.shifted(-back)))]
    paid = Money.of(sum((bill.amount.yuan for bill in bills), Decimal(0)) / len(bills))
    assert f"{paid.plain} 元" in answer.text, "what was really paid is the basis"


@pytest.mark.parametrize("phone", ["华为mate60", "苹果15", "红米k70", "vivo x90", "OPPO Find X6"])
def test_set_up_on_named_phones(customer: Customer, phone: str) -> None:
    answer = customer.says(f"{phone}怎么开5g")
    assert answer.step is not None
    assert answer.step["number"] == 1
    seen = walk(customer, answer)
    assert seen >= 2


def test_set_up_asks_brand_then_model(customer: Customer) -> None:
    assert "牌子" in customer.says("5G怎么开").text
    assert customer.chooses("小米 / 红米").step is None
    assert customer.says("小米14").step is not None


def test_the_phone_on_record_is_offered(customer: Customer) -> None:
    customer.says("查余额")
    customer.verifies("17000000011")
    assert "小米" in customer.says("5G怎么开").text
    assert customer.chooses("是").step is not None


def test_not_found_leads_on_and_back_returns(customer: Customer) -> None:
    first = customer.says("小米13怎么开5G")
    hint = customer.says("找不到")
    assert hint.text != first.text
    assert customer.says("上一步").step == first.step


def test_an_early_phone_is_told_before_the_sa_pack(customer: Customer) -> None:
    assert "用不了独立组网" in customer.says("iqoo pro 5g支持sa吗").text


def test_a_term_a_level_deeper_then_a_human(customer: Customer) -> None:
    first = customer.says("什么是结转")
    deeper = customer.says("再详细点")
    assert first.text != deeper.text
    assert "人工" in customer.says("还有吗 再详细点").text


def test_a_human_is_asked_for_and_the_bot_falls_silent(bot: Bot, customer: Customer) -> None:
    assert "人工" in customer.says("转人工").text
    noted = customer.says("我的手机是小米14")
    assert [line.author.value for line in noted.lines] == ["system"]
    assert customer.says("查余额").lines == [], "one acknowledgement for a stretch of waiting"
    back = customer.says("继续用机器人", payload="/back_to_bot")
    assert back.lines
    assert "手机号码" in customer.says("查余额").text


def test_gibberish_is_clarified_rephrased_then_handed_over(customer: Customer) -> None:
    texts = [customer.says(said).text for said in ("嗯那个哪个啥的吧", "阿巴阿巴阿巴", "咕噜咕噜叽里呱啦")]
    assert len(set(texts)) > 1
    assert all(texts)


def walk(customer: Customer, answer: Answer) -> int:
    """Say 好了 until the guide has ended; the number of steps seen."""
    seen = 0
    while answer.step is not None:
        seen += 1
        assert seen == answer.step["number"]
        assert answer.step["of"] <= 8
        answer = customer.says("好了")
    assert answer.text
    return seen
