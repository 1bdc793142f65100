"""What in a conversation wants its agent's look: lines he has not seen, that it was given to him, that the customer waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from botkit.conversation.messages import Author
from botkit.handoff.machine import Owner
from botkit.store.tables.conversation import ConversationRow, LineRow
from botkit.store.tables.desk import ServiceRow


def unread(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """Lines of the customer, since his service began, that no agent has seen."""
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


def given(session: Session, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """`{why, by, note}` of the conversations that somebody serves who has not looked at them since they came to him.

    why: `transfer`, `reassign`, `lost` (`by` has gone away) or `queue`; by: the agent from whom it comes, or None.
    """
    rows = session.execute(
        select(LineRow, ServiceRow.read_seq)
        .join(ConversationRow, ConversationRow.id == LineRow.conversation_id)
        .join(ServiceRow, ServiceRow.id == ConversationRow.service_id)
        .where(
            LineRow.conversation_id.in_(ids),
            ConversationRow.owner == Owner.HUMAN.value,
            LineRow.author == Author.SYSTEM.value,
            LineRow.text == "",
            LineRow.seq >= ServiceRow.first_seq,
        )
        .order_by(LineRow.seq)
    )
    events: dict[str, list[dict[str, Any]]] = {}
    seen: dict[str, bool] = {}
    for line, read in rows:
        if "event" in (line.detail or {}):
            events.setdefault(line.conversation_id, []).append(line.detail)
            seen[line.conversation_id] = line.seq <= read
    found = {id_: _how(story) for id_, story in events.items() if not seen[id_]}
    return {id_: how for id_, how in found.items() if how is not None}


def _how(story: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """From the events of a service: the last one gave it, an acceptance tells nothing of whence it came."""
    last = story[-1]
    if last["event"] == "Accept":
        last = story[-2] if len(story) > 1 else last
    why = _REASONS.get(last["event"])
    return {"why": why, "by": last.get("by"), "note": last.get("note")} if why else None


_REASONS = {"Transfer": "transfer", "Reassign": "reassign", "LoseAgent": "lost", "HandOver": "queue"}


def unanswered_since(conversation: ConversationRow, service: ServiceRow | None) -> datetime | None:
    """Since when the customer waits for a word of the agent who serves him; None: he does not."""
    if service is None or conversation.owner != Owner.HUMAN.value or service.customer_at is None:
        return None
    if service.agent_at is not None and service.customer_at < service.agent_at:
        return None
    since: datetime = service.customer_at
    return since
