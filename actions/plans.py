"""Plans on paper: the list, one plan's terms, and the customer's own plan and contract."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rasa_sdk.events import EventType, SlotSet

from actions.base import BotkitAction, PersonalAction, Turn, button
from actions.catalogue import plans_meant
from actions.explanations import rate_sentence
from actions.wording import cycle_end, day, price, speed
from botkit.conversation.reply import Cell, Table
from botkit.telecom.customer import Contract, Customer
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import EffectRule, Plan
from botkit.telecom.termination import early_termination_fee

_AUDIENCES: Sequence[tuple[str, re.Pattern[str], Callable[[Plan], bool]]] = (
    ("elderly", re.compile(r"老人|老年|爸|妈|爷|奶|长辈|岁数|60|六十"), lambda plan: (plan.eligibility.min_age or 0) >= 50),
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
        on_sale = [plan for plan in turn.operator.plans() if plan.on_sale(turn.today)]
        audience, plans = next(
            ((name, [p for p in on_sale if fits(p)]) for name, asked, fits in _AUDIENCES if asked.search(turn.said)),
            ("all", on_sale),
        )
        plans.sort(key=lambda plan: (plan.monthly_fee, plan.name))
        unlimited = [turn.text("plans_unlimited")] if "不限量" in turn.said or "无限" in turn.said else []
        turn.say(f"plans_{audience}", count=len(plans), table=plan_table(turn, plans), more=unlimited)
        return [SlotSet("topic", "plans")]


class ShowPlan(BotkitAction):
    """One plan's published terms."""

    action_name = "action_plan_details"

    def respond(self, turn: Turn) -> list[EventType]:
        catalogue = turn.operator.plans()
        meant = plans_meant(turn, catalogue, turn.today)
        if len(meant.plans) > 1:
            turn.say("plan_several", table=plan_table(turn, meant.plans))
            return [SlotSet("topic", "plans")]
        plan = meant.plans[0] if meant.plans else self._in_focus(turn, catalogue)
        if plan is None:
            name = "plan_unknown_fee" if meant.unknown else "plan_which"
            turn.say(name, fee="、".join(meant.unknown), buttons=_popular(turn, catalogue))
            return []
        others = [button(other.name, "ask_plan_details", plan=other.name) for other in meant.also[:2]]
        name = "plan_details" if plan.on_sale(turn.today) else "plan_details_not_sold"
        turn.say(name, plan=plan.name, fee=plan.monthly_fee.plain, more=terms(turn, plan), buttons=others)
        return [SlotSet("topic", "plan"), SlotSet("focus", {"plan": plan.name})]

    def _in_focus(self, turn: Turn, catalogue: Sequence[Plan]) -> Plan | None:
        focus = (turn.slot("focus") or {}).get("plan")
        return next((plan for plan in catalogue if plan.name == focus), None)


class ShowMyPlan(PersonalAction):
    action_name = "action_my_plan"
    topic = "my_plan"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        subscriptions = turn.operator.subscriptions(customer.id)
        mine = next(subscription for subscription in subscriptions if subscription.is_plan)
        plan = turn.operator.plan(mine.product_id)
        prices = {add_on.id: add_on for add_on in turn.operator.add_ons()}
        extras = [
            turn.text("my_plan_add_on", name=s.name, price=prices[s.product_id].price, since=day(s.since, turn.today))
            if s.product_id in prices
            else s.name
            for s in subscriptions
            if not s.is_plan
        ]
        more = [included(turn, plan)]
        more.append(turn.text("my_plan_add_ons", list="；".join(extras)) if extras else turn.text("my_plan_no_add_ons"))
        if not plan.on_sale(turn.today):
            more.append(turn.text("my_plan_not_sold"))
        turn.say("my_plan", plan=plan.name, fee=plan.monthly_fee.plain, since=day(mine.since, turn.today), more=more)
        return [SlotSet("focus", {"plan": plan.name})]


class ShowContract(PersonalAction):
    action_name = "action_contract"
    topic = "contract"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        contract = turn.operator.contract(customer.id)
        if contract is None:
            turn.say("contract_none")
            return []
        fee = early_termination_fee(contract, turn.today)
        if not fee.months_left:
            turn.say("contract_over", name=contract.name, ends=day(fee.ends, turn.today))
            return []
        cycle = BillingCycle.containing(turn.today, customer.billing_day)
        turn.say(
            "contract_running",
            name=contract.name,
            months=contract.months,
            ends=day(fee.ends, turn.today),
            left=fee.months_left,
            fee=fee.amount,
            commitment=contract.monthly_commitment.plain,
            rule=penalty_rule(turn, contract),
            end=cycle_end(cycle, turn.texts),
        )
        return []


def penalty_rule(turn: Turn, contract: Contract) -> str:
    """How the penalty of a contract is computed, in words."""
    rule = contract.penalty
    return turn.text(
        f"penalty_{rule.family.value}",
        amount=rule.amount.plain if rule.amount else "",
        base=rule.base.plain if rule.base else "",
        months=rule.max_months or "",
        percent=price(rule.percent) if rule.percent is not None else "",
        commitment=contract.monthly_commitment.plain,
    )


def plan_table(turn: Turn, plans: Sequence[Plan]) -> Table:
    """Name, fee, data, minutes."""
    labels = turn.texts.labels("table_plans")
    rows = tuple(
        (
            Cell(plan.name),
            Cell(f"{plan.monthly_fee.plain} 元"),
            Cell(data_words(turn, plan)),
            Cell(f"{plan.allowances.voice_minutes} 分钟"),
        )
        for plan in plans
    )
    return Table(labels["caption"], (labels["plan"], labels["fee"], labels["data"], labels["voice"]), rows)


def data_words(turn: Turn, plan: Plan) -> str:
    """`30 GB`, `20 GB + 定向 30 GB`."""
    general = str(plan.allowances.general_data)
    if not plan.allowances.directed_data:
        return general
    return turn.text("plan_data_directed", general=general, directed=plan.allowances.directed_data)


def included(turn: Turn, plan: Plan) -> str:
    """What the fee includes, in a sentence."""
    return turn.text(
        "plan_included",
        data=data_words(turn, plan),
        minutes=plan.allowances.voice_minutes,
        sms=plan.allowances.sms,
    )


def terms(turn: Turn, plan: Plan) -> list[str]:
    """The published terms, a sentence each: included, beyond it, throttle, rollover, contract, who, effect."""
    prices = plan.out_of_plan
    lines = [included(turn, plan)]
    if plan.allowances.directed_data and plan.allowances.directed_apps:
        lines.append(turn.text("plan_directed_apps", apps="、".join(plan.allowances.directed_apps)))
    values = {"voice": price(prices.voice_per_minute), "sms": price(prices.sms_each)}
    if prices.data is not None:
        lines.append(turn.text("plan_out_of_plan", data=rate_sentence(turn, prices.data), **values))
        if prices.data_cap is not None:
            lines.append(turn.text("plan_data_cap", cap=prices.data_cap.plain))
    else:
        lines.append(turn.text("plan_out_of_plan_throttled", **values))
    lines += [turn.text("plan_throttle", after=step.after, speed=speed(step.kbps)) for step in plan.throttle]
    lines.append(turn.text("plan_rollover" if plan.rollover else "plan_no_rollover"))
    if plan.contract_months:
        lines.append(turn.text("plan_contract", months=plan.contract_months))
    else:
        lines.append(turn.text("plan_no_contract"))
    if who := eligibility(turn, plan):
        lines.append(who)
    if plan.perks:
        lines.append(turn.text("plan_perks", perks="、".join(plan.perks)))
    if plan.on_sale(turn.today):
        immediate = plan.effect is EffectRule.IMMEDIATE
        lines.append(turn.text("plan_effect_immediate" if immediate else "plan_effect_next_cycle"))
    lines.append(turn.text("plan_scheme", id=plan.id))
    return lines


def eligibility(turn: Turn, plan: Plan) -> str:
    """Who may take it, or nothing where everybody may."""
    who = plan.eligibility
    parts = []
    if who.min_age is not None:
        parts.append(turn.text("plan_min_age", age=who.min_age))
    if who.max_age is not None:
        parts.append(turn.text("plan_max_age", age=who.max_age))
    parts += [
        turn.text(f"plan_requires_{requirement.split(':')[0]}", value=requirement.partition(":")[2])
        for requirement in who.requires
    ]
    return turn.text("plan_who", who="，".join(parts)) if parts else ""


def _popular(turn: Turn, catalogue: Sequence[Plan]) -> list[dict[str, str]]:
    main = [plan for plan in catalogue if plan.family == "畅选" and plan.on_sale(turn.today)]
    main.sort(key=lambda plan: plan.monthly_fee)
    return [button(plan.name, "ask_plan_details", plan=plan.name) for plan in main[1:4]]
