"""A plan for a use that the customer tells (我一个月用 12 个 G, 打电话不多), without asking who he is."""

from __future__ import annotations

import re
from decimal import Decimal

from rasa_sdk.events import EventType, SlotSet

from actions.base import Turn, button
from actions.needs import BUDGET
from actions.plan_terms import plan_cells
from actions.wording import with_unit, yuan
from botkit.conversation.reply import Cell, Table
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.stated_need import PricedPlan, plans_for_use
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import DataVolume

SHOWN = 4
MINUTES_FEW, MINUTES_MANY = 100, 500
"""Assumed where no number of minutes is told."""
_MANY_CALLS = re.compile(r"(电话|通话)(比较|挺|很|打得?|特别)*多|经常打|天天打|总打")
_MY_USE = re.compile(
    r"我?(一个月|每个?月|月均|平均|每月|一月|平时).{0,8}(用|要|需要)|我.{0,4}用.{0,6}(个?[gG]|流量).{0,6}(够|左右|就)"
)


def states_need(turn: Turn) -> bool:
    """Whether the message tells a monthly use; of who is not known any volume counts, for nothing else can be gone by."""
    if not turn.entities("data_volume") or turn.entities("plan") or BUDGET.search(turn.said.replace("左右", "")):
        return False
    return turn.verified() is None or says_own_use(turn)


def says_own_use(turn: Turn) -> bool:
    """Whether the volume in the message is what he uses, not what a plan should have."""
    return bool(turn.entities("data_volume") and not turn.entities("plan") and _MY_USE.search(turn.said))


def say_for_need(turn: Turn) -> list[EventType]:
    """The plans on sale that cost least for what he tells, and what was assumed."""
    data = DataVolume(max(int(value) for value in turn.entities("data_volume")))
    told = turn.entities("minutes")
    if told:
        minutes = int(max(Decimal(value) for value in told))
    else:
        minutes = MINUTES_MANY if _MANY_CALLS.search(turn.said) and "不多" not in turn.said else MINUTES_FEW
    customer = turn.customer()
    cycle = BillingCycle.containing(turn.today, 1)
    usage = CycleUsage(cycle, general_data=data, voice_minutes=minutes)
    found = plans_for_use(usage, turn.operator.plans(), age=customer.age if customer else None, today=turn.today)
    if not found:
        turn.say("need_none")
        return []
    best = found[0]
    enough = next((one for one in found if one.cost.within_allowances), None)
    more = []
    if enough is not None and enough != best:
        more.append(turn.text("need_enough", plan=enough.plan.name, cost=yuan(enough.cost.total)))
    if not told:
        more.append(turn.text("need_assumed", minutes=minutes))
    more.append(turn.text("need_open_to_all" if customer is None else "need_told"))
    chosen = list(dict.fromkeys([best, *([enough] if enough else []), *found]))[:SHOWN]
    turn.say(
        "need_best" if best.cost.within_allowances else "need_best_over",
        data=data,
        minutes=minutes,
        plan=best.plan.name,
        cost=yuan(best.cost.total),
        more=more,
        table=_table(turn, sorted(chosen, key=lambda one: one.cost.total)),
        buttons=[
            button(turn.text("button_switch", plan=one.plan.name), "change_plan", plan=one.plan.name)
            for one in dict.fromkeys((best, enough or best))
        ],
    )
    focus = {"plans": [one.plan.name for one in chosen], "plan": best.plan.name}
    return [
        SlotSet("topic", "plans"),
        SlotSet("focus", focus),
        SlotSet("awaiting", "plan"),
        SlotSet("pending_task", None),
    ]


def _table(turn: Turn, found: list[PricedPlan]) -> Table:
    labels = turn.texts.labels("table_need")
    rows = tuple(
        (Cell(one.plan.name), *plan_cells(turn, one.plan), Cell(with_unit(turn.texts, yuan(one.cost.total), "yuan")))
        for one in found
    )
    columns = (labels["plan"], labels["fee"], labels["data"], labels["voice"], labels["cost"])
    return Table(labels["caption"], columns, rows)
