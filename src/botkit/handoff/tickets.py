"""Tickets: what a department has to do for a customer, until when, and how far it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from botkit.handoff.routing import Group

SIMPLE, COMPLEX = timedelta(minutes=30), timedelta(hours=24)
"""How long after it was made a ticket is answered at the latest."""

SIMPLE_KINDS: Collection[str] = frozenset({"inquiry"})

CALL_BACKS = {
    Group.BILLING.value: ("billing", "charge"),
    Group.PLANS.value: ("marketing", "plan"),
    Group.TECHNICAL.value: ("network", "network"),
    Group.COMPLAINTS.value: ("service", "service"),
    Group.GENERAL.value: ("service", "inquiry"),
}
"""Department and kind of the ticket that a customer of a group leaves instead of waiting."""


class TicketState(str, Enum):
    OPEN = "open"
    WORKING = "working"
    DONE = "done"
    CLOSED = "closed"


UNDER_WAY = (TicketState.OPEN, TicketState.WORKING)

_AFTER = {
    TicketState.OPEN: frozenset(TicketState),
    TicketState.WORKING: frozenset(TicketState) - {TicketState.OPEN},
    TicketState.DONE: frozenset(TicketState) - {TicketState.OPEN},
    TicketState.CLOSED: frozenset(),
}


@dataclass(frozen=True)
class TicketStatus:
    """A ticket as its customer may know it. `last`: what was said of it last, "" before the first step."""

    number: str
    department: str
    state: TicketState
    created_at: datetime
    promised_at: datetime
    last: str = ""


def may_follow(state: TicketState, after: TicketState) -> bool:
    """Whether a step may lead there: a done one may be taken up again, a closed one may not."""
    return after in _AFTER[state]


def promise(created: datetime, simple: bool, opens: datetime | None = None) -> datetime:
    """Until when it is answered, counted from its making.

    opens: when service begins again, where it was made out of hours. Then nobody can keep the short promise: it is the
    long one, and where even that passes before anybody is there, the short one from then on.
    """
    if opens is None:
        return created + (SIMPLE if simple else COMPLEX)
    return max(created + COMPLEX, opens + SIMPLE)


def about_to_break(created: datetime, promised: datetime, now: datetime) -> bool:
    """Whether three quarters of the time have passed."""
    return now >= promised - (promised - created) / 4


def number_of(day: date, running: int) -> str:
    """`261122-007`: short enough to be read aloud."""
    return f"{day:%y%m%d}-{running:03}"
