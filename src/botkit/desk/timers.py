"""What happens by itself: silent customers are reminded and let go, slow agents and breaking promises are called out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.messages import Author
from botkit.conversation.ownership import move, service_of
from botkit.conversation.reply import said
from botkit.conversation.transcript import locked_conversation
from botkit.desk import rating
from botkit.desk.moments import moment
from botkit.desk.service import present
from botkit.desk.telling import tell
from botkit.handoff.machine import Close, End, Owner
from botkit.handoff.silence import Due, Patience, Talk, due
from botkit.handoff.tickets import UNDER_WAY, about_to_break
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, LineRow
from botkit.store.tables.desk import ServiceRow, TicketRow

EXCERPT = 80
"""Characters of the customer's line that the agent's alert carries."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Happened:
    """What a tick did in a conversation; something may wait in the outbox.

    call: what agents are alerted with, "" for nothing. agent: whom it concerns; None: everybody.
    """

    conversation_id: str
    call: str = ""
    agent: int | None = None
    text: str = ""


class Timers:
    """`tick` is called every few seconds; each thing is done once, whatever the pace and however many servers."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        texts: Texts,
        clock: Callable[[], datetime],
        patience: Patience | None = None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._texts = texts
        self._clock = clock
        self._patience = patience or Patience()

    def tick(self) -> Sequence[Happened]:
        """Do all that is due now. What fails for one conversation is left for the next tick."""
        happened: list[Happened] = []
        for conversation_id in self._silent():
            happened += self._tried(self._silence, conversation_id)
        for ticket_id in self._breaking():
            happened += self._tried(self._promise, ticket_id)
        return happened

    def _tried(self, work: Callable[[T], Sequence[Happened]], on: T) -> Sequence[Happened]:
        try:
            return work(on)
        except Exception:
            log.exception("timer failed", on=on)
            return ()

    # Silence

    def _silent(self) -> Sequence[str]:
        """Conversations with a human in which something is due."""
        query = (
            select(ConversationRow.id, ServiceRow)
            .join(ServiceRow, ServiceRow.id == ConversationRow.service_id)
            .where(ConversationRow.owner == Owner.HUMAN.value)
            .order_by(ServiceRow.id)
        )
        with self._unit_of_work(reading=True) as session:
            return [found for found, service in session.execute(query) if self._due(service)]

    def _due(self, service: ServiceRow) -> Due | None:
        talk = Talk(service.customer_at, service.agent_at, service.reminded_at, service.soothed_at)
        return due(talk, self._clock(), self._patience)

    def _silence(self, conversation_id: str) -> Sequence[Happened]:
        with self._unit_of_work() as session:
            conversation = locked_conversation(session, conversation_id)
            service = service_of(session, conversation)
            if service is None or conversation.owner != Owner.HUMAN.value:
                return ()
            what = self._due(service)
            if what is None:
                return ()
            if what is Due.SOOTHE_CUSTOMER:
                return [self._soothe(session, conversation, service)]
            if what is Due.REMIND_CUSTOMER:
                service.reminded_at = self._clock()
                self._tell(session, conversation, "desk_remind", minutes=_minutes(self._patience.close_after))
            else:
                self._close(session, conversation, service)
            return [Happened(conversation_id)]

    def _soothe(self, session: Session, conversation: ConversationRow, service: ServiceRow) -> Happened:
        service.soothed_at = self._clock()
        self._tell(session, conversation, "desk_soothe")
        query = select(LineRow.text).where(
            LineRow.conversation_id == conversation.id, LineRow.author == Author.CUSTOMER.value
        )
        last = session.execute(query.order_by(LineRow.seq.desc()).limit(1)).scalar() or ""
        return Happened(conversation.id, "late", service.agent_id, last[:EXCERPT])

    def _close(self, session: Session, conversation: ConversationRow, service: ServiceRow) -> None:
        move(session, conversation, Close(End.CUSTOMER_SILENT), self._clock())
        self._tell(session, conversation, "desk_closed_silent")
        rating.ask(session, conversation, service, self._texts, self._clock())

    # Promises

    def _breaking(self) -> Sequence[int]:
        """Tickets whose promise is about to break, and of which nobody has been told."""
        now = self._clock()
        query = select(TicketRow.id, TicketRow.created_at, TicketRow.promised_at).where(_to_be_told())
        with self._unit_of_work(reading=True) as session:
            return [
                ticket_id
                for ticket_id, created, promised in session.execute(query.order_by(TicketRow.promised_at))
                if about_to_break(created, promised, now)
            ]

    def _promise(self, ticket_id: int) -> Sequence[Happened]:
        """Tell who made it, if he is there, else everybody."""
        with self._unit_of_work() as session:
            query = select(TicketRow).where(TicketRow.id == ticket_id, _to_be_told()).with_for_update()
            ticket = session.execute(query).scalar_one_or_none()
            if ticket is None:
                return ()
            ticket.alerted_at = self._clock()
            there = {served.agent.id for served in present(session)}
            when = moment(self._texts, ticket.promised_at, self._clock())
            text = self._texts.text("desk_promise_breaks", number=ticket.number, when=when)
            agent = ticket.made_by if ticket.made_by in there else None
            return [Happened(ticket.conversation_id, "promise", agent, text)]

    def _tell(self, session: Session, conversation: ConversationRow, name: str, **values: object) -> None:
        tell(session, conversation, said(self._texts, name, **values), self._clock())


def _to_be_told() -> object:
    return TicketRow.state.in_([state.value for state in UNDER_WAY]) & TicketRow.alerted_at.is_(None)


def _minutes(length: timedelta) -> int:
    return int(length / timedelta(minutes=1))
