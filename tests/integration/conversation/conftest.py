"""The bot on the trained model, with a house of its own for this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from botkit.assembly import House
from botkit.logs import configure_logging
from botkit.server.app import load_dialogue
from tests.driver import Bot, Customer

configure_logging()


@pytest.fixture(scope="session")
def bot(shared_house: House, trained_model: Path) -> Iterator[Bot]:
    built = Bot(shared_house, load_dialogue(shared_house, trained_model))
    yield built
    built.close()


@pytest.fixture
def customer(bot: Bot) -> Customer:
    return bot.customer()
