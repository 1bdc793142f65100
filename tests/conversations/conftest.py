"""Conversations run against the trained model. Every answer of every conversation is checked for what no answer may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from botkit.assembly import House
from botkit.server.app import load_dialogue
from botkit.store.tables.operator import OneTimeCodeRow
from tests.conversations.checks import check_answer
from tests.driver import Answer, Bot, Customer

SignIn = Callable[[str], Customer]
DEMO = "170000000{:02d}"


class CheckedCustomer(Customer):
    """Fails the test on an answer that no customer should ever get."""

    def says(self, text: str, *, payload: str | None = None, message_id: str | None = None) -> Answer:
        answer = super().says(text, payload=payload, message_id=message_id)
        check_answer(text, answer, self.bot.dialogue.intents)
        return answer


@pytest.fixture(scope="session")
def bot(shared_house: House, trained_model: Path) -> Iterator[Bot]:
    built = Bot(shared_house, load_dialogue(shared_house, trained_model))
    yield built
    built.close()


@pytest.fixture
def customer(bot: Bot) -> Customer:
    """Somebody of whom nothing is known."""
    return CheckedCustomer(bot, bot.customer().sender)


@pytest.fixture
def sign_in(bot: Bot) -> Callable[[int], Customer]:
    """A verified demo customer by number (6 is 17000000006), without the way through SMS that has its own tests."""

    def signed_in(number: int) -> Customer:
        customer = CheckedCustomer(bot, bot.customer().sender)
        greeted = customer.says("你好")
        known = bot.house.operator.customer_by_phone(DEMO.format(number))
        bot.house.verifications.establish(greeted.lines[0].conversation_id, known.id, known.phone)
        return customer

    return signed_in


@pytest.fixture
def today(bot: Bot) -> date:
    """The operator's day."""
    return bot.house.operator.now().date()


@pytest.fixture
def let_time_pass(bot: Bot) -> Callable[[str, timedelta], None]:
    """Makes the codes sent to a number older."""

    def older(phone: str, by: timedelta) -> None:
        with bot.house.unit_of_work() as session:
            of_phone = OneTimeCodeRow.phone == phone
            session.execute(update(OneTimeCodeRow).where(of_phone).values(sent_at=OneTimeCodeRow.sent_at - by))

    return older
