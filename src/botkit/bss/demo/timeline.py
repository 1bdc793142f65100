"""Places a story's days in the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from botkit.bss.demo.scenario import When
from botkit.telecom.cycle import BillingCycle

LAST_BILLING_DAY = 28  # every month has it


@dataclass(frozen=True)
class Timeline:
    """A customer's cycles as seen from `today`."""

    today: date
    billing_day: int

    @classmethod
    def of(cls, today: date, cycle_day: int | None) -> Timeline:
        """A timeline on which today is day `cycle_day` of the running cycle; by calendar month without one.

        Where the cycle would start on the 29th, 30th or 31st it starts on the 28th, and today is up to three days later
        in the cycle.
        """
        if cycle_day is None:
            return cls(today, 1)
        start = today - timedelta(days=cycle_day - 1)
        return cls(today, min(start.day, LAST_BILLING_DAY))

    def cycle(self, index: int) -> BillingCycle:
        """The running cycle for 0, the last complete one for -1."""
        return BillingCycle.containing(self.today, self.billing_day).shifted(index)

    def day(self, when: When) -> date:
        """The date of a story's day.

        Raises:
            ValueError: the cycle has no such day, or the day is still to come.
        """
        if when.fixed is not None:
            return when.fixed
        cycle = self.cycle(when.cycle)
        day = cycle.start + timedelta(days=when.day - 1)
        if day not in cycle or day > self.today:
            raise ValueError(f"{when} is not a past day of a cycle")
        return day
