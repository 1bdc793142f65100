"""Conversations run against the trained model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from botkit.assembly import House
from botkit.server.app import load_dialogue
from tests.driver import Bot, Customer


@pytest.fixture(scope="session")
def bot(shared_house: House, trained_model: Path) -> Iterator[Bot]:
    built = Bot(shared_house, load_dialogue(shared_house, trained_model))
    yield built
    built.close()


@pytest.fixture
def customer(bot: Bot) -> Customer:
    return bot.customer()
