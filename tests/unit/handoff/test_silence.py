from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from botkit.handoff.silence import Due, Patience, Talk, due

START = datetime(2026, 11, 22, 9, tzinfo=timezone.utc)
PATIENCE = Patience(
    remind_after=timedelta(minutes=5), close_after=timedelta(minutes=3), soothe_after=timedelta(minutes=2)
)


def at(minutes: float | None) -> datetime | None:
    return None if minutes is None else START + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("customer", "agent", "reminded", "soothed", "now", "what"),
    [
        (0, 1, None, None, 5.9, None),
        (0, 1, None, None, 6, Due.REMIND_CUSTOMER),
        (0, 1, 6, None, 8.9, None),  # reminded once
        (0, 1, 6, None, 9, Due.CLOSE),
        (7, 1, 6, None, 8, None),  # he has written: his patience counts now
        (7, 8, 6, None, 13, Due.REMIND_CUSTOMER),  # a new silence, a new reminder
        (7, 1, 6, None, 9, Due.SOOTHE_CUSTOMER),
        (7, 1, 6, 9, 30, None),  # soothed once
        (None, 1, None, None, 6, Due.REMIND_CUSTOMER),  # an agent who came unasked
        (None, None, None, None, 60, None),
    ],
)
def test_each_thing_once_for_each_silence(
    customer: float | None,
    agent: float | None,
    reminded: float | None,
    soothed: float | None,
    now: float,
    what: Due | None,
) -> None:
    moment = at(now)
    assert moment is not None
    assert due(Talk(at(customer), at(agent), at(reminded), at(soothed)), moment, PATIENCE) is what
