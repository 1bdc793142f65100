"""The SMS channel: who wants no messages, and the parts of long messages that have come in so far."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String

from botkit.store.base import Base, UtcDateTime


class SmsStopRow(Base):
    """A number that wants no messages but answers to its own questions."""

    __tablename__ = "sms_stop"

    phone = Column(String(20), primary_key=True)
    at = Column(UtcDateTime, nullable=False)


class SmsPartRow(Base):
    """One part of a message in several. `coding`: SMPP's data_coding; `done`: the whole message is in the inbox."""

    __tablename__ = "sms_part"

    sender = Column(String(20), primary_key=True)
    reference = Column(Integer, primary_key=True)
    total = Column(Integer, primary_key=True)
    number = Column(Integer, primary_key=True)
    coding = Column(Integer, nullable=False)
    data = Column(LargeBinary, nullable=False)
    done = Column(Boolean, nullable=False)
    at = Column(UtcDateTime, nullable=False)

    __table_args__ = (Index("ix_sms_part_at", "at"),)
