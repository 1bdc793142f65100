"""A line that is closed while its holder is verified, and a customer who has no plan."""

from __future__ import annotations

import pytest

from actions import ACTIONS
from actions.balance import ExplainSuspension, ShowBalance
from actions.base import BotkitAction, PersonalAction
from actions.bill import ShowBill
from actions.my_plan import ShowMyPlan
from actions.recommend import FindCheaperPlan
from actions.usage import ShowUsage
from botkit.bss.port import UnknownCustomer
from tests.actions.conftest import Serve
from tests.actions.fakes import FakeOperator, run, tracker, verified

PERSONAL = [action for action in ACTIONS if issubclass(action, PersonalAction)]


@pytest.mark.parametrize("action", [*PERSONAL, ExplainSuspension])
def test_the_verification_ends_and_a_number_is_asked_for(action: type[BotkitAction], serve: Serve) -> None:
    verifications = verified()
    outcome = run(action, serve(FakeOperator(customer=UnknownCustomer()), verifications), tracker())
    assert verifications.verified is None and outcome.follow_up == "verify_form"
    assert outcome.text == "刚才核对的号码已经查不到了, 可能已经销号。身份已退出, 要查别的号码请重新核对。"
    assert {"login_phone", "pending_task", "focus", "device_model"} <= set(outcome.slots)
    assert set(outcome.slots.values()) == {None}


@pytest.mark.parametrize("name", ["balance", "bill", "subscriptions"])
def test_also_when_it_is_closed_between_two_questions_to_the_operator(serve: Serve, name: str) -> None:
    verifications = verified()
    outcome = run(ShowBalance, serve(FakeOperator(**{name: UnknownCustomer()}), verifications), tracker())
    assert verifications.verified is None and outcome.follow_up == "verify_form"


@pytest.mark.parametrize("action", [ShowBalance, ShowMyPlan, ShowUsage, FindCheaperPlan])
def test_without_a_plan_a_human_has_to_look(serve: Serve, action: type[BotkitAction]) -> None:
    outcome = run(action, serve(FakeOperator(subscriptions=())), tracker())
    assert "查不到您现在的套餐" in outcome.text and outcome.titles == ["转人工"]


def test_without_a_plan_the_bill_is_there(serve: Serve) -> None:
    assert "79.00 元" in run(ShowBill, serve(FakeOperator(subscriptions=())), tracker()).text
