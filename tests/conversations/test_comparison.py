"""Plans side by side: named with named, mine with named, by fee alone; and where that is not enough to go by."""

from __future__ import annotations

import re
from math import ceil

import pytest

from botkit.bss.port import Operator
from botkit.telecom.plan import Plan
from tests.conversations.conftest import Demo, SignIn
from tests.conversations.figures import average, cycle_costs, day, named, volume, written
from tests.driver import Answer, Customer

pytestmark = pytest.mark.model


def deltas(a: Plan, b: Plan) -> str:
    """What `b` has more or less than `a`, in the words of the requirement."""
    fee = b.monthly_fee.yuan - a.monthly_fee.yuan
    data = b.allowances.general_data.mb - a.allowances.general_data.mb
    directed = b.allowances.directed_data.mb - a.allowances.directed_data.mb
    minutes = b.allowances.voice_minutes - a.allowances.voice_minutes
    return ", ".join(
        (
            f"每月{'多' if fee > 0 else '少'} {written(abs(fee))} 元" if fee else "月费一样",
            f"流量{'多' if data > 0 else '少'} {volume(abs(data))}" if data else "流量一样",
            *([f"定向流量{'多' if directed > 0 else '少'} {volume(abs(directed))}"] if directed else []),
            f"通话{'多' if minutes > 0 else '少'} {abs(minutes)} 分钟" if minutes else "通话一样",
        )
    )


def holds(answer: Answer, a: Plan, b: Plan) -> None:
    """The sentence and the table say what the catalogue says."""
    assert f"{a.name} 换成 {b.name}: {deltas(a, b)}" in answer.text
    assert answer.table is not None and answer.table["columns"] == ["项目", a.name, b.name, "差"]
    rows = answer.rows()
    assert rows["月费"][:2] == [f"{written(a.monthly_fee.yuan)} 元", f"{written(b.monthly_fee.yuan)} 元"]
    assert rows["通用流量"][:2] == [str(a.allowances.general_data), str(b.allowances.general_data)]
    assert rows["通话"][:2] == [f"{a.allowances.voice_minutes} 分钟", f"{b.allowances.voice_minutes} 分钟"]
    for column, plan in enumerate((a, b)):
        rate = plan.out_of_plan.data
        beyond = "降速, 不另收" if rate is None else f"{written(rate.per_gb)} 元/GB"
        assert rows["超出流量 (首个 GB)"][column] == beyond
        assert rows["超出通话"][column] == f"{plan.out_of_plan.voice_per_minute.normalize():f} 元/分钟"
        assert rows["合约"][column] == (f"{plan.contract_months} 个月" if plan.contract_months else "无")


@pytest.mark.parametrize(
    ("question", "a", "b"),
    [
        ("79和59差在哪", "畅选79", "畅选59"),
        ("畅选59和畅选99哪个好", "畅选59", "畅选99"),
        ("59跟129比呢", "畅选59", "畅选129"),
        ("七十九的和五十九的有什么区别", "畅选79", "畅选59"),
        ("畅选79跟流量星69比一下", "畅选79", "流量星69"),
        ("青星卡39和畅选39有什么不同", "青星卡39", "畅选39"),
        ("199和169", "畅选199", "畅选169"),
    ],
)
def test_named_with_named(customer: Customer, operator: Operator, question: str, a: str, b: str) -> None:
    answer = customer.says(question)
    holds(answer, named(operator, a), named(operator, b))
    assert "下个账期第一天生效" in answer.text
    assert f"{b} 全部规则" in answer.titles and "按我的用量算" in answer.titles


def test_direction_is_marked_for_eyes_that_see_no_colour(customer: Customer) -> None:
    table = customer.says("79和59差在哪").table
    assert table is not None
    fee, data = table["rows"][0][3], table["rows"][1][3]
    assert (fee["trend"], fee["good"]) == ("down", True) and (data["trend"], data["good"]) == ("down", False)


def test_numbers_that_mean_several_plans(customer: Customer) -> None:
    answer = customer.says("199和169")
    assert "199 元的还有 星享5G199" in answer.text and "169 元的还有 合家享169" in answer.text
    answer = customer.chooses("星享5G199 和 畅选169")
    assert "星享5G199 换成 畅选169" in answer.text
    assert "炫动视频会员月卡" in answer.rows()["附带"][0] and answer.rows()["附带"][1] == "无"


@pytest.mark.parametrize("number", [23, 24, 3, 25, 17])
def test_mine_with_named(sign_in: SignIn, demo: Demo, number: int) -> None:
    mine, b = demo(number), named(demo(number).operator, "畅选59")
    a, usages = mine.plan, mine.usages()
    answer = sign_in(number).says("我现在的跟畅选59比怎么样")
    assert f"您现在的 {a.name} 换成 畅选59: {deltas(a, b)}" in answer.text
    rows = answer.rows()
    costs_a, costs_b = mine.costs(a), mine.costs(b)
    for usage, cost_a, cost_b in zip(usages, costs_a, costs_b, strict=True):
        assert rows[f"{usage.cycle.start.month}月您会付"][:2] == [f"{cost_a:.2f} 元", f"{cost_b:.2f} 元"]
    saved = average([y - x for x, y in zip(costs_a, costs_b, strict=True)])
    if saved:
        assert f"平均每月{'多' if saved > 0 else '少'}付 {written(abs(saved))} 元" in answer.text
    starts = mine.cycle.shifted(1).start
    assert f"{day(starts, mine.today)}生效" in answer.text
    waits = number in (17, 25)  # his contract is over before the saving has made up for the penalty
    assert ("合约到期前换不划算" in answer.text) == waits
    assert ("换成 畅选59" in answer.titles) != waits


def test_penalty_and_what_is_lost_are_said_before_the_change(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(23)
    contract = mine.operator.contract(mine.customer.id)
    assert contract is not None and contract.penalty.amount is not None
    b = named(mine.operator, "畅选79")
    starts = mine.cycle.shifted(1).start
    months_served = (starts.year - contract.start.year) * 12 + starts.month - contract.start.month
    penalty = contract.penalty.amount.yuan * (contract.months - months_served)
    saving = average([x - y for x, y in zip(mine.costs(mine.plan), mine.costs(b), strict=True)])
    answer = sign_in(23).says("我现在的跟畅选79比")
    assert f"{day(starts, mine.today)}生效, 那天算违约金 {written(penalty)} 元 (每剩一个月 30 元)" in answer.text
    assert f"大约 {ceil(penalty / saving)} 个月能省回来" in answer.text
    assert "本来能留到下个账期, 换了就留不了" in answer.text


def test_no_contract_no_penalty(sign_in: SignIn, demo: Demo) -> None:
    assert demo(24).operator.contract(demo(24).customer.id) is None
    assert "没有在期的合约, 现在换不用付违约金" in sign_in(24).says("我的跟畅选79比").text


def test_by_my_use_after_verification(customer: Customer, demo: Demo) -> None:
    customer.says("79和59差在哪")
    customer.chooses("按我的用量算")
    customer.says("17000000026")
    answer = customer.says(customer.code("17000000026"))
    mine = demo(26)
    a, b = named(mine.operator, "畅选79"), named(mine.operator, "畅选59")
    difference = average([y - x for x, y in zip(mine.costs(a), mine.costs(b), strict=True)])
    assert "畅选79 换成 畅选59" in answer.text
    assert f"平均每月{'多' if difference > 0 else '少'}付 {written(abs(difference))} 元" in answer.text


def test_mine_is_asked_for_when_nobody_is_verified(customer: Customer) -> None:
    assert "请发您的手机号码" in customer.says("我现在的跟畅选59比").text
    customer.says("17000000023")
    assert "您现在的 畅选129 换成 畅选59" in customer.says(customer.code("17000000023")).text


def test_then_with_another(customer: Customer, operator: Operator) -> None:
    customer.says("79和59差在哪")
    holds(customer.says("那跟99比呢"), named(operator, "畅选79"), named(operator, "畅选99"))
    holds(customer.says("跟流量星49比"), named(operator, "畅选79"), named(operator, "流量星49"))


def test_then_all_rules_of_the_other(customer: Customer) -> None:
    customer.says("79和59差在哪")
    answer = customer.says("全部规则")
    assert answer.text.startswith("畅选59, 月费 59 元") and "方案编号 24XQ900159" in answer.text
    assert answer.table is None


def test_then_change(sign_in: SignIn) -> None:
    customer = sign_in(23)
    customer.says("我现在的跟畅选59比")
    answer = customer.says("换成畅选59")
    assert "违约金" in answer.text and "转人工办理" in answer.titles and "确认前不会换" in answer.text


def test_one_plan_only(customer: Customer) -> None:
    answer = customer.says("比较一下79")
    assert "畅选79 想跟哪个比?" in answer.text and answer.titles[0] == "跟我现在的比"
    assert "畅选79 换成 畅选99" in customer.says("99").text


def test_one_plan_of_a_verified_customer_is_compared_with_his(sign_in: SignIn) -> None:
    assert "您现在的 畅选129 换成 畅选79" in sign_in(23).says("换成79划算吗").text


def test_my_own_plan(sign_in: SignIn) -> None:
    answer = sign_in(23).says("我现在的跟畅选129比")
    assert "畅选129 就是您现在的套餐" in answer.text and "跟 畅选79 比" in answer.titles


def test_a_fee_that_no_plan_has(customer: Customer) -> None:
    answer = customer.says("77和59")
    assert "没有 77 元的套餐。畅选59 想跟哪个比?" in answer.text
    assert "畅选59 换成 畅选79" in customer.chooses("跟 畅选79 比").text


def test_a_name_that_no_plan_has(customer: Customer) -> None:
    answer = customer.says("王卡和畅选59")
    assert "没有“王卡”这个套餐。畅选59 想跟哪个比?" in answer.text


def test_two_fees_that_no_plan_has(customer: Customer) -> None:
    answer = customer.says("77和66哪个好")
    assert "没有 77 元的套餐、 66 元的套餐" in answer.text and len(answer.choices) >= 2


def test_a_plan_that_is_sold_no_more(customer: Customer, sign_in: SignIn, operator: Operator) -> None:
    answer = customer.says("任我用98和畅选99")
    holds(answer, named(operator, "任我用98"), named(operator, "畅选99"))
    assert "任我用98 已停售, 不能新办" in answer.text and "4G 套餐" in answer.text
    assert answer.rows()["限速"][0] == "20 GB 后 1 Mbps" and answer.rows()["网络"] == ["4G", "5G", ""]
    answer = customer.says("畅选99和4G乐享88")
    assert "换成 4G乐享88" not in answer.titles and "4G乐享88 已停售" in answer.text
    assert "换走以后就不能再换回来" in sign_in(3).says("我现在的跟畅选99比").text


def test_the_same_plan_twice(customer: Customer) -> None:
    answer = customer.says("畅选59和畅选59")
    assert "同一个套餐, 畅选59" in answer.text and len(answer.choices) >= 3


def test_three_plans(customer: Customer, sign_in: SignIn, demo: Demo) -> None:
    answer = customer.says("59、79、99哪个好")
    assert set(answer.rows()) == {"畅选59", "畅选79", "畅选99"}
    assert "畅选59 换成 畅选79" in customer.chooses("畅选59 和 畅选79").text
    mine = demo(23)
    answer = sign_in(23).says("59、79、99哪个好")
    for name in ("畅选59", "畅选79", "畅选99"):
        assert f"{name} {written(average(cycle_costs(named(mine.operator, name), mine.usages())))} 元" in answer.text


def test_age_limits(sign_in: SignIn, customer: Customer) -> None:
    assert "银龄卡29 限满 60 周岁办理" in customer.says("畅选39和银龄卡29比").text
    assert "银龄卡29 您现在办不了" in sign_in(23).says("我的跟银龄卡29比").text
    assert "办不了" not in sign_in(16).says("我的跟银龄卡39比").text


def test_nothing_named(customer: Customer) -> None:
    customer.says("有哪些套餐")
    answer = customer.chooses("帮我比两个")
    assert "想比哪两个套餐" in answer.text and re.search("畅选59 和 畅选79", " ".join(answer.titles))


def test_without_a_complete_cycle(sign_in: SignIn, demo: Demo) -> None:
    if demo(19).usages():
        pytest.skip("he has one by now")
    assert "还没有完整账期的用量" in sign_in(19).says("我现在的跟畅选59比").text


def test_and_that_one_is_compared_with_the_first(customer: Customer) -> None:
    customer.says("79和59差在哪")
    assert "畅选79 换成 畅选99" in customer.says("那99的呢").text


def test_and_that_volume_is_looked_for(customer: Customer) -> None:
    customer.says("79和59差在哪")
    customer.says("那畅选79呢")
    answer = customer.says("那50G的呢").text
    assert "50 GB" in answer and "合家享139" in answer
