"""What the console shows of conversations: lists and counts. Forms as in `docs/desk.md`; nothing personal of anybody
who is not verified."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from botkit.conversation.outbox import FAILED
from botkit.desk.accounts import Agent
from botkit.desk.attention import given, unanswered_since, unread
from botkit.desk.consults import asked, open_consults
from botkit.desk.glance import NO_TICKETS, last_words, open_tickets, rules, served
from botkit.desk.service import serving
from botkit.desk.talk_view import TalkView, delivery_of
from botkit.handoff.machine import Owner
from botkit.handoff.silence import Patience
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import (
    ConversationRow,
    LineRow,
    OutboundRow,
    VerificationRow,
)
from botkit.store.tables.desk import AgentRow, ServiceRow
from botkit.telecom.masking import masked_phone

PAGE = 50
RECENT = timedelta(hours=24)
"""Conversations with the bot stay in the box `all` this long after their last line."""

BOXES = ("waiting", "mine", "all", "closed", "consults")
_UNDER_WAY = (Owner.WAITING.value, Owner.HUMAN.value)

Row = tuple[ConversationRow, ServiceRow | None, VerificationRow | None]


class DeskView:
    """`talk` shows one conversation."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Callable[[], datetime], verified_for: timedelta) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._verified_for = verified_for
        self.talk = TalkView(unit_of_work)

    def items(self, agent: Agent, box: str, query: str = "", before: str | None = None) -> dict[str, Any]:
        """`{items, more}` of a box. before: the cursor of the last item known. Raises KeyError for no such box."""
        ascending = box == "waiting"
        statement = _joined()
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
            wanted = self._box(session, agent, box)
            rows = session.execute(statement.where(wanted).limit(PAGE + 1)).all()
            items = self._items(session, rows[:PAGE])
        for item in items:
            item["cursor"] = f"{item['since' if ascending else 'active_at']}|{item['id']}"
        return {"items": items, "more": len(rows) > PAGE}

    def item(self, conversation_id: str) -> dict[str, Any] | None:
        with self._unit_of_work(reading=True) as session:
            rows = session.execute(_joined().where(ConversationRow.id == conversation_id)).all()
            return next(iter(self._items(session, rows)), None)

    def items_of(self, conversation_ids: Collection[str]) -> list[dict[str, Any]]:
        """In no particular order."""
        with self._unit_of_work(reading=True) as session:
            return self._items(
                session, session.execute(_joined().where(ConversationRow.id.in_(conversation_ids))).all()
            )

    def counts(self, agent: Agent) -> dict[str, Any]:
        """How many stand in each box, `unread`: how many of his own want a look, `queues`: who waits, by group."""
        with self._unit_of_work(reading=True) as session:
            boxes = {box: self._count(session, agent, box) for box in BOXES}
            own = session.execute(_joined().where(self._box(session, agent, "mine"))).all()
            ids = [conversation.id for conversation, _, _ in own]
            late = [conversation.id for conversation, service, _ in own if self._is_late(conversation, service)]
            queues = session.execute(
                select(ServiceRow.skill, func.count())
                .join(ConversationRow, ConversationRow.service_id == ServiceRow.id)
                .where(ConversationRow.owner == Owner.WAITING.value)
                .group_by(ServiceRow.skill)
            )
            return {
                **boxes,
                "unread": len({*unread(session, ids), *given(session, ids), *late}),
                "queues": {group: count for group, count in queues},
            }

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
                **delivery_of(row),
            }
            for row, line in found
        ]

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

    def _box(self, session: Session, agent: Agent, box: str) -> ColumnElement[bool]:
        """Which conversations stand in it."""
        owner = ConversationRow.owner
        if box == "waiting":
            mine = ServiceRow.skill.in_(sorted(agent.groups))
            return owner == Owner.WAITING.value if agent.supervises else and_(owner == Owner.WAITING.value, mine)
        if box == "mine":
            return and_(owner == Owner.HUMAN.value, ServiceRow.agent_id == agent.id)
        if box == "all":
            recent = and_(owner == Owner.BOT.value, ConversationRow.active_at > self._clock() - RECENT)
            return or_(owner.in_(_UNDER_WAY), recent)
        if box == "closed":
            return and_(owner.not_in(_UNDER_WAY), _last_service().is_not(None))
        if box == "consults":
            return ConversationRow.id.in_([id_ for id_, all_ in open_consults(session).items() if asked(agent, all_)])
        raise KeyError(box)

    def _count(self, session: Session, agent: Agent, box: str) -> int:
        statement = select(func.count(ConversationRow.id)).outerjoin(
            ServiceRow, ServiceRow.id == ConversationRow.service_id
        )
        count: int = session.execute(statement.where(self._box(session, agent, box))).scalar_one()
        return count

    def _is_late(self, conversation: ConversationRow, service: ServiceRow | None) -> bool:
        """Whether the customer has waited too long for a word."""
        since = unanswered_since(conversation, service)
        return since is not None and since <= self._clock() - Patience().soothe_after

    def _items(self, session: Session, rows: Sequence[Row]) -> list[dict[str, Any]]:
        ids = [conversation.id for conversation, _, _ in rows]
        last, why, before = last_words(session, ids), rules(session, ids), served(session, ids)
        new, ways, consults = unread(session, ids), given(session, ids), open_consults(session, ids)
        tickets = open_tickets(session, ids)
        return [
            self._item(row)
            | {"last": last.get(id_), "rule": why.get(id_, ""), "served": id_ in before}
            | {"unread": new.get(id_, 0), "given": ways.get(id_), "consults": consults.get(id_, [])}
            | tickets.get(id_, NO_TICKETS)
            for id_, row in zip(ids, rows, strict=True)
        ]

    def _item(self, row: Row) -> dict[str, Any]:
        conversation, service, verification = row
        verified = verification is not None and self._counts_as_verified(verification, service)
        human = conversation.owner == Owner.HUMAN.value
        return {
            "id": conversation.id,
            "seq": conversation.last_seq,
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
            "unanswered_since": _iso(unanswered_since(conversation, service)),
            "frustration": service.frustration if service else 0.0,
        }

    def _counts_as_verified(self, verification: VerificationRow, service: ServiceRow | None) -> bool:
        """Who was verified when he asked for a human stays so until the human is done."""
        asked = service.requested_at if service else self._clock()
        return bool(verification.used_at >= asked - self._verified_for)


_ORDERS: Mapping[str, ColumnElement[datetime]] = {
    "waiting": ServiceRow.requested_at,
    "mine": ConversationRow.active_at,
    "all": ConversationRow.active_at,
    "closed": ConversationRow.active_at,
    "consults": ConversationRow.active_at,
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


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
