"""How well the trained model understands messages it was never trained on. Asking back counts as an error.

Texts of `final.jsonl.gz` are not printed: its errors are not read.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import pytest
from rasa.core.agent import Agent

from botkit.evaluation import read_labelled
from botkit.settings import ROOT

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def agent(trained_model: Path) -> Agent:
    return Agent.load(str(trained_model))


@pytest.mark.parametrize(("file", "least"), [("development.jsonl", 0.88), ("final.jsonl.gz", 0.92)])
async def test_accuracy_on_held_out_messages(agent: Agent, file: str, least: float) -> None:
    messages = read_labelled(ROOT / "tests" / "heldout" / file).messages
    right = 0
    for message in messages:
        parsed = await agent.parse_message(message.text)
        right += parsed["intent"]["name"] == message.intent
    accuracy = right / len(messages)
    assert accuracy >= least


async def test_a_message_is_understood_in_milliseconds(agent: Agent) -> None:
    """The median in processor time, so that a busy machine does not count."""
    seconds = []
    for number in range(60):
        start = time.process_time()
        await agent.parse_message(f"上个月话费怎么比平时多了{number}块钱，给我查查")
        seconds.append(time.process_time() - start)
    assert statistics.median(seconds) < 0.02
