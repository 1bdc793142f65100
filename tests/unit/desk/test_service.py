"""What agents do, on a real database; the customer's side is the inbox and a router without Rasa."""

from __future__ import annotations

import pytest

from botkit.content.texts import Texts
from botkit.conversation.messages import Author
from botkit.conversation.router import BACK_TO_BOT
from botkit.desk.accounts import Presence
from botkit.desk.service import Refused
from botkit.handoff.machine import Owner
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import TurnRow
from botkit.store.tables.desk import NoteRow
from tests.unit.conversation.fakes import Clock
from tests.unit.desk.floor import Floor


@pytest.fixture
def floor(any_work: UnitOfWork, texts: Texts, clock: Clock) -> Floor:
    return Floor(any_work, texts, clock)


async def test_a_whole_service(floor: Floor) -> None:
    lin = floor.agent("lin", "billing")
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    assert floor.shown(talk)[-1] == ("system", "客服lin为您服务。前面的对话已经转过来, 不用再说一遍。")
    floor.service.say(lin, talk, "message-1", "您好, 这 20 元我来查。")
    await floor.says("好的")
    floor.service.close(lin, talk, "查了 20 元的来由", "billing", solved=True)
    assert floor.dialogue.heard == ["转人工"], "the bot hears nothing of what is said to the human"
    assert floor.events(talk) == ["HandOver", "Accept", "Close"]
    (service,) = floor.services(talk)
    assert (service.agent_id, service.keeper_id, service.ending, service.solved) == (
        lin.id,
        lin.id,
        "closed_by_agent",
        True,
    )
    assert service.closed_at is not None and service.rating_asked_at is not None
    assert floor.owner(talk) is Owner.CLOSED
    await floor.says("查余额")
    assert floor.owner(talk) is Owner.BOT
    assert floor.dialogue.heard == ["转人工", "查余额"], "nothing old is answered"


async def test_who_has_been_given_to_an_agent_and_is_accepted_by_him_is_greeted_once(floor: Floor) -> None:
    lin = floor.agent("lin", "billing")
    talk = await floor.waits()
    for take in (floor.service.accept, floor.service.accept, floor.service.take_over):
        take(lin, talk)
    assert [text for _, text in floor.shown(talk)].count("客服lin为您服务。前面的对话已经转过来, 不用再说一遍。") == 1
    assert floor.events(talk) == ["HandOver", "Accept"]


async def test_what_agents_say_reaches_the_customer_once(floor: Floor) -> None:
    lin = floor.agent("lin", "billing")
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    first = floor.service.say(lin, talk, "message-1", "您好")
    assert floor.service.say(lin, talk, "message-1", "您好") == first
    pending = [line.text for line in floor.outbox.pending(talk) if line.author is Author.AGENT]
    assert pending == ["您好"]
    assert [line.content["name"] for line in floor.lines(talk) if line.author is Author.AGENT] == ["客服lin"]


async def test_only_who_serves_may_speak(floor: Floor) -> None:
    lin, chen = floor.agent("lin", "billing"), floor.agent("chen", "billing")
    talk = await floor.waits()
    for agent in (lin, chen):
        with pytest.raises(Refused, match="not_yours"):
            floor.service.say(agent, talk, f"too-early-{agent.login}", "您好")
    floor.service.accept(lin, talk)
    with pytest.raises(Refused, match="not_yours"):
        floor.service.say(chen, talk, "message-2", "您好")
    with pytest.raises(Refused, match="taken"):
        floor.service.accept(chen, talk)
    with pytest.raises(Refused, match="taken"):
        floor.service.take_over(chen, talk)
    with pytest.raises(Refused, match="not_yours"):
        floor.service.close(chen, talk, "…", "billing", solved=True)


async def test_a_transfer_to_a_group_keeps_the_keeper_and_carries_the_note(floor: Floor) -> None:
    lin, chen = floor.agent("lin", "billing"), floor.agent("chen", "plans")
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    floor.service.transfer(lin, talk, "plans", None, "想换套餐, 违约金已说明")
    assert floor.owner(talk) is Owner.WAITING
    event = next(line for line in floor.lines(talk) if line.detail.get("event") == "Transfer")
    assert event.detail["note"] == "想换套餐, 违约金已说明" and event.text == "", "the customer does not see the note"
    floor.service.accept(chen, talk)
    (service,) = floor.services(talk)
    assert (service.agent_id, service.keeper_id, service.skill) == (chen.id, lin.id, "plans")


async def test_a_transfer_to_an_agent(floor: Floor) -> None:
    lin, chen = floor.agent("lin", "billing"), floor.agent("chen", "plans", limit=1)
    gone = floor.agent("gone", "plans", online=False)
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    for to, problem in ((gone.id, "not_there"), (999, "unknown_agent"), (lin.id, "to_yourself")):
        with pytest.raises(Refused, match=problem):
            floor.service.transfer(lin, talk, "plans", to, "请接着办")
    with pytest.raises(Refused, match="no_note"):
        floor.service.transfer(lin, talk, "plans", chen.id, "  ")
    floor.service.transfer(lin, talk, "plans", chen.id, "请接着办")
    assert floor.shown(talk)[-1] == ("system", "这件事由客服chen接着为您处理, 前面的对话客服chen都能看到。")
    other = await floor.waits("plan", "another")
    with pytest.raises(Refused, match="full"):
        floor.service.accept(chen, other)


async def test_handing_back_and_giving_up(floor: Floor) -> None:
    lin = floor.agent("lin", "billing")
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    floor.service.hand_back(lin, talk)
    assert floor.owner(talk) is Owner.BOT
    await floor.waits()
    await floor.says("继续用机器人", payload=BACK_TO_BOT)
    assert [service.ending for service in floor.services(talk)] == ["handed_back", "given_up"]


async def test_an_agent_who_goes_away_loses_his_customers_to_the_front_of_the_queue(floor: Floor) -> None:
    lin, chen = floor.agent("lin", "billing"), floor.agent("chen", "billing", limit=1)
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    other = await floor.waits(sender="another")
    floor.accounts.set_presence(lin.id, Presence.OFFLINE)
    assert floor.service.lose(lin.id) == [talk]
    assert floor.service.lose(lin.id) == []
    assert "离开了" in floor.shown(talk)[-1][1]
    assert floor.service.dispatch() == [(talk, chen.id)], "before the one who came later"
    assert floor.owner(other) is Owner.WAITING


async def test_who_comes_back_gets_his_customers_back_and_who_passed_one_on_does_not(floor: Floor) -> None:
    lin = floor.agent("lin", "billing")
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    floor.accounts.set_presence(lin.id, Presence.OFFLINE)
    floor.service.lose(lin.id)
    assert floor.service.dispatch() == []
    floor.accounts.set_presence(lin.id, Presence.ONLINE)
    assert floor.service.dispatch() == [(talk, lin.id)], "else nobody would take him"
    floor.service.transfer(lin, talk, "billing", None, "请别的同事看")
    assert floor.service.dispatch() == []


async def test_the_next_ones_are_given_to_those_who_have_room(floor: Floor) -> None:
    lin, chen = floor.agent("lin", "billing", limit=1), floor.agent("chen", "plans", limit=1)
    first, second, third = [
        await floor.waits(topic, topic + str(n)) for n, topic in enumerate(["bill", "bill", "plan"])
    ]
    assert dict(floor.service.dispatch()) == {first: lin.id, third: chen.id}
    assert floor.service.dispatch() == []
    floor.service.close(lin, first, "好了", "billing", solved=True)
    assert floor.service.dispatch() == [(second, lin.id)]


async def test_the_agent_of_last_time_comes_first(floor: Floor) -> None:
    chen = floor.agent("chen", "plans")
    floor.agent("lin", "billing")
    talk = await floor.waits()
    floor.service.accept(chen, talk)
    floor.service.close(chen, talk, "好了", "plans", solved=True)
    await floor.waits()
    assert floor.service.dispatch() == [(talk, chen.id)]


async def test_who_passed_a_customer_on_does_not_get_him_back(floor: Floor) -> None:
    lin = floor.agent("lin", "billing", "plans")
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    floor.service.transfer(lin, talk, "plans", None, "请接着办")
    assert floor.service.dispatch() == []
    chen = floor.agent("chen", "plans")
    assert floor.service.dispatch() == [(talk, chen.id)]


async def test_stepping_in_unasked_silences_the_bot(floor: Floor) -> None:
    lin = floor.agent("lin", "billing")
    talk = await floor.says("查余额")
    floor.service.take_over(lin, talk)
    await floor.says("在吗")
    assert floor.dialogue.heard == ["查余额"]
    assert floor.services(talk)[0].reason == "taken_over"


@pytest.mark.parametrize(
    ("topic", "groups", "group"),
    [
        ("bill", ["plans"], "billing"),
        (None, ["technical", "complaints"], "technical"),
        ("weather", ["complaints"], "complaints"),
        (None, [], "general"),
    ],
)
async def test_whoever_steps_in_finds_him_in_the_group_of_his_topic(
    floor: Floor, topic: str | None, groups: list[str], group: str
) -> None:
    lin = floor.agent("lin", *groups)
    talk = await floor.says("查余额")
    with floor.work() as session:
        session.add(TurnRow(conversation_id=talk, number=99, events=[], state={"slots": {"topic": topic}}))
    floor.service.take_over(lin, talk)
    assert floor.services(talk)[0].skill == group


async def test_an_answer_of_the_bot_that_comes_too_late_is_dropped(floor: Floor) -> None:
    lin = floor.agent("lin", "billing")
    talk = await floor.says("你好")

    async def step_in() -> None:
        floor.service.take_over(lin, talk)

    floor.dialogue.before_answering = step_in
    await floor.says("查余额")
    assert [author for author, _ in floor.shown(talk)] == ["customer", "bot", "customer", "system"]


async def test_notes_and_consults_are_never_the_customers(floor: Floor) -> None:
    lin, chen = floor.agent("lin", "billing"), floor.agent("chen", "technical")
    talk = await floor.waits()
    floor.service.accept(lin, talk)
    before = floor.shown(talk)
    floor.service.note(lin, talk, "客户在外地")
    floor.service.consult(lin, talk, ["technical", "plans"], "这款手机能开 SA 吗")
    with floor.work(reading=True) as session:
        consult_id = session.query(NoteRow).filter_by(kind="consult").one().id
    assert floor.service.answer(chen, consult_id, "能, 系统要升级到 14") == (talk, lin.id)
    assert [kind for kind, _ in floor.notes()] == ["note", "consult", "answer"]
    assert floor.shown(talk) == before and floor.outbox.pending(talk)[-1].text == before[-1][1]
    with pytest.raises(Refused, match="unknown_group"):
        floor.service.consult(lin, talk, ["cooking"], "?")
    with pytest.raises(Refused, match="unknown_consult"):
        floor.service.answer(chen, 999, "?")


async def test_a_supervisor_may_give_a_customer_to_anybody(floor: Floor) -> None:
    lin, chen = floor.agent("lin", "billing"), floor.agent("chen", "plans", limit=1)
    one, two = await floor.waits(sender="one"), await floor.waits(sender="two")
    floor.service.accept(lin, one)
    boss = floor.agent("boss")
    floor.service.reassign(boss, one, chen.id)
    floor.service.reassign(boss, two, chen.id)  # above his limit
    assert [floor.services(talk)[0].agent_id for talk in (one, two)] == [chen.id, chen.id]
    assert floor.services(one)[0].keeper_id == lin.id
    with pytest.raises(Refused, match="with_bot"):
        floor.service.reassign(boss, await floor.says("你好", "three"), chen.id)
    with pytest.raises(Refused, match="unknown_conversation"):
        floor.service.reassign(boss, "nowhere", chen.id)
