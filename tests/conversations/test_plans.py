"""Plans on paper: the list, one plan's rules, my own plan and contract, and how to change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from botkit.bss.port import Operator, OrderState
from botkit.telecom.plan import AddOnKind
from tests.conversations.conftest import Demo, LetTimePass, SignIn
from tests.conversations.figures import day, named, written
from tests.driver import Customer

pytestmark = pytest.mark.model


def test_every_plan_on_sale_is_listed(customer: Customer, operator: Operator) -> None:
    on_sale = {plan.name for plan in operator.plans() if plan.on_sale(operator.now().date())}
    answer = customer.says("有哪些套餐")
    assert set(answer.rows()) == on_sale and f"在售套餐共 {len(on_sale)} 个" in answer.text


@pytest.mark.parametrize(
    ("question", "family"),
    [
        ("有没有老人套餐", "银龄卡"),
        ("有给孩子用的套餐吗", "小星卡"),
        ("有什么学生套餐", "青星卡"),
        ("一家人用的套餐", "合家享"),
    ],
)
def test_for_a_kind_of_person(customer: Customer, operator: Operator, question: str, family: str) -> None:
    today = operator.now().date()
    expected = {plan.name for plan in operator.plans() if plan.family == family and plan.on_sale(today)}
    assert set(customer.says(question).rows()) == expected


def test_unlimited_is_not_promised(customer: Customer, operator: Operator) -> None:
    assert all(p.out_of_plan.data is not None for p in operator.plans() if p.on_sale(operator.now().date()))
    answer = customer.says("有没有不限量的套餐")
    assert answer.text.startswith("没有真正不限量的套餐") and "流量用完都按量另收" in answer.text


@pytest.mark.parametrize("name", ["畅选79", "星享5G199", "畅聊58", "青星卡39", "任我用98", "无忧卡5", "合家享副卡"])
def test_all_rules_of_one_plan(customer: Customer, operator: Operator, name: str) -> None:
    plan = named(operator, name)
    text = customer.says(f"{name}有什么内容, 规则都说说").text
    assert all(note in text for note in (*plan.notes, plan.cancellation))
    assert text.startswith(f"{name}, 月费 {written(plan.monthly_fee.yuan)} 元")
    assert f"通用流量 {plan.allowances.general_data}" in text and f"方案编号 {plan.id}" in text
    assert f"通话 {plan.out_of_plan.voice_per_minute.normalize():f} 元/分钟" in text
    assert ("不能新办" in text) == (not plan.on_sale(operator.now().date()))
    assert (f"承诺用满 {plan.contract_months} 个月" in text) if plan.contract_months else "没有合约期" in text
    assert ("4G 套餐" in text) == (plan.network == "4G")
    assert ("停网" in text) == (plan.out_of_plan.data_cap is not None)
    assert ("留到下个账期用一次" in text) == plan.rollover
    for perk in plan.perks:
        assert perk in text
    for step in plan.throttle:
        assert str(step.after) in text
    assert "通话 0 分钟" not in text and "短信 0 条" not in text


def test_a_fee_alone_and_its_double(customer: Customer) -> None:
    answer = customer.says("199的套餐有什么")
    assert answer.text.startswith("畅选199, 月费 199 元") and "同样月费的还有 星享5G199" in answer.text
    assert customer.chooses("星享5G199").text.startswith("星享5G199")


def test_a_fee_that_no_plan_has(customer: Customer) -> None:
    answer = customer.says("77的套餐有多少流量")
    assert "没有 77 元的套餐" in answer.text and "全部套餐" in answer.titles


def test_my_plan(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(27)
    answer = sign_in(27).says("我现在什么套餐")
    assert f"您现在是 {mine.plan.name}, 月费 {written(mine.plan.monthly_fee.yuan)} 元" in answer.text
    for held in mine.operator.subscriptions(mine.customer.id):
        if not held.is_plan:
            price = mine.operator.add_on(held.product_id).price.yuan
            assert f"{held.name} {written(price)} 元 ({day(held.since, mine.today)}起)" in answer.text


def test_my_old_plan(sign_in: SignIn) -> None:
    assert "已经停售, 您可以一直用" in sign_in(24).says("我的套餐").text


def test_child(sign_in: SignIn) -> None:
    assert "您现在是 小星卡19" in sign_in(20).says("我的套餐").text
    assert "由监护人办理" not in sign_in(20).says("有没有便宜点的").text


def test_contract_with_penalty_today(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(28)
    contract = mine.operator.contract(mine.customer.id)
    assert contract is not None and contract.penalty.base is not None and contract.penalty.amount is not None
    served = (mine.today.year - contract.start.year) * 12 + mine.today.month - contract.start.month
    served -= mine.today.day < contract.start.day
    assert served == 14
    due = contract.penalty.base.yuan + contract.penalty.amount.yuan * (contract.months - 1 - served)
    text = sign_in(28).says("合约什么时候到期").text
    assert f"还剩 {contract.months - served} 个月" in text and f"违约金 {written(due)} 元" in text
    assert f"每期 {contract.penalty.amount.yuan} 元" in text


def test_no_contract(sign_in: SignIn) -> None:
    assert "没有在期的合约" in sign_in(24).says("我有合约吗").text


def test_a_change_that_is_on_its_way(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(26)
    (order,) = [o for o in mine.operator.orders(mine.customer.id) if o.state is OrderState.SCHEDULED]
    due = f"{day(order.effective, mine.today)}生效"
    answer = sign_in(26).says("我的套餐")
    assert f"已预约换成 {order.product_name}, {due}" in answer.text
    answer = sign_in(26).says("我办的业务进度怎么样了")
    assert f"{order.product_name}: 已预约" in answer.text and due in answer.text
    assert "已预约换成 畅选99" in sign_in(26).says("换成畅选79").text


def test_no_orders(sign_in: SignIn) -> None:
    answer = sign_in(24).says("我办的业务进度怎么样了")
    assert "没有在办的业务" in answer.text and "转人工" in answer.titles


def test_change_without_a_name_then_with_a_bare_one(customer: Customer) -> None:
    assert "想换成哪个套餐" in customer.says("我要换套餐").text
    answer = customer.says("畅选59")
    assert answer.text.startswith("换成 畅选59 (月费 59 元)")
    assert "可能要付违约金" in answer.text and "下个账期第一天生效" in answer.text
    customer.says("我要换套餐")
    assert customer.says("79").text.startswith("换成 畅选79")


def test_a_change_is_worked_out_after_verification(customer: Customer, let_time_pass: LetTimePass) -> None:
    let_time_pass("17000000023", timedelta(hours=2))
    customer.says("换成畅选79")
    assert "请发您的手机号码" in customer.chooses("按我的合约算清楚").text
    customer.says("17000000023")
    answer = customer.says(customer.code("17000000023"))
    assert "跟您现在的 畅选129 比: 每月少 50 元" in answer.text and "违约金 120 元" in answer.text


def test_change_to_what_is_sold_no_more(customer: Customer) -> None:
    assert "任我用98 已停售, 不能新办" in customer.says("换成任我用98").text


def test_change_to_my_own(sign_in: SignIn) -> None:
    assert "就是您现在的套餐" in sign_in(23).says("换成畅选129").text


def test_packs_by_kind(customer: Customer, operator: Operator) -> None:
    today = operator.now().date()
    for question, kind in (
        ("加个流量包", AddOnKind.DATA),
        ("加个短信包", AddOnKind.SMS),
        ("有夜间的流量包吗, 想办一个", AddOnKind.NIGHT_DATA),
    ):
        expected = {pack.name for pack in operator.add_ons() if pack.kind is kind and pack.on_sale(today)}
        answer = customer.says(question)
        shown = set(answer.rows()) if answer.table else {answer.text.split(",")[0]}
        assert shown <= expected and shown, question


def test_one_pack(customer: Customer) -> None:
    answer = customer.says("办个10GB流量包")
    assert answer.text.startswith("10GB流量包, 15 元。") and "不结转" in answer.text and "确认前不会收费" in answer.text


def test_5g_only_pack_for_a_phone_that_cannot(sign_in: SignIn, operator: Operator) -> None:
    answer = sign_in(12).says("我想办那个5G单模流量包")
    general = next(pack for pack in operator.add_ons() if pack.kind is AddOnKind.DATA)
    assert answer.text.startswith("先提醒一件事: 您登记的 iQOO Pro 5G 是早期 5G 手机, 用不了")
    assert f"{general.name} {written(general.price.yuan)} 元在您的手机上能用" in answer.text
    assert answer.titles == ["看通用流量包", "我已换手机", "什么是独立组网"] and answer.table is None


def test_5g_only_pack_for_a_4g_phone(sign_in: SignIn) -> None:
    assert "iPhone 11 是 4G 手机, 用不了" in sign_in(14).says("我想办那个5G单模流量包").text


def test_5g_only_pack_for_a_phone_that_can(sign_in: SignIn) -> None:
    customer = sign_in(13)
    answer = customer.says("我想办那个5G单模流量包")
    assert "iPhone 15 Pro 支持独立组网" in answer.text and answer.table is not None
    answer = customer.chooses("加 5G单模流量包10GB 0 元")
    assert "承诺 6 个月" in answer.text and "月费 59 元以上" in answer.text


def test_5g_only_pack_for_an_unknown_phone(customer: Customer) -> None:
    answer = customer.says("我想办那个5G单模流量包")
    assert "手机要支持, 也要开对开关" in answer.text and "我的手机支持吗" in answer.titles


def test_cancel_one_of_several(sign_in: SignIn) -> None:
    customer = sign_in(6)
    answer = customer.says("我要退订业务")
    assert "来电提醒 3 元、炫动视频会员 20 元" in answer.text and "要退哪一个?" in answer.text
    answer = customer.says("退炫动视频会员")
    assert answer.text.startswith("炫动视频会员 (每月 20 元)") and "退之前会再跟您确认" in answer.text


def test_cancel_the_only_one(sign_in: SignIn) -> None:
    assert sign_in(16).says("退订手机报").text.startswith("掌上新闻手机报 (每月 3 元)")


def test_cancel_what_one_does_not_have(sign_in: SignIn) -> None:
    assert "您没有开通彩铃" in sign_in(6).says("退订彩铃").text
    assert "没有可退订的" in sign_in(28).says("退订业务").text


def test_the_penalty_of_today_and_of_a_change(sign_in: SignIn) -> None:
    """Demo customer 23 has five months left today, and four on the day on which a change would take effect."""
    answer = sign_in(23).says("违约金怎么算的")
    assert "今天解约违约金 150 元; 换套餐 " in answer.text and "生效, 那天算 120 元" in answer.text


def test_plans_with_so_much_in_them(customer: Customer) -> None:
    answer = customer.says("有没有12G左右的套餐")
    assert "每月至少含通用流量 12 GB" in answer.text and "流量星49" in answer.rows()


def test_a_plan_for_a_use_that_is_told(customer: Customer) -> None:
    """12 GB and 100 minutes: 49 + 70 × 0.25 on 流量星49; on 畅选79 nothing is beyond."""
    answer = customer.says("我一个月用12个G 打电话不多")
    assert "每月 12 GB 流量、100 分钟通话, 最省的是 流量星49, 连超出的一共 66.50 元" in answer.text
    assert "不会用超的里面最省的是 畅选79, 79 元" in answer.text and "通话先按每月 100 分钟算" in answer.text
    assert answer.rows()["流量星49"][3] == "66.50 元"
