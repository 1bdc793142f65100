"""Tickets on a real database: made, worked on, asked for, left instead of waiting."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from botkit.content.texts import Texts
from botkit.conversation.messages import Author
from botkit.conversation.reception import CALL_BACK
from botkit.conversation.router import BACK_TO_BOT
from botkit.conversation.verification import Verifications
from botkit.desk.reception import DeskReception
from botkit.desk.service import Refused
from botkit.desk.tickets import SHOWN, Tickets
from botkit.desk.view import DeskView
from botkit.handoff.hours import ServiceHours, Window
from botkit.handoff.machine import Owner
from botkit.handoff.tickets import TicketState
from botkit.store.engine import UnitOfWork
from tests.unit.conversation.fakes import Clock
from tests.unit.desk.floor import Floor

HOUR = timedelta(hours=1)
HOURS = ServiceHours({day: (Window(time(8), time(22)),) for day in range(7)})


class Office(Floor):
    """The desk with its tickets."""

    def __init__(self, work: UnitOfWork, texts: Texts, clock: Clock) -> None:
        self.tickets = Tickets(work, texts, clock, HOURS, HOUR)
        super().__init__(work, texts, clock, DeskReception(texts, clock, HOURS, self.tickets))
        self.verifications = Verifications(work, clock, HOUR)
        self.view = DeskView(work, clock, HOUR)

    async def served(self, topic: str = "bill", sender: str = "someone") -> tuple[Any, str]:
        lin = self.agent("lin", "billing")
        talk = await self.waits(topic, sender)
        self.service.accept(lin, talk)
        return lin, talk


@pytest.fixture
def office(any_work: UnitOfWork, texts: Texts, clock: Clock) -> Office:
    return Office(any_work, texts, clock)


async def test_a_ticket_has_a_number_and_a_promise_that_the_customer_hears(office: Office) -> None:
    lin, talk = await office.served()
    complex_one = office.tickets.make(lin, talk, "billing", "charge", "核对 20 元")
    simple_one = office.tickets.make(lin, talk, "service", "inquiry", "问营业时间")
    assert [ticket["number"] for ticket in (complex_one, simple_one)] == ["261122-001", "261122-002"]
    assert office.shown(talk)[-2:] == [
        ("system", "已为您建工单 261122-001, 由计费部处理, 最迟明天 14:05答复您。"),
        ("system", "已为您建工单 261122-002, 由客户服务部处理, 最迟今天 14:35答复您。"),
    ]
    assert [line.text for line in office.outbox.pending(talk)][-2:] == [text for _, text in office.shown(talk)[-2:]]
    assert complex_one["steps"] == [{"state": "open", "text": "", "at": office.clock().isoformat(), "by": "客服lin"}]
    item = office.view.item(talk)
    assert item is not None and (item["tickets"], item["due"]) == (2, simple_one["promised_at"])


async def test_numbers_begin_anew_each_day_of_the_place(office: Office) -> None:
    lin, talk = await office.served()
    office.tickets.make(lin, talk, "billing", "charge", "一")
    office.clock.forward(hours=10)  # past midnight in China, the same day in UTC
    assert office.tickets.make(lin, talk, "billing", "charge", "二")["number"] == "261123-001"


async def test_each_step_is_told_once(office: Office) -> None:
    lin, talk = await office.served()
    ticket = office.tickets.make(lin, talk, "billing", "charge", "核对 20 元")
    for _ in range(2):
        conversation_id, after = office.tickets.step(lin, ticket["id"], "working", "正在核对扣费记录")
        assert (conversation_id, after["state"]) == (talk, "working")
    office.tickets.step(lin, ticket["id"], "done", "20 元已退回")
    office.tickets.step(lin, ticket["id"], "closed", "客户已确认")
    assert [text for author, text in office.shown(talk) if "261122-001" in text][1:] == [
        "工单 261122-001 正在处理: 正在核对扣费记录",
        "工单 261122-001 处理好了: 20 元已退回",
        "工单 261122-001 已结束: 客户已确认",
    ]
    (found,) = office.tickets.found()
    assert [step["state"] for step in found["steps"]] == ["open", "working", "done", "closed"]
    item = office.view.item(talk)
    assert item is not None and (item["tickets"], item["due"]) == (0, None)


async def test_what_cannot_be_done_changes_nothing(office: Office) -> None:
    lin, talk = await office.served()
    before = office.shown(talk)
    for arguments, problem in (
        ((talk, "cooking", "charge", "…"), "unknown_department"),
        ((talk, "billing", "cooking", "…"), "unknown_kind"),
        ((talk, "billing", "charge", "  "), "empty"),
        (("nowhere", "billing", "charge", "…"), "unknown_conversation"),
    ):
        with pytest.raises(Refused, match=problem):
            office.tickets.make(lin, *arguments)
    assert office.tickets.found() == [] and office.shown(talk) == before
    ticket = office.tickets.make(lin, talk, "billing", "charge", "核对")
    office.tickets.step(lin, ticket["id"], "closed", "结束")
    before = office.shown(talk)
    for ticket_id, state, text, problem in (
        (ticket["id"], "working", "又来", "ticket_step"),
        (ticket["id"], "burnt", "又来", "ticket_step"),
        (ticket["id"], "working", " ", "empty"),
        (999, "working", "又来", "unknown_ticket"),
    ):
        with pytest.raises(Refused, match=problem):
            office.tickets.step(lin, ticket_id, state, text)
    assert office.shown(talk) == before


async def test_tickets_are_found_by_state_and_words_the_most_urgent_first(office: Office) -> None:
    lin, talk = await office.served()
    slow = office.tickets.make(lin, talk, "billing", "charge", "核对 20 元")
    quick = office.tickets.make(lin, talk, "service", "inquiry", "问营业时间")
    done = office.tickets.make(lin, talk, "network", "network", "信号")
    office.tickets.step(lin, done["id"], "done", "修好了")
    assert [ticket["id"] for ticket in office.tickets.found()] == [quick["id"], slow["id"], done["id"]]
    assert [ticket["id"] for ticket in office.tickets.found(state="done")] == [done["id"]]
    assert [ticket["id"] for ticket in office.tickets.found(query="1122-001")] == [slow["id"]]
    assert [ticket["id"] for ticket in office.tickets.found(query="营业")] == [quick["id"]]
    assert office.tickets.found(query="%") == []


# ---- call back


@pytest.mark.parametrize(("words", "payload"), [("留个回电", CALL_BACK), ("给我回电话吧", None)])
async def test_a_call_back_ends_the_wait(office: Office, words: str, payload: str | None) -> None:
    talk = await office.waits()
    await office.says("上个月多扣了 20 元")
    await office.says(words, payload=payload)
    assert office.shown(talk)[-1][1] == "回电工单 261122-001 已建好, 最迟明天 14:05答复您, 进展会在这个对话里告诉您。"
    assert office.owner(talk) is Owner.CLOSED and office.services(talk)[0].ending == "call_back"
    (ticket,) = office.tickets.found()
    assert ticket["text"] == "客户要求回电。最近说的: 转人工 / 上个月多扣了 20 元"
    assert (ticket["department"], ticket["steps"][0]["by"]) == ("billing", "客户")
    await office.says("继续用机器人", payload=BACK_TO_BOT)
    assert office.owner(talk) is Owner.BOT and office.dialogue.heard == ["转人工"]


async def test_however_often_it_is_asked_for_one_call_back_is_left(office: Office) -> None:
    talk = await office.waits()
    await office.says("留个回电", payload=CALL_BACK)
    await office.says("留个回电", payload=CALL_BACK)
    await office.waits()
    await office.says("留个回电", payload=CALL_BACK)
    assert len(office.tickets.found()) == 1 and office.owner(talk) is Owner.CLOSED
    assert len([text for _, text in office.shown(talk) if "261122-001" in text]) == 3


async def test_a_verified_customer_is_called_on_his_number(office: Office) -> None:
    talk = await office.waits()
    office.verifications.establish(talk, "c1", "17000000001")
    await office.says("留个回电", payload=CALL_BACK)
    assert "打 170****0001 联系您" in office.shown(talk)[-1][1]


async def test_nobody_but_the_human_answers_while_he_serves(office: Office) -> None:
    _, talk = await office.served()
    before = office.shown(talk)
    await office.says("留个回电", payload=CALL_BACK)
    assert office.shown(talk)[len(before) :] == [("customer", "留个回电")]
    assert office.tickets.found() == []


async def test_out_of_hours_nobody_promises_half_an_hour(office: Office) -> None:
    office.clock.forward(hours=9)
    talk = await office.says("留个回电", payload=CALL_BACK)  # the general group's tickets are simple
    (ticket,) = office.tickets.found()
    assert ticket["kind"] == "inquiry" and "最迟明天 23:05" in office.shown(talk)[-1][1]


# ---- what the customer may know


async def test_a_customer_knows_his_own_tickets_only(office: Office) -> None:
    lin, talk = await office.served()
    office.tickets.make(lin, talk, "billing", "charge", "没核身时建的")
    office.verifications.establish(talk, "c1", "17000000001")
    office.tickets.make(lin, talk, "network", "network", "核身后建的")
    elsewhere = await office.says("你好", "elsewhere")

    def numbers(conversation_id: str, customer_id: str | None) -> list[str]:
        return [status.number[-3:] for status in office.tickets.statuses(conversation_id, customer_id)]

    assert numbers(talk, None) == ["002", "001"]
    assert numbers(talk, "c1") == ["002", "001"]
    assert numbers(talk, "somebody else") == ["001"]
    assert numbers(elsewhere, None) == []
    assert numbers(elsewhere, "c1") == ["002"]


async def test_what_is_under_way_comes_first_and_the_last_step_is_told(office: Office) -> None:
    lin, talk = await office.served()
    first = office.tickets.make(lin, talk, "billing", "charge", "一")
    second = office.tickets.make(lin, talk, "billing", "charge", "二")
    office.tickets.step(lin, second["id"], "done", "退好了")
    office.tickets.step(lin, first["id"], "working", "在查")
    known = office.tickets.statuses(talk, None)
    assert [(status.state, status.last) for status in known] == [
        (TicketState.WORKING, "在查"),
        (TicketState.DONE, "退好了"),
    ]
    office.clock.forward(days=31)
    assert [status.state for status in office.tickets.statuses(talk, None)] == [TicketState.WORKING]
    assert all(line.author is not Author.BOT for line in office.lines(talk)[2:])


# ---- what the agent sees beside the conversation


def texts_of(office: Office, conversation_id: str) -> list[str]:
    return [ticket["text"] for ticket in office.tickets.of_conversation(conversation_id)]


async def test_the_panorama_has_the_tickets_of_this_conversation_and_of_its_customer(office: Office) -> None:
    lin, talk = await office.served()
    office.tickets.make(lin, talk, "billing", "charge", "没核身时建的")
    elsewhere = await office.says("你好", "elsewhere")
    office.verifications.establish(elsewhere, "c1", "17000000001")
    made = office.tickets.make(lin, elsewhere, "network", "network", "在别处建的")
    assert texts_of(office, talk) == ["没核身时建的"], "of who is not verified nothing from elsewhere"
    office.verifications.establish(talk, "c1", "17000000001")
    assert texts_of(office, talk) == ["在别处建的", "没核身时建的"]
    office.tickets.step(lin, made["id"], "working", "在查基站")
    shown = office.tickets.of_conversation(talk)[0]
    assert (shown["conversation"], shown["number"], shown["state"]) == (elsewhere, made["number"], "working")
    assert [(step["state"], step["text"], step["by"]) for step in shown["steps"]] == [
        ("open", "", "客服lin"),
        ("working", "在查基站", "客服lin"),
    ]


async def test_another_customers_tickets_are_not_in_it(office: Office) -> None:
    """Two people at one browser, and two customers of one agent."""
    lin, talk = await office.served()
    office.verifications.establish(talk, "c1", "17000000001")
    office.tickets.make(lin, talk, "billing", "charge", "前一位的")
    office.verifications.establish(talk, "c2", "17000000002")
    office.tickets.make(lin, talk, "billing", "charge", "这一位的")
    assert texts_of(office, talk) == ["这一位的"]
    assert texts_of(office, await office.says("你好", "stranger")) == []
    assert office.tickets.of_conversation("nowhere") == []


async def test_what_is_under_way_is_not_pushed_out_by_what_is_done(office: Office) -> None:
    lin, talk = await office.served()
    office.tickets.make(lin, talk, "billing", "charge", "还没办")
    for number in range(SHOWN):
        done = office.tickets.make(lin, talk, "billing", "charge", f"办好了 {number}")
        office.tickets.step(lin, done["id"], "done", "好了")
    shown = texts_of(office, talk)
    assert shown[:2] == ["还没办", f"办好了 {SHOWN - 1}"] and len(shown) == SHOWN
