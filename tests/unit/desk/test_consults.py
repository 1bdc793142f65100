"""Questions to experts: they stand somewhere until they are answered, and end with the service."""

from __future__ import annotations

from datetime import timedelta

import pytest

from botkit.content.texts import Texts
from botkit.desk.service import Refused
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


async def test_an_open_consult_stands_in_the_box_of_those_who_are_asked(floor: Floor, view: DeskView) -> None:
    lin = floor.agent("lin", "billing", "technical")
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    floor.service.consult(lin, talk, ["technical", "plans"], "这款手机能开 SA 吗")
    chen = floor.agent("chen", "technical")  # comes only now
    other = floor.agent("other", "complaints")
    assert [view.counts(agent)["consults"] for agent in (lin, chen, other)] == [0, 1, 0]
    (item,) = view.items(chen, "consults")["items"]
    (consult,) = item["consults"]
    assert (item["id"], consult["agent"], consult["groups"]) == (talk, lin.id, ["plans", "technical"])
    assert consult["text"] == "这款手机能开 SA 吗"
    floor.service.answer(chen, consult["id"], "能")
    assert view.items(chen, "consults")["items"] == [] and view.counts(chen)["consults"] == 0
    zhou = floor.agent("zhou", "plans")  # was away; the other group's answer is not hers
    assert view.counts(zhou)["consults"] == 1
    assert view.talk.notes(talk)[0]["waits_for"] == ["plans"]
    floor.service.answer(zhou, consult["id"], "要 99 元的套餐")
    assert view.counts(zhou)["consults"] == 0
    found = view.item(talk)
    assert found is not None and found["consults"] == []


async def test_who_is_in_none_of_the_groups_answers_for_all(floor: Floor, view: DeskView) -> None:
    lin, chief = floor.agent("lin", "billing"), floor.agent("chief", "complaints")
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    floor.service.consult(lin, talk, ["technical", "plans"], "这款手机能开 SA 吗")
    floor.service.answer(chief, view.talk.notes(talk)[0]["id"], "能")
    (question, _answer) = view.talk.notes(talk)
    assert (question["open"], question["over"], question["waits_for"]) == (False, False, [])


@pytest.mark.parametrize("end", ["close", "hand_back"])
async def test_it_ends_with_the_service_and_says_so(floor: Floor, view: DeskView, end: str) -> None:
    lin, chen = floor.agent("lin", "billing"), floor.agent("chen", "technical")
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    floor.service.consult(lin, talk, ["technical"], "这款手机能开 SA 吗")
    (note,) = view.talk.notes(talk)
    assert (note["open"], note["over"]) == (True, False)
    if end == "close":
        floor.service.close(lin, talk, "好了", "billing", solved=True)
    else:
        floor.service.hand_back(lin, talk)
    (note,) = view.talk.notes(talk)
    assert (note["open"], note["over"]) == (False, True)
    assert view.counts(chen)["consults"] == 0
    with pytest.raises(Refused, match="consult_over"):
        floor.service.answer(chen, note["id"], "能")
    floor.clock.forward(minutes=5)
    await floor.waits()
    assert view.counts(chen)["consults"] == 0, "nor does it come back with the next service"
    assert view.talk.notes(talk)[0]["over"]


async def test_nobody_is_asked_where_no_service_runs(floor: Floor) -> None:
    lin = floor.agent("lin", "billing")
    talk = await floor.says("查余额")
    with pytest.raises(Refused, match="consult_over"):
        floor.service.consult(lin, talk, ["technical"], "?")
