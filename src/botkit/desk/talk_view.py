"""What the console shows of one conversation: its lines, what has become of them, what the customer said elsewhere, notes.
Forms as in `docs/desk.md`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from botkit.conversation.messages import Author, Line
from botkit.conversation.outbox import DELIVERED
from botkit.conversation.ownership import service_of
from botkit.conversation.transcript import read_lines
from botkit.desk.consults import notes_of
from botkit.nlu.moods import ANNOYED_FROM
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, CustomerStretchRow, OutboundRow, VerificationRow
from botkit.store.tables.desk import AgentMessageRow

PAGE = 50
EARLIER, EARLIER_LINES = 10, 500
"""So many other conversations of the customer are shown, and of each so many lines."""


class TalkView:
    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._unit_of_work = unit_of_work

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
            return delivery_of(row) if row is not None else None

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
            conversation = session.get(ConversationRow, conversation_id)
            return notes_of(session, conversation, service_of(session, conversation)) if conversation else []


def line_for_agents(line: Line) -> dict[str, Any]:
    """A line with all that agents see of it: anger marked, what the bot understood, events."""
    shown = line.for_customer()
    detail = dict(line.detail)
    if (detail.get("frustration") or {}).get("score", 0.0) < ANNOYED_FROM:
        detail.pop("frustration", None)  # a calm line is not marked
    if detail:
        shown["detail"] = detail
    return shown


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
        "since": (lines[0].at if lines else stretch.begun_at).isoformat(),
        "until": (lines[-1].at if lines else stretch.begun_at).isoformat(),
        "lines": [line_for_agents(line) for line in lines],
    }


def _deliveries(session: Session, conversation_id: str, lines: Sequence[Line]) -> dict[int, dict[str, Any]]:
    """What has become of the lines that the customer has not got yet, by `seq`."""
    ours = [line.seq for line in lines if line.author is not Author.CUSTOMER]
    if not ours:
        return {}
    query = select(OutboundRow).where(
        OutboundRow.conversation_id == conversation_id, OutboundRow.seq.in_(ours), OutboundRow.status != DELIVERED
    )
    return {row.seq: {"delivery": delivery_of(row)} for row in session.execute(query).scalars()}


def delivery_of(row: OutboundRow) -> dict[str, Any]:
    """`{status, problem, elsewhere}`."""
    return {"status": row.status, "problem": row.problem, "elsewhere": row.elsewhere}
