"""Who has proved, in which conversation, that a number is his. Kept outside of the dialogue's slots, which a customer's
text can reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import VerificationRow


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

    def current(self, conversation_id: str) -> Verified | None:
        """Who is verified now; counts as use."""
        now = self._clock()
        with self._unit_of_work() as session:
            row = session.get(VerificationRow, conversation_id)
            if row is None or now - row.used_at > self._idle:
                return None
            row.used_at = now
            return Verified(row.customer_id, row.phone, row.verified_at)

    def establish(self, conversation_id: str, customer_id: str, phone: str) -> None:
        now = self._clock()
        with self._unit_of_work() as session:
            session.merge(
                VerificationRow(
                    conversation_id=conversation_id, customer_id=customer_id, phone=phone, verified_at=now, used_at=now
                )
            )

    def revoke(self, conversation_id: str) -> bool:
        """End it; False where there was none."""
        with self._unit_of_work() as session:
            row = session.get(VerificationRow, conversation_id)
            if row is None:
                return False
            session.delete(row)
            return True
