"""Promises of tickets, their numbers, and what may follow upon what."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from botkit.handoff.hours import ServiceHours, Window
from botkit.handoff.routing import Group
from botkit.handoff.tickets import CALL_BACKS, TicketState, about_to_break, may_follow, number_of, promise

CHINA = ZoneInfo("Asia/Shanghai")
DAY = (Window(time(8), time(12)), Window(time(13), time(22)))
HOURS = ServiceHours(
    {day: DAY for day in range(5)} | {5: DAY[:1]},
    holidays=frozenset({date(2026, 11, 29)}),
    extra={date(2026, 11, 29): (Window(time(14), time(15)),)},
)
NOW = datetime(2026, 11, 22, 6, 5, tzinfo=timezone.utc)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("created", "simple", "promised"),
    [
        (at(23, 14), True, at(23, 14, 30)),  # Monday
        (at(23, 14), False, at(24, 14)),
        (at(23, 11, 50), True, at(23, 13, 20)),  # ten minutes before noon, twenty after
        (at(23, 21, 50), True, at(24, 8, 20)),
        (at(23, 3), True, at(23, 8, 30)),
        (at(23, 23, 5), True, at(24, 8, 30)),
        (at(23, 3), False, at(23, 22)),  # within the day, not at 3 in the night
        (at(23, 23, 5), False, at(24, 22)),
        (at(23, 12, 30), False, at(24, 12)),  # a day later everybody is at lunch
        (at(27, 14), False, at(28, 12)),  # Friday: Saturday's mornings only, still enough time
        (at(27, 21, 50), True, at(28, 8, 20)),
        (at(28, 11, 50), True, at(29, 14, 20)),  # Saturday noon; Sunday is a holiday, open for an hour all the same
        (at(28, 11, 50), False, at(29, 14, 30)),  # so little time in a day is none
        (at(28, 22), False, at(30, 8, 30)),
    ],
)
def test_every_promise_falls_into_service(created: datetime, simple: bool, promised: datetime) -> None:
    assert promise(created, simple, HOURS) == promised
    assert HOURS.within(promised)


def test_over_long_holidays_the_promise_is_for_the_first_half_hour_after_them() -> None:
    hours = ServiceHours(
        {day: DAY for day in range(7)}, holidays=frozenset(date(2026, 11, day) for day in range(23, 30))
    )
    for simple in (True, False):
        assert promise(at(22, 23), simple, hours) == at(30, 8, 30)


def test_without_any_service_the_time_is_counted_as_if_it_always_were() -> None:
    nobody = ServiceHours({})
    assert promise(at(23, 3), True, nobody) == at(23, 3, 30)
    assert promise(at(23, 3), False, nobody) == at(24, 3)


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
