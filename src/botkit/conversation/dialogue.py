"""The bot's half of a conversation: one Rasa agent, asked message by message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore, LockStore
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet

from botkit.conversation.action_endpoint import InProcessActions
from botkit.conversation.reply import Reply, reply_from_rasa
from botkit.conversation.tracker_store import BoundedTrackerStore, Turn
from botkit.conversation.wishes import clearest_part, has_parts, wishes_in
from botkit.handoff.hearing import heard_in
from botkit.handoff.judge import FALLBACK, IMPATIENT_FROM, SURE_ENOUGH
from botkit.handoff.machine import HandOver, Reason
from botkit.handoff.routing import group_for
from botkit.nlu.same_topic import ONE_OF_SEVERAL
from botkit.store.engine import UnitOfWork

RASAS_OWN_INTENTS = frozenset(DEFAULT_INTENTS) - {"out_of_scope"}

WANTED_TOO = "wanted_too"
"""Slot for the wishes of a message that wait until a form, such as verification, is done with the first one."""

PATIENCE = 20.0
"""Seconds after which an answer that has not come counts as failed."""


@dataclass(frozen=True)
class Response:
    """What the dialogue answers to one message, not stored yet.

    `detail` is what agents may see of how it came about: intent, confidence, actions. `mood` is what was heard in the
    message, as `Dialogue.mood` has it.
    """

    replies: Sequence[Reply]
    turn: Turn | None
    hand_over: HandOver | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    mood: Mapping[str, Any] = field(default_factory=dict)


class DialogueError(Exception):
    """The bot could not answer; nothing of the attempt was kept."""


class _Collected(OutputChannel):
    """Keeps each message of the bot whole; Rasa's own collector takes text and payload apart."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append(message)


class Dialogue:
    """Rasa behind two verbs: `respond` to a message, `forget` an answer that was not stored after all."""

    def __init__(
        self, agent: Agent, tracker_store: BoundedTrackerStore, actions: InProcessActions, patience: float
    ) -> None:
        self._agent = agent
        self._actions = actions
        self._tracker_store = tracker_store
        self._patience = patience
        self._intents = frozenset(agent.domain.intents) - RASAS_OWN_INTENTS

    @classmethod
    def load(
        cls,
        model: Path,
        actions: InProcessActions,
        unit_of_work: UnitOfWork,
        lock_store: LockStore | None = None,
        patience: float = PATIENCE,
    ) -> Dialogue:
        """Load a trained model; raises what Rasa raises when the file is no model."""
        store = BoundedTrackerStore(Domain.empty(), unit_of_work)
        agent = Agent.load(
            str(model), tracker_store=store, lock_store=lock_store or InMemoryLockStore(), action_endpoint=actions
        )
        store.domain = agent.domain
        agent.tracker_store = store
        agent.processor.tracker_store = store
        return cls(agent, store, actions, patience)

    @property
    def intents(self) -> Collection[str]:
        """What a customer may mean. Rasa's own commands (`restart`, `back` …) are not among them."""
        return self._intents

    async def parse(self, text: str) -> dict[str, Any]:
        """Understand a message without answering it."""
        result: dict[str, Any] = await self._agent.parse_message(text)
        return result

    async def mood(self, text: str) -> dict[str, Any]:
        """The frustration in a message that the bot does not answer: `{score, spans, reasons}`, empty where unknown."""
        found: dict[str, Any] = (await self.parse(text)).get("frustration") or {}
        return found

    async def respond(self, conversation_id: str, message_id: int, channel: str, text: str) -> Response:
        """Understand, decide and act. Raises DialogueError, after which the dialogue stands as before.

        What an action did outside the dialogue (a code sent, a verification) stays done, and one that is out of patience
        goes on in its thread.
        """
        collected = _Collected()

        async def tell(wish: str, others: bool) -> None:
            message = UserMessage(
                wish,
                collected,
                conversation_id,
                input_channel=channel,
                message_id=str(message_id),
                metadata={"message_id": message_id, ONE_OF_SEVERAL: others},
            )
            await self._agent.handle_message(message)

        try:
            with self._actions.watched() as failures:
                await asyncio.wait_for(self._serve(conversation_id, text, tell, collected), self._patience)
            if failures:
                raise failures[0]
            return self._response(conversation_id, collected.messages)
        except Exception as error:
            self.forget(conversation_id)
            raise DialogueError(f"{type(error).__name__}: {error}") from error

    async def _serve(
        self, conversation_id: str, text: str, tell: Callable[[str, bool], Awaitable[None]], collected: _Collected
    ) -> None:
        """Tell Rasa the message, wish by wish; what a form keeps from being served is kept until the form is done."""
        first, *others = await wishes_in(text, self._understand)
        if not others:
            first = await self._clear(conversation_id, text)
        await tell(first, bool(others))
        while tracker := await self._tracker_store.retrieve(conversation_id):
            waiting = others or tracker.get_slot(WANTED_TOO) or []
            others = []
            if _hand_over(collected.messages):
                waiting = []
            now, later = (waiting[:1], waiting[1:]) if tracker.active_loop_name is None else ([], waiting)
            if (later or None) != tracker.get_slot(WANTED_TOO):
                tracker.update(SlotSet(WANTED_TOO, later or None))
            if not now:
                return
            await tell(now[0], True)

    async def _clear(self, conversation_id: str, text: str) -> str:
        """The message, or the part of it that is understood where the whole is but guessed at, after all that was said before. Of
        somebody upset every word is heard."""
        if text.startswith("/") or not has_parts(text):
            return text
        tracker = await self._tracker_store.retrieve(conversation_id)
        heard = heard_in(await self._agent.processor.parse_message(UserMessage(text), tracker))
        understood = heard.intent != FALLBACK and heard.sure >= SURE_ENOUGH
        if understood or heard.frustration >= IMPATIENT_FROM:
            return text
        return await clearest_part(text, self._understand) or text

    async def _understand(self, text: str) -> tuple[str, float]:
        intent = (await self.parse(text)).get("intent") or {}
        return str(intent.get("name")), float(intent.get("confidence") or 0.0)

    def _response(self, conversation_id: str, sent: Sequence[Mapping[str, Any]]) -> Response:
        replies = [reply for reply in map(reply_from_rasa, sent) if reply.text or reply.content()]
        if not replies:
            raise ValueError("the bot had nothing to say")
        hand_over = _hand_over(sent)
        turn = self._tracker_store.take_turn(conversation_id)
        return Response(replies, turn, hand_over, _detail(turn), _mood(turn))

    def forget(self, conversation_id: str) -> None:
        """Give up what `respond` did since the last stored turn."""
        self._tracker_store.forget(conversation_id)


def _hand_over(sent: Sequence[Mapping[str, Any]]) -> HandOver | None:
    for message in sent:
        wanted = (message.get("custom") or {}).get("hand_over")
        if wanted is not None:
            reason, topic = Reason(wanted["reason"]), wanted.get("topic", "")
            return HandOver(reason, topic, group_for(reason, topic).value, wanted["rule"], wanted["title"])
    return None


def _mood(turn: Turn | None) -> dict[str, Any]:
    """Of a message with several wishes, which are told one by one, the worst; its spans are those of a part, so not kept."""
    heard = [
        event["parse_data"].get("frustration") or {}
        for event in (turn.events if turn else ())
        if event["event"] == "user"
    ]
    worst: dict[str, Any] = max(heard, key=lambda mood: float(mood.get("score", 0.0)), default={})
    return worst if len(heard) == 1 else {**worst, "spans": []} if worst else {}


def _detail(turn: Turn | None) -> dict[str, Any]:
    detail: dict[str, Any] = {"actions": []}
    for event in turn.events if turn else ():
        if event["event"] == "user":
            if "intent" in detail:  # a further wish of the same message: the first one stands for it
                continue
            intent = event["parse_data"].get("intent") or {}
            detail |= {"intent": intent.get("name"), "confidence": round(intent.get("confidence") or 0.0, 3)}
            found = event["parse_data"].get("entities", ())
            detail["entities"] = [{"entity": e["entity"], "value": e["value"]} for e in found]
        elif event["event"] == "action" and event["name"] not in ("action_listen", "action_extract_slots"):
            detail["actions"].append(event["name"])
    return detail
