"""Setting up 5G, VoLTE and the 5G-only pack on this very phone: what it can do, then step by step."""

from __future__ import annotations

import re

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.base import BotkitAction, PersonalAction, Turn, button
from actions.context import USABLE
from actions.device_form import named_phone, slots_of
from actions.phones import UNKNOWN, known_phone, model_in_slots, recorded_name
from botkit.conversation.reply import StepCard
from botkit.fiveg.guide import Guide, build_guide
from botkit.fiveg.navigator import End, GuidePosition, Show
from botkit.fiveg.phones import ModelMatch
from botkit.fiveg.support import sa_support
from botkit.fiveg.trust import is_soft
from botkit.handoff.machine import Reason
from botkit.telecom.customer import Customer
from botkit.telecom.usage import BucketKind
from botkit.telecom.values import DataVolume

_GOALS = {"setup_5g": "5g", "setup_volte": "volte", "sa_pack_unused": "sa_pack", "check_phone_5g": "check"}
_AGAIN = re.compile(r"再[说讲看发来]|没[看听]清|没看懂|没明白|重复|重新[说发讲]|刚才那步")
_FROM_THE_START = re.compile(r"重来|从头|重新开始|第一步")
_WANTS_PACK = re.compile(r"[想要]办|办理|办一?个|想要|开通|订购|加一?个|买")


class StartSetup(BotkitAction):
    """Begins a guide or a check; takes the phone from the message, from earlier on, or from the operator's record."""

    action_name = "action_setup_5g"

    def respond(self, turn: Turn) -> list[EventType]:
        asked = "check" if USABLE.search(turn.said) else None  # 那能用了吧
        goal = _GOALS.get(turn.intent) or turn.slot("guide_goal") or asked or "5g"
        if "sa_data" in turn.entities("pack_kind"):  # a button's wish
            goal = "sa_pack"
        return [
            SlotSet("topic", "fiveg"),
            SlotSet("awaiting", None),
            SlotSet("guide_goal", goal),
            SlotSet("guide", None),
            SlotSet("device_asked_again", None),
            *self._phone(turn, goal),
            FollowupAction("device_form"),
        ]

    def _phone(self, turn: Turn, goal: str) -> list[EventType]:
        if turn.entities("new_phone"):
            return _slots(device_brand=None, device_model=None, device_on_record=None, device_confirmed=None)
        named = named_phone(turn)
        if named is not None and not _known_already(turn, named):
            return _slots(**slots_of(named), device_on_record=None)
        if turn.slot("device_model"):
            return []
        if goal == "check" and (known := known_phone(turn)):  # only asked about: no need to confirm which
            return _slots(device_brand=known.model.brand_id, device_model=known.model.name, device_on_record=None)
        return _slots(device_on_record=recorded_name(turn), device_confirmed=None)


def _known_already(turn: Turn, named: ModelMatch) -> bool:
    """Whether only the brand is named of a phone whose model is known."""
    brand_only = named.kind == "brand_only" and named.brand is not None and named.brand.id == turn.slot("device_brand")
    return brand_only and bool(turn.slot("device_model"))


def _slots(**values: object) -> list[EventType]:
    return [SlotSet(name, value) for name, value in values.items()]


class SaPackUnused(PersonalAction):
    """The 5G-only pack is not being used: says what the record shows, then helps again."""

    action_name = "action_sa_pack_unused"
    topic = "fiveg"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        bucket = next((b for b in turn.operator.buckets(customer.id) if b.kind is BucketKind.SA_DATA), None)
        if bucket is None and _WANTS_PACK.search(turn.said):
            return [FollowupAction("action_order_addon")]
        if bucket is None:
            turn.say("sa_pack_none")
            return []
        used, left = DataVolume(bucket.used), DataVolume(bucket.left)
        if used:
            turn.say("sa_pack_used", name=bucket.name, used=used, left=left)
            return []
        turn.say("sa_pack_untouched", name=bucket.name, left=left)
        record = (
            {} if turn.slot("device_model") else {"device_on_record": recorded_name(turn), "device_confirmed": None}
        )
        return [
            *_slots(guide_goal="sa_pack", guide=None, device_asked_again=None, **record),
            FollowupAction("device_form"),
        ]


class StartGuide(BotkitAction):
    """The phone is known as well as it will be: the verdict, then the first step."""

    action_name = "action_start_guide"

    def respond(self, turn: Turn) -> list[EventType]:
        goal = turn.slot("guide_goal") or "5g"
        events = _slots(device_asked_again=None, device_confirmed=None, device_options=None)
        if goal == "check":
            _say_support(turn)
            return events
        guide = _guide(turn, goal)
        if not guide.steps:
            turn.say(f"guide_impossible{'_sa_pack' if goal == 'sa_pack' else ''}", opening=guide.opening)
            return events
        model = model_in_slots(turn)
        turn.say(
            "guide_opening" if model else "guide_opening_general",
            opening=guide.opening,
            phone=model.name if model else "",
            count=len(guide.steps),
        )
        return [*events, *_show(turn, guide, GuidePosition().show(guide))]


class GuideStep(BotkitAction):
    """好了, 找不到, 上一步, 再说一遍 within a guide; without one, a word on what can be done."""

    action_name = "action_guide_step"

    def respond(self, turn: Turn) -> list[EventType]:
        place = turn.slot("guide")
        if place:
            guide = _guide(turn, place["goal"])
            if place.get("offered") and turn.intent == "affirm":
                return [*_show(turn, guide, End.HAND_OVER), SlotSet("awaiting", None)]
            shown = _move(turn, guide, GuidePosition(place["step"], place["hint"]))
            if shown is End.HAND_OVER and not place.get("offered"):
                turn.say("guide_offer_human")
                return [SlotSet("guide", {**place, "offered": True})]
            return [*_slots(device_system=_system(turn)), *_show(turn, guide, shown)]
        if turn.form:
            return []
        turn.say("guide_none")
        return [SlotSet("awaiting", "setup")]


def _move(turn: Turn, guide: Guide, position: GuidePosition) -> Show | End:
    if turn.intent in ("step_back", "ask_more") and _FROM_THE_START.search(turn.said):
        return GuidePosition().show(guide)
    if turn.intent in ("ask_more", "inform", "resend_code") or _AGAIN.search(turn.said):
        return position.show(guide)
    if turn.intent == "step_back":
        return position.back(guide)
    return position.not_found(guide) if turn.intent == "step_not_found" else position.next(guide)


def _show(turn: Turn, guide: Guide, shown: Show | End) -> list[EventType]:
    texts = turn.services.phones.guides.texts
    if shown is End.FINISHED:
        turn.say("guide_finished", finished=texts.finished)
        return [SlotSet("guide", None)]
    if shown is End.HAND_OVER:
        turn.hand_over(Reason.TOO_COMPLEX, "5g", "guide_hand_over", rule="guide_failed", text=texts.hand_over)
        return [SlotSet("guide", None), ActiveLoop(None)]
    assert isinstance(shown, Show)
    number = shown.position.step + 1
    path = () if shown.hint else tuple(part.strip() for part in shown.step.path.split("›") if part.strip())
    card = StepCard(shown.step.title, number, len(guide.steps), path, "" if shown.hint else shown.step.caution)
    back = [button(turn.text("button_step_back"), "step_back")] if number > 1 or shown.hint else []
    turn.say("guide_step", text=shown.hint or shown.step.text, step=card, last_buttons=back)
    return [SlotSet("guide", {"goal": guide.goal, "step": shown.position.step, "hint": shown.position.hint})]


def _guide(turn: Turn, goal: str) -> Guide:
    content = turn.services.phones.guides
    return build_guide(content, _brand(turn), model_in_slots(turn), _system(turn), goal)  # type: ignore[arg-type]


def _brand(turn: Turn) -> str | None:
    brand = turn.slot("device_brand")
    return None if brand in (None, UNKNOWN) else brand


def _system(turn: Turn) -> str | None:
    """The version of the phone's system, as this message or an earlier one names it."""
    said = next(iter(turn.entities("system")), None)
    found = turn.services.phones.guides.guide_of(_brand(turn)).find_system(said) if said else None
    return found or turn.slot("device_system")


def _say_support(turn: Turn) -> None:
    model = model_in_slots(turn)
    if model is None:
        turn.say("phone_unknown")
        return
    support, phone = sa_support(model), model.name
    if is_soft(support.trust):
        phone = turn.text("phrase_by_public_data", phone=phone)
    turn.say(f"phone_{support.five_g}_{support.sa}", phone=phone)
