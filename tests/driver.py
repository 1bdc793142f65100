"""Talks to the bot as a customer does, through inbox, router, Rasa and outbox, and remembers what came back."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from botkit.assembly import House
from botkit.clock import system_clock
from botkit.conversation.core import conversation_core
from botkit.conversation.dialogue import Dialogue
from botkit.conversation.messages import InboundMessage, Line
from channels.rest import RestConnector

T = TypeVar("T")


class Bot:
    """The conversation core on a house, with one event loop for its whole life."""

    def __init__(self, house: House, dialogue: Dialogue) -> None:
        self.house = house
        self.dialogue = dialogue
        self.worker, self.outbox = conversation_core(
            house.unit_of_work, system_clock, dialogue, house.texts, [RestConnector()]
        )
        self._loop = asyncio.new_event_loop()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        self.run(self.worker.stop())
        self._loop.close()

    def customer(self, sender: str | None = None) -> Customer:
        """Somebody new, who knows nothing and of whom nothing is known."""
        return Customer(self, sender or f"test-{uuid.uuid4().hex}")


@dataclass
class Answer:
    """The lines that answered one message."""

    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def choices(self) -> list[dict[str, str]]:
        return [choice for line in self.lines for choice in line.content.get("choices", ())]

    @property
    def titles(self) -> list[str]:
        return [choice["title"] for choice in self.choices]

    @property
    def table(self) -> dict[str, Any] | None:
        return next((line.content["table"] for line in self.lines if line.content.get("table")), None)

    @property
    def step(self) -> dict[str, Any] | None:
        return next((line.content["step"] for line in self.lines if line.content.get("step")), None)

    @property
    def intent(self) -> str | None:
        return next((line.detail["intent"] for line in self.lines if line.detail.get("intent")), None)

    @property
    def actions(self) -> list[str]:
        return [action for line in self.lines for action in line.detail.get("actions", ())]

    def rows(self) -> dict[str, list[str]]:
        """The table's rows by their heading."""
        assert self.table is not None, f"no table in: {self.text}"
        return {row[0]["text"]: [cell["text"] for cell in row[1:]] for row in self.table["rows"]}


@dataclass
class Customer:
    bot: Bot
    sender: str
    last: Answer = field(default_factory=Answer)

    def says(self, text: str, *, payload: str | None = None, message_id: str | None = None) -> Answer:
        """Say something and return what answers it."""
        self.last = self.bot.run(self._say(text, payload, message_id or uuid.uuid4().hex))
        return self.last

    def chooses(self, title: str) -> Answer:
        """Click the choice of this title among those offered last."""
        for choice in self.last.choices:
            if choice["title"] == title:
                return self.says(title, payload=choice["payload"])
        raise AssertionError(f"{title!r} was not offered, only {self.last.titles}")

    def verifies(self, phone: str) -> Answer:
        """Give number and code where the bot asks for them (or asks for verification first); returns the last answer."""
        self.says(phone)
        return self.says(self.code(phone))

    def code(self, phone: str) -> str:
        """The last code sent to this number, as the demo's SMS file has it."""
        return last_code(self.bot.house.settings.sms_file, phone)

    async def _say(self, text: str, payload: str | None, message_id: str) -> Answer:
        worker = self.bot.worker
        receipt = await worker.submit(InboundMessage("rest", self.sender, f"{self.sender}:{message_id}", text, payload))
        await worker.settled(receipt.message_id)
        lines = self.bot.outbox.pending(receipt.conversation_id, receipt.message_id)
        self.bot.outbox.mark_delivered(receipt.conversation_id, [line.seq for line in lines])
        return Answer(list(lines))


def last_code(sms_file: Path, phone: str) -> str:
    sent = [json.loads(line) for line in sms_file.read_text(encoding="utf-8").splitlines()]
    text = next(sms["text"] for sms in reversed(sent) if sms["to"] == phone)
    found = re.search(r"\d{6}", text)
    assert found, text
    return found[0]
