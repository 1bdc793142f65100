"""What the bot knew when it answered last."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.store.tables.conversation import TurnRow


def slots_of(session: Session, conversation_id: str) -> dict[str, Any]:
    """Rasa's slots after the last turn; empty where there was none."""
    query = select(TurnRow.state).where(TurnRow.conversation_id == conversation_id)
    state = session.execute(query.order_by(TurnRow.number.desc()).limit(1)).scalar()
    return dict((state or {}).get("slots") or {})
