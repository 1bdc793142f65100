"""No signal, slow, no calls: the account first, for a stopped or slowed line needs no flight mode."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.base import BotkitAction, Turn, ask_to_verify
from actions.usage import say_throttled
from botkit.telecom.customer import LineStatus

_CALLS_ONLY = re.compile(r"电话|通话|打不出|打不通|接不到|短信")
_ABOUT_SPEED = re.compile(r"慢|卡|网速|限速|降速")
_WEAK_PLACES = re.compile(r"地铁|隧道|电梯|地下|车库|高铁|火车|山")


class NetworkProblem(BotkitAction):
    """Looks at the line of a verified customer, then gives what he can try; after that it is a human's."""

    action_name = "action_network_problem"

    def respond(self, turn: Turn) -> list[EventType]:
        customer = turn.customer()
        if customer is None and turn.entities("mine"):
            return ask_to_verify(turn, self.action_name)
        topic = SlotSet("topic", "network")
        done = [SlotSet("pending_task", None)] if customer else []
        if customer is not None and customer.status is not LineStatus.ACTIVE:
            return [*done, FollowupAction("action_suspension")]
        about_calls = _CALLS_ONLY.search(turn.said) and not _ABOUT_SPEED.search(turn.said)
        if customer is not None and not about_calls and say_throttled(turn, customer):
            return [*done, SlotSet("topic", "usage"), SlotSet("awaiting", None)]
        if turn.slot("topic") == "network" and not turn.said.startswith("/"):
            places = [turn.text("network_weak_places")] if _WEAK_PLACES.search(turn.said) else []
            turn.say("network_noted", more=[*places, turn.text("network_by_human")])
            return [*done, topic, SlotSet("awaiting", "human")]
        turn.say("network_advice_checked" if customer else "network_advice")
        return [*done, topic, SlotSet("awaiting", "network")]
