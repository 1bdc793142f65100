from __future__ import annotations

from dataclasses import replace
from datetime import date

from botkit.telecom.plan import Eligibility
from botkit.telecom.stated_need import plans_for_use
from botkit.telecom.values import Money

from .builders import plan, usage

GB = 1024
TODAY = date(2026, 11, 20)
P59, P79, P99 = plan(59, general=10, minutes=200), plan(79, general=15), plan(99, general=20, minutes=400)


def names(**changes: object) -> list[str]:
    use = {"general_mb": 12 * GB, "minutes": 100} | changes
    return [one.plan.id for one in plans_for_use(usage(**use), [P99, P79, P59], age=None, today=TODAY)]  # type: ignore[arg-type]


def test_the_cheapest_for_what_was_told() -> None:
    """12 GB on 59: 2 GB beyond, 10 yuan, and still less than 79."""
    assert names() == ["P59", "P79", "P99"]
    assert names(general_mb=15 * GB) == ["P79", "P59", "P99"]  # 59 + 25 = 84
    found = plans_for_use(usage(12 * GB, minutes=100), [P59], age=None, today=TODAY)
    assert found[0].cost.total == Money.of(69)


def test_minutes_count_too() -> None:
    assert names(minutes=400) == ["P79", "P99", "P59"]  # 79 + 15, 99, 59 + 10 + 30


def test_of_equal_cost_the_one_that_is_enough() -> None:
    assert names(general_mb=14 * GB) == ["P79", "P59", "P99"]  # 79 either way


def test_plans_for_some_are_for_those_known_to_be() -> None:
    young = replace(P59, eligibility=Eligibility(max_age=28))
    use = usage(GB)
    assert plans_for_use(use, [young], age=None, today=TODAY) == ()
    assert plans_for_use(use, [young], age=27, today=TODAY) != ()
    assert plans_for_use(use, [replace(P59, on_sale_until=TODAY)], age=27, today=TODAY) == ()
