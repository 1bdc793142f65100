"""What a supervisor sees of ratings: each agent's today, and the customers who were not content."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import update

from botkit.content.texts import Texts
from botkit.desk.accounts import Agent, Role
from botkit.desk.overview import Overview
from botkit.desk.reception import DeskReception
from botkit.desk.tickets import Tickets
from botkit.desk.view import DeskView
from botkit.handoff.hours import ServiceHours, Window
from botkit.store.engine import UnitOfWork
from botkit.store.tables.desk import ServiceRow
from tests.unit.conversation.fakes import Clock
from tests.unit.desk.floor import Floor

HOURS = ServiceHours({day: (Window(time(0), time(23, 59)),) for day in range(7)})
MIDNIGHT = datetime(2026, 11, 22, 16, tzinfo=timezone.utc)  # in China


class Watch(Floor):
    def __init__(self, work: UnitOfWork, texts: Texts, clock: Clock) -> None:
        reception = DeskReception(texts, clock, HOURS, Tickets(work, texts, clock, HOURS, timedelta(hours=1)))
        super().__init__(work, texts, clock, reception)
        self.overview = Overview(work, DeskView(work, clock, timedelta(hours=1)), clock)

    async def ends(
        self, agent: Agent, score: int | None = None, solved: bool | None = None, to: Agent | None = None
    ) -> str:
        """A service from its beginning to what the customer says of it; `to` is who has it at the end."""
        talk = await self.waits()
        self.service.accept(agent, talk)
        last = to or agent
        if to is not None:
            self.service.transfer(agent, talk, "plans", to.id, "换您来")
        self.clock.forward(seconds=1)
        self.service.say(last, talk, f"message-{self.said}", "查到了")
        self.service.close(last, talk, "好了", "charge", solved=True)
        if score is not None:
            await self.says("…", payload=f'/rate{{"score": {score}}}')
        if solved is not None:
            await self.says("…", payload=f'/rate{{"solved": {str(solved).lower()}}}')
        return talk

    def today(self) -> dict[str, tuple[int, int, float | None]]:
        """(closed, ratings, score) by name; the sums under no name."""
        today = self.overview.load([])["today"]
        rows = [*today["agents"], {"name": "", **today["total"]}]
        return {row["name"]: (row["closed"], row["ratings"], row["score"]) for row in rows}

    def unhappy(self) -> list[dict[str, Any]]:
        return list(self.overview.load([])["unhappy"])


@pytest.fixture
def watch(any_work: UnitOfWork, texts: Texts, clock: Clock) -> Watch:
    return Watch(any_work, texts, clock)


async def test_each_agents_services_of_today_and_the_sums(watch: Watch) -> None:
    lin, chen = watch.agent("lin", "billing"), watch.agent("chen", "plans")
    watch.agent("wang", "plans", online=False)
    for score in (5, 4, None):
        await watch.ends(lin, score)
    await watch.ends(chen)
    assert watch.today() == {
        "客服lin": (3, 2, 4.5),
        "客服chen": (1, 0, None),
        "客服wang": (0, 0, None),
        "": (4, 2, 4.5),
    }


async def test_without_agents_there_are_no_figures(watch: Watch) -> None:
    assert watch.today() == {"": (0, 0, None)} and watch.unhappy() == []


@pytest.mark.parametrize(("scores", "mean"), [((5, 4, 4, 4), 4.3), ((5, 5, 4), 4.7), ((1,), 1.0), ((3, 4, 4), 3.7)])
async def test_the_mean_to_a_tenth_the_half_upwards(watch: Watch, scores: tuple[int, ...], mean: float) -> None:
    lin = watch.agent("lin", "billing")
    for score in scores:
        await watch.ends(lin, score)
    assert watch.today()["客服lin"] == (len(scores), len(scores), mean)


async def test_the_day_begins_at_midnight_in_china(watch: Watch) -> None:
    lin = watch.agent("lin", "billing")
    watch.clock.now = MIDNIGHT - timedelta(minutes=1)
    talk = await watch.ends(lin, 5)
    assert watch.today()["客服lin"] == (1, 1, 5.0)
    watch.clock.now = MIDNIGHT
    assert watch.today()["客服lin"] == (0, 0, None)
    with watch.work() as session:
        session.execute(update(ServiceRow).where(ServiceRow.conversation_id == talk).values(closed_at=MIDNIGHT))
    assert watch.today()["客服lin"] == (1, 1, 5.0)


async def test_it_counts_for_who_served_last(watch: Watch) -> None:
    lin, chen = watch.agent("lin", "billing"), watch.agent("chen", "plans")
    await watch.ends(lin, 2, to=chen)
    assert watch.today() == {"客服lin": (0, 0, None), "客服chen": (1, 1, 2.0), "": (1, 1, 2.0)}
    (row,) = watch.unhappy()
    assert (row["agent"], row["group"]) == ("客服chen", "plans")


async def test_who_ended_one_and_has_left_us_since_is_counted(watch: Watch) -> None:
    lin, chen = watch.agent("lin", "billing"), watch.agent("chen", "plans")
    await watch.ends(lin, 1)
    for agent in (lin, chen):
        watch.accounts.change(agent.id, agent.name, Role.AGENT, [], 1, active=False)
    assert watch.today() == {"客服lin": (1, 1, 1.0), "": (1, 1, 1.0)}
    assert [row["agent"] for row in watch.unhappy()] == ["客服lin"]


async def test_whoever_gives_up_waiting_was_served_by_nobody(watch: Watch) -> None:
    watch.agent("lin", "billing")
    await watch.waits()
    await watch.says("继续用机器人", payload="/back_to_bot")
    assert watch.services(await watch.says("查余额"))[0].closed_at is not None
    assert watch.today()[""] == (0, 0, None)


@pytest.mark.parametrize(
    ("score", "solved", "listed"),
    [(1, None, True), (2, True, True), (3, None, False), (3, True, False), (5, False, True), (None, None, False)],
)
async def test_who_counts_as_unhappy(watch: Watch, score: int | None, solved: bool | None, listed: bool) -> None:
    talk = await watch.ends(watch.agent("lin", "billing"), score, solved)
    (service,) = watch.services(talk)
    told = {
        "id": talk,
        "service": service.id,
        "at": service.closed_at.isoformat(),
        "agent": "客服lin",
        "group": "billing",
        "score": score,
        "solved": solved,
    }
    assert watch.unhappy() == ([told] if listed else [])


async def test_the_unhappy_of_seven_days_the_latest_first(watch: Watch) -> None:
    lin = watch.agent("lin", "billing")
    await watch.ends(lin, 1)
    first = watch.clock()
    watch.clock.forward(days=6)
    await watch.ends(lin, 5, solved=False)
    assert [row["score"] for row in watch.unhappy()] == [5, 1]
    watch.clock.now = first + timedelta(days=7)
    assert [row["score"] for row in watch.unhappy()] == [5]


async def test_twenty_of_the_unhappy_are_listed(watch: Watch) -> None:
    lin = watch.agent("lin", "billing")
    for _ in range(21):
        await watch.ends(lin, 1)
    services = [row["service"] for row in watch.unhappy()]
    assert len(services) == 20 and services == sorted(services, reverse=True)
