"""`make bench`: how long an answer takes, and how that grows with the conversation, beside Rasa's own set-up.

The baseline runs in the same process, on the same model and the same actions: Rasa's agent with its `SQLTrackerStore` on
SQLite. Quote the ratios; single times depend on the machine.
"""

from __future__ import annotations

import statistics
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rich.console import Console
from rich.table import Table

from botkit.assembly import assemble
from botkit.clock import system_clock
from botkit.conversation.core import conversation_core
from botkit.conversation.messages import InboundMessage
from botkit.server.app import in_process_actions, load_dialogue
from botkit.server.model import current_model
from botkit.settings import Settings

FIRST = "查话费余额"
TALK = ("什么是独立组网", "畅选79和畅选59有什么区别", "有哪些套餐", "怎么充值", "再详细点", "你好")
ROUNDS = 40

Say = Callable[[str, str], Awaitable[None]]
"""Answers one message of a sender."""


async def bench(settings: Settings, turns: int) -> None:
    """Measure and print. Writes into a temporary folder only."""
    model = current_model(settings)
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        ours, theirs = _botkit(settings, var, model), _rasa(settings, var, model)
        rows = []
        for name, say in (("botkit", ours), ("Rasa, SQLTrackerStore", theirs)):
            first = await _first_answers(say)
            early, late = await _long_conversation(say, turns)
            rows.append((name, first, early, late))
    _print(rows, turns)


def _botkit(settings: Settings, var: Path, model: Path) -> Say:
    house = assemble(replace(settings, var=var, database_url=f"sqlite:///{var / 'botkit.db'}"))
    dialogue = load_dialogue(house, model)
    worker, _ = conversation_core(house.unit_of_work, system_clock, dialogue, house.texts, [])

    async def say(sender: str, text: str) -> None:
        receipt = await worker.submit(InboundMessage("bench", sender, uuid.uuid4().hex, text))
        await worker.settled(receipt.message_id)

    return say


def _rasa(settings: Settings, var: Path, model: Path) -> Say:
    house = assemble(replace(settings, var=var, database_url=f"sqlite:///{var / 'baseline.db'}"))
    store = SQLTrackerStore(Domain.empty(), dialect="sqlite", db=str(var / "rasa.db"))
    agent = Agent.load(str(model), tracker_store=store, action_endpoint=in_process_actions(house))
    store.domain = agent.domain

    async def say(sender: str, text: str) -> None:
        await agent.handle_message(UserMessage(text, CollectingOutputChannel(), sender))

    return say


async def _first_answers(say: Say) -> list[float]:
    """The first answer of a new conversation, in milliseconds."""
    await say("warm-up", FIRST)
    return [await _timed(say, uuid.uuid4().hex, FIRST) for _ in range(ROUNDS)]


async def _long_conversation(say: Say, turns: int) -> tuple[list[float], list[float]]:
    """Answers at the beginning and at the end of one long conversation, in milliseconds."""
    sender = uuid.uuid4().hex
    times = [await _timed(say, sender, TALK[turn % len(TALK)]) for turn in range(turns)]
    return times[:20], times[-20:]


async def _timed(say: Say, sender: str, text: str) -> float:
    begun = time.perf_counter()
    await say(sender, text)
    return (time.perf_counter() - begun) * 1000


def _print(rows: list[tuple[str, list[float], list[float], list[float]]], turns: int) -> None:
    table = Table(
        "",
        "first answer p50",
        "p95",
        "turns 1-20 p50",
        f"turns {turns - 19}-{turns} p50",
        "growth",
        title="milliseconds an answer",
    )
    for name, first, early, late in rows:
        growth = statistics.median(late) / statistics.median(early)
        figures = (
            statistics.median(first),
            sorted(first)[int(len(first) * 0.95)],
            statistics.median(early),
            statistics.median(late),
        )
        table.add_row(name, *(f"{figure:.1f}" for figure in figures), f"x {growth:.2f}")
    console = Console(width=110)
    console.print(table)
    (_, ours, _, our_late), (_, theirs, _, their_late) = rows
    console.print(
        f"baseline / botkit: first answer x {statistics.median(theirs) / statistics.median(ours):.2f}, "
        f"at the end of the conversation x {statistics.median(their_late) / statistics.median(our_late):.2f}"
    )
