"""A second opinion on what a plan costs, written apart from the rules and in another way.

It walks through the usage one megabyte, one minute, one message at a time and counts in whole `GRAIN`s of a yuan, so
that no rounding can creep in. It shares the types with the rules, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from botkit.telecom.plan import Plan
from botkit.telecom.usage import CycleUsage

GRAIN = Fraction(
    1, 1024 * 100_000
)  # of a yuan; prices of up to five decimals, also per GB spread over its MB, are whole


def naive_cycle_total(plan: Plan, usage: CycleUsage, rolled_over_mb: int = 0) -> Fraction:
    """What the cycle costs in yuan, each part of it rounded half up to the fen."""
    over_mb, _ = _walk_data(plan, usage, rolled_over_mb)
    parts = [
        Fraction(plan.monthly_fee.yuan),
        _data(plan, over_mb),
        _each(usage.voice_minutes, plan.allowances.voice_minutes, plan.out_of_plan.voice_per_minute),
        _each(usage.sms, plan.allowances.sms, plan.out_of_plan.sms_each),
    ]
    return sum((_to_fen(part) for part in parts), Fraction(0))


def naive_totals(plan: Plan, usages: Sequence[CycleUsage]) -> list[Fraction]:
    """What consecutive cycles cost, each handing its unused data to the next."""
    totals = []
    rolled_over_mb = 0
    for usage in usages:
        totals.append(naive_cycle_total(plan, usage, rolled_over_mb))
        _, unused = _walk_data(plan, usage, rolled_over_mb)
        rolled_over_mb = unused if plan.rollover else 0
    return totals


def naive_delta(a: Plan, b: Plan) -> dict[str, Fraction | int | None]:
    """What `b` has more or less than `a`: yuan, MB, minutes, messages, months; the keys of `PlanComparison`."""
    charged = a.out_of_plan.data is not None and b.out_of_plan.data is not None
    here, there = _sheet(a), _sheet(b)
    delta: dict[str, Fraction | int | None] = {key: there[key] - here[key] for key in here}
    if not charged:
        delta["data_per_gb"] = None
    return delta


def _sheet(plan: Plan) -> dict[str, Fraction | int]:
    rate = plan.out_of_plan.data
    return {
        "monthly_fee": Fraction(plan.monthly_fee.yuan),
        "general_data": plan.allowances.general_data.mb,
        "directed_data": plan.allowances.directed_data.mb,
        "voice_minutes": plan.allowances.voice_minutes,
        "sms": plan.allowances.sms,
        "data_per_gb": Fraction(rate.per_gb) if rate else Fraction(0),
        "voice_per_minute": Fraction(plan.out_of_plan.voice_per_minute),
        "sms_each": Fraction(plan.out_of_plan.sms_each),
        "contract_months": plan.contract_months,
    }


def _walk_data(plan: Plan, usage: CycleUsage, rolled_over_mb: int) -> tuple[int, int]:
    """(MB beyond every allowance, MB of the cycle's own general allowance left)."""
    purses = {
        "directed": plan.allowances.directed_data.mb,
        "old": rolled_over_mb,
        "own": plan.allowances.general_data.mb,
    }
    over = 0
    for mb in range(usage.directed_data.mb + usage.general_data.mb):
        order = ["directed", "old", "own"] if mb < usage.directed_data.mb else ["old", "own"]
        for purse in order:
            if purses[purse]:
                purses[purse] -= 1
                break
        else:
            over += 1
    return over, purses["own"]


def _data(plan: Plan, over_mb: int) -> Fraction:
    rate, cap = plan.out_of_plan.data, plan.out_of_plan.data_cap
    if rate is None:
        return Fraction(0)
    dear = cheap = _grains(rate.per_gb)
    threshold = 0
    if rate.cheaper_after is not None and rate.cheaper_per_gb is not None:
        cheap, threshold = _grains(rate.cheaper_per_gb), _grains(rate.cheaper_after)
    fixed_step = None if rate.per_mb is None else _grains(rate.per_mb)
    spent = still_to_pay_in_block = step = 0
    for mb in range(over_mb):
        if mb % 1024 == 0:
            block = dear if spent < threshold else cheap
            still_to_pay_in_block, step = block, block // 1024 if fixed_step is None else fixed_step
        paid = min(step, still_to_pay_in_block)
        still_to_pay_in_block -= paid
        spent += paid
    yuan = spent * GRAIN
    return yuan if cap is None else min(yuan, Fraction(cap.yuan))


def _each(used: int, included: int, price: Decimal) -> Fraction:
    grains = 0
    step = _grains(price)
    for number in range(1, used + 1):
        if number > included:
            grains += step
    return grains * GRAIN


def _grains(yuan: Decimal) -> int:
    grains = Fraction(yuan) / GRAIN
    assert grains.denominator == 1, f"{yuan} is no whole number of grains"
    return grains.numerator


def _to_fen(yuan: Fraction) -> Fraction:
    fen, rest = divmod(yuan * 100, 1)
    return Fraction(int(fen) + (1 if rest * 2 >= 1 else 0), 100)
