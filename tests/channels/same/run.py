"""Runs the ten conversations on every channel of one server, and keeps what came back."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from botkit.bss.demo.catalogue import load_catalogue
from botkit.bss.embedded import EmbeddedOperator
from botkit.bss.sms import FileSmsSender
from botkit.content import load_phones
from botkit.content.texts import load_texts
from botkit.conversation.inbox import HANDLED
from botkit.conversation.outbox import PENDING
from botkit.settings import Settings
from botkit.store.engine import create_engine, unit_of_work
from botkit.store.tables.conversation import ConversationRow, InboundRow, OutboundRow
from botkit.store.tables.operator import OneTimeCodeRow
from tests.channels.same.chats import Chat, Ivr, Rest, Sms, Telegram, Web, WeChat
from tests.channels.same.conversations import GREETING, Conversation, Rules, ten
from tests.channels.same.facts import Fact
from tests.channels.same.server import EveryChannel
from tests.channels.sms.stand_in import StandIn, stand_in
from tests.channels.telegram.bot_api import BotApi
from tests.channels.wechat.platform import Platform, serving
from tests.channels.wechat.pusher import Pusher
from tests.driver import last_code
from tests.integration.server.agent import Agent, first_admin

CHANNELS: Sequence[type[Chat]] = (Web, Rest, Telegram, WeChat, Sms, Ivr)

AGENT_SPOKE = Fact(GREETING)
TRANSFERRED = Fact("*order to pass the call on to the agents' queue*")
"""Of a call; nothing that is said."""

LOOK_EVERY = 0.05
"""Seconds between two looks into the server's database, with ten conversations looking."""


@dataclass
class Found:
    """One conversation on one channel. pages: of each fact the page on which it stood, None where it was not found.

    shown: (size, page) of each message up to a hand-over. desk: (author, text) of all that the agent saw when he opened it.
    """

    pages: dict[Fact, int | None] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    shown: list[tuple[int, int]] = field(default_factory=list)
    desk: list[tuple[str, str]] = field(default_factory=list)

    @property
    def further(self) -> int:
        """How often he had to ask on for the facts."""
        return sum(page > 0 for _, page in self.shown)


@dataclass
class Seen:
    """All of it. today: of the operator."""

    conversations: Sequence[Conversation]
    today: date
    found: dict[tuple[str, str], Found] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class Run:
    def __init__(self, server: EveryChannel, api: BotApi, platform: Platform, gateway: StandIn) -> None:
        self.server, self.api, self.platform, self.gateway = server, api, platform, gateway
        self.engine = create_engine(f"sqlite:///{server.var / 'botkit.db'}")
        self.work = unit_of_work(self.engine)
        self.pusher = Pusher(server.url, platform, server.clock)

    async def everything(self) -> Seen:
        await self.api.until(lambda: bool(self.api.commands), 60)
        async with self._at_the_desk() as agent:
            rules = await self._rules(agent)
            seen = Seen(ten(rules), rules.operator.now().date())
            for kind in CHANNELS:
                self._hours_later()
                chats = [
                    self._chat(kind, conversation, number) for number, conversation in enumerate(seen.conversations)
                ]
                both = list(zip(chats, seen.conversations, strict=True))
                found = await asyncio.gather(*(self._talk(*pair, agent, seen.today) for pair in both))
                seen.found |= {(one.name, kind.name): what for one, what in zip(seen.conversations, found, strict=True)}
        await self.pusher.client.aclose()
        self.engine.dispose()
        seen.problems = [*self.api.problems, *self.platform.violations, *self.gateway.violations]
        return seen

    # One conversation

    async def _talk(self, chat: Chat, conversation: Conversation, agent: Agent, today: date) -> Found:
        found, counted = Found(), None
        for number, turn in enumerate(conversation.turns):
            since = len(chat.shown)
            if conversation.human and number == len(conversation.turns) - 1:
                counted = since
            await (chat.chooses(turn.says) if turn.choice else chat.says(turn.says))
            if conversation.verified_at == number:
                since = await self._verifies(chat, conversation.phone)
            while any(chat.finds(fact, since, today) is None for fact in turn.facts) and await chat.asks_on():
                pass
            found.pages |= {fact: chat.finds(fact, since, today) for fact in turn.facts}
        if conversation.human:
            await self._is_served(chat, agent, found, today)
        await chat.leaves()
        found.texts = [one.text for one in chat.shown]
        found.shown = [(one.size, one.page) for one in chat.shown[:counted]]
        return found

    async def _verifies(self, chat: Chat, phone: str) -> int:
        """Number, where the channel does not know it, and code; how many messages there were before the answer."""
        if not chat.vouched:
            await chat.says(phone)
        since = len(chat.shown)
        await chat.gives_code(last_code(self.server.var / "sms.jsonl", phone))
        return since

    async def _is_served(self, chat: Chat, agent: Agent, found: Found, today: date) -> None:
        """The agent reads the whole of it, and answers where the customer is."""
        talk = self._conversation(chat)
        await agent.until(lambda: talk in agent.items and agent.items[talk]["owner"] in ("waiting", "human"), 60)
        await agent.do("accept", id=talk)
        opened = await agent.do("open", id=talk)
        found.desk = [(line["author"], line["text"]) for line in opened["lines"] if line["text"]]
        if isinstance(chat, Ivr):
            assert chat.caller is not None
            transfer = chat.caller.last.get("transfer", {})
            found.pages[TRANSFERRED] = 0 if transfer.get("conversation") == talk else None
        since = len(chat.shown)
        await agent.says(talk, GREETING)
        await chat.hears()
        found.pages[AGENT_SPOKE] = chat.finds(AGENT_SPOKE, since, today)
        await agent.do("close", id=talk, summary="收尾", kind="other", solved=True)

    # What is around it

    def _chat(self, kind: type[Chat], conversation: Conversation, number: int) -> Chat:
        sender = conversation.phone if kind.vouched else f"same-{number}"
        if kind is Telegram:
            return Telegram(self.server.url, str(700100 + number), api=self.api, settled=self._settled)
        if kind is WeChat:
            return WeChat(
                self.server.url,
                f"oyORnuP8q7ou2gfYjqLzSIWZf{number:03d}",
                pusher=self.pusher,
                platform=self.platform,
                settled=self._settled,
            )
        if kind is Sms:
            now = self.server.clock
            return Sms(
                self.server.url, sender, gateway=self.gateway, settled=self._settled, now=lambda: now().timestamp()
            )
        return kind(self.server.url, sender)

    def _conversation(self, chat: Chat) -> str:
        """Its id: on the web and in a call the sender's name is the server's."""
        query = select(ConversationRow.id).where(ConversationRow.channel == chat.channel)
        if not isinstance(chat, Web):
            query = query.where(
                ConversationRow.sender == (f"tel:{chat.sender}" if isinstance(chat, Ivr) else chat.sender)
            )
        else:
            query = query.where(ConversationRow.owner == "waiting")
        with self.work(reading=True) as session:
            return str(session.execute(query).scalar_one())

    async def _settled(self, channel: str, sender: str) -> None:
        def nothing_under_way() -> bool:
            with self.work(reading=True) as session:
                talk = session.query(ConversationRow).filter_by(channel=channel, sender=sender).one().id
                heard = session.query(InboundRow).filter(
                    InboundRow.conversation_id == talk, InboundRow.status != HANDLED
                )
                told = session.query(OutboundRow).filter_by(conversation_id=talk, status=PENDING)
                return not heard.count() and not told.count()

        deadline = time.monotonic() + 60
        while not nothing_under_way():
            assert time.monotonic() < deadline, f"still under way: {channel} {sender}"
            await asyncio.sleep(LOOK_EVERY)

    def _hours_later(self) -> None:
        """A number gets a code once a minute: the last one was sent long ago."""
        with self.work() as session:
            for row in session.execute(select(OneTimeCodeRow)).scalars():
                row.sent_at -= timedelta(hours=2)

    @asynccontextmanager
    async def _at_the_desk(self) -> AsyncIterator[Agent]:
        """An agent of all groups, online."""
        admin = await Agent(self.server, *first_admin(self.server)).connect()
        await admin.do("presence", state="away")
        groups = ["billing", "plans", "technical", "complaints", "general"]
        made = await admin.do("staff_save", login="li", name="小李", role="agent", groups=groups, limit=10, active=True)
        agent = await Agent(self.server, "li", made["password"]).connect()
        await agent.do("presence", state="online")
        yield agent
        await agent.disconnect()
        await admin.disconnect()

    async def _rules(self, agent: Agent) -> Rules:
        """The rules on the server's own demo, and a ticket of customer 7, made for him in a chat on the web."""
        content = Settings.from_environment({}).content
        sender = FileSmsSender(self.server.var / "unused.jsonl", self.server.clock)
        operator = EmbeddedOperator(
            self.work, load_catalogue(), self.server.clock, random.SystemRandom(), sender, "{code}"
        )
        phone = "17000000007"
        chat = Rest(self.server.url, "who-has-a-ticket")
        await chat.says("查余额")
        await self._verifies(chat, phone)
        talk = self._conversation(chat)
        made = (await agent.do("ticket", id=talk, department="billing", kind="charge", text="核对 20 元"))["ticket"]
        await agent.do("ticket_step", ticket=made["id"], state="working", text="今天给您回电")
        department = load_texts(content / "texts").labels("desk_departments")["billing"]
        return Rules(operator, load_phones(content / "phones"), (made["number"], department))


def see(var: Path, model: Path) -> Seen:
    """All conversations on all channels, over real sockets, with stand-ins for the platforms."""

    async def seen() -> Seen:
        api = BotApi()
        await api.start()
        with ExitStack() as stack:
            platform = stack.enter_context(serving(Platform(lambda: server.clock())))
            gateway = stack.enter_context(stand_in(lambda: server.clock().timestamp()))
            server = EveryChannel(var, model, api.url, platform.url, gateway.url)
            await asyncio.to_thread(server.start)
            try:
                found = await Run(server, api, platform, gateway).everything()
            finally:
                await asyncio.to_thread(server.stop)
                await api.stop()
            found.problems += server.errors()
            return found

    return asyncio.run(seen())
