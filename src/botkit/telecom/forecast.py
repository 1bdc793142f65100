"""Whether an allowance lasts until the end of the cycle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from botkit.telecom.cycle import BillingCycle
from botkit.telecom.usage import Bucket

RECENT_DAYS = 7


@dataclass(frozen=True)
class Forecast:
    """What will have been used of a bucket by the end of the cycle, in the bucket's unit.

    `days_left` are the days after today. `per_day` is the average over `based_on_days` complete days; with none of them
    nothing is known and the forecast is what has been used so far. `runs_out_on` is the first day on which more is used
    than granted (today when nothing is left any more); None when the bucket lasts.
    """

    per_day: Decimal
    based_on_days: int
    days_left: int
    expected_used: int
    overrun: int
    runs_out_on: date | None


def forecast(bucket: Bucket, daily: Sequence[int], cycle: BillingCycle, today: date) -> Forecast:
    """Carry the use of the last days forward to the end of the cycle. For data, voice and messages alike.

    Args:
        bucket: what is granted and used so far, today included; several buckets of a kind go through `pooled` first.
        daily: use on each of the last complete days, oldest first, 0 for days without use; today is incomplete and not
            among them. Days of the last cycle are welcome in a young cycle. The last seven count.
    """
    recent = daily[-RECENT_DAYS:]
    return forecast_at(Fraction(sum(recent), max(len(recent), 1)), len(recent), bucket, cycle, today)


def average_so_far(bucket: Bucket, cycle: BillingCycle, now: datetime) -> tuple[Fraction, int]:
    """Use a day in the running cycle, today's counted as far as it has gone, and the complete days behind it.

    For what is not known by day, such as an allowance that others use too. Before one day is complete nothing is known.
    """
    complete = cycle.days_elapsed(now.date()) - 1
    if complete < 1:
        return Fraction(0), 0
    of_today = Fraction(60 * now.hour + now.minute, 24 * 60)
    return Fraction(bucket.used) / (complete + of_today), complete


def forecast_at(per_day: Fraction, based_on_days: int, bucket: Bucket, cycle: BillingCycle, today: date) -> Forecast:
    """The same for a rate that is known already."""
    days_left = cycle.days_left(today)
    expected_used = bucket.used + floor(per_day * days_left + Fraction(1, 2))
    overrun = max(expected_used - bucket.granted, 0)
    runs_out_on = None
    if overrun:
        days_to_go = floor(bucket.left / per_day) + 1 if bucket.left else 0
        runs_out_on = today + timedelta(days=days_to_go)
    return Forecast(
        per_day=Decimal(per_day.numerator) / per_day.denominator,
        based_on_days=based_on_days,
        days_left=days_left,
        expected_used=expected_used,
        overrun=overrun,
        runs_out_on=runs_out_on,
    )


def pooled(buckets: Sequence[Bucket]) -> Bucket:
    """Several buckets of one kind as one: what they grant and what was used of them together.

    Name and source are those of the first.

    Raises:
        ValueError: no bucket, or buckets of different kinds.
    """
    if len({bucket.kind for bucket in buckets}) != 1:
        raise ValueError("buckets of exactly one kind can be pooled")
    first = buckets[0]
    return Bucket(
        kind=first.kind,
        name=first.name,
        granted=sum(bucket.granted for bucket in buckets),
        used=sum(bucket.used for bucket in buckets),
        expires=max(bucket.expires for bucket in buckets),
        source=first.source,
        rolled_over=sum(bucket.rolled_over for bucket in buckets),
    )
