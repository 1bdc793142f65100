"""Customers who want it short get what they need before they decide, and no details; others get both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions.balance import ShowBalance
from actions.base import BotkitAction
from actions.bill import ShowBill
from actions.charges import ExplainCharge
from actions.compare import ComparePlans
from actions.my_plan import ShowContract
from actions.usage import ShowUsage
from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.customer import Contract
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import PenaltyFamily, PenaltyRule
from botkit.telecom.usage import Bucket, BucketKind, DayUsage
from botkit.telecom.values import DataVolume, Money
from tests.actions.conftest import Serve
from tests.actions.fakes import BALANCE, CUSTOMER, CYCLE, FEE, NOW, PLAN, FakeOperator, Outcome, run, tracker

RULE = PenaltyRule(PenaltyFamily.STEPPED_FEES)
CONTRACT = Contract("优惠", date(2025, 10, 1), 24, Money.of(79), RULE)
OVER = BillItem("i1", ItemKind.OUT_OF_PLAN_DATA, "套外流量", Money.of(10), quantity=2048, source="P79")
NIGHT = DayUsage(date(2026, 11, 3), DataVolume(4096), night_data=DataVolume(4096))
BUCKET = Bucket(BucketKind.GENERAL_DATA, "畅选79 通用流量", 15360, 2048, CYCLE.end, "P79")
CHEAPER = replace(PLAN, id="P59", name="畅选59", monthly_fee=Money.of(59))


def bills(_: str, cycle: BillingCycle) -> Bill | None:
    shown = {CYCLE: Bill(CYCLE, (FEE, OVER), final=True), CYCLE.shifted(-1): Bill(CYCLE.shifted(-1), (FEE,), True)}
    return shown.get(cycle)


@pytest.mark.parametrize(
    ("action", "said", "entities", "needed", "detail"),
    [
        (ShowBalance, "查余额", [], "还有 50.00 元", "最近一次充值"),
        (ShowUsage, "流量还剩多少", [], "流量还剩 13 GB", "主卡和副卡共用"),
        (ShowBill, "账单", [], "多 10 元", "变化在"),
        (ExplainCharge, "连着wifi怎么扣流量费", [], "用完以后又用了 2 GB", "WLAN 助理"),
        (ShowContract, "合约", [], "违约金 158 元", "不足 12 个月按 12 个月算"),
        (ComparePlans, "我的和59比", [("number", "59")], "违约金 158 元", "59 元的还有"),
    ],
)
def test_what_is_needed_and_what_is_good_to_know(
    serve: Serve, action: type[BotkitAction], said: str, entities: list[tuple[str, str]], needed: str, detail: str
) -> None:
    def asked(language_simple: bool) -> Outcome:
        operator = FakeOperator(
            customer=replace(CUSTOMER, language_simple=language_simple, family_id="f1"),
            plans=(PLAN, CHEAPER, replace(CHEAPER, id="Q59", name="流量星59", family="流量星")),
            balance=replace(BALANCE, last_recharge=(NOW.date(), Money.of(50))),
            bill=bills,
            buckets=(BUCKET,),
            daily_usage=(NIGHT,),
            contract=CONTRACT,
        )
        return run(action, serve(operator), tracker(said, entities=entities))

    full, short = asked(False), asked(True)
    assert needed in short.text and detail not in short.text
    assert detail in full.text and len(short.text) < len(full.text)
    assert not (short.messages[0]["custom"] or {}).get("table") and short.titles


def test_how_two_bills_differ_in_short(serve: Serve) -> None:
    operator = FakeOperator(customer=replace(CUSTOMER, language_simple=True), bill=bills)
    outcome = run(ExplainCharge, serve(operator), tracker("怎么跟上个月不一样", "dispute_charge"))
    assert "11月一共 89.00 元: 月费 79 元、套外流量 10 元。比10月多 10 元" in outcome.text
