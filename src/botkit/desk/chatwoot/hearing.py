"""What agents do in Chatwoot, done here: one unit of work each, however often and in whatever order it is told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.messages import Author, storable
from botkit.conversation.outbox import Delivery, enqueue
from botkit.conversation.ownership import move
from botkit.conversation.reply import said
from botkit.conversation.transcript import append_line, locked_conversation
from botkit.desk import rating
from botkit.desk.accounts import Presence, Role
from botkit.desk.chatwoot.wire import RemoteAgent, Said, Stands
from botkit.desk.service import Refused, written
from botkit.desk.telling import tell
from botkit.handoff.machine import Accept, Close, End, HandBack, Owner, ReturnToBot, Transfer
from botkit.settings import ChatwootAccess
from botkit.store.engine import UnitOfWork
from botkit.store.tables.chatwoot import ChatwootLinkRow, ChatwootRefusalRow
from botkit.store.tables.conversation import ConversationRow, LineRow
from botkit.store.tables.desk import AgentMessageRow, AgentRow, ServiceRow

UNUSABLE = "!"
"""In place of a password hash: nobody signs in here as an agent of Chatwoot."""

NAME = 40


class UnknownConversation(LookupError):
    """No conversation of this number was begun from here: what is written there reaches nobody."""


def origin_of(access: ChatwootAccess) -> str:
    """Tells the ids of one Chatwoot and account from those of another."""
    return hashlib.sha256(f"{access.url} {access.account}".encode()).hexdigest()[:12]


class Hearing:
    """Methods return the id of the conversation in which something may have changed; None: nothing."""

    def __init__(self, unit_of_work: UnitOfWork, texts: Texts, clock: Callable[[], datetime], origin: str) -> None:
        self._unit_of_work = unit_of_work
        self._texts = texts
        self._clock = clock
        self._origin = origin

    def said(self, message: Said) -> str | None:
        """An agent's public message: one line to the customer; the first one takes him out of the queue.

        Whoever serves goes on serving when a colleague says a word between. Raises UnknownConversation.
        """
        message_id = f"chatwoot:{self._origin}:{message.message_id}"
        with self._unit_of_work() as session:
            link = self._link(session, message.remote_id)
            if link is None:
                raise UnknownConversation(message.remote_id)
            conversation = locked_conversation(session, link.conversation_id)
            known = session.get(AgentMessageRow, message_id) or session.get(ChatwootRefusalRow, message_id)
            if known is not None:
                return None
            service = session.get(ServiceRow, link.service_id)
            why = self._say(session, conversation, service, message, message_id)
            if why:
                session.add(ChatwootRefusalRow(message_id=message_id, service_id=service.id, why=why, told=False))
            return str(conversation.id)

    def not_delivered(self, delivery: Delivery) -> str | None:
        """An agent's line was given up: note that he is to be told. The conversation, if there is anybody to tell."""
        with self._unit_of_work() as session:
            conversation = locked_conversation(session, delivery.conversation_id)
            line = session.get(LineRow, (delivery.conversation_id, delivery.seq))
            message_id = f"undelivered:{delivery.conversation_id}:{delivery.seq}"
            if line.author != Author.AGENT.value or session.get(ChatwootRefusalRow, message_id) is not None:
                return None
            if conversation.service_id is None:
                return None
            why = f"not_delivered_{delivery.problem}"
            row = ChatwootRefusalRow(message_id=message_id, service_id=conversation.service_id, why=why, told=False)
            session.add(row)
            return str(conversation.id)

    def _say(
        self, session: Session, conversation: ConversationRow, service: ServiceRow, message: Said, message_id: str
    ) -> str:
        """Empty when all of it goes to the customer, else why it does not."""
        if conversation.service_id != service.id:
            return "ended"
        try:
            text = written(message.text, "file" if message.files else "empty")
        except Refused as refusal:
            return refusal.problem
        agent = self._agent(session, message.agent)
        if conversation.owner == Owner.WAITING.value:
            self._accept(session, conversation, agent)
        now = self._clock()
        line = append_line(session, conversation, Author.AGENT, text, now, {"name": agent.name}, {"by": agent.id})
        enqueue(session, line, None, now)
        session.add(AgentMessageRow(message_id=message_id, conversation_id=conversation.id, seq=line.seq))
        service.agent_at = now
        service.read_seq = line.seq
        return "file" if message.files else ""

    def stands(self, state: Stands) -> str | None:
        """How the conversation stands there: assigned, passed on, resolved, given back to the bot.

        What is older than what was heard before, and what concerns a service that has ended, changes nothing.
        """
        with self._unit_of_work() as session:
            link = self._link(session, state.remote_id)
            if link is None:
                return None
            conversation = locked_conversation(session, link.conversation_id)
            session.refresh(link)
            if conversation.service_id != link.service_id or _is_stale(link, state):
                return None
            if state.at is not None:
                link.state_at = state.at
            service = session.get(ServiceRow, link.service_id)
            if _resolved(state):
                self._close(session, conversation, service)
            elif _pending(state):
                self._hand_back(session, conversation, service)
            elif state.assignee is not None:
                self._assign(session, conversation, service, self._agent(session, state.assignee))
            elif "assignee_id" in (state.changed or {}):
                self._release(session, conversation, service)
            return str(conversation.id)

    def _assign(self, session: Session, conversation: ConversationRow, service: ServiceRow, agent: AgentRow) -> None:
        if conversation.owner == Owner.WAITING.value:
            self._accept(session, conversation, agent)
        elif service.agent_id != agent.id:
            move(session, conversation, Transfer(service.agent_id, service.skill, agent.id), self._clock())
            self._tell(session, conversation, "desk_transferred_to", name=agent.name)

    def _release(self, session: Session, conversation: ConversationRow, service: ServiceRow) -> None:
        if conversation.owner == Owner.HUMAN.value:
            move(session, conversation, Transfer(service.agent_id, service.skill), self._clock())
            self._tell(session, conversation, "desk_transferred")

    def _close(self, session: Session, conversation: ConversationRow, service: ServiceRow) -> None:
        by = service.agent_id if conversation.owner == Owner.HUMAN.value else None
        move(session, conversation, Close(End.CLOSED_BY_AGENT, by), self._clock())
        self._tell(session, conversation, "desk_closed")
        rating.ask(session, conversation, service, self._texts, self._clock())

    def _hand_back(self, session: Session, conversation: ConversationRow, service: ServiceRow) -> None:
        human = conversation.owner == Owner.HUMAN.value
        move(session, conversation, HandBack(service.agent_id) if human else ReturnToBot(), self._clock())
        self._tell(session, conversation, "desk_handed_back")

    def _accept(self, session: Session, conversation: ConversationRow, agent: AgentRow) -> None:
        move(session, conversation, Accept(agent.id), self._clock())
        self._tell(session, conversation, "desk_accepted", name=agent.name)

    def _link(self, session: Session, remote_id: int) -> ChatwootLinkRow | None:
        """The newest: an inbox may be set to go on in one conversation for ever."""
        query = select(ChatwootLinkRow).where(
            ChatwootLinkRow.remote_id == remote_id, ChatwootLinkRow.origin == self._origin
        )
        link: ChatwootLinkRow | None = (
            session.execute(query.order_by(ChatwootLinkRow.service_id.desc()).limit(1)).scalars().first()
        )
        return link

    def _agent(self, session: Session, remote: RemoteAgent) -> AgentRow:
        """The agent's row here, made when he is first heard of; nobody can sign in with it."""
        login, name = f"cw.{self._origin}.{remote.id}"[:NAME], storable(remote.name)[:NAME]
        query = select(AgentRow).where(AgentRow.login == login)
        row: AgentRow | None = session.execute(query).scalar_one_or_none()
        if row is None:
            row = AgentRow(
                login=login,
                name=name,
                password_hash=UNUSABLE,
                role=Role.AGENT.value,
                skills=[],
                places=1,
                presence=Presence.OFFLINE.value,
                active=False,
                created_at=self._clock(),
            )
            session.add(row)
            session.flush()
        row.name = name
        return row

    def _tell(self, session: Session, conversation: ConversationRow, sentence: str, **values: object) -> None:
        tell(session, conversation, said(self._texts, sentence, **values), self._clock())


def _is_stale(link: ChatwootLinkRow, state: Stands) -> bool:
    return state.at is not None and link.state_at is not None and state.at < link.state_at


def _resolved(state: Stands) -> bool:
    """A Chatwoot that says when (`at`) is believed in any event; an older one only in the event about the status."""
    if state.status != "resolved" or state.event == "conversation_created":
        return False
    return state.at is not None or _about_status(state)


def _pending(state: Stands) -> bool:
    """An inbox with a bot of its own begins conversations as pending: that gives nobody back."""
    return state.status == "pending" and _about_status(state)


def _about_status(state: Stands) -> bool:
    if state.event in ("conversation_status_changed", "conversation_resolved"):
        return True
    return state.event == "conversation_updated" and "status" in (state.changed or {})
