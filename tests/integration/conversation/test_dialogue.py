"""Rasa behind `respond`: what comes of it when an action fails, hangs or says nonsense."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from actions import all_actions
from actions.services import Services
from botkit.assembly import House
from botkit.conversation.action_endpoint import InProcessActions
from botkit.conversation.dialogue import Dialogue, DialogueError
from botkit.conversation.messages import Author
from botkit.conversation.transcript import read_lines
from botkit.store.tables.conversation import ConversationRow
from tests.driver import Bot

pytestmark = pytest.mark.model

ACTION = "action_plan_details"
QUESTION = "畅选59有多少流量"
PATIENCE = 2.0


class Faulty(Action):
    """Stands in for an action and does as told."""

    def __init__(self) -> None:
        self.calls = 0
        self.faults: list[Any] = []
        self.go_on = threading.Event()

    def name(self) -> str:
        return ACTION

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        self.calls += 1
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Exception):
            raise fault
        if fault == "hang":
            self.go_on.wait(30)
        elif fault == "silence":
            return []
        elif fault is not None:
            dispatcher.utter_message(text="…", json_message=fault)
            return []
        dispatcher.utter_message(text="10 GB")
        return []


@pytest.fixture(scope="module")
def faulty() -> Faulty:
    return Faulty()


@pytest.fixture(scope="module")
def faulty_bot(shared_house: House, trained_model: Path, faulty: Faulty) -> Iterator[Bot]:
    house, executor = shared_house, ActionExecutor()
    for action in all_actions(
        Services(house.operator, house.verifications, house.phones, house.terms, house.texts, house.handoff)
    ):
        executor.register_action(action)
    executor.register_action(faulty)
    built = Bot(house, Dialogue.load(trained_model, InProcessActions(executor), house.unit_of_work, patience=PATIENCE))
    yield built
    faulty.go_on.set()
    built.close()


FAULTS = {
    "raises": ValueError("told to"),
    "hangs": "hang",
    "says nothing": "silence",
    "hands over without a reason": {"hand_over": {}},
    "hands over for no known reason": {"hand_over": {"reason": "whim"}},
    "shows half a table": {"table": {"caption": "x"}},
    "shows a cell of the wrong kind": {"table": {"caption": "x", "columns": [], "rows": [[{"colour": "red"}]]}},
    "shows no step": {"step": {"number": 1}},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_once_it_is_tried_again(faulty_bot: Bot, faulty: Faulty, fault: str) -> None:
    faulty.calls, faulty.faults = 0, [FAULTS[fault]]
    customer = faulty_bot.customer()
    customer.says("你好")
    assert customer.says(QUESTION).text == "10 GB"
    assert faulty.calls == 2
    assert len(customer.last.lines) == 1, "nothing of the first attempt is left"
    assert customer.says(QUESTION).text == "10 GB", "and the dialogue is in order"


@pytest.mark.parametrize("fault", [name for name in FAULTS if name != "hangs"])
def test_twice_the_bot_apologises_and_hands_over(faulty_bot: Bot, faulty: Faulty, fault: str) -> None:
    faulty.faults = [FAULTS[fault]] * 2
    customer = faulty_bot.customer()
    customer.says("你好")
    assert customer.says(QUESTION).lines[0].text == faulty_bot.house.texts.text("bot_failure")
    with faulty_bot.house.unit_of_work(reading=True) as session:
        row = session.query(ConversationRow).filter_by(sender=customer.sender).one()
        assert row.owner == "waiting"
        event = read_lines(session, row.id)[-2]
    assert event.author is Author.SYSTEM and event.detail["reason"] == "bot_failure"
    customer.says("继续用机器人", payload="/back_to_bot")
    assert customer.says(QUESTION).text == "10 GB", "afterwards the dialogue is in order"


def test_a_failed_attempt_leaves_the_dialogue_as_it_was(faulty_bot: Bot, faulty: Faulty) -> None:
    """As `respond` alone shows it."""
    dialogue = faulty_bot.dialogue
    customer = faulty_bot.customer()
    customer.says("你好")
    conversation = customer.last.lines[0].conversation_id
    faulty.faults = [ValueError("told to")]
    with pytest.raises(DialogueError, match="told to"):
        faulty_bot.run(dialogue.respond(conversation, 1, "rest", QUESTION))
    response = faulty_bot.run(dialogue.respond(conversation, 2, "rest", QUESTION))
    assert response.turn is not None and response.turn.number == 2
    texts = [event["text"] for event in response.turn.events if event["event"] == "user"]
    assert texts == [QUESTION]
    dialogue.forget(conversation)


def test_a_hanging_action_holds_up_nobody_else(faulty_bot: Bot, faulty: Faulty) -> None:
    faulty.go_on.clear()
    faulty.faults = ["hang"]
    dialogue = faulty_bot.dialogue

    async def both() -> None:
        stuck = asyncio.create_task(dialogue.respond("stuck", 1, "rest", QUESTION))
        quick = await asyncio.wait_for(dialogue.respond("quick", 2, "rest", "你好"), PATIENCE)
        assert quick.replies and not stuck.done()
        with pytest.raises(DialogueError, match="TimeoutError"):
            await stuck

    faulty_bot.run(both())
    for conversation in ("stuck", "quick"):
        dialogue.forget(conversation)
    faulty.go_on.set()


def test_what_agents_see_of_how_an_answer_came_about(faulty_bot: Bot, faulty: Faulty) -> None:
    customer = faulty_bot.customer()
    answer = customer.says(QUESTION)
    (line,) = answer.lines
    assert line.detail["intent"] == "ask_plan_details" and 0 < line.detail["confidence"] <= 1
    assert {"entity": "plan", "value": "畅选59"} in line.detail["entities"]
    assert ACTION in line.detail["actions"]
    assert "detail" not in line.for_customer()
