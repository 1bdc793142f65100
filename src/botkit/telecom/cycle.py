"""Billing cycles. Most customers are billed by calendar month, some from another day (账期日)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class BillingCycle:
    """One cycle, both days included."""

    start: date
    end: date

    @classmethod
    def containing(cls, day: date, billing_day: int) -> BillingCycle:
        """The cycle that `day` falls in, for cycles starting on `billing_day` (1 to 28) of each month."""
        if not 1 <= billing_day <= 28:
            raise ValueError("billing_day must be from 1 to 28, so that every month has it")
        start = day.replace(day=billing_day)
        if start > day:
            start = _months_later(start, -1)
        return cls(start, _months_later(start, 1) - timedelta(days=1))

    def shifted(self, cycles: int) -> BillingCycle:
        """The cycle that many cycles later; negative for earlier ones."""
        start = _months_later(self.start, cycles)
        return BillingCycle(start, _months_later(start, 1) - timedelta(days=1))

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def is_calendar_month(self) -> bool:
        return self.start.day == 1

    def days_elapsed(self, today: date) -> int:
        """Days from the start up to and including today."""
        return (min(today, self.end) - self.start).days + 1

    def days_left(self, today: date) -> int:
        """Days after today until the cycle ends; 0 on the last day."""
        return max((self.end - today).days, 0)


def _months_later(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return day.replace(year=index // 12, month=index % 12 + 1)


def add_months(day: date, months: int) -> date:
    """`day` that many months later; the last day of the month where that day does not exist."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (first_of_next - timedelta(days=1)).day))
