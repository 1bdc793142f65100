"""Tickets on a real database: made, worked on, asked for, left instead of waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from botkit.content.texts import Texts
from botkit.conversation.messages import Author
from botkit.conversation.reception import CALL_BACK
from botkit.conversation.router import BACK_TO_BOT
from botkit.conversation.verification import Verifications
from botkit.desk.accounts import Agent, Presence, Role
from botkit.desk.reception import DeskReception
from botkit.desk.service import Refused
from botkit.desk.ticket_view import Filters
from botkit.desk.tickets import SHOWN, Tickets
from botkit.desk.view import DeskView
from botkit.handoff.hours import ServiceHours, Window
from botkit.handoff.machine import Owner
from botkit.handoff.tickets import TicketState
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import VouchedNumberRow
from tests.unit.conversation.fakes import Clock
from tests.unit.desk.floor import Floor

NOBODY = Agent(0, "nobody", "谁", Role.AGENT, frozenset(), Presence.ONLINE, 1, True)
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


def everything(office: Office) -> list[dict[str, Any]]:
    """All tickets, as somebody sees them who does not work on them."""
    return list(office.tickets.found(NOBODY, Filters())["tickets"])


def numbered(office: Office, agent: Agent, **filters: Any) -> list[int]:
    return [ticket["id"] for ticket in office.tickets.found(agent, Filters(**filters))["tickets"]]


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
    (found,) = everything(office)
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
    assert everything(office) == [] and office.shown(talk) == before
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
    assert numbered(office, lin) == [quick["id"], slow["id"], done["id"]]
    assert numbered(office, lin, state="done") == [done["id"]]
    assert numbered(office, lin, department="service") == [quick["id"]]
    assert numbered(office, lin, query="1122-001") == [slow["id"]]
    assert numbered(office, lin, query="营业") == [quick["id"]]
    assert numbered(office, lin, query="%") == []
    office.clock.forward(minutes=31)
    assert numbered(office, lin, overdue=True) == [quick["id"]]
    chen = office.agent("chen", "plans")
    assert numbered(office, chen, mine=True) == []
    office.tickets.step(chen, slow["id"], "working", "在查")
    assert numbered(office, chen, mine=True) == [slow["id"]]
    assert len(numbered(office, lin, mine=True)) == 3


async def test_each_filter_says_how_many_it_would_show_beside_the_others(office: Office) -> None:
    lin, talk = await office.served()
    chen = office.agent("chen", "plans")
    office.tickets.make(lin, talk, "billing", "charge", "核对 20 元")
    office.tickets.make(chen, talk, "service", "inquiry", "问营业时间")
    done = office.tickets.make(chen, talk, "network", "network", "信号")
    office.tickets.step(chen, done["id"], "done", "修好了")
    office.clock.forward(minutes=31)

    def counts(**filters: Any) -> dict[str, Any]:
        return dict(office.tickets.found(lin, Filters(**filters))["counts"])

    states = {"open": 2, "working": 0, "done": 1, "closed": 0, "": 3}
    departments = {"billing": 1, "service": 1, "network": 1, "": 3}
    assert counts() == {"states": states, "departments": departments, "mine": 1, "overdue": 1}
    assert counts(department="network") == {
        "states": {"open": 0, "working": 0, "done": 1, "closed": 0, "": 1},
        "departments": departments,
        "mine": 0,
        "overdue": 0,
    }
    assert counts(state="open", mine=True)["departments"] == {"billing": 1, "service": 0, "network": 0, "": 1}
    assert counts(query="信号")["states"][""] == 1


async def test_a_ticket_says_whose_it_is_and_where_he_is_found(office: Office) -> None:
    lin, talk = await office.served()
    stranger = office.tickets.make(lin, talk, "billing", "charge", "没核身时建的")
    assert (stranger["name"], stranger["phone"], stranger["verified"]) == (f"访客 {talk[:4]}", None, False)
    assert (stranger["channel"], stranger["conversation"], stranger["call"]) == ("test", talk, None)
    office.verifications.establish(talk, "c1", "17000000001")
    known = office.tickets.make(lin, talk, "billing", "charge", "核身后建的")
    assert (known["name"], known["phone"], known["verified"]) == ("尾号 0001", "170****0001", True)
    assert known["call"] is None, "nobody is to be called back for it"


# ---- call back


@pytest.mark.parametrize(("words", "payload"), [("留个回电", CALL_BACK), ("给我回电话吧", None)])
async def test_a_call_back_ends_the_wait_as_soon_as_there_is_a_number(
    office: Office, words: str, payload: str | None
) -> None:
    talk = await office.waits()
    await office.says("上个月多扣了 20 元")
    await office.says(words, payload=payload)
    asked = office.lines(talk)[-1]
    assert asked.text.startswith("请留一个能接到电话的号码") and asked.content["asks"] == "number"
    assert office.owner(talk) is Owner.WAITING and everything(office) == [], "nothing is promised, no place is lost"
    await office.says("幺三八 0013-800")
    assert office.shown(talk)[-1][1].startswith("这个号码不对")
    assert everything(office) == []
    await office.says("+86 138 0013 8000 下午打")
    assert office.shown(talk)[-1][1] == (
        "回电工单 261122-001 已建好, 最迟明天 14:05打 138****8000 联系您, 进展也会在这个对话里告诉您。"
    )
    assert office.owner(talk) is Owner.CLOSED and office.services(talk)[0].ending == "call_back"
    (ticket,) = everything(office)
    assert ticket["text"] == "客户 2026年11月22日 14:05 要求回电。这之前说的: 转人工 / 上个月多扣了 20 元"
    assert (ticket["department"], ticket["steps"][0]["by"]) == ("billing", "客户")
    assert office.verifications.current(talk) is None, "a number to call proves nothing"
    await office.says("继续用机器人", payload=BACK_TO_BOT)
    assert office.owner(talk) is Owner.BOT and office.dialogue.heard == ["转人工"]


async def test_who_does_not_want_to_leave_a_number_keeps_his_place(office: Office) -> None:
    talk = await office.waits()
    for way in ({"text": "算了"}, {"text": "算了", "payload": '/call_back_number{"number": "none"}'}):
        await office.says("留个回电", payload=CALL_BACK)
        await office.says(**way)
        assert office.shown(talk)[-1][1] == "好的, 不留回电了, 您还在排队, 位置没变。"
        assert office.owner(talk) is Owner.WAITING and everything(office) == []
    await office.says("13800138000")
    assert everything(office) == [], "it was not asked for any more"


async def test_who_talks_of_something_else_is_asked_once_more_and_then_let_be(office: Office) -> None:
    talk = await office.waits()
    await office.says("留个回电", payload=CALL_BACK)
    await office.says("上个月多扣了 20 元")
    assert office.shown(talk)[-1][1].startswith("还差一个能接到电话的号码")
    await office.says("每个月都这样")
    assert office.shown(talk)[-1] == ("system", "已记下, 会一起转给人工专员。")
    await office.says("算了")
    assert office.owner(talk) is Owner.BOT, "now it means that he waits no longer"
    assert everything(office) == []


async def test_the_bot_goes_on_where_the_number_is_not_named(office: Office) -> None:
    talk = await office.says("留个回电", payload=CALL_BACK)
    assert office.owner(talk) is Owner.BOT
    await office.says("查余额", payload="/ask_balance")
    assert office.dialogue.heard, "a chosen button is no answer"
    await office.says("留个回电", payload=CALL_BACK)
    office.clock.forward(minutes=31)
    before = len(office.dialogue.heard)
    await office.says("13800138000")
    assert len(office.dialogue.heard) == before + 1 and everything(office) == []


async def test_the_number_that_the_channel_knows_is_offered(office: Office) -> None:
    talk = await office.waits()
    with office.work() as session:
        session.add(VouchedNumberRow(conversation_id=talk, phone="17000000009", at=office.clock()))
    await office.says("留个回电", payload=CALL_BACK)
    assert office.shown(talk)[-1][1] == "打 170****0009 给您回电, 可以吗?"
    await office.says("换个号码", payload='/call_back_number{"number": "another"}')
    assert office.lines(talk)[-1].content["asks"] == "number"
    await office.says("0755-12345678")
    assert "打 0755****5678 联系您" in office.shown(talk)[-1][1]
    (ticket,) = everything(office)
    assert ticket["text"].endswith("这之前说的: 转人工") and ticket["phone"] == "0755****5678"

    other = await office.waits(sender="other")
    with office.work() as session:
        session.add(VouchedNumberRow(conversation_id=other, phone="17000000010", at=office.clock()))
    await office.says("留个回电", "other", CALL_BACK)
    await office.says("就打这个", "other", '/call_back_number{"number": "this"}')
    assert "打 170****0010 联系您" in office.shown(other)[-1][1] and office.owner(other) is Owner.CLOSED


async def test_while_a_human_serves_the_number_is_his_to_ask_for(office: Office) -> None:
    talk = await office.waits()
    await office.says("留个回电", payload=CALL_BACK)
    office.service.accept(office.agent("lin", "billing"), talk)
    before = office.shown(talk)
    await office.says("13800138000")
    assert office.shown(talk)[len(before) :] == [("customer", "13800138000")] and everything(office) == []


async def test_however_often_it_is_asked_for_one_call_back_is_left(office: Office) -> None:
    talk = await office.waits()
    await office.says("留个回电", payload=CALL_BACK)
    await office.says("13800138000")
    await office.says("留个回电", payload=CALL_BACK)
    await office.waits()
    await office.says("留个回电", payload=CALL_BACK)
    assert len(everything(office)) == 1 and office.owner(talk) is Owner.CLOSED
    assert len([text for _, text in office.shown(talk) if "261122-001" in text]) == 3


async def test_a_verified_customer_is_called_on_his_number(office: Office) -> None:
    talk = await office.waits()
    office.verifications.establish(talk, "c1", "17000000001")
    await office.says("留个回电", payload=CALL_BACK)
    assert "打 170****0001 联系您" in office.shown(talk)[-1][1]


async def test_the_whole_number_is_for_those_who_call(office: Office) -> None:
    talk = await office.waits()
    await office.says("留个回电", payload=CALL_BACK)
    await office.says("0755-12345678 转 801")
    lin, chen = office.agent("lin", "billing"), office.agent("chen", "plans")
    chief = replace(chen, role=Role.SUPERVISOR)

    def seen_by(agent: Agent) -> tuple[str | None, str | None]:
        (ticket,) = office.tickets.found(agent, Filters())["tickets"]
        return ticket["phone"], ticket["call"]

    masked, whole = "0755****5678", "075512345678-801"
    assert seen_by(lin) == (masked, whole), "his group's department has it"
    assert seen_by(chen) == (masked, None)
    assert seen_by(chief) == (masked, whole)
    assert office.tickets.of_conversation(talk)[0]["call"] is None
    (ticket,) = everything(office)
    office.tickets.step(chen, ticket["id"], "working", "我来打")
    assert seen_by(chen) == (masked, whole), "he works on it now"
    office.tickets.step(chen, ticket["id"], "closed", "打过了")
    assert seen_by(chen) == seen_by(chief) == (masked, None)


async def test_nobody_but_the_human_answers_while_he_serves(office: Office) -> None:
    _, talk = await office.served()
    before = office.shown(talk)
    await office.says("留个回电", payload=CALL_BACK)
    assert office.shown(talk)[len(before) :] == [("customer", "留个回电")]
    assert everything(office) == []


async def test_out_of_hours_the_promise_is_for_when_somebody_is_there(office: Office) -> None:
    office.clock.forward(hours=9)  # 23:05
    talk = await office.says("留个回电", payload=CALL_BACK)
    await office.says("13800138000")
    (ticket,) = everything(office)
    assert ticket["kind"] == "inquiry" and "最迟明天 22:00" in office.shown(talk)[-1][1], (
        "nobody is there: no half hour"
    )
    office.agent("lin", "general")
    await office.says("留个回电", "other", CALL_BACK)
    other = await office.says("13800138000", "other")
    assert "最迟明天 08:30" in office.shown(other)[-1][1]


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
