"""Packs and services on top of a plan: what there is, what one needs, how to get it and how to get rid of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet

from actions.base import BotkitAction, PersonalAction, Turn, Values, button
from actions.phones import known_phone
from actions.plan_terms import eligibility
from actions.wording import in_short, with_unit, yuan
from botkit.content.texts import Button
from botkit.conversation.reply import Cell, Table
from botkit.fiveg.support import sa_support
from botkit.telecom.customer import Customer
from botkit.telecom.plan import AddOn, AddOnKind

_KINDS = (
    (AddOnKind.VOICE, re.compile(r"通话|语音|分钟|打电话")),
    (AddOnKind.SMS, re.compile(r"短信")),
    (AddOnKind.NIGHT_DATA, re.compile(r"夜|晚上|闲时")),
    (AddOnKind.SA_DATA, re.compile(r"单模|独立组网|\bsa\b|5g(?!b)", re.IGNORECASE)),
    (AddOnKind.DIRECTED_DATA, re.compile(r"定向|视频|抖音")),
    (AddOnKind.SPEED, re.compile(r"限速|提速|网速")),
)
_BUTTONS = 3


class OrderAddOn(BotkitAction):
    """Packs to choose from, or one pack's terms and how to get it; a 5G-only pack comes with what it needs."""

    action_name = "action_order_addon"

    def respond(self, turn: Turn) -> list[EventType]:
        on_sale = [add_on for add_on in turn.operator.add_ons() if add_on.on_sale(turn.today)]
        wanted = next((pack for pack in on_sale if pack.name in turn.entities("add_on")), None)
        kind = wanted.kind if wanted else _kind_wanted(turn)
        done: list[EventType] = [SlotSet("topic", "addon"), SlotSet("awaiting", None)]
        if kind is AddOnKind.SA_DATA and _say_phone_cannot(turn, on_sale):
            return done
        needs, buttons = _needs(turn) if kind is AddOnKind.SA_DATA else ([], [])
        if wanted is not None:
            _say_pack(turn, wanted, needs, buttons)
            return [*done, SlotSet("focus", {"add_on": wanted.name})]
        packs = [pack for pack in on_sale if pack.kind is kind]
        if packs:
            turn.say(
                "addon_list", table=_table(turn, packs), buttons=[*_pack_buttons(turn, packs), *buttons], more=needs
            )
        else:
            turn.say("addon_none")
        return done


def _kind_wanted(turn: Turn) -> AddOnKind:
    """From a button, the glossary's word for the 5G-only pack, or the sentence; else general data."""
    named = turn.entities("pack_kind")
    if named:
        return AddOnKind(named[0])
    if "sa_pack" in turn.entities("term"):
        return AddOnKind.SA_DATA
    return next((kind for kind, words in _KINDS if words.search(turn.said)), AddOnKind.DATA)


def _say_phone_cannot(turn: Turn, on_sale: Sequence[AddOn]) -> bool:
    """Whether the customer's phone is known to be unable to use a 5G-only pack; says so before anything is ordered."""
    phone = known_phone(turn)
    support = sa_support(phone.model) if phone else None
    if phone is None or support is None or support.sa != "no":
        return False
    name = "addon_sa_cannot_4g" if support.five_g == "no" else "addon_sa_cannot_early"
    general = next((pack for pack in on_sale if pack.kind is AddOnKind.DATA), None)
    instead = turn.text("addon_sa_instead", pack=general.name, price=yuan(general.price)) if general else ""
    turn.say(name, phone=phone.said(turn), instead=instead)
    return True


def _needs(turn: Turn) -> tuple[list[str], list[Button]]:
    """What a 5G-only pack needs, and whether this phone has it."""
    phone = known_phone(turn)
    if phone is not None and sa_support(phone.model).sa == "yes":
        return [turn.text("addon_sa_fits", phone=phone.said(turn))], []
    return [turn.text("addon_sa_needs")], [button(turn.text("button_check_phone"), "check_phone_5g")]


def _say_pack(turn: Turn, pack: AddOn, needs: Sequence[str], buttons: Sequence[Button]) -> None:
    """One pack's terms and how to get it."""
    who = eligibility(turn, pack.eligibility)
    lines = [*([who] if who else []), *needs, turn.text("addon_by_human")]
    values: Values = {"name": pack.name, "price": yuan(pack.price)}
    if pack.months is not None:
        turn.say("addon_how_months", months=pack.months, rule=pack.cancellation, more=lines, buttons=buttons, **values)
        return
    name = "addon_how_monthly" if pack.monthly else "addon_how"
    turn.say(name, notes=in_short(pack.notes), more=lines, buttons=buttons, **values)


def _table(turn: Turn, packs: Sequence[AddOn]) -> Table:
    labels = turn.texts.labels("table_packs")
    rows = tuple(
        (Cell(pack.name), Cell(with_unit(turn.texts, yuan(pack.price), "yuan")), Cell(_lasts(turn, pack)))
        for pack in sorted(packs, key=lambda pack: pack.price)
    )
    return Table(labels["caption"], (labels["name"], labels["price"], labels["lasts"]), rows)


def _lasts(turn: Turn, pack: AddOn) -> str:
    labels = turn.texts.labels("table_packs")
    if pack.months is not None:
        return labels["months"].replace("{months}", str(pack.months))
    if pack.monthly:
        return labels["monthly"]
    if pack.validity_days is None:
        return labels["cycle"]
    return labels["day"] if pack.validity_days == 1 else labels["days"].replace("{days}", str(pack.validity_days))


def _pack_buttons(turn: Turn, packs: Sequence[AddOn]) -> list[Button]:
    return [
        button(turn.text("button_add_pack", name=pack.name, price=yuan(pack.price)), "order_addon", add_on=pack.name)
        for pack in packs[:_BUTTONS]
    ]


class CancelService(PersonalAction):
    """What can be cancelled, and how."""

    action_name = "action_cancel_service"
    topic = "cancel"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        extras = [s for s in turn.operator.subscriptions(customer.id) if not s.is_plan]
        wanted = turn.entities("item", "add_on")
        named = next((s for s in extras if s.name in wanted or s.name in turn.said), None)
        if wanted and named is None:
            turn.say("cancel_not_held", name=wanted[0])
        elif not extras:
            turn.say("cancel_nothing")
        elif named is None and len(extras) > 1:
            buttons = [button(turn.text("button_cancel", name=s.name), "cancel_service", item=s.name) for s in extras]
            turn.say("cancel_which", list="、".join(s.name for s in extras), buttons=buttons)
            return [SlotSet("awaiting", "cancel")]
        else:
            service = named or extras[0]
            add_on = next((a for a in turn.operator.add_ons() if a.id == service.product_id), None)
            fee = turn.text("cancel_fee", price=yuan(add_on.price)) if add_on else ""
            turn.say("cancel_how", name=service.name, fee=fee, more=[add_on.cancellation] if add_on else [])
        return []
