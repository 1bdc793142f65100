"""Plans, packs, cycles and the like with everything filled in that a test does not care about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.customer import Contract
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import AddOn, AddOnKind, Allowances, DataRate, OutOfPlanPrices, PenaltyRule, Plan
from botkit.telecom.usage import Bucket, BucketKind, CycleUsage
from botkit.telecom.values import DataVolume, Money

NOVEMBER = BillingCycle(date(2026, 11, 1), date(2026, 11, 30))
LONG_AGO = date(2024, 1, 1)

FIVE_A_GB = DataRate(per_gb=Decimal(5))  # 5 元/GB, 按量折算
BLOCKS_OF_THREE = DataRate(per_gb=Decimal(3), per_mb=Decimal("0.03"))  # 0.03 元/MB, 满 3 元送至 1 GB
LADDER = DataRate(  # 0.03 元/MB, 满 5 元封至 1 GB, 累计 15 元后 3 元/GB
    per_gb=Decimal(5), per_mb=Decimal("0.03"), cheaper_after=Decimal(15), cheaper_per_gb=Decimal(3)
)


def gb(gigabytes: int | str) -> DataVolume:
    return DataVolume.gb(gigabytes)


def prices(
    data: DataRate | None = FIVE_A_GB, voice: str = "0.15", sms: str = "0.1", cap: int | None = 600
) -> OutOfPlanPrices:
    return OutOfPlanPrices(data, Decimal(voice), Decimal(sms), None if cap is None else Money.of(cap))


def plan(
    fee: int | str = 79,
    *,
    general: int | str = 15,
    directed: int | str = 0,
    minutes: int = 300,
    sms: int = 0,
    out_of_plan: OutOfPlanPrices | None = None,
    **fields: Any,
) -> Plan:
    """A plan; `general` and `directed` in GB."""
    defaults: dict[str, Any] = {
        "id": f"P{fee}",
        "name": f"畅选 {fee}",
        "family": "畅选",
        "network": "5G",
        "on_sale_from": LONG_AGO,
    }
    return Plan(
        monthly_fee=Money.of(fee),
        allowances=Allowances(gb(general), gb(directed), voice_minutes=minutes, sms=sms),
        out_of_plan=out_of_plan or prices(),
        **(defaults | fields),
    )


def pack(price: int | str, gigabytes: int | str, **fields: Any) -> AddOn:
    """A pack of general data, paid once."""
    defaults: dict[str, Any] = {
        "id": f"A{price}",
        "name": f"{gigabytes} GB 流量包",
        "kind": AddOnKind.DATA,
        "monthly": False,
        "on_sale_from": LONG_AGO,
        "data": gb(gigabytes),
    }
    return AddOn(price=Money.of(price), **(defaults | fields))


def usage(
    general_mb: int = 0, directed_mb: int = 0, minutes: int = 0, sms: int = 0, cycle: BillingCycle = NOVEMBER
) -> CycleUsage:
    return CycleUsage(cycle, DataVolume(general_mb), DataVolume(directed_mb), minutes, sms)


def bucket(granted: int, used: int = 0, *, kind: BucketKind = BucketKind.GENERAL_DATA, **fields: Any) -> Bucket:
    defaults: dict[str, Any] = {"name": "套餐内", "expires": NOVEMBER.end, "source": "P79"}
    return Bucket(kind=kind, granted=granted, used=used, **(defaults | fields))


def contract(
    penalty: PenaltyRule, *, start: date = date(2025, 12, 1), months: int = 24, commitment: int | str = 79
) -> Contract:
    return Contract("两年合约", start, months, Money.of(commitment), penalty)


def item(kind: ItemKind, yuan: int | str, **fields: Any) -> BillItem:
    defaults: dict[str, Any] = {"id": "1", "kind": kind, "name": "项目", "amount": Money.of(yuan)}
    return BillItem(**(defaults | fields))


def bill(*items: BillItem) -> Bill:
    return Bill(NOVEMBER, items, final=True)
