"""What agents do for customers: take, answer, pass on, hand back, close. One unit of work each, written into the transcript."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from botkit.content.texts import Texts
from botkit.conversation.files import note
from botkit.conversation.messages import Author, KeptFile, Line, storable
from botkit.conversation.outbox import enqueue
from botkit.conversation.ownership import move, service_of, state_of
from botkit.conversation.reply import said
from botkit.conversation.transcript import append_line, locked_conversation
from botkit.desk import rating
from botkit.desk.accounts import Agent, Presence, agent_of
from botkit.desk.consults import still_asked
from botkit.desk.slots import slots_of
from botkit.desk.telling import tell
from botkit.handoff.machine import (
    Accept,
    Close,
    Command,
    End,
    HandBack,
    LoseAgent,
    NotAllowed,
    Owner,
    Reassign,
    TakeOver,
    Transfer,
)
from botkit.handoff.routing import Desk, Group, choose_agent, group_of
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, LineRow
from botkit.store.tables.desk import AgentMessageRow, AgentRow, NoteRow, ServiceRow

AHEAD = 20
"""How many more waiting customers than there is room for are looked at, since not everybody can go to everybody."""

LONGEST = 2000
"""Characters of a line or a note."""


class Refused(ValueError):
    """What an agent wanted cannot be done; `problem` is the name of its text in the catalogue of the desk."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Served:
    """Who serves how many now."""

    agent: Agent
    serving: int

    @property
    def desk(self) -> Desk:
        return Desk(self.agent.id, self.agent.groups, self.serving, self.agent.limit)


class DeskService:
    """Methods raise Refused; then nothing has changed. What is said to the customer waits in the outbox afterwards."""

    def __init__(self, unit_of_work: UnitOfWork, texts: Texts, clock: Callable[[], datetime]) -> None:
        self._unit_of_work = unit_of_work
        self._texts = texts
        self._clock = clock

    # Taking and passing on

    def accept(self, agent: Agent, conversation_id: str) -> None:
        """Take a waiting customer; one whom he has already, who may have been given to him meanwhile, is told nothing anew.
        Refused: full, taken, not_waiting."""
        with self._unit_of_work() as session:
            conversation = _conversation(session, conversation_id)
            _has_place(session, agent, conversation)
            if self._do(session, conversation, Accept(agent.id), "not_waiting"):
                self._introduce(session, conversation, agent)

    def take_over(self, agent: Agent, conversation_id: str) -> None:
        """Step in unasked. It is of the group whose topic it is; without one, of the agent's own. Refused: full, taken."""
        with self._unit_of_work() as session:
            conversation = _conversation(session, conversation_id)
            _has_place(session, agent, conversation)
            about = group_of(str(slots_of(session, conversation.id).get("topic") or ""))
            group = about or next((own for own in Group if own.value in agent.groups), Group.GENERAL)
            if self._do(session, conversation, TakeOver(agent.id, group.value), "taken"):
                self._introduce(session, conversation, agent)

    def transfer(self, agent: Agent, conversation_id: str, group: str, to: int | None, note: str) -> None:
        """Pass a customer on, with a note for whom it concerns. Refused: not_yours, unknown_group, unknown_agent,
        not_there, full, to_yourself, no_note."""
        note = written(note, "no_note")
        if group not in {known.value for known in Group}:
            raise Refused("unknown_group")
        if to == agent.id:
            raise Refused("to_yourself")
        with self._unit_of_work() as session:
            conversation = _conversation(session, conversation_id)
            other = _present(session, to) if to is not None else None
            if other is not None:
                _has_place(session, other, conversation)
            self._do(session, conversation, Transfer(agent.id, group, to), "not_yours", note)
            if other is None:
                self._tell(session, conversation, "desk_transferred")
            else:
                self._tell(session, conversation, "desk_transferred_to", name=other.name)

    def reassign(self, agent: Agent, conversation_id: str, to: int) -> None:
        """A supervisor gives a customer to an agent, above his limit if need be. Refused: unknown_agent, not_there, with_bot."""
        with self._unit_of_work() as session:
            conversation = _conversation(session, conversation_id)
            other = _present(session, to)
            if self._do(session, conversation, Reassign(to, agent.id), "with_bot"):
                self._tell(session, conversation, "desk_transferred_to", name=other.name)

    def hand_back(self, agent: Agent, conversation_id: str) -> None:
        """Let the bot go on. Refused: not_yours."""
        with self._unit_of_work() as session:
            conversation = _conversation(session, conversation_id)
            if self._do(session, conversation, HandBack(agent.id), "not_yours"):
                self._tell(session, conversation, "desk_handed_back")

    def close(self, agent: Agent, conversation_id: str, summary: str, kind: str, solved: bool) -> None:
        """End the service; the customer is asked once how it was. Refused: not_yours, no_summary."""
        summary = written(summary, "no_summary")
        with self._unit_of_work() as session:
            conversation = _conversation(session, conversation_id)
            service = service_of(session, conversation)
            if self._do(session, conversation, Close(End.CLOSED_BY_AGENT, agent.id), "not_yours"):
                assert service is not None
                service.summary, service.kind, service.solved = summary, kind[:40], solved
                self._tell(session, conversation, "desk_closed")
                rating.ask(session, conversation, service, self._texts, self._clock())

    def lose(self, agent_id: int) -> Sequence[str]:
        """An agent has gone away: whom he served waits again and is told. The ids of these conversations."""
        lost = []
        for conversation_id in self._served_by(agent_id):
            with self._unit_of_work() as session:
                conversation = locked_conversation(session, conversation_id)
                if move(session, conversation, LoseAgent(agent_id), self._clock()).changed:
                    self._tell(session, conversation, "desk_agent_gone")
                    lost.append(conversation_id)
        return lost

    def dispatch(self) -> Sequence[tuple[str, int]]:
        """Give waiting customers to agents who have room, who waits longest first: (conversation id, agent id) of each."""
        given = []
        for conversation_id in self._may_be_given():
            with self._unit_of_work() as session:
                conversation = locked_conversation(session, conversation_id)
                if conversation.owner != Owner.WAITING.value:
                    continue
                agent_id = _next_agent(session, conversation)
                if agent_id is None:
                    continue
                move(session, conversation, Accept(agent_id), self._clock())
                self._introduce(session, conversation, agent_of(session.get(AgentRow, agent_id)))
                given.append((conversation_id, agent_id))
        return given

    # Talking

    def say(self, agent: Agent, conversation_id: str, message_id: str, text: str, file: KeptFile | None = None) -> int:
        """Say a line to the customer, or send him a file; its number in the transcript. Refused: empty, too_long,
        not_yours."""
        text = written(text, "empty") if text or file is None else ""
        if not 8 <= len(message_id) <= 64:
            raise Refused("malformed")
        with self._unit_of_work() as session:
            conversation = _conversation(session, conversation_id)
            known = session.get(AgentMessageRow, message_id)
            if known is not None:
                return int(known.seq)
            if state_of(session, conversation).agent != agent.id:
                raise Refused("not_yours")
            now = self._clock()
            content: dict[str, Any] = {"name": agent.name}
            if file is not None:
                note(session, file, conversation, now)
                content |= file.content()
            line = append_line(session, conversation, Author.AGENT, text, now, content, {"by": agent.id})
            enqueue(session, line, None, now)
            session.add(AgentMessageRow(message_id=message_id, conversation_id=conversation.id, seq=line.seq))
            service = service_of(session, conversation)
            assert service is not None
            service.agent_at = now
            service.read_seq = line.seq
            return line.seq

    def read(self, agent: Agent, conversation_id: str, seq: int) -> int | None:
        """The agent has seen the lines up to here; the number of the last one seen, None where he does not serve him."""
        with self._unit_of_work() as session:
            conversation = _conversation(session, conversation_id)
            service = service_of(session, conversation)
            if service is None or state_of(session, conversation).agent != agent.id:
                return None
            service.read_seq = max(service.read_seq, min(seq, conversation.last_seq))
            return int(service.read_seq)

    def serves(self, agent: Agent, conversation_id: str) -> bool:
        """Whether this customer is his now."""
        with self._unit_of_work(reading=True) as session:
            conversation = session.get(ConversationRow, conversation_id)
            return conversation is not None and state_of(session, conversation).agent == agent.id

    # Among agents

    def note(self, agent: Agent, conversation_id: str, text: str) -> None:
        """Refused: empty, too_long."""
        with self._unit_of_work() as session:
            conversation = _conversation(session, conversation_id)
            self._add_note(session, conversation.id, agent, "note", written(text, "empty"))

    def consult(self, agent: Agent, conversation_id: str, groups: Sequence[str], question: str) -> None:
        """Ask several groups at once; it ends with the service. Refused: empty, too_long, unknown_group, consult_over."""
        known = {group.value for group in Group}
        if not groups or not set(groups) <= known:
            raise Refused("unknown_group")
        with self._unit_of_work() as session:
            conversation = _conversation(session, conversation_id)
            if service_of(session, conversation) is None:
                raise Refused("consult_over")
            question = written(question, "empty")
            self._add_note(session, conversation.id, agent, "consult", question, skills=sorted(set(groups)))

    def answer(self, agent: Agent, consult_id: int, text: str) -> tuple[str, int]:
        """Answer a consult; the conversation's id and who had asked. Refused: empty, too_long, unknown_consult,
        consult_over."""
        with self._unit_of_work() as session:
            question = session.get(NoteRow, consult_id)
            if question is None or question.kind != "consult":
                raise Refused("unknown_consult")
            conversation = _conversation(session, question.conversation_id)
            if not still_asked(question, service_of(session, conversation)):
                raise Refused("consult_over")
            self._add_note(session, conversation.id, agent, "answer", written(text, "empty"), consult_id=consult_id)
            return conversation.id, question.agent_id

    # Inside

    def _do(
        self, session: Session, conversation: ConversationRow, command: Command, otherwise: str, note: str = ""
    ) -> bool:
        try:
            return move(session, conversation, command, self._clock(), note).changed
        except NotAllowed:
            taken = conversation.owner == Owner.HUMAN.value and isinstance(command, Accept | TakeOver)
            raise Refused("taken" if taken else otherwise) from None

    def _introduce(self, session: Session, conversation: ConversationRow, agent: Agent) -> None:
        self._tell(session, conversation, "desk_accepted", name=agent.name)

    def _tell(self, session: Session, conversation: ConversationRow, sentence: str, **values: Any) -> Line:
        """A system's sentence to the customer."""
        return tell(session, conversation, said(self._texts, sentence, **values), self._clock())

    def _add_note(
        self, session: Session, conversation_id: str, agent: Agent, kind: str, text: str, **more: Any
    ) -> None:
        session.add(
            NoteRow(conversation_id=conversation_id, agent_id=agent.id, kind=kind, text=text, at=self._clock(), **more)
        )

    def _served_by(self, agent_id: int) -> Sequence[str]:
        with self._unit_of_work(reading=True) as session:
            query = (
                select(ConversationRow.id)
                .join(ServiceRow, ServiceRow.id == ConversationRow.service_id)
                .where(ConversationRow.owner == Owner.HUMAN.value, ServiceRow.agent_id == agent_id)
            )
            return list(session.execute(query.order_by(ServiceRow.requested_at)).scalars())

    def _may_be_given(self) -> Sequence[str]:
        """Waiting customers for whom somebody with room may be there, who waits longest first."""
        with self._unit_of_work(reading=True) as session:
            free = [served.desk for served in present(session) if served.desk.has_room]
            if not free:
                return []
            earlier = aliased(ServiceRow)
            known = select(earlier.id).where(
                earlier.conversation_id == ConversationRow.id, earlier.agent_id.in_([desk.agent for desk in free])
            )
            groups = {group for desk in free for group in desk.groups}
            query = (
                select(ConversationRow.id)
                .join(ServiceRow, ServiceRow.id == ConversationRow.service_id)
                .where(
                    ConversationRow.owner == Owner.WAITING.value,
                    or_(ServiceRow.skill.in_(sorted(groups)), known.exists()),
                )
                .order_by(ServiceRow.requested_at, ServiceRow.id)
                .limit(sum(desk.limit - desk.serving for desk in free) + AHEAD)
            )
            return list(session.execute(query).scalars())


def serving(session: Session) -> dict[int, int]:
    """How many customers each agent serves now."""
    query = (
        select(ServiceRow.agent_id, func.count())
        .join(ConversationRow, ConversationRow.service_id == ServiceRow.id)
        .where(ConversationRow.owner == Owner.HUMAN.value)
        .group_by(ServiceRow.agent_id)
    )
    return {agent_id: count for agent_id, count in session.execute(query)}


def present(session: Session) -> Sequence[Served]:
    """Agents who are there to take customers."""
    busy = serving(session)
    rows = session.execute(
        select(AgentRow).where(AgentRow.presence == Presence.ONLINE.value, AgentRow.active)
    ).scalars()
    return [Served(agent_of(row), busy.get(row.id, 0)) for row in rows]


def _conversation(session: Session, conversation_id: str) -> ConversationRow:
    row: ConversationRow | None = session.get(ConversationRow, conversation_id, with_for_update=True)
    if row is None:
        raise Refused("unknown_conversation")
    return row


def _present(session: Session, agent_id: int) -> Agent:
    row = session.get(AgentRow, agent_id)
    if row is None or not row.active:
        raise Refused("unknown_agent")
    if row.presence != Presence.ONLINE.value:
        raise Refused("not_there")
    return agent_of(row)


def _has_place(session: Session, agent: Agent, conversation: ConversationRow) -> None:
    if state_of(session, conversation).agent != agent.id and serving(session).get(agent.id, 0) >= agent.limit:
        raise Refused("full")


def _next_agent(session: Session, conversation: ConversationRow) -> int | None:
    """Who takes this waiting customer: at first the agent of last time; never the one who has just passed him on."""
    group, service = state_of(session, conversation).group, service_of(session, conversation)
    desks = [served.desk for served in present(session)]
    if service is not None and service.accepted_at is not None:
        if _passed_on(session, service):
            return choose_agent([desk for desk in desks if desk.agent != service.agent_id], group)
        return choose_agent(desks, group, service.agent_id)  # who had gone away and is back
    return choose_agent(desks, group, _last_agent(session, conversation))


def _passed_on(session: Session, service: ServiceRow) -> bool:
    """Whether he waits again because his agent wanted it; else the agent had gone away."""
    query = select(LineRow.detail).where(
        LineRow.conversation_id == service.conversation_id,
        LineRow.seq >= service.first_seq,
        LineRow.author == Author.SYSTEM.value,
        LineRow.text == "",
    )
    events = session.execute(query.order_by(LineRow.seq.desc())).scalars()
    last: dict[str, Any] = next((detail for detail in events if "event" in (detail or {})), {})
    return last.get("event") == Transfer.__name__


def _last_agent(session: Session, conversation: ConversationRow) -> int | None:
    """Who served this customer last."""
    query = select(ServiceRow.agent_id).where(
        ServiceRow.conversation_id == conversation.id, ServiceRow.agent_id.is_not(None)
    )
    last: int | None = session.execute(query.order_by(ServiceRow.id.desc()).limit(1)).scalar()
    return last


def written(text: str, otherwise: str) -> str:
    """What somebody typed, fit to be kept. Refused: `otherwise` where it is empty, too_long."""
    text = storable(text).strip()
    if not text:
        raise Refused(otherwise)
    if len(text) > LONGEST:
        raise Refused("too_long")
    return text
