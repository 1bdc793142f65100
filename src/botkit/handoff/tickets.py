"""Tickets: what a department has to do for a customer, until when, and how far it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from botkit.handoff.hours import ServiceHours
from botkit.handoff.routing import Group

SIMPLE, COMPLEX = timedelta(minutes=30), timedelta(hours=24)
"""How long after it was made a ticket is answered at the latest."""

ENOUGH = timedelta(hours=4)
"""So much time of service a department needs at least for what is not simple."""

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


def promise(created: datetime, simple: bool, hours: ServiceHours) -> datetime:
    """Until when it is answered: always at a time of service. Times are those of the place.

    A simple one has its half hour of service time, however long nobody is there in between. A complex one is answered
    within a day, at the end of the last service in it, if that leaves enough time; else in the first half hour of service
    after it. Where no service is known at all, the time is counted as if it always were.
    """
    if simple:
        return hours.after(created, SIMPLE) or created + SIMPLE
    in_a_day = created + COMPLEX
    served = hours.between(created, in_a_day)
    if hours.within(in_a_day) and served >= SIMPLE:
        return in_a_day
    if served >= ENOUGH:
        return hours.after(created, served) or in_a_day
    return hours.after(in_a_day, SIMPLE) or in_a_day


def about_to_break(created: datetime, promised: datetime, now: datetime) -> bool:
    """Whether three quarters of the time have passed."""
    return now >= promised - (promised - created) / 4


def number_of(day: date, running: int) -> str:
    """`261122-007`: short enough to be read aloud."""
    return f"{day:%y%m%d}-{running:03}"
