"""Decides day by day which allowance pays for what was used.

Order: night pack, then the 5G-only pack, then general data; within a kind what expires first is used first: what was
rolled over, then packs, then the plan's own. Directed data beyond its allowance counts as general data. What no
allowance covers is booked on the plan's own, whose `used` then exceeds what it granted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from botkit.bss.demo.traffic import CycleTraffic, DayTraffic
from botkit.telecom.usage import BucketKind, DayUsage
from botkit.telecom.values import DataVolume


@dataclass
class Allowance:
    """Something to draw from during one cycle; units as in `Bucket`."""

    kind: BucketKind
    name: str
    source: str
    granted: int
    usable_from: date
    last_day: date
    of_plan: bool  # granted by the plan, this cycle or the last; not by a pack
    used: int = 0

    def draw(self, amount: int, day: date) -> int:
        """Take what can be given that day, and return the rest."""
        usable = self.usable_from <= day <= self.last_day
        given = min(amount, max(self.granted - self.used, 0)) if usable else 0
        self.used += given
        return amount - given


class Meter:
    """One cycle's allowances, in the order of their use, and what went beyond them: by kind, the amount of each day."""

    def __init__(self, allowances: Sequence[Allowance]) -> None:
        self.allowances = allowances
        self.beyond: defaultdict[BucketKind, dict[date, int]] = defaultdict(dict)

    def of_plan(self, kind: BucketKind) -> list[Allowance]:
        """What the plan itself grants of a kind: what was rolled over, then this cycle's own."""
        return [allowance for allowance in self.allowances if allowance.kind is kind and allowance.of_plan]

    def draw(self, kind: BucketKind, amount: int, day: date) -> int:
        """Take `amount` from the allowances of a kind, and return what none of them covers."""
        for allowance in self.allowances:
            if allowance.kind is kind:
                amount = allowance.draw(amount, day)
        return amount

    @property
    def unused(self) -> DataVolume:
        """What is left of this cycle's own general data, which a plan with rollover carries into the next cycle."""
        own = self.of_plan(BucketKind.GENERAL_DATA)[-1]
        return DataVolume(max(own.granted - own.used, 0))

    def draw_all(self, kind: BucketKind, amount: int, day: date) -> None:
        """Take `amount`, with or without cover."""
        if rest := self.draw(kind, amount, day):
            self.beyond[kind][day] = rest
            self.of_plan(kind)[-1].used += rest


def meter_cycle(meter: Meter, traffic: CycleTraffic, sharers: Iterable[CycleTraffic] = ()) -> list[DayUsage]:
    """Draw a cycle's traffic from its allowances.

    Args:
        sharers: the traffic of sub-cards in the same cycle; they draw on the same general data and minutes.
    """
    shared: defaultdict[date, list[DayTraffic]] = defaultdict(list)
    for sharer in sharers:
        for other in sharer.days:
            shared[other.day].append(other)
    return [_meter_day(meter, day, shared[day.day]) for day in traffic.days]


def _meter_day(meter: Meter, traffic: DayTraffic, shared: Sequence[DayTraffic]) -> DayUsage:
    day = traffic.day
    by_night = meter.draw(BucketKind.NIGHT_DATA, traffic.night, day)
    general = traffic.data - traffic.night + by_night
    on_sa = min(traffic.sa, general)
    general += meter.draw(BucketKind.SA_DATA, on_sa, day) - on_sa
    beyond_directed = meter.draw(BucketKind.DIRECTED_DATA, traffic.directed, day)
    general += beyond_directed
    meter.draw_all(BucketKind.GENERAL_DATA, general + sum(other.data for other in shared), day)
    meter.draw_all(BucketKind.VOICE, traffic.voice + sum(other.voice for other in shared), day)
    meter.draw_all(BucketKind.SMS, traffic.sms, day)
    return DayUsage(
        day=day,
        general_data=DataVolume(general),
        directed_data=DataVolume(traffic.directed - beyond_directed),
        sa_data=DataVolume(traffic.sa),
        night_data=DataVolume(traffic.night),
        voice_minutes=traffic.voice,
        sms=traffic.sms,
    )
