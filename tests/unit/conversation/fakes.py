"""What stands in for Rasa and for the platforms in tests of the conversation core."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from botkit.conversation.dialogue import DialogueError, Response
from botkit.conversation.messages import Line
from botkit.conversation.outbox import Sent
from botkit.conversation.reply import Reply
from botkit.conversation.tracker_store import Turn
from botkit.handoff.machine import HandOver


@dataclass
class Clock:
    """14:05 in China, until told otherwise."""

    now: datetime = datetime(2026, 11, 22, 6, 5, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@dataclass
class FakeDialogue:
    """Repeats what it is told. Its memory is the number of its turns: `kept` those stored, `begun` those thought.

    before_answering: awaited by each `respond`. failures: how many calls to `respond` fail.
    """

    intents: Sequence[str] = ("ask_balance", "request_human")
    replies: Sequence[Reply] | None = None
    hand_over: HandOver | None = None
    failures: int = 0
    before_answering: Callable[[], Awaitable[None]] | None = None
    heard: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    turns: dict[str, int] = field(default_factory=dict)

    async def mood(self, text: str) -> dict[str, object]:
        """Angry at whatever has two exclamation marks."""
        return {"score": 0.9, "spans": [[text.index("!!"), len(text)]], "reasons": ["form"]} if "!!" in text else {}

    async def respond(self, conversation_id: str, message_id: int, channel: str, text: str) -> Response:
        self.heard.append(text)
        if self.before_answering:
            await self.before_answering()
        if self.failures:
            self.failures -= 1
            self.forget(conversation_id)
            raise DialogueError("told to fail")
        self.turns[conversation_id] = self.turns.get(conversation_id, 0) + 1
        turn = Turn(conversation_id, self.turns[conversation_id], [], {"slots": {}, "loop": None})
        replies = self.replies if self.replies is not None else [Reply(f"您说的是: {text}")]
        return Response(replies, turn, self.hand_over, {"intent": "fake"}, await self.mood(text))

    def forget(self, conversation_id: str) -> None:
        self.forgotten.append(conversation_id)
        if conversation_id in self.turns:
            self.turns[conversation_id] -= 1


@dataclass
class FakeConnector:
    """Takes lines as `outcomes` say, one for each attempt: True, False, None, Sent or an exception; True when there are
    none."""

    channel: str = "test"
    outside: bool = False
    outcomes: list[bool | Sent | Exception | None] = field(default_factory=list)
    delivered: list[tuple[str, int]] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    attempts: int = 0

    async def deliver(self, sender: str, line: Line, parts: int = 0) -> bool | Sent | None:
        self.attempts += 1
        self.parts.append(parts)
        await asyncio.sleep(0)
        outcome = self.outcomes.pop(0) if self.outcomes else True
        if isinstance(outcome, Exception):
            raise outcome
        if outcome is not False:
            self.delivered.append((sender, line.seq))
        return outcome


async def eventually(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until the condition holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.005)
