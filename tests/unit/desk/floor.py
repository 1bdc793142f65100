"""The desk and its customers, without Rasa: a database, the inbox, a router, agents."""

from __future__ import annotations

from argon2 import PasswordHasher

from botkit.content.texts import Texts
from botkit.conversation.inbox import Inbox
from botkit.conversation.messages import InboundMessage, Line
from botkit.conversation.outbox import Outbox
from botkit.conversation.reception import Reception
from botkit.conversation.router import Router
from botkit.conversation.transcript import read_lines
from botkit.desk.accounts import Accounts, Agent, Presence, Role
from botkit.desk.service import DeskService
from botkit.handoff.machine import HandOver, Owner, Reason
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow
from botkit.store.tables.desk import NoteRow, ServiceRow
from tests.unit.conversation.fakes import Clock, FakeDialogue

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Floor:
    """The desk and its customers."""

    def __init__(self, work: UnitOfWork, texts: Texts, clock: Clock, reception: Reception | None = None) -> None:
        self.work, self.clock = work, clock
        self.service = DeskService(work, texts, clock)
        self.accounts = Accounts(work, clock, QUICK)
        self.dialogue = FakeDialogue()
        self.inbox = Inbox(work, clock)
        self.outbox = Outbox(work, clock, [])
        self.router = Router(work, self.dialogue, texts, clock, reception)  # type: ignore[arg-type]
        self.said = 0

    def agent(self, login: str, *groups: str, limit: int = 3, online: bool = True) -> Agent:
        agent, _ = self.accounts.create(login, f"客服{login}", Role.AGENT, groups, limit, "a long secret")
        return self.accounts.set_presence(agent.id, Presence.ONLINE) if online else agent

    async def says(self, text: str, sender: str = "someone", payload: str | None = None) -> str:
        self.said += 1
        self.clock.forward(seconds=1)
        receipt = self.inbox.receive(InboundMessage("test", sender, f"m{self.said}", text, payload))
        await self.router.handle(receipt.message_id)
        return receipt.conversation_id

    async def waits(self, topic: str = "bill", sender: str = "someone") -> str:
        group = {"bill": "billing", "plan": "plans"}[topic]
        self.dialogue.hand_over = HandOver(Reason.ASKED, topic, group)
        conversation_id = await self.says("转人工", sender)
        self.dialogue.hand_over = None
        return conversation_id

    def lines(self, conversation_id: str) -> list[Line]:
        with self.work(reading=True) as session:
            return list(read_lines(session, conversation_id, limit=1000))

    def shown(self, conversation_id: str) -> list[tuple[str, str]]:
        """(author, text) of what the customer sees."""
        return [(line.author.value, line.text) for line in self.lines(conversation_id) if line.text]

    def events(self, conversation_id: str) -> list[str]:
        return [line.detail["event"] for line in self.lines(conversation_id) if "event" in line.detail]

    def owner(self, conversation_id: str) -> Owner:
        with self.work(reading=True) as session:
            return Owner(session.get(ConversationRow, conversation_id).owner)

    def services(self, conversation_id: str) -> list[ServiceRow]:
        with self.work(reading=True) as session:
            rows = session.query(ServiceRow).filter_by(conversation_id=conversation_id).order_by(ServiceRow.id).all()
            session.expunge_all()
            return list(rows)

    def notes(self) -> list[tuple[str, str]]:
        with self.work(reading=True) as session:
            return [(row.kind, row.text) for row in session.query(NoteRow).order_by(NoteRow.id)]
