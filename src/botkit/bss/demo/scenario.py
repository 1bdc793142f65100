"""What a demo customer's story consists of, as written in `scenarios/*.yaml`.

Days are told from the story's point of view (`When`), so that the demo is alive on any day. Nothing is random.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from botkit.bss.demo.reading import MalformedData, load, read
from botkit.telecom.customer import LineStatus
from botkit.telecom.plan import PenaltyRule
from botkit.telecom.values import NO_DATA, ZERO, DataVolume, Money

SCENARIOS = Path(__file__).with_name("scenarios")
LATEST_CYCLE_DAY = 25


@dataclass(frozen=True)
class When:
    """A day: the `day`-th (from 1) of cycle `cycle` (0: running, -1: the last one), or the date `fixed`."""

    cycle: int = 0
    day: int = 1
    fixed: date | None = None


@dataclass(frozen=True)
class Totals:
    """Use of a cycle. `data` is all traffic but that in the apps of a directed allowance."""

    data: DataVolume
    voice: int = 0
    sms: int = 0
    directed: DataVolume = NO_DATA


@dataclass(frozen=True)
class Peak:
    """A day on which `data` of its cycle's total was used."""

    at: When
    data: DataVolume


@dataclass(frozen=True)
class Habits:
    """How a cycle's use spreads over its days. Percentages of `data`, and of a weekday's use."""

    weekend: int = 130  # a Saturday's or Sunday's use in percent of a weekday's
    sa: int = 0  # percent that runs on standalone 5G
    night: int = 5  # percent from 23:00 to 7:00
    peaks: tuple[Peak, ...] = ()
    silent_after: When | None = None  # no use at all after that day


@dataclass(frozen=True)
class HeldAddOn:
    product: str  # the name in the catalogue
    since: When


@dataclass(frozen=True)
class Roaming:
    """Days abroad, each charged with the day pack `product`."""

    product: str
    cycle: int
    days: tuple[int, ...]


@dataclass(frozen=True)
class HeldContract:
    """`discount` is granted on each bill while the contract runs."""

    name: str
    start: When
    months: int
    monthly_commitment: Money
    penalty: PenaltyRule
    discount: Money = ZERO


@dataclass(frozen=True)
class Recharging:
    """`opening` is what the account held before the first cycle; then `amount` whenever a bill would not be covered."""

    opening: Money
    amount: Money
    stopped_after_cycle: int | None = None  # no recharge in later cycles
    frozen: Money = ZERO
    credit_limit: Money = ZERO


@dataclass(frozen=True)
class SeenDevice:
    brand: str
    model: str  # without the brand
    seen_days_ago: int = 0


@dataclass(frozen=True)
class PendingChange:
    """A change of plan that was ordered and takes effect at the next cycle."""

    product: str
    ordered: When


@dataclass(frozen=True)
class Scenario:
    """One customer.

    `cycles` are the past cycles told, oldest first. With `cycle_day` the billing day is chosen so that today is that
    day of the running cycle, and `running` is what was used so far. Without it the customer is billed by calendar
    month, and `running` is the pace: what the whole month would come to.
    """

    id: str
    phone: str
    name: str
    age: int
    shows: str
    plan: str
    joined: When
    plan_since: When
    cycles: tuple[Totals, ...]
    running: Totals
    recharging: Recharging
    cycle_day: int | None = None
    status: LineStatus = LineStatus.ACTIVE
    language_simple: bool = False
    family: str | None = None
    habits: Habits = field(default_factory=Habits)
    add_ons: tuple[HeldAddOn, ...] = ()
    roaming: tuple[Roaming, ...] = ()
    contract: HeldContract | None = None
    device: SeenDevice | None = None
    pending: PendingChange | None = None

    def __post_init__(self) -> None:
        if self.cycle_day is not None and not 1 <= self.cycle_day <= LATEST_CYCLE_DAY:
            raise MalformedData(self.id, f"cycle_day must be from 1 to {LATEST_CYCLE_DAY}")


def load_scenarios(folder: Path = SCENARIOS) -> tuple[Scenario, ...]:
    """All customers in the folder's YAML files, by id.

    Raises:
        MalformedData: a file has a mistake, or two customers share an id or a number.
    """
    scenarios = [
        read(Scenario, entry, f"{path.name}[{index}]")
        for path in sorted(folder.glob("*.yaml"))
        for index, entry in enumerate(load(path))
    ]
    for values in ([s.id for s in scenarios], [s.phone for s in scenarios]):
        if repeated := {value for value in values if values.count(value) > 1}:
            raise MalformedData(folder.name, f"used twice: {', '.join(sorted(repeated))}")
    return tuple(sorted(scenarios, key=lambda scenario: scenario.id))
