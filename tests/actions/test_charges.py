"""Explanations of bill items that no demo customer has, and what becomes of a sum that does not follow from its rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from actions.charges import ExplainCharge
from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.customer import Contract
from botkit.telecom.plan import AddOn, AddOnKind, PenaltyFamily, PenaltyRule
from botkit.telecom.values import Money
from tests.actions.conftest import Serve
from tests.actions.fakes import CYCLE, FEE, FakeOperator, Outcome, run, tracker


def item(kind: ItemKind, amount: str, **fields: Any) -> BillItem:
    return BillItem("i1", kind, fields.pop("name", "一笔费用"), Money.of(amount), **fields)


def add_on(price: int, **fields: Any) -> AddOn:
    defaults: dict[str, Any] = {
        "id": "A1",
        "name": "一笔费用",
        "kind": AddOnKind.SERVICE,
        "on_sale_from": date(2024, 1, 1),
    }
    return AddOn(**{**defaults, "price": Money.of(price), "monthly": True, **fields})


def asked(serve: Serve, found: BillItem, said: str = "为什么多扣", **answers: Any) -> Outcome:
    bill = Bill(CYCLE, (FEE, found), final=False)
    operator = FakeOperator(bill=lambda _, cycle: bill if cycle == CYCLE else None, **answers)
    return run(ExplainCharge, serve(operator), tracker(said, "dispute_charge", [("item", found.name)]))


def test_a_sum_that_does_not_follow_from_its_rule_is_handed_over(serve: Serve) -> None:
    wrong = item(ItemKind.OUT_OF_PLAN_DATA, "30", quantity=2048, source="P79")
    outcome = asked(serve, wrong)
    assert "这 30 元是11月的“一笔费用”" in outcome.messages[0]["text"]
    assert "按规则算应是 10 元, 账单上是 30 元, 对不上" in outcome.messages[1]["text"]
    assert outcome.hand_over == {
        "reason": "too_complex",
        "topic": "billing",
        "rule": "charge_mismatch",
        "title": "账单和规则对不上",
    }
    assert outcome.slots["focus"] == {"item": "一笔费用", "month": "11"}


def test_a_sum_that_follows_is_not(serve: Serve) -> None:
    outcome = asked(serve, item(ItemKind.OUT_OF_PLAN_DATA, "10", quantity=2048, source="P79"))
    assert "用完以后又用了 2 GB。超出部分 0.03 元/MB, 满 5 元送到 1 GB, 算下来 10 元" in outcome.text
    assert outcome.hand_over is None


def test_upset_with_more_than_one_sign_of_it_is_handed_over(serve: Serve) -> None:
    service = item(ItemKind.SERVICE, "5", source="A1")
    outcome = asked(serve, service, "又扣我五块, 你们到底管不管", add_on=add_on(5))
    assert "每月 5 元" in outcome.text and outcome.hand_over["rule"] == "frustrated"
    assert asked(serve, service, "凭什么扣我五块", add_on=add_on(5)).hand_over is None


@pytest.mark.parametrize(
    ("found", "answers", "words"),
    [
        (item(ItemKind.ADD_ON, "15", source="A1"), {"add_on": add_on(15)}, "这是您加订的业务, 每次 15 元"),
        (item(ItemKind.ADD_ON, "15", source="A1"), {}, "这是您加订的业务。"),
        (item(ItemKind.SERVICE, "3", source="A1"), {"add_on": add_on(3)}, "这是您开通的业务, 每月 3 元"),
        (item(ItemKind.OUT_OF_PLAN_SMS, "0.5", quantity=5), {}, "含 0 条短信, 超出 5 条 × 0.1 元 = 0.50 元"),
        (item(ItemKind.OUT_OF_PLAN_SMS, "0.5"), {}, "套餐外的短信费"),
        (item(ItemKind.OUT_OF_PLAN_VOICE, "1.5"), {}, "套餐分钟数用完以后的通话费"),
        (item(ItemKind.ROAMING, "60"), {}, "没有出境也可能在口岸附近连到境外网络"),
        (item(ItemKind.MINIMUM_TOP_UP, "12"), {}, "每月最低消费"),
        (item(ItemKind.PENALTY, "90"), {}, "提前结束合约的违约金"),
        (item(ItemKind.DISCOUNT, "-20"), {}, "少收 20 元"),
        (item(ItemKind.THIRD_PARTY, "8", source="A1"), {}, "话费代收的第三方服务费"),
        (item(ItemKind.PLAN_FEE_PRORATED, "8"), {}, "首月按天收费"),
    ],
)
def test_each_kind_has_its_sentence(serve: Serve, found: BillItem, answers: dict[str, Any], words: str) -> None:
    outcome = asked(serve, found, **answers)
    assert words in outcome.text and outcome.hand_over is None


def test_penalty_by_its_contract(serve: Serve) -> None:
    rule = PenaltyRule(PenaltyFamily.REMAINING_MONTHS, amount=Money.of(30))
    contract = Contract("24 个月优惠", date(2025, 1, 1), 24, Money.of(79), rule)
    outcome = asked(serve, item(ItemKind.PENALTY, "60", days=(date(2026, 11, 1),)), contract=contract)
    assert "“24 个月优惠”原定到 12月31日, 提前结束时还剩 2 个月, 按约定收 60 元" in outcome.text


def test_days_not_in_a_row_are_listed(serve: Serve) -> None:
    days = (date(2026, 11, 9), date(2026, 11, 3))
    outcome = asked(serve, item(ItemKind.OUT_OF_PLAN_DATA, "10", quantity=2048, source="P79", days=days))
    assert "发生在 11月3日、11月9日" in outcome.text


def test_no_bill_at_all(serve: Serve) -> None:
    outcome = run(ExplainCharge, serve(FakeOperator(bill=None)), tracker("为什么多扣", "dispute_charge"))
    assert "查不到11月的账单" in outcome.text and outcome.titles == ["本期账单", "上一期的"]


def test_an_amount_by_number_alone(serve: Serve) -> None:
    """又扣我二十: a number without 元."""
    bill = Bill(CYCLE, (FEE, item(ItemKind.SERVICE, "20", name="来电提醒", source="A1")), final=False)
    operator = FakeOperator(bill=bill, add_on=add_on(20))
    outcome = run(ExplainCharge, serve(operator), tracker("又扣我二十", "dispute_charge", [("number", "20")]))
    assert "“来电提醒”" in outcome.text


def test_the_amount_of_a_difference(serve: Serve) -> None:
    """比上个月多了 7 块: no item has it, the two bills differ by it."""
    last, before = CYCLE.shifted(-1), CYCLE.shifted(-2)
    bills = {
        CYCLE: Bill(CYCLE, (FEE,), final=False),
        last: Bill(
            last, (FEE, item(ItemKind.OUT_OF_PLAN_VOICE, "9", name="套外语音", quantity=60, source="P79")), True
        ),
        before: Bill(
            before, (FEE, item(ItemKind.OUT_OF_PLAN_VOICE, "2", name="套外语音", quantity=13, source="P79")), True
        ),
    }
    operator = FakeOperator(bill=lambda _, cycle: bills.get(cycle))
    outcome = run(ExplainCharge, serve(operator), tracker("怎么多了7块", "dispute_charge", [("amount", "7")]))
    assert "比9月的 81.00 元多 7 元" in outcome.text and "套外语音多 7 元" in outcome.text
    assert Decimal(88) == bills[last].amount.yuan
