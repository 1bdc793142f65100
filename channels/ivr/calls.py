"""Calls and their answers in the database: an answer is kept before it is sent, so that it is the same when asked again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.messages import Author
from botkit.conversation.ownership import service_of
from botkit.conversation.transcript import open_conversation
from botkit.handoff.machine import Owner
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, LineRow, VerificationRow, VouchedNumberRow
from botkit.store.tables.desk import AgentRow
from botkit.store.tables.ivr import CallAnswerRow, CallRow
from channels.ivr.asking import Ask

LASTS = timedelta(hours=2)
"""A call without a request for so long has ended without a word."""
KEPT = timedelta(days=1)
"""How long an answer is kept for a repeated request."""
ONLINE = "online"

Answer = dict[str, Any]


@dataclass(frozen=True)
class State:
    """What was last said and offered. silent, unmatched: how often in a row nothing came or nothing was understood.
    waiting: the message whose answer was not ready."""

    say: Sequence[str] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    asks: str | None = None
    options: Sequence[str] = ()
    silent: int = 0
    unmatched: int = 0
    waiting: int | None = None


@dataclass(frozen=True)
class Call:
    id: str
    sender: str
    conversation_id: str
    phone: str | None
    turn: int
    state: State
    over: bool


@dataclass(frozen=True)
class Kept:
    """An answer given before. digest: of what was asked; seqs: the lines in it."""

    digest: str
    answer: Answer
    seqs: Sequence[int]


class Calls:
    def __init__(self, unit_of_work: UnitOfWork, clock: Callable[[], datetime], texts: Texts) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._texts = texts

    def find(self, ask: Ask) -> tuple[Call | None, Kept | None]:
        """The call, and what was answered to this turn of it before."""
        with self._unit_of_work(reading=True) as session:
            row = session.get(CallRow, ask.call_id)
            kept = session.get(CallAnswerRow, (ask.call_id, ask.turn))
            return (_call(row) if row else None, Kept(kept.digest, kept.answer, kept.seqs) if kept else None)

    def begin(self, ask: Ask) -> Call:
        """Note that a call has begun, in the conversation of whoever calls."""
        now = self._clock()
        with self._unit_of_work() as session:
            session.execute(delete(CallAnswerRow).where(CallAnswerRow.at < now - KEPT))
            conversation = open_conversation(session, "ivr", ask.sender, now)
            if ask.phone:
                session.merge(VouchedNumberRow(conversation_id=conversation.id, phone=ask.phone, at=now))
            row = CallRow(
                id=ask.call_id,
                sender=ask.sender,
                conversation_id=conversation.id,
                phone=ask.phone,
                turn=-1,
                state=asdict(State()),
                over=False,
                at=now,
            )
            session.add(row)
            return _call(row)

    def others(self, sender: str, call_id: str) -> Sequence[Call]:
        """Calls of the same number that have not ended; there can be none beside the one that begins."""
        query = select(CallRow).where(CallRow.sender == sender, CallRow.id != call_id, CallRow.over.is_(False))
        with self._unit_of_work(reading=True) as session:
            return [_call(row) for row in session.execute(query).scalars()]

    def end(self, call_id: str) -> None:
        with self._unit_of_work() as session:
            row = session.get(CallRow, call_id, with_for_update=True)
            row.over, row.at = True, self._clock()

    def going_on(self, sender: str) -> bool:
        query = select(CallRow.id).where(
            CallRow.sender == sender, CallRow.over.is_(False), CallRow.at > self._clock() - LASTS
        )
        with self._unit_of_work(reading=True) as session:
            return session.execute(query.limit(1)).first() is not None

    def keep(self, ask: Ask, answer: Answer, seqs: Sequence[int], state: State, over: bool) -> Kept:
        """Keep an answer; where another server has answered this turn meanwhile, its answer is the one that counts."""
        now = self._clock()
        try:
            with self._unit_of_work() as session:
                row = session.get(CallRow, ask.call_id, with_for_update=True)
                row.turn, row.state, row.over, row.at = ask.turn, asdict(state), over or row.over, now
                kept = CallAnswerRow(
                    call_id=ask.call_id, turn=ask.turn, digest=ask.digest, answer=answer, seqs=list(seqs), at=now
                )
                session.add(kept)
        except IntegrityError:
            _, there = self.find(ask)
            if there is None:
                raise
            return there
        return Kept(ask.digest, answer, seqs)

    def transfer(self, call: Call) -> Answer | None:
        """Where the call goes now: to the queue of the group in which the customer waits, if anybody is there; to the
        agent's group while one serves him."""
        with self._unit_of_work(reading=True) as session:
            conversation = session.get(ConversationRow, call.conversation_id)
            service = service_of(session, conversation)
            if service is None or conversation.owner not in (Owner.WAITING.value, Owner.HUMAN.value):
                return None
            if conversation.owner == Owner.WAITING.value and not _anybody(session, service.skill):
                return None
            return {
                "queue": service.skill or "general",
                "summary": self._summary(session, call),
                "conversation": call.conversation_id,
            }

    def owner(self, call: Call) -> Owner:
        with self._unit_of_work(reading=True) as session:
            return Owner(session.get(ConversationRow, call.conversation_id).owner)

    def _summary(self, session: Session, call: Call) -> str:
        """One sentence for the agent's telephone; the console has the rest."""
        verified = session.get(VerificationRow, call.conversation_id)
        if verified is not None:
            who = self._texts.text("ivr_who_verified", tail=verified.phone[-4:])
        elif call.phone:
            who = self._texts.text("ivr_who_caller", tail=call.phone[-4:])
        else:
            who = self._texts.text("ivr_who_withheld")
        of_ours = {self._texts.text("ivr_human"), self._texts.text("ivr_hung_up")}
        query = (
            select(LineRow.text)
            .where(LineRow.conversation_id == call.conversation_id, LineRow.author == Author.CUSTOMER.value)
            .order_by(LineRow.seq.desc())
            .limit(6)
        )
        said = [text for text in session.execute(query).scalars() if text not in of_ours and not _is_number(text)]
        if not said:
            return self._texts.text("ivr_summary_silent", who=who)
        return self._texts.text("ivr_summary", who=who, said=said[0][:40])


def _is_number(text: str) -> bool:
    return sum(character.isdigit() for character in text) >= 6


def _anybody(session: Session, group: str) -> bool:
    query = select(AgentRow.skills).where(AgentRow.presence == ONLINE, AgentRow.active)
    return any(group in skills for skills in session.execute(query).scalars())


def _call(row: CallRow) -> Call:
    return Call(row.id, row.sender, row.conversation_id, row.phone, row.turn, State(**row.state), row.over)
