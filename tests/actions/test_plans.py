"""A plan's listing in full, lists for kinds of people, and a change of plan before and after verification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from actions.change import ChangePlan
from actions.packs import OrderAddOn
from actions.plans import ListPlans, ShowPlan
from botkit.bss.demo.catalogue import load_catalogue
from botkit.telecom.customer import Contract
from botkit.telecom.plan import AddOnKind, Allowances, Eligibility, PenaltyFamily, PenaltyRule, Plan
from botkit.telecom.values import DataVolume, Money
from tests.actions.conftest import Serve
from tests.actions.fakes import PLAN, FakeOperator, FakeVerifications, run, tracker

CATALOGUE = load_catalogue()


def cheap(fee: int = 59, **fields: object) -> Plan:
    has = Allowances(general_data=DataVolume.gb(10), voice_minutes=200)
    return replace(PLAN, id=f"P{fee}", name=f"畅选{fee}", monthly_fee=Money.of(fee), allowances=has, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("plan", CATALOGUE.plans, ids=lambda plan: plan.id)
def test_all_rules_are_all_rules(serve: Serve, plan: Plan) -> None:
    operator = FakeOperator(plans=CATALOGUE.plans)
    chosen = tracker("/ask_plan_details", "ask_plan_details", [("plan", plan.name), ("item", "全部规则")])
    outcome = run(ShowPlan, serve(operator), chosen)
    for note in (*plan.notes, plan.cancellation, f"适用范围: {plan.area}", f"有效期 {plan.validity_months} 个月"):
        assert note in outcome.text
    on_sale = plan.on_sale(operator.now().date())
    assert ("、".join(plan.channels) in outcome.text) == on_sale
    assert outcome.messages[0]["buttons"] == [] and outcome.titles[-1] == ("怎么办理" if on_sale else "看在售套餐")


@pytest.mark.parametrize("plan", CATALOGUE.plans, ids=lambda plan: plan.id)
def test_what_decides_comes_first_and_is_short(serve: Serve, plan: Plan) -> None:
    asked = tracker(f"{plan.name}多少流量", "ask_plan_details", [("plan", plan.name)])
    outcome = run(ShowPlan, serve(FakeOperator(plans=CATALOGUE.plans)), asked)
    (message,) = outcome.messages
    assert "全部规则" in outcome.titles and len(message["text"].splitlines()) <= 9
    assert str(plan.allowances.general_data) in message["text"] or not plan.allowances.general_data
    for step in plan.throttle:
        assert str(step.after) in message["text"], "a slow-down is never left out"
    assert (f"承诺用满 {plan.contract_months} 个月" in message["text"]) == bool(plan.contract_months)


@pytest.mark.parametrize("plan", CATALOGUE.plans, ids=lambda plan: plan.id)
@pytest.mark.parametrize(
    ("said", "says"),
    [
        (
            "打电话是多少分钟",
            lambda plan: f"通话 {plan.allowances.voice_minutes} 分钟" if plan.allowances.voice_minutes else "",
        ),
        ("用超了怎么算", lambda plan: "超出后"),
        ("没用完的能留到下个月不", lambda plan: "可以留到下个账期" if plan.rollover else "不能留到下个账期"),
        ("提前走赔钱不", lambda plan: f"用满 {plan.contract_months} 个月" if plan.contract_months else "没有合约期"),
    ],
)
def test_one_thing_about_the_plan_just_looked_at(
    serve: Serve, plan: Plan, said: str, says: Callable[[Plan], str]
) -> None:
    asked = tracker(said, "ask_plan_details", slots={"focus": {"plan": plan.name}})
    outcome = run(ShowPlan, serve(FakeOperator(plans=CATALOGUE.plans)), asked)
    assert outcome.text.startswith(f"{plan.name}: ") and says(plan) in outcome.text
    assert len(outcome.text.splitlines()) <= 2 + len(plan.throttle) and outcome.slots["focus"]["plan"] == plan.name
    if "分钟" in said:
        assert all(str(step.after) in outcome.text for step in plan.throttle), "a slow-down is never left out"


@pytest.mark.parametrize(
    ("said", "words"), [("老人套餐", "66 岁以上可以办这 1 个"), ("学生套餐", "16 到 30 岁可以办这 1 个")]
)
def test_ages_are_those_of_the_listing(serve: Serve, said: str, words: str) -> None:
    plans = (PLAN, cheap(19, eligibility=Eligibility(min_age=66)), cheap(29, eligibility=Eligibility(16, 30)))
    assert words in run(ListPlans, serve(FakeOperator(plans=plans)), tracker(said, "list_plans")).text


def test_most_data_and_most_minutes_are_those_of_the_plans_on_sale(serve: Serve) -> None:
    on_sale = [plan for plan in CATALOGUE.plans if plan.on_sale(date(2026, 11, 22))]
    for said, measure in (
        ("不限量套餐", lambda plan: plan.allowances.general_data.mb),
        ("通话多的套餐", lambda plan: plan.allowances.voice_minutes),
    ):
        outcome = run(ListPlans, serve(FakeOperator(plans=CATALOGUE.plans)), tracker(said, "list_plans"))
        shown = {row[0]["text"] for row in outcome.messages[0]["custom"]["table"]["rows"]}
        least = min(measure(plan) for plan in on_sale if plan.name in shown)
        assert {plan.name for plan in on_sale if measure(plan) >= least} == shown
        assert len(on_sale) // 4 <= len(shown) <= len(on_sale) // 2


def test_a_change_before_verification_says_effect_and_penalty(serve: Serve) -> None:
    bound = cheap(contract_months=12)
    services = serve(FakeOperator(plans=(PLAN, bound)), FakeVerifications())
    outcome = run(ChangePlan, services, tracker("换成畅选59", "change_plan", [("plan", "畅选59")]))
    assert outcome.text.startswith("换成 畅选59 (月费 59 元)")
    for words in ("下个账期第一天生效", "新套餐要承诺 12 个月", "可能要付违约金", "确认前不会换"):
        assert words in outcome.text
    assert outcome.titles == ["按我的合约算清楚", "转人工办理", "先不换"]
    chosen = tracker("/change_plan", "change_plan", [("plan", "畅选59"), ("mine", "yes")])
    outcome = run(ChangePlan, services, chosen)
    assert outcome.follow_up == "verify_form" and outcome.slots["pending_task"]["action"] == "action_change_plan"


def test_a_change_after_verification_is_worked_out(serve: Serve) -> None:
    rule = PenaltyRule(PenaltyFamily.REMAINING_MONTHS, amount=Money.of(30))
    contract = Contract("优惠", date(2025, 12, 1), 24, Money.of(79), rule)
    services = serve(FakeOperator(plans=(PLAN, cheap()), contract=contract))
    outcome = run(ChangePlan, services, tracker("换成畅选59", "change_plan", [("plan", "畅选59")]))
    assert "跟您现在的 畅选79 比: 每月少 20 元, 流量少 5 GB, 通话少 100 分钟" in outcome.text
    assert "12月1日生效, 那天算违约金 360 元" in outcome.text
    assert outcome.slots["pending_task"] is None


def test_no_general_pack_on_sale_is_not_promised(serve: Serve) -> None:
    packs = tuple(pack for pack in CATALOGUE.add_ons if pack.kind is AddOnKind.SA_DATA)
    on = tracker("办个5G单模包", "order_addon", [("pack_kind", "sa_data")], slots={"device_model": "iQOO Pro 5G"})
    said = run(OrderAddOn, serve(FakeOperator(add_ons=packs)), on).text
    assert "换用支持的手机后再办才划算。" in said and "想多要流量" not in said
    said = run(OrderAddOn, serve(FakeOperator(add_ons=CATALOGUE.add_ons)), on).text
    assert "现在想多要流量, 10GB流量包 15 元在您的手机上能用" in said
