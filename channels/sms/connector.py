"""Both halves of the channel: what comes in by SMS, and lines as SMS. Which gateway carries them it does not know."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sanic import Blueprint
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from botkit.bss.sms import SmsOutlet
from botkit.content.sms import SmsCodes
from botkit.content.texts import Texts
from botkit.conversation.inbox import Answer, Inbox
from botkit.conversation.messages import Author, InboundMessage, Line
from botkit.conversation.outbox import Outbox, Sent, Undeliverable
from botkit.conversation.pages import Pages
from botkit.conversation.reply import Reply, said
from botkit.conversation.transcript import find_conversation, read_lines
from botkit.conversation.worker import Worker
from botkit.handoff.machine import Owner
from botkit.nlu.normalise import to_simplified
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, InboundRow, LineRow
from channels.sms import stops
from channels.sms.codes import GatewaySms
from channels.sms.gateway import Gateway, Incoming, Outgoing
from channels.sms.numbering import LOOK_BACK, numbered_after
from channels.sms.numbers import is_mobile
from channels.sms.rendering import Rendered

CHANNEL = "sms"
MINUTE = timedelta(minutes=1)

LONGEST_CODE = 100
"""Characters up to which a message may be a code or a choice."""

STOPPED, STARTED, TOO_FAST = "sms_stopped", "sms_started", "sms_too_fast"
"""What the channel says by itself: names of texts, and words in the lines' `detail`."""

log = structlog.get_logger(__name__)


class SmsConnector:
    """parts: SMS that a line may take. per_minute: messages of one number that the bot answers in a minute."""

    channel = CHANNEL
    outside = True

    def __init__(
        self,
        gateway: Gateway,
        number: str,
        codes: SmsCodes,
        unit_of_work: UnitOfWork,
        clock: Callable[[], datetime],
        texts: Texts,
        pages: Pages,
        parts: int = 2,
        per_minute: int = 10,
        own: SmsOutlet | None = None,
    ) -> None:
        self._gateway = gateway
        self._number = number
        self._codes = codes
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._texts = texts
        self._pages = pages
        self._parts = parts
        self._per_minute = per_minute
        self._own = own
        self._inbox = Inbox(unit_of_work, clock)
        self._worker: Worker | None = None
        self._outbox: Outbox | None = None

    @property
    def blueprint(self) -> Blueprint | None:
        return self._gateway.blueprint

    async def serve(self, worker: Worker, outbox: Outbox) -> None:
        self._worker, self._outbox = worker, outbox
        await self._gateway.open(self)
        if self._own is not None:
            self._own.connect(GatewaySms(self._gateway, asyncio.get_running_loop()))

    async def close(self) -> None:
        await self._gateway.close()

    # Out

    async def deliver(self, sender: str, line: Line, parts: int = 0) -> bool | Sent | None:
        """See `Connector.deliver`."""
        if not await asyncio.to_thread(self._wanted, sender, line):
            raise Undeliverable("he wants no messages that he did not ask for", "blocked")
        rendered, opened = await asyncio.to_thread(self._numbered, line)
        if not rendered.parts:
            return True
        if rendered.numbered or line.author is Author.AGENT:
            show = (line.conversation_id, opened.numbered, opened.rest, opened.rest_choices)
            await asyncio.to_thread(self._pages.show, *show)
        key = f"{line.conversation_id}-{line.seq}"
        return await self._gateway.send(Outgoing(sender, rendered.parts, key), parts)

    def _numbered(self, line: Line) -> tuple[Rendered, Rendered]:
        with self._unit_of_work(reading=True) as session:
            earlier = read_lines(session, line.conversation_id, before=line.seq, limit=LOOK_BACK)
        return numbered_after(earlier, line, self._texts, self._parts)

    def _wanted(self, sender: str, line: Line) -> bool:
        if line.detail.get("word") in (STOPPED, STARTED):
            return True
        with self._unit_of_work(reading=True) as session:
            return stops.wanted(session, sender, line)

    # In

    async def message(self, incoming: Incoming) -> None:
        """See `Arrivals.message`."""
        if incoming.sender == self._number or self._codes.unanswered(incoming.sender):
            log.info("not answered: a service's number", channel=CHANNEL, number=incoming.sender)
            return
        assert self._worker is not None, "not serving"
        text = to_simplified(incoming.text)
        message = await asyncio.to_thread(self._understood, incoming, text)
        answer = await asyncio.to_thread(self._own_answer, message, text)
        if answer is None:
            await self._worker.submit(message)
            return
        receipt = await asyncio.to_thread(self._inbox.settle, message, answer)
        assert self._outbox is not None
        await self._outbox.flush(receipt.conversation_id)

    async def report(self, external_id: str, arrived: bool, problem: str = "refused") -> bool:
        """See `Arrivals.report`."""
        assert self._outbox is not None, "not serving"
        return await self._outbox.reported(CHANNEL, external_id, arrived, problem)

    def _understood(self, incoming: Incoming, text: str) -> InboundMessage:
        """A number of what was shown, a code, or a sentence."""
        shown, payload = incoming.text, None
        if len(text) <= LONGEST_CODE:
            if choice := self._pages.meant(CHANNEL, incoming.sender, incoming.text):
                shown, payload = choice.title, choice.payload
            elif incoming.readable:
                payload = self._codes.payload(text)
        return InboundMessage(
            CHANNEL,
            incoming.sender,
            incoming.external_id,
            shown if shown.strip() else self._texts.text("sms_blank"),
            payload,
            readable=incoming.readable and bool(shown.strip()),
            phone=incoming.sender if is_mobile(incoming.sender) else None,
        )

    def _own_answer(self, message: InboundMessage, text: str) -> Answer | None:
        """What the channel says to it by itself: that it stops, starts again, or cannot keep up."""
        with self._unit_of_work(reading=True) as session:
            if message.payload is None and self._codes.stops(text):
                return self._stop(message.sender)
            if self._codes.starts(text) and stops.has_stopped(session, message.sender):
                return self._start(message.sender)
            if self._too_fast(session, message):
                return self._put_off(message.sender)
        return None

    def _stop(self, sender: str) -> Answer:
        def answer(session: Session) -> tuple[Reply, str] | None:
            return (said(self._texts, STOPPED), STOPPED) if stops.stop(session, sender, self._clock()) else None

        return answer

    def _start(self, sender: str) -> Answer:
        def answer(session: Session) -> tuple[Reply, str] | None:
            return (said(self._texts, STARTED), STARTED) if stops.start(session, sender) else None

        return answer

    def _too_fast(self, session: Session, message: InboundMessage) -> bool:
        """Whether the bot has had enough of this number for now. A human is not spared anything."""
        conversation = find_conversation(session, CHANNEL, message.sender)
        if conversation is None or conversation.owner in (Owner.WAITING.value, Owner.HUMAN.value):
            return False
        known = select(InboundRow.id).where(
            InboundRow.channel == CHANNEL, InboundRow.external_id == message.external_id
        )
        if session.execute(known).scalar() is not None:
            return False
        lately = select(func.count(InboundRow.id)).where(
            InboundRow.conversation_id == conversation.id, InboundRow.received_at > self._clock() - MINUTE
        )
        return int(session.execute(lately).scalar_one()) >= self._per_minute

    def _put_off(self, sender: str) -> Answer:
        """Said once: not again before something else has been said."""

        def answer(session: Session) -> tuple[Reply, str] | None:
            last = (
                select(LineRow.detail)
                .join(ConversationRow, ConversationRow.id == LineRow.conversation_id)
                .where(ConversationRow.channel == CHANNEL, ConversationRow.sender == sender)
                .where(LineRow.author != Author.CUSTOMER.value)
                .order_by(LineRow.seq.desc())
            )
            detail = session.execute(last.limit(1)).scalar() or {}
            if detail.get("word") == TOO_FAST:
                return None
            return said(self._texts, TOO_FAST, hotline=self._texts.text("hotline")), TOO_FAST

        return answer
