"""Cheaper or bigger plans for this customer, judged by his own last cycles; and how to order, change and cancel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from rasa_sdk.events import EventType, SlotSet

from actions.base import BotkitAction, PersonalAction, Turn, button
from actions.catalogue import plans_meant
from actions.compare import CYCLES, current_plan, switch_lines
from actions.plans import data_words
from actions.wording import daily_volume, money_delta, signed
from botkit.conversation.reply import Cell, Table
from botkit.telecom.charging import charge_cycles
from botkit.telecom.customer import Customer
from botkit.telecom.plan import AddOn, AddOnKind, Plan
from botkit.telecom.recommend import Need, Recommendation, bigger_plans, cheaper_plans
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import Money, total

SHOWN = 3
_WANTS_VOICE = re.compile(r"通话|语音|分钟|电话")


class FindCheaperPlan(PersonalAction):
    """有没有便宜点的: what would have cost less for exactly this use; the cheapest first, none hidden."""

    action_name = "action_find_cheaper_plan"
    topic = "recommendation"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        mine = current_plan(turn, customer)
        usages = turn.operator.cycle_usage(customer.id, CYCLES)
        found = cheaper_plans(mine, usages, turn.operator.plans(), age=customer.age, today=turn.today)
        limit = _budget(turn)
        if limit is not None:
            found = tuple(one for one in found if one.plan.monthly_fee <= limit)
        if not found:
            turn.say("cheaper_none", plan=mine.name, fee=mine.monthly_fee.plain, more=_use(turn, customer, usages))
            return [SlotSet("focus", {"plan": mine.name})]
        enough = [one for one in found if one.enough]
        shown = _shown(found, enough)
        _say_recommendations(
            turn, customer, mine, usages, shown, "cheaper_found" if enough else "cheaper_found_tight", len(found)
        )
        return [SlotSet("focus", {"plans": [one.plan.name for one in shown], "compare": mine.name})]


class FindBiggerPlan(PersonalAction):
    """流量多一点的 / 通话多一点的: more of it, the cheapest for this use first."""

    action_name = "action_find_bigger_plan"
    topic = "recommendation"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        mine = current_plan(turn, customer)
        usages = turn.operator.cycle_usage(customer.id, CYCLES)
        need: Need = "voice" if _WANTS_VOICE.search(turn.said) else "data"
        found = bigger_plans(mine, usages, turn.operator.plans(), need=need, age=customer.age, today=turn.today)
        if not found:
            turn.say(f"bigger_none_{need}", plan=mine.name)
            return []
        shown = found[:SHOWN]
        _say_recommendations(turn, customer, mine, usages, shown, f"bigger_found_{need}", len(found))
        return [SlotSet("focus", {"plans": [one.plan.name for one in shown], "compare": mine.name})]


def _shown(found: Sequence[Recommendation], enough: Sequence[Recommendation]) -> Sequence[Recommendation]:
    """The cheapest whatever it is, and the cheapest that are enough."""
    chosen = list(dict.fromkeys([*enough[:SHOWN], found[0]]))[:SHOWN]
    if found[0] not in chosen:
        chosen[-1] = found[0]
    return sorted(chosen, key=lambda one: one.average)


def _say_recommendations(
    turn: Turn,
    customer: Customer,
    mine: Plan,
    usages: Sequence[CycleUsage],
    shown: Sequence[Recommendation],
    name: str,
    count: int,
) -> None:
    best = next((one for one in shown if one.enough), shown[0])
    lines = _use(turn, customer, usages)
    lines += [turn.text("recommend_best", plan=best.plan.name)]
    lines += switch_lines(turn, customer, mine, best.plan, -best.saving if usages else None)
    if any(one.older_network for one in shown):
        older = "、".join(one.plan.name for one in shown if one.older_network)
        lines.append(turn.text("recommend_older_network", plans=older))
    buttons = [
        button(turn.text("button_switch", plan=best.plan.name), "change_plan", plan=best.plan.name),
        button(turn.text("button_all_rules", plan=best.plan.name), "ask_plan_details", plan=best.plan.name),
    ]
    turn.say(name, count=count, plan=mine.name, more=lines, table=_table(turn, mine, usages, shown), buttons=buttons)


def _use(turn: Turn, customer: Customer, usages: Sequence[CycleUsage]) -> list[str]:
    """The basis: average use, and what was really paid."""
    if not usages:
        return [turn.text("recommend_no_history")]
    count = len(usages)
    bills = [bill for usage in usages if (bill := turn.operator.bill(customer.id, usage.cycle))]
    paid = Money.of(total(bill.amount for bill in bills).yuan / len(bills)) if bills else None
    data = Decimal(sum(usage.general_data.mb + usage.directed_data.mb for usage in usages)) / count
    minutes = round(sum(usage.voice_minutes for usage in usages) / count)
    line = turn.text("recommend_use", months=count, data=daily_volume(data), minutes=minutes)
    return [line + (turn.text("recommend_paid", paid=paid) if paid else "")]


def _table(turn: Turn, mine: Plan, usages: Sequence[CycleUsage], shown: Sequence[Recommendation]) -> Table:
    labels = turn.texts.labels("table_recommend")
    own = charge_cycles(mine, usages)
    columns = (labels["plan"], labels["fee"], labels["data"], labels["voice"], labels["own_cost"])
    first = (
        Cell(labels["current"].replace("{plan}", mine.name)),
        Cell(f"{mine.monthly_fee.plain} 元"),
        Cell(data_words(turn, mine)),
        Cell(f"{mine.allowances.voice_minutes} 分钟"),
        Cell(" / ".join(str(cost.total) for cost in own)),
    )
    rows = [first]
    for one in shown:
        fee = money_delta(one.plan.monthly_fee - mine.monthly_fee, "元")
        rows.append(
            (
                Cell(one.plan.name),
                Cell(f"{one.plan.monthly_fee.plain} 元 ({signed(one.plan.monthly_fee - mine.monthly_fee)})", fee.trend, fee.good),
                Cell(data_words(turn, one.plan)),
                Cell(f"{one.plan.allowances.voice_minutes} 分钟"),
                Cell(" / ".join(str(cost.total) for cost in one.costs)),
            )
        )  # fmt: skip
    return Table(labels["caption"], columns, tuple(rows))


def _budget(turn: Turn) -> Money | None:
    amounts = turn.entities("amount")
    return Money.of(amounts[0]) if amounts and re.search(r"以内|以下|不超过|左右|之内", turn.said) else None


class ChangePlan(BotkitAction):
    """How to change to a plan, with what it entails for this customer; the change itself a human makes."""

    action_name = "action_change_plan"

    def respond(self, turn: Turn) -> list[EventType]:
        catalogue = turn.operator.plans()
        meant = plans_meant(turn, catalogue, turn.today)
        focus = (turn.slot("focus") or {}).get("plans") or []
        target = meant.plans[-1] if meant.plans else None
        customer = turn.customer()
        if target is None:
            offered = [button(turn.text("button_switch", plan=name), "change_plan", plan=name) for name in focus[:3]]
            turn.say("change_which", buttons=offered)
            return []
        if not target.on_sale(turn.today):
            turn.say("change_not_sold", plan=target.name)
            return []
        lines = []
        if customer is not None:
            mine = current_plan(turn, customer)
            if mine == target:
                turn.say("change_is_mine", plan=target.name)
                return []
            lines = switch_lines(turn, customer, mine, target, None)
        turn.say("change_how", plan=target.name, fee=target.monthly_fee.plain, more=lines)
        return [SlotSet("topic", "change"), SlotSet("focus", {"plan": target.name})]


class OrderAddOn(BotkitAction):
    """Packs to choose from, or one pack's terms and how to get it; a 5G-only pack comes with what it needs."""

    action_name = "action_order_addon"

    def respond(self, turn: Turn) -> list[EventType]:
        on_sale = [add_on for add_on in turn.operator.add_ons() if add_on.on_sale(turn.today)]
        wanted = next((a for a in on_sale if a.name in turn.entities("add_on")), None)
        if wanted is None:
            packs = [a for a in on_sale if a.kind in _kinds(turn.said)]
            turn.say("addon_list", table=_pack_table(turn, packs), buttons=_pack_buttons(turn, packs[:3]))
            return [SlotSet("topic", "addon")]
        more = [turn.text("addon_sa_needs")] if wanted.kind is AddOnKind.SA_DATA else []
        if wanted.monthly:
            more.append(turn.text("addon_renews"))
        turn.say("addon_how", name=wanted.name, price=wanted.price.plain, more=more)
        return [SlotSet("topic", "addon"), SlotSet("focus", {"add_on": wanted.name})]


class CancelService(PersonalAction):
    """What can be cancelled, and how."""

    action_name = "action_cancel_service"
    topic = "cancel"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        extras = [s for s in turn.operator.subscriptions(customer.id) if not s.is_plan]
        known = {add_on.id: add_on for add_on in turn.operator.add_ons()}
        wanted = set(turn.entities("add_on", "item"))
        named = next((s for s in extras if s.name in wanted or s.name in turn.said), None)
        if not extras:
            turn.say("cancel_nothing")
        elif named is None and len(extras) > 1:
            buttons = [
                button(turn.text("button_cancel", name=s.name), "cancel_service", item=s.name) for s in extras[:4]
            ]
            turn.say("cancel_which", list="、".join(s.name for s in extras), buttons=buttons)
        else:
            service = named or extras[0]
            add_on = known.get(service.product_id)
            fee = turn.text("cancel_fee", price=add_on.price) if add_on else ""
            rule = add_on.cancellation if add_on else ""
            turn.say("cancel_how", name=service.name, fee=fee, more=[rule] if rule else [])
        return []


def _kinds(said: str) -> tuple[AddOnKind, ...]:
    if re.search(r"通话|语音|分钟", said):
        return (AddOnKind.VOICE,)
    if "短信" in said:
        return (AddOnKind.SMS,)
    if re.search(r"夜|晚上", said):
        return (AddOnKind.NIGHT_DATA,)
    if re.search(r"单模|sa|5g", said.lower()):
        return (AddOnKind.SA_DATA,)
    if re.search(r"定向|视频|抖音", said):
        return (AddOnKind.DIRECTED_DATA,)
    if re.search(r"限速|提速", said):
        return (AddOnKind.SPEED,)
    return (AddOnKind.DATA,)


def _pack_table(turn: Turn, packs: Sequence[AddOn]) -> Table:
    labels = turn.texts.labels("table_packs")
    rows = tuple(
        (Cell(pack.name), Cell(f"{pack.price.plain} 元"), Cell(labels["monthly"] if pack.monthly else labels["once"]))
        for pack in packs
    )
    return Table(labels["caption"], (labels["name"], labels["price"], labels["renewal"]), rows)


def _pack_buttons(turn: Turn, packs: Sequence[AddOn]) -> list[dict[str, str]]:
    return [
        button(turn.text("button_add_pack", name=p.name, price=p.price.plain), "order_addon", add_on=p.name)
        for p in packs
    ]
