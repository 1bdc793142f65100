"""The dialogue's memory by itself, with a small domain; `tests/integration/conversation` has it with the trained model."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import IntegrityError

from botkit.conversation.tracker_store import GROWN, WINDOW, BoundedTrackerStore, Turn
from botkit.conversation.transcript import open_conversation
from botkit.store.engine import UnitOfWork, unit_of_work
from botkit.store.migrate import upgrade
from botkit.store.tables.conversation import TurnRow
from tests.databases import empty_database
from tests.unit.conversation.fakes import Clock

DOMAIN = Domain.from_dict(
    {
        "intents": ["say"],
        "slots": {
            "plan": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]},
            "level": {
                "type": "any",
                "influence_conversation": False,
                "initial_value": 3,
                "mappings": [{"type": "custom"}],
            },
        },
        "forms": {"verify_form": {"required_slots": ["plan"]}},
        "actions": ["action_answer"],
    }
)


def said(text: str, *more: Event) -> list[Event]:
    """What one message leaves behind: the message, what came of it, the answer."""
    return [
        UserUttered(text, {"name": "say", "confidence": 0.9}, []),
        ActionExecuted("action_answer"),
        *more,
        BotUttered(f"zu {text}"),
        ActionExecuted("action_listen"),
    ]


class Talk:
    """One conversation; the server may be another at each message."""

    def __init__(self, work: UnitOfWork, sender: str = "someone") -> None:
        self.work = work
        with work() as session:
            self.id: str = open_conversation(session, "test", sender, Clock()()).id

    async def says(self, store: BoundedTrackerStore, events: Sequence[Event], keep: bool = True) -> Turn | None:
        tracker = await store.get_or_create_tracker(self.id, append_action_listen=False)
        if not tracker.events:
            tracker.update_with_events(
                [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")], DOMAIN
            )
        tracker.update_with_events(list(events), DOMAIN)
        await store.save(tracker)
        turn = store.take_turn(self.id)
        if turn and keep:
            with self.work() as session:
                turn.store(session)
        return turn

    async def tracker(self, store: BoundedTrackerStore) -> DialogueStateTracker:
        tracker = await store.retrieve(self.id)
        assert tracker is not None
        store.take_turn(self.id)
        return tracker

    def whole(self) -> DialogueStateTracker:
        """All that was ever stored, without a window."""
        with self.work(reading=True) as session:
            rows = session.query(TurnRow).filter_by(conversation_id=self.id).order_by(TurnRow.number).all()
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        events = [Event.from_parameters(parameters) for row in rows for parameters in row.events]
        return DialogueStateTracker.from_events(self.id, events, DOMAIN.slots)


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    return {
        "slots": tracker.current_slot_values(),
        "loop": tracker.active_loop_name,
        "interrupted": bool(tracker.active_loop and tracker.active_loop.is_interrupted),
        "latest": tracker.latest_message.text if tracker.latest_message else None,
        "action": tracker.latest_action_name,
        "followup": tracker.followup_action,
    }


def texts(tracker: DialogueStateTracker) -> list[str]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


@pytest.fixture
def store(work: UnitOfWork) -> BoundedTrackerStore:
    return BoundedTrackerStore(DOMAIN, work)


@pytest.fixture
def talk(work: UnitOfWork) -> Talk:
    return Talk(work)


async def test_a_turn_is_what_was_added(store: BoundedTrackerStore, talk: Talk) -> None:
    first = await talk.says(store, said("eins"))
    second = await talk.says(store, said("zwei", SlotSet("plan", "畅选59")))
    assert first and second
    assert (first.number, second.number) == (1, 2)
    assert [event["event"] for event in first.events][:3] == ["action", "session_started", "action"]
    assert [event["event"] for event in second.events] == ["user", "action", "slot", "bot", "action"]
    assert second.state == {"slots": {**first.state["slots"], "plan": "畅选59"}, "loop": None, "interrupted": False}


async def test_nothing_added_is_no_turn(store: BoundedTrackerStore, talk: Talk) -> None:
    await talk.says(store, said("eins"))
    assert await talk.says(store, []) is None
    assert store.take_turn(talk.id) is None
    assert store.take_turn("unknown") is None


async def test_a_tracker_does_not_grow_without_end(store: BoundedTrackerStore, talk: Talk) -> None:
    sizes = []
    for number in range(60):
        await talk.says(store, said(str(number)))
        sizes.append(len((await talk.tracker(store)).events))
    assert max(sizes) == max(sizes[: GROWN + 1])
    tracker = await talk.tracker(store)
    assert texts(tracker) == [str(number) for number in range(60)][-len(texts(tracker)) :]
    assert WINDOW <= len(texts(tracker)) <= GROWN


async def test_slots_and_form_outlive_the_window(store: BoundedTrackerStore, work: UnitOfWork, talk: Talk) -> None:
    await talk.says(
        store,
        said(
            "anfang",
            SlotSet("plan", {"id": "畅选59"}),
            SlotSet("level", None),
            ActiveLoop("verify_form"),
        ),
    )
    for number in range(3 * GROWN):
        await talk.says(store, said(str(number)))
        rebuilt = await talk.tracker(BoundedTrackerStore(DOMAIN, work))
        for tracker in (await talk.tracker(store), rebuilt):
            assert tracker.get_slot("plan") == {"id": "畅选59"}
            assert tracker.get_slot("level") is None
            assert tracker.active_loop_name == "verify_form"
    assert "anfang" not in texts(tracker)


moves = st.sampled_from(
    ["plain", "plan", "no plan", "level", "form", "end form", "interrupted", "new session", "forget", "restart"]
)


@settings(max_examples=15, deadline=None)
@given(st.lists(moves, min_size=10, max_size=40))
def test_memory_database_and_the_whole_history_agree(moves: list[str]) -> None:
    extra: dict[str, list[Event]] = {
        "plan": [SlotSet("plan", "畅选59")],
        "no plan": [SlotSet("plan", None)],
        "level": [SlotSet("level", 7)],
        "form": [ActiveLoop("verify_form")],
        "end form": [ActiveLoop(None)],
        "interrupted": [LoopInterrupted(True)],
        "new session": [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")],
    }

    async def run(talk: Talk) -> None:
        store = BoundedTrackerStore(DOMAIN, talk.work)
        for number, move in enumerate(moves):
            if move == "forget":
                await talk.says(store, said("verworfen", SlotSet("plan", "verworfen")), keep=False)
                store.forget(talk.id)
            elif move == "restart":
                store = BoundedTrackerStore(DOMAIN, talk.work)
            else:
                await talk.says(store, [*(said(str(number))), *extra.get(move, [])])
        if all(move in ("forget", "restart") for move in moves):
            return
        whole = state(talk.whole())
        assert state(await talk.tracker(store)) == whole
        assert state(await talk.tracker(BoundedTrackerStore(DOMAIN, talk.work))) == whole

    with tempfile.TemporaryDirectory() as folder, empty_database("sqlite", Path(folder)) as engine:
        upgrade(engine)
        asyncio.run(run(Talk(unit_of_work(engine))))


async def test_a_forgotten_attempt_leaves_the_dialogue_as_it_was(store: BoundedTrackerStore, talk: Talk) -> None:
    await talk.says(store, said("eins", SlotSet("plan", "畅选59")))
    await talk.says(store, said("zwei", SlotSet("plan", "畅选199")), keep=False)
    store.forget(talk.id)
    tracker = await talk.tracker(store)
    assert texts(tracker) == ["eins"] and tracker.get_slot("plan") == "畅选59"
    turn = await talk.says(store, said("drei"))
    assert turn and turn.number == 2


async def test_another_servers_turn_is_seen(store: BoundedTrackerStore, work: UnitOfWork, talk: Talk) -> None:
    other = BoundedTrackerStore(DOMAIN, work)
    await talk.says(store, said("eins"))
    await talk.says(other, said("zwei", SlotSet("plan", "畅选59")))
    turn = await talk.says(store, said("drei"))
    assert turn and turn.number == 3
    tracker = await talk.tracker(store)
    assert texts(tracker) == ["eins", "zwei", "drei"] and tracker.get_slot("plan") == "畅选59"


async def test_of_two_servers_thinking_at_once_only_one_stores_its_turn(
    store: BoundedTrackerStore, work: UnitOfWork, talk: Talk
) -> None:
    other = BoundedTrackerStore(DOMAIN, work)
    await talk.says(store, said("eins"))
    late = await talk.says(store, said("zwei"), keep=False)
    await talk.says(other, said("zwei"))
    assert late
    with pytest.raises(IntegrityError), work() as session:
        late.store(session)


async def test_only_so_many_trackers_stay_in_memory(work: UnitOfWork) -> None:
    store = BoundedTrackerStore(DOMAIN, work, capacity=3)
    talks = [Talk(work, f"s{number}") for number in range(10)]
    for talk in talks:
        await talk.says(store, said("eins", SlotSet("plan", talk.id)))
    assert len(store._memories) == 3 and not store._at_work
    for talk in talks:
        await talk.says(store, said("zwei"))
        assert (await talk.tracker(store)).get_slot("plan") == talk.id
    assert len(store._memories) == 3


async def test_a_tracker_at_work_is_not_evicted(work: UnitOfWork) -> None:
    store = BoundedTrackerStore(DOMAIN, work, capacity=1)
    talks = [Talk(work, f"s{number}") for number in range(4)]
    for talk in talks:
        await talk.says(store, said("eins"))
    trackers = [await store.retrieve(talk.id) for talk in talks]
    for tracker in trackers:
        assert tracker is not None
        tracker.update_with_events(said("zwei"), DOMAIN)
    for talk, tracker in zip(talks, trackers, strict=True):
        assert tracker is not None
        await store.save(tracker)
        turn = store.take_turn(talk.id)
        assert turn and turn.number == 2 and len(turn.events) == 4
    assert len(store._memories) == 1


async def test_conversations_without_end_take_no_more_memory(store: BoundedTrackerStore, talk: Talk) -> None:
    for number in range(40):
        await talk.says(store, said(str(number)))
    memory = store._memories[talk.id]
    assert len(memory.past) <= GROWN and len(memory.tracker.events) < (GROWN + 2) * 6
