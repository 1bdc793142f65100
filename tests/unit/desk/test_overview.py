"""What a supervisor watches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from botkit.content.texts import Texts
from botkit.desk.overview import Overview
from botkit.desk.view import DeskView
from botkit.store.engine import UnitOfWork
from tests.unit.conversation.fakes import Clock
from tests.unit.desk.floor import Floor

GROUPS = ["billing", "plans"]


class Watch(Floor):
    def __init__(self, work: UnitOfWork, texts: Texts, clock: Clock) -> None:
        super().__init__(work, texts, clock)
        self.overview = Overview(work, DeskView(work, clock, timedelta(hours=1)), clock)

    def load(self) -> dict[str, Any]:
        return self.overview.load(GROUPS)


@pytest.fixture
def watch(any_work: UnitOfWork, texts: Texts, clock: Clock) -> Watch:
    return Watch(any_work, texts, clock)


async def test_places_are_counted_in_each_group_and_once_in_the_sum(watch: Watch) -> None:
    lin = watch.agent("lin", "billing", "plans", limit=3)
    watch.agent("chen", "plans", limit=2)
    watch.agent("wang", "plans", limit=9, online=False)
    watch.agent("chief", limit=5)  # of no group: nobody is given to him
    watch.service.accept(lin, await watch.waits("bill"))
    await watch.waits("plan", "second")
    load = watch.load()
    rows = {row["group"]: (row["waiting"], row["serving"], row["free"]) for row in load["groups"]}
    assert rows == {"billing": (0, 1, 2), "plans": (1, 0, 4)}
    assert load["total"] == {"waiting": 1, "serving": 1, "free": 4}


async def test_who_serves_above_his_limit_has_no_place_and_none_is_owed(watch: Watch) -> None:
    lin, chief = watch.agent("lin", "billing", limit=1), watch.agent("chief", online=False)
    for sender in ("first", "second"):
        watch.service.reassign(chief, await watch.waits(sender=sender), lin.id)
    assert watch.load()["total"] == {"waiting": 0, "serving": 2, "free": 0}


async def test_who_waits_stands_there_the_longest_first(watch: Watch) -> None:
    talks = [await watch.waits("bill", "first"), await watch.waits("plan", "second")]
    load = watch.load()
    assert [item["id"] for item in load["waiting"]] == talks and load["late"] == []
    assert [item["group"] for item in load["waiting"]] == ["billing", "plans"]


async def test_replies_that_are_owed_for_two_minutes(watch: Watch) -> None:
    lin, chen = watch.agent("lin", "billing"), watch.agent("chen", "billing")
    talk, other = await watch.waits(sender="first"), await watch.waits(sender="second")
    watch.service.accept(lin, talk)
    watch.service.accept(chen, other)
    for agent, to in ((lin, talk), (chen, other)):
        watch.clock.forward(seconds=1)
        watch.service.say(agent, to, f"message-{agent.id}", "您好")
    assert [agent["unanswered"] for agent in watch.load()["agents"]] == [None, None]
    await watch.says("在吗", "first")
    since = watch.clock().isoformat()
    await watch.says("怎么不说话", "first")
    load = watch.load()
    assert load["late"] == [], "he has two minutes"
    assert [agent["unanswered"] for agent in load["agents"]] == [since, None]
    watch.clock.forward(minutes=2)
    (late,) = watch.load()["late"]
    assert (late["id"], late["agent"], late["unanswered"]) == (talk, lin.id, since)
    watch.service.say(lin, talk, "message-later", "在的")
    assert watch.load()["late"] == []
