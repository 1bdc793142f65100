"""Who wants no messages. After 退订 a customer gets answers to what he asks, and nothing that he did not ask for."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.conversation.messages import Line
from botkit.handoff.machine import Owner
from botkit.store.tables.conversation import ConversationRow, InboundRow, OutboundRow
from botkit.store.tables.sms import SmsStopRow

TALKING = timedelta(hours=24)
"""So long after his last message what a human writes to him is still an answer to it."""


def stop(session: Session, phone: str, now: datetime) -> bool:
    """False where he had stopped before: then he says it once more."""
    row = session.get(SmsStopRow, phone, with_for_update=True)
    if row is not None:
        row.at = now
        return False
    session.add(SmsStopRow(phone=phone, at=now))
    return True


def start(session: Session, phone: str) -> bool:
    """False where he had not stopped."""
    row = session.get(SmsStopRow, phone, with_for_update=True)
    if row is not None:
        session.delete(row)
    return row is not None


def has_stopped(session: Session, phone: str) -> bool:
    return session.get(SmsStopRow, phone) is not None


def wanted(session: Session, phone: str, line: Line) -> bool:
    """Whether this line may go to him: he has not stopped, or it answers a message of his, or he talks with a human, or he
    wrote again after he stopped, not long before the line was written."""
    stopped = session.get(SmsStopRow, phone)
    if stopped is None:
        return True
    answers = select(OutboundRow.inbound_id).where(
        OutboundRow.conversation_id == line.conversation_id, OutboundRow.seq == line.seq
    )
    if session.execute(answers).scalar() is not None:
        return True
    conversation = session.get(ConversationRow, line.conversation_id)
    if conversation is not None and conversation.owner in (Owner.WAITING.value, Owner.HUMAN.value):
        return True
    wrote = select(InboundRow.id).where(
        InboundRow.conversation_id == line.conversation_id,
        InboundRow.received_at > stopped.at,
        InboundRow.received_at >= line.at - TALKING,
    )
    return session.execute(wrote.limit(1)).scalar() is not None
