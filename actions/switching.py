"""What a change of plan would have cost and would cost this customer, in sentences."""

from __future__ import annotations

from actions.base import Turn
from actions.plan_terms import penalty_words
from actions.wording import day, size, yuan
from botkit.telecom.comparison import CostComparison
from botkit.telecom.customer import Contract, Customer
from botkit.telecom.cycle import BillingCycle
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


def switch_lines(turn: Turn, customer: Customer, current: Plan, new: Plan, average_delta: Money | None) -> list[str]:
    """What changing today entails: contract and penalty, then when it takes effect and what is lost."""
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
    effect = turn.text("switch_effective", day=day(entails.effective, turn.today))
    if entails.rollover_lost:
        effect += turn.text("switch_rollover_lost", volume=entails.rollover_lost)
    if entails.perks_lost:
        effect += turn.text("switch_perks_lost", perks="、".join(entails.perks_lost))
    if entails.new_contract_months:
        effect += turn.text("switch_new_contract", months=entails.new_contract_months)
    return [_penalty(turn, contract, entails), effect]


def _penalty(turn: Turn, contract: Contract | None, entails: SwitchTerms) -> str:
    if contract is None or not early_termination_fee(contract, entails.effective).months_left:
        return turn.text("switch_no_contract")
    if entails.penalty is None:
        return turn.text("switch_contract_allows", name=contract.name)
    values = {
        "ends": day(entails.penalty.ends, turn.today),
        "amount": yuan(entails.penalty.amount),
        "rule": penalty_words(turn, contract.penalty),
    }
    if entails.payback_months:
        return turn.text("switch_penalty_pays_back", months=entails.payback_months, **values)
    return turn.text("switch_penalty", **values)
