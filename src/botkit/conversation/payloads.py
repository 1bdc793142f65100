"""What stands behind a chosen button, and how typed text is kept from being taken for it."""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.conversation.messages import MAX_TEXT
from botkit.store.tables.conversation import ConversationRow, LineRow

OFFERED_WITHIN = 60
"""How many lines of the transcript a button stays good for."""

_BARE_INTENT = re.compile(r"/([a-z][a-z0-9_]*)")
_COMMAND_SIGNS = re.compile(r"^[\s/]+")


def accepted_payload(
    session: Session, conversation: ConversationRow, payload: str | None, own: Collection[str], intents: Collection[str]
) -> str | None:
    """The payload if it may be acted on, else None: the message is then what was typed.

    The program's `own` payloads and a bare intent may always be sent; anything else, such as an intent with entities,
    only where it has been offered in this conversation.
    """
    if not payload or not payload.startswith("/"):
        return None
    bare = _BARE_INTENT.fullmatch(payload)
    if payload in own or (bare and bare[1] in intents) or _was_offered(session, conversation, payload):
        return payload
    return None


def as_typed(text: str) -> str:
    """What the dialogue is asked when a customer typed this: never a command in Rasa's notation, never nothing."""
    return _COMMAND_SIGNS.sub("", text)[:MAX_TEXT].strip() or "…"


def _was_offered(session: Session, conversation: ConversationRow, payload: str) -> bool:
    query = select(LineRow.content).where(
        LineRow.conversation_id == conversation.id,
        LineRow.seq > conversation.last_seq - OFFERED_WITHIN,
        LineRow.content.is_not(None),
    )
    return any(
        choice["payload"] == payload
        for content in session.execute(query).scalars()
        for choice in (content or {}).get("choices", ())
    )
