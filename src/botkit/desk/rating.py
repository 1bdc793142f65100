"""How the customer found a human's service: asked once after it, one question after the other, each answer kept once."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.reply import Reply, said
from botkit.desk.telling import tell
from botkit.store.tables.conversation import ConversationRow
from botkit.store.tables.desk import ServiceRow

PREFIX = "/rate{"
"""Begins the payloads of its choices: `/rate{"score": 5}`, `/rate{"solved": true}`."""

LOW = 2
"""Up to this score he is offered a human again."""


def ask(session: Session, conversation: ConversationRow, service: ServiceRow, texts: Texts, now: datetime) -> None:
    """Ask for a rating, unless he was asked, or nobody has said a word to him."""
    if service.rating_asked_at is None and service.agent_at is not None:
        service.rating_asked_at = now
        tell(session, conversation, said(texts, "desk_rating"), now)


def rate(session: Session, conversation: ConversationRow, payload: str, texts: Texts) -> Reply | None:
    """Keep what he chose with the service he was asked about last; the first word of each kind counts. After the score he
    is asked whether the matter is solved.

    None for what was never offered.
    """
    query = select(ServiceRow).where(
        ServiceRow.conversation_id == conversation.id, ServiceRow.rating_asked_at.is_not(None)
    )
    service = session.execute(query.order_by(ServiceRow.id.desc()).limit(1)).scalar()
    chosen = _chosen(payload)
    if service is None or chosen is None:
        return None
    name, value = chosen
    if getattr(service, name) is not None:
        return said(texts, "desk_rated_already")
    setattr(service, name, value)
    if service.rating_solved is None:
        return said(texts, "desk_rating_solved")
    unhappy = not service.rating_solved or (service.rating is not None and service.rating <= LOW)
    return said(texts, "desk_rated_unhappy" if unhappy else "desk_rated")


def _chosen(payload: str) -> tuple[str, int | bool] | None:
    """Column and value."""
    try:
        given = json.loads(payload.removeprefix("/rate"))
    except ValueError:
        return None
    score, solved = given.get("score"), given.get("solved")
    if type(score) is int and 1 <= score <= 5:
        return "rating", score
    return ("rating_solved", solved) if isinstance(solved, bool) else None
