from __future__ import annotations

from datetime import date
from itertools import combinations_with_replacement
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.telecom.charging import data_charge
from botkit.telecom.cure import Cure, cheapest_cure
from botkit.telecom.plan import AddOn, AddOnKind, EffectRule, Eligibility, PenaltyFamily, PenaltyRule, Plan
from botkit.telecom.values import NO_DATA, ZERO, DataVolume, Money, total

from .builders import BLOCKS_OF_THREE, gb, pack, plan, prices

TODAY = date(2026, 11, 21)
TEN_GB = pack(15, 10)
ONE_GB = pack(3, 1)


def cure(overrun: DataVolume, *packs: AddOn, days_left: int = 9, on: Plan | None = None, **keywords: Any) -> Cure:
    return cheapest_cure(overrun, on or plan(79), packs, days_left, TODAY, **keywords)


def test_a_pack_that_is_cheaper_than_out_of_plan() -> None:
    # 4.4 GB (4506 MB) at 5 元/GB: 4506 × 5 / 1024 = 22.00; the pack costs 15, for 10 days with today 1.50 each
    best = cure(gb("4.4"), TEN_GB)
    assert best.add_ons == (TEN_GB,)
    assert (best.out_of_plan_cost, best.cost, best.saves) == (Money.of(22), Money.of(15), Money.of(7))
    assert (best.days, best.per_day) == (10, Money.of("1.50"))


def test_paying_out_of_plan_when_that_is_cheaper() -> None:
    best = cure(gb(2), TEN_GB)
    assert best.add_ons == ()
    assert (best.uncovered, best.cost, best.saves) == (gb(2), Money.of(10), ZERO)


def test_nothing_is_bought_when_it_saves_nothing() -> None:
    assert cure(gb(3), TEN_GB).add_ons == ()  # 15 either way


def test_some_of_both() -> None:
    # 10.2 GB: a pack of 10 and 0.2 GB (205 MB) out-of-plan, 1.00; a second pack would cost 15
    best = cure(gb("10.2"), TEN_GB)
    assert best.add_ons == (TEN_GB,)
    assert (best.uncovered, best.cost) == (DataVolume(205), Money.of(16))


def test_the_same_pack_several_times() -> None:
    best = cure(gb(4), ONE_GB, TEN_GB)
    assert best.add_ons == (ONE_GB,) * 4  # 12 < 15 < 20


def test_different_packs_together() -> None:
    best = cure(gb(12), ONE_GB, TEN_GB)
    assert sorted(one.id for one in best.add_ons) == ["A15", "A3", "A3"]  # 21, against 30 for two of 10 GB
    assert best.cost == Money.of(21)


def test_one_pack_is_better_than_several_at_the_same_price() -> None:
    assert cure(gb(5), ONE_GB, pack(15, 5, id="five")).add_ons[0].id == "five"


def test_a_pack_paid_once_is_better_than_a_monthly_one_at_the_same_price() -> None:
    monthly = pack(15, 10, id="monthly", monthly=True)
    assert cure(gb(10), monthly, TEN_GB).add_ons == (TEN_GB,)


@pytest.mark.parametrize(
    "useless",
    [
        pack(1, 10, kind=AddOnKind.SA_DATA),
        pack(1, 10, kind=AddOnKind.DIRECTED_DATA),
        pack(1, 10, kind=AddOnKind.NIGHT_DATA),
        pack(1, 0),
        pack(1, 10, on_sale_until=TODAY),
        pack(1, 10, on_sale_from=date(2026, 11, 22)),
        pack(1, 10, effect=EffectRule.NEXT_CYCLE),
        pack(1, 10, validity_days=9),
        pack(1, 10, monthly=True, months=6),
        pack(1, 10, penalty=PenaltyRule(PenaltyFamily.FLAT, amount=Money.of(200))),
        pack(1, 10, eligibility=Eligibility(requires=("new_customer",))),
        pack(1, 10, eligibility=Eligibility(min_age=60)),
    ],
)
def test_packs_that_do_not_help(useless: AddOn) -> None:
    assert cure(gb(10), useless, age=30).add_ons == ()


def test_packs_for_those_who_may_have_them() -> None:
    for_the_elderly = pack(1, 10, eligibility=Eligibility(min_age=60))
    assert cure(gb(10), for_the_elderly, age=60).add_ons == (for_the_elderly,)
    assert cure(gb(10), for_the_elderly).add_ons == ()  # age unknown


def test_a_pack_valid_to_the_end_of_the_cycle_helps() -> None:
    assert cure(gb(10), pack(1, 10, validity_days=10)).add_ons


def test_no_overrun_needs_no_cure() -> None:
    best = cure(NO_DATA, TEN_GB)
    assert (best.add_ons, best.cost, best.per_day) == ((), ZERO, ZERO)


def test_on_the_last_day_the_cost_is_that_of_one_day() -> None:
    assert cure(gb(10), TEN_GB, days_left=0).per_day == Money.of(15)


def test_a_throttled_plan_charges_nothing_to_save() -> None:
    best = cure(gb(100), TEN_GB, on=plan(98, out_of_plan=prices(data=None)))
    assert (best.add_ons, best.cost, best.saves) == ((), ZERO, ZERO)


def test_the_cap_limits_what_out_of_plan_costs() -> None:
    best = cure(gb(200), pack(700, 200), on=plan(79))
    assert (best.add_ons, best.cost) == ((), Money.of(600))


def test_what_is_charged_already_cannot_be_cured() -> None:
    # 4 GB over by the end, 3 of them used and charged: 1 GB to come costs 5, less than the pack
    best = cure(gb(4), TEN_GB, already_over=gb(3))
    assert (best.add_ons, best.out_of_plan_cost, best.cost) == ((), Money.of(5), Money.of(5))


def test_a_block_that_is_paid_for_already_is_free() -> None:
    # 100 MB over have cost the block's 3 yuan; the rest of that GB is free
    best = cure(gb(1), ONE_GB, on=plan(79, out_of_plan=prices(BLOCKS_OF_THREE)), already_over=DataVolume(100))
    assert (best.add_ons, best.cost) == ((), ZERO)


packs = st.builds(pack, st.integers(1, 30), st.sampled_from([1, 2, 3, 5, 10]))


@given(st.integers(0, 8 * 1024), st.lists(packs, max_size=3), st.booleans())
def test_no_combination_is_cheaper(overrun_mb: int, choice: list[AddOn], blocks: bool) -> None:
    on = plan(79, out_of_plan=prices(BLOCKS_OF_THREE) if blocks else prices())
    best = cure(DataVolume(overrun_mb), *choice, on=on)
    assert best.saves >= ZERO
    assert best.cost == min(
        total(one.price for one in bought) + data_charge(on.out_of_plan.data, _left(overrun_mb, bought), None)
        for count in range(9)
        for bought in combinations_with_replacement(choice, count)
    )


def _left(overrun_mb: int, bought: tuple[AddOn, ...]) -> DataVolume:
    return DataVolume(max(overrun_mb - sum(one.data.mb for one in bought), 0))
