"""When the operator's systems do not answer, the customer is told so and nothing is lost."""

from __future__ import annotations

import pytest
from rasa_sdk import Action

from actions import ACTIONS
from actions.balance import ExplainSuspension, ShowBalance
from actions.base import BotkitAction, PersonalAction
from actions.bill import ShowBill
from actions.charges import ExplainCharge
from actions.compare import ComparePlans
from actions.plans import ListPlans, ShowPlan
from actions.usage import ShowUsage
from actions.verify import ResendCode, ValidateVerifyForm
from botkit.bss.port import CodeCheck, OperatorUnavailable
from tests.actions.conftest import Serve
from tests.actions.fakes import FakeOperator, FakeVerifications, run, tracker, unavailable

SAID = "后台现在连不上, 查不到您的数据。请过几分钟再试, 或转人工。"


@pytest.mark.parametrize("action", [a for a in ACTIONS if issubclass(a, PersonalAction)])
def test_every_personal_action_says_so(action: type[BotkitAction], serve: Serve) -> None:
    outcome = run(action, serve(unavailable()), tracker())
    assert outcome.text == SAID and outcome.titles == ["转人工"]
    assert outcome.events == []


@pytest.mark.parametrize("action", [ShowBalance, ShowBill, ShowUsage, ExplainCharge, ExplainSuspension])
def test_also_when_only_a_part_fails(action: type[Action], serve: Serve) -> None:
    operator = FakeOperator(
        balance=OperatorUnavailable("down"), bill=OperatorUnavailable("down"), buckets=OperatorUnavailable("down")
    )
    assert run(action, serve(operator), tracker()).text == SAID


@pytest.mark.parametrize("action", [ListPlans, ShowPlan, ComparePlans])
def test_plans_too(action: type[Action], serve: Serve) -> None:
    assert run(action, serve(unavailable(), FakeVerifications()), tracker("79和59")).text == SAID


def test_called_by_another_action_the_turn_ends(serve: Serve) -> None:
    outcome = run(ShowBalance, serve(unavailable()), tracker(latest_action="action_after_verification"))
    assert outcome.text == SAID and outcome.follow_up == "action_listen"


def test_code_cannot_be_sent(serve: Serve) -> None:
    operator = FakeOperator(send_code=OperatorUnavailable("sms"))
    form = ValidateVerifyForm(serve(operator, FakeVerifications()))
    said = Said()
    slots = form.validate_login_phone("17000000099", said, tracker(form="verify_form"), {})
    assert slots == {"login_phone": None, "requested_slot": None} and said.text == SAID


def test_code_cannot_be_checked(serve: Serve) -> None:
    operator = FakeOperator(check_code=OperatorUnavailable("down"))
    form = ValidateVerifyForm(serve(operator, FakeVerifications()))
    said = Said()
    on = tracker(form="verify_form", slots={"login_phone": "17000000099"})
    assert form.validate_login_code("123456", said, on, {}) == {"login_code": None}
    assert said.text == SAID


def test_verified_but_his_record_cannot_be_read(serve: Serve) -> None:
    verifications = FakeVerifications()
    operator = FakeOperator(check_code=CodeCheck.ACCEPTED, customer_by_phone=OperatorUnavailable("down"))
    form = ValidateVerifyForm(serve(operator, verifications))
    on = tracker(form="verify_form", slots={"login_phone": "17000000099"})
    assert form.validate_login_code("123456", Said(), on, {}) == {"login_code": None}
    assert verifications.verified is None


def test_another_code_cannot_be_sent(serve: Serve) -> None:
    operator = FakeOperator(send_code=OperatorUnavailable("sms"))
    on = tracker(intent="resend_code", form="verify_form", slots={"login_phone": "17000000099"})
    assert run(ResendCode, serve(operator, FakeVerifications()), on).text == SAID


class Said:
    """A dispatcher that keeps what is said."""

    def __init__(self) -> None:
        self.text = ""

    def utter_message(self, text: str, **_: object) -> None:
        self.text += text
