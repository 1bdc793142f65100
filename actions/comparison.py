"""What a comparison of plans says: the sentence, the table, and what a change entails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from actions.base import Turn, button
from actions.catalogue import current_plan, names
from actions.my_plan import change_due
from actions.own_use import OwnUse
from actions.plan_terms import all_rules_button, effect, eligibility, plan_table
from actions.switching import discount_lost, own_use, switch_entails, switch_lines
from actions.wording import (
    amount_of,
    money_delta,
    number_delta,
    price,
    size,
    speed,
    volume_delta,
    with_unit,
    yuan,
)
from botkit.content.texts import Button
from botkit.conversation.reply import Cell, Table
from botkit.telecom.comparison import CostComparison, PlanComparison, compare_plans
from botkit.telecom.customer import Customer
from botkit.telecom.eligibility import is_eligible
from botkit.telecom.plan import Plan
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import ZERO, DataVolume, Money


def say_comparison(
    turn: Turn, a: Plan, b: Plan, customer: Customer | None, *, also: Mapping[str, Sequence[Plan]]
) -> None:
    """Two plans; by the customer's own use where he is verified. `also`: other plans that a number could have meant."""
    comparison = compare_plans(a, b)
    use = OwnUse.of(turn, customer) if customer else None
    costs = use.compare(a, b) if use else None
    is_mine = customer is not None and current_plan(turn, customer) == a
    lines = own_use(turn, costs) if customer else []
    worth_it = True
    if customer is not None and is_mine and b.on_sale(turn.today):
        entails = switch_entails(turn, customer, a, b, costs.average_delta if costs else None)
        worth_it = not entails.better_wait
        lines += switch_lines(turn, customer, entails)
        lines.append(discount_lost(turn, use.discount if use else None, b))
        lines += change_due(turn, customer)
    elif b.on_sale(turn.today):
        lines.append(effect(turn, b))
    lines += _notes(turn, a, b, customer, is_mine)
    same_fee = [
        turn.text("compare_same_fee", fee=yuan(p.monthly_fee), others=names(also[p.name]))
        for p in (a, b)
        if p.name in also
    ]
    turn.say(
        "compare_mine" if is_mine else "compare",
        a=a.name,
        b=b.name,
        deltas=delta_sentence(turn, comparison),
        more=lines,
        details=same_fee,
        table=comparison_table(turn, comparison, use.cycles if use else (), costs),
        buttons=[*_next_steps(turn, a, b, customer, is_mine and worth_it), *_others(turn, a, b, also)],
    )


def say_several(turn: Turn, plans: Sequence[Plan], customer: Customer | None) -> None:
    """Three plans or more in one table, with what each would have cost; two of them in detail by button."""
    use = OwnUse.of(turn, customer) if customer else None
    lines = []
    if use and use.cycles:
        averages = [amount_of(turn, p.name, use.average(p)) for p in plans]
        lines.append(turn.text("own_use_each", months=len(use.cycles), list=turn.text("delta_join").join(averages)))
    buttons = [pair_button(turn, a, b) for a, b in pairwise(plans)]
    if customer is None:
        pair = "|".join(plan.name for plan in plans)
        buttons.insert(0, button(turn.text("button_by_my_use"), "compare_plans", pair=pair, mine="yes"))
    turn.say("compare_several", count=len(plans), table=plan_table(turn, plans), more=lines, buttons=buttons)


def delta_sentence(turn: Turn, comparison: PlanComparison) -> str:
    """`每月少 20 元, 流量少 10 GB, 通话多 100 分钟`."""
    parts = []
    for name, more, quantity in (
        ("fee", comparison.monthly_fee > ZERO, size(comparison.monthly_fee)),
        ("data", comparison.general_data.mb > 0, str(DataVolume(abs(comparison.general_data.mb)))),
        ("directed", comparison.directed_data.mb > 0, str(DataVolume(abs(comparison.directed_data.mb)))),
        ("voice", comparison.voice_minutes > 0, str(abs(comparison.voice_minutes))),
        ("sms", comparison.sms > 0, str(abs(comparison.sms))),
    ):
        if quantity not in ("0", "0 MB"):
            parts.append(turn.text(f"delta_{name}_{'more' if more else 'less'}", quantity=quantity))
        elif name in ("fee", "data", "voice"):
            parts.append(turn.text(f"delta_{name}_same"))
    return turn.text("delta_join").join(parts)


def comparison_table(
    turn: Turn, comparison: PlanComparison, usages: Sequence[CycleUsage], costs: CostComparison | None
) -> Table:
    """Every published difference, a row each; rows in which neither plan has anything to say are left out."""
    labels = turn.texts.labels("table_compare")
    a, b = comparison.a, comparison.b
    rows = [
        (Cell(labels[name]), Cell(show(a)), Cell(show(b)), delta)
        for name, show, delta, worth in _rows(turn, comparison)
        if worth
    ]
    if costs:
        for usage, *paid, delta in zip(usages, costs.paid_a, costs.paid_b, costs.deltas, strict=True):
            label = labels["own_cost"].replace("{month}", str(usage.cycle.start.month))
            paid_a, paid_b = (Cell(with_unit(turn.texts, amount, "yuan")) for amount in paid)
            rows.append((Cell(label), paid_a, paid_b, _money(turn, delta)))
    return Table(labels["caption"], (labels["item"], a.name, b.name, labels["delta"]), tuple(rows))


_Row = tuple[
    str, Callable[[Plan], str], Cell, bool
]  # its label, what it shows of a plan, the difference, worth showing


def _rows(turn: Turn, comparison: PlanComparison) -> list[_Row]:
    a, b = comparison.a, comparison.b
    has_a, has_b = a.allowances, b.allowances
    directed, sms = comparison.directed_data, comparison.sms
    none = Cell("")

    def unit(quantity: object, name: str) -> str:
        return with_unit(turn.texts, quantity, name)

    def number(delta: int, name: str) -> Cell:
        return number_delta(delta, turn.texts.labels("units")[name])

    return [
        ("fee", lambda p: unit(yuan(p.monthly_fee), "yuan"), _money(turn, comparison.monthly_fee), True),
        ("data", lambda p: str(p.allowances.general_data), volume_delta(comparison.general_data), True),
        ("directed", lambda p: str(p.allowances.directed_data), volume_delta(directed), bool(has_a.directed_data or has_b.directed_data)),
        ("voice", lambda p: unit(p.allowances.voice_minutes, "minutes"), number(comparison.voice_minutes, "minutes"), True),
        ("sms", lambda p: unit(p.allowances.sms, "messages"), number(sms, "messages"), bool(has_a.sms or has_b.sms)),
        ("network", lambda p: p.network, none, bool(comparison.generation)),
        ("over_data", lambda p: _per_gb(turn, p), _unit_delta(turn, comparison.data_per_gb), True),
        ("over_voice", lambda p: unit(price(p.out_of_plan.voice_per_minute), "per_minute"), _unit_delta(turn, comparison.voice_per_minute), True),
        ("over_sms", lambda p: unit(price(p.out_of_plan.sms_each), "per_message"), _unit_delta(turn, comparison.sms_each), bool(comparison.sms_each)),
        ("throttle", lambda p: _throttle(turn, p), none, bool(a.throttle or b.throttle)),
        ("rollover", lambda p: turn.text("cell_rollover" if p.rollover else "cell_no_rollover"), none, a.rollover != b.rollover),
        ("contract", lambda p: _months(turn, p), none, True),
        ("perks", lambda p: "、".join(p.perks) or turn.text("cell_none"), none, bool(a.perks or b.perks)),
    ]  # fmt: skip


def _unit_delta(turn: Turn, delta: Decimal | None) -> Cell:
    return Cell("") if delta is None else _money(turn, Money.of(delta))


def _money(turn: Turn, delta: Money) -> Cell:
    return money_delta(delta, turn.texts.labels("units")["yuan"])


def _per_gb(turn: Turn, plan: Plan) -> str:
    rate = plan.out_of_plan.data
    return turn.text("cell_throttled") if rate is None else turn.text("rate_linear", per_gb=price(rate.per_gb))


def _throttle(turn: Turn, plan: Plan) -> str:
    if not plan.throttle:
        return turn.text("cell_none")
    first = plan.throttle[0]
    return turn.text("cell_throttle", after=first.after, speed=speed(first.kbps))


def _months(turn: Turn, plan: Plan) -> str:
    return turn.text("cell_months", months=plan.contract_months) if plan.contract_months else turn.text("cell_none")


def _notes(turn: Turn, a: Plan, b: Plan, customer: Customer | None, is_mine: bool) -> list[str]:
    """What the table does not say: sold no more, of an older network, not for everybody."""
    lines = []
    for plan in (a, b):
        if not plan.on_sale(turn.today):
            leaves = is_mine and plan == a
            lines.append(turn.text("compare_leaves_for_good" if leaves else "compare_not_sold", plan=plan.name))
    if a.network != b.network:
        older = min(a, b, key=lambda plan: plan.network)
        lines.append(turn.text("compare_older_network", plan=older.name))
    who = eligibility(turn, b.eligibility) if b.on_sale(turn.today) else ""
    if who and customer is None:
        lines.append(turn.text("compare_for_whom", plan=b.name, who=who))
    elif who and customer is not None and not is_eligible(b.eligibility, age=customer.age):
        lines.append(turn.text("compare_not_for_you", plan=b.name, who=who))
    return lines


def _next_steps(turn: Turn, a: Plan, b: Plan, customer: Customer | None, is_mine: bool) -> list[Button]:
    steps = []
    if customer is None:
        steps.append(button(turn.text("button_by_my_use"), "compare_plans", pair=f"{a.name}|{b.name}", mine="yes"))
    elif is_mine and b.on_sale(turn.today):
        steps.append(button(turn.text("button_switch", plan=b.name), "change_plan", plan=b.name))
    return [*steps, all_rules_button(turn, b)]


def _others(turn: Turn, a: Plan, b: Plan, also: Mapping[str, Sequence[Plan]]) -> list[Button]:
    """The comparison again with another plan of the same fee."""
    pairs = [(other, b) for other in also.get(a.name, ())] + [(a, other) for other in also.get(b.name, ())]
    return [pair_button(turn, one, other) for one, other in pairs[:2] if one != other]


def pair_button(turn: Turn, a: Plan, b: Plan) -> Button:
    return button(turn.text("button_pair", a=a.name, b=b.name), "compare_plans", pair=f"{a.name}|{b.name}")
