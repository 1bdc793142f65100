from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import EffectRule, PenaltyFamily, PenaltyRule, Plan
from botkit.telecom.switching import SwitchTerms, switch_terms
from botkit.telecom.usage import BucketKind
from botkit.telecom.values import NO_DATA, Money

from .builders import NOVEMBER, bucket, contract, gb, plan

GB = 1024
TODAY = date(2026, 11, 20)
CURRENT = plan(129, general=30, perks=("video", "music"))
CHEAPER = plan(79, perks=("music",))
BOUND = contract(PenaltyRule(PenaltyFamily.REMAINING_MONTHS, amount=Money.of(10)), commitment=129)  # to 2027-11-30


def terms(new: Plan = CHEAPER, **changes: Any) -> SwitchTerms:
    defaults: dict[str, Any] = {
        "contract": None,
        "buckets": [],
        "cycle": NOVEMBER,
        "today": TODAY,
        "saving_per_month": None,
    }
    return switch_terms(changes.pop("current", CURRENT), new, **(defaults | changes))


def test_takes_effect_on_the_first_day_of_the_next_cycle() -> None:
    assert terms().effective == date(2026, 12, 1)


def test_takes_effect_by_the_customers_own_billing_day() -> None:
    cycle = BillingCycle.containing(TODAY, billing_day=15)
    assert terms(cycle=cycle).effective == date(2026, 12, 15)


def test_ordered_on_the_last_day_it_takes_effect_the_day_after() -> None:
    assert terms(today=NOVEMBER.end).effective == date(2026, 12, 1)


def test_an_immediate_plan_takes_effect_today() -> None:
    assert terms(replace(CHEAPER, effect=EffectRule.IMMEDIATE)).effective == TODAY


def test_a_downgrade_breaks_the_contract() -> None:
    # served 12 of 24 months on 2026-12-01, the day it takes effect: 12 × 10
    penalty = terms(contract=BOUND).penalty
    assert penalty is not None
    assert (penalty.amount, penalty.months_left) == (Money.of(120), 12)


@pytest.mark.parametrize("fee", [129, 169])
def test_a_plan_that_keeps_the_commitment_does_not(fee: int) -> None:
    assert terms(plan(fee), contract=BOUND).penalty is None


def test_a_contract_that_ends_before_the_change_takes_effect_is_kept() -> None:
    ends_with_the_cycle = replace(BOUND, months=12)  # 2025-12-01 to 2026-11-30
    assert terms(contract=ends_with_the_cycle).penalty is None
    assert terms(replace(CHEAPER, effect=EffectRule.IMMEDIATE), contract=ends_with_the_cycle).penalty is not None


@pytest.mark.parametrize(
    ("saving", "months"),
    [
        (None, None),
        ("0", None),
        ("-5", None),
        ("50", 3),  # 120 / 50 = 2.4
        ("40", 3),  # 120 / 40 = 3 exactly
        ("39.99", 4),
        ("500", 1),
    ],
)
def test_payback(saving: str | None, months: int | None) -> None:
    saved = None if saving is None else Money.of(saving)
    assert terms(contract=BOUND, saving_per_month=saved).payback_months == months


@pytest.mark.parametrize(
    ("saving", "wait"),
    [
        (None, False),  # not known: not judged
        ("10", False),  # 12 months for 120, and 12 are left
        ("9.99", True),  # 13
        ("0", True),
        ("-5", True),
    ],
)
def test_a_penalty_that_the_contract_outlives_is_not_worth_it(saving: str | None, wait: bool) -> None:
    saved = None if saving is None else Money.of(saving)
    assert terms(contract=BOUND, saving_per_month=saved).better_wait is wait


def test_who_pays_no_penalty_need_not_wait() -> None:
    assert not terms(saving_per_month=Money.of("0.01")).better_wait
    free = replace(BOUND, penalty=PenaltyRule())
    assert not terms(contract=free, saving_per_month=Money.of("0.01")).better_wait


def test_nothing_to_pay_back_without_a_penalty() -> None:
    assert terms(saving_per_month=Money.of(50)).payback_months is None
    free = replace(BOUND, penalty=PenaltyRule())
    assert terms(contract=free, saving_per_month=Money.of(50)).payback_months is None


@pytest.mark.parametrize(
    ("used_gb", "at_next_cycle", "at_once"),
    [
        (0, 30, 32),  # 2 carried over and 30 of its own: the 2 expire at the end of the cycle in any case
        (1, 30, 31),
        (2, 30, 30),
        (12, 20, 20),
        (32, 0, 0),
        (40, 0, 0),
    ],
)
def test_unused_data_that_is_lost(used_gb: int, at_next_cycle: int, at_once: int) -> None:
    granted = bucket(32 * GB, used_gb * GB, rolled_over=2 * GB, source=CURRENT.id)
    assert terms(buckets=[granted]).rollover_lost == gb(at_next_cycle)
    immediate = replace(CHEAPER, effect=EffectRule.IMMEDIATE)
    assert terms(immediate, buckets=[granted]).rollover_lost == gb(at_once)


def test_no_rollover_is_lost_on_a_plan_without_rollover() -> None:
    granted = bucket(30 * GB, source=CURRENT.id)
    assert terms(current=replace(CURRENT, rollover=False), buckets=[granted]).rollover_lost == NO_DATA


def test_other_buckets_are_not_lost() -> None:
    buckets = [
        bucket(10 * GB, source="A15"),
        bucket(500, kind=BucketKind.VOICE, source=CURRENT.id),
        bucket(10 * GB, kind=BucketKind.DIRECTED_DATA, source=CURRENT.id),
    ]
    assert terms(buckets=buckets).rollover_lost == NO_DATA


def test_perks_and_the_new_contract() -> None:
    switched = terms(replace(CHEAPER, contract_months=12))
    assert switched.perks_lost == ("video",)
    assert switched.new_contract_months == 12
