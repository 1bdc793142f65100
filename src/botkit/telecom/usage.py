"""What a customer used: by day, by bucket, by cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from botkit.telecom.cycle import BillingCycle
from botkit.telecom.values import NO_DATA, DataVolume


class BucketKind(Enum):
    GENERAL_DATA = "general_data"
    DIRECTED_DATA = "directed_data"
    SA_DATA = "sa_data"
    NIGHT_DATA = "night_data"
    VOICE = "voice"
    SMS = "sms"


@dataclass(frozen=True)
class Bucket:
    """An allowance and what was used of it this cycle. Units: MB for data, minutes, messages."""

    kind: BucketKind
    name: str
    granted: int
    used: int
    expires: date  # last usable day
    source: str  # id of the plan or add-on that grants it
    rolled_over: int = 0  # part of `granted` that came from the last cycle

    @property
    def left(self) -> int:
        return max(self.granted - self.used, 0)


@dataclass(frozen=True)
class DayUsage:
    """One day. `general_data` is everything not taken by directed, SA or night buckets' own traffic."""

    day: date
    general_data: DataVolume = NO_DATA
    directed_data: DataVolume = NO_DATA
    sa_data: DataVolume = NO_DATA  # traffic on standalone 5G, whichever bucket paid for it
    night_data: DataVolume = NO_DATA  # traffic from 23:00 to 7:00, whichever bucket paid for it
    voice_minutes: int = 0
    sms: int = 0


@dataclass(frozen=True)
class CycleUsage:
    """A cycle's totals. `general_data` does not contain `directed_data`."""

    cycle: BillingCycle
    general_data: DataVolume = NO_DATA
    directed_data: DataVolume = NO_DATA
    voice_minutes: int = 0
    sms: int = 0
