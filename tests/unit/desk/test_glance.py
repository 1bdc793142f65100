"""What a row of the lists tells: words that say something, the rule, what wants a look."""

from __future__ import annotations

from datetime import timedelta

import pytest

from botkit.content.texts import Texts
from botkit.desk.view import DeskView
from botkit.handoff.machine import HandOver, Reason
from botkit.store.engine import UnitOfWork
from tests.unit.conversation.fakes import Clock
from tests.unit.desk.floor import Floor


@pytest.fixture
def floor(any_work: UnitOfWork, texts: Texts, clock: Clock) -> Floor:
    return Floor(any_work, texts, clock)


@pytest.fixture
def view(floor: Floor) -> DeskView:
    return DeskView(floor.work, floor.clock, timedelta(minutes=10))


async def test_who_waits_stands_there_with_his_own_words(floor: Floor, view: DeskView) -> None:
    await floor.says("怎么又多扣了我 20 元")
    talk = await floor.waits()  # with 转人工, to which the bot answers
    found = view.item(talk)
    assert found is not None
    assert (found["last"]["author"], found["last"]["text"]) == ("customer", "怎么又多扣了我 20 元")
    lin = floor.agent("lin", "billing")
    floor.service.accept(lin, talk)
    floor.service.say(lin, talk, "message 1", "我来查")
    found = view.item(talk)
    assert found is not None and found["last"]["text"] == "我来查"
    await floor.says("快点")
    found = view.item(talk)
    assert found is not None and found["last"]["text"] == "快点", "to an agent every word counts"
    floor.service.hand_back(lin, talk)
    await floor.says("查余额")
    found = view.item(talk)
    assert found is not None and found["last"]["author"] == "bot", "with the bot, what was said last"


async def test_who_says_nothing_else_stands_there_with_that(floor: Floor, view: DeskView) -> None:
    found = view.item(await floor.waits())
    assert found is not None and found["last"]["text"] == "转人工"


async def test_the_rule_by_which_he_came(floor: Floor, view: DeskView) -> None:
    floor.dialogue.hand_over = HandOver(Reason.TOO_COMPLEX, "complaint", "complaints", "complaint", "要投诉")
    talk = await floor.says("我要投诉")
    found = view.item(talk)
    assert found is not None and found["rule"] == "要投诉"


async def test_served_is_who_has_been_with_a_human(floor: Floor, view: DeskView) -> None:
    talk = await floor.says("查余额")
    found = view.item(talk)
    assert found is not None and not found["served"]
    lin = floor.agent("lin", "billing")
    await floor.waits()
    floor.service.accept(lin, talk)
    floor.service.hand_back(lin, talk)
    found = view.item(talk)
    assert found is not None and found["served"]
    assert [item["id"] for item in view.items(lin, "closed")["items"]] == [talk]


async def test_whom_one_keeps_waiting_wants_a_look(floor: Floor, view: DeskView) -> None:
    lin = floor.agent("lin", "billing")
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    floor.service.read(lin, talk, 2**31 - 1)
    assert view.counts(lin)["unread"] == 0
    floor.clock.forward(minutes=2)
    assert view.counts(lin)["unread"] == 1, "he has seen it, and not answered"
    floor.service.say(lin, talk, "message 1", "我来查")
    assert view.counts(lin)["unread"] == 0
