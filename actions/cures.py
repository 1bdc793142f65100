"""The cheapest way through an overrun, in a sentence and as buttons."""

from __future__ import annotations

from collections import Counter

from actions.base import Turn, Values, button
from actions.explanations import rate_per_gb
from actions.wording import about, yuan
from botkit.content.texts import Button
from botkit.telecom.cure import Cure
from botkit.telecom.plan import Plan
from botkit.telecom.values import total


def cure_sentence(turn: Turn, plan: Plan, cure: Cure) -> str:
    """What the overrun will cost, and which packs make it cheaper."""
    rate = plan.out_of_plan.data
    assert rate is not None, "on plans that slow data down an overrun costs nothing"
    values: Values = {"rate": rate_per_gb(turn, rate), "out_of_plan": about(cure.out_of_plan_cost)}
    if not cure.add_ons:
        return turn.text("usage_cure_none", cost=about(cure.out_of_plan_cost), **values)
    packs = total(pack.price for pack in cure.add_ons)
    counts = Counter(pack.name for pack in cure.add_ons)
    values |= {
        "packs": "、".join(name if count == 1 else f"{name} × {count}" for name, count in counts.items()),
        "price": yuan(packs),
        "rest": about(cure.cost - packs),
        "per_day": yuan(cure.per_day),
        "days": cure.days,
        "saves": about(cure.saves),
    }
    sentence = turn.text("usage_cure_partly" if cure.cost > packs else "usage_cure", **values)
    if any(pack.monthly for pack in cure.add_ons):
        sentence += turn.text("usage_cure_renews")
    return sentence


def pack_buttons(turn: Turn, cure: Cure) -> list[Button]:
    """Each pack of the cure, to be ordered."""
    return [
        button(turn.text("button_add_pack", name=pack.name, price=yuan(pack.price)), "order_addon", add_on=pack.name)
        for pack in dict.fromkeys(cure.add_ons)
    ]
