"""What is read from the database for card, panorama and summary."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from botkit.bss.port import OperatorUnavailable
from botkit.content import Glossary, PhoneContent, load_phones, load_terms
from botkit.content.texts import Texts
from botkit.conversation.messages import Author
from botkit.conversation.ownership import move
from botkit.conversation.transcript import append_line, open_conversation
from botkit.conversation.verification import Verifications
from botkit.desk.accounts import agent_of
from botkit.desk.insight import Insight
from botkit.desk.tickets import Tickets
from botkit.handoff.hours import ServiceHours, Window
from botkit.handoff.machine import Accept, Close, End, HandOver, Reason
from botkit.settings import Settings
from botkit.store.engine import UnitOfWork
from botkit.store.tables.desk import AgentRow, ServiceRow
from tests.unit.conversation.fakes import Clock

PHONE, OTHER = "17000000006", "17000000009"
HOUR = timedelta(hours=1)
HOURS = ServiceHours({day: (Window(time(8), time(22)),) for day in range(7)})

SETTINGS = Settings.from_environment({})


class Silent:
    """An operator that does not answer: what is shown of earlier contacts needs none."""

    def __getattr__(self, name: str) -> Any:
        raise OperatorUnavailable


@pytest.fixture(scope="module")
def phones() -> PhoneContent:
    return load_phones(SETTINGS.content / "phones")


@pytest.fixture(scope="module")
def terms() -> Glossary:
    return load_terms(SETTINGS.content / "terms.yml")


ASKED = HandOver(Reason.ASKED, "bill", "billing", "asked", "要人工")


class Desk:
    """One agent, and customers who come and go, a minute between one thing and the next."""

    def __init__(self, work: UnitOfWork, clock: Clock, texts: Texts, phones: PhoneContent, terms: Glossary) -> None:
        self.work, self.clock = work, clock
        self.verifications = Verifications(work, clock, timedelta(hours=1))
        operator: Any = Silent()
        self.tickets = Tickets(work, texts, clock, HOURS, HOUR)
        self.insight = Insight(work, operator, texts, phones, terms, SETTINGS.project / "domain", clock, self.tickets)
        with work() as session:
            agent = AgentRow(
                login="lin", name="小林", password_hash="", role="agent", skills=[], places=3, presence="online",
                active=True, created_at=clock(),
            )  # fmt: skip
            session.add(agent)
            session.flush()
            self.agent = agent.id
            self.lin = agent_of(agent)

    def _later(self) -> datetime:
        self.clock.forward(minutes=1)
        return self.clock()

    def verifies(self, sender: str, phone: str) -> None:
        talk = self.talk_of(sender)
        self.verifications.note_number(talk, phone)
        self._later()
        self.verifications.establish(talk, f"customer of {phone}", phone)

    def talk_of(self, sender: str) -> str:
        with self.work() as session:
            return str(open_conversation(session, "web", sender, self.clock()).id)

    def asks(self, sender: str, intent: str, answer: str) -> None:
        with self.work() as session:
            row = open_conversation(session, "web", sender, self.clock())
            append_line(session, row, Author.BOT, answer, self._later(), None, {"intent": intent})

    def hands_over(self, sender: str, how: HandOver = ASKED) -> str:
        with self.work() as session:
            row = open_conversation(session, "web", sender, self.clock())
            move(session, row, how, self._later())
            move(session, row, Accept(self.agent), self.clock())
            return str(row.id)

    def closes(self, sender: str, summary: str) -> None:
        with self.work() as session:
            row = open_conversation(session, "web", sender, self.clock())
            session.get(ServiceRow, row.service_id).summary = summary
            move(session, row, Close(End.CLOSED_BY_AGENT, self.agent), self._later())

    def told_tickets(self, conversation_id: str) -> list[tuple[str, str]]:
        """(text, state) of those in the panorama."""
        page = self.insight.panorama(conversation_id, verified=True)
        assert page is not None
        return [(ticket["text"], ticket["state"]) for ticket in page["tickets"]]

    def contacts(self, conversation_id: str) -> list[Any]:
        page = self.insight.panorama(conversation_id, verified=True)
        assert page is not None
        return [contact["summary"] for contact in page["contacts"]]


@pytest.fixture
def desk(work: UnitOfWork, clock: Clock, texts: Texts, phones: PhoneContent, terms: Glossary) -> Desk:
    return Desk(work, clock, texts, phones, terms)


def test_no_card_while_the_bot_has_it(desk: Desk) -> None:
    desk.asks("a", "ask_balance", "话费余额 36.42 元。")
    talk = desk.hands_over("a")
    desk.closes("a", "好了")
    assert desk.insight.card(talk, verified=True) is None
    assert desk.insight.card("nowhere", verified=True) is None
    assert desk.insight.summary(talk) == ""


def test_what_was_settled_before_is_not_on_the_card(desk: Desk) -> None:
    desk.verifies("a", PHONE)
    desk.asks("a", "ask_balance", "话费余额 36.42 元。")
    desk.hands_over("a")
    desk.closes("a", "查了余额")
    desk.asks("a", "ask_bill", "10月一共 102.00 元。")
    card = desk.insight.card(desk.hands_over("a"), verified=True)
    assert card is not None
    assert [fact["value"] for fact in card["facts"]] == ["10月一共 102.00 元。"]
    assert "“看账单”" in card["summary"] and "余额" not in card["summary"]


def test_the_rule_that_handed_over_is_on_the_card_and_not_the_one_before(desk: Desk) -> None:
    card = desk.insight.card(desk.hands_over("a"), verified=False)
    assert card is not None and card["rule"] == "要人工"
    desk.closes("a", "好了")
    card = desk.insight.card(desk.hands_over("a", HandOver(Reason.BOT_FAILURE)), verified=False)
    assert card is not None and card["rule"] == "", "no rule: the reason says it"


def test_no_panorama_of_nobody(desk: Desk) -> None:
    talk = desk.hands_over("a")
    assert desk.insight.panorama(talk, verified=True) is None, "nobody is verified in it"
    desk.verifies("a", PHONE)
    assert desk.insight.panorama(talk, verified=False) is None, "the view says that it does not count any more"


def test_contacts_in_all_his_conversations_the_latest_first(desk: Desk) -> None:
    for sender, summary in (("a", "第一次"), ("b", "第二次")):
        desk.verifies(sender, PHONE)
        desk.hands_over(sender)
        desk.closes(sender, summary)
    desk.verifies("b", PHONE)
    talk = desk.hands_over("b")
    assert desk.contacts(talk) == ["第二次", "第一次"], "verified anew, and still his"


def test_what_he_said_of_earlier_services(desk: Desk) -> None:
    desk.verifies("a", PHONE)
    for score, solved in ((None, None), (4, None), (2, False)):
        talk = desk.hands_over("a")
        desk.closes("a", "好了")
        with desk.work() as session:
            service = session.query(ServiceRow).order_by(ServiceRow.id.desc()).first()
            service.rating, service.rating_solved = score, solved
    page = desk.insight.panorama(talk, verified=True)
    assert page is not None
    told = [(contact["score"], contact["solved"]) for contact in page["contacts"]]
    assert told == [(2, False), (4, None), (None, None)]


def test_another_customers_contacts_are_not_shown(desk: Desk) -> None:
    """Two people at one browser: what came before the second proved his number is not his."""
    desk.verifies("a", OTHER)
    desk.hands_over("a")
    desk.closes("a", "别人的事")
    desk.verifies("a", PHONE)
    desk.hands_over("a")
    desk.closes("a", "自己的事")
    assert desk.contacts(desk.hands_over("a")) == ["自己的事"]


def test_what_was_done_for_him_stays_his_when_his_verification_has_ended(desk: Desk) -> None:
    desk.verifies("a", PHONE)
    desk.hands_over("a")
    desk.closes("a", "第一次")
    desk.clock.forward(hours=2)
    desk.verifications.current(desk.talk_of("a"))
    desk.verifies("b", PHONE)
    assert desk.contacts(desk.hands_over("b")) == ["第一次"]


def test_tickets_under_way_stand_in_the_panorama(desk: Desk) -> None:
    desk.verifies("a", PHONE)
    talk = desk.hands_over("a")
    assert desk.told_tickets(talk) == []
    done = desk.tickets.make(desk.lin, talk, "billing", "charge", "核对 20 元")
    desk.tickets.step(desk.lin, done["id"], "done", "退好了")
    made = desk.tickets.make(desk.lin, talk, "network", "network", "地下室没信号")
    desk.tickets.step(desk.lin, made["id"], "working", "在查基站")
    assert desk.told_tickets(talk) == [("地下室没信号", "working"), ("核对 20 元", "done")]


def test_tickets_of_who_is_not_verified_stand_nowhere(desk: Desk) -> None:
    talk = desk.hands_over("a")
    desk.tickets.make(desk.lin, talk, "billing", "charge", "核对 20 元")
    assert desk.insight.panorama(talk, verified=False) is None
    desk.verifies("a", PHONE)
    assert desk.insight.panorama(talk, verified=False) is None
    assert desk.told_tickets(talk) == [("核对 20 元", "open")], "and now he is"


def test_the_summary_reads_this_service(desk: Desk, texts: Texts) -> None:
    desk.asks("a", "ask_bill", "10月一共 102.00 元。")
    talk = desk.hands_over("a")
    assert desk.insight.summary(talk) == "客户要“看账单”。" + texts.text("closing_not_answered")
