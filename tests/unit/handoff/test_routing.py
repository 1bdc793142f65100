from __future__ import annotations

import pytest

from botkit.handoff.machine import Reason
from botkit.handoff.routing import Desk, Group, choose_agent, group_for


@pytest.mark.parametrize(
    ("reason", "topic", "group"),
    [
        (Reason.ASKED, "bill", Group.BILLING),
        (Reason.FRUSTRATED, "bill", Group.BILLING),
        (Reason.TOO_COMPLEX, "complaint", Group.COMPLAINTS),
        (Reason.FRUSTRATED, "", Group.COMPLAINTS),
        (Reason.MISUNDERSTOOD, "", Group.GENERAL),
        (Reason.ASKED, "something new", Group.GENERAL),
    ],
)
def test_the_topic_decides_about_the_group(reason: Reason, topic: str, group: Group) -> None:
    assert group_for(reason, topic) is group


def desk(agent: int, *groups: str, serving: int = 0, limit: int = 3) -> Desk:
    return Desk(agent, frozenset(groups), serving, limit)


def test_the_agent_of_last_time_comes_first_whatever_his_group() -> None:
    assert choose_agent([desk(1, "billing"), desk(2, "plans", serving=2)], "billing", last_agent=2) == 2


def test_nobody_gets_more_than_his_limit() -> None:
    desks = [desk(1, "billing", serving=3), desk(2, "billing", serving=2)]
    assert choose_agent(desks, "billing", last_agent=1) == 2
    assert choose_agent(desks[:1], "billing", last_agent=1) is None


def test_the_least_busy_of_the_group_takes_the_next() -> None:
    desks = [desk(1, "billing", serving=2, limit=4), desk(2, "billing", serving=1, limit=4), desk(3, "plans")]
    assert choose_agent(desks, "billing") == 2


def test_nobody_of_the_group_is_there() -> None:
    assert choose_agent([desk(3, "plans")], "billing") is None
    assert choose_agent([], "billing", last_agent=1) is None
