"""The verification form, on literal trackers: refusals of the operator, and values that were taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.verify import (
    AfterVerification,
    AskLoginCode,
    AskLoginPhone,
    ResendCode,
    SignIn,
    SignOut,
    ValidateVerifyForm,
)
from botkit.bss.port import CodeCheck, TooManyCodes, UnknownCustomer
from tests.actions.conftest import Serve
from tests.actions.fakes import NOW, PHONE, FakeOperator, FakeVerifications, run, tracker, verified
from tests.actions.test_operator_unavailable import Said


def test_too_many_codes_ends_the_form_and_says_when(serve: Serve) -> None:
    operator = FakeOperator(send_code=TooManyCodes(NOW + timedelta(minutes=41)))
    said = Said()
    form = ValidateVerifyForm(serve(operator, FakeVerifications()))
    slots = form.validate_login_phone(PHONE, said, tracker(form="verify_form"), {})
    assert slots == {"login_phone": None, "requested_slot": None}
    assert said.text == "给这个号码发的验证码太多了, 14:46 以后再试, 或转人工。"


def test_a_code_just_sent_is_waited_for(serve: Serve) -> None:
    operator = FakeOperator(send_code=TooManyCodes(NOW + timedelta(seconds=17)))
    said = Said()
    form = ValidateVerifyForm(serve(operator, FakeVerifications()))
    slots = form.validate_login_phone(PHONE, said, tracker(form="verify_form"), {})
    assert slots == {"login_phone": PHONE, "login_code": None}
    assert said.text.startswith("刚给 170****0099 发过一条验证码") and "17 秒后可以再发一条" in said.text


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (CodeCheck.WRONG, "验证码不对"),
        (CodeCheck.EXPIRED, "过期"),
        (CodeCheck.NONE_SENT, "已经用过了"),
    ],
)
def test_refused_codes(serve: Serve, result: CodeCheck, words: str) -> None:
    said = Said()
    form = ValidateVerifyForm(serve(FakeOperator(check_code=result), FakeVerifications()))
    slots = form.validate_login_code("123456", said, tracker(slots={"login_phone": PHONE}), {})
    assert slots == {"login_code": None} and words in said.text
    assert ("(5 分钟有效)" in said.text) == (result is CodeCheck.EXPIRED)


def test_a_void_code_ends_the_form(serve: Serve) -> None:
    form = ValidateVerifyForm(serve(FakeOperator(check_code=CodeCheck.TOO_MANY_TRIES), FakeVerifications()))
    slots = form.validate_login_code("123456", Said(), tracker(slots={"login_phone": PHONE}), {})
    assert slots == {"login_code": None, "login_phone": None, "requested_slot": None}


def test_after_too_many_numbers_no_more_are_asked_for(serve: Serve) -> None:
    operator, said = FakeOperator(), Said()
    form = ValidateVerifyForm(serve(operator, FakeVerifications(wait_until=NOW + timedelta(minutes=40))))
    slots = form.validate_login_phone(PHONE, said, tracker(), {})
    assert slots == {"login_phone": None, "requested_slot": None}
    assert "试过的号码太多了" in said.text
    assert operator.asked == ["now"]


def test_the_right_code_verifies(serve: Serve) -> None:
    verifications = FakeVerifications()
    form = ValidateVerifyForm(serve(FakeOperator(check_code=CodeCheck.ACCEPTED), verifications))
    assert form.validate_login_code("123456", Said(), tracker(slots={"login_phone": PHONE}), {}) == {
        "login_code": "accepted"
    }
    assert verifications.verified is not None and verifications.verified.customer_id == "c1"


def test_values_that_were_taken_back_are_not_tried(serve: Serve) -> None:
    operator = FakeOperator()
    form = ValidateVerifyForm(serve(operator, FakeVerifications()))
    assert form.validate_login_phone(None, Said(), tracker(), {}) == {"login_phone": None}
    assert form.validate_login_code(None, Said(), tracker(slots={"login_phone": PHONE}), {}) == {"login_code": None}
    assert operator.asked == []


def test_asking_for_the_number(serve: Serve) -> None:
    services = serve(verifications=FakeVerifications())
    assert "请发您的手机号码" in run(AskLoginPhone, services, tracker("查余额", "ask_balance")).text
    again = tracker("哈", slots={"requested_slot": "login_phone"}, form="verify_form")
    assert "还差您的手机号码" in run(AskLoginPhone, services, again).text
    given = tracker(PHONE, entities=[("phone_number", PHONE)], slots={"requested_slot": "login_phone"})
    assert run(AskLoginPhone, services, given).messages == []  # what was wrong with it has been said


def test_asking_for_the_code(serve: Serve) -> None:
    services = serve(verifications=FakeVerifications())
    assert run(AskLoginCode, services, tracker(PHONE, slots={"login_phone": PHONE})).messages == []
    again = tracker("哈", slots={"requested_slot": "login_code", "login_phone": PHONE})
    assert "还差发到 170****0099 的 6 位验证码" in run(AskLoginCode, services, again).text


def test_after_verification_the_task_goes_on(serve: Serve) -> None:
    outcome = run(AfterVerification, serve(), tracker(slots={"pending_task": {"action": "action_bill"}}))
    assert "核对好了, 李* (170****0099)" in outcome.text and outcome.follow_up == "action_bill"


def test_for_how_long_is_what_the_setting_says(serve: Serve) -> None:
    services = replace(serve(), verification_minutes=15)
    assert "隔 15 分钟以内接着查, 不用再核对" in run(AfterVerification, services, tracker()).text


def test_a_line_that_is_closed_while_its_code_is_checked(serve: Serve) -> None:
    for answers in ({"check_code": UnknownCustomer()}, {"customer_by_phone": UnknownCustomer()}):
        verifications, said = FakeVerifications(), Said()
        operator = FakeOperator(**{"check_code": CodeCheck.ACCEPTED, **answers})
        form = ValidateVerifyForm(serve(operator, verifications))
        slots = form.validate_login_code("123456", said, tracker(slots={"login_phone": PHONE}), {})
        assert slots == {"login_code": None, "login_phone": None} and verifications.verified is None
        assert said.text == "170****0099 不是星桥移动的号码, 请核对后再发一次。"


def test_after_a_form_that_did_not_verify_the_task_is_dropped(serve: Serve) -> None:
    services = serve(verifications=FakeVerifications())
    outcome = run(AfterVerification, services, tracker(slots={"pending_task": {"action": "action_bill"}}))
    assert outcome.messages == [] and outcome.slots == {"pending_task": None, "wanted_too": None}


def test_signing_in_twice(serve: Serve) -> None:
    assert "身份已经核对过了" in run(SignIn, serve(), tracker(intent="sign_in")).text
    outcome = run(SignIn, serve(verifications=FakeVerifications()), tracker(intent="sign_in"))
    assert outcome.follow_up == "verify_form" and outcome.slots == {"login_code": None}


def test_signing_out_forgets_everything_personal(serve: Serve) -> None:
    verifications = verified()
    outcome = run(SignOut, serve(verifications=verifications), tracker("退出", "sign_out"))
    assert verifications.verified is None and "已退出" in outcome.text
    assert {"login_phone", "pending_task", "focus", "device_model", "device_on_record", "guide"} <= set(outcome.slots)
    assert set(outcome.slots.values()) == {None}


def test_signing_out_half_way_corrects_the_number(serve: Serve) -> None:
    on = tracker("/sign_out", "sign_out", form="verify_form", slots={"login_phone": PHONE})
    outcome = run(SignOut, serve(verifications=FakeVerifications()), on)
    assert outcome.messages == [] and outcome.slots == {"login_phone": None, "login_code": None}


@pytest.mark.parametrize(("wait", "words"), [(12, "12 秒后可以再发一次"), (1800, "太多了, 14:35 以后再试")])
def test_another_code_too_early(serve: Serve, wait: int, words: str) -> None:
    operator = FakeOperator(send_code=TooManyCodes(NOW + timedelta(seconds=wait)))
    on = tracker("没收到", "resend_code", form="verify_form", slots={"login_phone": PHONE})
    assert words in run(ResendCode, serve(operator, FakeVerifications()), on).text


def test_the_same_message_asks_the_operator_for_the_same_code(serve: Serve) -> None:
    requests: list[str] = []
    operator = FakeOperator(send_code=lambda phone, request: requests.append(request))
    form = ValidateVerifyForm(serve(operator, FakeVerifications()))
    for _ in range(2):  # an attempt that is repeated
        form.validate_login_phone(PHONE, Said(), tracker(), {})
    assert requests == ["conversation:7", "conversation:7"]


# ------------------------------------------------------------------------------------- what channels need to know of it


def asked(dispatcher: CollectingDispatcher) -> str | None:
    custom = dispatcher.messages[-1].get("custom") or {}
    mark: str | None = custom.get("asks")
    return mark


def test_the_question_for_the_number_is_marked(serve: Serve) -> None:
    services = serve(verifications=FakeVerifications())
    said = run(AskLoginPhone, services, tracker("查余额", "ask_balance")).messages
    assert said[-1]["custom"] == {"asks": "phone"}


def test_the_question_for_the_code_is_marked(serve: Serve) -> None:
    said = CollectingDispatcher()
    form = ValidateVerifyForm(serve(FakeOperator(send_code=None), FakeVerifications()))
    form.validate_login_phone(PHONE, said, tracker(form="verify_form"), {})
    assert asked(said) == "code"


@pytest.mark.parametrize(("result", "mark"), [(CodeCheck.WRONG, "code"), (CodeCheck.EXPIRED, None)])
def test_a_code_is_asked_for_again_only_where_there_is_one(serve: Serve, result: CodeCheck, mark: str | None) -> None:
    said = CollectingDispatcher()
    form = ValidateVerifyForm(serve(FakeOperator(check_code=result), FakeVerifications()))
    form.validate_login_code("123456", said, tracker(slots={"login_phone": PHONE}), {})
    assert asked(said) == mark


def test_a_number_that_the_channel_vouches_for_is_not_asked_for(serve: Serve) -> None:
    services = serve(verifications=FakeVerifications(vouched_number=PHONE))
    events = run(SignIn, services, tracker()).events
    assert SlotSet("login_phone", PHONE) in events and FollowupAction("verify_form") in events
    events = run(SignIn, services, tracker(slots={"login_phone": "17012340000"})).events
    assert SlotSet("login_phone", PHONE) not in events, "the one that he gave himself counts"
