"""Who has proved, in which conversation, that a number is his. Kept outside of the dialogue's slots, which a customer's
text can reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import (
    ConversationRow,
    CustomerStretchRow,
    NumberAskedRow,
    VerificationRow,
    VouchedNumberRow,
)

NUMBERS_PER_HOUR = 5
"""How many different numbers may be tried in one conversation: nobody shall find out here whose customers they are."""

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Verified:
    customer_id: str
    phone: str
    since: datetime


class Verifications:
    """A verification lasts as long as the conversation goes on, and `idle` after the last use."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Callable[[], datetime], idle: timedelta) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._idle = idle
        self._noted_after = min(idle / 20, timedelta(minutes=1))

    def current(self, conversation_id: str) -> Verified | None:
        """Who is verified now; counts as use. A use is written down at most once a minute."""
        now = self._clock()
        with self._unit_of_work(reading=True) as session:
            row = session.get(VerificationRow, conversation_id)
        if row is None:
            return None
        if now - row.used_at > self._idle:
            self._end_idle(conversation_id, now)
            return None
        if now - row.used_at >= self._noted_after:
            self._note_use(conversation_id, now)
        return Verified(row.customer_id, row.phone, row.verified_at)

    def establish(self, conversation_id: str, customer_id: str, phone: str) -> None:
        """From now on this conversation is that customer's, whoever it was before."""
        now = self._clock()
        with self._unit_of_work() as session:
            session.merge(
                VerificationRow(
                    conversation_id=conversation_id, customer_id=customer_id, phone=phone, verified_at=now, used_at=now
                )
            )
            _begin_stretch(session, conversation_id, customer_id, now)

    def vouched(self, conversation_id: str) -> str | None:
        """The number that the channel vouches for in this conversation. It is no proof: it still wants a code."""
        with self._unit_of_work(reading=True) as session:
            row = session.get(VouchedNumberRow, conversation_id)
            return str(row.phone) if row else None

    def note_number(self, conversation_id: str, phone: str) -> datetime | None:
        """Note that this number is said to be the customer's. With too many of them lately: when another may be tried."""
        now = self._clock()
        with self._unit_of_work() as session:
            known = session.get(NumberAskedRow, (conversation_id, phone))
            if known is not None and now - known.asked_at < HOUR:
                return None
            since = select(NumberAskedRow.asked_at).where(
                NumberAskedRow.conversation_id == conversation_id, NumberAskedRow.asked_at > now - HOUR
            )
            recent: list[datetime] = session.execute(since.order_by(NumberAskedRow.asked_at)).scalars().all()
            if len(recent) >= NUMBERS_PER_HOUR:
                return recent[-NUMBERS_PER_HOUR] + HOUR
            session.merge(NumberAskedRow(conversation_id=conversation_id, phone=phone, asked_at=now))
            return None

    def revoke(self, conversation_id: str) -> bool:
        """End it; False where there was none."""
        with self._unit_of_work() as session:
            return end_verification(session, conversation_id)

    def _note_use(self, conversation_id: str, now: datetime) -> None:
        with self._unit_of_work() as session:
            row = session.get(VerificationRow, conversation_id, with_for_update=True)
            if row is not None:
                row.used_at = max(row.used_at, now)

    def _end_idle(self, conversation_id: str, now: datetime) -> None:
        """Delete it, unless it was established anew meanwhile."""
        with self._unit_of_work() as session:
            row = session.get(VerificationRow, conversation_id, with_for_update=True)
            if row is not None and now - row.used_at > self._idle:
                session.delete(row)
                _end_stretch(session, conversation_id)


def end_verification(session: Session, conversation_id: str) -> bool:
    """End it within the caller's unit of work; False where there was none."""
    ended = session.execute(delete(VerificationRow).where(VerificationRow.conversation_id == conversation_id))
    _end_stretch(session, conversation_id)
    return bool(ended.rowcount)


def _begin_stretch(session: Session, conversation_id: str, customer_id: str, now: datetime) -> None:
    """What is not another's is this customer's from now on, what he said before he proved who he is included."""
    last = _last_stretch(session, conversation_id)
    if last is not None and last.customer_id == customer_id:
        last.last_seq = None
        return
    if last is not None and last.last_seq is None:
        last.last_seq = _last_seq(session, conversation_id)
    first = last.last_seq + 1 if last is not None else 1
    session.add(
        CustomerStretchRow(conversation_id=conversation_id, customer_id=customer_id, first_seq=first, begun_at=now)
    )


def _end_stretch(session: Session, conversation_id: str) -> None:
    last = _last_stretch(session, conversation_id)
    if last is not None and last.last_seq is None:
        last.last_seq = _last_seq(session, conversation_id)


def _last_stretch(session: Session, conversation_id: str) -> CustomerStretchRow | None:
    query = select(CustomerStretchRow).where(CustomerStretchRow.conversation_id == conversation_id)
    row: CustomerStretchRow | None = session.execute(query.order_by(CustomerStretchRow.id.desc()).limit(1)).scalar()
    return row


def _last_seq(session: Session, conversation_id: str) -> int:
    seq = session.execute(select(ConversationRow.last_seq).where(ConversationRow.id == conversation_id)).scalar()
    return int(seq or 0)
