"""Answers that only make sense after what was just said: a bare name, yes, no, why, more, never mind."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.base import BotkitAction, Turn
from actions.fiveg import resume_guide
from actions.terms import say_deeper


class Inform(BotkitAction):
    """A bare name or number: taken for what was asked last, else for the likeliest wish."""

    action_name = "action_inform"

    def respond(self, turn: Turn) -> list[EventType]:
        if turn.entities("phone_model", "brand") or turn.services.phones.registry.find_model(turn.said).kind == "exact":
            return [FollowupAction("action_setup_5g")] if turn.slot("guide_goal") else self._phone(turn)
        if turn.entities("plan"):
            waiting = turn.slot("awaiting") == "compare"
            return [FollowupAction("action_compare_plans" if waiting else "action_plan_details")]
        if turn.entities("add_on"):
            return [FollowupAction("action_order_addon")]
        if turn.entities("phone_number"):
            if turn.verified():
                turn.say("verify_other_number")
                return []
            return [FollowupAction("verify_form")]
        if turn.entities("number", "amount") and turn.slot("awaiting") == "compare":
            return [FollowupAction("action_compare_plans")]
        if turn.entities("month") and turn.slot("topic") in ("bill", "balance"):
            return [FollowupAction("action_bill")]
        if turn.entities("term"):
            return [FollowupAction("action_explain_term")]
        if turn.entities("system") and turn.slot("guide"):
            resume_guide(turn)
            return []
        if turn.entities("code"):
            turn.say("code_not_expected")
            return []
        turn.say("inform_unclear")
        return []

    def _phone(self, turn: Turn) -> list[EventType]:
        turn.say("phone_noted")
        return [SlotSet("topic", "fiveg")]


class Affirm(BotkitAction):
    """Yes: the next step of a guide, else what a yes can only mean after the last topic."""

    action_name = "action_affirm"

    def respond(self, turn: Turn) -> list[EventType]:
        if turn.slot("guide"):
            return [FollowupAction("action_guide_step")]
        turn.say("affirm_unclear")
        return []


class Deny(BotkitAction):
    action_name = "action_deny"

    def respond(self, turn: Turn) -> list[EventType]:
        turn.say("deny_in_guide" if turn.slot("guide") else "deny_ok")
        return []


class More(BotkitAction):
    """Tell me more: a level deeper into a term, all rules of a plan, the step again."""

    action_name = "action_more"

    def respond(self, turn: Turn) -> list[EventType]:
        topic, focus = turn.slot("topic"), turn.slot("focus") or {}
        if topic == "term" and focus.get("term"):
            say_deeper(turn, focus["term"])
            return [SlotSet("focus", {"term": focus["term"], "deeper": focus["term"]})]
        if topic == "fiveg" and turn.slot("guide"):
            resume_guide(turn)
            return []
        follow = {
            "balance": "action_bill",
            "usage": "action_usage",
            "bill": "action_explain_charge",
            "charge": "action_explain_charge",
            "recommendation": "action_list_plans",
            "compare": "action_list_plans",
            "plans": "action_list_plans",
            "my_plan": "action_plan_details",
            "plan": "action_plan_details",
        }
        if topic in follow:
            return [FollowupAction(follow[topic])]
        turn.say("more_of_what")
        return []


class Why(BotkitAction):
    """A bare why: about the money after money, about the step within a guide."""

    action_name = "action_why"

    def respond(self, turn: Turn) -> list[EventType]:
        topic = turn.slot("topic")
        if topic in ("bill", "balance", "charge"):
            return [FollowupAction("action_explain_charge")]
        if topic == "usage":
            return [FollowupAction("action_usage")]
        turn.say("why_guide" if turn.slot("guide") else "why_unclear")
        return []


class Abort(BotkitAction):
    """Never mind: leaves whatever was going on."""

    action_name = "action_abort"

    def respond(self, turn: Turn) -> list[EventType]:
        busy = turn.tracker.active_loop_name or turn.slot("guide") or turn.slot("awaiting")
        turn.say("aborted" if busy else "aborted_nothing")
        names = (
            "requested_slot",
            "guide",
            "awaiting",
            "pending_task",
            "login_phone",
            "login_code",
            "device_asked_again",
        )
        return [ActiveLoop(None), *(SlotSet(name, None) for name in names)]


class Help(BotkitAction):
    action_name = "action_help"

    def respond(self, turn: Turn) -> list[EventType]:
        turn.say("help_verified" if turn.verified() else "help")
        return []
