"""Who answers a message: the bot while it owns the conversation, else nobody but a human."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.dialogue import Dialogue, DialogueError, Response
from botkit.conversation.inbox import HANDLED
from botkit.conversation.messages import Author, Line
from botkit.conversation.outbox import enqueue
from botkit.conversation.reply import Reply, said
from botkit.conversation.transcript import append_line, locked_conversation
from botkit.handoff.machine import Command, HandOver, Owner, Reason, ReturnToBot, transition
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, InboundRow, LineRow

log = structlog.get_logger(__name__)

BACK_TO_BOT = "/back_to_bot"
MAX_ATTEMPTS = 2
_PAYLOAD = re.compile(r"/([a-z][a-z0-9_]*)(\{.*\})?", re.DOTALL)


@dataclass(frozen=True)
class _Work:
    """A message to handle. `said` is what the dialogue is asked: typed text, or the payload of an offered choice."""

    message_id: int
    conversation_id: str
    channel: str
    said: str
    payload: str | None
    owner: Owner
    attempts: int


class Router:
    def __init__(
        self, unit_of_work: UnitOfWork, dialogue: Dialogue, texts: Texts, clock: Callable[[], datetime]
    ) -> None:
        self._unit_of_work = unit_of_work
        self._dialogue = dialogue
        self._texts = texts
        self._clock = clock

    async def handle(self, message_id: int) -> None:
        """Answer a message or hand it on; a message handled before is left alone. The answer waits in the outbox."""
        work = await asyncio.to_thread(self._begin, message_id)
        if work is None:
            return
        if work.owner is not Owner.BOT:
            await asyncio.to_thread(self._for_the_desk, work)
            return
        response = await self._ask_bot(work)
        try:
            stored = await asyncio.to_thread(self._store, work, response)
        except BaseException:
            self._dialogue.forget(work.conversation_id)
            raise
        if not stored:
            self._dialogue.forget(work.conversation_id)
            await asyncio.to_thread(self._for_the_desk, work)

    def _begin(self, message_id: int) -> _Work | None:
        with self._unit_of_work() as session:
            row = session.get(InboundRow, message_id)
            if row is None or row.status == HANDLED:
                return None
            row.attempts += 1
            conversation = session.get(ConversationRow, row.conversation_id)
            payload = row.payload if row.payload and self._acceptable(session, conversation, row.payload) else None
            return _Work(
                row.id,
                row.conversation_id,
                row.channel,
                payload or row.text.strip().lstrip("/") or "…",
                payload,
                Owner(conversation.owner),
                row.attempts,
            )

    def _acceptable(self, session: Session, conversation: ConversationRow, payload: str) -> bool:
        """A bare intent may always be sent; one with entities only where the bot has offered it."""
        match = _PAYLOAD.fullmatch(payload)
        if not match:
            return False
        if payload == BACK_TO_BOT or (match[1] in self._dialogue.intents and not match[2]):
            return True
        recent = select(LineRow.content).where(
            LineRow.conversation_id == conversation.id, LineRow.seq > conversation.last_seq - 60
        )
        return any(
            choice["payload"] == payload
            for content in session.execute(recent).scalars()
            for choice in (content or {}).get("choices", ())
        )

    async def _ask_bot(self, work: _Work) -> Response:
        try:
            if work.payload == BACK_TO_BOT:
                return Response([said(self._texts, "back_with_bot")], None)
            return await self._dialogue.respond(work.conversation_id, work.message_id, work.channel, work.said)
        except DialogueError:
            log.exception(
                "the bot failed", conversation=work.conversation_id, message=work.message_id, attempt=work.attempts
            )
            if work.attempts < MAX_ATTEMPTS:
                retried = await asyncio.to_thread(self._begin, work.message_id)
                if retried is not None:
                    return await self._ask_bot(retried)
            return Response([said(self._texts, "bot_failure")], None, HandOver(Reason.BOT_FAILURE))

    def _store(self, work: _Work, response: Response) -> bool:
        """Answer, dialogue turn and the mark `handled` in one unit of work.

        False when a human took the conversation over while the bot was thinking: then nothing of the answer is kept.
        """
        with self._unit_of_work() as session:
            conversation = locked_conversation(session, work.conversation_id)
            if conversation.owner != Owner.BOT.value:
                return False
            row = session.get(InboundRow, work.message_id)
            if row.status == HANDLED:
                return True
            for number, reply in enumerate(response.replies):
                self._say(
                    session, conversation, Author.BOT, reply, work.message_id, response.detail if not number else None
                )
            if response.turn:
                response.turn.store(session)
            if response.hand_over:
                self._move(session, conversation, response.hand_over)
            self._done(row)
            return True

    def _for_the_desk(self, work: _Work) -> None:
        with self._unit_of_work() as session:
            conversation = locked_conversation(session, work.conversation_id)
            if conversation.owner == Owner.WAITING.value:
                self._while_waiting(session, conversation, work)
            self._done(session.get(InboundRow, work.message_id))

    def _while_waiting(self, session: Session, conversation: ConversationRow, work: _Work) -> None:
        if work.payload == BACK_TO_BOT:
            self._move(session, conversation, ReturnToBot())
            self._say(session, conversation, Author.SYSTEM, said(self._texts, "back_with_bot"), work.message_id)
            return
        notice = said(self._texts, "noted_while_waiting")
        # one acknowledgement for each stretch of waiting is enough
        last_event = session.execute(
            select(LineRow.text)
            .where(LineRow.conversation_id == conversation.id, LineRow.author == Author.SYSTEM.value)
            .order_by(LineRow.seq.desc())
            .limit(1)
        ).scalar_one_or_none()
        if last_event != notice.text:
            self._say(session, conversation, Author.SYSTEM, notice, work.message_id)

    def _move(self, session: Session, conversation: ConversationRow, command: Command) -> None:
        result = transition(Owner(conversation.owner), command)
        if result.changed:
            conversation.owner = result.owner.value
            detail = {"event": type(command).__name__, "owner": result.owner.value}
            if isinstance(command, HandOver):
                detail |= {"reason": command.reason.value, "topic": command.topic}
            append_line(session, conversation, Author.SYSTEM, "", self._clock(), detail=detail)

    def _say(
        self,
        session: Session,
        conversation: ConversationRow,
        author: Author,
        reply: Reply,
        inbound_id: int,
        detail: object = None,
    ) -> Line:
        line = append_line(
            session,
            conversation,
            author,
            reply.text,
            self._clock(),
            reply.content(),
            json.loads(json.dumps(detail or {})),
        )
        enqueue(session, line, inbound_id, line.at)
        return line

    def _done(self, row: InboundRow) -> None:
        row.status = HANDLED
        row.handled_at = self._clock()
