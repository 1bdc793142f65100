"""The customer is asked once how it was; what he says first is kept."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from botkit.content.texts import Texts
from botkit.desk.accounts import Agent
from botkit.desk.reception import DeskReception
from botkit.desk.tickets import Tickets
from botkit.desk.timers import Timers
from botkit.handoff.hours import ServiceHours, Window
from botkit.handoff.machine import Owner
from botkit.store.engine import UnitOfWork
from tests.unit.conversation.fakes import Clock
from tests.unit.desk.floor import Floor

HOURS = ServiceHours({day: (Window(time(8), time(22)),) for day in range(7)})
FIVE, ONE = '/rate{"score": 5}', '/rate{"score": 1}'
SOLVED, UNSOLVED = '/rate{"solved": true}', '/rate{"solved": false}'


@pytest.fixture
def floor(any_work: UnitOfWork, texts: Texts, clock: Clock) -> Floor:
    tickets = Tickets(any_work, texts, clock, HOURS, timedelta(hours=1))
    return Floor(any_work, texts, clock, DeskReception(texts, clock, HOURS, tickets))


async def served(floor: Floor, lin: Agent, words: str = "查到了") -> str:
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    floor.clock.forward(seconds=1)
    if words:
        floor.service.say(lin, talk, f"message-{floor.said}", words)
    return talk


async def closed(floor: Floor, lin: Agent, words: str = "查到了") -> str:
    talk = await served(floor, lin, words)
    floor.service.close(lin, talk, "好了", "charge", solved=True)
    return talk


def ratings(floor: Floor, talk: str) -> list[tuple[int | None, bool | None]]:
    return [(service.rating, service.rating_solved) for service in floor.services(talk)]


async def test_the_first_word_counts(floor: Floor) -> None:
    talk = await closed(floor, floor.agent("lin", "billing"))
    asked = floor.lines(talk)[-1]
    assert asked.text.startswith("这次人工服务您满意吗")
    assert [choice["payload"] for choice in asked.content["choices"]] == [
        f'/rate{{"score": {score}}}' for score in (5, 4, 3, 2, 1)
    ]
    for payload, answer in (
        (FIVE, "谢谢, 已记下。您的事情解决了吗?"),
        (ONE, "谢谢, 之前已经记下了。"),
        (SOLVED, "谢谢, 已记下。"),
        (UNSOLVED, "谢谢, 之前已经记下了。"),
    ):
        await floor.says("…", payload=payload)
        assert floor.shown(talk)[-1] == ("system", answer)
    assert ratings(floor, talk) == [(5, True)]
    assert floor.owner(talk) is Owner.CLOSED and floor.dialogue.heard == ["转人工"], "Rasa hears nothing of it"


@pytest.mark.parametrize("chosen", [(ONE, SOLVED), (FIVE, UNSOLVED)])
async def test_who_is_unhappy_is_offered_a_human_again(floor: Floor, chosen: tuple[str, str]) -> None:
    talk = await closed(floor, floor.agent("lin", "billing"))
    for payload in chosen:
        await floor.says("…", payload=payload)
    assert floor.lines(talk)[-1].content["choices"][0]["payload"] == "/request_human"


async def test_one_question_after_the_other(floor: Floor) -> None:
    talk = await closed(floor, floor.agent("lin", "billing"))
    await floor.says("已解决", payload=SOLVED)
    assert floor.dialogue.heard[-1] == "已解决", "he has not been asked that yet"
    await floor.says("5 满意", payload=FIVE)
    assert [choice["payload"] for choice in floor.lines(talk)[-1].content["choices"]] == [SOLVED, UNSOLVED]


async def test_the_bot_goes_on_when_he_writes_something_else(floor: Floor) -> None:
    talk = await closed(floor, floor.agent("lin", "billing"))
    await floor.says("查余额")
    assert floor.shown(talk)[-1] == ("bot", "您说的是: 查余额")
    await floor.says("5 满意", payload=FIVE)
    assert ratings(floor, talk) == [(5, None)] and floor.owner(talk) is Owner.BOT


async def test_what_was_never_offered_is_typed_text(floor: Floor) -> None:
    talk = await closed(floor, floor.agent("lin", "billing"))
    for payload in ('/rate{"score": 9}', "/rate{", '/rate{"score": true}'):
        await floor.says("九分", payload=payload)
    assert ratings(floor, talk) == [(None, None)] and floor.dialogue.heard == ["转人工"] + ["九分"] * 3


async def test_who_never_heard_a_human_is_not_asked(floor: Floor) -> None:
    talk = await closed(floor, floor.agent("lin", "billing"), words="")
    assert floor.shown(talk)[-1][1].startswith("这次人工服务结束了")


async def test_each_service_has_its_own_rating(floor: Floor) -> None:
    lin = floor.agent("lin", "billing")
    talk = await closed(floor, lin)
    await floor.says("5 满意", payload=FIVE)
    await closed(floor, lin)
    await floor.says("1 不满意", payload=ONE)
    assert ratings(floor, talk) == [(5, None), (1, None)]


async def test_a_rating_that_comes_while_he_waits_again_is_kept(floor: Floor) -> None:
    talk = await closed(floor, floor.agent("lin", "billing"))
    await floor.waits()
    await floor.says("5 满意", payload=FIVE)
    assert ratings(floor, talk) == [(5, None), (None, None)] and floor.owner(talk) is Owner.WAITING


async def test_whom_the_timer_let_go_is_asked_too(floor: Floor, texts: Texts) -> None:
    talk = await served(floor, floor.agent("lin", "billing"))
    timers = Timers(floor.work, texts, floor.clock)
    for _ in range(3):
        floor.clock.forward(minutes=5)
        timers.tick()
    assert [text for _, text in floor.shown(talk)][-1].startswith("这次人工服务您满意吗")
    assert floor.services(talk)[0].rating_asked_at is not None
