"""Rasa's dialogue memory at a flat cost: recent trackers in memory, turns appended to the database.

Rasa's own SQL store rebuilds all events of a session at each message. Here a tracker holds a bounded window: the last
turns, preceded by the slots and the form as they stood before them. `save` writes nothing; the router takes the turn with
`take_turn` and stores it in the unit of work that stores the answer, so that a crash leaves both or neither.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, LoopInterrupted, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import TurnRow

WINDOW = 5
"""Turns that a tracker is rebuilt from; the policies and actions look back on four at most."""

GROWN = 8
"""Turns at which a tracker in memory is cut back to the window: Rasa copies all its events at each action."""


@dataclass(frozen=True)
class Turn:
    """What one message did to the dialogue. `state`: slots, form (and whether it is interrupted) after it."""

    conversation_id: str
    number: int
    events: Sequence[dict[str, Any]]
    state: dict[str, Any]

    def store(self, session: Session) -> None:
        """Write it; a second turn of the same number, made elsewhere meanwhile, makes the unit of work fail."""
        session.add(
            TurnRow(
                conversation_id=self.conversation_id, number=self.number, events=list(self.events), state=self.state
            )
        )


@dataclass(frozen=True)
class _Past:
    """A stored turn within a tracker: how many events it has there, and the state after it."""

    number: int
    length: int
    state: dict[str, Any]


@dataclass
class _Memory:
    """A tracker, its stored turns, and how many of its events belong to them or stand before them."""

    tracker: DialogueStateTracker
    past: list[_Past] = field(default_factory=list)
    stored: int = 0

    @property
    def number(self) -> int:
        """Of the last turn; 0 before the first."""
        return self.past[-1].number if self.past else 0


class BoundedTrackerStore(TrackerStore):
    """`retrieve` begins a turn, `take_turn` or `forget` ends it; a tracker stays in memory at least as long.

    capacity: how many trackers are kept beyond those at work; each takes about a tenth of a megabyte.
    """

    def __init__(self, domain: Domain, unit_of_work: UnitOfWork, capacity: int = 500) -> None:
        super().__init__(domain)
        self._unit_of_work = unit_of_work
        self._capacity = capacity
        self._memories: OrderedDict[str, _Memory] = OrderedDict()
        self._at_work: dict[str, _Memory] = {}

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker as the database has it: from memory unless another server has added a turn meanwhile."""
        memory = self._at_work.get(sender_id) or self._memories.get(sender_id)
        if memory is None or memory.number != await asyncio.to_thread(self._last_number, sender_id):
            memory = self._rebuilt(sender_id, await asyncio.to_thread(self._load, sender_id))
        if memory is None:
            self.forget(sender_id)
            return None
        self._at_work[sender_id] = memory
        return memory.tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the tracker at hand until `take_turn`."""
        memory = self._at_work.get(tracker.sender_id)
        if memory is None or memory.tracker is not tracker:
            self._at_work[tracker.sender_id] = _Memory(tracker)

    def take_turn(self, sender_id: str) -> Turn | None:
        """What changed since the last turn, to be stored by the caller; None when nothing did."""
        memory = self._at_work.pop(sender_id, None)
        if memory is None:
            return None
        events = list(memory.tracker.events)[memory.stored :]
        turn = None
        if events:
            state = _state_of(memory.tracker)
            turn = Turn(sender_id, memory.number + 1, [event.as_dict() for event in events], state)
            memory.past.append(_Past(turn.number, len(events), state))
            memory.stored += len(events)
        self._remember(sender_id, self._cut(memory) if len(memory.past) > GROWN else memory)
        return turn

    def forget(self, sender_id: str) -> None:
        """Drop the tracker from memory, e.g. after a failure; the next message rebuilds it from the database."""
        self._at_work.pop(sender_id, None)
        self._memories.pop(sender_id, None)

    def _remember(self, sender_id: str, memory: _Memory) -> None:
        self._memories[sender_id] = memory
        self._memories.move_to_end(sender_id)
        while len(self._memories) > self._capacity:
            self._memories.popitem(last=False)

    def _last_number(self, sender_id: str) -> int:
        with self._unit_of_work(reading=True) as session:
            query = select(func.max(TurnRow.number)).where(TurnRow.conversation_id == sender_id)
            return session.execute(query).scalar_one() or 0

    def _load(self, sender_id: str) -> list[Turn]:
        """The turns of the window, and the one before them where there is one."""
        with self._unit_of_work(reading=True) as session:
            query = select(TurnRow).where(TurnRow.conversation_id == sender_id).order_by(TurnRow.number.desc())
            rows = session.execute(query.limit(WINDOW + 1)).scalars().all()
        return [Turn(sender_id, row.number, row.events, row.state) for row in reversed(rows)]

    def _rebuilt(self, sender_id: str, turns: list[Turn]) -> _Memory | None:
        if not turns:
            return None
        before = turns.pop(0).state if len(turns) > WINDOW else None
        events: list[list[Event]] = [[Event.from_parameters(parameters) for parameters in t.events] for t in turns]
        past = [_Past(turn.number, len(turn.events), turn.state) for turn in turns]
        return self._memory(sender_id, before, events, past)

    def _cut(self, memory: _Memory) -> _Memory:
        events = list(memory.tracker.events)
        kept: list[list[Event]] = []
        for past in reversed(memory.past[-WINDOW:]):
            kept.insert(0, events[-past.length :])
            del events[-past.length :]
        return self._memory(memory.tracker.sender_id, memory.past[-WINDOW - 1].state, kept, memory.past[-WINDOW:])

    def _memory(
        self, sender_id: str, before: dict[str, Any] | None, turns: list[list[Event]], past: list[_Past]
    ) -> _Memory:
        events = [*self._opening(before), *(event for turn in turns for event in turn)]
        tracker = DialogueStateTracker.from_events(sender_id, events, self.domain.slots, domain=self.domain)
        return _Memory(tracker, past, stored=len(tracker.events))

    def _opening(self, before: dict[str, Any] | None) -> list[Event]:
        """Events that bring a new tracker to the state before the window."""
        if before is None:
            return []
        events = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)]
        initial = {slot.name: slot.initial_value for slot in self.domain.slots}
        events += [SlotSet(name, value) for name, value in before["slots"].items() if value != initial.get(name)]
        if before["loop"]:
            events.append(ActiveLoop(before["loop"]))
            events += [LoopInterrupted(True)] if before.get("interrupted") else []
        return events


def _state_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    loop = tracker.active_loop
    return {
        "slots": tracker.current_slot_values(),
        "loop": tracker.active_loop_name,
        "interrupted": bool(loop and loop.is_interrupted),
    }
