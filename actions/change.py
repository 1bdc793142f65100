"""Changing the plan: what differs and what it entails for this customer; the change itself a human makes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet

from actions.base import BotkitAction, Turn, ask_to_verify, button
from actions.catalogue import PlansMeant, current_plan, plans_meant
from actions.comparison import delta_sentence
from actions.my_plan import change_due
from actions.own_use import OwnUse
from actions.plan_terms import effect
from actions.switching import discount_lost, own_use, switch_entails, switch_lines
from actions.wording import yuan
from botkit.telecom.comparison import compare_plans
from botkit.telecom.customer import Customer
from botkit.telecom.plan import Plan

_ORDINAL = re.compile(r"第([一二三123])个?")
_CHEAPEST = re.compile(r"最(便宜|省|低)")
_THIS_ONE = re.compile(r"[这那][个款档]|就它|就换它")
_POSITIONS = {"一": 0, "1": 0, "二": 1, "2": 1, "三": 2, "3": 2}


class ChangePlan(BotkitAction):
    """How to change to a plan, with contract, penalty and effect stated before anything is ordered.

    Of somebody who is not verified his contract is not known: he is told that it may cost a penalty, and offered to have
    it worked out.
    """

    action_name = "action_change_plan"

    def respond(self, turn: Turn) -> list[EventType]:
        catalogue = turn.operator.plans()
        meant = plans_meant(turn, catalogue, turn.today)
        target = meant.plans[-1] if meant.plans else _offered_before(turn, catalogue)
        if target is None:
            return self._ask(turn, meant)
        done = [
            SlotSet("topic", "change"),
            SlotSet("focus", {"plan": target.name}),
            SlotSet("awaiting", None),
            SlotSet("pending_task", None),
        ]
        if not target.on_sale(turn.today):
            turn.say("change_not_sold", plan=target.name)
            return done
        customer = turn.customer()
        if customer is None and turn.entities("mine"):  # the button below
            return ask_to_verify(turn, self.action_name)
        if customer is None:
            name, lines = "change_how_unverified", _for_anybody(turn, target)
        elif (mine := current_plan(turn, customer)) == target:
            turn.say("change_is_mine", plan=target.name)
            return done
        else:
            name, lines = "change_how", _entails(turn, customer, mine, target)
        lines.append(turn.text("change_nothing_yet"))
        turn.say(name, plan=target.name, fee=yuan(target.monthly_fee), more=lines)
        return done

    def _ask(self, turn: Turn, meant: PlansMeant) -> list[EventType]:
        before = (turn.slot("focus") or {}).get("plans") or []
        offered = [button(turn.text("button_switch", plan=name), "change_plan", plan=name) for name in before[:3]]
        name = "change_unknown" if meant.unknown else "change_which"
        turn.say(name, unknown="、".join(meant.unknown), buttons=offered)
        return [SlotSet("topic", "change"), SlotSet("awaiting", "change")]


def _offered_before(turn: Turn, catalogue: Sequence[Plan]) -> Plan | None:
    """第一个 of those offered last; 最便宜的 of the advice; 这个, the one spoken of last."""
    focus = turn.slot("focus") or {}
    ordinal = _ORDINAL.search(turn.said)
    offered = focus.get("plans") or []
    name = None
    if ordinal and _POSITIONS[ordinal[1]] < len(offered):
        name = offered[_POSITIONS[ordinal[1]]]
    elif _CHEAPEST.search(turn.said) and focus.get("cheapest"):
        name = focus["cheapest"]
    elif _THIS_ONE.search(turn.said):
        name = focus.get("plan")
    return next((plan for plan in catalogue if plan.name == name), None)


def _for_anybody(turn: Turn, target: Plan) -> list[str]:
    """What holds whoever changes, and that his own contract may cost him something."""
    lines = [effect(turn, target)]
    if target.contract_months:
        lines.append(turn.text("switch_new_contract", months=target.contract_months))
    return [*lines, turn.text("change_may_cost")]


def _entails(turn: Turn, customer: Customer, mine: Plan, target: Plan) -> list[str]:
    """What differs, what it would have cost, what it costs to leave, and from when on it holds."""
    use = OwnUse.of(turn, customer)
    costs = use.compare(mine, target)
    average = costs.average_delta if costs else None
    deltas = delta_sentence(turn, compare_plans(mine, target))
    return [
        turn.text("change_deltas", plan=mine.name, deltas=deltas),
        *own_use(turn, costs),
        *switch_lines(turn, customer, switch_entails(turn, customer, mine, target, average)),
        discount_lost(turn, use.discount, target),
        *change_due(turn, customer),
    ]
