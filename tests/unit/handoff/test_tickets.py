"""Promises of tickets, their numbers, and what may follow upon what."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from botkit.handoff.routing import Group
from botkit.handoff.tickets import CALL_BACKS, TicketState, about_to_break, may_follow, number_of, promise

NOW = datetime(2026, 11, 22, 6, 5, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("simple", "opens_in", "hours"),
    [(True, None, 0.5), (False, None, 24), (True, 10, 24), (False, 10, 24), (False, 72, 72.5)],
)
def test_promises_are_counted_from_the_making(simple: bool, opens_in: float | None, hours: float) -> None:
    opens = NOW + timedelta(hours=opens_in) if opens_in is not None else None
    assert promise(NOW, simple, opens) == NOW + timedelta(hours=hours)


def test_a_promise_is_about_to_break_in_its_last_quarter() -> None:
    promised = NOW + timedelta(hours=24)
    assert not about_to_break(NOW, promised, NOW + timedelta(hours=17, minutes=59))
    assert about_to_break(NOW, promised, NOW + timedelta(hours=18))


def test_numbers_can_be_read_aloud() -> None:
    assert number_of(date(2026, 11, 22), 7) == "261122-007"
    assert number_of(date(2026, 1, 2), 1234) == "260102-1234"


def test_what_is_closed_stays_so_and_what_is_done_may_be_taken_up_again() -> None:
    assert not any(may_follow(TicketState.CLOSED, after) for after in TicketState)
    assert may_follow(TicketState.DONE, TicketState.WORKING)
    assert not may_follow(TicketState.WORKING, TicketState.OPEN)


def test_every_group_has_a_department_for_call_backs() -> None:
    assert set(CALL_BACKS) == {group.value for group in Group}
