"""What a recommendation says: the best saving, what changing entails, what it rests on, and the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.base import Turn, button
from actions.catalogue import current_plan, names
from actions.own_use import OwnUse
from actions.plan_terms import eligibility, plan_cells
from actions.switching import discount_lost, effect_line, losses, penalty_line, switch_entails
from actions.wording import amount_of, daily_volume, money_delta, signed, size, yuan
from botkit.content.texts import Button
from botkit.conversation.reply import Cell, Table
from botkit.telecom.bill import ItemKind
from botkit.telecom.customer import Customer
from botkit.telecom.idle import idle_packs
from botkit.telecom.plan import AddOn, AddOnKind, Plan
from botkit.telecom.recommend import Recommendation
from botkit.telecom.spending import PLAN_KINDS, paid_lines, paid_per_cycle
from botkit.telecom.switching import SwitchTerms
from botkit.telecom.values import ZERO, Money, total

SHOWN = 3
SHOWN_ON_REQUEST = 8


@dataclass(frozen=True)
class Case:
    """Whom plans are recommended to, and what they are judged by."""

    turn: Turn
    customer: Customer
    mine: Plan
    use: OwnUse

    @classmethod
    def of(cls, turn: Turn, customer: Customer) -> Case:
        return cls(turn, customer, current_plan(turn, customer), OwnUse.of(turn, customer))

    @property
    def in_full(self) -> bool:
        return self.turn.intent == "ask_more"

    @property
    def shares_with_others(self) -> bool:
        """Whether sub-cards live on this plan's allowance: what they use is not among his own cycles."""
        return bool(self.customer.family_id) and "family_plan" not in self.mine.eligibility.requires

    def entails(self, one: Recommendation) -> SwitchTerms:
        saving = -one.saving if self.use.cycles else None
        return switch_entails(self.turn, self.customer, self.mine, one.plan, saving)


def shown(case: Case, found: Sequence[Recommendation]) -> Sequence[Recommendation]:
    """The cheapest whatever it is, and the cheapest that are enough; more of them on request."""
    if case.in_full:
        return list(dict.fromkeys([*found[:SHOWN_ON_REQUEST], target_of(found)]))
    enough = [one for one in found if one.enough]
    chosen = list(dict.fromkeys([found[0], *enough, *found]))[:SHOWN]
    return sorted(chosen, key=lambda one: one.average)


def target_of(found: Sequence[Recommendation]) -> Recommendation:
    """What a change is worked out for: the cheapest that is enough, else the cheapest."""
    return next((one for one in found if one.enough), found[0])


def headline(case: Case, found: Sequence[Recommendation], lead: str = "lead_cheaper") -> str:
    """The cheapest, and the cheapest that is enough where that is another one."""
    best, target = found[0], target_of(found)
    line = best_sentence(case, best, lead)
    if target is not best:
        line += case.turn.text("recommend_enough", plan=target.plan.name, average=yuan(target.average))
    return line + _for_whom(case, dict.fromkeys((best.plan, target.plan)))


def best_sentence(case: Case, best: Recommendation, lead: str = "lead_cheaper") -> str:
    """`最省的是 畅选79, 平均每月 79 元, 比现在少 50 元。`; `lead` is the text that it opens with."""
    tight = "tight" if case.use.cycles and not best.enough else "best"
    way = "less" if best.saving > ZERO else "more" if best.saving < ZERO else "same"
    return case.turn.text(
        f"recommend_{tight}_{way}",
        lead=case.turn.text(lead),
        plan=best.plan.name,
        average=yuan(best.average),
        amount=size(best.saving),
        what=_over(case.turn, best),
    )


def change_line(case: Case, target: Recommendation, plans: Sequence[Plan]) -> str:
    """What changing entails; what is lost only on request, for it is said again before anything is ordered."""
    turn, entails = case.turn, case.entails(target)
    words = penalty_line(turn, case.customer, entails)
    words += effect_line(turn, entails)
    words += discount_lost(turn, case.use.discount, target.plan)
    if case.in_full:
        words += losses(turn, entails)
    line = turn.text("recommend_entails", plan=target.plan.name, terms=words)
    older = {one.id for one in plans if one.network < case.mine.network}
    if older:
        line += turn.text("recommend_older_network", plans=names(plan for plan in plans if plan.id in older))
    return line


def wait_line(case: Case, target: Recommendation) -> str:
    return penalty_line(case.turn, case.customer, case.entails(target))


def _for_whom(case: Case, plans: Sequence[Plan] | dict[Plan, None]) -> str:
    """Plans that not everybody may take, and that he may."""
    turn = case.turn
    limited = [(plan, who) for plan in plans if (who := eligibility(turn, plan.eligibility))]
    return "".join(
        turn.text("recommend_for_whom", plan=plan.name, who=who.rstrip("。"), age=case.customer.age)
        for plan, who in limited
    )


def extras(case: Case) -> tuple[list[str], list[Button]]:
    """What is paid each month besides the plan and may not be needed: packs that lie idle, and services."""
    turn, customer = case.turn, case.customer
    ids = {subscription.product_id for subscription in turn.operator.subscriptions(customer.id)}
    held = [add_on for add_on in turn.operator.add_ons() if add_on.id in ids]
    idle = idle_packs(
        (add_on for add_on in held if add_on.kind is not AddOnKind.SERVICE),
        turn.operator.buckets(customer.id),
        case.use.costs(case.mine),
    )
    services = [add_on for add_on in held if add_on.kind is AddOnKind.SERVICE and add_on.monthly]
    lines = []
    if idle:
        lines.append(turn.text("recommend_idle", total=_sum(idle), list=_listed(turn, idle)))
    if services:
        lines.append(turn.text("recommend_services", total=_sum(services), list=_listed(turn, services)))
    if not lines:
        return [], []
    return ["".join(lines)], [button(turn.text("button_cancel_which"), "cancel_service")]


def _sum(add_ons: Sequence[AddOn]) -> str:
    return yuan(total(add_on.price for add_on in add_ons))


def _listed(turn: Turn, add_ons: Sequence[AddOn]) -> str:
    return "、".join(amount_of(turn, add_on.name, add_on.price) for add_on in add_ons)


def _over(turn: Turn, one: Recommendation) -> str:
    """Of what more was used than the plan includes: `流量、通话`."""
    beyond = {
        "data": any(cost.over_data for cost in one.costs),
        "voice": any(cost.over_minutes for cost in one.costs),
        "sms": any(cost.over_sms for cost in one.costs),
    }
    return "、".join(turn.text(f"phrase_over_{kind}") for kind, is_over in beyond.items() if is_over)


def basis(case: Case) -> str:
    """Average use, what was really paid and what for, and what of it is compared."""
    turn, cycles = case.turn, case.use.cycles
    if not cycles:
        return turn.text("recommend_no_history")
    count = len(cycles)
    data = Decimal(sum(usage.general_data.mb + usage.directed_data.mb for usage in cycles)) / count
    minutes = round(sum(usage.voice_minutes for usage in cycles) / count)
    line = turn.text("recommend_use", months=count, data=daily_volume(data), minutes=minutes)
    if case.use.bills:
        line += _paid(case)
    if case.shares_with_others:
        line += turn.text("recommend_shared")
    return line


def _paid(case: Case) -> str:
    turn, bills = case.turn, case.use.bills
    lines = paid_lines(bills)
    paid, now = paid_per_cycle(bills), case.use.average(case.mine)
    if len(lines) > 1:
        fee = turn.texts.labels("table_recommend")["fee"]
        parts = [amount_of(turn, fee if line.kind is ItemKind.PLAN_FEE else line.name, line.average) for line in lines]
        words = turn.text("recommend_paid_for", paid=yuan(paid), list=turn.text("delta_join").join(parts))
    else:
        words = turn.text("recommend_paid", paid=yuan(paid))
    if now == paid:
        return words
    besides = [line for line in lines if line.kind not in PLAN_KINDS and line.kind is not ItemKind.DISCOUNT]
    if Money.of(paid.yuan - sum(line.average.yuan for line in besides)) == now:
        name = "recommend_plan_part"
    else:
        name = "recommend_paid_otherwise"
    return words + turn.text(name, by_rule=yuan(now))


def advice_table(case: Case, plans: Sequence[Recommendation]) -> Table:
    turn, use = case.turn, case.use
    labels = turn.texts.labels("table_recommend")
    mine = labels["current"].replace("{plan}", case.mine.name)
    rows = [(Cell(mine), *plan_cells(turn, case.mine), _amounts(use.paid(case.mine)))]
    for one in plans:
        _, data, minutes = plan_cells(turn, one.plan)
        rows.append((Cell(_name(case, one)), _fee(case, one.plan), data, minutes, _amounts(one.paid)))
    columns = [labels["plan"], labels["fee"], labels["data"], labels["voice"]]
    if not use.cycles:
        return Table(labels["caption"], tuple(columns), tuple(row[:4] for row in rows))
    own_cost = labels["own_cost_discount" if use.discount else "own_cost"].replace("{months}", str(len(use.cycles)))
    return Table(labels["caption"], (*columns, own_cost), tuple(rows))


def _name(case: Case, one: Recommendation) -> str:
    """With what is to be known of it: `流量星49 (通话会用超)`, `畅聊58 (4G)`."""
    labels = case.turn.texts.labels("table_recommend")
    marks = []
    if one.older_network:
        marks.append(one.plan.network)
    if case.use.cycles and not one.enough:
        marks.append(labels["tight"].replace("{what}", _over(case.turn, one)))
    return f"{one.plan.name} ({', '.join(marks)})" if marks else one.plan.name


def _fee(case: Case, plan: Plan) -> Cell:
    difference = plan.monthly_fee - case.mine.monthly_fee
    cell = money_delta(difference)
    written = case.turn.text("cell_fee", fee=yuan(plan.monthly_fee), difference=signed(difference))
    return Cell(written, cell.trend, cell.good)


def _amounts(paid: Sequence[Money]) -> Cell:
    return Cell(" / ".join(str(amount) for amount in paid))
