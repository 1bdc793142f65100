"""What a change of plan would have cost and would cost this customer, in sentences."""

from __future__ import annotations

from actions.base import Turn
from actions.plan_terms import penalty_words
from actions.wording import day, size, yuan
from botkit.telecom.comparison import CostComparison
from botkit.telecom.customer import Customer
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.discount import ContractDiscount
from botkit.telecom.plan import Plan
from botkit.telecom.switching import SwitchTerms, switch_terms
from botkit.telecom.termination import early_termination_fee
from botkit.telecom.values import ZERO, Money


def own_use(turn: Turn, costs: CostComparison | None) -> list[str]:
    """What the change would have saved on the customer's own cycles."""
    if costs is None:
        return [turn.text("own_use_none")]
    delta, months = costs.average_delta or ZERO, len(costs.deltas)
    if not delta:
        return [turn.text("own_use_same", months=months)]
    name = "own_use_more" if delta > ZERO else "own_use_less"
    return [turn.text(name, months=months, amount=size(delta))]


def switch_entails(
    turn: Turn, customer: Customer, current: Plan, new: Plan, average_delta: Money | None
) -> SwitchTerms:
    """What changing today entails. `average_delta`: what is paid more per cycle; None when unknown."""
    return switch_terms(
        current,
        new,
        contract=turn.operator.contract(customer.id),
        buckets=turn.operator.buckets(customer.id),
        cycle=BillingCycle.containing(turn.today, customer.billing_day),
        today=turn.today,
        saving_per_month=-average_delta if average_delta is not None else None,
    )


def switch_lines(turn: Turn, customer: Customer, entails: SwitchTerms) -> list[str]:
    """What changing today entails: contract and penalty, then what is lost."""
    return [penalty_line(turn, customer, entails), effect_line(turn, entails) + losses(turn, entails)]


def effect_line(turn: Turn, entails: SwitchTerms) -> str:
    """When it takes effect, where the penalty did not say so already, and what it binds to."""
    said = entails.penalty is not None and entails.penalty.amount
    effect = "" if said else turn.text("switch_effective", day=day(entails.effective, turn.today))
    if entails.new_contract_months:
        effect += turn.text("switch_new_contract", months=entails.new_contract_months)
    return effect


def losses(turn: Turn, entails: SwitchTerms) -> str:
    lost = ""
    if entails.rollover_lost:
        lost += turn.text("switch_rollover_lost", volume=entails.rollover_lost)
    if entails.perks_lost:
        lost += turn.text("switch_perks_lost", perks="、".join(entails.perks_lost))
    return lost


def discount_lost(turn: Turn, discount: ContractDiscount | None, new: Plan) -> str:
    """That the contract's discount ends with it, where the new plan does not keep its commitment."""
    if discount is None or discount.on(new):
        return ""
    return turn.text("switch_discount_lost", amount=yuan(discount.amount))


def penalty_line(turn: Turn, customer: Customer, entails: SwitchTerms) -> str:
    """The penalty on the day on which the change takes effect, and whether the saving makes up for it in time."""
    contract = turn.operator.contract(customer.id)
    if contract is None or not early_termination_fee(contract, entails.effective).months_left:
        return turn.text("switch_no_contract")
    penalty = entails.penalty
    if penalty is None:
        return turn.text("switch_contract_allows", name=contract.name)
    if not penalty.amount:
        return turn.text("switch_contract_no_penalty", name=contract.name, ends=day(penalty.ends, turn.today))
    values = {
        "ends": day(penalty.ends, turn.today),
        "day": day(entails.effective, turn.today),
        "amount": yuan(penalty.amount),
        "rule": penalty_words(turn, contract.penalty),
        "left": penalty.months_left,
        "months": entails.payback_months or "",
    }
    if entails.better_wait:
        return turn.text(
            "switch_penalty_too_late" if entails.payback_months else "switch_penalty_for_nothing", **values
        )
    return turn.text("switch_penalty_pays_back" if entails.payback_months else "switch_penalty", **values)
