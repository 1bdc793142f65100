"""A plan's published terms in sentences and tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from actions.base import Turn, button
from actions.explanations import rate_sentence
from actions.wording import price, speed_in_words, with_unit, yuan
from botkit.content.texts import Button
from botkit.conversation.reply import Cell, Table
from botkit.telecom.plan import EffectRule, Eligibility, PenaltyRule, Plan
from botkit.telecom.values import Money


def plan_table(turn: Turn, plans: Sequence[Plan]) -> Table:
    """Name, fee, data, minutes."""
    labels = turn.texts.labels("table_plans")
    rows = tuple((Cell(plan.name), *plan_cells(turn, plan)) for plan in plans)
    return Table(labels["caption"], (labels["plan"], labels["fee"], labels["data"], labels["voice"]), rows)


def plan_cells(turn: Turn, plan: Plan) -> tuple[Cell, Cell, Cell]:
    """Fee, data and minutes of a plan."""
    return (
        Cell(with_unit(turn.texts, yuan(plan.monthly_fee), "yuan")),
        Cell(data_words(turn, plan)),
        Cell(with_unit(turn.texts, plan.allowances.voice_minutes, "minutes")),
    )


def data_words(turn: Turn, plan: Plan) -> str:
    """`30 GB`, `20 GB + 定向 30 GB`."""
    general = str(plan.allowances.general_data)
    if not plan.allowances.directed_data:
        return general
    return turn.text("plan_data_directed", general=general, directed=plan.allowances.directed_data)


def included(turn: Turn, plan: Plan) -> str:
    """What the fee includes, in a sentence; nothing is said of what it does not."""
    has = plan.allowances
    parts = [
        turn.text(f"plan_includes_{name}", **{placeholder: amount})
        for name, placeholder, amount in (
            ("data", "volume", has.general_data),
            ("directed", "volume", has.directed_data),
            ("voice", "minutes", has.voice_minutes),
            ("sms", "count", has.sms),
        )
        if amount
    ]
    return (
        turn.text("plan_included", list=turn.text("delta_join").join(parts))
        if parts
        else turn.text("plan_includes_nothing")
    )


def main_terms(turn: Turn, plan: Plan) -> list[str]:
    """What decides about a plan, a sentence each: included, on what network, beyond it, contract, who may take it."""
    lines = [included(turn, plan)]
    if plan.network == "4G":
        lines.append(turn.text("plan_network_4g"))
    lines += _beyond(turn, plan)
    if plan.contract_months:
        lines.append(_contract(turn, plan))
    lines.append(eligibility(turn, plan.eligibility))
    return [line for line in lines if line]


def terms(turn: Turn, plan: Plan) -> list[str]:
    """The published terms, a sentence each: included, beyond it, throttle, rollover, contract, who, effect."""
    lines = [included(turn, plan)]
    if plan.allowances.directed_data and plan.allowances.directed_apps:
        lines.append(turn.text("plan_directed_apps", apps="、".join(plan.allowances.directed_apps)))
    if plan.network == "4G":
        lines.append(turn.text("plan_network_4g"))
    lines += _beyond(turn, plan)
    lines.append(_rollover(turn, plan))
    lines.append(_contract(turn, plan))
    lines.append(eligibility(turn, plan.eligibility))
    if plan.perks:
        lines.append(turn.text("plan_perks", perks="、".join(plan.perks)))
    if plan.on_sale(turn.today):
        lines.append(effect(turn, plan))
    lines.append(turn.text("plan_scheme", id=plan.id))
    return [line for line in lines if line]


def terms_asked_for(turn: Turn, plan: Plan) -> list[str]:
    """Of the terms the one that the customer asks about, or nothing where he names none."""
    asked = next((term for words, term in _ASKED_FOR if words.search(turn.said)), None)
    return [line for line in asked(turn, plan) if line] if asked else []


def all_rules_button(turn: Turn, plan: Plan) -> Button:
    title = turn.text("button_all_rules", plan=plan.name)
    return button(title, "ask_plan_details", plan=plan.name, item="全部规则")


def small_print(turn: Turn, plan: Plan) -> list[str]:
    """What else the listing says of the plan, a line each: its notes, how to leave, where, by what channel, how long."""
    lines = [*plan.notes, *([plan.cancellation] if plan.cancellation else [])]
    where = turn.text("plan_area", area=plan.area)
    if plan.on_sale(turn.today) and plan.channels:
        where += turn.text("plan_channels", channels="、".join(plan.channels))
    lines += [where, turn.text("plan_validity", months=plan.validity_months)]
    return [turn.text("plan_small_print_line", line=line) for line in lines]


def _rollover(turn: Turn, plan: Plan) -> str:
    return turn.text("plan_rollover" if plan.rollover else "plan_no_rollover")


def _contract(turn: Turn, plan: Plan) -> str:
    if not plan.contract_months:
        return turn.text("plan_no_contract")
    return turn.text("plan_contract", months=plan.contract_months, rule=penalty_words(turn, plan.penalty))


def _beyond(turn: Turn, plan: Plan) -> list[str]:
    """What is charged, or slowed down, beyond the allowances."""
    prices = plan.out_of_plan
    values = {"voice": price(prices.voice_per_minute), "sms": price(prices.sms_each)}
    if prices.data is None:
        lines = [turn.text("plan_out_of_plan_throttled", **values)]
    else:
        lines = [turn.text("plan_out_of_plan", data=rate_sentence(turn, prices.data), **values)]
        if prices.data_cap is not None:
            lines.append(turn.text("plan_data_cap", cap=yuan(prices.data_cap)))
    return [*lines, *_slow_downs(turn, plan)]


def _slow_downs(turn: Turn, plan: Plan) -> list[str]:
    return [
        turn.text("plan_throttle", after=step.after, speed=speed_in_words(step.kbps, turn.texts))
        for step in plan.throttle
    ]


def effect(turn: Turn, plan: Plan) -> str:
    """When a change to this plan takes effect."""
    immediate = plan.effect is EffectRule.IMMEDIATE
    return turn.text("plan_effect_immediate" if immediate else "plan_effect_next_cycle")


def penalty_words(turn: Turn, rule: PenaltyRule) -> str:
    """How the penalty for leaving early is computed."""
    return turn.text(
        f"penalty_{rule.family.value}",
        amount=_plain(rule.amount),
        base=_plain(rule.base),
        months=rule.max_months or "",
        percent=price(rule.percent) if rule.percent is not None else "",
    )


def eligibility(turn: Turn, who: Eligibility) -> str:
    """Who may take a plan or pack, or nothing where everybody may."""
    parts = []
    if who.min_age is not None:
        parts.append(turn.text("plan_min_age", age=who.min_age))
    if who.max_age is not None:
        parts.append(turn.text("plan_max_age", age=who.max_age))
    parts += _requirements(turn, who.requires)
    return turn.text("plan_who", who="、".join(parts)) if parts else ""


def _requirements(turn: Turn, requirements: Iterable[str]) -> Iterable[str]:
    for requirement in requirements:
        name, _, value = requirement.partition(":")
        yield turn.text(f"plan_requires_{name}", value=value)


def _plain(amount: Money | None) -> str:
    return yuan(amount) if amount is not None else ""


_ASKED_FOR: Sequence[tuple[re.Pattern[str], Callable[[Turn, Plan], Sequence[str]]]] = (
    (re.compile(r"结转|没用完|用不完|用剩|[剩留]到|留[着得]|清零"), lambda turn, plan: [_rollover(turn, plan)]),
    (re.compile(r"超|套外|用完|限速|降速|达量"), _beyond),
    (re.compile(r"合约|合同|违约|提前|随时|承诺|绑定"), lambda turn, plan: [_contract(turn, plan)]),
    (re.compile(r"生效|几[号时]开始|当月算"), lambda turn, plan: [effect(turn, plan)]),
    (re.compile(r"谁能|资格|什么人|条件|岁"), lambda turn, plan: [eligibility(turn, plan.eligibility)]),
    (
        re.compile(r"打电话|通话|分钟|语音|短信|流量|几个?[gG]|含|包括"),
        lambda turn, plan: [included(turn, plan), *_slow_downs(turn, plan)],
    ),
)
