"""`botkit evaluate`: labelled messages and dialogues run through the real model, and what came of them."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from botkit.assembly import House, assemble
from botkit.bss.port import UnknownCustomer
from botkit.clock import system_clock
from botkit.content.handoff import HandoffContent
from botkit.conversation.core import conversation_core
from botkit.conversation.dialogue import Dialogue as Bot
from botkit.conversation.messages import InboundMessage, Line
from botkit.conversation.transcript import open_conversation, read_lines
from botkit.evaluation import Course, Dialogue, LabelError, Labelled, Measures, Result, measure
from botkit.handoff.hearing import heard_in
from botkit.handoff.judge import rule_for
from botkit.nlu.moods import level
from botkit.server.app import load_dialogue
from botkit.server.model import current_model
from botkit.settings import Settings

CHANNEL = "rehearsal"
HUMAN = "/request_human"


class Progress(Protocol):
    def __call__(self, *, completed: int, total: int) -> object:
        """So many of so many are done."""


class _Silent:
    """A channel that nobody reads."""

    channel = CHANNEL
    outside = False

    async def deliver(self, sender: str, line: Line, parts: int = 0) -> bool:
        return True


async def evaluate(settings: Settings, labelled: Labelled, progress: Progress) -> Measures:
    """Run all of it on the present model. Dialogues get a database of their own, filled with the demo customers; nothing
    of it stays. Raises LabelError for a customer that is none."""
    model = current_model(settings)
    with tempfile.TemporaryDirectory() as folder:
        apart = replace(settings, var=Path(folder), database_url=f"sqlite:///{folder}/rehearsal.db", demo=True)
        house = assemble(apart)
        bot = load_dialogue(house, model)
        total = len(labelled.messages) + len(labelled.dialogues)
        results = []
        for message in labelled.messages:
            results.append(result_of(await bot.parse(message.text), house.handoff))
            progress(completed=len(results), total=total)
        courses: list[Course] = []
        stage = _Stage(house, bot)
        for dialogue in labelled.dialogues:
            courses.append(await stage.play(dialogue))
            progress(completed=len(results) + len(courses), total=total)
        await stage.end()
        house.engine.dispose()
    return measure(labelled.messages, results, labelled.dialogues, courses)


def result_of(parsed: Mapping[str, Any], rules: HandoffContent) -> Result:
    """What the model made of a message, if it is the first of a conversation."""
    heard = heard_in(parsed)
    rule = rule_for([heard], rules)
    sure = float((parsed.get("intent") or {}).get("confidence") or 0.0)
    return Result(heard.intent, sure, heard.frustration, level(heard.frustration), rule.name if rule else "")


class _Stage:
    """The conversation core on a house, for one dialogue after the other."""

    def __init__(self, house: House, bot: Bot) -> None:
        self._house = house
        self._worker, self._outbox = conversation_core(house.unit_of_work, system_clock, bot, house.texts, [_Silent()])

    async def end(self) -> None:
        await self._worker.stop()

    async def play(self, dialogue: Dialogue) -> Course:
        """Say one turn after the other, until a human has it."""
        sender = f"{dialogue.id}-{uuid.uuid4().hex[:8]}"
        conversation_id, seen, offered = self._verified(dialogue, sender), 0, None
        for number, turn in enumerate(dialogue.turns, start=1):
            receipt = await self._worker.submit(InboundMessage(CHANNEL, sender, uuid.uuid4().hex, turn.text))
            await self._worker.settled(receipt.message_id)
            with self._house.unit_of_work(reading=True) as session:
                lines = read_lines(session, conversation_id, after=seen)
            seen = lines[-1].seq
            for line in lines:
                if line.detail.get("event") == "HandOver":
                    return Course(number, line.detail.get("rule") or line.detail["reason"], offered)
            if offered is None and any(_offers_human(line) for line in lines):
                offered = number
        return Course(offered=offered)

    def _verified(self, dialogue: Dialogue, sender: str) -> str:
        """A new conversation in which the customer has proved who he is."""
        try:
            customer = self._house.operator.customer_by_phone(dialogue.customer)
        except UnknownCustomer:
            raise LabelError(f"dialogue {dialogue.id}: {dialogue.customer} is no demo customer") from None
        with self._house.unit_of_work() as session:
            conversation_id = str(open_conversation(session, CHANNEL, sender, system_clock()).id)
        self._house.verifications.establish(conversation_id, customer.id, dialogue.customer)
        return conversation_id


def _offers_human(line: Line) -> bool:
    return any(choice["payload"] == HUMAN for choice in line.content.get("choices", ()))
