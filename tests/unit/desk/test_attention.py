"""What wants an agent's look: how a customer came to him, how long the customer waits for a word, how the queue stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from botkit.content.texts import Texts
from botkit.desk.accounts import Agent, Presence
from botkit.desk.view import DeskView
from botkit.store.engine import UnitOfWork
from tests.unit.conversation.fakes import Clock
from tests.unit.desk.floor import Floor


@pytest.fixture
def floor(any_work: UnitOfWork, texts: Texts, clock: Clock) -> Floor:
    return Floor(any_work, texts, clock)


@pytest.fixture
def view(floor: Floor) -> DeskView:
    return DeskView(floor.work, floor.clock, timedelta(minutes=10))


def item(view: DeskView, talk: str) -> dict[str, Any]:
    found = view.item(talk)
    assert found is not None
    return found


def look(floor: Floor, agent: Agent, talk: str) -> None:
    floor.service.read(agent, talk, floor.lines(talk)[-1].seq)


async def test_who_gets_a_customer_sees_from_whom_and_why_until_he_looks(floor: Floor, view: DeskView) -> None:
    lin, chen = floor.agent("lin", "billing"), floor.agent("chen", "plans")
    talk = await floor.waits()
    floor.service.dispatch()
    assert item(view, talk)["given"] == {"why": "queue", "by": None, "note": None}
    look(floor, lin, talk)
    assert item(view, talk)["given"] is None
    floor.service.transfer(lin, talk, "plans", chen.id, "想换套餐")
    assert item(view, talk)["given"] == {"why": "transfer", "by": lin.id, "note": "想换套餐"}
    assert (view.counts(lin)["unread"], view.counts(chen)["unread"]) == (0, 1)
    look(floor, chen, talk)
    assert item(view, talk)["given"] is None and view.counts(chen)["unread"] == 0
    await floor.says("还在吗")
    assert view.counts(chen)["unread"] == 1


async def test_also_by_way_of_a_queue(floor: Floor, view: DeskView) -> None:
    lin, chen = floor.agent("lin", "billing"), floor.agent("chen", "plans")
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    floor.service.transfer(lin, talk, "plans", None, "想换套餐")
    assert item(view, talk)["given"] is None, "nobody has him"
    assert floor.service.dispatch() == [(talk, chen.id)]
    assert item(view, talk)["given"] == {"why": "transfer", "by": lin.id, "note": "想换套餐"}


async def test_who_inherits_and_who_is_told_to_take_over(floor: Floor, view: DeskView) -> None:
    lin = floor.agent("lin", "billing")
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    look(floor, lin, talk)
    floor.accounts.set_presence(lin.id, Presence.OFFLINE)
    floor.service.lose(lin.id)
    chen, wang = floor.agent("chen", "billing"), floor.agent("wang", "plans")
    floor.service.dispatch()
    assert item(view, talk)["given"] == {"why": "lost", "by": lin.id, "note": None}
    floor.service.reassign(chen, talk, wang.id)
    assert item(view, talk)["given"] == {"why": "reassign", "by": chen.id, "note": None}


async def test_who_steps_in_himself_was_not_given_anything(floor: Floor, view: DeskView) -> None:
    lin = floor.agent("lin", "billing")
    talk = await floor.says("查余额")
    floor.service.take_over(lin, talk)
    assert item(view, talk)["given"] is None


async def test_since_when_the_customer_waits_for_a_word(floor: Floor, view: DeskView) -> None:
    lin = floor.agent("lin", "billing")
    talk = await floor.waits()
    assert item(view, talk)["unanswered_since"] is None, "he waits for an agent, not for his word"
    floor.clock.forward(minutes=3)
    floor.service.accept(lin, talk)
    assert item(view, talk)["unanswered_since"] == floor.clock().isoformat()
    floor.clock.forward(minutes=1)
    floor.service.say(lin, talk, "message-1", "您好")
    assert item(view, talk)["unanswered_since"] is None
    await floor.says("怎么多扣了 20 元")
    since = floor.clock().isoformat()
    floor.clock.forward(minutes=2)
    await floor.says("在吗")
    assert item(view, talk)["unanswered_since"] == since, "from his first line on"
    floor.service.close(lin, talk, "好了", "billing", solved=True)
    assert item(view, talk)["unanswered_since"] is None


async def test_clock_and_order_of_the_queue_go_by_the_same_moment(floor: Floor, view: DeskView) -> None:
    """Also for who comes back to it: passed on, or left by his agent."""
    lin = floor.agent("lin", "billing", "plans")
    passed, left, new = [await floor.waits("bill", sender) for sender in ("passed", "left", "new")]
    for talk in (passed, left):
        floor.service.accept(lin, talk)
    floor.clock.forward(minutes=10)
    floor.service.lose(lin.id)
    floor.clock.forward(minutes=1)
    floor.service.accept(lin, passed)
    floor.service.transfer(lin, passed, "plans", None, "想换套餐")
    waiting = view.items(lin, "waiting")["items"]
    assert [one["id"] for one in waiting] == [passed, left, new]
    assert [one["since"] for one in waiting] == sorted(one["since"] for one in waiting)
    assert waiting[0]["waiting_since"] > waiting[1]["waiting_since"], "told beside it"


async def test_how_many_wait_for_each_group(floor: Floor, view: DeskView) -> None:
    lin = floor.agent("lin", "billing")
    for number, topic in enumerate(("bill", "bill", "plan")):
        await floor.waits(topic, f"s{number}")
    assert view.counts(lin)["queues"] == {"billing": 2, "plans": 1}
