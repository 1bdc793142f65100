"""Who answers a message: the bot while it owns the conversation, else nobody but a human."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.dialogue import Dialogue, DialogueError, Response
from botkit.conversation.elsewhere import Elsewhere
from botkit.conversation.files import MAX_SIZE
from botkit.conversation.inbox import HANDLED
from botkit.conversation.messages import Author
from botkit.conversation.notices import BEGIN, FILE_NOTICES
from botkit.conversation.outbox import enqueue
from botkit.conversation.ownership import customer_spoke, move, seen_by_a_human
from botkit.conversation.pages import MORE, rest_of
from botkit.conversation.payloads import accepted_payload, as_typed
from botkit.conversation.reception import CALL_BACK, NoDesk, Reception
from botkit.conversation.reply import Reply, said
from botkit.conversation.transcript import append_line, locked_conversation, note_mood, stretch
from botkit.conversation.verification import end_verification
from botkit.conversation.ways import is_one_of
from botkit.handoff.machine import Close, Command, End, HandOver, Owner, Reason, ReturnToBot
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, InboundRow

BACK_TO_BOT = "/back_to_bot"
GONE = "/gone"
"""The customer has gone away and cannot be answered any more, as one who hangs up. The text of the message says how."""
_ABORT = "abort"
"""The intent that leaves whatever was going on."""
ATTEMPTS = 2
"""How often the bot is asked before it apologises and hands over."""

REASSURE_AFTER = timedelta(minutes=1)
"""So long after the last word to a waiting customer his next message is answered again."""

CRASHES = 3
"""How often a message is taken up after a crash: one that brings the server down must not do so for ever."""

_STORAGE_DOWN = (OperationalError, InterfaceError, PoolTimeout)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Work:
    """A message to handle. `said` is what the dialogue is asked: typed text, or the payload of an offered choice; empty
    for what the bot cannot read. `asked`: the desk waits for an answer of the customer."""

    message_id: int
    conversation_id: str
    channel: str
    said: str
    payload: str | None
    owner: Owner
    crashes: int
    asked: bool


class Router:
    def __init__(
        self,
        unit_of_work: UnitOfWork,
        dialogue: Dialogue,
        texts: Texts,
        clock: Callable[[], datetime],
        reception: Reception | None = None,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._elsewhere = elsewhere or Elsewhere(unit_of_work, texts, clock, ())
        self._dialogue = dialogue
        self._texts = texts
        self._clock = clock
        self._reception = reception or NoDesk()

    async def handle(self, message_id: int) -> None:
        """Answer a message or hand it on; a message handled before is left alone. The answer waits in the outbox.

        Raises SQLAlchemy's errors when the database does not answer: the message then stands as before.
        """
        attempt = 0
        while work := await asyncio.to_thread(self._look_at, message_id):
            attempt += 1
            if work.payload == GONE:
                await self._customer_gone(work)
                return
            if work.payload == MORE:
                await asyncio.to_thread(self._go_on_showing, work)
                return
            if work.payload is not None and work.payload in FILE_NOTICES:
                await asyncio.to_thread(self._refuse_file, work, FILE_NOTICES[work.payload])
                return
            if wish := self._wish(work):
                await asyncio.to_thread(self._at_the_reception, work, wish)
                return
            if work.asked and await asyncio.to_thread(self._answered, work):
                return
            if work.owner in (Owner.WAITING, Owner.HUMAN):
                heard = await asyncio.to_thread(self._heard, work)
                await asyncio.to_thread(self._for_the_desk, work, heard, await self._mood(work))
                return
            try:
                await self._keep(work, await self._response(work, attempt))
                return
            except _STORAGE_DOWN:
                raise
            except Exception:
                log.exception("the bot failed", conversation=work.conversation_id, message=message_id, attempt=attempt)
                if attempt > ATTEMPTS:
                    raise

    def _look_at(self, message_id: int) -> _Work | None:
        with self._unit_of_work(reading=True) as session:
            query = (
                select(InboundRow, ConversationRow)
                .join(ConversationRow, ConversationRow.id == InboundRow.conversation_id)
                .where(InboundRow.id == message_id, InboundRow.status != HANDLED)
            )
            found = session.execute(query).one_or_none()
            if found is None:
                return None
            row, conversation = found
            own = {BACK_TO_BOT, BEGIN, GONE, MORE, *FILE_NOTICES, *self._reception.payloads}
            payload = accepted_payload(session, conversation, row.payload, own, self._dialogue.intents)
            owner = Owner(conversation.owner)
            if owner in (Owner.BOT, Owner.CLOSED) and seen_by_a_human(session, conversation, row.seq):
                owner = Owner.HUMAN  # whose it was: it has only been worked off since he left
            return _Work(
                row.id,
                conversation.id,
                conversation.channel,
                payload or (as_typed(row.text) if row.text and row.readable else ""),
                payload,
                owner,
                row.attempts,
                self._reception.awaits(session, conversation),
            )

    async def _response(self, work: _Work, attempt: int) -> Response:
        """What the bot says to it; after too many attempts an apology, and the conversation goes to a human.

        Raises DialogueError, after which the dialogue stands as before.
        """
        if attempt > ATTEMPTS or work.crashes > CRASHES:
            return Response([said(self._texts, "bot_failure")], None, HandOver(Reason.BOT_FAILURE))
        if work.payload == BACK_TO_BOT:
            return Response([said(self._texts, "back_with_bot")], None)
        if work.payload == BEGIN:
            return Response([said(self._texts, "greeting")], None)
        if not work.said:
            return Response([said(self._texts, "unreadable_for_bot")], None)
        return await self._dialogue.respond(work.conversation_id, work.message_id, work.channel, work.said)

    async def _customer_gone(self, work: _Work) -> None:
        """Whoever comes next has not proved who he is, is in no form, and waits for nobody. Nothing is said."""
        response = None
        if work.owner in (Owner.BOT, Owner.CLOSED) and _ABORT in self._dialogue.intents:
            try:
                response = await self._dialogue.respond(
                    work.conversation_id, work.message_id, work.channel, f"/{_ABORT}"
                )
            except DialogueError:
                log.exception("the dialogue was not left", conversation=work.conversation_id)
        stored = False
        try:
            stored = await asyncio.to_thread(self._store_gone, work, response)
        finally:
            if not stored:
                self._dialogue.forget(work.conversation_id)

    def _store_gone(self, work: _Work, response: Response | None) -> bool:
        with self._unit_of_work() as session:
            conversation = locked_conversation(session, work.conversation_id)
            row = session.get(InboundRow, work.message_id)
            if row.status == HANDLED:
                return False
            end_verification(session, conversation.id)
            if conversation.owner == Owner.WAITING.value:
                self._move(session, conversation, Close(End.GIVEN_UP))
            if response is not None and response.turn is not None:
                response.turn.store(session)
            self._done(row)
            return True

    async def _keep(self, work: _Work, response: Response) -> None:
        """Store the answer, or none of it where a human has taken over meanwhile."""
        stored = False
        try:
            stored = await asyncio.to_thread(self._store, work, response)
        finally:
            if not stored:
                self._dialogue.forget(work.conversation_id)
        if not stored:
            await asyncio.to_thread(self._for_the_desk, work, None, response.mood)

    def _store(self, work: _Work, response: Response) -> bool:
        """Answer, dialogue turn and the mark `handled` in one unit of work.

        False when it was answered elsewhere, or a human took the conversation over while the bot was thinking, even if
        he has left again: then nothing of the answer is kept.
        """
        with self._unit_of_work() as session:
            conversation = locked_conversation(session, work.conversation_id)
            row = session.get(InboundRow, work.message_id)
            if row.status == HANDLED or conversation.owner in (Owner.WAITING.value, Owner.HUMAN.value):
                return False
            if seen_by_a_human(session, conversation, row.seq):
                return False
            if conversation.owner == Owner.CLOSED.value:
                self._move(session, conversation, ReturnToBot())
            for number, reply in enumerate(response.replies):
                detail = dict(response.detail) if number == 0 else {}
                self._say(session, conversation, Author.BOT, reply, work.message_id, detail)
            if response.turn:
                response.turn.store(session)
            if response.hand_over:
                self._move(session, conversation, response.hand_over)
            note_mood(session, conversation, row.seq, response.mood)
            if response.hand_over:
                word = self._reception.handed_over(session, conversation) or said(self._texts, "waiting_for_human")
                word = self._elsewhere.offered_with(word, session, conversation)
                self._say(session, conversation, Author.SYSTEM, word, work.message_id)
            self._done(row)
            return True

    def _wish(self, work: _Work) -> str | None:
        """What the desk itself answers: a chosen button of its own, or a waiting customer's wish for a call back."""
        wish = work.payload
        if work.owner is Owner.WAITING and wish is None and self._is_one_of("asks_for_call_back", work.said):
            wish = CALL_BACK
        ours = wish is not None and (self._reception.takes(wish) or self._elsewhere.takes(wish))
        return wish if ours else None

    def _go_on_showing(self, work: _Work) -> None:
        """The rest of a long text: nothing new is said, so it is nobody's turn."""
        with self._unit_of_work() as session:
            conversation = locked_conversation(session, work.conversation_id)
            row = session.get(InboundRow, work.message_id)
            if row.status == HANDLED:
                return
            reply = rest_of(session, conversation.id) or said(self._texts, "nothing_more")
            self._say(session, conversation, Author.SYSTEM, reply, work.message_id)
            self._done(row)

    def _refuse_file(self, work: _Work, name: str) -> None:
        """Why a file was not taken, whoever owns the conversation: the channel knows, the bot and the agent do not."""
        with self._unit_of_work() as session:
            conversation = locked_conversation(session, work.conversation_id)
            row = session.get(InboundRow, work.message_id)
            if row.status == HANDLED:
                return
            customer_spoke(session, conversation, self._clock())
            reply = said(self._texts, name, size=MAX_SIZE // 1024 // 1024)
            self._say(session, conversation, Author.SYSTEM, reply, work.message_id)
            self._done(row)

    def _at_the_reception(self, work: _Work, wish: str) -> None:
        with self._unit_of_work() as session:
            conversation = locked_conversation(session, work.conversation_id)
            row = session.get(InboundRow, work.message_id)
            if row.status == HANDLED:
                return
            desk = self._elsewhere.keep if self._elsewhere.takes(wish) else self._reception.act
            reply = desk(session, conversation, wish)
            if reply is not None:
                self._say(session, conversation, Author.SYSTEM, reply, work.message_id)
            else:
                customer_spoke(session, conversation, self._clock())
            self._done(row)

    def _answered(self, work: _Work) -> bool:
        """Whether it was the answer that the desk waited for; else it goes its way."""
        with self._unit_of_work() as session:
            conversation = locked_conversation(session, work.conversation_id)
            row = session.get(InboundRow, work.message_id)
            if row.status == HANDLED:
                return True
            reply = self._reception.answered(session, conversation, work.said)
            if reply is None:
                return False
            self._say(session, conversation, Author.SYSTEM, reply, work.message_id)
            self._done(row)
            return True

    def _heard(self, work: _Work) -> Reply | None:
        """What the desk itself answers to what is said to a human."""
        if work.owner is not Owner.HUMAN:
            return None
        return self._reception.listen(work.conversation_id, work.message_id, work.payload or work.said)

    async def _mood(self, work: _Work) -> Mapping[str, Any]:
        """What can be heard in a message to a human. That it cannot be told must not keep the message from him."""
        if not work.said or work.payload is not None:
            return {}
        try:
            return await self._dialogue.mood(work.said)
        except Exception:
            log.exception("the mood was not told", conversation=work.conversation_id)
            return {}

    def _for_the_desk(self, work: _Work, heard: Reply | None, mood: Mapping[str, Any]) -> None:
        with self._unit_of_work() as session:
            conversation = locked_conversation(session, work.conversation_id)
            row = session.get(InboundRow, work.message_id)
            if row.status == HANDLED:
                return
            note_mood(session, conversation, row.seq, mood)
            if conversation.owner == Owner.WAITING.value:
                self._while_waiting(session, conversation, work)
            elif heard is not None:
                self._say(session, conversation, Author.SYSTEM, heard, work.message_id)
            else:
                customer_spoke(session, conversation, self._clock())
            self._done(row)

    def _while_waiting(self, session: Session, conversation: ConversationRow, work: _Work) -> None:
        if work.payload == BACK_TO_BOT or self._is_one_of("gives_up_waiting", work.said):
            self._move(session, conversation, ReturnToBot())
            self._say(session, conversation, Author.SYSTEM, said(self._texts, "back_with_bot"), work.message_id)
            return
        before = [line for line in stretch(session, conversation.id) if "word" in line.detail]
        asks = self._is_one_of("asks_whether_anybody_is_there", work.said)
        if asks or (before and self._clock() - before[-1].at >= REASSURE_AFTER):
            word, reply = "still", self._reception.still_waiting(session, conversation)
            reply = reply or said(self._texts, "still_waiting")
        elif not before:
            word, reply = "noted", said(self._texts, "noted_while_waiting")
        else:
            return
        self._say(session, conversation, Author.SYSTEM, reply, work.message_id, {"word": word})

    def _is_one_of(self, words: str, text: str) -> bool:
        return is_one_of(self._texts, words, text)

    def _move(self, session: Session, conversation: ConversationRow, command: Command) -> None:
        move(session, conversation, command, self._clock())

    def _say(
        self,
        session: Session,
        conversation: ConversationRow,
        author: Author,
        reply: Reply,
        inbound_id: int,
        detail: dict[str, object] | None = None,
    ) -> None:
        line = append_line(session, conversation, author, reply.text, self._clock(), reply.content(), detail)
        enqueue(session, line, inbound_id, line.at)

    def _done(self, row: InboundRow) -> None:
        row.status = HANDLED
        row.handled_at = self._clock()
