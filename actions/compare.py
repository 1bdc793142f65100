"""Plans side by side with every difference, and what the customer's own cycles would have cost on each."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rasa_sdk.events import EventType, SlotSet

from actions.base import BotkitAction, Turn, ask_to_verify, button
from actions.catalogue import plans_meant
from actions.plans import eligibility, penalty_rule
from actions.wording import (
    day,
    money_delta,
    number_delta,
    price,
    speed,
    volume_delta,
)
from botkit.conversation.reply import Cell, Table
from botkit.telecom.comparison import CostComparison, PlanComparison, compare_costs, compare_plans
from botkit.telecom.customer import Customer
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import EffectRule, Plan
from botkit.telecom.switching import SwitchTerms, switch_terms
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import ZERO, DataVolume, Money

CYCLES = 3


def current_plan(turn: Turn, customer: Customer) -> Plan:
    plan_id = next(s.product_id for s in turn.operator.subscriptions(customer.id) if s.is_plan)
    return turn.operator.plan(plan_id)


class ComparePlans(BotkitAction):
    """Named with named, mine with named. With fewer than two, asks for the other and remembers the one."""

    action_name = "action_compare_plans"

    def respond(self, turn: Turn) -> list[EventType]:
        catalogue = turn.operator.plans()
        meant = plans_meant(turn, catalogue, turn.today)
        plans = list(meant.plans)
        remembered = (turn.slot("focus") or {}).get("compare")
        if turn.slot("awaiting") == "compare" and remembered and len(plans) == 1 and plans[0].name != remembered:
            plans.insert(0, next(plan for plan in catalogue if plan.name == remembered))
        customer = turn.customer()
        by_my_use = bool(turn.entities("mine"))  # a button's wish
        if by_my_use and customer is None:
            return ask_to_verify(turn, self.action_name)
        if len(plans) < 2 and (meant.mine or by_my_use):
            if customer is None:
                return ask_to_verify(turn, self.action_name)
            mine = current_plan(turn, customer)
            plans = [mine, *(plan for plan in plans if plan != mine)]
            if len(plans) < 2 and meant.plans:
                turn.say("compare_is_mine", plan=mine.name)
                return [SlotSet("pending_task", None)]
        if len(plans) < 2:
            return self._ask(turn, catalogue, plans, meant.unknown, customer)
        if customer is not None:
            mine = current_plan(turn, customer)
            if mine in plans[1:]:  # what the customer has stands first, so that the differences are his
                plans = [mine, *(plan for plan in plans if plan != mine)]
        also = [button(other.name, "compare_plans", plan=other.name) for other in meant.also[:2] if other not in plans]
        say_comparison(turn, plans[0], plans[1], customer, more_plans=plans[2:], buttons=also)
        names = [plan.name for plan in plans]
        return [
            SlotSet("topic", "compare"),
            SlotSet("focus", {"plans": names, "compare": names[0]}),
            SlotSet("awaiting", "compare"),
            SlotSet("pending_task", None),
        ]

    def _ask(
        self,
        turn: Turn,
        catalogue: Sequence[Plan],
        plans: Sequence[Plan],
        unknown: Sequence[str],
        customer: Customer | None,
    ) -> list[EventType]:
        offered = [
            plan for plan in catalogue if plan.family == "畅选" and plan.on_sale(turn.today) and plan not in plans
        ]
        offered.sort(key=lambda plan: plan.monthly_fee)
        if plans:
            buttons = [button(turn.text("button_with_mine"), "compare_plans", plan=plans[0].name, mine="yes")]
            buttons += [_pair(plans[0], other) for other in offered[1:4]]
            name = "compare_other_unknown" if unknown else "compare_which_other"
            turn.say(name, plan=plans[0].name, fee="、".join(unknown), buttons=buttons)
            return [SlotSet("awaiting", "compare"), SlotSet("focus", {"compare": plans[0].name})]
        buttons = [_pair(a, b) for a, b in zip(offered[1:3], offered[2:4], strict=False)]
        turn.say("compare_unknown" if unknown else "compare_which", fee="、".join(unknown), buttons=buttons)
        return [SlotSet("awaiting", "compare"), SlotSet("focus", None)]


def _pair(a: Plan, b: Plan) -> dict[str, str]:
    """A button that compares two named plans. An entity holds one value, so the pair travels as one."""
    return button(f"{a.name} / {b.name}", "compare_plans", pair=f"{a.name}|{b.name}")


def say_comparison(
    turn: Turn,
    a: Plan,
    b: Plan,
    customer: Customer | None,
    *,
    more_plans: Sequence[Plan] = (),
    buttons: Sequence[dict[str, str]] = (),
) -> None:
    """The sentence, the table and what a change entails; by the customer's own use where he is verified."""
    comparison = compare_plans(a, b)
    usages = turn.operator.cycle_usage(customer.id, CYCLES) if customer else ()
    costs = compare_costs(a, b, usages) if usages else None
    mine = current_plan(turn, customer) if customer else None
    lines = []
    if costs:
        lines.append(_own_use(turn, a, b, costs))
    lines += _notes(turn, b)
    if customer and mine == a and b.on_sale(turn.today):
        lines += switch_lines(turn, customer, a, b, costs.average_delta if costs else None)
    elif b.on_sale(turn.today):
        lines.append(
            turn.text("plan_effect_immediate" if b.effect is EffectRule.IMMEDIATE else "plan_effect_next_cycle")
        )
    lines += [line for line in (eligibility(turn, b),) if line]
    if more_plans:
        lines.append(turn.text("compare_two_at_a_time", rest="、".join(plan.name for plan in more_plans)))
    offered = list(buttons)
    if customer is None:
        offered.insert(0, button(turn.text("button_by_my_use"), "compare_plans", pair=f"{a.name}|{b.name}", mine="yes"))
    elif mine == a and b.on_sale(turn.today):
        offered.insert(0, button(turn.text("button_switch", plan=b.name), "change_plan", plan=b.name))
    offered.append(button(turn.text("button_all_rules", plan=b.name), "ask_plan_details", plan=b.name))
    turn.say("compare", a=a.name, b=b.name, deltas=delta_sentence(turn, comparison), more=lines,
             table=comparison_table(turn, comparison, usages, costs), buttons=offered)  # fmt: skip


def delta_sentence(turn: Turn, comparison: PlanComparison) -> str:
    """`每月少 20 元, 流量少 10 GB, 通话多 100 分钟`."""
    parts = []
    for name, more, quantity in (
        ("fee", comparison.monthly_fee > ZERO, Money(abs(comparison.monthly_fee.yuan)).plain),
        ("data", comparison.general_data.mb > 0, str(DataVolume(abs(comparison.general_data.mb)))),
        ("directed", comparison.directed_data.mb > 0, str(DataVolume(abs(comparison.directed_data.mb)))),
        ("voice", comparison.voice_minutes > 0, str(abs(comparison.voice_minutes))),
        ("sms", comparison.sms > 0, str(abs(comparison.sms))),
    ):  # fmt: skip
        if quantity in ("0", "0 MB"):
            if name in ("fee", "data", "voice"):
                parts.append(turn.text(f"delta_{name}_same"))
        else:
            parts.append(turn.text(f"delta_{name}_{'more' if more else 'less'}", quantity=quantity))
    return turn.text("delta_join").join(parts)


def comparison_table(
    turn: Turn, comparison: PlanComparison, usages: Sequence[CycleUsage], costs: CostComparison | None
) -> Table:
    labels = turn.texts.labels("table_compare")
    a, b = comparison.a, comparison.b
    rows = [
        _row(labels["fee"], f"{a.monthly_fee.plain} 元", f"{b.monthly_fee.plain} 元", money_delta(comparison.monthly_fee, "元")),
        _row(labels["data"], str(a.allowances.general_data), str(b.allowances.general_data), volume_delta(comparison.general_data)),
    ]  # fmt: skip
    if a.allowances.directed_data or b.allowances.directed_data:
        rows.append(_row(labels["directed"], str(a.allowances.directed_data), str(b.allowances.directed_data),
                         volume_delta(comparison.directed_data)))  # fmt: skip
    rows.append(_row(labels["voice"], f"{a.allowances.voice_minutes} 分钟", f"{b.allowances.voice_minutes} 分钟",
                     number_delta(comparison.voice_minutes, "分钟")))  # fmt: skip
    if a.allowances.sms or b.allowances.sms:
        rows.append(
            _row(labels["sms"], f"{a.allowances.sms} 条", f"{b.allowances.sms} 条", number_delta(comparison.sms, "条"))
        )
    rows.append(_row(labels["over_data"], _per_gb(turn, a), _per_gb(turn, b),
                     _unit_delta(comparison.data_per_gb)))  # fmt: skip
    rows.append(_row(labels["over_voice"], f"{price(a.out_of_plan.voice_per_minute)} 元/分钟",
                     f"{price(b.out_of_plan.voice_per_minute)} 元/分钟", _unit_delta(comparison.voice_per_minute)))  # fmt: skip
    if a.throttle or b.throttle:
        rows.append(_row(labels["throttle"], _throttle(turn, a), _throttle(turn, b), Cell("")))
    rows.append(_row(labels["contract"], _months(turn, a), _months(turn, b), Cell("")))
    if costs:
        for usage, cost_a, cost_b, delta in zip(usages, costs.costs_a, costs.costs_b, costs.deltas, strict=True):
            label = labels["own_cost"].replace("{month}", str(usage.cycle.start.month))
            rows.append(_row(label, f"{cost_a.total} 元", f"{cost_b.total} 元", money_delta(delta, "元")))
    return Table(labels["caption"], (labels["item"], a.name, b.name, labels["delta"]), tuple(rows))


def _row(label: str, a: str, b: str, delta: Cell) -> tuple[Cell, ...]:
    return Cell(label), Cell(a), Cell(b), delta


def _unit_delta(delta: Decimal | None) -> Cell:
    return Cell("") if delta is None else money_delta(Money.of(delta), "元")


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


def _own_use(turn: Turn, a: Plan, b: Plan, costs: CostComparison) -> str:
    delta = costs.average_delta or ZERO
    count = len(costs.deltas)
    if not delta:
        return turn.text("own_use_same", months=count, a=a.name, b=b.name)
    name = "own_use_more" if delta > ZERO else "own_use_less"
    return turn.text(name, months=count, a=a.name, b=b.name, amount=Money(abs(delta.yuan)))


def _notes(turn: Turn, b: Plan) -> list[str]:
    return [] if b.on_sale(turn.today) else [turn.text("compare_not_sold", plan=b.name)]


def switch_lines(turn: Turn, customer: Customer, current: Plan, new: Plan, average_delta: Money | None) -> list[str]:
    """What changing today entails: contract, when it takes effect, what is lost."""
    contract = turn.operator.contract(customer.id)
    entails = switch_terms(
        current,
        new,
        contract=contract,
        buckets=turn.operator.buckets(customer.id),
        cycle=BillingCycle.containing(turn.today, customer.billing_day),
        today=turn.today,
        saving_per_month=-average_delta if average_delta is not None else None,
    )
    lines = [_penalty_line(turn, customer, entails)]
    effect = turn.text("switch_effective", day=day(entails.effective, turn.today))
    if entails.rollover_lost:
        effect += turn.text("switch_rollover_lost", volume=entails.rollover_lost)
    if entails.perks_lost:
        effect += turn.text("switch_perks_lost", perks="、".join(entails.perks_lost))
    if entails.new_contract_months:
        effect += turn.text("switch_new_contract", months=entails.new_contract_months)
    return [line for line in (*lines, effect) if line]


def _penalty_line(turn: Turn, customer: Customer, entails: SwitchTerms) -> str:
    contract = turn.operator.contract(customer.id)
    if contract is None:
        return turn.text("switch_no_contract")
    if entails.penalty is None:
        return turn.text("switch_contract_allows", name=contract.name)
    line = turn.text(
        "switch_penalty",
        ends=day(entails.penalty.ends, turn.today),
        amount=entails.penalty.amount,
        rule=penalty_rule(turn, contract),
    )
    if entails.payback_months:
        line += turn.text("switch_payback", months=entails.payback_months)
    return line
