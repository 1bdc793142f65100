"""Packs and services on top of a plan: what there is, what one needs, how to get it and how to get rid of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.base import BotkitAction, PersonalAction, Turn, Values, button
from actions.errands import case_for, say_by_case
from actions.phones import known_phone
from actions.plan_terms import eligibility
from actions.wording import amount_of, in_short, with_unit, yuan
from botkit.content.texts import Button
from botkit.conversation.reply import Cell, Table
from botkit.fiveg.support import sa_support
from botkit.telecom.customer import Customer, Subscription
from botkit.telecom.plan import AddOn, AddOnKind, PenaltyFamily
from botkit.telecom.values import total

_KINDS = (
    (AddOnKind.VOICE, re.compile(r"通话|语音|分钟|打电话")),
    (AddOnKind.SMS, re.compile(r"短信")),
    (AddOnKind.NIGHT_DATA, re.compile(r"夜|晚上|闲时")),
    (AddOnKind.SA_DATA, re.compile(r"单模|独立组网|\bsa\b|5g(?!b)", re.IGNORECASE)),
    (AddOnKind.DIRECTED_DATA, re.compile(r"定向|视频|抖音")),
    (AddOnKind.SPEED, re.compile(r"限速|提速|网速")),
)
_BUTTONS = 3
_ROLLOVER = re.compile(r"结转|清零|留到下|转到下|累计|用不完")
_WHICH = re.compile(r"哪些|哪几|有什么|有啥|省")
_ALL = re.compile(r"[都全](?:部|给我|帮我)?(?:退|取消|关|不要|去)|全部|统统|一起退|一次退|这些都|都帮我")
_LEAVING = re.compile(r"退|取消|注销|销|不要|停掉|去掉|解除")
_ROAMING = "漫游"
_SAVES = "省"
_EVERYTHING = "全部"
"""Stands for all services in a button."""


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
        if wanted is not None and _ROLLOVER.search(turn.said):
            _say_rollover(turn, [wanted])
            return [*done, SlotSet("focus", {"add_on": wanted.name})]
        if wanted is not None:
            _say_pack(turn, wanted, needs, buttons)
            return [*done, SlotSet("focus", {"add_on": wanted.name})]
        packs = [pack for pack in on_sale if pack.kind is kind]
        if packs and _ROLLOVER.search(turn.said):
            _say_rollover(turn, packs)
        elif packs:
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


def _say_rollover(turn: Turn, packs: Sequence[AddOn]) -> None:
    """Whether what is left of these packs can be used in the next cycle."""
    keeping = [pack.name for pack in packs if pack.rollover]
    until = "、".join(f"{pack.name} {_lasts(turn, pack)}" for pack in packs)
    name = "addon_rollover" if keeping else "addon_no_rollover"
    turn.say(name, names="、".join(keeping), list=until)


def _pack_buttons(turn: Turn, packs: Sequence[AddOn]) -> list[Button]:
    return [
        button(turn.text("button_add_pack", name=pack.name, price=yuan(pack.price)), "order_addon", add_on=pack.name)
        for pack in packs[:_BUTTONS]
    ]


class ShowSubCard(BotkitAction):
    """What a sub-card is and costs, and what getting rid of one does."""

    action_name = "action_sub_card"

    def respond(self, turn: Turn) -> list[EventType]:
        sub_card = next((pack for pack in turn.operator.add_ons() if pack.kind is AddOnKind.SUB_CARD), None)
        named = [name for name in turn.entities("add_on") if sub_card is None or name != sub_card.name]
        if named:  # 提速包多少钱
            return [FollowupAction("action_order_addon")]
        if sub_card is not None and _LEAVING.search(turn.said):
            free = sub_card.penalty.family is PenaltyFamily.NONE
            rule = turn.text("sub_card_leaves_free") if free else ""
            turn.say("sub_card_cancel", name=sub_card.name, rule=rule + sub_card.cancellation)
        else:
            say_by_case(turn, "sub_card")
        return []


class ShowRoaming(BotkitAction):
    """What use abroad costs, as far as the listing says; what it does not say, by case."""

    action_name = "action_roaming"

    def respond(self, turn: Turn) -> list[EventType]:
        pack = next((a for a in turn.operator.add_ons() if _ROAMING in a.name and a.on_sale(turn.today)), None)
        if pack is None or case_for(turn, "roaming"):
            say_by_case(turn, "roaming")
        else:
            turn.say("roaming_by_day", name=pack.name, price=yuan(pack.price), notes=in_short(pack.notes))
        return []


class CancelService(PersonalAction):
    """What can be cancelled, what that saves, and how: one, the one just spoken of, or all."""

    action_name = "action_cancel_service"
    topic = "cancel"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        extras = [s for s in turn.operator.subscriptions(customer.id) if not s.is_plan]
        wanted = turn.entities("item", "add_on")
        named = next((s for s in extras if s.name in wanted or s.name in turn.said), None)
        if not extras:
            turn.say("cancel_not_held" if wanted and named is None else "cancel_nothing", name=next(iter(wanted), ""))
        elif len(extras) > 1 and (_EVERYTHING in wanted or (_ALL.search(turn.said) and named is None)):
            return _say_all(turn, extras)
        elif wanted and named is None and _EVERYTHING not in wanted:
            turn.say("cancel_not_held", name=wanted[0])
        else:
            service = (
                named or _of_fee(turn, extras) or _spoken_of(turn, extras) or (extras[0] if len(extras) == 1 else None)
            )
            if service is None or (named is None and len(extras) > 1 and _WHICH.search(turn.said)):
                return _say_which(turn, extras)
            add_on = _listed(turn, service)
            fee = turn.text("cancel_fee", price=yuan(add_on.price)) if add_on else ""
            turn.say("cancel_how", name=service.name, fee=fee, more=[add_on.cancellation] if add_on else [])
            return [SlotSet("focus", {"item": service.name}), SlotSet("awaiting", "human")]
        return []


def _listed(turn: Turn, service: Subscription) -> AddOn | None:
    return next((a for a in turn.operator.add_ons() if a.id == service.product_id), None)


def _of_fee(turn: Turn, extras: Sequence[Subscription]) -> Subscription | None:
    """这个 20 块的给我退了: the only service of that fee."""
    asked = turn.amounts("amount", "number")
    found = [s for s in extras if (add_on := _listed(turn, s)) and add_on.price in asked]
    return found[0] if len(found) == 1 else None


def _spoken_of(turn: Turn, extras: Sequence[Subscription]) -> Subscription | None:
    """退掉, after a charge has been explained or a service asked about."""
    if turn.slot("topic") not in ("charge", "cancel", "addon"):
        return None
    focus = turn.slot("focus") or {}
    return next((s for s in extras if s.name in (focus.get("item"), focus.get("add_on"))), None)


def _fees(turn: Turn, extras: Sequence[Subscription]) -> Values:
    """What services cost a month, one by one and in all."""
    prices = {s.name: add_on.price for s in extras if (add_on := _listed(turn, s)) and add_on.monthly}
    listed = [amount_of(turn, s.name, prices[s.name]) if prices.get(s.name) else s.name for s in extras]
    return {"list": "、".join(listed), "total": yuan(total(prices.values())), "count": len(extras)}


def _say_which(turn: Turn, extras: Sequence[Subscription]) -> list[EventType]:
    buttons = [button(turn.text("button_cancel", name=s.name), "cancel_service", item=s.name) for s in extras]
    if len(extras) > 1:
        buttons.append(button(turn.text("button_cancel_all"), "cancel_service", item=_EVERYTHING))
    turn.say("cancel_saves" if _SAVES in turn.said else "cancel_which", buttons=buttons, **_fees(turn, extras))
    return [SlotSet("awaiting", "cancel"), SlotSet("focus", None)]


def _say_all(turn: Turn, extras: Sequence[Subscription]) -> list[EventType]:
    """All at once, with each rule and whom it is about."""
    rules: dict[str, list[str]] = {}
    for service in extras:
        if add_on := _listed(turn, service):
            rules.setdefault(add_on.cancellation, []).append(service.name)
    lines = [turn.text("cancel_rule", names="、".join(names), rule=rule) for rule, names in rules.items()]
    turn.say("cancel_all", more=lines, **_fees(turn, extras))
    return [SlotSet("awaiting", "human")]
