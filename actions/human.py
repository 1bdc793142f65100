"""Handing over to a human: on request, for complaints, after venting, and when the bot does not understand."""

from __future__ import annotations

from collections.abc import Iterator, Set

from rasa_sdk.events import EventType

from actions.base import BotkitAction, Turn
from actions.follow_up import leave_everything
from botkit.content.texts import Button
from botkit.handoff.machine import Reason

_UPSET_WITHIN = 6
"""Messages of the customer within which a second outburst is one too many."""
_LIKELY = 0.05
_OFFERED = 3


class RequestHuman(BotkitAction):
    """The customer asks for a human: at once, without a counter-question."""

    action_name = "action_request_human"

    def respond(self, turn: Turn) -> list[EventType]:
        verified = turn.verified() is not None
        turn.hand_over(Reason.ASKED, turn.slot("topic") or "", "human_asked" if verified else "human_asked_unverified")
        return leave_everything()


class Complain(BotkitAction):
    """A complaint belongs to a human, with the conversation attached."""

    action_name = "action_complaint"

    def respond(self, turn: Turn) -> list[EventType]:
        turn.hand_over(Reason.TOO_COMPLEX, "complaint", "human_complaint")
        return leave_everything()


class Vent(BotkitAction):
    """Upset without a wish: once, fewer words and a human offered; again soon after, handed over."""

    action_name = "action_vent"

    def respond(self, turn: Turn) -> list[EventType]:
        recent = [intent for intent, _ in zip(_intents(turn), range(_UPSET_WITHIN), strict=False)]
        if recent.count("vent") >= 2:
            turn.hand_over(Reason.FRUSTRATED, turn.slot("topic") or "", "human_frustrated")
            return leave_everything()
        turn.say("vent_first")
        return []


class Clarify(BotkitAction):
    """Two-stage fallback: first the likely meanings as buttons, then other words, then a human.

    While verification waits for an answer, its own reminder takes the place of the first two.
    """

    action_name = "action_clarify"

    def respond(self, turn: Turn) -> list[EventType]:
        times = _in_a_row(turn, {"nlu_fallback"})
        if times >= 3:
            turn.hand_over(Reason.MISUNDERSTOOD, turn.slot("topic") or "", "human_misunderstood")
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
