"""Where messages arrive: stored under a unique key before anything else happens to them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from botkit.conversation.files import note
from botkit.conversation.messages import (
    MAX_EXTERNAL_ID,
    MAX_SENDER,
    MAX_STORED,
    Author,
    InboundMessage,
    Receipt,
    storable,
)
from botkit.conversation.outbox import enqueue
from botkit.conversation.reply import Reply
from botkit.conversation.transcript import append_line, locked_conversation, open_conversation
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import InboundRow, VouchedNumberRow

RECEIVED, HANDLED = "received", "handled"

Answer = Callable[[Session], "tuple[Reply, str] | None"]
"""What a channel says to a message by itself, and the word by which that is known in the line's `detail`; or nothing."""


class Inbox:
    def __init__(self, unit_of_work: UnitOfWork, clock: Callable[[], datetime]) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    def receive(self, message: InboundMessage) -> Receipt:
        """Store a message and its line in the transcript; a repeated delivery changes nothing.

        Raises ValueError for a sender that cannot be one.
        """
        _check_sender(message)
        return self._received(message, None)

    def settle(self, message: InboundMessage, answer: Answer) -> Receipt:
        """Store a message that the channel itself answers, and what `answer` says to it: neither bot nor agent does.

        `answer` runs in the same unit of work, only for a message that is new. Raises ValueError as `receive` does.
        """
        _check_sender(message)
        return self._received(message, answer)

    def _received(self, message: InboundMessage, answer: Answer | None) -> Receipt:
        try:
            return self._receive(message, answer)
        except IntegrityError:
            # The same delivery, or the first two messages of a new sender, came in at once on two servers.
            return self._receive(message, answer)

    def _receive(self, message: InboundMessage, answer: Answer | None) -> Receipt:
        key = _key(message.external_id)
        with self._unit_of_work() as session:
            known = session.execute(
                select(InboundRow).where(InboundRow.channel == message.channel, InboundRow.external_id == key)
            ).scalar_one_or_none()
            if known is not None:
                return Receipt(known.id, known.conversation_id, duplicate=True, handled=known.status == HANDLED)
            receipt = self._store(session, message, key)
            if answer is not None:
                self._settle(session, receipt, answer)
            return receipt

    def _settle(self, session: Session, receipt: Receipt, answer: Answer) -> None:
        now = self._clock()
        row = session.get(InboundRow, receipt.message_id)
        row.status, row.handled_at = HANDLED, now
        said = answer(session)
        if said is not None:
            reply, word = said
            conversation = locked_conversation(session, receipt.conversation_id)
            line = append_line(session, conversation, Author.SYSTEM, reply.text, now, reply.content(), {"word": word})
            enqueue(session, line, receipt.message_id, now)

    def _store(self, session: Session, message: InboundMessage, key: str) -> Receipt:
        now = self._clock()
        text = storable(message.text[:MAX_STORED])
        conversation = open_conversation(session, message.channel, message.sender, now)
        line = append_line(
            session, conversation, Author.CUSTOMER, text, now, message.file.content() if message.file else None
        )
        if message.file:
            note(session, message.file, conversation, now)
        row = InboundRow(
            channel=message.channel,
            external_id=key,
            conversation_id=conversation.id,
            seq=line.seq,
            text=text,
            payload=storable(message.payload[:MAX_STORED]) if message.payload else None,
            readable=message.readable,
            status=RECEIVED,
            attempts=0,
            received_at=now,
        )
        session.add(row)
        if message.phone:
            session.merge(VouchedNumberRow(conversation_id=conversation.id, phone=message.phone, at=now))
        session.flush()
        return Receipt(row.id, conversation.id, duplicate=False, line=line)

    def take_up(self) -> Sequence[tuple[int, str]]:
        """What a crash left behind: (message id, conversation id), in the order received. Counts the attempt."""
        with self._unit_of_work() as session:
            rows = session.execute(
                select(InboundRow).where(InboundRow.status == RECEIVED).order_by(InboundRow.id)
            ).scalars()
            found = []
            for row in rows:
                row.attempts += 1
                found.append((row.id, row.conversation_id))
            return found


def _check_sender(message: InboundMessage) -> None:
    if not 0 < len(message.sender) <= MAX_SENDER or storable(message.sender) != message.sender:
        raise ValueError(f"not a sender: {message.sender[:MAX_SENDER]!r}")


def _key(external_id: str) -> str:
    """The id as it is, or a digest of one that is too long or cannot be stored."""
    if len(external_id) <= MAX_EXTERNAL_ID and storable(external_id) == external_id:
        return external_id
    return "sha256:" + hashlib.sha256(external_id.encode("utf-8", "surrogatepass")).hexdigest()
