from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.charging import charge_cycle
from botkit.telecom.explain import WIFI_BACKGROUND, explain_item, odd_items
from botkit.telecom.plan import AddOnKind, PenaltyFamily, PenaltyRule, Plan
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import Money

from .builders import LADDER, bill, contract, gb, item, pack, plan, prices
from .strategies import bills, plans, usages

PLAN = plan(79, sms=10, out_of_plan=prices(LADDER))
PACK = pack(15, 10)
VIDEO = pack(20, 0, id="video", kind=AddOnKind.SERVICE, monthly=True, provider="某科技")


@pytest.mark.parametrize("kind", ItemKind)
def test_every_kind_has_a_rule(kind: ItemKind) -> None:
    explanation = explain_item(item(kind, 1), None, None)
    assert explanation.rule == kind.value
    assert explanation.facts["amount"] == Money.of(1)
    assert not explanation.matches  # with nothing to go by


JOINED_LATE = {"since": date(2026, 11, 20), "quantity": 11}  # 20 to 30 November


@pytest.mark.parametrize(
    ("charged", "expected"),
    [
        (item(ItemKind.PLAN_FEE, 79, source="P79"), "79"),
        (item(ItemKind.PLAN_FEE_PRORATED, "28.97", source="P79", **JOINED_LATE), "28.97"),  # 79 × 11 / 30
        (item(ItemKind.OUT_OF_PLAN_DATA, "5", quantity=1024), "5"),
        (item(ItemKind.OUT_OF_PLAN_DATA, "15.03", quantity=3073), "15.03"),  # 3 × 5, then 1 MB × 0.03
        (item(ItemKind.OUT_OF_PLAN_VOICE, "4.35", quantity=29), "4.35"),  # 29 × 0.15
        (item(ItemKind.OUT_OF_PLAN_SMS, "0.70", quantity=7), "0.70"),
    ],
)
def test_what_the_plan_explains(charged: BillItem, expected: str) -> None:
    explanation = explain_item(charged, PLAN, None)
    assert explanation.expected == Money.of(expected)
    assert explanation.matches
    assert explanation.facts["plan"] == "畅选 79"


@pytest.mark.parametrize("kind", [ItemKind.ADD_ON, ItemKind.SERVICE, ItemKind.THIRD_PARTY, ItemKind.ROAMING])
def test_what_a_product_explains(kind: ItemKind) -> None:
    assert explain_item(item(kind, 15, source="A15"), PLAN, PACK).matches
    assert explain_item(item(kind, 30, source="A15", quantity=2), PLAN, PACK).matches
    assert not explain_item(item(kind, 30, source="A15"), PLAN, PACK).matches


def test_a_third_party_charge_tells_since_when_and_how_much_so_far() -> None:
    charged = item(ItemKind.THIRD_PARTY, 20, source="video", since=date(2026, 7, 3), times_charged=5, provider="某科技")
    facts = explain_item(charged, PLAN, VIDEO).facts
    assert facts["since"] == date(2026, 7, 3)
    assert (facts["provider"], facts["times_charged"], facts["charged_so_far"]) == ("某科技", 5, Money.of(100))


def test_out_of_plan_data_tells_volume_days_and_price() -> None:
    days = (date(2026, 11, 18), date(2026, 11, 7))
    facts = explain_item(item(ItemKind.OUT_OF_PLAN_DATA, 5, quantity=1024, days=days), PLAN, None).facts
    assert (facts["volume"], facts["included"], facts["days"]) == (gb(1), gb(15), days)
    assert (facts["rate"], facts["cap"], facts["capped"]) == (LADDER, Money.of(600), False)


def test_out_of_plan_data_at_the_cap() -> None:
    explanation = explain_item(item(ItemKind.OUT_OF_PLAN_DATA, 600, quantity=300 * 1024), PLAN, None)
    assert explanation.matches
    assert explanation.facts["capped"] is True


def test_data_that_the_customer_says_was_wifi() -> None:
    data = item(ItemKind.OUT_OF_PLAN_DATA, 5, quantity=1024)
    explanation = explain_item(data, PLAN, None, on_wifi=True)
    assert (explanation.rule, explanation.matches) == (WIFI_BACKGROUND, True)
    assert explain_item(item(ItemKind.PLAN_FEE, 79), PLAN, None, on_wifi=True).rule == "plan_fee"


def test_a_penalty_by_the_contract_that_was_ended() -> None:
    deal = contract(PenaltyRule(PenaltyFamily.REMAINING_MONTHS, amount=Money.of(10)))
    charged = item(ItemKind.PENALTY, 130, days=(date(2026, 11, 20),))  # 13 months left × 10
    explanation = explain_item(charged, PLAN, None, contract=deal)
    assert explanation.matches
    assert explanation.facts["months_left"] == 13


def test_a_penalty_without_the_day_or_the_contract_is_not_computed() -> None:
    deal = contract(PenaltyRule(PenaltyFamily.FLAT, amount=Money.of(200)))
    assert explain_item(item(ItemKind.PENALTY, 200), PLAN, None, contract=deal).expected is None
    assert explain_item(item(ItemKind.PENALTY, 200, days=(date(2026, 11, 20),)), PLAN, None).expected is None


def test_a_first_month_that_ends_on_the_27th() -> None:
    # the cycle from 28 October to 27 November has 31 days: 79 × 8 / 31 = 20.387
    charged = item(ItemKind.PLAN_FEE_PRORATED, "20.39", since=date(2026, 11, 20), quantity=8)
    assert explain_item(charged, PLAN, None).matches


@pytest.mark.parametrize(
    "wrong",
    [
        item(ItemKind.PLAN_FEE, "79.01"),
        item(ItemKind.PLAN_FEE_PRORATED, 79, **JOINED_LATE),
        item(ItemKind.OUT_OF_PLAN_DATA, "5.01", quantity=1024),
        item(ItemKind.OUT_OF_PLAN_VOICE, "4.36", quantity=29),
        item(ItemKind.OUT_OF_PLAN_SMS, "0.71", quantity=7),
    ],
)
def test_a_wrong_amount_is_seen(wrong: BillItem) -> None:
    explanation = explain_item(wrong, PLAN, None)
    assert explanation.expected is not None
    assert not explanation.matches


def test_out_of_plan_data_on_a_throttled_plan_is_wrong() -> None:
    throttled = plan(98, out_of_plan=prices(data=None))
    explanation = explain_item(item(ItemKind.OUT_OF_PLAN_DATA, 5, quantity=1024), throttled, None)
    assert (explanation.expected, explanation.matches) == (Money.of(0), False)


@pytest.mark.parametrize(
    "vague",
    [
        item(ItemKind.PLAN_FEE, 79, source="P99"),  # of another plan
        item(ItemKind.ADD_ON, 15, source="A99"),
        item(ItemKind.OUT_OF_PLAN_DATA, 5),  # no quantity
        item(ItemKind.OUT_OF_PLAN_VOICE, 5),
        item(ItemKind.PLAN_FEE_PRORATED, "28.97", quantity=11),  # no first day
        item(ItemKind.PLAN_FEE_PRORATED, "28.97", since=date(2026, 11, 20), quantity=9),  # no cycle ends on the 28th
        item(ItemKind.DISCOUNT, -10),
    ],
)
def test_what_cannot_be_computed_does_not_match(vague: BillItem) -> None:
    explanation = explain_item(vague, PLAN, PACK)
    assert (explanation.expected, explanation.matches) == (None, False)


@given(plans, usages)
def test_what_a_cycle_costs_is_explained_to_the_fen(chosen: Plan, used: CycleUsage) -> None:
    cost = charge_cycle(chosen, used)
    charged = [
        item(ItemKind.PLAN_FEE, 0, amount=cost.plan_fee),
        item(ItemKind.OUT_OF_PLAN_DATA, 0, amount=cost.data, quantity=cost.over_data.mb),
        item(ItemKind.OUT_OF_PLAN_VOICE, 0, amount=cost.voice, quantity=cost.over_minutes),
        item(ItemKind.OUT_OF_PLAN_SMS, 0, amount=cost.sms, quantity=cost.over_sms),
    ]
    assert all(explain_item(line, chosen, None).matches for line in charged)


FEE = item(ItemKind.PLAN_FEE, 79, name="套餐费")
FILM = item(ItemKind.THIRD_PARTY, 20, name="视频")
DATA = item(ItemKind.OUT_OF_PLAN_DATA, 13, name="流量")
LESS_DATA = replace(DATA, amount=Money.of(5))
RING_TONE = item(ItemKind.SERVICE, 5, name="彩铃")
NEW_PACK = item(ItemKind.ADD_ON, 15, name="包")


def test_odd_items_the_most_surprising_first() -> None:
    small_pack, dearer_tone = replace(NEW_PACK, amount=Money.of(4)), replace(RING_TONE, amount=Money.of(25))
    # increases of 20, 8, 4 and 0: the kind counts before the size
    odd = odd_items(bill(FEE, dearer_tone, DATA, small_pack, FILM), bill(FEE, RING_TONE, LESS_DATA, FILM))
    assert odd == (FILM, small_pack, DATA, dearer_tone)


def test_the_larger_increase_first() -> None:
    messages = item(ItemKind.OUT_OF_PLAN_SMS, 10, name="短信")  # last month 9.50
    odd = odd_items(bill(messages, DATA), bill(LESS_DATA, replace(messages, amount=Money.of("9.50"))))
    assert odd == (DATA, messages)


def test_a_smaller_discount_is_odd_and_a_new_one_is_not() -> None:
    discount = item(ItemKind.DISCOUNT, -20, name="优惠")
    smaller = replace(discount, amount=Money.of(-10))
    assert odd_items(bill(FEE, smaller), bill(FEE, discount)) == (smaller,)
    assert odd_items(bill(FEE, discount), bill(FEE)) == ()


def test_without_a_last_bill_nothing_is_new() -> None:
    penalty = item(ItemKind.PENALTY, 120, name="违约金")
    assert odd_items(bill(FEE, NEW_PACK, DATA, penalty, FILM), None) == (FILM, penalty, DATA)


def test_a_free_trial_is_not_odd_yet() -> None:
    assert odd_items(bill(replace(FILM, amount=Money.of(0))), None) == ()


def test_a_bill_like_the_last_one_has_nothing_odd() -> None:
    assert odd_items(bill(FEE, RING_TONE), bill(FEE, RING_TONE)) == ()


@given(bills, st.none() | bills)
def test_odd_items_are_items_of_the_bill(now: Bill, last: Bill | None) -> None:
    odd = odd_items(now, last)
    assert len(odd) <= len(now.items)
    assert all(one in now.items for one in odd)
    assert all(one in odd for one in now.items if one.kind is ItemKind.THIRD_PARTY and one.amount > Money.of(0))
