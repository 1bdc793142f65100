"""Turns the rule behind a bill item into sentences, with its figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from actions.base import Turn
from actions.wording import cycle_name, day, price, yuan
from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.customer import Customer
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.explain import WIFI_BACKGROUND, Explanation
from botkit.telecom.plan import DataRate
from botkit.telecom.usage import DayUsage
from botkit.telecom.values import DataVolume, Money

_DAYS = 3
NIGHT_SHARE = Decimal("0.25")
"""Share of a cycle's data used at night from which on it is worth saying."""
_BY_DAY = ("out_of_plan_data", WIFI_BACKGROUND, "roaming")


def explanation(turn: Turn, customer: Customer, reason: Explanation, item: BillItem, cycle: BillingCycle) -> list[str]:
    """The sentence `explain_<rule>` (`_plain` where the facts for the full one are not known), then what goes with it."""
    facts = {name: _written(turn, value) for name, value in reason.facts.items()}
    known = reason.expected is not None
    rule = f"explain_{item.kind.value}"  # what was used on Wi-Fi is charged like any other data
    sentence = turn.text(rule if known else f"{rule}_plain", **facts)
    times = reason.facts.get("times_charged")
    if isinstance(times, int) and times > 1:
        since = facts.get("since", "")
        sentence += turn.text("explain_times", since=since, times=times, total=facts["charged_so_far"])
    if item.days and reason.rule in _BY_DAY:
        sentence += _when(turn, item.days)
    lines = [sentence]
    if reason.rule == WIFI_BACKGROUND:
        usage = turn.operator.daily_usage(customer.id, cycle.start, cycle.end)
        lines += [*at_night(turn, usage), turn.text("explain_wifi")]
    return lines


def _when(turn: Turn, days: Sequence[date]) -> str:
    """On which days it arose, the most expensive of them where there are many; days in a row as a stretch of time."""
    first, last = min(days), max(days)
    if len(days) > 1 and (last - first).days + 1 == len(days):
        words = turn.text("phrase_days", first=day(first, turn.today), last=day(last, turn.today))
    else:
        words = "、".join(day(on, turn.today) for on in sorted(days[:_DAYS]))
        if len(days) > _DAYS:
            return turn.text("explain_days", days=words)
    return turn.text("explain_on_days", days=words)


def at_night(turn: Turn, usage: Sequence[DayUsage]) -> list[str]:
    """How much of the data was used while people sleep, where that is much."""
    night = sum(entry.night_data.mb for entry in usage)
    everything = sum(entry.general_data.mb for entry in usage)
    if not everything or Decimal(night) / everything < NIGHT_SHARE:
        return []
    percent = round(Decimal(100 * night) / everything)
    return [turn.text("usage_at_night", volume=DataVolume(night), percent=percent)]


def after_prorated(turn: Turn, before: Bill) -> list[str]:
    """That the bill before holds only a share of the fee, as in the month in which a customer joined."""
    return [
        turn.text(
            "explain_plan_fee_after_prorated",
            cycle=cycle_name(turn, before.cycle),
            amount=yuan(item.amount),
            since=day(item.since, turn.today),
        )
        for item in before.items
        if item.kind is ItemKind.PLAN_FEE_PRORATED and item.since is not None
    ]


def rate_sentence(turn: Turn, rate: DataRate) -> str:
    """An out-of-plan data price in words: `5 元/GB` or `0.03 元/MB, 满 5 元封顶到 1 GB`."""
    if rate.per_mb is None:
        words = turn.text("rate_linear", per_gb=price(rate.per_gb))
    else:
        words = turn.text("rate_ladder", per_mb=price(rate.per_mb), per_gb=price(rate.per_gb))
    return words + _cheaper(turn, rate)


def rate_per_gb(turn: Turn, rate: DataRate) -> str:
    """The same in short, for volumes of a GB and more: `5 元/GB`."""
    return turn.text("rate_linear", per_gb=price(rate.per_gb)) + _cheaper(turn, rate)


def _cheaper(turn: Turn, rate: DataRate) -> str:
    if rate.cheaper_after is None or rate.cheaper_per_gb is None:
        return ""
    return turn.text("rate_cheaper", after=price(rate.cheaper_after), per_gb=price(rate.cheaper_per_gb))


def _written(turn: Turn, value: object) -> str:
    if isinstance(value, Money):
        return yuan(value)
    if isinstance(value, DataRate):
        return rate_sentence(turn, value)
    if isinstance(value, Decimal):
        return price(value)
    if isinstance(value, date):
        return day(value, turn.today)
    return str(value)
