"""Plans on paper: the list, and one plan's terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.base import BotkitAction, Turn, button
from actions.catalogue import PlansMeant, budget, main_plans, names, plans_meant
from actions.plan_terms import plan_table, terms
from actions.wording import yuan
from botkit.telecom.plan import Plan
from botkit.telecom.values import Money

MANY_GB = 40
_FEE = re.compile(r"[\d一二三四五六七八九十百] ?的?套餐|月费|月租")

_AUDIENCES: Sequence[tuple[str, re.Pattern[str], Callable[[Plan], bool]]] = (
    ("unlimited", re.compile(r"不限量|无限|随便用"), lambda plan: plan.allowances.general_data.in_gb >= MANY_GB),
    ("elderly", re.compile(r"老人|老年|爸|妈|爷|奶|长辈|岁数|60岁|六十"), lambda plan: (plan.eligibility.min_age or 0) >= 50),
    ("child", re.compile(r"孩|儿童|小朋友|娃|女儿|儿子"), lambda plan: plan.eligibility.max_age is not None and plan.eligibility.max_age < 18),
    ("student", re.compile(r"学生|大学|年轻"), lambda plan: plan.family == "青星卡"),
    ("disabled", re.compile(r"残疾|爱心"), lambda plan: "disabled_certificate" in plan.eligibility.requires),
    ("family", re.compile(r"家庭|全家|一家|合家"), lambda plan: plan.family == "合家享"),
    ("minimum", re.compile(r"保号|最低|最便宜|只接|备用"), lambda plan: plan.monthly_fee.yuan <= 10),
    ("voice", re.compile(r"打电话|通话多|语音"), lambda plan: plan.family == "畅聊"),
)  # fmt: skip


class ListPlans(BotkitAction):
    """All plans on sale, or those for the kind of person asked about."""

    action_name = "action_list_plans"

    def respond(self, turn: Turn) -> list[EventType]:
        audience = next(((name, fits) for name, asked, fits in _AUDIENCES if asked.search(turn.said)), None)
        limit = budget(turn)
        if audience is None and limit is not None and turn.verified():
            return [FollowupAction("action_find_cheaper_plan")]
        if audience is None and limit is None and _names_one(turn):
            return [FollowupAction("action_plan_details")]
        on_sale = [plan for plan in turn.operator.plans() if plan.on_sale(turn.today)]
        on_sale.sort(key=lambda plan: (plan.monthly_fee, plan.name))
        if audience is not None:
            name, fits = audience
            plans = [plan for plan in on_sale if fits(plan)]
            count = len(on_sale) if name == "unlimited" else len(plans)
            turn.say(f"plans_{name}", count=count, table=plan_table(turn, plans))
        elif limit is not None:
            _say_within(turn, [plan for plan in on_sale if plan.monthly_fee <= limit], limit)
        else:
            turn.say("plans_all", count=len(on_sale), table=plan_table(turn, on_sale))
        return [SlotSet("topic", "plans"), SlotSet("awaiting", "plan")]


def _names_one(turn: Turn) -> bool:
    """Whether a plan is named, or a fee as people name plans (199 的套餐)."""
    return bool(turn.entities("plan", "amount")) or (bool(turn.entities("number")) and bool(_FEE.search(turn.said)))


def _say_within(turn: Turn, plans: Sequence[Plan], limit: Money) -> None:
    if plans:
        turn.say("plans_within", count=len(plans), limit=yuan(limit), table=plan_table(turn, plans))
    else:
        turn.say("plans_none_within", limit=yuan(limit))


class ShowPlan(BotkitAction):
    """One plan's published terms."""

    action_name = "action_plan_details"

    def respond(self, turn: Turn) -> list[EventType]:
        catalogue = turn.operator.plans()
        meant = plans_meant(turn, catalogue, turn.today)
        if len(meant.plans) > 1:
            pair = "|".join(plan.name for plan in meant.plans)
            turn.say("plan_several", table=plan_table(turn, meant.plans), pair=pair)
            return [SlotSet("topic", "plans")]
        plan = meant.plans[0] if meant.plans else self._in_focus(turn, catalogue)
        if plan is None or (meant.unknown and not meant.plans):
            return self._ask(turn, catalogue, meant)
        others = meant.also.get(plan.name, ())
        more = [turn.text("plan_same_fee", others=names(others))] if others else []
        on_sale = plan.on_sale(turn.today)
        if not on_sale:
            more = [*plan.notes[:1], *more]
        name = "plan_details" if on_sale else "plan_details_not_sold"
        turn.say(
            name, plan=plan.name, fee=yuan(plan.monthly_fee), more=[*terms(turn, plan), *more], buttons=_details(others)
        )
        return [SlotSet("topic", "plan"), SlotSet("focus", {"plan": plan.name}), SlotSet("awaiting", None)]

    def _in_focus(self, turn: Turn, catalogue: Sequence[Plan]) -> Plan | None:
        focus = (turn.slot("focus") or {}).get("plan")
        return next((plan for plan in catalogue if plan.name == focus), None)

    def _ask(self, turn: Turn, catalogue: Sequence[Plan], meant: PlansMeant) -> list[EventType]:
        name = "plan_unknown" if meant.unknown else "plan_which"
        offered = _details(main_plans(catalogue, turn.today)[1:4])
        turn.say(name, unknown="、".join(meant.unknown), buttons=offered)
        return [SlotSet("topic", "plans"), SlotSet("awaiting", "plan")]


def _details(plans: Sequence[Plan]) -> list[dict[str, str]]:
    return [button(plan.name, "ask_plan_details", plan=plan.name) for plan in plans[:3]]
