"""Proving that a number is the customer's: number, one-time code, and what goes wrong on the way."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import OF_THE_PERSON, BotkitAction, Domain, Turn, begin_verification
from actions.services import Services, default_services
from botkit.bss.codes import VALID_FOR
from botkit.bss.port import CodeCheck, OperatorUnavailable, TooManyCodes, UnknownCustomer
from botkit.content.phrases import from_then_on
from botkit.telecom.masking import masked_name, masked_phone

PHONE, CODE = "phone", "code"
"""What a question asks for, see `Reply.asks`."""
_NO_TIME_TO_REMIND = ("vent", "make_complaint", "out_of_scope", "rate_service")
"""What is answered with regret: a reminder on top of that would be one word too many."""
_ASKS_WHETHER = re.compile(r"[能可行]不?(?:能|可以|行)?.{0,6}[吗么嘛不?？]|能不能|可不可以|怎么查")
_SOMEBODY_ELSES = re.compile(r"[爸妈爷奶姐哥弟妹]|孩子|儿子|女儿|老[公婆]|家人|家里人|别人|朋友|对象|爱人|媳妇")
_WANTS_ANOTHER_NUMBER = re.compile(r"换|另|别的|其他|[爸妈爷奶]|孩子|老[公婆]|家人")


class ValidateVerifyForm(FormValidationAction):
    """Checks the number against the customers and the code against the one sent; each answer once, however often asked."""

    def __init__(self, services: Services | None = None) -> None:
        self._services = services

    def name(self) -> str:
        return "validate_verify_form"

    def _turn(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Turn:
        return Turn(self._services or default_services(), dispatcher, tracker, domain, self.name())

    def validate_login_phone(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        if value is None:  # taken back, not given
            return {"login_phone": None}
        turn = self._turn(dispatcher, tracker, domain)
        phone = str(value)
        if wait_until := turn.services.verifications.note_number(tracker.sender_id, phone):
            turn.say("verify_too_many_numbers", when=from_then_on(wait_until, turn.now, turn.texts))
            return {"login_phone": None, "requested_slot": None}
        try:
            turn.operator.send_code(phone, _request(turn))
        except UnknownCustomer:
            turn.say("verify_unknown_number", asks=PHONE, phone=masked_phone(phone))
            return {"login_phone": None}
        except TooManyCodes as refusal:
            if not _just_sent(refusal, turn):
                turn.say("verify_too_many_codes", when=_retry(refusal, turn))
                return {"login_phone": None, "requested_slot": None}
            turn.say("verify_code_just_sent", asks=CODE, phone=masked_phone(phone), when=_retry(refusal, turn))
            return {"login_phone": phone, "login_code": None}
        except OperatorUnavailable:
            turn.say("operator_unavailable")
            return {"login_phone": None, "requested_slot": None}
        turn.say("verify_code_sent", asks=CODE, phone=masked_phone(phone))
        return {"login_phone": phone, "login_code": None}

    def validate_login_code(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        turn = self._turn(dispatcher, tracker, domain)
        phone = tracker.get_slot("login_phone")
        if not phone or value is None:
            return {"login_code": None}
        try:
            result = turn.operator.check_code(phone, str(value), _request(turn))
            if result is CodeCheck.ACCEPTED:
                customer = turn.operator.customer_by_phone(phone)
                turn.services.verifications.establish(tracker.sender_id, customer.id, phone)
                return {"login_code": "accepted"}
        except OperatorUnavailable:
            turn.say("operator_unavailable")
            return {"login_code": None}
        except UnknownCustomer:
            turn.say("verify_unknown_number", asks=PHONE, phone=masked_phone(phone))
            return {"login_code": None, "login_phone": None}
        minutes = VALID_FOR // timedelta(minutes=1)
        asks = CODE if result is CodeCheck.WRONG else None  # else another one has to be sent first
        turn.say(f"verify_code_{result.value}", asks=asks, phone=masked_phone(phone), minutes=minutes)
        if result is CodeCheck.TOO_MANY_TRIES:
            return {"login_code": None, "login_phone": None, "requested_slot": None}
        return {"login_code": None}


def _request(turn: Turn) -> str:
    """Identifies what this message asks of the operator, so that a repeated attempt asks it once."""
    return f"{turn.tracker.sender_id}:{turn.message_id}"


def _just_sent(refusal: TooManyCodes, turn: Turn) -> bool:
    """Whether the refusal only means that the last code is on its way."""
    return refusal.retry_at - turn.now <= timedelta(minutes=1)


def _retry(refusal: TooManyCodes, turn: Turn) -> str:
    return from_then_on(refusal.retry_at, turn.now, turn.texts)


class AskLoginPhone(BotkitAction):
    """Asks for the number, saying what for; again in other words, unless the number given was just answered."""

    action_name = "action_ask_login_phone"
    within_form = True

    def respond(self, turn: Turn) -> list[EventType]:
        if turn.entities("phone_number"):
            return []
        if turn.intent == "sign_out":
            turn.say("verify_ask_other_phone", asks=PHONE)
        elif turn.slot("requested_slot") == "login_phone":
            _remind(turn, "verify_ask_phone_again", PHONE)
        else:
            turn.say("verify_ask_phone", asks=PHONE)
        return []


class AskLoginCode(BotkitAction):
    """Nothing where the last message has said it all: that a code was sent, or what was wrong with it. Else a reminder."""

    action_name = "action_ask_login_code"
    within_form = True

    def respond(self, turn: Turn) -> list[EventType]:
        asked_before = turn.slot("requested_slot") == "login_code"
        if asked_before and not turn.entities("code", "phone_number") and turn.intent != "resend_code":
            _remind(turn, "verify_ask_code_again", CODE, phone=masked_phone(turn.slot("login_phone") or ""))
        return []


def _remind(turn: Turn, name: str, asks: str, **values: Any) -> None:
    """Say what is still missing: not twice in a row, nor after regrets, unless there is nothing else to say."""
    if turn.said_by_bot():
        regret = turn.intent in _NO_TIME_TO_REMIND or turn.text("operator_unavailable") in turn.said_by_bot()
        if regret or turn.text(name, **values) in turn.said_by_bot(messages_ago=1):
            return
    turn.say(name, asks=asks, **values)


class AfterVerification(BotkitAction):
    """Says who is verified and takes up what was asked before it."""

    action_name = "action_after_verification"

    def respond(self, turn: Turn) -> list[EventType]:
        customer = turn.customer()
        task = turn.slot("pending_task")
        if customer is None:
            return [SlotSet("pending_task", None), SlotSet("wanted_too", None)]
        turn.say(
            "verify_done",
            name=masked_name(customer.name),
            phone=masked_phone(customer.phone),
            minutes=turn.services.verification_minutes,
        )
        if not task:
            turn.say("verify_done_what_next")
            return []
        return [FollowupAction(task["action"])]


class SignIn(BotkitAction):
    """The customer wants to verify himself, or a button asks him to before his own figures are used."""

    action_name = "action_sign_in"

    def respond(self, turn: Turn) -> list[EventType]:
        customer = turn.customer()
        if customer is not None:
            turn.say("verify_already", phone=masked_phone(customer.phone))
            return []
        return begin_verification(turn)


class ResendCode(BotkitAction):
    """Another code, where one was asked for before."""

    action_name = "action_resend_code"

    def respond(self, turn: Turn) -> list[EventType]:
        phone = turn.slot("login_phone")
        if turn.slot("guide") and not turn.form:
            return [FollowupAction("action_guide_step")]  # 再发一次, of a step
        if turn.verified():
            turn.say("verify_not_needed")
            return []
        if not phone:
            return begin_verification(turn)
        try:
            turn.operator.send_code(phone, _request(turn))
        except TooManyCodes as refusal:
            name = "verify_resend_later" if _just_sent(refusal, turn) else "verify_too_many_codes"
            turn.say(name, asks=CODE if _just_sent(refusal, turn) else None, when=_retry(refusal, turn))
            return []
        except UnknownCustomer:
            return [SlotSet("login_phone", None), FollowupAction("verify_form")]
        turn.say("verify_code_resent", asks=CODE, phone=masked_phone(phone))
        return []


class SignOut(BotkitAction):
    """Ends the verified session; the next personal question asks for a number again.

    Whoever wants to look up another number is asked for it at once; half-way through verification that corrects the number.
    """

    action_name = "action_sign_out"

    def respond(self, turn: Turn) -> list[EventType]:
        if not turn.form and _ASKS_WHETHER.search(turn.said) and _SOMEBODY_ELSES.search(turn.said):
            turn.say("verify_each_number")
            return []
        ended = turn.services.verifications.revoke(turn.tracker.sender_id)
        if turn.form == "verify_form":
            return [SlotSet("login_phone", None), SlotSet("login_code", None)]
        forgotten = [SlotSet(name, None) for name in (*OF_THE_PERSON, "requested_slot")]
        if ended and (turn.entities("another_number") or _WANTS_ANOTHER_NUMBER.search(turn.said)):
            return [ActiveLoop(None), *forgotten, FollowupAction("verify_form")]
        turn.say("signed_out" if ended else "not_signed_in")
        return [ActiveLoop(None), *forgotten]
