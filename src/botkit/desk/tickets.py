"""Tickets to departments: made by agents or left by customers, worked on step by step, each step told to the customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.messages import Author
from botkit.conversation.ownership import service_of
from botkit.conversation.reply import Reply, said
from botkit.desk.accounts import Agent
from botkit.desk.moments import PLACE, moment
from botkit.desk.service import Refused, present, written
from botkit.desk.telling import tell
from botkit.handoff.hours import ServiceHours
from botkit.handoff.routing import Group
from botkit.handoff.tickets import (
    CALL_BACKS,
    SIMPLE_KINDS,
    UNDER_WAY,
    TicketState,
    TicketStatus,
    may_follow,
    number_of,
    promise,
)
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, LineRow, VerificationRow
from botkit.store.tables.desk import AgentRow, TicketRow, TicketStepRow
from botkit.telecom.masking import masked_phone

PAGE = 100
SHOWN = 20
"""So many of a customer's tickets stand in his panorama."""

SAID_LINES, SAID_LENGTH = 5, 300
"""How much of what a customer said last goes into the ticket that he leaves."""

KNOWN_FOR = timedelta(days=30)
"""So long a customer is told of a ticket that is done."""

_TRIES = 5
_OPEN = [state.value for state in UNDER_WAY]
_UNDER_WAY_FIRST = case((TicketRow.state.in_(_OPEN), 0), else_=1)


class Tickets:
    """Methods raise Refused; then nothing has changed. What is said to the customer waits in the outbox afterwards."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        texts: Texts,
        clock: Callable[[], datetime],
        hours: ServiceHours,
        verified_for: timedelta,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._texts = texts
        self._clock = clock
        self._hours = hours
        self._verified_for = verified_for

    # Agents

    def make(self, agent: Agent, conversation_id: str, department: str, kind: str, text: str) -> dict[str, Any]:
        """The new ticket. Refused: empty, too_long, unknown_department, unknown_kind, unknown_conversation."""
        text = written(text, "empty")
        if department not in self._texts.labels("desk_departments"):
            raise Refused("unknown_department")
        if kind not in self._texts.labels("desk_kinds"):
            raise Refused("unknown_kind")
        with self._unit_of_work() as session:
            conversation = session.get(ConversationRow, conversation_id, with_for_update=True)
            if conversation is None:
                raise Refused("unknown_conversation")
            row = self._add(session, conversation, department, kind, text, agent_id=agent.id)
            self._tell(session, conversation, "desk_ticket_made", row)
            return _described(session, [row], self._texts)[0]

    def step(self, agent: Agent, ticket_id: int, state: str, text: str) -> tuple[str, dict[str, Any]]:
        """(conversation id, ticket) after a step. One that repeats the last is taken once.

        Refused: empty, too_long, unknown_ticket, ticket_step.
        """
        text = written(text, "empty")
        try:
            after = TicketState(state)
        except ValueError:
            raise Refused("ticket_step") from None
        with self._unit_of_work() as session:
            known = session.get(TicketRow, ticket_id)
            if known is None:
                raise Refused("unknown_ticket")
            conversation = session.get(ConversationRow, known.conversation_id, with_for_update=True)
            row = session.get(TicketRow, ticket_id, populate_existing=True)
            last = session.execute(_steps([row.id]).order_by(TicketStepRow.id.desc()).limit(1)).scalar()
            if (last.state, last.text) != (after.value, text):
                if not may_follow(TicketState(row.state), after):
                    raise Refused("ticket_step")
                self._add_step(session, row, after, text, agent.id)
                row.state = after.value
                self._tell(session, conversation, f"desk_ticket_{after.value}", row, text=text)
            return conversation.id, _described(session, [row], self._texts)[0]

    def found(self, state: str = "", query: str = "") -> list[dict[str, Any]]:
        """Tickets of all departments: those whose promise comes due first, then what is done, the latest first."""
        statement = select(TicketRow)
        if state:
            statement = statement.where(TicketRow.state == state)
        if words := query.strip()[:50]:
            statement = statement.where(
                or_(TicketRow.number.contains(words, autoescape=True), TicketRow.text.contains(words, autoescape=True))
            )
        under_way = TicketRow.state.in_(_OPEN)
        statement = statement.order_by(_UNDER_WAY_FIRST, case((under_way, TicketRow.promised_at)), TicketRow.id.desc())
        with self._unit_of_work(reading=True) as session:
            return _described(session, session.execute(statement.limit(PAGE)).scalars().all(), self._texts)

    def of_conversation(self, conversation_id: str) -> list[dict[str, Any]]:
        """For the panorama: tickets of this conversation and of who is verified in it; those under way first, then the
        latest."""
        with self._unit_of_work(reading=True) as session:
            verification = session.get(VerificationRow, conversation_id)
            mine = _belonging(conversation_id, verification.customer_id if verification else None)
            query = select(TicketRow).where(mine).order_by(_UNDER_WAY_FIRST, TicketRow.id.desc())
            return _described(session, session.execute(query.limit(SHOWN)).scalars().all(), self._texts)

    # Customers

    def statuses(self, conversation_id: str, customer_id: str | None) -> Sequence[TicketStatus]:
        """What a customer may know: tickets of this conversation, and of who is verified; those under way first."""
        known = or_(TicketRow.state.in_(_OPEN), TicketRow.created_at > self._clock() - KNOWN_FOR)
        statement = select(TicketRow).where(_belonging(conversation_id, customer_id), known)
        with self._unit_of_work(reading=True) as session:
            rows = session.execute(statement.order_by(_UNDER_WAY_FIRST, TicketRow.id.desc())).scalars().all()
            last = _last_words(session, [row.id for row in rows])
        return [
            TicketStatus(
                row.number,
                self._texts.labels("desk_departments").get(row.department, row.department),
                TicketState(row.state),
                row.created_at,
                row.promised_at,
                last.get(row.id, ""),
            )
            for row in rows
        ]

    def leave_call_back(self, session: Session, conversation: ConversationRow) -> Reply:
        """The customer is to be called back, within the unit of work that has locked his conversation. What he is told.

        Who has left one that nobody has answered yet is told of that.
        """
        waiting = and_(TicketRow.conversation_id == conversation.id, TicketRow.call_back, TicketRow.state.in_(_OPEN))
        row = session.execute(select(TicketRow).where(waiting).order_by(TicketRow.id.desc()).limit(1)).scalar()
        if row is None:
            service = service_of(session, conversation)
            department, kind = CALL_BACKS[service.skill if service else Group.GENERAL.value]
            row = self._add(session, conversation, department, kind, self._wish(session, conversation), call_back=True)
        verification = self._verification(session, conversation)
        if verification is None:
            return self._said("desk_call_back", row)
        return self._said("desk_call_back_phone", row, phone=masked_phone(verification.phone))

    # Inside

    def _add(
        self,
        session: Session,
        conversation: ConversationRow,
        department: str,
        kind: str,
        text: str,
        agent_id: int | None = None,
        call_back: bool = False,
    ) -> TicketRow:
        now = self._clock()
        here = now.astimezone(PLACE)
        opens = None if self._hours.is_open(here) else self._hours.next_opening(here)
        simple = kind in SIMPLE_KINDS and (agent_id is not None or bool(present(session)))
        verification = self._verification(session, conversation)
        row = TicketRow(
            conversation_id=conversation.id,
            customer_id=verification.customer_id if verification else None,
            made_by=agent_id,
            call_back=call_back,
            department=department,
            kind=kind,
            text=text,
            state=TicketState.OPEN.value,
            created_at=now,
            promised_at=promise(now, simple, opens if agent_id is None else None),
        )
        _number(session, row, here)
        self._add_step(session, row, TicketState.OPEN, "", agent_id)
        return row

    def _add_step(self, session: Session, row: TicketRow, state: TicketState, text: str, agent_id: int | None) -> None:
        session.add(TicketStepRow(ticket_id=row.id, state=state.value, text=text, agent_id=agent_id, at=self._clock()))
        session.flush()

    def _verification(self, session: Session, conversation: ConversationRow) -> VerificationRow | None:
        """Who was verified when he asked for a human stays so until the human is done."""
        row = session.get(VerificationRow, conversation.id)
        service = service_of(session, conversation)
        asked = service.requested_at if service else self._clock()
        return row if row is not None and row.used_at >= asked - self._verified_for else None

    def _wish(self, session: Session, conversation: ConversationRow) -> str:
        """What he said last, his wish to be called aside."""
        query = select(LineRow.text).where(
            LineRow.conversation_id == conversation.id, LineRow.author == Author.CUSTOMER.value, LineRow.text != ""
        )
        last = session.execute(query.order_by(LineRow.seq.desc()).limit(SAID_LINES + 1)).scalars().all()
        lines = " / ".join(reversed(last[1:]))
        return self._texts.text("desk_call_back_text", said=lines[-SAID_LENGTH:])

    def _said(self, name: str, row: TicketRow, **values: object) -> Reply:
        department = self._texts.labels("desk_departments").get(row.department, row.department)
        when = moment(self._texts, row.promised_at, self._clock())
        return said(self._texts, name, number=row.number, department=department, when=when, **values)

    def _tell(
        self, session: Session, conversation: ConversationRow, name: str, row: TicketRow, **values: object
    ) -> None:
        tell(session, conversation, self._said(name, row, **values), self._clock())


def _number(session: Session, row: TicketRow, here: datetime) -> None:
    """Give it the next number of the day; another server may be about to take the same."""
    for attempt in range(1, _TRIES + 1):
        last = session.execute(select(func.max(TicketRow.running)).where(TicketRow.day == here.date())).scalar()
        row.day, row.running = here.date(), (last or 0) + 1
        row.number = number_of(row.day, row.running)
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
            return
        except IntegrityError:
            if attempt == _TRIES:
                raise


def _belonging(conversation_id: str, customer_id: str | None) -> Any:
    """Tickets of this conversation, save those of somebody else who was verified in it, and of the verified customer."""
    here = TicketRow.conversation_id == conversation_id
    if customer_id is None:
        return here
    return or_(
        TicketRow.customer_id == customer_id,
        and_(here, TicketRow.customer_id.is_(None)),
    )


def _steps(ticket_ids: Sequence[int]) -> Any:
    return select(TicketStepRow).where(TicketStepRow.ticket_id.in_(ticket_ids))


def _last_words(session: Session, ticket_ids: Sequence[int]) -> Mapping[int, str]:
    rows = session.execute(_steps(ticket_ids).order_by(TicketStepRow.id)).scalars()
    return {row.ticket_id: row.text for row in rows if row.text}


def _described(session: Session, rows: Sequence[TicketRow], texts: Texts) -> list[dict[str, Any]]:
    """As the console shows them, with their steps."""
    steps = session.execute(_steps([row.id for row in rows]).order_by(TicketStepRow.id)).scalars().all()
    agents = select(AgentRow.id, AgentRow.name).where(AgentRow.id.in_({step.agent_id for step in steps}))
    names = {agent_id: name for agent_id, name in session.execute(agents)}
    customer = texts.text("desk_by_customer")
    return [
        {
            "id": row.id,
            "conversation": row.conversation_id,
            "number": row.number,
            "department": row.department,
            "kind": row.kind,
            "text": row.text,
            "state": row.state,
            "promised_at": row.promised_at.isoformat(),
            "created_at": row.created_at.isoformat(),
            "steps": [
                {
                    "state": step.state,
                    "text": step.text,
                    "at": step.at.isoformat(),
                    "by": names.get(step.agent_id, customer),
                }
                for step in steps
                if step.ticket_id == row.id
            ],
        }
        for row in rows
    ]
