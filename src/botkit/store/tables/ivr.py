"""Calls of the voice menu, and what was answered in them: a repeated request is given the same answer."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String

from botkit.store.base import Base, UtcDateTime


class CallRow(Base):
    """A call. `turn`: its last one that was answered; `state`: what was last said and offered, see `channels.ivr.calls`."""

    __tablename__ = "ivr_call"

    id = Column(String(64), primary_key=True)
    sender = Column(String(128), nullable=False)
    conversation_id = Column(ForeignKey("conversation.id"), nullable=False)
    phone = Column(String(20))
    turn = Column(Integer, nullable=False)
    state = Column(JSON, nullable=False)
    over = Column(Boolean, nullable=False, default=False)
    at = Column(UtcDateTime, nullable=False)

    __table_args__ = (Index("ix_ivr_call_sender", "sender", "over"),)


class CallAnswerRow(Base):
    """The answer to one turn of a call, and a digest of what was asked; `seqs`: the lines of the transcript in it."""

    __tablename__ = "ivr_answer"

    call_id = Column(ForeignKey("ivr_call.id"), primary_key=True)
    turn = Column(Integer, primary_key=True)
    digest = Column(String(64), nullable=False)
    answer = Column(JSON, nullable=False)
    seqs = Column(JSON, nullable=False)
    at = Column(UtcDateTime, nullable=False)

    __table_args__ = (Index("ix_ivr_answer_at", "at"),)
