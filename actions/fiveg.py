"""Setting up 5G, VoLTE and the 5G-only pack on this very phone: which phone, what it can do, step by step."""

from __future__ import annotations

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import BotkitAction, Domain, PersonalAction, Turn, button
from actions.services import Services, default_services
from botkit.conversation.reply import StepCard
from botkit.fiveg.guide import Guide, build_guide
from botkit.fiveg.navigator import End, GuidePosition, Show
from botkit.fiveg.phones import ModelMatch, PhoneModel
from botkit.fiveg.support import sa_support
from botkit.handoff.machine import Reason
from botkit.telecom.customer import Customer
from botkit.telecom.usage import BucketKind

GOALS = {"setup_5g": "5g", "setup_volte": "volte", "sa_pack_unused": "sa_pack", "check_phone_5g": "check"}
UNKNOWN = "unknown"
_FREE_TEXT = ("inform", "nlu_fallback", "out_of_scope", "deny", "affirm", "check_phone_5g", "setup_5g")


class StartSetup(BotkitAction):
    """Begins a guide or a check; takes the phone from the message, from earlier on, or from the operator's record."""

    action_name = "action_setup_5g"

    def respond(self, turn: Turn) -> list[EventType]:
        if turn.entities("new_phone"):
            known = ("device_brand", "device_model", "device_on_record", "device_confirmed", "guide")
            return [*(SlotSet(name, None) for name in known), FollowupAction("device_form")]
        goal = GOALS.get(turn.intent, "5g")
        events: list[EventType] = [SlotSet("topic", "fiveg"), SlotSet("guide_goal", goal), SlotSet("guide", None)]
        match = turn.services.phones.registry.find_model(turn.said) if not turn.said.startswith("/") else None
        if match and match.kind != "none":
            return [*events, *_phone_events(turn, match), FollowupAction("device_form")]
        brand = next(iter(turn.entities("brand")), None)
        if brand:
            return [
                *events,
                SlotSet("device_brand", brand),
                SlotSet("device_model", None),
                FollowupAction("device_form"),
            ]
        if turn.slot("device_model"):
            return [*events, FollowupAction("device_form")]
        customer = turn.customer()
        device = turn.operator.device(customer.id) if customer else None
        recorded = f"{device.brand} {device.model}" if device else None
        return [
            *events,
            SlotSet("device_on_record", recorded),
            SlotSet("device_confirmed", None),
            FollowupAction("device_form"),
        ]


class SaPackUnused(PersonalAction):
    """The 5G-only pack is not being used: says what the record shows, then helps again."""

    action_name = "action_sa_pack_unused"
    topic = "fiveg"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        buckets = [b for b in turn.operator.buckets(customer.id) if b.kind is BucketKind.SA_DATA]
        if not buckets:
            turn.say("sa_pack_none")
            return []
        bucket = buckets[0]
        name = "sa_pack_untouched" if not bucket.used else "sa_pack_used"
        turn.say(name, name=bucket.name, used=f"{bucket.used} MB", left=f"{bucket.left} MB")
        device = turn.operator.device(customer.id)
        return [
            SlotSet("guide_goal", "sa_pack"),
            SlotSet("guide", None),
            SlotSet("device_on_record", f"{device.brand} {device.model}" if device else None),
            SlotSet("device_confirmed", None),
            FollowupAction("device_form"),
        ]


class ValidateDeviceForm(FormValidationAction):  # type: ignore[misc]
    """Asks only what is not known: is it the phone on record, else its brand, else its model."""

    def __init__(self, services: Services | None = None) -> None:
        self._services = services

    def name(self) -> str:
        return "validate_device_form"

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[str]:
        if tracker.get_slot("device_model"):
            return []
        if tracker.get_slot("device_brand"):
            return ["device_model"]
        if tracker.get_slot("device_on_record") and tracker.get_slot("device_confirmed") is not False:
            return ["device_confirmed"]
        return ["device_brand", "device_model"]

    async def extract_device_brand(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        return self._extracted(dispatcher, tracker, domain)

    async def extract_device_model(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        return self._extracted(dispatcher, tracker, domain)

    async def extract_device_confirmed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        return self._extracted(dispatcher, tracker, domain)

    def _extracted(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> dict[str, Any]:
        """What this message says about the phone, as slots; nothing when it speaks of something else."""
        turn = Turn(self._services or default_services(), dispatcher, tracker, domain, self.name())
        requested = tracker.get_slot("requested_slot")
        if requested not in ("device_brand", "device_model", "device_confirmed"):
            return {}
        if requested == "device_confirmed" and turn.intent in ("affirm", "step_done"):
            return {"device_confirmed": True}
        match = turn.services.phones.registry.find_model(turn.said, tracker.get_slot("device_brand"))
        about_the_phone = turn.intent in _FREE_TEXT or bool(turn.entities("phone_model", "brand"))
        if match.kind != "none" and about_the_phone:
            return {event["name"]: event["value"] for event in _phone_events(turn, match)}
        if requested == "device_confirmed":
            return {"device_confirmed": False} if turn.intent in ("deny", "step_not_found") else {}
        if turn.intent in (
            "deny",
            "step_not_found",
            "nlu_fallback",
            "out_of_scope",
            "inform",
        ) and not turn.said.startswith("/"):
            return self._not_recognised(turn, requested)
        return {}

    def _not_recognised(self, turn: Turn, requested: str) -> dict[str, Any]:
        """An unknown brand or model: once asked in other words, then on without it."""
        if requested == "device_model" and (turn.slot("device_asked_again") or turn.intent == "deny"):
            return {"device_model": UNKNOWN}
        if requested == "device_brand" and turn.slot("device_asked_again"):
            return {"device_brand": UNKNOWN, "device_model": UNKNOWN}
        return {"device_asked_again": True}

    def validate_device_confirmed(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        if value is not True:
            return {"device_confirmed": value}
        turn = Turn(self._services or default_services(), dispatcher, tracker, domain, self.name())
        registry = turn.services.phones.registry
        match = registry.find_model(tracker.get_slot("device_on_record") or "")
        return {event["name"]: event["value"] for event in _phone_events(turn, match)} | {"device_confirmed": True}


def _phone_events(turn: Turn, match: ModelMatch) -> list[EventType]:
    """Slots for what was recognised of a phone."""
    if match.kind == "exact" and match.model is not None:
        return [SlotSet("device_brand", match.model.brand_id), SlotSet("device_model", match.model.name)]
    brand = match.brand.id if match.brand else UNKNOWN
    if match.kind == "ambiguous":
        return [SlotSet("device_brand", brand), SlotSet("device_options", [m.name for m in match.candidates][:6])]
    return [SlotSet("device_brand", brand)]


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
        buttons = [button(name, "inform", phone_model=name) for name in options]
        if options:
            turn.say("ask_model_which", buttons=buttons)
            return [SlotSet("device_options", None)]
        turn.say("ask_model_again" if turn.slot("device_asked_again") else "ask_model")
        return []


class StartGuide(BotkitAction):
    """The phone is known as well as it will be: the verdict, then the first step."""

    action_name = "action_start_guide"

    def respond(self, turn: Turn) -> list[EventType]:
        goal = turn.slot("guide_goal") or "5g"
        events: list[EventType] = [SlotSet("device_asked_again", None), SlotSet("device_confirmed", None)]
        model = _model(turn)
        if goal == "check":
            _say_support(turn, model)
            return events
        guide = _guide(turn, goal)
        if not guide.steps:
            turn.say("guide_impossible", opening=guide.opening)
            return events
        turn.say("guide_opening", title=guide.title, phone=model.name if model else "", opening=guide.opening)
        return [*events, *_show(turn, guide, GuidePosition().show(guide))]


class GuideStep(BotkitAction):
    """好了, 找不到, 上一步, 再说一遍 within a guide; without one, a word on what can be done."""

    action_name = "action_guide_step"

    def respond(self, turn: Turn) -> list[EventType]:
        place = turn.slot("guide")
        if not place:
            turn.say("guide_none")
            return []
        guide = _guide(turn, place["goal"])
        position = GuidePosition(place["step"], place["hint"])
        moves = {"step_back": position.back, "step_not_found": position.not_found, "deny": position.not_found}
        return _show(turn, guide, moves.get(turn.intent, position.next)(guide))


def resume_guide(turn: Turn) -> None:
    """Show again where the customer stands."""
    place = turn.slot("guide")
    guide = _guide(turn, place["goal"])
    _show(turn, guide, GuidePosition(place["step"], place["hint"]).show(guide))


def _show(turn: Turn, guide: Guide, shown: Show | End) -> list[EventType]:
    texts = turn.services.phones.guides.texts
    if shown is End.FINISHED:
        turn.say("guide_finished", finished=texts.finished)
        return [SlotSet("guide", None)]
    if shown is End.HAND_OVER:
        turn.hand_over(Reason.TOO_COMPLEX, "5g", "guide_hand_over", text=texts.hand_over)
        return [SlotSet("guide", None), ActiveLoop(None)]
    assert isinstance(shown, Show)
    number = shown.position.step + 1
    path = () if shown.hint else tuple(part.strip() for part in shown.step.path.split("›") if part.strip())
    card = StepCard(shown.step.title, number, len(guide.steps), path, shown.step.caution if not shown.hint else "")
    turn.say("guide_step", text=shown.hint or shown.step.text, number=number, of=len(guide.steps), step=card)
    return [SlotSet("guide", {"goal": guide.goal, "step": shown.position.step, "hint": shown.position.hint})]


def _guide(turn: Turn, goal: str) -> Guide:
    content = turn.services.phones.guides
    brand = turn.slot("device_brand")
    brand_id = None if brand in (None, UNKNOWN) else brand
    system = next(iter(turn.entities("system")), None)
    system_id = content.guide_of(brand_id).find_system(system) if system else turn.slot("device_system")
    return build_guide(content, brand_id, _model(turn), system_id, goal)  # type: ignore[arg-type]


def _model(turn: Turn) -> PhoneModel | None:
    name = turn.slot("device_model")
    return None if name in (None, UNKNOWN) else turn.services.phones.registry.model_named(name)


def _say_support(turn: Turn, model: PhoneModel | None) -> None:
    support = sa_support(model)
    if model is None:
        turn.say("phone_unknown")
        return
    wording = turn.services.phones.guides.texts.support[support.reason_key]
    turn.say(f"phone_{support.five_g}_{support.sa}", phone=model.name, why=wording.for_trust(support.trust))
