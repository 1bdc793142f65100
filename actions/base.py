"""What all actions share: the turn they act in, whether the customer is verified, and what is said when that fails."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import meant_instead
from actions.services import Services, default_services
from actions.tone import Tone
from botkit.bss.port import OperatorUnavailable, UnknownCustomer
from botkit.content.handoff import HAND_OVER, RULE_SLOT, HandoffRule
from botkit.content.texts import Button
from botkit.conversation.reply import Reply, StepCard, Table
from botkit.conversation.verification import Verified
from botkit.handoff.hearing import heard_since_hand_over
from botkit.handoff.judge import rule_for
from botkit.handoff.machine import Reason
from botkit.telecom.customer import Customer
from botkit.telecom.values import Money

_MOST = 1_000_000
"""Yuan from which on a number in a message is no amount that anybody asks about."""
_MOST_BUTTONS = 7
OF_THE_PERSON = (
    "login_phone", "login_code", "pending_task", "wanted_too", "awaiting", "focus", "topic",
    "device_brand", "device_model", "device_confirmed", "device_on_record", "device_options", "device_system",
    "guide", "guide_goal",
)  # fmt: skip
"""Slots that hold what is known of one person; another one in the same conversation must not meet them."""

Domain = Mapping[str, Any]
Values = dict[str, Any]
"""What fills the placeholders of a text."""


class Turn:
    """One message of the customer and the means to answer it."""

    def __init__(
        self, services: Services, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain, action: str
    ) -> None:
        self.services = services
        self.operator = services.operator
        self.tracker = tracker
        self.texts = services.texts
        self._dispatcher = dispatcher
        self._latest = tracker.latest_message or {}
        pending = tracker.get_slot("pending_task") or {}
        self._resumed = pending.get("action") == action and pending.get("message_id") != self.message_id
        #: the message that this turn answers: the one before verification, when it is taken up again after it
        self._asked = pending if self._resumed else self._latest
        self._customer: Customer | None = None
        self.tone = Tone(services.handoff, tracker.events)

    @property
    def now(self) -> datetime:
        return self.services.now()

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def said(self) -> str:
        """The customer's words; for a chosen button its payload."""
        return str(self._asked.get("text") or "")

    @property
    def intent(self) -> str:
        return str((self._asked.get("intent") or {}).get("name") or "")

    @property
    def sureness(self) -> float:
        """How sure it is that this was meant, 0 to 1; a chosen button is certain."""
        return float((self._asked.get("intent") or {}).get("confidence") or 0.0)

    @property
    def message_id(self) -> str:
        """Identifies the message, so that a repeated attempt to answer it does nothing twice."""
        return _message_id(self._latest)

    def said_by_bot(self, messages_ago: int = 0) -> list[str]:
        """What the bot has said since the customer's latest message, or since the one before the next."""
        texts: list[str] = []
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                messages_ago -= 1
            elif event.get("event") == "bot" and messages_ago == 0:
                texts.append(event.get("text") or "")
            if messages_ago < 0:
                break
        return texts

    @property
    def form(self) -> str | None:
        """The form that waits for this message, if any; it asks again by itself after an action."""
        loop: str | None = self.tracker.active_loop_name
        return loop

    def slot(self, name: str) -> Any:
        return self.tracker.get_slot(name)

    def entities(self, *types: str) -> list[str]:
        """Values of the entities of these types, in the order of the text."""
        found = self._asked.get("entities") or []
        return [str(entity["value"]) for entity in found if entity.get("entity") in types]

    def amounts(self, *types: str) -> list[Money]:
        """Values of the entities of these types as amounts, without those that are none or beyond all reason."""
        found = []
        for value in self.entities(*types):
            try:
                yuan = Decimal(value)
            except InvalidOperation:
                continue
            if yuan.is_finite() and abs(yuan) <= _MOST:
                found.append(Money.of(yuan))
        return found

    def verified(self) -> Verified | None:
        return self.services.verifications.current(self.tracker.sender_id)

    def customer(self) -> Customer | None:
        """The verified customer. Raises OperatorUnavailable."""
        if self._customer is None:
            verified = self.verified()
            self._customer = self.operator.customer(verified.customer_id) if verified else None
        return self._customer

    def text(self, name: str, /, **values: object) -> str:
        return self.texts.text(name, **values)

    def say(
        self,
        name: str,
        /,
        *,
        table: Table | None = None,
        step: StepCard | None = None,
        buttons: Sequence[Button] = (),
        last_buttons: Sequence[Button] = (),
        more: Sequence[str] = (),
        details: Sequence[str] = (),
        asks: str | None = None,
        **values: object,
    ) -> None:
        """Send a response by name, and further sentences, each on a line of its own.

        `more` is what the customer needs before he decides: what it costs, what is lost. `details` is what is good to
        know. `buttons` stand before the response's own ones, `last_buttons` after them. `asks`: see `Reply`.

        Customers who asked for short answers get `<name>_simple` where there is one, without details and table. Who is
        upset hears one word of apology first, no details, and is offered a human. A second "did not get it" in a row is
        not said: a human gets it.
        """
        if f"{name}_simple" in self.texts.names and self._wants_it_simple():
            name, table, details = f"{name}_simple", None, ()
        if self.tone.fails_again(name):
            self.hand_over(Reason.MISUNDERSTOOD, topic_of(self), "human_misunderstood", rule="misunderstood")
            return
        soothing = self.tone.soothes(name)
        sorry = [self.text("sorry_first")] if soothing and not self._apologised() else []
        lines = [*sorry, self.text(name, **values), *more, *(() if soothing else details)]
        offered = [*buttons, *self.texts.buttons(name, **values), *last_buttons]
        human = button(self.text("button_human"), "request_human")
        way_out = [human] if soothing and all(one["payload"] != human["payload"] for one in offered) else []
        self.send(
            "\n".join(line for line in lines if line),
            table=table,
            step=step,
            buttons=[*offered[: _MOST_BUTTONS - len(way_out)], *way_out],
            asks=asks,
            unhelped=self.tone.is_unhelpful(name) or self.tone.asks_back(name),
        )

    def _apologised(self) -> bool:
        sorry = self.text("sorry_first")
        return any(text.startswith(sorry) for text in self.said_by_bot(1))

    def send(
        self,
        text: str,
        *,
        table: Table | None = None,
        step: StepCard | None = None,
        buttons: Sequence[Button] = (),
        asks: str | None = None,
        unhelped: bool = False,
    ) -> None:
        """`unhelped`: this says that the bot did not get it, see `botkit.handoff.judge`."""
        content = Reply(text, table, step, asks=asks).content() | ({"unhelped": True} if unhelped else {})
        self._dispatcher.utter_message(text=text, buttons=_distinct(buttons), json_message=content or None)

    def _wants_it_simple(self) -> bool:
        customer = self.customer()
        return customer is not None and customer.language_simple

    def what_follows(self) -> list[EventType]:
        """After the last answer of a turn: handing over, if a rule is to come after the answer, or the customer's turn."""
        rule = None
        if not self.form and not any((said.get("custom") or {}).get("hand_over") for said in self._dispatcher.messages):
            rule = rule_for(heard_since_hand_over(self._up_to_what_is_answered()), self.services.handoff)
        if rule is None or rule.own_action or not rule.answer_first:
            return [FollowupAction("action_listen")]
        return [SlotSet(RULE_SLOT, rule.named), FollowupAction(HAND_OVER)]

    def _up_to_what_is_answered(self) -> Sequence[Mapping[str, Any]]:
        """The tracker's events up to the message that this turn answers; what verification asked in between has no part in
        whether a human should have it."""
        events: Sequence[Mapping[str, Any]] = self.tracker.events
        if not self._resumed:
            return events
        asked = self._asked.get("message_id")
        after = [n for n, event in enumerate(events, 1) if event["event"] == "user" and _message_id(event) == asked]
        return events[: after[-1]] if after else events

    def hand_over(self, reason: Reason, topic: str, name: str, /, *, rule: str | HandoffRule, **values: object) -> None:
        """Say a sentence and put the conversation into the queue for a human. `rule`: of `content/handoff.yml`, or its name."""
        applied = self.services.handoff.rule(rule) if isinstance(rule, str) else rule
        self._dispatcher.utter_message(
            text=self.text(name, **values),
            buttons=self.texts.buttons(name, **values),
            json_message={
                "hand_over": {"reason": reason.value, "topic": topic, "rule": applied.name, "title": applied.title}
            },
        )


class BotkitAction(Action, ABC):
    """An action that answers a turn. Subclasses set `action_name` and write `respond`."""

    action_name = ""
    within_form = False
    """Whether a form runs it to ask for a slot, and goes on by itself."""

    def __init__(self, services: Services | None = None) -> None:
        self._services = services

    def name(self) -> str:
        return self.action_name

    @property
    def services(self) -> Services:
        return self._services or default_services()

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        turn = Turn(self.services, dispatcher, tracker, domain, self.name())
        instead = None if self.within_form else meant_instead(turn, self.name())
        try:
            events = [FollowupAction(instead)] if instead else self.respond(turn)
        except OperatorUnavailable:
            turn.say("operator_unavailable")
            events = []
        except UnknownCustomer:
            events = line_gone(turn)
        except NoPlan:
            turn.say("no_plan")
            events = [SlotSet("pending_task", None)]
        # After an action that a story's rule names, that says what follows; after one that another action called, only what
        # `content/handoff.yml` says does.
        called = tracker.latest_action_name not in (None, "action_listen") and not self.within_form
        if called and not any(event["event"] == "followup" for event in events):
            events = [*events, *turn.what_follows()]
        return events

    @abstractmethod
    def respond(self, turn: Turn) -> list[EventType]:
        """Answer the turn; returns the events for Rasa's tracker."""


class NoPlan(Exception):
    """The customer has no plan in the operator's systems: nothing can be said of it, a human has to look."""


def line_gone(turn: Turn) -> list[EventType]:
    """The verified line is no customer's any more: ends the verification, forgets the person, asks for a number."""
    turn.services.verifications.revoke(turn.tracker.sender_id)
    turn.say("verify_line_gone")
    forgotten = [SlotSet(name, None) for name in (*OF_THE_PERSON, "requested_slot")]
    return [ActiveLoop(None), *forgotten, FollowupAction("verify_form")]


class PersonalAction(BotkitAction):
    """An action on the customer's own data: asks for verification first, and is taken up again after it."""

    topic = ""

    def respond(self, turn: Turn) -> list[EventType]:
        customer = turn.customer()
        if customer is None:
            return ask_to_verify(turn, self.action_name)
        events = self.answer(turn, customer)
        done = [SlotSet("pending_task", None), SlotSet("awaiting", None)]
        return [SlotSet("topic", self.topic), *done, *events]

    @abstractmethod
    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        """Answer the verified customer."""


def topic_of(turn: Turn) -> str:
    """What the customer is about: what waits until he is verified, else what was answered last; "" where nothing is known."""
    action = (turn.slot("pending_task") or {}).get("action")
    waiting = next((kind.topic for kind in _kinds_of(PersonalAction) if kind.action_name == action), "")
    return waiting or turn.slot("topic") or ""


def _kinds_of(action: type[Any]) -> Iterator[type[Any]]:
    for kind in action.__subclasses__():
        yield kind
        yield from _kinds_of(kind)


def _message_id(message: Mapping[str, Any]) -> str:
    """Of a `user` event, or of Rasa's `latest_message`."""
    return str((message.get("metadata") or {}).get("message_id") or message.get("message_id") or "")


def ask_to_verify(turn: Turn, action: str, **entities: str) -> list[EventType]:
    """Start the verification form; when it is done, `action` answers this message, with further `entities`."""
    return [once_verified(turn, action, **entities), *begin_verification(turn)]


def once_verified(turn: Turn, action: str, **entities: str) -> EventType:
    """When the customer has proved who he is, asked to or not, `action` answers this message."""
    asked = turn.tracker.latest_message or {}
    kept = [{"entity": e["entity"], "value": e["value"]} for e in asked.get("entities") or ()]
    kept += [{"entity": name, "value": value} for name, value in entities.items()]
    task = {
        "action": action,
        "message_id": turn.message_id,
        "text": asked.get("text"),
        "intent": {"name": turn.intent},
        "entities": kept,
    }
    return SlotSet("pending_task", task)


def begin_verification(turn: Turn) -> list[EventType]:
    """Start the verification form. Where the channel vouches for a customer's number, it begins with that: the code is
    sent at once. Not where the message names a number itself."""
    events: list[EventType] = [SlotSet("login_code", None)]
    named = turn.slot("login_phone") or turn.entities("phone_number")
    if not named and turn.form != "verify_form":
        vouched = turn.services.verifications.vouched(turn.tracker.sender_id)
        if vouched is not None and _is_customers(turn, vouched):
            events.append(SlotSet("login_phone", vouched))
    return [*events, FollowupAction("verify_form")]


def _is_customers(turn: Turn, phone: str) -> bool:
    try:
        turn.operator.customer_by_phone(phone)
    except UnknownCustomer:
        return False
    return True


def payload(intent: str, **entities: str) -> str:
    """A button's payload in Rasa's form."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"


def button(title: str, intent: str, **entities: str) -> Button:
    return {"title": title, "payload": payload(intent, **entities)}


def _distinct(buttons: Sequence[Button]) -> list[Button]:
    return list({button["payload"]: button for button in buttons}.values())
