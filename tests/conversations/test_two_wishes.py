"""Two wishes in one message are both served, at once or when verification is done."""

from __future__ import annotations

import pytest

from tests.conversations.conftest import SignIn
from tests.driver import Customer

pytestmark = pytest.mark.model


@pytest.mark.parametrize("words", ["餘額和流量都查一下", "看下余额，再看看流量还剩多少"])
def test_both_at_once(sign_in: SignIn, words: str) -> None:
    answer = sign_in(2).says(words)
    assert answer.text.startswith("话费余额") and answer.table is not None
    assert "通用流量" in str(answer.table)


def test_both_after_verification(customer: Customer) -> None:
    answer = customer.says("查一下余额和流量")
    assert len(answer.lines) == 1 and "请发您的手机号码" in answer.text
    answer = customer.verifies("17000000002")
    assert "话费余额" in answer.lines[1].text
    assert "还有" in answer.lines[2].text and answer.table is not None
    assert "话费余额" not in customer.says("账单").text, "served once"


def test_given_up_is_given_up_with_both(customer: Customer) -> None:
    customer.says("查一下余额和流量")
    customer.says("算了")
    assert "手机号" not in customer.says("你好").text


@pytest.mark.parametrize("words", ["79和59哪个划算", "畅选79跟畅选59差在哪"])
def test_one_wish_stays_one(customer: Customer, words: str) -> None:
    assert "畅选79" in customer.says(words).lines[0].text
    assert customer.last.actions.count("action_compare_plans") == 1
