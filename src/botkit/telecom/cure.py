"""The cheapest way through an overrun of general data: packs, out-of-plan charges, or some of both."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from botkit.telecom.charging import data_charge
from botkit.telecom.eligibility import is_eligible
from botkit.telecom.plan import AddOn, AddOnKind, EffectRule, PenaltyFamily, Plan
from botkit.telecom.values import NO_DATA, ZERO, DataVolume, Money


@dataclass(frozen=True)
class Cure:
    """The cheapest packs against an overrun; none when paying out-of-plan is as cheap.

    `cost` is the price of the packs and the out-of-plan charge for the `uncovered` rest. `out_of_plan_cost` is what the
    overrun costs without packs, and `saves` the difference (at least 0). `per_day` is the cost spread over `days`, the
    days left with today. A pack that renews each month has `monthly` set: say so before it is ordered.
    """

    add_ons: tuple[AddOn, ...]
    uncovered: DataVolume
    cost: Money
    out_of_plan_cost: Money
    days: int
    per_day: Money
    saves: Money


def cheapest_cure(
    overrun: DataVolume,
    plan: Plan,
    add_ons: Sequence[AddOn],
    days_left: int,
    today: date,
    *,
    already_over: DataVolume = NO_DATA,
    age: int | None = None,
    fulfils: Collection[str] = (),
) -> Cure:
    """The cheapest combination of general-data packs for an overrun, each taken as often as needed.

    Packs count when they are on sale, open to the customer, usable at once and until the end of the cycle, and bind to
    nothing. On plans that slow data down instead of charging it nothing is the cheapest.

    Args:
        overrun: the volume expected beyond the allowance by the end of the cycle.
        days_left: days after today until the end of the cycle, as in `Forecast`.
        already_over: the part of the overrun that is used and charged already, which no pack can undo.
        age: the customer's; None leaves out packs with an age limit.
        fulfils: requirements that the customer meets, see `is_eligible`.
    """
    days = days_left + 1
    packs = [
        add_on
        for add_on in add_ons
        if _helps(add_on, days, today) and is_eligible(add_on.eligibility, age=age, fulfils=fulfils)
    ]
    rate, cap = plan.out_of_plan.data, plan.out_of_plan.data_cap
    charged_already = data_charge(rate, already_over, cap)

    def out_of_plan(more: int) -> Money:
        return data_charge(rate, already_over + DataVolume(more), cap) - charged_already

    to_cover = max(overrun.mb - already_over.mb, 0)
    out_of_plan_cost = out_of_plan(to_cover)
    choices = {
        uncovered: choice.dearer_by(out_of_plan(uncovered))
        for uncovered, choice in _cheapest_by_rest(to_cover, packs, limit=out_of_plan_cost).items()
    }
    uncovered = min(choices, key=lambda rest: choices[rest].rank)
    best = choices[uncovered]
    return Cure(
        add_ons=best.packs,
        uncovered=DataVolume(uncovered),
        cost=best.cost,
        out_of_plan_cost=out_of_plan_cost,
        days=days,
        per_day=Money.of(best.cost.yuan / days),
        saves=out_of_plan_cost - best.cost,
    )


@dataclass(frozen=True)
class _Choice:
    """Packs and what they cost."""

    cost: Money
    packs: tuple[AddOn, ...]

    def with_pack(self, pack: AddOn) -> _Choice:
        return _Choice(self.cost + pack.price, (*self.packs, pack))

    def dearer_by(self, amount: Money) -> _Choice:
        return _Choice(self.cost + amount, self.packs)

    @property
    def rank(self) -> tuple[Money, int, int]:
        """The cheapest first; then few packs rather than many, and those paid once rather than each month."""
        return self.cost, len(self.packs), sum(pack.monthly for pack in self.packs)


def _helps(pack: AddOn, days: int, today: date) -> bool:
    return (
        pack.kind is AddOnKind.DATA
        and pack.data > NO_DATA
        and pack.on_sale(today)
        and pack.effect is EffectRule.IMMEDIATE
        and (pack.validity_days is None or pack.validity_days >= days)
        and pack.months is None
        and pack.penalty.family is PenaltyFamily.NONE
    )


def _cheapest_by_rest(to_cover: int, packs: Sequence[AddOn], limit: Money) -> dict[int, _Choice]:
    """For each volume (MB) that packs can leave uncovered, the best packs that leave it; none dearer than `limit`.

    Volumes are visited from large to small, so that a volume's packs are settled before others build on them.
    """
    best = {to_cover: _Choice(ZERO, ())}
    to_visit = [-to_cover]
    while to_visit:
        rest = -heapq.heappop(to_visit)
        if rest == 0:
            break
        for pack in packs:
            left, choice = max(rest - pack.data.mb, 0), best[rest].with_pack(pack)
            if choice.cost > limit:
                continue
            if left not in best:
                heapq.heappush(to_visit, -left)
            if left not in best or choice.rank < best[left].rank:
                best[left] = choice
    return best
