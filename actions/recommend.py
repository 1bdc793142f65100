"""Cheaper or bigger plans for this customer, judged by his own last cycles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.advice import (
    Case,
    advice_table,
    basis,
    best_sentence,
    change_line,
    extras,
    headline,
    shown,
    target_of,
    wait_line,
)
from actions.advice_follow_up import answer_on_advice
from actions.base import PersonalAction, Turn, Values, button
from actions.catalogue import budget
from actions.plan_terms import all_rules_button
from actions.stated_use import say_for_need, states_need
from actions.wording import day, yuan
from botkit.content.texts import Button
from botkit.telecom.customer import Customer
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import Plan
from botkit.telecom.recommend import Need, Recommendation, bigger_plans, cheaper_plans
from botkit.telecom.spending import paid_for_use
from botkit.telecom.termination import early_termination_fee
from botkit.telecom.values import Money

_WANTS_VOICE = re.compile(r"通话|语音|分钟|电话")


class FindCheaperPlan(PersonalAction):
    """有没有便宜点的: what would have cost less for exactly this use; the cheapest first, none hidden."""

    action_name = "action_find_cheaper_plan"
    topic = "recommendation"

    def respond(self, turn: Turn) -> list[EventType]:
        return say_for_need(turn) if states_need(turn) else super().respond(turn)

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        focus = turn.slot("focus") or {}
        if turn.intent == "ask_more" and focus.get("need"):
            return [FollowupAction(FindBiggerPlan.action_name)]
        case = Case.of(turn, customer)
        if (answered := answer_on_advice(case)) is not None:
            return answered
        everything = _cheaper(case)
        limit = budget(turn)
        found = everything if limit is None else [one for one in everything if one.plan.monthly_fee <= limit]
        if not found:
            return _none_cheaper(case, everything, limit)
        if all(case.entails(one).better_wait for one in found):
            return _better_wait(case, found)
        more, cancel = extras(case)
        enough = sum(one.enough for one in found)
        _say(case, found, _cheaper_name(case, found), more=more, buttons=cancel, count=len(found), enough=enough)
        return _remember(case, found)


class FindBiggerPlan(PersonalAction):
    """流量多一点的 / 通话多一点的: more of it, the cheapest for this use first."""

    action_name = "action_find_bigger_plan"
    topic = "recommendation"

    def respond(self, turn: Turn) -> list[EventType]:
        return say_for_need(turn) if states_need(turn) else super().respond(turn)

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        case = Case.of(turn, customer)
        need = _need(turn)
        use = case.use
        found = bigger_plans(
            case.mine,
            use.cycles,
            turn.operator.plans(),
            need=need,
            age=customer.age,
            today=turn.today,
            run_in=use.run_in,
            discount=use.discount,
        )
        if not found:
            turn.say(f"bigger_none_{need}", plan=case.mine.name)
            return []
        wanted = [one for one in found if _reaches(turn, one.plan)] or found
        # what saves nothing and costs a penalty on top is no advice, as long as there is another
        wanted = [one for one in wanted if not case.entails(one).better_wait] or wanted
        packs = button(turn.text(f"button_packs_{need}"), "order_addon", pack_kind=need)
        _say(
            case,
            wanted,
            f"bigger_found_{need}",
            lead="lead_bigger",
            count=len(found),
            plan=case.mine.name,
            buttons=[packs],
        )
        return _remember(case, wanted, need=need)


def _cheaper(case: Case) -> Sequence[Recommendation]:
    use = case.use
    found = cheaper_plans(
        case.mine,
        use.cycles,
        case.turn.operator.plans(),
        age=case.customer.age,
        today=case.turn.today,
        run_in=use.run_in,
        discount=use.discount,
    )
    # who bought packs in time paid less than the rules of his plan make of his use
    paid = paid_for_use(use.bills, case.mine)
    return found if paid is None else [one for one in found if one.average < paid]


def _need(turn: Turn) -> Need:
    """What he wants more of; on request for more, what he asked for before."""
    before: Need | None = (turn.slot("focus") or {}).get("need")
    if turn.intent == "ask_more" and before:
        return before
    return "voice" if _WANTS_VOICE.search(turn.said) or "voice" in turn.entities("pack_kind") else "data"


def _reaches(turn: Turn, plan: Plan) -> bool:
    """Whether a plan includes the volume or minutes that the customer names, if any."""
    wanted_mb = max((int(value) for value in turn.entities("data_volume")), default=0)
    wanted_minutes = max((Decimal(value) for value in turn.entities("minutes")), default=Decimal(0))
    return plan.allowances.general_data.mb >= wanted_mb and plan.allowances.voice_minutes >= wanted_minutes


def _cheaper_name(case: Case, found: Sequence[Recommendation]) -> str:
    if not case.use.cycles:
        return "cheaper_found_no_history"
    enough = sum(one.enough for one in found)
    if not enough:
        return "cheaper_found_tight"
    return "cheaper_found" if enough == len(found) else "cheaper_found_some"


def _none_cheaper(case: Case, everything: Sequence[Recommendation], limit: Money | None) -> list[EventType]:
    turn, mine = case.turn, case.mine
    if everything and limit is not None:
        best = everything[0]
        see = all_rules_button(turn, best.plan)
        turn.say("cheaper_none_within", limit=yuan(limit), more=[best_sentence(case, best)], buttons=[see])
        return [SlotSet("focus", {"plan": mine.name})]
    more, cancel = extras(case)
    bound = _bound_by_discount(case)
    values: Values = {"plan": mine.name, "fee": yuan(mine.monthly_fee)} | bound
    name = "cheaper_none_contract" if bound else "cheaper_none"
    turn.say(name, more=more, details=[basis(case)], buttons=cancel, **values)
    return [SlotSet("focus", {"plan": mine.name, "cheapest": mine.name})]


def _bound_by_discount(case: Case) -> Values:
    """What a contract takes off, and what leaving it on the day of a change would cost; nothing where it does neither."""
    turn, discount = case.turn, case.use.discount
    contract = turn.operator.contract(case.customer.id)
    effective = BillingCycle.containing(turn.today, case.customer.billing_day).shifted(1).start
    if contract is None or discount is None or not (fee := early_termination_fee(contract, effective)).amount:
        return {}
    return {
        "discount": yuan(discount.amount),
        "paid": yuan(case.use.average(case.mine)),
        "penalty": yuan(fee.amount),
        "day": day(effective, turn.today),
        "ends": day(fee.ends, turn.today),
    }


def _better_wait(case: Case, found: Sequence[Recommendation]) -> list[EventType]:
    """All that would save something cost more in penalty than they save: no change is offered."""
    turn, target = case.turn, target_of(found)
    more, cancel = extras(case)
    turn.say(
        "cheaper_wait",
        wait=wait_line(case, target),
        best=headline(case, found),
        table=advice_table(case, shown(case, found)),
        more=more,
        details=[basis(case)],
        buttons=cancel,
    )
    return [SlotSet("focus", {"plan": target.plan.name, "cheapest": found[0].plan.name, "compare": [case.mine.name]})]


def _remember(case: Case, found: Sequence[Recommendation], need: Need | None = None) -> list[EventType]:
    focus: dict[str, object] = {
        "plans": [one.plan.name for one in shown(case, found)],
        "plan": target_of(found).plan.name,
        "compare": [case.mine.name],
    }
    focus |= {"need": need} if need else {"cheapest": found[0].plan.name}
    return [SlotSet("focus", focus)]


def _say(
    case: Case,
    found: Sequence[Recommendation],
    name: str,
    *,
    lead: str = "lead_cheaper",
    more: Sequence[str] = (),
    buttons: Sequence[Button] = (),
    **values: Any,
) -> None:
    turn, target, best = case.turn, target_of(found), found[0]
    table = shown(case, found)
    spoken_of = list(dict.fromkeys((best.plan, target.plan)))
    switches = [
        button(turn.text("button_switch", plan=one.plan.name), "change_plan", plan=one.plan.name)
        for one in dict.fromkeys((target, best))
        if not case.entails(one).better_wait
    ]
    in_detail = [] if case.in_full else [button(turn.text("button_in_detail"), "ask_more")]
    turn.say(
        name,
        more=[change_line(case, target, spoken_of), *more],
        details=[basis(case)],
        table=advice_table(case, table),
        buttons=[*switches, *buttons, *in_detail],
        best=headline(case, found, lead),
        **values,
    )
