"""Actions of rasa-sdk in this process, as Rasa calls them."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection as Rejection

from botkit.conversation.action_endpoint import InProcessActions

DOMAIN = Domain.from_dict(
    {
        "slots": {"guide": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}},
        "actions": ["action_test"],
    }
)
Run = Callable[[CollectingDispatcher, Tracker], list[dict[str, Any]]]


class ActionOf(Action):
    """An action made of a function."""

    def __init__(self, run: Run, name: str = "action_test") -> None:
        self._run, self._name = run, name

    def name(self) -> str:
        return self._name

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        return self._run(dispatcher, tracker)


def endpoint(*actions: Action, threads: int = 4) -> InProcessActions:
    executor = ActionExecutor()
    for action in actions:
        executor.register_action(action)
    return InProcessActions(executor, threads)


def tracker(**slots: Any) -> DialogueStateTracker:
    return DialogueStateTracker.from_events(
        "someone", [SlotSet(name, value) for name, value in slots.items()], DOMAIN.slots
    )


async def run(actions: EndpointConfig, on: DialogueStateTracker | None = None, name: str = "action_test") -> list[Any]:
    """What Rasa makes of the action: events."""
    nlg = TemplatedNaturalLanguageGenerator({})
    return list(await RemoteAction(name, actions).run(CollectingOutputChannel(), nlg, on or tracker(), DOMAIN))


async def test_what_an_action_says_and_sets() -> None:
    def answer(dispatcher: CollectingDispatcher, _tracker: Tracker) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="您好", json_message={"table": {}})
        return [{"event": "slot", "name": "guide", "value": {"step": 1}, "timestamp": None}]

    said, slot = await run(endpoint(ActionOf(answer)))
    assert isinstance(said, BotUttered) and said.text == "您好"
    assert (slot.key, slot.value) == ("guide", {"step": 1})


async def test_an_asynchronous_action() -> None:
    class Waiting(ActionOf):
        async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:  # type: ignore[override]
            await asyncio.sleep(0)
            dispatcher.utter_message(text="später")
            return []

    (said,) = await run(endpoint(Waiting(lambda *_: [])))
    assert said.text == "später"


async def test_an_action_cannot_change_the_tracker_in_place() -> None:
    def change(_dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        tracker.slots["guide"]["step"] = 99
        tracker.slots["guide"]["path"].append("x")
        return []

    conversation = tracker(guide={"step": 1, "path": []})
    await run(endpoint(ActionOf(change)), conversation)
    assert conversation.get_slot("guide") == {"step": 1, "path": []}


async def test_a_rejection_is_one_for_rasa_too() -> None:
    def reject(_dispatcher: CollectingDispatcher, _tracker: Tracker) -> list[dict[str, Any]]:
        raise Rejection("action_test", "not now")

    actions = endpoint(ActionOf(reject))
    with actions.watched() as failures, pytest.raises(ActionExecutionRejection, match="not now"):
        await run(actions)
    assert failures == [], "a rejection is no failure"


async def test_a_failure_is_noticed() -> None:
    def fail(_dispatcher: CollectingDispatcher, _tracker: Tracker) -> list[dict[str, Any]]:
        raise ZeroDivisionError

    actions = endpoint(ActionOf(fail))
    with actions.watched() as failures:
        with pytest.raises(ZeroDivisionError):
            await run(actions)
        with pytest.raises(Exception, match="unknown"):
            await run(actions, name="unknown")
    assert isinstance(failures[0], ZeroDivisionError) and len(failures) == 2


async def test_failures_of_one_conversation_are_not_anothers() -> None:
    turn = asyncio.Event()

    def fail(_dispatcher: CollectingDispatcher, _tracker: Tracker) -> list[dict[str, Any]]:
        raise ZeroDivisionError

    actions = endpoint(ActionOf(fail, "action_fail"), ActionOf(lambda *_: [], "action_test"))

    async def well() -> int:
        with actions.watched() as failures:
            await run(actions)
            turn.set()
            await asyncio.sleep(0)
            return len(failures)

    async def badly() -> int:
        with actions.watched() as failures:
            await turn.wait()
            with pytest.raises(ZeroDivisionError):
                await run(actions, name="action_fail")
            return len(failures)

    assert await asyncio.gather(well(), badly()) == [0, 1]


async def test_a_slow_action_holds_up_nobody_else() -> None:
    go_on = threading.Event()

    def wait(_dispatcher: CollectingDispatcher, _tracker: Tracker) -> list[dict[str, Any]]:
        assert go_on.wait(30)
        return []

    actions = endpoint(ActionOf(wait, "action_wait"), ActionOf(lambda *_: [], "action_test"), threads=3)
    slow = [asyncio.create_task(run(actions, name="action_wait")) for _ in range(2)]
    assert await asyncio.wait_for(run(actions), 10) == []
    assert not any(task.done() for task in slow)
    go_on.set()
    assert await asyncio.gather(*slow) == [[], []]


async def test_slow_actions_leave_the_event_loops_threads_free() -> None:
    """However many of them wait, messages can be stored."""
    go_on = threading.Event()
    actions = endpoint(ActionOf(lambda *_: go_on.wait(30) and [], "action_wait"), threads=2)  # type: ignore[func-returns-value]
    slow = [asyncio.create_task(run(actions, name="action_wait")) for _ in range(60)]
    assert await asyncio.wait_for(asyncio.to_thread(lambda: "stored"), 10) == "stored"
    go_on.set()
    await asyncio.gather(*slow, return_exceptions=True)


class Remote(EndpointConfig):
    """An action server elsewhere."""

    def __init__(self, answer: Any) -> None:
        super().__init__(url="http://example.com")
        self.answer = answer

    async def request(self, *_: Any, **__: Any) -> Any:
        return json.loads(json.dumps(self.answer))


async def test_the_answers_of_a_server_elsewhere_are_still_checked() -> None:
    assert await run(Remote({"events": [], "responses": []})) == []
    with pytest.raises(ValidationError):
        await run(Remote({"events": [{"event": 7}]}))
