"""To which skill group a customer goes, and to which of its agents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from botkit.handoff.machine import Reason


class Group(str, Enum):
    """Skill groups of the desk."""

    BILLING = "billing"
    PLANS = "plans"
    TECHNICAL = "technical"
    COMPLAINTS = "complaints"
    GENERAL = "general"


_BY_TOPIC = {
    "balance": Group.BILLING,
    "billing": Group.BILLING,
    "bill": Group.BILLING,
    "usage": Group.BILLING,
    "charge": Group.BILLING,
    "contract": Group.PLANS,
    "plan": Group.PLANS,
    "plans": Group.PLANS,
    "change": Group.PLANS,
    "pack": Group.PLANS,
    "my_plan": Group.PLANS,
    "compare": Group.PLANS,
    "addon": Group.PLANS,
    "orders": Group.PLANS,
    "recommendation": Group.PLANS,
    "cancel": Group.BILLING,
    "5g": Group.TECHNICAL,
    "fiveg": Group.TECHNICAL,
    "network": Group.TECHNICAL,
    "complaint": Group.COMPLAINTS,
}


def group_of(topic: str) -> Group | None:
    """Whose a topic is; None: nobody's in particular."""
    return _BY_TOPIC.get(topic)


def group_for(reason: Reason, topic: str) -> Group:
    """The topic decides; without one, who is upset goes to the group for complaints."""
    if (group := group_of(topic)) is not None:
        return group
    return Group.COMPLAINTS if reason is Reason.FRUSTRATED else Group.GENERAL


@dataclass(frozen=True)
class Desk:
    """An agent as far as routing is concerned. `serving`: how many customers he serves; `limit`: how many he may."""

    agent: int
    groups: frozenset[str]
    serving: int
    limit: int

    @property
    def has_room(self) -> bool:
        return self.serving < self.limit


def choose_agent(desks: Iterable[Desk], group: str, last_agent: int | None = None) -> int | None:
    """Who takes the next customer of a group: the agent of last time if he has room, else the least busy of the group.

    desks: agents who are there now. None when nobody has room.
    """
    free = [desk for desk in desks if desk.has_room]
    if any(desk.agent == last_agent for desk in free):
        return last_agent
    skilled = [desk for desk in free if group in desk.groups]
    return min(skilled, key=lambda desk: (desk.serving / desk.limit, desk.agent)).agent if skilled else None
