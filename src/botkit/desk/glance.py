"""What a row of a list tells of a conversation besides whose it is: the last words, why it came, its tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from botkit.conversation.messages import Author
from botkit.desk.card import says_something
from botkit.handoff.machine import Owner
from botkit.handoff.tickets import UNDER_WAY
from botkit.store.tables.conversation import ConversationRow, LineRow
from botkit.store.tables.desk import ServiceRow, TicketRow

BACK = 5
"""So many lines are looked back for the customer's own words."""

EXCERPT = 120
"""Characters of the last words."""

_WITH_HUMANS = (Owner.WAITING.value, Owner.HUMAN.value)

NO_TICKETS: dict[str, Any] = {"tickets": 0, "due": None}


def last_words(session: Session, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """`{author, text, at}` of each conversation in which somebody has spoken: the last words, or a file without any.

    While a human has the conversation or is waited for, what the bot says at handing over tells nothing, nor does
    "转人工": then it is what the customer said before, until an agent has spoken. `at` is the time of the last line all the same.
    """
    newest = (
        select(
            LineRow.conversation_id,
            LineRow.seq,
            func.row_number().over(partition_by=LineRow.conversation_id, order_by=LineRow.seq.desc()).label("place"),
        )
        .where(
            LineRow.conversation_id.in_(ids),
            LineRow.author != Author.SYSTEM.value,
            or_(LineRow.text != "", LineRow.content.is_not(None)),
        )
        .subquery()
    )
    query = (
        select(LineRow, ConversationRow.owner)
        .join(newest, and_(LineRow.conversation_id == newest.c.conversation_id, LineRow.seq == newest.c.seq))
        .join(ConversationRow, ConversationRow.id == LineRow.conversation_id)
        .where(newest.c.place <= BACK)
        .order_by(LineRow.seq.desc())
    )
    said: dict[str, list[LineRow]] = {}
    owners: dict[str, str] = {}
    for line, owner in session.execute(query):
        said.setdefault(line.conversation_id, []).append(line)
        owners[line.conversation_id] = owner
    return {id_: _told(lines, owners[id_] in _WITH_HUMANS) for id_, lines in said.items()}


def _told(lines: Sequence[LineRow], with_humans: bool) -> dict[str, Any]:
    """lines: the newest first."""
    shown = lines[0]
    if with_humans:
        by_people = [line for line in lines if line.author != Author.BOT.value]
        shown = by_people[0] if by_people else shown
        if all(line.author == Author.CUSTOMER.value for line in by_people):
            shown = next((line for line in by_people if says_something(line.text)), shown)
    return {"author": shown.author, "text": shown.text[:EXCERPT], "at": lines[0].at.isoformat()}


def rules(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Titles of the rules by which they were handed over, as the first line of the running service tells them."""
    rows = session.execute(
        select(LineRow.conversation_id, LineRow.detail)
        .join(ConversationRow, ConversationRow.id == LineRow.conversation_id)
        .join(ServiceRow, ServiceRow.id == ConversationRow.service_id)
        .where(LineRow.conversation_id.in_(ids), LineRow.seq == ServiceRow.first_seq)
    )
    return {id_: str((detail or {}).get("title", "")) for id_, detail in rows}


def served(session: Session, ids: Sequence[str]) -> set[str]:
    """Those in which a service has been."""
    rows = session.execute(select(ServiceRow.conversation_id).where(ServiceRow.conversation_id.in_(ids)).distinct())
    return set(rows.scalars())


def open_tickets(session: Session, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """`{tickets, due}` of the conversations with tickets under way: how many, and the promise that breaks first."""
    rows = session.execute(
        select(TicketRow.conversation_id, func.count(), func.min(TicketRow.promised_at))
        .where(TicketRow.conversation_id.in_(ids), TicketRow.state.in_([state.value for state in UNDER_WAY]))
        .group_by(TicketRow.conversation_id)
    )
    return {id_: {"tickets": count, "due": _iso(due)} for id_, count, due in rows}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
