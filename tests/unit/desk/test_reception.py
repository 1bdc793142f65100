"""What a waiting customer is told of his place, his wait, and of hours without anybody."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from botkit.content.texts import Texts
from botkit.conversation.reception import Standing
from botkit.desk.reception import DeskReception
from botkit.desk.tickets import Tickets
from botkit.handoff.hours import ServiceHours, Window
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow
from tests.unit.conversation.fakes import Clock
from tests.unit.desk.floor import Floor

DAY = (Window(time(8), time(12)), Window(time(13), time(22)))
HOURS = ServiceHours({day: DAY for day in range(7)}, holidays=frozenset({date(2026, 11, 24)}))


@pytest.fixture
def reception(any_work: UnitOfWork, texts: Texts, clock: Clock) -> DeskReception:
    return DeskReception(texts, clock, HOURS, Tickets(any_work, texts, clock, HOURS, timedelta(hours=1)))


@pytest.fixture
def floor(any_work: UnitOfWork, texts: Texts, clock: Clock, reception: DeskReception) -> Floor:
    return Floor(any_work, texts, clock, reception)


async def serve(floor: Floor, times: int, minutes: float) -> None:
    """As many services of the billing group as wanted, each as long."""
    lin = floor.agent("lin", "billing", limit=1)
    for number in range(times):
        talk = await floor.waits(sender=f"earlier-{number}")
        floor.service.accept(lin, talk)
        floor.clock.forward(minutes=minutes)
        floor.service.close(lin, talk, "好了", "charge", solved=True)


async def test_without_a_measured_service_no_wait_is_named(floor: Floor) -> None:
    lin = floor.agent("lin", "billing", limit=1)
    floor.service.accept(lin, await floor.waits(sender="first"))
    assert floor.shown(await floor.waits(sender="second"))[-1] == ("system", "您排在第一位, 要等多久现在不确定。")
    assert floor.shown(await floor.waits(sender="third"))[-1][1] == "您前面还有 1 位, 要等多久现在不确定。"


async def test_the_wait_is_the_median_of_what_was_measured(floor: Floor) -> None:
    await serve(floor, 5, minutes=4)
    talk = await floor.waits()
    assert floor.shown(talk)[-1][1] == "现在有客服人员有空, 马上接进来。"
    floor.service.dispatch()
    assert floor.shown(await floor.waits(sender="second"))[-1][1] == "您排在第一位, 大约 4 分钟。"
    third = await floor.waits(sender="third")
    assert floor.shown(third)[-1][1] == "您前面还有 1 位, 大约 8 分钟。"
    assert [c["payload"] for c in floor.lines(third)[-1].content["choices"]] == ["/leave_call_back", "/back_to_bot"]


async def test_who_asks_how_long_is_told_anew(floor: Floor) -> None:
    await serve(floor, 5, minutes=4)
    for sender in ("first", "second"):
        await floor.waits(sender=sender)
    floor.service.dispatch()
    talk = await floor.waits(sender="third")
    await floor.says("还要多久", "third")
    assert floor.shown(talk)[-1][1] == "您前面还有 1 位, 大约 8 分钟。"
    await floor.says("不等了", "second")
    await floor.says("前面还有几个人", "third")
    assert floor.shown(talk)[-1][1] == "您排在第一位, 大约 4 分钟。"


async def test_customers_of_other_groups_are_not_in_front(floor: Floor) -> None:
    floor.service.accept(floor.agent("lin", "billing", "plans", limit=1), await floor.waits(sender="first"))
    await floor.waits("plan", "second")
    assert "第一位" in floor.shown(await floor.waits(sender="third"))[-1][1]


async def test_nobody_there(floor: Floor) -> None:
    floor.agent("chen", "plans")
    floor.agent("lin", "billing", online=False)
    talk = await floor.waits()
    assert floor.shown(talk)[-1][1].startswith("现在没有客服人员在线")


@pytest.mark.parametrize(
    ("hours_later", "opens"), [(8, "明天 08:00"), (17.5, "今天 08:00"), (22.5, "今天 13:00"), (32, "11月25日 08:00")]
)
async def test_out_of_hours(floor: Floor, hours_later: float, opens: str) -> None:
    floor.service.accept(floor.agent("lin", "billing", limit=1), await floor.waits(sender="first"))
    floor.clock.forward(hours=hours_later)
    talk = await floor.waits()
    assert floor.shown(talk)[-1][1] == f"现在不是人工服务时间, {opens}开始有人。可以留个回电, 也可以继续用机器人。"
    assert floor.events(talk) == ["HandOver"], "he waits all the same"


async def test_whoever_is_there_serves_out_of_hours_too(floor: Floor) -> None:
    floor.agent("lin", "billing")
    floor.clock.forward(hours=9)
    assert floor.shown(await floor.waits())[-1][1] == "现在有客服人员有空, 马上接进来。"


async def test_the_standing_of_who_waits_and_who_is_served(floor: Floor, reception: DeskReception) -> None:
    await serve(floor, 5, minutes=4)
    first, second = await floor.waits(sender="first"), await floor.waits(sender="second")
    floor.service.dispatch()

    def standing(talk: str) -> Standing:
        with floor.work(reading=True) as session:
            return reception.standing(session, session.get(ConversationRow, talk))

    assert standing(first) == Standing(agent="客服lin")
    assert standing(second) == Standing(ahead=0, minutes=4)
    await floor.says("不等了", "second")
    assert standing(second) == Standing()
