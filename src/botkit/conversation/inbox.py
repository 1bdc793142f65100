"""Where messages arrive: stored under a unique key before anything else happens to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from botkit.conversation.messages import Author, InboundMessage, Receipt
from botkit.conversation.transcript import append_line, open_conversation
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import InboundRow

RECEIVED, HANDLED = "received", "handled"


class Inbox:
    def __init__(self, unit_of_work: UnitOfWork, clock: Callable[[], datetime]) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    def receive(self, message: InboundMessage) -> Receipt:
        """Store a message and its line in the transcript; a repeated delivery changes nothing."""
        try:
            return self._receive(message)
        except IntegrityError:
            # The same delivery, or the first two messages of a new sender, came in at once on two servers.
            return self._receive(message)

    def _receive(self, message: InboundMessage) -> Receipt:
        with self._unit_of_work() as session:
            known = session.execute(
                select(InboundRow).where(
                    InboundRow.channel == message.channel, InboundRow.external_id == message.external_id
                )
            ).scalar_one_or_none()
            if known is not None:
                return Receipt(known.id, known.conversation_id, duplicate=True)
            now = self._clock()
            conversation = open_conversation(session, message.channel, message.sender, now)
            line = append_line(session, conversation, Author.CUSTOMER, message.text, now)
            row = InboundRow(
                channel=message.channel,
                external_id=message.external_id,
                conversation_id=conversation.id,
                seq=line.seq,
                text=message.text,
                payload=message.payload,
                status=RECEIVED,
                attempts=0,
                received_at=now,
            )
            session.add(row)
            session.flush()
            return Receipt(row.id, conversation.id, duplicate=False, line=line)

    def unhandled(self) -> Sequence[tuple[int, str]]:
        """What a crash left behind: (message id, conversation id), in the order received."""
        with self._unit_of_work() as session:
            rows = session.execute(
                select(InboundRow.id, InboundRow.conversation_id)
                .where(InboundRow.status == RECEIVED)
                .order_by(InboundRow.id)
            ).all()
        return [(row.id, row.conversation_id) for row in rows]
