"""The demo customers' stories told for a day: everything that the operator's systems know of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from botkit.bss.demo import billing
from botkit.bss.demo.catalogue import Catalogue
from botkit.bss.demo.holdings import Held, allowances, buckets, prorated
from botkit.bss.demo.ledger import Account, keep_account
from botkit.bss.demo.metering import Meter, meter_cycle
from botkit.bss.demo.scenario import Scenario
from botkit.bss.demo.timeline import Timeline
from botkit.bss.demo.traffic import CycleTraffic, traffic_of
from botkit.bss.port import OrderState
from botkit.telecom.bill import Bill, BillItem
from botkit.telecom.customer import Contract, Customer, Device, Subscription
from botkit.telecom.cycle import BillingCycle, add_months
from botkit.telecom.plan import AddOnKind, Plan
from botkit.telecom.usage import Bucket, DayUsage
from botkit.telecom.values import NO_DATA, DataVolume

ORDERS_KEPT_MONTHS = 24
PLAN_ORDERED_BEFORE = timedelta(
    days=3
)  # a change of plan is ordered that long before the cycle in which it takes effect


@dataclass(frozen=True)
class PastOrder:
    """An order of the story; the time of day does not matter to it."""

    product_id: str
    product_name: str
    state: OrderState
    placed: date
    effective: date


@dataclass(frozen=True)
class Story:
    """One customer on one day. `bills` are oldest first, the running one last; `buckets` are the running cycle's."""

    scenario: Scenario
    customer: Customer
    subscriptions: tuple[Subscription, ...]
    orders: tuple[PastOrder, ...]
    usage: tuple[DayUsage, ...]
    buckets: tuple[Bucket, ...]
    bills: tuple[Bill, ...]
    account: Account
    contract: Contract | None
    device: Device | None


def tell_stories(scenarios: Sequence[Scenario], catalogue: Catalogue, today: date) -> tuple[Story, ...]:
    """Every scenario, told for `today`.

    Raises:
        UnknownProduct: a scenario names a product that the catalogue lacks.
        ValueError: a scenario contradicts itself on that day.
    """
    lines = [_Line(scenario, catalogue, today) for scenario in scenarios]
    return tuple(line.tell(_sub_cards(line, lines)) for line in lines)


class _Line:
    """One customer's line, with the story's days placed in the calendar."""

    def __init__(self, scenario: Scenario, catalogue: Catalogue, today: date) -> None:
        self.scenario = scenario
        self.catalogue = catalogue
        self.today = today
        self.timeline = Timeline.of(today, scenario.cycle_day)
        self.plan = catalogue.plan_named(scenario.plan)
        self.plan_since = self.timeline.day(scenario.plan_since)
        self.joined = self.timeline.day(scenario.joined)
        self.held = [
            Held.taken(catalogue.add_on_named(one.product), self.timeline.day(one.since), self.timeline.billing_day)
            for one in scenario.add_ons
        ]
        self.contract = self._contract()
        self.traffic = traffic_of(scenario, self.timeline)

    def tell(self, sub_cards: Sequence[_Line]) -> Story:
        usage: list[DayUsage] = []
        bills: list[Bill] = []
        rolled_over = NO_DATA
        for traffic in self.traffic:
            cycle = traffic.cycle
            plan = prorated(self.plan, cycle, self.joined)
            meter = Meter(allowances(plan, self.held, cycle, rolled_over))
            usage += meter_cycle(meter, traffic, [line.traffic_in(cycle) for line in sub_cards])
            bills.append(self._bill(cycle, self._items(cycle, plan, meter, rolled_over)))
            rolled_over = meter.unused if plan.rollover else NO_DATA
        return Story(
            scenario=self.scenario,
            customer=self._customer(),
            subscriptions=tuple(self._subscriptions()),
            orders=tuple(sorted(self._orders(), key=lambda order: order.placed)),
            usage=tuple(day for day in usage if day != DayUsage(day.day)),
            buckets=tuple(buckets(meter.allowances)),
            bills=tuple(bills),
            account=keep_account(self.scenario.recharging, bills, self.joined, self.today),
            contract=self.contract,
            device=self._device(),
        )

    def traffic_in(self, cycle: BillingCycle) -> CycleTraffic:
        return next(traffic for traffic in self.traffic if traffic.cycle == cycle)

    def _items(self, cycle: BillingCycle, plan: Plan, meter: Meter, rolled_over: DataVolume) -> Iterator[BillItem]:
        yield billing.plan_fee(plan, cycle, self.plan_since, self.joined)
        yield from billing.add_on_fees(self.held, cycle, self.timeline.billing_day)
        yield from billing.out_of_plan(plan, cycle, meter, rolled_over)
        for abroad in self.scenario.roaming:
            days = [cycle.start + timedelta(days=day - 1) for day in abroad.days]
            if cycle == self.timeline.cycle(abroad.cycle):
                yield billing.roaming_fee(self.catalogue.add_on_named(abroad.product), days)
        if self.contract is not None and self.scenario.contract is not None:
            yield from billing.contract_discount(self.contract, self.scenario.contract.discount, cycle)

    def _bill(self, cycle: BillingCycle, items: Iterable[BillItem]) -> Bill:
        bill_id = billing.bill_id(self.scenario.id, cycle)
        numbered = [replace(item, id=f"{bill_id}-{position:02}") for position, item in enumerate(items)]
        return Bill(cycle, tuple(numbered), final=cycle.end < self.today)

    def _customer(self) -> Customer:
        scenario = self.scenario
        return Customer(
            id=scenario.id,
            phone=scenario.phone,
            name=scenario.name,
            age=scenario.age,
            tenure_since=self.joined,
            billing_day=self.timeline.billing_day,
            status=scenario.status,
            language_simple=scenario.language_simple,
            family_id=scenario.family,
        )

    def _subscriptions(self) -> Iterator[Subscription]:
        number = self.scenario.id
        yield Subscription(f"{number}-plan", self.plan.id, self.plan.name, self.plan_since, is_plan=True)
        for index, one in enumerate(sorted(self.held, key=lambda held: held.since)):
            yield Subscription(
                f"{number}-add-on-{index:02}", one.add_on.id, one.add_on.name, one.since, is_plan=False, ends=one.ends
            )

    def _orders(self) -> Iterator[PastOrder]:
        """What led to the subscriptions, as far back as orders are kept, and a change of plan that is still to come."""
        kept_since = add_months(self.today, -ORDERS_KEPT_MONTHS)
        if self.plan_since >= kept_since:
            placed = self.plan_since if self.plan_since == self.joined else self.plan_since - PLAN_ORDERED_BEFORE
            yield PastOrder(self.plan.id, self.plan.name, OrderState.DONE, placed, self.plan_since)
        for one in self.held:
            if one.since >= kept_since:
                yield PastOrder(one.add_on.id, one.add_on.name, OrderState.DONE, one.since, one.since)
        if self.scenario.pending is not None:
            plan = self.catalogue.plan_named(self.scenario.pending.product)
            placed = self.timeline.day(self.scenario.pending.ordered)
            yield PastOrder(plan.id, plan.name, OrderState.SCHEDULED, placed, self.timeline.cycle(1).start)

    def _contract(self) -> Contract | None:
        """The contract told, else the one that the plan itself brings; None when it has run out."""
        told = self.scenario.contract
        if told is not None:
            start = self.timeline.day(told.start)
            contract = Contract(told.name, start, told.months, told.monthly_commitment, told.penalty)
        else:
            plan = self.plan
            contract = Contract(plan.name, self.plan_since, plan.contract_months, plan.monthly_fee, plan.penalty)
        return contract if add_months(contract.start, contract.months) > self.today else None

    def _device(self) -> Device | None:
        seen = self.scenario.device
        return None if seen is None else Device(seen.brand, seen.model, self.today - timedelta(seen.seen_days_ago))


def _sub_cards(main: _Line, lines: Iterable[_Line]) -> list[_Line]:
    """Those who draw on `main`'s allowances: the rest of the family, when he pays for sub-cards."""
    family = main.scenario.family
    if family is None or not any(held.add_on.kind is AddOnKind.SUB_CARD for held in main.held):
        return []
    return [line for line in lines if line.scenario.family == family and line is not main]
