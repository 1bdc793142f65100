"""Conversations: what came in, what went out, the transcript, the dialogue's turns, who is verified."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from botkit.store.base import Base, UtcDateTime


class ConversationRow(Base):
    """One customer on one channel. `owner` is the state of `botkit.handoff`, `service_id` the human's service that runs or
    is waited for; `last_seq` numbers the transcript. While `sending_until` has not come, one server is delivering in it."""

    __tablename__ = "conversation"

    id = Column(String(32), primary_key=True)
    channel = Column(String(20), nullable=False)
    sender = Column(String(128), nullable=False)
    owner = Column(String(10), nullable=False)
    service_id = Column(Integer)
    last_seq = Column(Integer, nullable=False, default=0)
    created_at = Column(UtcDateTime, nullable=False)
    active_at = Column(UtcDateTime, nullable=False)
    sending_until = Column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("channel", "sender", name="uq_conversation_channel"),
        Index("ix_conversation_owner", "owner"),
    )


class InboundRow(Base):
    """A message received. (channel, external_id) is unique: that is how a repeated delivery is recognised.

    `attempts`: how often a start of the server found it left behind.
    """

    __tablename__ = "inbound_message"

    id = Column(Integer, primary_key=True)
    channel = Column(String(20), nullable=False)
    external_id = Column(String(160), nullable=False)
    conversation_id = Column(ForeignKey("conversation.id"), nullable=False)
    seq = Column(Integer, nullable=False)
    text = Column(Text, nullable=False)
    payload = Column(Text)
    readable = Column(Boolean, nullable=False, default=True)
    status = Column(String(10), nullable=False)
    attempts = Column(Integer, nullable=False, default=0)
    received_at = Column(UtcDateTime, nullable=False)
    handled_at = Column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("channel", "external_id", name="uq_inbound_message_channel"),
        Index("ix_inbound_message_status", "status", "id"),
    )


class LineRow(Base):
    """One line of the transcript. `content` holds what a reply has besides text; `detail` what only agents see."""

    __tablename__ = "transcript_line"

    conversation_id = Column(ForeignKey("conversation.id"), primary_key=True)
    seq = Column(Integer, primary_key=True)
    author = Column(String(10), nullable=False)
    text = Column(Text, nullable=False)
    content = Column(JSON(none_as_null=True))
    detail = Column(JSON(none_as_null=True))
    at = Column(UtcDateTime, nullable=False)


class OutboundRow(Base):
    """A line on its way to the customer, in answer to `inbound_id` where it answers a message.

    status: `pending`; `sent`: the platform has it, and will report; `delivered`; `failed`, `problem` saying why.
    `parts`: how many of the messages that it takes on its channel the platform has; `attempts` so far; the next not
    before `next_at`. `elsewhere`: the channel on which a failed line was sent instead.
    """

    __tablename__ = "outbound_message"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversation.id"), nullable=False)
    seq = Column(Integer, nullable=False)
    inbound_id = Column(ForeignKey("inbound_message.id"))
    status = Column(String(10), nullable=False)
    parts = Column(Integer, nullable=False, default=0)
    attempts = Column(Integer, nullable=False, default=0)
    next_at = Column(UtcDateTime)
    problem = Column(String(20))
    elsewhere = Column(String(20))
    created_at = Column(UtcDateTime, nullable=False)
    delivered_at = Column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq", name="uq_outbound_message_conversation_id"),
        Index("ix_outbound_message_status", "status", "conversation_id"),
        Index("ix_outbound_message_next_at", "status", "next_at"),
    )


class PlatformMessageRow(Base):
    """What a platform calls a message of ours, for its report on whether it arrived."""

    __tablename__ = "platform_message"

    channel = Column(String(20), primary_key=True)
    external_id = Column(String(160), primary_key=True)
    conversation_id = Column(ForeignKey("conversation.id"), nullable=False)
    seq = Column(Integer, nullable=False)
    arrived = Column(Boolean)

    __table_args__ = (Index("ix_platform_message_conversation_id", "conversation_id", "seq"),)


class ShownRow(Base):
    """What a text-only channel last showed: choices by number, and what is left of a long text."""

    __tablename__ = "shown"

    conversation_id = Column(ForeignKey("conversation.id"), primary_key=True)
    numbered = Column(JSON, nullable=False)
    rest = Column(Text, nullable=False)
    rest_choices = Column(JSON, nullable=False)
    at = Column(UtcDateTime, nullable=False)


class VouchedNumberRow(Base):
    """The number that the channel vouches for: whoever writes here writes from it. It still wants a code."""

    __tablename__ = "vouched_number"

    conversation_id = Column(ForeignKey("conversation.id"), primary_key=True)
    phone = Column(String(20), nullable=False)
    at = Column(UtcDateTime, nullable=False)


class ContactWishRow(Base):
    """Whether a customer may be written to on another channel of his when one does not reach him."""

    __tablename__ = "contact_wish"

    customer_id = Column(String(40), primary_key=True)
    elsewhere = Column(Boolean, nullable=False)
    at = Column(UtcDateTime, nullable=False)


class FileRow(Base):
    """A file of a conversation; its bytes lie in `var/files` under the SHA-256 `digest`. `size` in bytes."""

    __tablename__ = "file"

    id = Column(String(32), primary_key=True)
    conversation_id = Column(ForeignKey("conversation.id"), nullable=False)
    name = Column(String(120), nullable=False)
    type = Column(String(40), nullable=False)
    size = Column(Integer, nullable=False)
    digest = Column(String(64), nullable=False)
    at = Column(UtcDateTime, nullable=False)

    __table_args__ = (Index("ix_file_conversation_id", "conversation_id", "at"),)


class TurnRow(Base):
    """One turn of the dialogue: Rasa's events of the turn, and the slots and form after it."""

    __tablename__ = "dialogue_turn"

    conversation_id = Column(ForeignKey("conversation.id"), primary_key=True)
    number = Column(Integer, primary_key=True)
    events = Column(JSON, nullable=False)
    state = Column(JSON, nullable=False)


class NumberAskedRow(Base):
    """A number that somebody in this conversation has said to be his."""

    __tablename__ = "number_asked"

    conversation_id = Column(String(64), primary_key=True)
    phone = Column(String(20), primary_key=True)
    asked_at = Column(UtcDateTime, nullable=False)


class CustomerStretchRow(Base):
    """The lines of a conversation that are a customer's, who proved in it who he is: from `first_seq` to `last_seq`, or
    to the end. It stays when his verification has ended: that is how all his conversations are one history."""

    __tablename__ = "customer_stretch"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(64), nullable=False)
    customer_id = Column(String(40), nullable=False)
    first_seq = Column(Integer, nullable=False)
    last_seq = Column(Integer)
    begun_at = Column(UtcDateTime, nullable=False)

    __table_args__ = (
        Index("ix_customer_stretch_conversation_id", "conversation_id", "id"),
        Index("ix_customer_stretch_customer_id", "customer_id", "id"),
    )


class VerificationRow(Base):
    """The customer who proved in this conversation that the number is his."""

    __tablename__ = "verification"

    conversation_id = Column(String(64), primary_key=True)
    customer_id = Column(String(40), nullable=False)
    phone = Column(String(20), nullable=False)
    verified_at = Column(UtcDateTime, nullable=False)
    used_at = Column(UtcDateTime, nullable=False)
