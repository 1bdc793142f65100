"""What a plan (套餐) is: everything that the regulator's tariff disclosure lists, as typed values.

The fields follow the disclosure listing (资费公示: 方案编号, 上线/下线日期, 适用范围, 超出资费, 在网要求, 违约责任 …) that
operators must publish under the MIIT notice of 2018-08-23.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from botkit.telecom.values import NO_DATA, DataVolume, Money

DATA_CAP = Money.of(600)  # the amount at which operators stop out-of-plan data for the rest of the cycle


@dataclass(frozen=True)
class Allowances:
    """What the monthly fee includes."""

    general_data: DataVolume = NO_DATA
    directed_data: DataVolume = NO_DATA  # 定向流量: counts only for the apps in `directed_apps`
    directed_apps: tuple[str, ...] = ()
    voice_minutes: int = 0
    sms: int = 0


@dataclass(frozen=True)
class DataRate:
    """Price of general data beyond the allowance.

    Data is counted in blocks of 1 GB. Within a block each MB costs `per_mb` until the block has cost its cap; the rest
    of the block is free. The cap is `per_gb`, and `cheaper_per_gb` for blocks that begin when the total has reached
    `cheaper_after`. Without `per_mb` the cap is spread evenly over the block's 1024 MB ("5 元/GB, 按量折算").
    Published examples: 0.03 元/MB, 满 5 元封至 1 GB, 累计 15 元后 3 元/GB; 0.03 元/MB, 满 3 元送至 1 GB; 5 元/GB.
    """

    per_gb: Decimal
    per_mb: Decimal | None = None
    cheaper_after: Decimal | None = None
    cheaper_per_gb: Decimal | None = None


@dataclass(frozen=True)
class OutOfPlanPrices:
    """超出资费. `data_cap` is the monthly amount at which data is stopped (封顶), None where there is none."""

    data: DataRate | None  # None: data is slowed down (see Throttle) instead of charged
    voice_per_minute: Decimal
    sms_each: Decimal
    data_cap: Money | None = DATA_CAP


@dataclass(frozen=True)
class ThrottleStep:
    """达量限速: beyond `after` of general data in a cycle the speed is at most `kbps`."""

    after: DataVolume
    kbps: int


class EffectRule(Enum):
    """When an order takes effect (生效规则)."""

    IMMEDIATE = "immediate"
    NEXT_CYCLE = "next_cycle"


class PenaltyFamily(Enum):
    """The families of early termination liability (违约责任) found in published tariffs."""

    NONE = "none"
    FLAT = "flat"  # a fixed amount
    REMAINING_MONTHS = "remaining_months"  # amount × months left
    REMAINING_MONTHS_CAPPED = "remaining_months_capped"  # amount × min(months left, max_months)
    REMAINING_PERCENT = "remaining_percent"  # percent of (monthly commitment × months left)
    SERVED_MONTHS = "served_months"  # amount × months served: the discount is paid back
    STEPPED_FEES = "stepped_fees"  # ≤ 6 months left: 1 monthly fee; more: ceil(left / 12) × 2 monthly fees
    INSTALMENT = "instalment"  # base + amount × (total - 1 - months served)


@dataclass(frozen=True)
class PenaltyRule:
    """A family with its numbers; which numbers a family needs is checked by `early_termination_fee`."""

    family: PenaltyFamily = PenaltyFamily.NONE
    amount: Money | None = None
    base: Money | None = None
    max_months: int | None = None
    percent: Decimal | None = None  # 30 means 30 %


@dataclass(frozen=True)
class Eligibility:
    """适用范围: who may take the plan. Empty means everybody."""

    min_age: int | None = None
    max_age: int | None = None
    requires: tuple[str, ...] = ()  # e.g. "disabled_certificate", "new_customer", "min_tenure_months:6"


@dataclass(frozen=True)
class Plan:
    """One published plan. `id` is the disclosure's scheme id (方案编号)."""

    id: str
    name: str
    family: str
    network: str  # "4G" or "5G"
    monthly_fee: Money
    allowances: Allowances
    out_of_plan: OutOfPlanPrices
    on_sale_from: date
    on_sale_until: date | None = None  # 下线日期: no new orders from then on; existing customers keep the plan
    throttle: tuple[ThrottleStep, ...] = ()
    rollover: bool = True  # unused general data is usable until the end of the next cycle
    effect: EffectRule = EffectRule.NEXT_CYCLE
    validity_months: int = 24
    contract_months: int = 0
    penalty: PenaltyRule = field(default_factory=PenaltyRule)
    eligibility: Eligibility = field(default_factory=Eligibility)
    area: str = "全国"
    channels: tuple[str, ...] = ()
    perks: tuple[str, ...] = ()  # 权益 that come with the plan and are lost on leaving it
    cancellation: str = ""
    notes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()  # how customers call it

    def on_sale(self, day: date) -> bool:
        return self.on_sale_from <= day and (self.on_sale_until is None or day < self.on_sale_until)


class AddOnKind(Enum):
    DATA = "data"
    SA_DATA = "sa_data"  # 5G 单模: usable on standalone 5G only
    DIRECTED_DATA = "directed_data"
    NIGHT_DATA = "night_data"
    VOICE = "voice"
    SMS = "sms"
    SPEED = "speed"  # 提速 / 解除限速
    SERVICE = "service"  # 彩铃, 来电提醒, video membership …
    SUB_CARD = "sub_card"


@dataclass(frozen=True)
class AddOn:
    """A pack or service on top of a plan (加装包)."""

    id: str
    name: str
    kind: AddOnKind
    price: Money
    monthly: bool  # True: renews each cycle until cancelled; False: once
    on_sale_from: date
    on_sale_until: date | None = None
    data: DataVolume = NO_DATA
    directed_apps: tuple[str, ...] = ()  # of a directed pack
    voice_minutes: int = 0
    sms: int = 0
    validity_days: int | None = None  # None: until the end of the cycle
    hours: tuple[int, int] | None = None  # night packs: from hour, to hour
    rollover: bool = False
    effect: EffectRule = EffectRule.IMMEDIATE
    months: int | None = None  # fixed number of months, None: open-ended
    penalty: PenaltyRule = field(default_factory=PenaltyRule)
    eligibility: Eligibility = field(default_factory=Eligibility)
    area: str = "全国"
    channels: tuple[str, ...] = ()
    provider: str = ""  # third party that earns the fee; empty: the operator itself
    cancellation: str = ""
    notes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    def on_sale(self, day: date) -> bool:
        return self.on_sale_from <= day and (self.on_sale_until is None or day < self.on_sale_until)
