"""A customer on one page: the demo operator's figures to the fen, and nothing where they cannot be had."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from botkit.assembly import House
from botkit.bss.port import Operator, OperatorUnavailable, UnknownCustomer
from botkit.desk.panorama import Contact, age_band, panorama
from botkit.telecom.cycle import BillingCycle

VIDEO, LEAVING, ELDERLY, ARREARS, SHORT, FAMILY, NO_PHONE = (
    f"170000000{number}" for number in ("06", "23", "16", "10", "01", "17", "15")
)


def shown(house: House, phone: str, *contacts: Contact) -> dict[str, Any]:
    customer = house.operator.customer_by_phone(phone)
    return panorama(house.operator, customer.id, phone, contacts, house.texts, house.phones.registry)


def test_who_he_is_masked(shared_house: House) -> None:
    customer = shown(shared_house, VIDEO)["customer"]
    assert (customer["name"], customer["phone"], customer["status"]) == ("张*英", "170****0006", "正常")
    assert customer["age_band"] == "45 到 59 岁"
    assert customer["tenure"].startswith("在网 5 年") or customer["tenure"].startswith("在网 6 年")


def test_the_bill_to_the_fen(shared_house: House) -> None:
    for number in range(1, 29):
        phone = f"170000000{number:02}"
        operator = shared_house.operator
        customer = operator.customer_by_phone(phone)
        cycle = BillingCycle.containing(operator.now().date(), customer.billing_day)
        bill, page = operator.bill(customer.id, cycle), shown(shared_house, phone)["bill"]
        if bill is None:
            assert page is None
            continue
        assert page["total"] == f"{sum((item.amount.yuan for item in bill.items), Decimal(0)):.2f} 元".replace("-", "−")
        assert [item["name"] for item in page["items"]] == [item.name for item in bill.items]


def test_plan_allowances_and_phone(shared_house: House) -> None:
    page = shown(shared_house, VIDEO)
    assert page["plan"] == "畅选79, 每月 79 元"
    assert page["phone"] == "华为 nova 6 5G, 支持 5G, 支持独立组网"
    buckets = shared_house.operator.buckets(shared_house.operator.customer_by_phone(VIDEO).id)
    assert [row["name"] for row in page["allowances"]] == [bucket.name for bucket in buckets]
    voice = next(row for row in page["allowances"] if "语音" in row["name"])
    assert voice["used"].endswith(" 分钟") and voice["left"].endswith(" 分钟")
    assert shown(shared_house, NO_PHONE)["phone"] is None


def test_the_contract_with_todays_penalty(shared_house: House) -> None:
    contract = shown(shared_house, LEAVING)["contract"]
    assert contract.startswith("24 个月在网优惠, 到 ") and "今天提前结束要付 " in contract
    assert shown(shared_house, VIDEO)["contract"] is None


@pytest.mark.parametrize(
    ("phone", "tag"),
    [
        (VIDEO, "第三方收费: 炫动视频会员"),
        (LEAVING, "合约没到期"),
        (ELDERLY, "老年客户"),
        (ELDERLY, "要简短回答"),
        (SHORT, "流量照现在的用法会超"),
        (FAMILY, "家庭共享"),
        (ARREARS, "已停机"),
    ],
)
def test_tags(shared_house: House, phone: str, tag: str) -> None:
    assert tag in shown(shared_house, phone)["tags"]


def test_arrears_to_the_fen(shared_house: House) -> None:
    owed = shared_house.operator.balance(shared_house.operator.customer_by_phone(ARREARS).id).arrears
    assert f"欠费 {owed} 元" in shown(shared_house, ARREARS)["tags"]


def test_the_balance_with_its_time(shared_house: House) -> None:
    balance = shared_house.operator.balance(shared_house.operator.customer_by_phone(VIDEO).id)
    shown_balance = shown(shared_house, VIDEO)["balance"]
    assert shown_balance["amount"] == f"{balance.available} 元"
    assert balance.as_of <= datetime.fromisoformat(shown_balance["at"]) <= shared_house.operator.now()


def test_what_was_with_him_before(shared_house: House) -> None:
    at = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)
    page = shown(shared_house, VIDEO, Contact(at, "web", "asked", "closed_by_agent", "退订了会员"))
    assert page["contacts"] == [
        {
            "at": "2026-11-20T02:00:00+00:00",
            "channel": "web",
            "reason": "asked",
            "end": "closed_by_agent",
            "summary": "退订了会员",
            "score": None,
            "solved": None,
        }
    ]
    assert page["tickets"] == []


class Failing:
    """An operator of which one method fails."""

    def __init__(self, operator: Operator, method: str, error: Exception) -> None:
        self._operator, self._method, self._error = operator, method, error

    def __getattr__(self, name: str) -> Any:
        if name != self._method:
            return getattr(self._operator, name)

        def fail(*_arguments: Any) -> None:
            raise self._error

        return fail


@pytest.mark.parametrize(
    "method", ["customer", "now", "subscriptions", "buckets", "bill", "contract", "device", "balance"]
)
def test_systems_that_do_not_answer(shared_house: House, method: str) -> None:
    customer = shared_house.operator.customer_by_phone(VIDEO)
    failing: Any = Failing(shared_house.operator, method, OperatorUnavailable())
    page = panorama(failing, customer.id, VIDEO, [], shared_house.texts, shared_house.phones.registry)
    assert "连不上" in page["note"] and page["tags"] == [page["note"]]
    assert page["customer"]["phone"] == "170****0006" and page["bill"] is None and page["balance"] is None
    assert page["allowances"] == []


def test_a_line_that_is_gone(shared_house: House) -> None:
    failing: Any = Failing(shared_house.operator, "customer", UnknownCustomer())
    page = panorama(failing, "gone", VIDEO, [], shared_house.texts, shared_house.phones.registry)
    assert "销号" in page["note"]


@pytest.mark.parametrize(
    ("age", "band"), [(17, "child"), (18, "young"), (44, "middle"), (59, "older"), (60, "elderly")]
)
def test_age_bands(age: int, band: str) -> None:
    assert age_band(age) == band
