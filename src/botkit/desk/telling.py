"""The desk's own sentences to customers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from botkit.conversation.messages import Author, Line
from botkit.conversation.outbox import enqueue
from botkit.conversation.reply import Reply
from botkit.conversation.transcript import append_line
from botkit.store.tables.conversation import ConversationRow


def tell(session: Session, conversation: ConversationRow, reply: Reply, now: datetime) -> Line:
    """Say a system line in a conversation that this unit of work has locked; it waits in the outbox."""
    line = append_line(session, conversation, Author.SYSTEM, reply.text, now, reply.content())
    enqueue(session, line, None, now)
    return line
