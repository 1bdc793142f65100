"""Answers that only make sense after what was just said: a bare name, yes, no, why, more, never mind."""

from __future__ import annotations

import re

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.base import BotkitAction, Turn, ask_to_verify
from actions.context import declines
from actions.device_form import named_phone, slots_of
from actions.needs import BUDGET
from actions.terms import say_deeper
from actions.wording import day
from botkit.bss.port import Order, OrderState
from botkit.telecom.masking import masked_phone

_MONEY = ("bill", "charge", "balance")
_ABOUT_A_CHARGE = re.compile(r"扣|收费|收我|费用|话费|账单|钱|贵")
_ABOUT_STOPPING = re.compile(r"停机|停了")
_OTHERS = re.compile(r"别的|其他|全部套餐|所有套餐|还有哪些|还有什么")
_SURE = 0.8
"""Below this a "no" to which nothing was asked is more likely something that was not understood."""
_WRONG_NUMBER = re.compile(r"号码|手机号|号不")


class Inform(BotkitAction):
    """A bare name or number: taken for what was asked last, else for the likeliest wish.

    While a form waits it is the form's to say what is missing.
    """

    action_name = "action_inform"

    def respond(self, turn: Turn) -> list[EventType]:
        if turn.form:
            return []
        if turn.entities("phone_number"):
            return _phone_number(turn)
        if turn.entities("code"):
            turn.say("verify_not_needed" if turn.verified() else "code_not_expected")
            return []
        action = _named(turn) or _awaited(turn)
        if action:
            return [FollowupAction(action)]
        turn.say("inform_unclear")
        return []


def _named(turn: Turn) -> str | None:
    """The action for what the message names."""
    if named_phone(turn) is not None:
        return "action_setup_5g" if turn.slot("guide_goal") else "action_phone_noted"
    if turn.entities("plan"):
        return {"compare": "action_compare_plans", "change": "action_change_plan"}.get(
            turn.slot("awaiting"), "action_plan_details"
        )
    if turn.entities("add_on", "item"):
        if turn.slot("awaiting") == "cancel":
            return "action_cancel_service"
        return "action_explain_charge" if turn.slot("topic") in _MONEY else "action_order_addon"
    if turn.entities("month") and turn.slot("topic") in _MONEY:
        return "action_bill"
    if turn.entities("system") and turn.slot("guide"):
        return "action_guide_step"
    return "action_explain_term" if turn.entities("term") else None


def _awaited(turn: Turn) -> str | None:
    """The action for a bare number, by what was spoken of last."""
    if not turn.entities("number", "amount"):
        return None
    topic, awaiting = turn.slot("topic"), turn.slot("awaiting")
    if topic == "recommendation" or BUDGET.search(turn.said):
        return "action_find_cheaper_plan"
    if topic in _MONEY and turn.entities("amount"):
        return "action_explain_charge"
    waiting = {"compare": "action_compare_plans", "change": "action_change_plan", "plan": "action_plan_details"}
    return waiting.get(awaiting)


def _phone_number(turn: Turn) -> list[EventType]:
    verified = turn.verified()
    if verified is None and turn.slot("awaiting") == "network":
        return ask_to_verify(turn, "action_network_problem")
    if verified is None:
        return [FollowupAction("verify_form")]
    same = verified.phone in turn.entities("phone_number")
    turn.say("verify_already" if same else "verify_other_number", phone=masked_phone(verified.phone))
    return []


class PhoneNoted(BotkitAction):
    """A phone is named and nothing asked of it: keeps it in mind."""

    action_name = "action_phone_noted"

    def respond(self, turn: Turn) -> list[EventType]:
        match = named_phone(turn)
        assert match is not None, "only called where the message names a phone"
        slots = slots_of(match)
        brand = match.brand.name if match.brand else turn.said
        turn.say("phone_noted", phone=slots["device_model"] or brand)
        return [SlotSet("topic", "fiveg"), *(SlotSet(name, value) for name, value in slots.items())]


class Affirm(BotkitAction):
    """Yes: the next step of a guide, else what a yes can only mean after the last question."""

    action_name = "action_affirm"

    def respond(self, turn: Turn) -> list[EventType]:
        if turn.form:
            return []
        if turn.slot("guide"):
            return [FollowupAction("action_guide_step")]
        meant = {"setup": "action_setup_5g", "human": "action_request_human"}.get(turn.slot("awaiting"))
        if meant:
            return [FollowupAction(meant)]
        turn.say("affirm_unclear")
        return []


_REFUSED_PHONE = re.compile(r"不[要买換换]|^不是[^,。, 是]*$")
"""A phone that is named is not his: 不要苹果的, 不是苹果."""


class Deny(BotkitAction):
    """No: gives up verification, corrects the phone of a guide, else leaves things as they are."""

    action_name = "action_deny"

    def respond(self, turn: Turn) -> list[EventType]:
        if turn.form == "verify_form":
            corrects = turn.slot("login_phone") and _WRONG_NUMBER.search(turn.said)
            return [FollowupAction("action_sign_out" if corrects else "action_abort")]
        if turn.form:
            return []
        if turn.slot("guide_goal") and named_phone(turn) is not None:
            return [FollowupAction("action_setup_5g")]
        if named_phone(turn) is not None and not _REFUSED_PHONE.search(turn.said):  # 不是, 现在是iqoo12
            return [SlotSet("awaiting", None), FollowupAction("action_phone_noted")]
        declined = declines(turn.said)
        if turn.tone.unhelped_before and not declined:  # none of what was offered
            return [FollowupAction("action_clarify")]
        if turn.slot("guide"):
            turn.say("deny_in_guide")
        else:
            nothing_asked = turn.slot("awaiting") is None and turn.sureness < _SURE
            turn.say("deny_unclear" if nothing_asked and not declined else "deny_ok")
        return [SlotSet("awaiting", None)]


_MORE = {
    "balance": "action_bill",
    "usage": "action_usage",
    "bill": "action_explain_charge",
    "charge": "action_bill",
    "recommendation": "action_find_cheaper_plan",
    "compare": "action_plan_details",
    "change": "action_plan_details",
    "plans": "action_list_plans",
    "my_plan": "action_plan_details",
    "plan": "action_plan_details",
}


class More(BotkitAction):
    """Tell me more: a level deeper into a term, all rules of a plan, the step again."""

    action_name = "action_more"

    def respond(self, turn: Turn) -> list[EventType]:
        if turn.form:
            return []
        topic, focus = turn.slot("topic"), turn.slot("focus") or {}
        if turn.slot("guide"):
            return [FollowupAction("action_guide_step")]
        if topic == "term" and focus.get("term"):
            say_deeper(turn, focus["term"])
            return [SlotSet("focus", {"term": focus["term"], "deeper": focus["term"]})]
        if topic in ("compare", "plan", "my_plan", "change") and _OTHERS.search(turn.said):
            return [FollowupAction("action_list_plans")]
        if topic in _MORE:
            return [FollowupAction(_MORE[topic])]
        turn.say("more_of_what")
        return []


class Why(BotkitAction):
    """A bare why: by what it names, else by what was spoken of last."""

    action_name = "action_why"

    def respond(self, turn: Turn) -> list[EventType]:
        topic = turn.slot("topic")
        if _ABOUT_STOPPING.search(turn.said):
            return [FollowupAction("action_suspension")]
        if topic in _MONEY or turn.entities("add_on", "item") or _ABOUT_A_CHARGE.search(turn.said):
            return [FollowupAction("action_explain_charge")]
        if topic == "usage":
            return [FollowupAction("action_usage")]
        if turn.slot("guide"):
            turn.say("why_guide")
        else:
            turn.say("why_phone" if topic == "fiveg" else "why_unclear")
        return []


class Abort(BotkitAction):
    """Never mind: leaves whatever was going on. What is ordered already does not end by that: says how it does."""

    action_name = "action_abort"

    def respond(self, turn: Turn) -> list[EventType]:
        order = _order_spoken_of(turn)
        if order is not None:
            turn.say("order_cancel_how", name=order.product_name, day=day(order.effective, turn.today))
            return [*leave_everything(), SlotSet("awaiting", "human")]
        busy = turn.form or turn.slot("guide") or turn.slot("awaiting")
        turn.say("aborted" if busy else "aborted_nothing")
        return leave_everything()


def _order_spoken_of(turn: Turn) -> Order | None:
    """The order not in effect yet, where orders were the last subject."""
    customer = turn.customer() if turn.slot("topic") == "orders" else None
    orders = turn.operator.orders(customer.id) if customer else ()
    return next((order for order in orders if order.state in (OrderState.ACCEPTED, OrderState.SCHEDULED)), None)


def leave_everything() -> list[EventType]:
    """Ends the form, the guide and whatever was waited for; what is known of the customer's phone stays."""
    waiting = (
        "requested_slot",
        "guide",
        "awaiting",
        "pending_task",
        "login_phone",
        "login_code",
        "device_asked_again",
        "wanted_too",
    )
    return [ActiveLoop(None), *(SlotSet(name, None) for name in waiting)]


class OutOfScope(BotkitAction):
    """Nothing of ours: says so, and leaves the buttons of what is going on."""

    action_name = "action_out_of_scope"

    def respond(self, turn: Turn) -> list[EventType]:
        if turn.form:
            turn.say("out_of_scope_in_form")
        else:
            turn.say("out_of_scope_in_guide" if turn.slot("guide") else "out_of_scope")
        return []


class Help(BotkitAction):
    action_name = "action_help"

    def respond(self, turn: Turn) -> list[EventType]:
        turn.say("help_verified" if turn.verified() else "help")
        return []
