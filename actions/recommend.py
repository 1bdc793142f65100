"""Cheaper or bigger plans for this customer, judged by his own last cycles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.base import PersonalAction, Turn, button
from actions.catalogue import budget, current_plan, names
from actions.comparison import CYCLES
from actions.plan_terms import all_rules_button, plan_cells
from actions.switching import switch_lines
from actions.wording import amount_of, daily_volume, money_delta, signed, size, yuan
from botkit.content.texts import Button
from botkit.conversation.reply import Cell, Table
from botkit.telecom.charging import CycleCost, charge_cycles
from botkit.telecom.customer import Customer
from botkit.telecom.plan import AddOnKind, Plan
from botkit.telecom.recommend import Need, Recommendation, bigger_plans, cheaper_plans
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import ZERO, Money, total

SHOWN = 3
SHOWN_ON_REQUEST = 8
_WANTS_VOICE = re.compile(r"通话|语音|分钟|电话")


@dataclass(frozen=True)
class _Case:
    """Whom plans are recommended to, and what they are judged by."""

    turn: Turn
    customer: Customer
    mine: Plan
    usages: Sequence[CycleUsage]

    @classmethod
    def of(cls, turn: Turn, customer: Customer) -> _Case:
        return cls(turn, customer, current_plan(turn, customer), turn.operator.cycle_usage(customer.id, CYCLES))


class FindCheaperPlan(PersonalAction):
    """有没有便宜点的: what would have cost less for exactly this use; the cheapest first, none hidden."""

    action_name = "action_find_cheaper_plan"
    topic = "recommendation"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        case = _Case.of(turn, customer)
        age, today = customer.age, turn.today
        everything = cheaper_plans(case.mine, case.usages, turn.operator.plans(), age=age, today=today)
        limit = budget(turn)
        found = everything if limit is None else [one for one in everything if one.plan.monthly_fee <= limit]
        if not found:
            return _none_cheaper(case, everything, limit)
        enough = [one for one in found if one.enough]
        services, cancel = _services(case)
        name = _cheaper_name(case, found, enough)
        _say(case, found, name, more=services, buttons=cancel, count=len(found), enough=len(enough))
        return _remember(case, found)


class FindBiggerPlan(PersonalAction):
    """流量多一点的 / 通话多一点的: more of it, the cheapest for this use first."""

    action_name = "action_find_bigger_plan"
    topic = "recommendation"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        case = _Case.of(turn, customer)
        need: Need = "voice" if _WANTS_VOICE.search(turn.said) or "voice" in turn.entities("pack_kind") else "data"
        age, today = customer.age, turn.today
        found = bigger_plans(case.mine, case.usages, turn.operator.plans(), need=need, age=age, today=today)
        if not found:
            turn.say(f"bigger_none_{need}", plan=case.mine.name)
            return []
        wanted = [one for one in found if _reaches(turn, one.plan)] or found
        packs = button(turn.text(f"button_packs_{need}"), "order_addon", pack_kind=need)
        _say(case, wanted, f"bigger_found_{need}", count=len(found), plan=case.mine.name, buttons=[packs])
        return _remember(case, wanted)


def _reaches(turn: Turn, plan: Plan) -> bool:
    """Whether a plan includes the volume or minutes that the customer names, if any."""
    wanted_mb = max((int(value) for value in turn.entities("data_volume")), default=0)
    wanted_minutes = max((Decimal(value) for value in turn.entities("minutes")), default=Decimal(0))
    return plan.allowances.general_data.mb >= wanted_mb and plan.allowances.voice_minutes >= wanted_minutes


def _cheaper_name(case: _Case, found: Sequence[Recommendation], enough: Sequence[Recommendation]) -> str:
    if not case.usages:
        return "cheaper_found_no_history"
    if not enough:
        return "cheaper_found_tight"
    return "cheaper_found" if len(enough) == len(found) else "cheaper_found_some"


def _none_cheaper(case: _Case, everything: Sequence[Recommendation], limit: Money | None) -> list[EventType]:
    turn, mine = case.turn, case.mine
    if everything and limit is not None:
        best = everything[0]
        see = all_rules_button(turn, best.plan)
        turn.say("cheaper_none_within", limit=yuan(limit), more=[_best(case, best)], buttons=[see])
    else:
        services, cancel = _services(case)
        fee = yuan(mine.monthly_fee)
        turn.say("cheaper_none", plan=mine.name, fee=fee, use=_use(case), more=services, buttons=cancel)
    return [SlotSet("focus", {"plan": mine.name})]


def _services(case: _Case) -> tuple[list[str], list[Button]]:
    """Services that are paid each month besides the plan: what is not needed can be cancelled."""
    turn, held = case.turn, {s.product_id for s in case.turn.operator.subscriptions(case.customer.id)}
    services = [a for a in turn.operator.add_ons() if a.id in held and a.kind is AddOnKind.SERVICE and a.monthly]
    if not services:
        return [], []
    listed = "、".join(amount_of(turn, service.name, service.price) for service in services)
    line = turn.text("recommend_services", total=yuan(total(service.price for service in services)), list=listed)
    return [line], [button(turn.text("button_cancel_which"), "cancel_service")]


def _remember(case: _Case, found: Sequence[Recommendation]) -> list[EventType]:
    plans = [one.plan.name for one in _shown(case.turn, found)]
    return [SlotSet("focus", {"plans": plans, "plan": _target(found).plan.name, "compare": [case.mine.name]})]


def _shown(turn: Turn, found: Sequence[Recommendation]) -> Sequence[Recommendation]:
    """The cheapest whatever it is, and the cheapest that are enough; more of them on request."""
    if turn.intent == "ask_more":
        return found[:SHOWN_ON_REQUEST]
    enough = [one for one in found if one.enough]
    chosen = list(dict.fromkeys([found[0], *enough, *found]))[:SHOWN]
    return sorted(chosen, key=lambda one: one.average)


def _target(found: Sequence[Recommendation]) -> Recommendation:
    """What a change is worked out for: the cheapest that is enough, else the cheapest."""
    return next((one for one in found if one.enough), found[0])


def _say(
    case: _Case,
    found: Sequence[Recommendation],
    name: str,
    *,
    more: Sequence[str] = (),
    buttons: Sequence[Button] = (),
    **values: Any,
) -> None:
    turn, target, best = case.turn, _target(found), found[0]
    shown = _shown(turn, found)
    lines = [_best(case, best)]
    if target is not best:
        lines.append(turn.text("recommend_enough", plan=target.plan.name, average=yuan(target.average)))
    saving = -target.saving if case.usages else None
    entails = "".join(switch_lines(turn, case.customer, case.mine, target.plan, saving))
    lines.append(turn.text("recommend_entails", plan=target.plan.name, terms=entails))
    older = [one.plan for one in shown if one.older_network]
    if older:
        lines.append(turn.text("recommend_older_network", plans=names(older)))
    switches = [
        button(turn.text("button_switch", plan=plan.name), "change_plan", plan=plan.name)
        for plan in dict.fromkeys((target.plan, best.plan))
    ]
    turn.say(
        name,
        more=[*lines, *more],
        table=_table(case, shown),
        buttons=[*switches, *buttons],
        use=_use(case),
        **values,
    )


def _best(case: _Case, best: Recommendation) -> str:
    tight = "tight" if case.usages and not best.enough else "best"
    way = "less" if best.saving > ZERO else "more" if best.saving < ZERO else "same"
    amount = size(best.saving)
    return case.turn.text(
        f"recommend_{tight}_{way}",
        plan=best.plan.name,
        average=yuan(best.average),
        amount=amount,
        what=_over(case.turn, best),
    )


def _over(turn: Turn, one: Recommendation) -> str:
    """Of what more was used than the plan includes: `流量、通话`."""
    beyond = {
        "data": any(cost.over_data for cost in one.costs),
        "voice": any(cost.over_minutes for cost in one.costs),
        "sms": any(cost.over_sms for cost in one.costs),
    }
    return "、".join(turn.text(f"phrase_over_{kind}") for kind, is_over in beyond.items() if is_over)


def _use(case: _Case) -> str:
    """The basis: average use, what was really paid, and what the rules make of that use where it is not the same."""
    turn, usages = case.turn, case.usages
    if not usages:
        return turn.text("recommend_no_history")
    count = len(usages)
    bills = [bill for usage in usages if (bill := turn.operator.bill(case.customer.id, usage.cycle))]
    data = Decimal(sum(usage.general_data.mb + usage.directed_data.mb for usage in usages)) / count
    minutes = round(sum(usage.voice_minutes for usage in usages) / count)
    line = turn.text("recommend_use", months=count, data=daily_volume(data), minutes=minutes)
    if len(bills) < count:
        return line
    paid = Money.of(total(bill.amount for bill in bills).yuan / count)
    by_rule = Money.of(total(cost.total for cost in charge_cycles(case.mine, usages)).yuan / count)
    if paid == by_rule:
        return line + turn.text("recommend_paid", paid=yuan(paid))
    return line + turn.text("recommend_paid_otherwise", paid=yuan(paid), by_rule=yuan(by_rule), months=count)


def _table(case: _Case, shown: Sequence[Recommendation]) -> Table:
    labels = case.turn.texts.labels("table_recommend")
    mine = labels["current"].replace("{plan}", case.mine.name)
    rows = [(Cell(mine), *plan_cells(case.turn, case.mine), _costs(charge_cycles(case.mine, case.usages)))]
    for one in shown:
        name = one.plan.name
        if case.usages and not one.enough:
            name = labels["tight"].replace("{plan}", name).replace("{what}", _over(case.turn, one))
        _, data, minutes = plan_cells(case.turn, one.plan)
        rows.append((Cell(name), _fee(case, one.plan), data, minutes, _costs(one.costs)))
    columns = [labels["plan"], labels["fee"], labels["data"], labels["voice"]]
    if not case.usages:
        return Table(labels["caption"], tuple(columns), tuple(row[:4] for row in rows))
    own_cost = labels["own_cost"].replace("{months}", str(len(case.usages)))
    return Table(labels["caption"], (*columns, own_cost), tuple(rows))


def _fee(case: _Case, plan: Plan) -> Cell:
    difference = plan.monthly_fee - case.mine.monthly_fee
    cell = money_delta(difference)
    written = case.turn.text("cell_fee", fee=yuan(plan.monthly_fee), difference=signed(difference))
    return Cell(written, cell.trend, cell.good)


def _costs(costs: Sequence[CycleCost]) -> Cell:
    return Cell(" / ".join(str(cost.total) for cost in costs))
