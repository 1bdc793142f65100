"""Figures worked out here from what the operator's port says, by the published rules and by no code of the bot's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from botkit.bss.port import Operator
from botkit.telecom.bill import Bill, ItemKind
from botkit.telecom.customer import Customer
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import Plan
from botkit.telecom.usage import Bucket, BucketKind, CycleUsage, DayUsage

GB = 1024


def fen(amount: Fraction | Decimal) -> Decimal:
    """Rounded half up to the fen."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator) if isinstance(amount, Fraction) else amount
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def written(amount: Decimal) -> str:
    """As sentences write money: `20`, `58.33`."""
    return str(int(amount)) if amount == int(amount) else f"{amount:.2f}"


def volume(mb: int) -> str:
    """As the bot writes data: MB below a GB, else GB with at most one decimal."""
    if abs(mb) < GB:
        return f"{mb} MB"
    tenths = (Decimal(mb) / GB).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{int(tenths) if tenths == int(tenths) else tenths} GB"


def data_charge(plan: Plan, mb: int) -> Decimal:
    """What `mb` beyond the allowance cost: GB by GB, each at most at its cap."""
    rate = plan.out_of_plan.data
    if rate is None:
        return Decimal(0)
    charged = Decimal(0)
    while mb > 0:
        block, mb = min(mb, GB), mb - GB
        dear = rate.cheaper_after is None or charged < rate.cheaper_after
        cap = rate.per_gb if dear or rate.cheaper_per_gb is None else rate.cheaper_per_gb
        charged += min(rate.per_mb * block, cap) if rate.per_mb is not None else cap * block / GB
    most = plan.out_of_plan.data_cap
    return fen(charged) if most is None else min(fen(charged), most.yuan)


def cycle_costs(plan: Plan, usages: Sequence[CycleUsage]) -> list[Decimal]:
    """What each of these cycles would have cost on the plan, what is left of one being usable in the next."""
    costs, carried = [], 0
    for usage in usages:
        has, prices = plan.allowances, plan.out_of_plan
        general = usage.general_data.mb + max(usage.directed_data.mb - has.directed_data.mb, 0)
        beyond = max(general - carried - has.general_data.mb, 0)
        voice = prices.voice_per_minute * max(usage.voice_minutes - has.voice_minutes, 0)
        sms = prices.sms_each * max(usage.sms - has.sms, 0)
        costs.append(plan.monthly_fee.yuan + data_charge(plan, beyond) + fen(voice) + fen(sms))
        own = max(general - carried, 0)
        carried = max(has.general_data.mb - own, 0) if plan.rollover else 0
    return costs


def average(amounts: Sequence[Decimal]) -> Decimal:
    return fen(Fraction(sum(amounts)) / len(amounts))


@dataclass(frozen=True)
class DemoCustomer:
    """One demo customer as the port has him, today."""

    operator: Operator
    phone: str

    @property
    def customer(self) -> Customer:
        return self.operator.customer_by_phone(self.phone)

    @property
    def today(self) -> date:
        return self.operator.now().date()

    @property
    def plan(self) -> Plan:
        held = self.operator.subscriptions(self.customer.id)
        return self.operator.plan(next(s.product_id for s in held if s.is_plan))

    @property
    def cycle(self) -> BillingCycle:
        return BillingCycle.containing(self.today, self.customer.billing_day)

    @property
    def days_left(self) -> int:
        return (self.cycle.end - self.today).days

    def bill(self, back: int = 0) -> Bill:
        """The running bill, or the one so many cycles ago."""
        bill = self.operator.bill(self.customer.id, self.cycle.shifted(-back))
        assert bill is not None
        return bill

    def amount(self, back: int = 0) -> Decimal:
        return sum((item.amount.yuan for item in self.bill(back).items), Decimal(0))

    def item(self, kind: ItemKind, back: int = 0) -> Decimal:
        """What the items of this kind come to."""
        return sum((item.amount.yuan for item in self.bill(back).items if item.kind is kind), Decimal(0))

    def bucket(self, kind: BucketKind) -> Bucket:
        return next(b for b in self.operator.buckets(self.customer.id) if b.kind is kind)

    def used_last_week(self) -> int:
        """General data of the last seven complete days, in MB."""
        return sum(entry.general_data.mb for entry in self._last_week())

    def minutes_last_week(self) -> int:
        return sum(entry.voice_minutes for entry in self._last_week())

    def to_come(self) -> Decimal:
        """Fees of this cycle for what he has and the running bill does not list."""
        charged = {item.source for item in self.bill().items}
        fees = Decimal(0)
        for held in self.operator.subscriptions(self.customer.id):
            if held.product_id in charged or (held.ends is not None and held.ends < self.today):
                continue
            if held.is_plan:
                assert held.since < self.cycle.start, "a share of the fee is not worked out here"
                fees += self.plan.monthly_fee.yuan
            elif (add_on := self.operator.add_on(held.product_id)).monthly or held.since in self.cycle:
                fees += add_on.price.yuan
        return fees

    def _last_week(self) -> Sequence[DayUsage]:
        return self.operator.daily_usage(
            self.customer.id, self.today - timedelta(days=7), self.today - timedelta(days=1)
        )

    def usages(self) -> Sequence[CycleUsage]:
        return self.operator.cycle_usage(self.customer.id, 3)

    def costs(self, plan: Plan) -> list[Decimal]:
        """What his last three cycles would have cost on the plan, after those before, less what his contract takes off."""
        last = len(self.usages())
        costs = cycle_costs(plan, self.operator.cycle_usage(self.customer.id, last + 3))[-last:]
        contract = self.operator.contract(self.customer.id)
        kept = contract is not None and plan.monthly_fee >= contract.monthly_commitment
        off = -self.item(ItemKind.DISCOUNT, 1) if kept else Decimal(0)
        return [cost - off for cost in costs]


def named(operator: Operator, name: str) -> Plan:
    return next(plan for plan in operator.plans() if plan.name == name)


def month(cycle: BillingCycle, today: date) -> str:
    """As the bot calls a cycle."""
    if cycle.start.day == 1:
        return (
            f"{cycle.start.year}年{cycle.start.month}月" if cycle.start.year != today.year else f"{cycle.start.month}月"
        )
    return f"{day(cycle.start, today)}至{day(cycle.end, today)}账期"


def day(on: date, today: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if on.year != today.year else f"{on.month}月{on.day}日"
