"""Rasa's dialogue memory at a flat cost: recent trackers in memory, turns appended to the database.

Rasa's own SQL store rebuilds all events of a session at each message. Here a tracker holds a bounded window: the last
turns, preceded by the slots and the form as they stood before them. `save` writes nothing; the router takes the turn with
`take_turn` and stores it in the unit of work that stores the answer, so that a crash leaves both or neither.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import TurnRow

WINDOW = 8
"""Turns that a tracker is rebuilt from. It grows to twice as many before it is cut back."""


@dataclass(frozen=True)
class Turn:
    """What one message did to the dialogue. `state`: {"slots": {...}, "loop": name or None} after it."""

    conversation_id: str
    number: int
    events: Sequence[dict[str, Any]]
    state: dict[str, Any]

    def store(self, session: Session) -> None:
        session.add(
            TurnRow(conversation_id=self.conversation_id, number=self.number, events=list(self.events), state=self.state)
        )


@dataclass
class _Memory:
    tracker: DialogueStateTracker
    turns: list[Turn] = field(default_factory=list)
    seen: int = 0  # events of the tracker that belong to stored turns


class BoundedTrackerStore(TrackerStore):
    def __init__(self, domain: Domain, unit_of_work: UnitOfWork, capacity: int = 2000) -> None:
        super().__init__(domain)
        self._unit_of_work = unit_of_work
        self._capacity = capacity
        self._memories: OrderedDict[str, _Memory] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        memory = self._memories.get(sender_id) or self._load(sender_id)
        if memory is None:
            return None
        self._remember(sender_id, memory)
        return memory.tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        memory = self._memories.get(tracker.sender_id)
        if memory is None or memory.tracker is not tracker:
            self._remember(tracker.sender_id, _Memory(tracker))

    def take_turn(self, sender_id: str) -> Turn | None:
        """What changed since the last turn, to be stored by the caller; None when nothing did."""
        memory = self._memories.get(sender_id)
        if memory is None or len(memory.tracker.events) == memory.seen:
            return None
        events = list(memory.tracker.events)[memory.seen :]
        number = memory.turns[-1].number + 1 if memory.turns else 1
        turn = Turn(sender_id, number, [event.as_dict() for event in events], _state_of(memory.tracker))
        memory.turns.append(turn)
        memory.seen = len(memory.tracker.events)
        if len(memory.turns) > 2 * WINDOW:
            dropped, kept = memory.turns[:-WINDOW], memory.turns[-WINDOW:]
            self._remember(sender_id, self._rebuild(sender_id, dropped[-1].state, kept))
        return turn

    def forget(self, sender_id: str) -> None:
        """Drop the tracker from memory, e.g. after a failure; the next message rebuilds it from the database."""
        self._memories.pop(sender_id, None)

    def _remember(self, sender_id: str, memory: _Memory) -> None:
        self._memories[sender_id] = memory
        self._memories.move_to_end(sender_id)
        while len(self._memories) > self._capacity:
            self._memories.popitem(last=False)

    def _load(self, sender_id: str) -> _Memory | None:
        with self._unit_of_work() as session:
            rows = (
                session.execute(
                    select(TurnRow)
                    .where(TurnRow.conversation_id == sender_id)
                    .order_by(TurnRow.number.desc())
                    .limit(WINDOW + 1)
                )
                .scalars()
                .all()
            )
        turns = [Turn(sender_id, row.number, row.events, row.state) for row in reversed(rows)]
        if not turns:
            return None
        if len(turns) > WINDOW:
            return self._rebuild(sender_id, turns[0].state, turns[1:])
        return self._rebuild(sender_id, {}, turns)

    def _rebuild(self, sender_id: str, before: dict[str, Any], turns: list[Turn]) -> _Memory:
        events: list[Event] = []
        if before:
            events += [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)]
            events += [SlotSet(name, value) for name, value in before["slots"].items() if value is not None]
            events += [ActiveLoop(before["loop"])] if before["loop"] else []
        for turn in turns:
            events += [Event.from_parameters(parameters) for parameters in turn.events]
        tracker = DialogueStateTracker.from_events(sender_id, events, self.domain.slots, domain=self.domain)
        return _Memory(tracker, list(turns), seen=len(tracker.events))


def _state_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    return {"slots": tracker.current_slot_values(), "loop": tracker.active_loop_name}
