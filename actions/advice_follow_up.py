"""What is asked right after advice: cheaper still, how much it saves, when it pays, and to go ahead."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, FollowupAction

from actions.advice import Case, change_line
from actions.base import button
from actions.switching import penalty_line, switch_entails
from actions.wording import yuan
from botkit.telecom.eligibility import is_eligible
from botkit.telecom.plan import Plan
from botkit.telecom.recommend import cheaper_plans
from botkit.telecom.values import Money

_GO_AHEAD = re.compile(r"换成?(那个|这个)?最(便宜|省|低)|就换|换最")
_STILL_CHEAPER = re.compile(r"再(便宜|省|低)|更(便宜|省|低)|最(便宜|省|低)|还能(便宜|省|低)|有没有再")
_HOW_MUCH = re.compile(
    r"省(多少|几|得?了?多)|便宜多少|少(付|交)?多少|回本|(多久|几个月|多长时间).*(省|回)|划算吗|划不划算|值得?吗"
)


def answer_on_advice(case: Case) -> list[EventType] | None:
    """The answer to what only makes sense after advice; None for anything else."""
    turn = case.turn
    focus = turn.slot("focus") or {}
    if turn.slot("topic") != "recommendation" or not focus.get("plan") or turn.intent == "ask_more":
        return None
    if turn.entities("amount", "number", "data_volume", "plan"):
        return None
    if _GO_AHEAD.search(turn.said):
        return [FollowupAction("action_change_plan")]
    if _HOW_MUCH.search(turn.said):
        return _how_much(case, focus["plan"])
    if focus.get("cheapest") and _STILL_CHEAPER.search(turn.said):
        return _no_cheaper(case, focus["cheapest"])
    return None


def _how_much(case: Case, name: str) -> list[EventType] | None:
    """What the plan advised saves a month and a year, and what it costs to change to it."""
    turn, plans = case.turn, case.turn.operator.plans()
    plan = next((one for one in plans if one.name == name and one != case.mine), None)
    if plan is None:
        return None
    use = case.use
    judged = cheaper_plans(
        case.mine,
        use.cycles,
        [plan],
        age=case.customer.age,
        today=turn.today,
        run_in=use.run_in,
        discount=use.discount,
    )
    if not judged:
        return None
    one = judged[0]
    switch = [] if case.entails(one).better_wait else [_switch(case, plan)]
    turn.say(
        "saving_of",
        plan=plan.name,
        amount=yuan(one.saving),
        year=yuan(one.saving * 12),
        more=[change_line(case, one, [plan])],
        buttons=switch,
    )
    return []


def _no_cheaper(case: Case, name: str) -> list[EventType] | None:
    """That nothing costs less, and what the plan with the next lower fee would come to."""
    turn = case.turn
    cheapest = next((plan for plan in turn.operator.plans() if plan.name == name), None)
    if cheapest is None or not case.use.cycles:
        return None
    lower = _next_lower(case, cheapest)
    why = ""
    if lower is not None:
        plan, average = lower
        why = turn.text("cheapest_why", plan=plan.name, fee=yuan(plan.monthly_fee), average=yuan(average))
    offers, wait = [], []
    if cheapest != case.mine and (costs := case.use.compare(case.mine, cheapest)) is not None:
        entails = switch_entails(turn, case.customer, case.mine, cheapest, costs.average_delta)
        if entails.better_wait:
            wait = [penalty_line(turn, case.customer, entails)]
        else:
            offers = [_switch(case, cheapest)]
    costs_now = yuan(case.use.average(cheapest))
    turn.say("cheapest_already", plan=cheapest.name, average=costs_now, why=why, more=wait, buttons=offers)
    return []


def _next_lower(case: Case, cheapest: Plan) -> tuple[Plan, Money] | None:
    """The plan with a lower fee that would have cost least, and what it would have cost."""
    turn = case.turn
    lower = [
        (plan, case.use.average(plan))
        for plan in turn.operator.plans()
        if plan.monthly_fee < cheapest.monthly_fee
        and plan.on_sale(turn.today)
        and is_eligible(plan.eligibility, age=case.customer.age)
    ]
    return min(lower, key=lambda found: found[1], default=None)


def _switch(case: Case, plan: Plan) -> dict[str, str]:
    return button(case.turn.text("button_switch", plan=plan.name), "change_plan", plan=plan.name)
