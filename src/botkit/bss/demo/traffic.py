"""Spreads a story's totals over its days: weekdays and weekends, uneven as life is, yet the same at every run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zlib import crc32

from botkit.bss.demo.scenario import Scenario, Totals
from botkit.bss.demo.timeline import Timeline
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.values import NO_DATA, DataVolume

SATURDAY = 5


@dataclass(frozen=True)
class DayTraffic:
    """One day's use, before anybody asked which allowance pays. `sa` and `night` (MB) are parts of `data`."""

    day: date
    data: int
    sa: int
    night: int
    directed: int
    voice: int
    sms: int


@dataclass(frozen=True)
class CycleTraffic:
    """A cycle's days, without those before the customer joined, after he fell silent, or still to come."""

    cycle: BillingCycle
    days: tuple[DayTraffic, ...]


def traffic_of(scenario: Scenario, timeline: Timeline) -> tuple[CycleTraffic, ...]:
    """All cycles that the scenario tells, oldest first, the running one last."""
    past = len(scenario.cycles)
    told = [_cycle_traffic(scenario, timeline, index - past, totals) for index, totals in enumerate(scenario.cycles)]
    return (*told, _cycle_traffic(scenario, timeline, 0, _running_totals(scenario, timeline)))


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts proportional to `weights`; the parts add up to it exactly."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def _running_totals(scenario: Scenario, timeline: Timeline) -> Totals:
    """What was used so far; at a pace, today counts as half a day."""
    pace, cycle = scenario.running, timeline.cycle(0)
    if scenario.cycle_day is not None:
        return pace
    halves, of_halves = 2 * cycle.days_elapsed(timeline.today) - 1, 2 * cycle.days
    return Totals(
        data=DataVolume(pace.data.mb * halves // of_halves),
        voice=pace.voice * halves // of_halves,
        sms=pace.sms * halves // of_halves,
        directed=DataVolume(pace.directed.mb * halves // of_halves),
    )


def _cycle_traffic(scenario: Scenario, timeline: Timeline, index: int, totals: Totals) -> CycleTraffic:
    cycle = timeline.cycle(index)
    days = _active_days(scenario, timeline, cycle)
    peaks = {timeline.day(peak.at): peak.data.mb for peak in scenario.habits.peaks if peak.at.cycle == index}
    everyday = replace(totals, data=totals.data - DataVolume(sum(peaks.values())))
    if everyday.data < NO_DATA:
        raise ValueError(f"{scenario.id}: the peaks of cycle {index} are more than its total")
    columns = [
        spread(amount, [_weight(scenario, timeline, kind, day) for day in days])
        for kind, amount in (
            ("data", everyday.data.mb),
            ("directed", everyday.directed.mb),
            ("voice", everyday.voice),
            ("sms", everyday.sms),
        )
    ]
    return CycleTraffic(
        cycle,
        tuple(
            _day_traffic(scenario, day, data + peaks.get(day, 0), directed, voice, sms)
            for day, data, directed, voice, sms in zip(days, *columns, strict=True)
        ),
    )


def _active_days(scenario: Scenario, timeline: Timeline, cycle: BillingCycle) -> list[date]:
    first = max(cycle.start, timeline.day(scenario.joined))
    last = min(cycle.end, timeline.today)
    if scenario.habits.silent_after is not None:
        last = min(last, timeline.day(scenario.habits.silent_after))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _weight(scenario: Scenario, timeline: Timeline, kind: str, day: date) -> int:
    wobble = 75 + crc32(f"{scenario.id} {kind} {day}".encode()) % 51  # 75 to 125 percent
    weekday = scenario.habits.weekend if day.weekday() >= SATURDAY else 100
    return wobble * weekday * (1 if day == timeline.today else 2)


def _day_traffic(scenario: Scenario, day: date, data: int, directed: int, voice: int, sms: int) -> DayTraffic:
    habits = scenario.habits
    return DayTraffic(day, data, data * habits.sa // 100, data * habits.night // 100, directed, voice, sms)
