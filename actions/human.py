"""Handing over to a human: on request, by rule, for complaints, after venting, and when the bot does not understand."""

from __future__ import annotations

from collections.abc import Iterator, Set

from rasa_sdk.events import EventType, SlotSet

from actions.base import BotkitAction, Turn, topic_of
from actions.follow_up import leave_everything
from botkit.content.handoff import HAND_OVER, RULE_SLOT
from botkit.content.texts import Button
from botkit.handoff.machine import Reason

_UPSET_WITHIN = 6
"""Messages of the customer within which a second outburst is one too many."""
_TOPICS = {
    "complaint": "complaint",
    "threat": "complaint",
    "refund": "charge",
    "denied_charge": "charge",
    "high_amount": "charge",
    "technical_depth": "network",
}
"""What a matter is about, whatever was spoken of before."""
_WHAT_HE_CAN_DO = ("complaint_how", "complaint_how_more")
_LIKELY = 0.05
_OFFERED = 3


class RequestHuman(BotkitAction):
    """The customer asks for a human: at once, without a counter-question."""

    action_name = "action_request_human"

    def respond(self, turn: Turn) -> list[EventType]:
        verified = turn.verified() is not None
        text = "human_asked" if verified else "human_asked_unverified"
        turn.hand_over(Reason.ASKED, topic_of(turn), text, rule="asked")
        return leave_everything()


class HandOver(BotkitAction):
    """A rule of `content/handoff.yml` applies; `botkit.conversation.handoff_policy` has left which."""

    action_name = HAND_OVER

    def respond(self, turn: Turn) -> list[EventType]:
        wanted = turn.slot(RULE_SLOT)
        rule = turn.services.handoff.rule(wanted["name"], wanted["title"])
        upset = rule.reason == Reason.FRUSTRATED.value  # nothing was answered: those for complaints take him
        topic = (turn.slot("topic") or "") if upset else topic_of(turn)
        turn.hand_over(Reason(rule.reason), _TOPICS.get(rule.name, topic) or topic, rule.say, rule=rule)
        return [*leave_everything(), SlotSet(RULE_SLOT, None)]


class Complain(BotkitAction):
    """A complaint belongs to a human, with the conversation attached. Who reports a nuisance call or makes a suggestion, and is
    not upset with us, is told what he can do, twice if he asks on; then he chooses."""

    action_name = "action_complaint"

    def respond(self, turn: Turn) -> list[EventType]:
        recent = [intent for intent, _ in zip(_intents(turn), range(_UPSET_WITHIN), strict=False)]
        typed = not turn.said.startswith("/")
        told = recent.count("make_complaint") - 1
        if typed and told < len(_WHAT_HE_CAN_DO) and not turn.tone.calls_for_a_human:
            turn.say(_WHAT_HE_CAN_DO[told])
            return []
        turn.hand_over(Reason.TOO_COMPLEX, "complaint", "human_complaint", rule="complaint")
        return leave_everything()


class Vent(BotkitAction):
    """Upset without a wish: once, fewer words and a human offered; again soon after, handed over."""

    action_name = "action_vent"

    def respond(self, turn: Turn) -> list[EventType]:
        recent = [intent for intent, _ in zip(_intents(turn), range(_UPSET_WITHIN), strict=False)]
        if recent.count("vent") >= 2:
            turn.hand_over(Reason.FRUSTRATED, turn.slot("topic") or "", "human_frustrated", rule="frustrated")
            return leave_everything()
        turn.say("vent_first")
        return []


class Clarify(BotkitAction):
    """Asks back: with the likely meanings as buttons, or in other words where there are none or none was meant.

    A second message in a row that is not understood goes to a human by `content/handoff.yml`. While verification waits for an
    answer, its own reminder takes the place of asking back, and the third goes to a human.
    """

    action_name = "action_clarify"

    def respond(self, turn: Turn) -> list[EventType]:
        times = _in_a_row(turn, {"nlu_fallback"})
        if times >= 3:
            turn.hand_over(Reason.MISUNDERSTOOD, topic_of(turn), "human_misunderstood", rule="misunderstood")
            return leave_everything()
        if turn.form:
            return []
        likely = self._likely(turn) if times == 1 else []
        turn.say("clarify_offer" if likely else "clarify_rephrase", buttons=likely)
        return []

    def _likely(self, turn: Turn) -> list[Button]:
        """Buttons for the likeliest intents that stand for a wish."""
        ranking = (turn.tracker.latest_message or {}).get("intent_ranking") or []
        titles = turn.texts.labels("intent_titles")
        names = [entry["name"] for entry in ranking if entry["name"] in titles and entry["confidence"] > _LIKELY]
        return [{"title": titles[name], "payload": f"/{name}"} for name in names[:_OFFERED]]


def _intents(turn: Turn) -> Iterator[str | None]:
    """Intents of the customer's messages, this one first."""
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            yield ((event.get("parse_data") or {}).get("intent") or {}).get("name")


def _in_a_row(turn: Turn, intents: Set[str]) -> int:
    """How many of the customer's last messages, this one included, were of these intents only."""
    count = 0
    for intent in _intents(turn):
        if intent not in intents:
            break
        count += 1
    return count
