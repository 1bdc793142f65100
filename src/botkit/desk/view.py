"""What the console shows of conversations: lists, counts, lines. Forms as in `docs/desk.md`; nothing personal of anybody
who is not verified."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from botkit.conversation.messages import Author, Line
from botkit.conversation.outbox import DELIVERED, FAILED
from botkit.conversation.transcript import line_of, read_lines
from botkit.desk.accounts import Agent
from botkit.desk.queue import expected
from botkit.desk.service import present, serving
from botkit.handoff.machine import Owner
from botkit.handoff.mood import mood_of
from botkit.handoff.tickets import UNDER_WAY, about_to_break
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import (
    ConversationRow,
    CustomerStretchRow,
    LineRow,
    OutboundRow,
    VerificationRow,
)
from botkit.store.tables.desk import AgentMessageRow, AgentRow, NoteRow, ServiceRow, TicketRow
from botkit.telecom.masking import masked_phone

PAGE = 50
EARLIER, EARLIER_LINES = 10, 500
"""So many other conversations of the customer are shown, and of each so many lines."""

RECENT = timedelta(hours=24)
"""Conversations with the bot stay in the box `all` this long after their last line."""

BOXES = ("waiting", "mine", "all", "closed")
_UNDER_WAY = (Owner.WAITING.value, Owner.HUMAN.value)

Row = tuple[ConversationRow, ServiceRow | None, VerificationRow | None]


class DeskView:
    def __init__(self, unit_of_work: UnitOfWork, clock: Callable[[], datetime], verified_for: timedelta) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._verified_for = verified_for

    def items(self, agent: Agent, box: str, query: str = "", before: str | None = None) -> dict[str, Any]:
        """`{items, more}` of a box. before: the cursor of the last item known. Raises KeyError for no such box."""
        wanted, ascending = self._box(agent, box)
        statement = _joined().where(wanted)
        if query:
            statement = statement.where(_matching(query))
        order = _ORDERS[box]
        if before is not None:
            value, _, known = before.partition("|")
            at = datetime.fromisoformat(value)
            step = order > at if ascending else order < at
            tie = ConversationRow.id > known if ascending else ConversationRow.id < known
            statement = statement.where(or_(step, and_(order == at, tie)))
        columns = (order, ConversationRow.id)
        statement = statement.order_by(*(columns if ascending else [column.desc() for column in columns]))
        with self._unit_of_work(reading=True) as session:
            rows = session.execute(statement.limit(PAGE + 1)).all()
            items = self._items(session, rows[:PAGE])
        for item in items:
            item["cursor"] = f"{item['since' if ascending else 'active_at']}|{item['id']}"
        return {"items": items, "more": len(rows) > PAGE}

    def item(self, conversation_id: str) -> dict[str, Any] | None:
        with self._unit_of_work(reading=True) as session:
            rows = session.execute(_joined().where(ConversationRow.id == conversation_id)).all()
            return next(iter(self._items(session, rows)), None)

    def counts(self, agent: Agent) -> dict[str, int]:
        with self._unit_of_work(reading=True) as session:
            return {box: self._count(session, agent, box) for box in BOXES}

    def lines(
        self, conversation_id: str, *, before: int | None = None, after: int = 0, limit: int = PAGE
    ) -> dict[str, Any]:
        """`{lines, more}`: the newest of those asked for."""
        with self._unit_of_work(reading=True) as session:
            lines = read_lines(session, conversation_id, before=before, after=after, limit=limit + 1)
            own, sent = _message_ids(session, conversation_id, lines), _deliveries(session, conversation_id, lines)
        shown = [line_for_agents(line) | own.get(line.seq, {}) | sent.get(line.seq, {}) for line in lines[-limit:]]
        return {"lines": shown, "more": len(lines) > limit}

    def seen(self, conversation_id: str) -> int:
        """The number of the last line that has reached the customer's screen."""
        with self._unit_of_work(reading=True) as session:
            delivered = select(func.max(OutboundRow.seq)).where(
                OutboundRow.conversation_id == conversation_id, OutboundRow.status == DELIVERED
            )
            return int(session.execute(delivered).scalar() or 0)

    def delivery(self, conversation_id: str, seq: int) -> dict[str, Any] | None:
        """`{status, problem, elsewhere}` of a line for the customer."""
        with self._unit_of_work(reading=True) as session:
            query = select(OutboundRow).where(OutboundRow.conversation_id == conversation_id, OutboundRow.seq == seq)
            row = session.execute(query).scalar_one_or_none()
            return _delivery(row) if row is not None else None

    def undelivered(self) -> list[dict[str, Any]]:
        """Dead letters, the latest first."""
        query = (
            select(OutboundRow, LineRow)
            .join(LineRow, (LineRow.conversation_id == OutboundRow.conversation_id) & (LineRow.seq == OutboundRow.seq))
            .where(OutboundRow.status == FAILED)
            .order_by(OutboundRow.created_at.desc(), OutboundRow.id.desc())
            .limit(PAGE)
        )
        with self._unit_of_work(reading=True) as session:
            found = session.execute(query).all()
            ids = {row.conversation_id for row, _ in found}
            items = self._items(session, session.execute(_joined().where(ConversationRow.id.in_(ids))).all())
        by_id = {item["id"]: item for item in items}
        return [
            {
                "item": by_id[row.conversation_id],
                "seq": row.seq,
                "text": line.text,
                "at": _iso(line.at),
                **_delivery(row),
            }
            for row, line in found
        ]

    def earlier(self, conversation_id: str) -> list[dict[str, Any]]:
        """What the same customer said in other conversations, the latest last; only of one who is verified here."""
        with self._unit_of_work(reading=True) as session:
            mine = session.get(VerificationRow, conversation_id)
            if mine is None:
                return []
            rows = session.execute(
                select(CustomerStretchRow, ConversationRow)
                .join(ConversationRow, ConversationRow.id == CustomerStretchRow.conversation_id)
                .where(
                    CustomerStretchRow.customer_id == mine.customer_id,
                    CustomerStretchRow.conversation_id != conversation_id,
                )
                .order_by(CustomerStretchRow.begun_at.desc(), CustomerStretchRow.id.desc())
                .limit(EARLIER)
            ).all()
            found = [_earlier(session, stretch, conversation) for stretch, conversation in rows]
        return [one for one in reversed(found) if one["lines"]]

    def notes(self, conversation_id: str) -> list[dict[str, Any]]:
        with self._unit_of_work(reading=True) as session:
            rows = session.execute(
                select(NoteRow).where(NoteRow.conversation_id == conversation_id).order_by(NoteRow.id)
            ).scalars()
            return _notes(list(rows))

    def agents(self) -> list[dict[str, Any]]:
        with self._unit_of_work(reading=True) as session:
            busy = serving(session)
            rows = session.execute(select(AgentRow).where(AgentRow.active).order_by(AgentRow.id)).scalars()
            return [
                {
                    "id": row.id,
                    "name": row.name,
                    "role": row.role,
                    "presence": row.presence,
                    "serving": busy.get(row.id, 0),
                    "limit": row.places,
                    "groups": list(row.skills),
                }
                for row in rows
            ]

    def load(self, groups: Sequence[str]) -> list[dict[str, Any]]:
        """For supervisors: of each group since when the first one waits, how long the next one would, who is served."""
        with self._unit_of_work(reading=True) as session:
            found = session.execute(
                select(ServiceRow.skill, ConversationRow.owner, func.count(), func.min(ServiceRow.requested_at))
                .join(ConversationRow, ConversationRow.service_id == ServiceRow.id)
                .group_by(ServiceRow.skill, ConversationRow.owner)
            ).all()
            there = present(session)
            known = {(skill, owner): (count, since) for skill, owner, count, since in found}
            waits = {
                group: expected(session, group, known.get((group, Owner.WAITING.value), (0, None))[0])[1].wait
                for group in groups
            }
        result = []
        for group in groups:
            waiting, since = known.get((group, Owner.WAITING.value), (0, None))
            result.append(
                {
                    "group": group,
                    "waiting": waiting,
                    "longest": _iso(since),
                    "wait_minutes": _minutes(waits[group]),
                    "serving": known.get((group, Owner.HUMAN.value), (0, None))[0],
                    "places": sum(served.agent.limit for served in there if group in served.agent.groups),
                }
            )
        return result

    def due(self) -> list[dict[str, Any]]:
        """Conversations with a promise that is about to break or has broken, the most urgent first."""
        under_way = TicketRow.state.in_([state.value for state in UNDER_WAY])
        query = select(TicketRow.conversation_id, TicketRow.created_at, TicketRow.promised_at).where(under_way)
        now = self._clock()
        with self._unit_of_work(reading=True) as session:
            ids = {
                found for found, created, promised in session.execute(query) if about_to_break(created, promised, now)
            }
            items = self._items(session, session.execute(_joined().where(ConversationRow.id.in_(ids))).all())
        return sorted(items, key=lambda item: str(item["due"]))

    def _box(self, agent: Agent, box: str) -> tuple[ColumnElement[bool], bool]:
        """Which conversations, and whether the oldest come first."""
        owner = ConversationRow.owner
        if box == "waiting":
            mine = ServiceRow.skill.in_(sorted(agent.groups))
            return (
                owner == Owner.WAITING.value if agent.supervises else and_(owner == Owner.WAITING.value, mine)
            ), True
        if box == "mine":
            return and_(owner == Owner.HUMAN.value, ServiceRow.agent_id == agent.id), False
        if box == "all":
            recent = and_(owner == Owner.BOT.value, ConversationRow.active_at > self._clock() - RECENT)
            return or_(owner.in_(_UNDER_WAY), recent), False
        if box == "closed":
            return and_(owner.not_in(_UNDER_WAY), _last_service().is_not(None)), False
        raise KeyError(box)

    def _count(self, session: Session, agent: Agent, box: str) -> int:
        wanted, _ = self._box(agent, box)
        statement = select(func.count(ConversationRow.id)).outerjoin(
            ServiceRow, ServiceRow.id == ConversationRow.service_id
        )
        count: int = session.execute(statement.where(wanted)).scalar_one()
        return count

    def _items(self, session: Session, rows: Sequence[Row]) -> list[dict[str, Any]]:
        ids = [conversation.id for conversation, _, _ in rows]
        last, unread, open_tickets = _last_lines(session, ids), _unread(session, ids), _open_tickets(session, ids)
        return [
            self._item(row, last.get(row[0].id), unread.get(row[0].id, 0)) | open_tickets.get(row[0].id, _NO_TICKETS)
            for row in rows
        ]

    def _item(self, row: Row, last: Line | None, unread: int) -> dict[str, Any]:
        conversation, service, verification = row
        verified = verification is not None and self._counts_as_verified(verification, service)
        human = conversation.owner == Owner.HUMAN.value
        return {
            "id": conversation.id,
            "channel": conversation.channel,
            "name": f"尾号 {verification.phone[-4:]}" if verified and verification else f"访客 {conversation.id[:4]}",
            "phone": masked_phone(verification.phone) if verified and verification else None,
            "verified": verified,
            "owner": conversation.owner,
            "group": service.skill if service else None,
            "reason": service.reason if service else None,
            "topic": service.topic if service else None,
            "agent": service.agent_id if service and human else None,
            "keeper": service.keeper_id if service else None,
            "since": _iso(service.requested_at if service else None),
            "waiting_since": _iso(service.waiting_since if service else None),
            "active_at": _iso(conversation.active_at),
            "last": {"author": last.author.value, "text": last.text[:120], "at": last.at.isoformat()} if last else None,
            "unread": unread,
            "frustration": service.frustration if service else 0.0,
        }

    def _counts_as_verified(self, verification: VerificationRow, service: ServiceRow | None) -> bool:
        """Who was verified when he asked for a human stays so until the human is done."""
        asked = service.requested_at if service else self._clock()
        return bool(verification.used_at >= asked - self._verified_for)


_NO_TICKETS: dict[str, Any] = {"tickets": 0, "due": None}

_ORDERS: Mapping[str, ColumnElement[datetime]] = {
    "waiting": ServiceRow.requested_at,
    "mine": ConversationRow.active_at,
    "all": ConversationRow.active_at,
    "closed": ConversationRow.active_at,
}


def describe(agent: Agent) -> dict[str, Any]:
    """An agent as he is told who he is, and as admins see him."""
    return {
        "id": agent.id,
        "login": agent.login,
        "name": agent.name,
        "role": agent.role.value,
        "groups": sorted(agent.groups),
        "presence": agent.presence.value,
        "limit": agent.limit,
        "active": agent.active,
    }


def line_for_agents(line: Line) -> dict[str, Any]:
    """A line with all that agents see of it: anger marked, what the bot understood, events."""
    shown = line.for_customer()
    if line.detail:
        shown["detail"] = dict(line.detail)
    if line.author is Author.CUSTOMER:
        mood = mood_of(line.text)
        if mood.score:
            found = {"score": mood.score, "spans": [list(span) for span in mood.spans], "reasons": list(mood.reasons)}
            shown["detail"] = {**line.detail, "frustration": found}
    return shown


def _joined() -> Any:
    return (
        select(ConversationRow, ServiceRow, VerificationRow)
        .outerjoin(ServiceRow, ServiceRow.id == ConversationRow.service_id)
        .outerjoin(VerificationRow, VerificationRow.conversation_id == ConversationRow.id)
    )


def _matching(query: str) -> ColumnElement[bool]:
    """Words of a line, or the end of a verified number."""
    text = query.strip()[:50]
    said = select(LineRow.seq).where(
        LineRow.conversation_id == ConversationRow.id, LineRow.text.contains(text, autoescape=True)
    )
    return or_(said.exists(), VerificationRow.phone.contains(text, autoescape=True))


def _last_service() -> Any:
    return (
        select(func.max(ServiceRow.id))
        .where(ServiceRow.conversation_id == ConversationRow.id)
        .correlate(ConversationRow)
        .scalar_subquery()
    )


def _last_lines(session: Session, ids: Sequence[str]) -> dict[str, Line]:
    """The last thing that customer, bot or agent said in each conversation: words, or a file."""
    newest = (
        select(LineRow.conversation_id, func.max(LineRow.seq).label("seq"))
        .where(
            LineRow.conversation_id.in_(ids),
            LineRow.author != Author.SYSTEM.value,
            or_(LineRow.text != "", LineRow.content.is_not(None)),
        )
        .group_by(LineRow.conversation_id)
        .subquery()
    )
    rows = session.execute(
        select(LineRow).join(
            newest, and_(LineRow.conversation_id == newest.c.conversation_id, LineRow.seq == newest.c.seq)
        )
    ).scalars()
    return {row.conversation_id: line_of(row) for row in rows}


def _unread(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """Lines of the customer, since his service began, that the agent has not seen."""
    rows = session.execute(
        select(LineRow.conversation_id, func.count())
        .join(ConversationRow, ConversationRow.id == LineRow.conversation_id)
        .join(ServiceRow, ServiceRow.id == ConversationRow.service_id)
        .where(
            LineRow.conversation_id.in_(ids),
            LineRow.author == Author.CUSTOMER.value,
            LineRow.seq > ServiceRow.read_seq,
            LineRow.seq > ServiceRow.first_seq,
        )
        .group_by(LineRow.conversation_id)
    )
    return {conversation_id: count for conversation_id, count in rows}


def _open_tickets(session: Session, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """`{tickets, due}` of the conversations with tickets under way: how many, and the promise that breaks first."""
    rows = session.execute(
        select(TicketRow.conversation_id, func.count(), func.min(TicketRow.promised_at))
        .where(TicketRow.conversation_id.in_(ids), TicketRow.state.in_([state.value for state in UNDER_WAY]))
        .group_by(TicketRow.conversation_id)
    )
    return {conversation_id: {"tickets": count, "due": _iso(due)} for conversation_id, count, due in rows}


def _message_ids(session: Session, conversation_id: str, lines: Sequence[Line]) -> dict[int, dict[str, str]]:
    """The ids that consoles gave to agents' lines, by `seq`."""
    said = [line.seq for line in lines if line.author is Author.AGENT]
    if not said:
        return {}
    rows = session.execute(
        select(AgentMessageRow.seq, AgentMessageRow.message_id).where(
            AgentMessageRow.conversation_id == conversation_id, AgentMessageRow.seq.in_(said)
        )
    )
    return {seq: {"client_id": message_id} for seq, message_id in rows}


def _earlier(session: Session, stretch: CustomerStretchRow, conversation: ConversationRow) -> dict[str, Any]:
    before = None if stretch.last_seq is None else stretch.last_seq + 1
    lines = read_lines(session, conversation.id, after=stretch.first_seq - 1, before=before, limit=EARLIER_LINES)
    return {
        "id": conversation.id,
        "channel": conversation.channel,
        "since": _iso(lines[0].at if lines else stretch.begun_at),
        "until": _iso(lines[-1].at if lines else stretch.begun_at),
        "lines": [line_for_agents(line) for line in lines],
    }


def _notes(rows: Sequence[Any]) -> list[dict[str, Any]]:
    answered = {row.consult_id for row in rows if row.kind == "answer"}
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "agent": row.agent_id,
            "at": _iso(row.at),
            "text": row.text,
            "groups": row.skills,
            "consult": row.consult_id,
            "open": row.kind == "consult" and row.id not in answered,
        }
        for row in rows
    ]


def _deliveries(session: Session, conversation_id: str, lines: Sequence[Line]) -> dict[int, dict[str, Any]]:
    """What has become of the lines that the customer has not got yet, by `seq`."""
    ours = [line.seq for line in lines if line.author is not Author.CUSTOMER]
    if not ours:
        return {}
    query = select(OutboundRow).where(
        OutboundRow.conversation_id == conversation_id, OutboundRow.seq.in_(ours), OutboundRow.status != DELIVERED
    )
    return {row.seq: {"delivery": _delivery(row)} for row in session.execute(query).scalars()}


def _delivery(row: OutboundRow) -> dict[str, Any]:
    return {"status": row.status, "problem": row.problem, "elsewhere": row.elsewhere}


def _minutes(wait: timedelta | None) -> int | None:
    return None if wait is None else int(wait / timedelta(minutes=1))


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
