"""The catalogue says everything that the regulator's disclosure listing asks for."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from botkit.bss.demo.catalogue import CATALOGUE, Catalogue, load_catalogue
from botkit.bss.demo.reading import MalformedData
from botkit.bss.port import UnknownProduct
from botkit.telecom.customer import Contract
from botkit.telecom.plan import AddOnKind, PenaltyFamily, PenaltyRule, Plan
from botkit.telecom.termination import early_termination_fee
from botkit.telecom.values import Money

SCHEME_ID = re.compile(r"\d{2}XQ9\d{5}")
NOVEMBER = date(2026, 11, 22)
WRITTEN: dict[str, list[dict[str, Any]]] = yaml.safe_load(CATALOGUE.read_text("utf-8"))
PLANS = pytest.mark.parametrize("written", WRITTEN["plans"], ids=lambda plan: str(plan["name"]))
ADD_ONS = pytest.mark.parametrize("written", WRITTEN["add_ons"], ids=lambda add_on: str(add_on["name"]))

FAMILIES = {
    "畅选": [39, 59, 79, 99, 129, 169, 199],
    "星享5G": [199, 299, 399],
    "青星卡": [29, 39],
    "银龄卡": [19, 29, 39],
    "小星卡": [19],
    "爱心卡": [19],
    "无忧卡": [5, 8],
    "流量星": [49, 69],
    "畅聊": [58, 88],
    "合家享": [139, 169, 239],
    "任我用": [98, 198],
    "4G乐享": [58, 88, 138],
}


@PLANS
def test_every_field_of_a_plan_is_written_not_left_to_a_default(written: dict[str, Any]) -> None:
    assert {field.name for field in dataclasses.fields(Plan)} == written.keys()


@PLANS
@pytest.mark.parametrize(
    "field", ["name", "family", "network", "allowances", "area", "channels", "cancellation", "notes", "aliases"]
)
def test_no_field_of_a_plan_is_empty(written: dict[str, Any], field: str) -> None:
    assert written[field]


@ADD_ONS
@pytest.mark.parametrize("field", ["name", "area", "channels", "cancellation", "notes", "aliases"])
def test_no_field_of_an_add_on_is_empty(written: dict[str, Any], field: str) -> None:
    assert written[field]


@ADD_ONS
def test_an_add_on_says_how_long_it_is_good_for_and_how_it_ends(written: dict[str, Any]) -> None:
    said = {"monthly", "on_sale_from", "on_sale_until", "validity_days", "hours", "rollover", "effect", "months"}
    assert said | {"penalty", "eligibility", "provider"} <= written.keys()


@pytest.mark.parametrize("family", FAMILIES)
def test_the_ladder_of_each_family(catalogue: Catalogue, family: str) -> None:
    names = {plan.name: plan.monthly_fee for plan in catalogue.plans if plan.family == family}
    assert {f"{family}{fee}": Money.of(fee) for fee in FAMILIES[family]}.items() <= names.items()


def test_there_are_enough_products(catalogue: Catalogue) -> None:
    assert len(catalogue.plans) >= 27
    assert len(catalogue.add_ons) >= 17
    assert {add_on.kind for add_on in catalogue.add_ons} == set(AddOnKind)


def test_scheme_ids_have_the_published_form(catalogue: Catalogue) -> None:
    for product in catalogue.products:
        assert SCHEME_ID.fullmatch(product.id), product.name


def test_data_beyond_the_plan_is_charged_up_to_600_yuan_or_slowed_down(catalogue: Catalogue) -> None:
    for plan in catalogue.plans:
        if plan.out_of_plan.data is None:
            assert plan.throttle and plan.out_of_plan.data_cap is None
            assert plan.throttle[0].after == plan.allowances.general_data
        else:
            assert not plan.throttle
            assert plan.out_of_plan.data_cap == Money.of(600)


def test_slowed_plans_are_legacy_and_say_threshold_and_speed(catalogue: Catalogue) -> None:
    for plan in catalogue.plans:
        if plan.throttle:
            assert plan.on_sale_until == date(2019, 9, 1)
            for step in plan.throttle:
                speed = f"{step.kbps} Kbps" if step.kbps < 1024 else f"{step.kbps // 1024} Mbps"
                assert any(f"{step.after}" in note and speed in note for note in plan.notes)


def test_unlimited_is_never_said_outside_what_customers_call_a_legacy_plan() -> None:
    """Customers say 老不限量; the operator itself never does."""
    assert all("不限量" not in str({**plan, "aliases": []}) for plan in WRITTEN["plans"] + WRITTEN["add_ons"])


def test_a_contract_has_a_penalty_that_can_be_computed_and_is_told(catalogue: Catalogue) -> None:
    for plan in catalogue.plans:
        contract = Contract(plan.name, date(2026, 1, 1), plan.contract_months, plan.monthly_fee, plan.penalty)
        fee = early_termination_fee(contract, date(2026, 3, 1))
        assert bool(fee.amount) == bool(plan.contract_months)
        assert ("约定 " in plan.cancellation) == bool(plan.contract_months)


def test_the_penalty_families_of_the_plans_differ(catalogue: Catalogue) -> None:
    assert {plan.penalty.family for plan in catalogue.plans} == {
        PenaltyFamily.NONE,
        PenaltyFamily.FLAT,
        PenaltyFamily.STEPPED_FEES,
        PenaltyFamily.REMAINING_PERCENT,
        PenaltyFamily.REMAINING_MONTHS_CAPPED,
    }


@pytest.mark.parametrize(("gigabytes", "fee"), [(5, 39), (10, 59), (20, 99)])
def test_the_5g_only_packs_follow_the_published_pattern(catalogue: Catalogue, gigabytes: int, fee: int) -> None:
    pack = catalogue.add_on_named(f"5G单模流量包{gigabytes}GB")
    assert pack.data.in_gb == gigabytes
    assert pack.months == 6 and not pack.rollover
    assert pack.penalty == PenaltyRule(PenaltyFamily.SERVED_MONTHS, amount=Money.of(gigabytes))
    assert pack.eligibility.requires == ("min_tenure_months:6", f"min_monthly_fee:{fee}")
    assert any("独立组网" in note for note in pack.notes)


def test_third_parties_are_named(catalogue: Catalogue) -> None:
    provided = {add_on.name for add_on in catalogue.add_ons if add_on.provider}
    assert provided == {"炫动视频会员", "畅读会员", "酷听音乐会员"}


def test_what_is_sold_and_what_is_not(catalogue: Catalogue) -> None:
    unsold = {plan.name for plan in catalogue.plans if not plan.on_sale(NOVEMBER)}
    assert unsold == {"任我用98", "任我用198", "4G乐享58", "4G乐享88", "4G乐享138", "合家享副卡"}


def test_customers_words_find_their_product(catalogue: Catalogue) -> None:
    called = {alias: product.name for product in catalogue.products for alias in product.aliases}
    assert called["79的"] == called["畅选七十九"] == "畅选79"
    assert called["老不限量98"] == "任我用98"


def test_products_are_found_by_id_and_name(catalogue: Catalogue) -> None:
    plan, add_on = catalogue.plans[0], catalogue.add_ons[0]
    assert catalogue.plan(plan.id) is catalogue.plan_named(plan.name) is plan
    assert catalogue.add_on(add_on.id) is catalogue.add_on_named(add_on.name) is add_on


@pytest.mark.parametrize("find", ["plan", "plan_named", "add_on", "add_on_named"])
def test_an_unknown_product_is_an_error(catalogue: Catalogue, find: str) -> None:
    with pytest.raises(UnknownProduct):
        getattr(catalogue, find)("24XQ999999")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("monthly_fee: 39", "monthly_fee: 三十九", "plans 畅选39, monthly_fee: '三十九' is not an amount in yuan"),
        ("name: 畅选59", "name: 畅选39", "畅选39 stands for 2 products"),
        ("畅选五十九", "畅选三十九", "畅选三十九 stands for 2 products"),
        ("id: 24XQ900159", "id: 24XQ900139", "24XQ900139 stands for 2 products"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    broken = tmp_path / "catalogue.yaml"
    broken.write_text(CATALOGUE.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(MalformedData, match=complaint):
        load_catalogue(broken)
