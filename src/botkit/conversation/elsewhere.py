"""What cannot be delivered to a customer goes to another channel of his, where he has proved who he is and allowed it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.messages import Author
from botkit.conversation.outbox import FAILED, Delivery, enqueue
from botkit.conversation.plain import plain_text
from botkit.conversation.reply import Reply, said
from botkit.conversation.transcript import append_line, line_of, locked_conversation
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import (
    ContactWishRow,
    ConversationRow,
    CustomerStretchRow,
    LineRow,
    OutboundRow,
    VerificationRow,
)

PREFIX = "/elsewhere{"
"""Begins the payloads of its choices: `/elsewhere{"allow": true}`."""

FROM = "from"
"""In the detail of a line: the conversation in which it could not be delivered."""

log = structlog.get_logger(__name__)


class Elsewhere:
    def __init__(
        self,
        unit_of_work: UnitOfWork,
        texts: Texts,
        clock: Callable[[], datetime],
        channels: Collection[str],
    ) -> None:
        """channels: those that can write to a customer who is not there."""
        self._unit_of_work = unit_of_work
        self._texts = texts
        self._clock = clock
        self._channels = frozenset(channels)

    # The customer's wish

    def offered_with(self, word: Reply, session: Session, conversation: ConversationRow) -> Reply:
        """The word to a customer who waits for a human, with one choice more where he has another channel: to be answered
        there if need be."""
        known = session.get(VerificationRow, conversation.id)
        if known is None or _allows(session, known.customer_id):
            return word
        other = self._other(session, conversation, known.customer_id)
        if other is None:
            return word
        offer = said(self._texts, "elsewhere_offer", channel=self._name(other.channel))
        return replace(word, choices=(*word.choices, *offer.choices))

    def takes(self, payload: str) -> bool:
        return payload.startswith(PREFIX)

    def keep(self, session: Session, conversation: ConversationRow, payload: str) -> Reply | None:
        """Keep what he chose; None for what nobody verified chose."""
        known = session.get(VerificationRow, conversation.id)
        allow = _allowed(payload)
        if known is None or allow is None:
            return None
        session.merge(ContactWishRow(customer_id=known.customer_id, elsewhere=allow, at=self._clock()))
        return said(self._texts, "elsewhere_allowed" if allow else "elsewhere_refused")

    # What could not be delivered

    async def instead(self, delivery: Delivery) -> str | None:
        """Where a line was given up, put it on its way elsewhere: the conversation to be flushed, if any."""
        if delivery.status != FAILED:
            return None
        other = await asyncio.to_thread(self._forward, delivery)
        if other is not None:
            log.info("sent elsewhere", conversation=delivery.conversation_id, seq=delivery.seq, other=other)
        return other

    def _forward(self, delivery: Delivery) -> str | None:
        with self._unit_of_work() as session:
            conversation = session.get(ConversationRow, delivery.conversation_id)
            customer_id = _customer_at(session, delivery)
            if customer_id is None or not _allows(session, customer_id):
                return None
            other = self._other(session, conversation, customer_id)
            query = select(OutboundRow).where(
                OutboundRow.conversation_id == delivery.conversation_id, OutboundRow.seq == delivery.seq
            )
            row = session.execute(query.with_for_update()).scalar_one()
            line = line_of(session.get(LineRow, (delivery.conversation_id, delivery.seq)))
            if other is None or row.elsewhere is not None or FROM in line.detail:
                return None
            row.elsewhere = other.channel
            name = line.content.get("name")
            text = self._texts.text(
                "elsewhere_line",
                channel=self._name(conversation.channel),
                text=f"{name}: {plain_text(line)}" if name else plain_text(line),
            )
            there = locked_conversation(session, other.id)
            detail = {FROM: conversation.id}
            sent = append_line(session, there, Author.SYSTEM, text, self._clock(), None, detail)
            enqueue(session, sent, None, sent.at)
            return str(there.id)

    def _other(self, session: Session, conversation: ConversationRow, customer_id: str) -> ConversationRow | None:
        """His conversation on another channel that he used last."""
        query = (
            select(ConversationRow)
            .join(CustomerStretchRow, CustomerStretchRow.conversation_id == ConversationRow.id)
            .where(
                CustomerStretchRow.customer_id == customer_id,
                CustomerStretchRow.last_seq.is_(None),
                ConversationRow.channel.in_(self._channels - {conversation.channel}),
            )
            .order_by(ConversationRow.active_at.desc())
        )
        row: ConversationRow | None = session.execute(query.limit(1)).scalar()
        return row

    def _name(self, channel: str) -> str:
        return self._texts.labels("desk_channels").get(channel, channel)


def _customer_at(session: Session, delivery: Delivery) -> str | None:
    """Whose the line is, who has proved it."""
    query = select(CustomerStretchRow.customer_id).where(
        CustomerStretchRow.conversation_id == delivery.conversation_id,
        CustomerStretchRow.first_seq <= delivery.seq,
        CustomerStretchRow.last_seq.is_(None),
    )
    customer_id: str | None = session.execute(query).scalar()
    return customer_id


def _allows(session: Session, customer_id: str) -> bool:
    wish = session.get(ContactWishRow, customer_id)
    return wish is not None and bool(wish.elsewhere)


def _allowed(payload: str) -> bool | None:
    try:
        allow = json.loads(payload.removeprefix("/elsewhere")).get("allow")
    except ValueError:
        return None
    return allow if isinstance(allow, bool) else None
