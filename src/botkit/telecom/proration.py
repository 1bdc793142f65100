"""Fees and volumes for part of a cycle (按天折算), as in the month in which a customer joins.

Source of the rule: 首月套餐费按天折算, 四舍五入到分, 资源按天折算, in the operators' public tariff listings.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from botkit.telecom.cycle import BillingCycle
from botkit.telecom.values import DataVolume, Money


def prorated_fee(monthly_fee: Money, cycle: BillingCycle, from_day: date, to_day: date | None = None) -> Money:
    """The share of a monthly fee for the days from `from_day` to `to_day` (the cycle's end), both included.

    Days outside the cycle do not count.
    """
    return Money.of(monthly_fee.yuan * _days(cycle, from_day, to_day) / cycle.days)


def prorated_volume(volume: DataVolume, cycle: BillingCycle, from_day: date, to_day: date | None = None) -> DataVolume:
    """The share of a monthly allowance for those days, half an MB rounded up."""
    share = Decimal(volume.mb * _days(cycle, from_day, to_day)) / cycle.days
    return DataVolume(int(share.to_integral_value(ROUND_HALF_UP)))


def _days(cycle: BillingCycle, from_day: date, to_day: date | None) -> int:
    first = max(from_day, cycle.start)
    last = cycle.end if to_day is None else min(to_day, cycle.end)
    return max((last - first).days + 1, 0)
