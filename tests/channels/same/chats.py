"""One customer on each channel, over its real wire format: what he does there, and what he is then shown or told."""

from __future__ import annotations

import re
import uuid
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx

from botkit.clock import system_clock
from botkit.conversation.messages import Author, Line
from botkit.conversation.plain import plain_text
from channels.sms.parts import units
from channels.telegram.settings import PATH
from tests.channels.ivr.pbx import LONGEST, Phone
from tests.channels.same.facts import Fact
from tests.channels.sms.stand_in import NUMBER, StandIn, request_of
from tests.channels.telegram import updates
from tests.channels.telegram.bot_api import BotApi
from tests.channels.wechat.platform import Platform
from tests.channels.wechat.pusher import Pusher
from tests.integration.server.visitor import Visitor

Settled = Callable[[str, str], Awaitable[None]]
"""Waits until nothing is under way between the bot and this sender of this channel."""


@dataclass(frozen=True)
class Shown:
    """One message. size: in the channel's measure; page: how often he had asked on before it came."""

    text: str
    size: int
    page: int


@dataclass
class Chat(ABC):
    """limit: of one message, in `unit`. vouched: the channel knows his number, so that he is not asked for it.

    sender: what the channel knows him by, where the test may choose it. page: how often he has asked on since he said something.
    """

    url: str
    sender: str
    shown: list[Shown] = field(default_factory=list)
    page: int = 0

    channel = ""
    name = ""
    unit = ""
    limit: int | None = None
    vouched = False

    async def says(self, text: str) -> None:
        self.page = 0
        await self._says(text)

    async def gives_code(self, code: str) -> None:
        await self.says(code)

    @abstractmethod
    async def _says(self, text: str) -> None: ...

    @abstractmethod
    async def chooses(self, title: str) -> None:
        """As one does there: by touching it, by its number, by its key."""

    async def asks_on(self) -> bool:
        """Ask for the rest of what was shown; False where there is none."""
        return False

    @abstractmethod
    async def hears(self) -> None:
        """See what was sent meanwhile."""

    async def leaves(self) -> None:  # noqa: B027  a chat by messages has no end
        """End it."""

    def finds(self, fact: Fact, since: int, today: date) -> int | None:
        """On which page, counted from 0, all of the fact has been shown since so many messages; None where it has not."""
        last = max((one.page for one in self.shown[since:]), default=0)
        for page in range(last + 1):
            text = self._joined([one.text for one in self.shown[since:] if one.page <= page])
            if self._has(fact, text, today):
                return page
        return None

    def _has(self, fact: Fact, text: str, today: date) -> bool:
        return fact.is_read_in(text)

    def _joined(self, texts: Sequence[str]) -> str:
        return "\n".join(texts)

    def _show(self, text: str, size: int) -> None:
        assert self.limit is None or size <= self.limit, f"{size} {self.unit} are too long for {self.name}: {text}"
        self.shown.append(Shown(text, size, self.page))


def drawn(text: str, content: dict[str, Any]) -> str:
    """A line of the web or of REST, as plain text."""
    return plain_text(Line("", 0, Author.BOT, text, system_clock(), content))


@dataclass
class Web(Chat):
    visitor: Visitor | None = None
    seen: int = 0
    choices: list[dict[str, str]] = field(default_factory=list)
    channel, name, unit = "web", "web", "characters"

    async def _says(self, text: str, payload: str | None = None) -> None:
        if self.visitor is None:
            self.visitor = Visitor(self.url)
            await self.visitor.connect()
        await self.visitor.say(text, payload)
        self._draw()

    def _draw(self) -> None:
        assert self.visitor is not None
        new = self.visitor.lines[self.seen :]
        self.seen += len(new)
        for line in new:
            if line["author"] != "customer":
                text = drawn(line["text"], line)
                self._show(text, len(text))
                self.choices = line.get("choices", self.choices)

    async def chooses(self, title: str) -> None:
        (payload,) = [choice["payload"] for choice in self.choices if choice["title"] == title]
        self.page = 0
        await self._says(title, payload)

    async def hears(self) -> None:
        assert self.visitor is not None
        await self.visitor.until(lambda: self.visitor.lines[-1]["author"] == "agent")
        self._draw()

    async def leaves(self) -> None:
        if self.visitor is not None:
            await self.visitor.disconnect()


@dataclass
class Rest(Chat):
    choices: list[dict[str, str]] = field(default_factory=list)
    channel, name, unit = "rest", "REST", "characters"

    async def _says(self, text: str) -> None:
        async with httpx.AsyncClient(timeout=60, verify=False) as client:
            body = {"sender": self.sender, "message": text}
            response = await client.post(f"{self.url}/webhooks/rest/webhook", json=body)
        assert response.status_code == 200, response.text
        for message in response.json():
            drawing = drawn(message["text"], message.get("custom", {}))
            self._show(drawing, len(drawing))
            self.choices = message.get("buttons", self.choices)

    async def chooses(self, title: str) -> None:
        (payload,) = [choice["payload"] for choice in self.choices if choice["title"] == title]
        await self.says(payload)

    async def hears(self) -> None:
        await self.says("好")


@dataclass
class Telegram(Chat):
    api: BotApi = field(kw_only=True)
    settled: Settled = field(kw_only=True)
    seen: int = 0
    channel, name, unit, limit = "telegram", "Telegram", "UTF-16 units", 4096

    @property
    def chat(self) -> int:
        return int(self.sender)

    async def _says(self, text: str) -> None:
        await self._sends(updates.text(text, self.chat))

    async def _sends(self, update: dict[str, Any]) -> None:
        assert await self.api.post_update(update, url=f"{self.url}{PATH}") == 200
        await self.settled(self.channel, self.sender)
        self._look()

    def _look(self) -> None:
        new = self.api.messages[self.chat][self.seen :]
        self.seen += len(new)
        for message in new:
            self._show(message["text"], len(message["text"].encode("utf-16-le")) // 2)

    async def chooses(self, title: str) -> None:
        self.page = 0
        message = next(one for one in reversed(self.api.messages[self.chat]) if "reply_markup" in one)
        buttons = [button for row in message["reply_markup"]["inline_keyboard"] for button in row]
        (data,) = [button["callback_data"] for button in buttons if button["text"] == title]
        shown = {name: value for name, value in message.items() if name != "markup"}
        await self._sends(updates.pressed(data, shown, self.chat))

    async def hears(self) -> None:
        await self.settled(self.channel, self.sender)
        self._look()


@dataclass
class WeChat(Chat):
    pusher: Pusher = field(kw_only=True)
    platform: Platform = field(kw_only=True)
    settled: Settled = field(kw_only=True)
    seen: int = 0
    channel, name, unit, limit = "wechat", "WeChat", "bytes", 2048

    _MORE = "\n\n还没完, 回复“下一页”接着看。"

    async def _says(self, text: str) -> None:
        for reply in await self.pusher.say(self.sender, text):
            self._show(reply, len(reply.encode()))
        await self.settled(self.channel, self.sender)
        self._look()

    def _look(self) -> None:
        new = self.platform.texts(self.sender)[self.seen :]
        self.seen += len(new)
        for text in new:
            self._show(text, len(text.encode()))

    async def chooses(self, title: str) -> None:
        (number,) = re.findall(rf"^(\d+) {re.escape(title)}$", self.shown[-1].text, re.MULTILINE)
        await self.says(number)

    async def asks_on(self) -> bool:
        if self._MORE not in self.shown[-1].text:
            return False
        self.page += 1
        await self._says("下一页")
        return True

    async def hears(self) -> None:
        await self.settled(self.channel, self.sender)
        self._look()

    def _joined(self, texts: Sequence[str]) -> str:
        return "\n".join(text.replace(self._MORE, "") for text in texts)


@dataclass
class Sms(Chat):
    gateway: StandIn = field(kw_only=True)
    settled: Settled = field(kw_only=True)
    now: Callable[[], float] = field(kw_only=True)
    seen: int = 0
    channel, name, unit, limit, vouched = "sms", "SMS", "units", 134, True

    _OFFER = re.compile(r"\n回复\d.*\Z")

    async def _says(self, text: str) -> None:
        data = {"id": uuid.uuid4().hex, "from": f"+86{self.sender}", "to": NUMBER, "text": text}
        body, headers = request_of("message", data, self.now())
        async with httpx.AsyncClient(timeout=60, verify=False) as client:
            response = await client.post(f"{self.url}/webhooks/sms", content=body, headers=headers)
        assert response.status_code == 200, response.text
        await self.settled(self.channel, self.sender)
        self._look()

    def _look(self) -> None:
        mine = [one for one in self.gateway.taken if one["to"] == f"+86{self.sender}"]
        new, self.seen = mine[self.seen :], len(mine)
        for message in new:
            assert message["parts"] <= 2 and (message["parts"] == 2 or units(message["text"]) <= 70), message
            self._show(message["text"], units(message["text"]))

    async def chooses(self, title: str) -> None:
        found = re.search(rf"(\d){re.escape(title.replace(' ', ''))}(?:，|$)", self.shown[-1].text)
        await self.says(found[1] if found else title)

    async def asks_on(self) -> bool:
        more = re.search(r"回复(\d)看详情", self.shown[-1].text)
        if more is None:
            return False
        self.page += 1
        await self._says(more[1])
        return True

    async def hears(self) -> None:
        await self.settled(self.channel, self.sender)
        self._look()

    def _joined(self, texts: Sequence[str]) -> str:
        """A text that was cut within a sentence or a row goes on where it was cut."""
        whole = ""
        for text in texts:
            whole += self._OFFER.sub("", text) + "\n"
            whole = re.sub(r"…\n\Z", "", whole)
        return whole


@dataclass
class Ivr(Chat):
    caller: Phone | None = None
    channel, name, unit, limit, vouched = "ivr", "voice menu", "characters", LONGEST, True

    async def _call(self) -> Phone:
        if self.caller is None:
            self.caller = Phone(self.url, f"call-{uuid.uuid4().hex}", self.sender)
            await self.caller.ask("start")
        return self.caller

    async def _says(self, text: str) -> None:
        caller = await self._call()
        self._hear(await caller.says(text))

    def _hear(self, answer: dict[str, Any]) -> None:
        content = "".join(sentence for sentence in answer["say"] if "请按" not in sentence)
        self._show(content, len(content))

    async def gives_code(self, code: str) -> None:
        self.page = 0
        caller = await self._call()
        self._hear(await caller.presses(f"{code}#"))

    async def chooses(self, title: str) -> None:
        caller = await self._call()
        keys = [key for key, offered in caller.last["keys"].items() if offered == title]
        if not keys:
            await self.says(title)
            return
        self.page = 0
        self._hear(await caller.presses(keys[0]))

    async def asks_on(self) -> bool:
        caller = await self._call()
        keys = [key for key, offered in caller.last["keys"].items() if offered == "接着听"]
        if not keys:
            return False
        self.page += 1
        self._hear(await caller.presses(keys[0]))
        return True

    async def hears(self) -> None:
        caller = await self._call()
        self._hear(await caller.ask("again"))

    async def leaves(self) -> None:
        if self.caller is not None:
            await self.caller.ask("hangup")

    def _has(self, fact: Fact, text: str, today: date) -> bool:
        return fact.is_heard_in(text, today)

    def _joined(self, texts: Sequence[str]) -> str:
        return "".join(texts)
