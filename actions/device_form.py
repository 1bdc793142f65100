"""Which phone is it: the one on record, else its brand, else its model. Asks only what is not known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.base import BotkitAction, Turn, button
from actions.phones import UNKNOWN
from botkit.fiveg.phones import ModelMatch
from botkit.fiveg.support import sa_support

Slots = Mapping[str, Any]

_ABOUT_THE_PHONE = (
    "inform",
    "nlu_fallback",
    "out_of_scope",
    "deny",
    "affirm",
    "check_phone_5g",
    "setup_5g",
    "setup_volte",
)
_NO_NAME = ("deny", "step_not_found", "nlu_fallback", "inform")
_GOALS = {"setup_5g": "5g", "setup_volte": "volte"}
_ONLY_DESCRIBED = re.compile(r"买的|买了|去年|前年|今年|\d年|新的|旧的|老的|二手|人家?[送给]")
_OPTIONS = 6
_MORE_THAN_YES = 4  # characters: 就是诺基亚, but not 好的


def named_phone(turn: Turn) -> ModelMatch | None:
    """The phone that this message names, by text or by button; None where it names none."""
    named = turn.entities("phone_model", "brand") if turn.said.startswith("/") else [turn.said]
    for name in named:
        if any(brand.id == name for brand in turn.services.phones.registry.brands):
            return ModelMatch("brand_only", turn.services.phones.registry.brand(name))
        match = turn.services.phones.registry.find_model(name, _known_brand(turn))
        if match.candidates or (match.kind == "brand_only" and turn.services.phones.registry.find_brand(name)):
            return match
    return None


def slots_of(match: ModelMatch) -> Slots:
    """Slots for what was recognised of a phone."""
    brand = match.brand.id if match.brand else UNKNOWN
    if match.model is not None:
        return {"device_brand": match.model.brand_id, "device_model": match.model.name, "device_options": None}
    options = [model.name for model in match.candidates][:_OPTIONS] or None
    return {"device_brand": brand, "device_model": None, "device_options": options}


def _known_brand(turn: Turn) -> str | None:
    """The brand said before, while its model is being asked for: then a bare number is a model."""
    brand = turn.slot("device_brand") if turn.slot("requested_slot") == "device_model" else None
    return None if brand in (None, UNKNOWN) else brand


class ValidateDeviceForm(BotkitAction):
    """What the message says about the phone, and what is to be asked next.

    Returning nothing lets the rules answer a message that speaks of something else; the form then asks again.
    """

    action_name = "validate_device_form"
    within_form = True

    def respond(self, turn: Turn) -> list[EventType]:
        requested = turn.slot("requested_slot")
        understood = self._understood(turn, requested) if requested else {}
        slots = {
            name: turn.slot(name) for name in ("device_on_record", "device_confirmed", "device_brand", "device_model")
        }
        slots |= understood
        events = [SlotSet(name, value) for name, value in understood.items()]
        return [*events, SlotSet("requested_slot", _next(slots))]

    def _understood(self, turn: Turn, requested: str) -> Slots:
        match = named_phone(turn)
        if requested == "device_model" and turn.intent in _GOALS and not _says_more(match, turn.slot("device_brand")):
            # the question is asked again rather than answered: taken up with what is known of the phone
            return {"guide_goal": _GOALS[turn.intent], "device_model": UNKNOWN, "device_options": None}
        if requested == "device_model" and match is None and _ONLY_DESCRIBED.search(turn.said):
            return self._not_recognised(turn, requested)
        about_the_phone = turn.intent in _ABOUT_THE_PHONE or bool(turn.entities("phone_model", "brand"))
        if match is not None and about_the_phone:
            again = (
                requested == "device_model"
                and match.model is None
                and not match.candidates
                and self._repeats(turn, match)
            )
            return self._not_recognised(turn, requested) if again else {**slots_of(match), "device_on_record": None}
        if requested == "device_confirmed":
            return self._confirmed(turn)
        if turn.intent in _NO_NAME or (turn.intent == "affirm" and len(turn.said) >= _MORE_THAN_YES):
            return self._not_recognised(turn, requested)
        return {}

    def _repeats(self, turn: Turn, match: ModelMatch) -> bool:
        """Whether the message says no more of the phone than was known: the brand again, and a model that we do not list."""
        return match.brand is not None and match.brand.id == turn.slot("device_brand")

    def _confirmed(self, turn: Turn) -> Slots:
        if turn.intent in ("deny", "step_not_found"):
            return {"device_confirmed": False, "device_on_record": None}
        if turn.intent not in ("affirm", "step_done"):
            return {}
        match = turn.services.phones.registry.find_model(turn.slot("device_on_record") or "")
        known = slots_of(match)
        # a registered phone that we do not list: no use in asking for its model
        return {
            **known,
            "device_model": known["device_model"] or UNKNOWN,
            "device_options": None,
            "device_confirmed": True,
        }

    def _not_recognised(self, turn: Turn, requested: str) -> Slots:
        """An unknown brand or model: once asked in other words, then on without it."""
        knows_not = turn.intent in ("deny", "step_not_found") or turn.slot("device_asked_again")
        if not knows_not:
            return {"device_asked_again": True}
        brand = turn.slot("device_brand") if requested == "device_model" else UNKNOWN
        return {"device_brand": brand, "device_model": UNKNOWN}


def _says_more(match: ModelMatch | None, brand: str | None) -> bool:
    """Whether a phone is named that is more, or another, than the brand known before."""
    if match is None:
        return False
    return match.model is not None or bool(match.candidates) or (match.brand is not None and match.brand.id != brand)


def _next(slots: Slots) -> str | None:
    """The slot to ask for."""
    if slots["device_model"]:
        return None
    if slots["device_on_record"] and slots["device_confirmed"] is None and not slots["device_brand"]:
        return "device_confirmed"
    return "device_model" if slots["device_brand"] else "device_brand"


class AskDeviceConfirmed(BotkitAction):
    action_name = "action_ask_device_confirmed"
    within_form = True

    def respond(self, turn: Turn) -> list[EventType]:
        recorded = turn.slot("device_on_record")
        model = turn.services.phones.registry.find_model(recorded).model
        support = sa_support(model)
        turn.say(f"device_on_record_{support.five_g}_{support.sa}", phone=model.name if model else recorded)
        return []


class AskDeviceBrand(BotkitAction):
    action_name = "action_ask_device_brand"
    within_form = True

    def respond(self, turn: Turn) -> list[EventType]:
        turn.say("ask_brand_again" if turn.slot("device_asked_again") else "ask_brand")
        return []


class AskDeviceModel(BotkitAction):
    action_name = "action_ask_device_model"
    within_form = True

    def respond(self, turn: Turn) -> list[EventType]:
        options = turn.slot("device_options") or []
        if options:
            again = "_again" if turn.slot("device_asked_again") else ""
            turn.say(f"ask_model_which{again}", buttons=[button(name, "inform", phone_model=name) for name in options])
            return []
        if turn.slot("device_asked_again"):
            turn.say("ask_model_again")
        else:
            turn.say("ask_model", brand=_brand_words(turn))
        return []


def _brand_words(turn: Turn) -> str:
    """The makers whose phones share a guide, as customers mix them up: `小米 / Redmi`; just Redmi for who said so."""
    brand = turn.slot("device_brand")
    if brand in (None, UNKNOWN):
        return turn.text("phrase_phone")
    guide = turn.services.phones.guides.guide_of(brand)
    name = guide.name if guide.id == brand else turn.services.phones.registry.brand(brand).name
    return turn.text("phrase_brand", name=name)
