"""Where Chatwoot is the desk: which conversation there belongs to which service here, and how far it has been told."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String

from botkit.store.base import Base, UtcDateTime


class ChatwootLinkRow(Base):
    """One human's service and its conversation in Chatwoot.

    origin: which Chatwoot and account. contact_id, source_id, remote_id: contact, its session in the inbox, conversation
    (the number that agents see); None while not made yet. introduced: card and earlier talk have been posted.
    relayed_seq: every line of the transcript up to here has been told. state_at: `updated_at` of the last state taken over
    (Unix seconds). done: nothing is left to tell. held_by, held_until: the server that is telling. attempts, next_at: since
    it failed last; refusals: how often Chatwoot said no to the message that is next.
    """

    __tablename__ = "chatwoot_link"

    service_id = Column(ForeignKey("service.id"), primary_key=True)
    conversation_id = Column(ForeignKey("conversation.id"), nullable=False)
    origin = Column(String(12), nullable=False)
    contact_id = Column(Integer)
    source_id = Column(String(255))
    remote_id = Column(Integer)
    introduced = Column(Boolean, nullable=False, default=False)
    relayed_seq = Column(Integer, nullable=False)
    state_at = Column(Float(53))
    done = Column(Boolean, nullable=False, default=False)
    held_by = Column(String(32))
    held_until = Column(UtcDateTime)
    attempts = Column(Integer, nullable=False, default=0)
    refusals = Column(Integer, nullable=False, default=0)
    next_at = Column(UtcDateTime)

    __table_args__ = (
        Index("ix_chatwoot_link_remote_id", "remote_id", "origin"),
        Index("ix_chatwoot_link_done", "done"),
    )


class ChatwootRefusalRow(Base):
    """A message of an agent that did not go to the customer; he is told why by a private note, once.

    why: the name of the sentence. message_id: as in `agent_message`.
    """

    __tablename__ = "chatwoot_refusal"

    message_id = Column(String(64), primary_key=True)
    service_id = Column(ForeignKey("service.id"), nullable=False)
    why = Column(String(40), nullable=False)
    told = Column(Boolean, nullable=False, default=False)

    __table_args__ = (Index("ix_chatwoot_refusal_service_id", "service_id", "told"),)
