"""What the console asks for about a customer: reads what card, panorama and summary are made of, and what can be looked up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from botkit.bss.port import Operator, OperatorUnavailable
from botkit.content import Glossary, PhoneContent
from botkit.content.texts import Texts
from botkit.conversation.ownership import service_of
from botkit.conversation.transcript import read_lines
from botkit.desk.card import Case, Service, card
from botkit.desk.glance import rules
from botkit.desk.knowledge import Knowledge, entries_of, load_responses
from botkit.desk.panorama import Contact, panorama
from botkit.desk.slots import slots_of
from botkit.desk.summary import summary
from botkit.desk.tickets import Tickets
from botkit.nlu.moods import ANNOYED_FROM
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, CustomerStretchRow, VerificationRow
from botkit.store.tables.desk import ServiceRow

LINES = 200
"""So many lines before the hand-over, and of the service, are read."""

CONTACTS = 10


class Insight:
    """`verified` is what `DeskView.item` says of the conversation: there the rule stands."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        operator: Operator,
        texts: Texts,
        phones: PhoneContent,
        terms: Glossary,
        domain: Path,
        clock: Callable[[], datetime],
        tickets: Tickets,
    ) -> None:
        """domain: the folder with Rasa's responses."""
        self._unit_of_work = unit_of_work
        self._operator = operator
        self._texts = texts
        self._phones = phones
        self._terms = terms
        self._domain = domain
        self._clock = clock
        self._tickets = tickets
        self._knowledge: tuple[date, Knowledge] | None = None
        self._building = threading.Lock()

    def card(self, conversation_id: str, verified: bool) -> dict[str, Any] | None:
        """None where neither a human has the conversation nor anybody waits for one."""
        with self._unit_of_work(reading=True) as session:
            conversation = session.get(ConversationRow, conversation_id)
            service = service_of(session, conversation) if conversation else None
            if service is None:
                return None
            known = session.get(VerificationRow, conversation_id) if verified else None
            case = Case(
                Service(
                    service.reason,
                    service.skill,
                    service.requested_at,
                    rules(session, [conversation_id]).get(conversation_id, ""),
                    service.frustration >= ANNOYED_FROM,
                ),
                _with_the_bot(session, service),
                slots_of(session, conversation_id),
                known.phone if known else None,
                known.verified_at if known else None,
            )
        return card(case, self._texts, self._phones.registry, self._clock())

    def panorama(self, conversation_id: str, verified: bool) -> dict[str, Any] | None:
        """None where nobody is verified."""
        if not verified:
            return None
        with self._unit_of_work(reading=True) as session:
            known = session.get(VerificationRow, conversation_id)
            if known is None:
                return None
            customer_id, phone = known.customer_id, known.phone
            contacts = _contacts(session, customer_id)
        tickets = self._tickets.of_conversation(conversation_id)
        return panorama(self._operator, customer_id, phone, contacts, self._texts, self._phones.registry, tickets)

    def summary(self, conversation_id: str) -> str:
        """Empty where no human has the conversation."""
        with self._unit_of_work(reading=True) as session:
            conversation = session.get(ConversationRow, conversation_id)
            service = service_of(session, conversation) if conversation else None
            if service is None:
                return ""
            before = _with_the_bot(session, service)
            lines = read_lines(session, conversation_id, after=service.first_seq, limit=LINES)
        return summary(before, lines, self._texts)

    def search(self, query: str) -> list[dict[str, str]]:
        return self.prepared().search(query)

    def prepared(self) -> Knowledge:
        """What can be looked up today; made anew each day, since plans come and go."""
        today = self._operator.now().date()
        with self._building:
            if self._knowledge is None or self._knowledge[0] != today:
                self._knowledge = today, self._read(today)
            return self._knowledge[1]

    def _read(self, today: date) -> Knowledge:
        try:
            plans, add_ons = self._operator.plans(), self._operator.add_ons()
        except OperatorUnavailable:
            plans, add_ons = [], []
        return Knowledge(
            entries_of(
                self._terms,
                load_responses(self._domain),
                self._texts,
                self._phones.guides,
                [plan for plan in plans if plan.on_sale(today)],
                [add_on for add_on in add_ons if add_on.on_sale(today)],
            )
        )


def _with_the_bot(session: Session, service: ServiceRow) -> Sequence[Any]:
    """The lines from the end of the service before this one to the hand-over."""
    before = select(func.max(ServiceRow.closed_at)).where(
        ServiceRow.conversation_id == service.conversation_id, ServiceRow.id < service.id
    )
    ended = session.execute(before).scalar()
    lines = read_lines(session, service.conversation_id, before=service.first_seq, limit=LINES)
    return [line for line in lines if ended is None or line.at > ended]


def _contacts(session: Session, customer_id: str) -> list[Contact]:
    """Services of this customer that have ended, the latest first."""
    query = (
        select(ServiceRow, ConversationRow.channel)
        .join(ConversationRow, ConversationRow.id == ServiceRow.conversation_id)
        .join(CustomerStretchRow, CustomerStretchRow.conversation_id == ServiceRow.conversation_id)
        .where(
            CustomerStretchRow.customer_id == customer_id,
            ServiceRow.closed_at.is_not(None),
            ServiceRow.first_seq >= CustomerStretchRow.first_seq,
            or_(CustomerStretchRow.last_seq.is_(None), ServiceRow.first_seq <= CustomerStretchRow.last_seq),
        )
        .order_by(ServiceRow.requested_at.desc(), ServiceRow.id.desc())
        .limit(CONTACTS)
    )
    return [
        Contact(
            service.requested_at,
            channel,
            service.reason,
            service.ending or "",
            service.summary or "",
            service.rating,
            service.rating_solved,
        )
        for service, channel in session.execute(query)
    ]
