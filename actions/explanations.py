"""Turns the rule behind a bill item into a sentence of the domain, with its figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from actions.base import Turn
from actions.wording import day, price
from botkit.telecom.bill import BillItem
from botkit.telecom.explain import Explanation
from botkit.telecom.plan import DataRate
from botkit.telecom.values import DataVolume, Money


def explanation(turn: Turn, reason: Explanation, item: BillItem) -> str:
    """The sentence `explain_<rule>`; `explain_<rule>_plain` where the facts for the full one are not known."""
    facts = {name: _written(turn, value) for name, value in reason.facts.items()}
    if "days" in facts and item.days:
        facts["days"] = "、".join(day(on) for on in item.days[:3])
        facts["days_count"] = str(len(item.days))
    rate = reason.facts.get("rate")
    if isinstance(rate, DataRate):
        facts["rate"] = rate_sentence(turn, rate)
    name = f"explain_{reason.rule}"
    known = reason.expected is not None
    sentence = turn.text(name if known else f"{name}_plain", **facts)
    if reason.facts.get("times_charged") and int(facts["times_charged"]) > 1:
        sentence += turn.text(
            "explain_times", since=facts.get("since", ""), times=facts["times_charged"], total=facts["charged_so_far"]
        )
    if "days" in reason.facts and reason.rule in ("out_of_plan_data", "wifi_background"):
        sentence += turn.text("explain_days", days=facts["days"])
    return sentence


def rate_sentence(turn: Turn, rate: DataRate) -> str:
    """An out-of-plan data price in words: `5 元/GB` or `0.03 元/MB, 满 5 元封顶到 1 GB`."""
    if rate.per_mb is None:
        words = turn.text("rate_linear", per_gb=price(rate.per_gb))
    else:
        words = turn.text("rate_ladder", per_mb=price(rate.per_mb), per_gb=price(rate.per_gb))
    if rate.cheaper_after is not None and rate.cheaper_per_gb is not None:
        words += turn.text("rate_cheaper", after=price(rate.cheaper_after), per_gb=price(rate.cheaper_per_gb))
    return words


def _written(turn: Turn, value: object) -> str:
    if isinstance(value, (Money, DataVolume)):
        return str(value)
    if isinstance(value, Decimal):
        return price(value)
    if isinstance(value, date):
        return day(value, turn.today)
    return str(value)
