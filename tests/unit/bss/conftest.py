"""Every test that takes `today` runs on all days on which calendars are known to trip."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from botkit.bss.demo.catalogue import Catalogue, load_catalogue
from botkit.bss.demo.customers import Story, tell_stories
from botkit.bss.demo.scenario import Scenario, load_scenarios

MONTH_STARTS = [date(2028, month, 1) for month in range(1, 13)]  # a leap year
DAYS = sorted(
    {
        date(2026, 11, 22),
        date(2026, 12, 31),
        date(2027, 2, 28),
        date(2027, 3, 1),
        date(2028, 2, 28),
        date(2028, 2, 29),
        date(2028, 6, 15),
        *MONTH_STARTS,
        *(start - timedelta(days=1) for start in MONTH_STARTS),
        *(start + timedelta(days=27) for start in MONTH_STARTS),
        date(2028, 12, 31),
    }
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "today" in metafunc.fixturenames:
        metafunc.parametrize("today", DAYS, ids=str, scope="session")  # so that tests of one day run together


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def scenarios() -> tuple[Scenario, ...]:
    return load_scenarios()


@pytest.fixture(scope="session")
def stories(scenarios: tuple[Scenario, ...], catalogue: Catalogue, today: date) -> Mapping[str, Story]:
    """The demo customers on that day, by id."""
    return {story.customer.id: story for story in tell_stories(scenarios, catalogue, today)}
