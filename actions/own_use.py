"""What plans are judged by: the customer's own last cycles, and what his contract takes off each of them."""

from __future__ import annotations

from dataclasses import dataclass

from actions.base import Turn
from botkit.telecom.bill import Bill
from botkit.telecom.charging import CycleCost, charge_cycles
from botkit.telecom.comparison import CostComparison, compare_costs, paid
from botkit.telecom.customer import Customer
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.discount import ContractDiscount, contract_discount
from botkit.telecom.plan import Plan
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import Money, total

CYCLES = 3
"""Complete cycles that are judged."""
RUN_IN = 3
"""Cycles before those: what is rolled over into the first of them depends on what was rolled over before."""


@dataclass(frozen=True)
class OwnUse:
    """`bills` are those of `cycles`, or none where one of them is missing."""

    cycles: tuple[CycleUsage, ...]
    run_in: tuple[CycleUsage, ...]
    bills: tuple[Bill, ...]
    discount: ContractDiscount | None

    @classmethod
    def of(cls, turn: Turn, customer: Customer) -> OwnUse:
        running = BillingCycle.containing(turn.today, customer.billing_day)
        known = turn.operator.cycle_usage(customer.id, CYCLES + RUN_IN)
        first = running.shifted(-CYCLES).start
        cycles = tuple(usage for usage in known if usage.cycle.start >= first)
        bills = tuple(bill for usage in cycles if (bill := turn.operator.bill(customer.id, usage.cycle)))
        if len(bills) < len(cycles):
            bills = ()
        contract = turn.operator.contract(customer.id)
        return cls(
            cycles=cycles,
            run_in=tuple(usage for usage in known if usage.cycle.start < first),
            bills=bills,
            discount=contract_discount(contract, bills, turn.today),
        )

    def costs(self, plan: Plan) -> tuple[CycleCost, ...]:
        return charge_cycles(plan, self.cycles, run_in=self.run_in)

    def paid(self, plan: Plan) -> tuple[Money, ...]:
        return paid(plan, self.costs(plan), self.discount)

    def average(self, plan: Plan) -> Money:
        return Money.of(total(self.paid(plan)).yuan / len(self.cycles))

    def compare(self, a: Plan, b: Plan) -> CostComparison | None:
        """None where there are no cycles to compare by."""
        if not self.cycles:
            return None
        return compare_costs(a, b, self.cycles, run_in=self.run_in, discount=self.discount)
