"""Comparing plans: which of them are meant, and what is asked where one is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rasa_sdk.events import EventType, SlotSet

from actions.base import BotkitAction, Turn, ask_to_verify, button
from actions.catalogue import PlansMeant, current_plan, main_plans, plans_meant
from actions.comparison import pair_button, say_comparison, say_several
from botkit.content.texts import Button
from botkit.telecom.plan import Plan

OFFERED = 3


@dataclass(frozen=True)
class _Question:
    """What the message says, and what is known besides it. `mine` is None where it plays no part."""

    catalogue: Sequence[Plan]
    meant: PlansMeant
    mine: Plan | None


class ComparePlans(BotkitAction):
    """Named with named, mine with named. With fewer than two, asks for the other and remembers the one."""

    action_name = "action_compare_plans"

    def respond(self, turn: Turn) -> list[EventType]:
        catalogue = turn.operator.plans()
        meant = plans_meant(turn, catalogue, turn.today)
        customer = turn.customer()
        by_my_use = bool(turn.entities("mine"))  # a button's wish
        if customer is None and (by_my_use or (meant.mine and len(meant.plans) < 2)):
            return ask_to_verify(turn, self.action_name)
        question = _Question(catalogue, meant, current_plan(turn, customer) if customer else None)
        plans = _pair(turn, question)
        if len(plans) < 2:
            return _ask(turn, question, plans)
        if len(plans) > 2:
            say_several(turn, plans, customer)
        else:
            say_comparison(turn, plans[0], plans[1], customer, also=meant.also)
        names = [plan.name for plan in plans]
        return _remember(awaiting="compare", focus={"plans": names, "compare": names, "plan": names[-1]})


def _pair(turn: Turn, question: _Question) -> list[Plan]:
    """The plans to compare. What the customer has stands first, so that the differences are his."""
    plans, mine = list(question.meant.plans), question.mine
    if not plans and not question.meant.mine and not question.meant.unknown and not turn.entities("mine"):
        plans = _just_looked_at(turn, question.catalogue)
    if len(plans) == 1 and not question.meant.mine and not turn.entities("mine"):
        other = _compared_before(turn, question.catalogue, plans[0])
        if other is not None:
            return [other, plans[0]]
        if question.meant.repeated or question.meant.unknown:
            return plans
    if mine is not None and (len(plans) < 2 or mine in plans[1:]) and (plans or question.meant.mine):
        return [mine, *(plan for plan in plans if plan != mine)]
    return plans


def _just_looked_at(turn: Turn, catalogue: Sequence[Plan]) -> list[Plan]:
    """In "哪个划算" the two plans that were looked at one after the other."""
    seen = (turn.slot("focus") or {}).get("seen") or []
    found = [plan for name in seen for plan in catalogue if plan.name == name]
    return found if len(found) > 1 else []


def _compared_before(turn: Turn, catalogue: Sequence[Plan], named: Plan) -> Plan | None:
    """In "那跟 99 比呢" the plan that the last comparison started from."""
    if turn.slot("awaiting") != "compare":
        return None
    before = (turn.slot("focus") or {}).get("compare") or []
    other = next((name for name in before if name != named.name), None)
    return next((plan for plan in catalogue if plan.name == other), None)


def _ask(turn: Turn, question: _Question, plans: Sequence[Plan]) -> list[EventType]:
    """Ask for the plan that is missing, with some to choose from."""
    unknown = "、".join(question.meant.unknown)
    offered = [plan for plan in main_plans(question.catalogue, turn.today) if plan not in plans]
    if not plans:
        buttons = [pair_button(turn, a, b) for a, b in pairwise(offered[1:4])]
        turn.say("compare_unknown" if unknown else "compare_which", unknown=unknown, buttons=buttons)
        return _remember(awaiting="compare", focus=None)
    plan = plans[0]
    buttons = [_with_button(turn, plan, other) for other in offered[1 : 1 + OFFERED]]
    if plan != question.mine:
        mine = button(turn.text("button_with_mine"), "compare_plans", plan=plan.name, mine="yes")
        buttons = [mine, *buttons]
    turn.say(_which_other(question, plan), plan=plan.name, unknown=unknown, buttons=buttons)
    return _remember(awaiting="compare", focus={"compare": [plan.name], "plan": plan.name})


def _which_other(question: _Question, plan: Plan) -> str:
    if question.meant.repeated:
        return "compare_same_twice"
    if question.meant.unknown:
        return "compare_other_unknown"
    return "compare_is_mine" if plan == question.mine else "compare_which_other"


def _remember(awaiting: str, focus: dict[str, object] | None) -> list[EventType]:
    return [
        SlotSet("topic", "compare"),
        SlotSet("focus", focus),
        SlotSet("awaiting", awaiting),
        SlotSet("pending_task", None),
    ]


def _with_button(turn: Turn, plan: Plan, other: Plan) -> Button:
    return button(turn.text("button_with", plan=other.name), "compare_plans", pair=f"{plan.name}|{other.name}")
