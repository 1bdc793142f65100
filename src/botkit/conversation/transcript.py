"""The transcript: every line of customer, bot, agent and system, numbered within its conversation, never changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.conversation.messages import Author, Line
from botkit.handoff.machine import Owner
from botkit.store.tables.conversation import ConversationRow, InboundRow, LineRow
from botkit.store.tables.desk import ServiceRow

CALMER = 0.75
"""What is left of a customer's anger after each further message."""


def open_conversation(session: Session, channel: str, sender: str, now: datetime) -> ConversationRow:
    """The conversation of a sender on a channel, begun if there is none, locked until the unit of work ends."""
    query = select(ConversationRow).where(ConversationRow.channel == channel, ConversationRow.sender == sender)
    row: ConversationRow | None = session.execute(query.with_for_update()).scalar_one_or_none()
    if row is None:
        row = ConversationRow(
            id=uuid.uuid4().hex,
            channel=channel,
            sender=sender,
            owner=Owner.BOT.value,
            last_seq=0,
            created_at=now,
            active_at=now,
        )
        session.add(row)
        session.flush()
    return row


def locked_conversation(session: Session, conversation_id: str) -> ConversationRow:
    """The conversation, locked until the unit of work ends."""
    query = select(ConversationRow).where(ConversationRow.id == conversation_id)
    row: ConversationRow = session.execute(query.with_for_update()).scalar_one()
    return row


def append_line(
    session: Session,
    conversation: ConversationRow,
    author: Author,
    text: str,
    at: datetime,
    content: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Line:
    """Write the next line of a conversation that this unit of work has locked."""
    conversation.last_seq += 1
    conversation.active_at = at
    line = Line(conversation.id, conversation.last_seq, author, text, at, content or {}, detail or {})
    session.add(
        LineRow(
            conversation_id=line.conversation_id,
            seq=line.seq,
            author=author.value,
            text=text,
            content=dict(line.content) or None,
            detail=dict(line.detail) or None,
            at=at,
        )
    )
    return line


def note_mood(session: Session, conversation: ConversationRow, seq: int | None, mood: Mapping[str, Any]) -> None:
    """Put beside a customer's line what was heard in it, for agents, and beside his conversation with a human how angry he
    is: as angry as the last line, and slowly calmer. The line itself stays as it is."""
    row = session.get(LineRow, (conversation.id, seq)) if mood and seq is not None else None
    if row is None:
        return
    row.detail = {**(row.detail or {}), "frustration": dict(mood)}
    service = session.get(ServiceRow, conversation.service_id) if conversation.service_id else None
    if service is not None:
        service.frustration = max(float(mood.get("score", 0.0)), service.frustration * CALMER)


def read_lines(
    session: Session, conversation_id: str, *, before: int | None = None, after: int = 0, limit: int = 50
) -> Sequence[Line]:
    """Lines numbered above `after` and below `before`, oldest first; of more than `limit`, the newest."""
    query = select(LineRow).where(LineRow.conversation_id == conversation_id, LineRow.seq > after)
    if before is not None:
        query = query.where(LineRow.seq < before)
    rows = session.execute(query.order_by(LineRow.seq.desc()).limit(limit)).scalars().all()
    return [line_of(row) for row in reversed(rows)]


def find_conversation(session: Session, channel: str, sender: str) -> ConversationRow | None:
    """The conversation of a sender on a channel, if there is one yet."""
    query = select(ConversationRow).where(ConversationRow.channel == channel, ConversationRow.sender == sender)
    row: ConversationRow | None = session.execute(query).scalar_one_or_none()
    return row


def external_ids(session: Session, conversation_id: str, lines: Sequence[Line]) -> Mapping[int, str]:
    """The ids that the customer's lines among these had on their platform, by `seq`."""
    own = [line.seq for line in lines if line.author is Author.CUSTOMER]
    if not own:
        return {}
    query = select(InboundRow.seq, InboundRow.external_id).where(
        InboundRow.conversation_id == conversation_id, InboundRow.seq.in_(own)
    )
    return {seq: external_id for seq, external_id in session.execute(query)}


def stretch(session: Session, conversation_id: str) -> Sequence[Line]:
    """The system's lines since the conversation was last handed over or taken back, the event itself first."""
    query = (
        select(LineRow)
        .where(LineRow.conversation_id == conversation_id, LineRow.author == Author.SYSTEM.value)
        .order_by(LineRow.seq.desc())
    )
    lines: list[Line] = []
    for row in session.execute(query.limit(200)).scalars():
        lines.insert(0, line_of(row))
        if "event" in lines[0].detail:
            break
    return lines


def line_of(row: LineRow) -> Line:
    return Line(row.conversation_id, row.seq, Author(row.author), row.text, row.at, row.content or {}, row.detail or {})
