"""Silence and promises, by a clock that the test sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta

import pytest

from botkit.content.texts import Texts
from botkit.conversation.reception import CALL_BACK
from botkit.desk.accounts import Agent, Presence
from botkit.desk.overview import Overview
from botkit.desk.reception import DeskReception
from botkit.desk.tickets import Tickets
from botkit.desk.timers import Happened, Timers
from botkit.desk.view import DeskView
from botkit.handoff.hours import ServiceHours, Window
from botkit.handoff.machine import Owner
from botkit.store.engine import UnitOfWork
from tests.unit.conversation.fakes import Clock
from tests.unit.desk.floor import Floor

HOUR = timedelta(hours=1)
HOURS = ServiceHours({day: (Window(time(8), time(22)),) for day in range(7)})


class Watch(Floor):
    """The desk with its timers."""

    def __init__(self, work: UnitOfWork, texts: Texts, clock: Clock) -> None:
        self.tickets = Tickets(work, texts, clock, HOURS, HOUR)
        super().__init__(work, texts, clock, DeskReception(texts, clock, HOURS, self.tickets))
        self.timers = Timers(work, texts, clock)
        self.view = DeskView(work, clock, HOUR)

    def due(self) -> list[str]:
        return [item["id"] for item in Overview(self.work, self.view, self.clock).load([])["due"]]

    async def served(self) -> tuple[Agent, str]:
        lin = self.agent("lin", "billing")
        talk = await self.waits()
        self.service.accept(lin, talk)
        return lin, talk

    def answers(self, agent: Agent, talk: str, message_id: str, text: str) -> None:
        self.clock.forward(seconds=1)
        self.service.say(agent, talk, message_id, text)

    def after(self, **duration: float) -> Sequence[Happened]:
        self.clock.forward(**duration)
        return self.timers.tick()


@pytest.fixture
def watch(any_work: UnitOfWork, texts: Texts, clock: Clock) -> Watch:
    return Watch(any_work, texts, clock)


async def test_a_silent_customer_is_reminded_once_and_then_let_go(watch: Watch) -> None:
    lin, talk = await watch.served()
    watch.answers(lin, talk, "message-1", "请问是哪个月的账单?")
    assert watch.after(minutes=4, seconds=59) == []
    assert watch.after(seconds=1) == [Happened(talk)]
    assert watch.shown(talk)[-1][1].startswith("还在吗? 5 分钟内没有消息")
    assert watch.after(minutes=4, seconds=59) == []
    assert watch.after(seconds=1) == [Happened(talk)]
    assert "先结束" in watch.shown(talk)[-2][1] and watch.owner(talk) is Owner.CLOSED
    assert watch.services(talk)[0].ending == "customer_silent"
    assert watch.after(hours=1) == []


async def test_who_answers_the_reminder_stays(watch: Watch) -> None:
    lin, talk = await watch.served()
    watch.answers(lin, talk, "message-1", "请问是哪个月的账单?")
    watch.after(minutes=5)
    await watch.says("上个月")
    watch.answers(lin, talk, "message-2", "好的")
    assert watch.after(minutes=4, seconds=59) == []
    watch.after(seconds=1)
    assert watch.owner(talk) is Owner.HUMAN and watch.shown(talk)[-1][1].startswith("还在吗")


async def test_who_is_kept_waiting_hears_a_word_and_the_agent_is_alerted(watch: Watch) -> None:
    lin, talk = await watch.served()
    watch.answers(lin, talk, "message-1", "您好")
    await watch.says("上个月多扣了 20 元")
    assert watch.after(minutes=1) == []
    await watch.says("怎么回事")
    assert watch.after(minutes=1) == [Happened(talk, "late", lin.id, "怎么回事")], "two minutes after the first line"
    assert watch.shown(talk)[-1][1] == "让您久等了。客服人员还没有回复, 已经再提醒一次, 请再稍等。"
    assert watch.after(hours=1) == [], "once for each stretch of silence, and nobody is closed who waits"
    watch.answers(lin, talk, "message-2", "查到了")
    await watch.says("多少")
    assert [one.text for one in watch.after(minutes=2)] == ["多少"]


async def test_the_wait_in_the_queue_is_not_the_agents_slowness(watch: Watch) -> None:
    lin, chen = watch.agent("lin", "billing"), watch.agent("chen", "billing")
    talk = await watch.waits()
    watch.clock.forward(minutes=30)
    watch.service.accept(lin, talk)
    assert watch.after(minutes=1) == []
    assert [one.call for one in watch.after(minutes=1)] == ["late"], "he has not said a word"
    watch.answers(lin, talk, "message-1", "我转给同事")
    watch.service.transfer(lin, talk, "billing", chen.id, "请接着办")
    assert watch.after(minutes=1) == []
    assert [one.agent for one in watch.after(minutes=1)] == [chen.id]


async def test_nothing_is_due_while_the_bot_has_it_or_he_waits(watch: Watch) -> None:
    await watch.says("你好")
    await watch.waits(sender="another")
    assert watch.after(hours=3) == []


async def test_a_promise_about_to_break_is_called_out_once_to_who_made_it(watch: Watch) -> None:
    lin, talk = await watch.served()
    watch.tickets.make(lin, talk, "service", "inquiry", "问营业时间")
    watch.service.close(lin, talk, "建了工单", "inquiry", solved=False)
    assert watch.after(minutes=22) == [] and watch.due() == []
    alert = Happened(talk, "promise", lin.id, "工单 261122-001 最迟今天 14:35答复")
    assert watch.after(minutes=1) == [alert]
    assert watch.after(minutes=30) == []
    assert watch.due() == [talk]


async def test_everybody_is_told_where_nobody_made_it_or_he_is_gone(watch: Watch) -> None:
    lin, talk = await watch.served()
    made = watch.tickets.make(lin, talk, "billing", "charge", "核对")
    other = await watch.waits(sender="another")
    await watch.says("留个回电", "another", CALL_BACK)
    await watch.says("13800138000", "another")
    watch.tickets.step(lin, watch.tickets.make(lin, talk, "billing", "charge", "二")["id"], "done", "好了")
    watch.service.close(lin, talk, "好了", "charge", solved=True)
    watch.accounts.set_presence(lin.id, Presence.OFFLINE)
    assert [(one.conversation_id, one.agent) for one in watch.after(hours=23)] == [(talk, None), (other, None)]
    assert made["state"] == "open"


async def test_what_fails_for_one_leaves_the_others_their_turn(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    lin, talk = await watch.served()
    other = await watch.waits(sender="another")
    watch.service.accept(lin, other)
    work, failed = watch.timers._silence, []

    def fail_once(conversation_id: str) -> Sequence[Happened]:
        if not failed:
            failed.append(conversation_id)
            raise RuntimeError("told to fail")
        return work(conversation_id)

    monkeypatch.setattr(watch.timers, "_silence", fail_once)
    assert [one.conversation_id for one in watch.after(minutes=3)] == [other] and failed == [talk]
    assert [one.conversation_id for one in watch.timers.tick()] == [talk]
