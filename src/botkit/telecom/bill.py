"""Bills with their items, and the rule that each item comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from botkit.telecom.cycle import BillingCycle
from botkit.telecom.values import Money, total


class ItemKind(Enum):
    """Why an item is on a bill; each kind has one explanation, see `explain.py`."""

    PLAN_FEE = "plan_fee"
    PLAN_FEE_PRORATED = "plan_fee_prorated"
    ADD_ON = "add_on"
    OUT_OF_PLAN_DATA = "out_of_plan_data"
    OUT_OF_PLAN_VOICE = "out_of_plan_voice"
    OUT_OF_PLAN_SMS = "out_of_plan_sms"
    THIRD_PARTY = "third_party"
    SERVICE = "service"
    ROAMING = "roaming"
    PENALTY = "penalty"
    MINIMUM_TOP_UP = "minimum_top_up"
    DISCOUNT = "discount"


@dataclass(frozen=True)
class BillItem:
    """One line. `amount` is negative for a discount.

    `quantity` is in the kind's unit: MB, minutes or messages beyond the plan; days of a prorated fee (from `since` to
    the end of the cycle) and of roaming; for packs and services how often they were charged, once when None.
    """

    id: str
    kind: ItemKind
    name: str
    amount: Money
    quantity: int | None = None
    since: date | None = None  # when the service was taken up, for items that recur
    days: tuple[
        date, ...
    ] = ()  # the days on which it arose, most expensive first; a penalty: the day the contract ended
    source: str = ""  # id of plan or add-on
    provider: str = ""  # third party that earns the fee
    times_charged: int | None = None


@dataclass(frozen=True)
class Bill:
    """One cycle's bill. `final` is False for the running cycle."""

    cycle: BillingCycle
    items: tuple[BillItem, ...]
    final: bool

    @property
    def amount(self) -> Money:
        return total(item.amount for item in self.items)
