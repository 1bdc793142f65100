"""Tickets to departments: made by agents or left by customers, worked on step by step, each step told to the customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.messages import Author
from botkit.conversation.ownership import service_of
from botkit.conversation.reply import Reply, said
from botkit.desk.accounts import Agent
from botkit.desk.card import masked
from botkit.desk.moments import PLACE, moment
from botkit.desk.service import Refused, present, written
from botkit.desk.telling import tell
from botkit.desk.ticket_view import UNDER_WAY_FIRST, Filters, counts, described, found
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
from botkit.store.tables.desk import CallBackWishRow, TicketRow, TicketStepRow
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
            return described(session, [row], self._texts, agent)[0]

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
            return conversation.id, described(session, [row], self._texts, agent)[0]

    def found(self, agent: Agent, filters: Filters) -> dict[str, Any]:
        """`{tickets, counts}`: tickets of all departments, and how many each filter would show."""
        now = self._clock()
        with self._unit_of_work(reading=True) as session:
            rows = found(session, agent, filters, now, PAGE)
            return {
                "tickets": described(session, rows, self._texts, agent),
                "counts": counts(session, agent, filters, now),
            }

    def of_conversation(self, conversation_id: str) -> list[dict[str, Any]]:
        """For the panorama: tickets of this conversation and of who is verified in it; those under way first, then the
        latest."""
        with self._unit_of_work(reading=True) as session:
            verification = session.get(VerificationRow, conversation_id)
            mine = _belonging(conversation_id, verification.customer_id if verification else None)
            query = select(TicketRow).where(mine).order_by(UNDER_WAY_FIRST, TicketRow.id.desc())
            return described(session, session.execute(query.limit(SHOWN)).scalars().all(), self._texts)

    # Customers

    def statuses(self, conversation_id: str, customer_id: str | None) -> Sequence[TicketStatus]:
        """What a customer may know: tickets of this conversation, and of who is verified; those under way first."""
        known = or_(TicketRow.state.in_(_OPEN), TicketRow.created_at > self._clock() - KNOWN_FOR)
        statement = select(TicketRow).where(_belonging(conversation_id, customer_id), known)
        with self._unit_of_work(reading=True) as session:
            rows = session.execute(statement.order_by(UNDER_WAY_FIRST, TicketRow.id.desc())).scalars().all()
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

    def number_to_call(self, session: Session, conversation: ConversationRow) -> str | None:
        """The number at which he is to be called: of the call back that nobody has answered yet, or his proven one."""
        row = self._call_back_left(session, conversation)
        if row is not None and row.phone:
            return str(row.phone)
        verification = self._verification(session, conversation)
        return str(verification.phone) if verification else None

    def leave_call_back(self, session: Session, conversation: ConversationRow, phone: str) -> Reply:
        """The customer is to be called back at this number, within the unit of work that has locked his conversation. What
        he is told.

        Who has left one that nobody has answered yet is told of that.
        """
        row = self._call_back_left(session, conversation)
        if row is None:
            service = service_of(session, conversation)
            department, kind = CALL_BACKS[service.skill if service else Group.GENERAL.value]
            row = self._add(session, conversation, department, kind, self._wish(session, conversation), phone=phone)
        row.phone = phone
        return self._said("desk_call_back", row, phone=masked_phone(phone))

    def _call_back_left(self, session: Session, conversation: ConversationRow) -> TicketRow | None:
        waiting = and_(TicketRow.conversation_id == conversation.id, TicketRow.call_back, TicketRow.state.in_(_OPEN))
        query = select(TicketRow).where(waiting).order_by(TicketRow.id.desc()).limit(1)
        row: TicketRow | None = session.execute(query).scalar()
        return row

    # Inside

    def _add(
        self,
        session: Session,
        conversation: ConversationRow,
        department: str,
        kind: str,
        text: str,
        agent_id: int | None = None,
        phone: str | None = None,
    ) -> TicketRow:
        """phone: the number to call back, where that is what is to be done."""
        now = self._clock()
        here = now.astimezone(PLACE)
        simple = kind in SIMPLE_KINDS and (agent_id is not None or bool(present(session)))
        verification = self._verification(session, conversation)
        row = TicketRow(
            conversation_id=conversation.id,
            customer_id=verification.customer_id if verification else None,
            made_by=agent_id,
            call_back=phone is not None,
            phone=phone or (verification.phone if verification else None),
            department=department,
            kind=kind,
            text=text,
            state=TicketState.OPEN.value,
            created_at=now,
            promised_at=promise(here, simple, self._hours).astimezone(now.tzinfo),
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
        """What he said before he wanted to be called, numbers masked: they are for the one who calls, in their own place."""
        wish = session.get(CallBackWishRow, conversation.id)
        before = wish.seq if wish is not None else conversation.last_seq
        query = select(LineRow.text).where(
            LineRow.conversation_id == conversation.id,
            LineRow.author == Author.CUSTOMER.value,
            LineRow.text != "",
            LineRow.seq < before,
        )
        last = session.execute(query.order_by(LineRow.seq.desc()).limit(SAID_LINES)).scalars().all()
        lines = masked(" / ".join(reversed(last)))
        here = self._clock().astimezone(PLACE)
        at = self._texts.text("desk_absolute", year=here.year, month=here.month, day=here.day, time=f"{here:%H:%M}")
        if not lines:
            return self._texts.text("desk_call_back_text_nothing", at=at)
        return self._texts.text("desk_call_back_text", at=at, said=lines[-SAID_LENGTH:])

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
