from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from botkit.handoff.waiting import ENOUGH, Prospect, prospect

minutes = lambda *values: [timedelta(minutes=value) for value in values]  # noqa: E731
MEASURED = minutes(4, 5, 6, 7, 30)


def test_whoever_finds_a_free_place_does_not_wait() -> None:
    assert prospect(0, MEASURED, places=3, free=1) == Prospect(0, timedelta())
    assert prospect(0, [], places=3, free=1) == Prospect(0, timedelta()), "needs no measurement"


def test_with_all_places_taken_the_median_service_tells() -> None:
    assert prospect(0, MEASURED, places=3, free=0).wait == timedelta(minutes=2)
    assert prospect(2, MEASURED, places=3, free=0).wait == timedelta(minutes=6)


def test_a_wait_is_rounded_up() -> None:
    assert prospect(0, minutes(1, 1, 1, 1, 1), places=4, free=0).wait == timedelta(minutes=1)


def test_without_a_basis_no_figure() -> None:
    assert prospect(1, MEASURED[: ENOUGH - 1], places=3, free=0) == Prospect(1, None)
    assert prospect(1, MEASURED, places=0, free=0) == Prospect(1, None), "nobody is there"


services = st.lists(st.integers(10, 3600).map(lambda seconds: timedelta(seconds=seconds)), min_size=ENOUGH)


@given(st.integers(0, 50), services, st.integers(1, 20))
def test_who_comes_later_waits_no_less(ahead: int, handling: list[timedelta], places: int) -> None:
    sooner, later = (prospect(count, handling, places, free=0).wait for count in (ahead, ahead + 1))
    assert sooner is not None and later is not None and sooner <= later


@given(st.integers(0, 50), services, st.integers(1, 20))
def test_more_places_never_make_it_longer(ahead: int, handling: list[timedelta], places: int) -> None:
    few, many = (prospect(ahead, handling, count, free=0).wait for count in (places, places + 1))
    assert few is not None and many is not None and many <= few
