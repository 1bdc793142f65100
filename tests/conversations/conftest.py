"""Conversations run against the trained model. Every answer of every conversation is checked for what no answer may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from botkit.assembly import House
from botkit.bss.port import Operator
from botkit.server.app import load_dialogue
from botkit.store.tables.operator import OneTimeCodeRow
from tests.conversations.checks import check_answer
from tests.conversations.figures import DemoCustomer
from tests.driver import Answer, Bot, Customer

SignIn = Callable[[int], Customer]
Demo = Callable[[int], DemoCustomer]
LetTimePass = Callable[[str, timedelta], None]
DEMO = "170000000{:02d}"


class CheckedCustomer(Customer):
    """Fails the test on an answer that no customer should ever get."""

    waiting = False

    def says(self, text: str, *, payload: str | None = None, message_id: str | None = None) -> Answer:
        answer = super().says(text, payload=payload, message_id=message_id)
        if answer.lines or not self.waiting:  # while he waits for a human, not every message is answered
            check_answer(text, answer, self.bot.dialogue.intents)
            self.waiting = any(choice["payload"] == "/back_to_bot" for choice in answer.choices)
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
def sign_in(bot: Bot) -> SignIn:
    """A verified demo customer by number (6 is 17000000006), without the way through SMS that has its own tests."""

    def signed_in(number: int) -> Customer:
        customer = CheckedCustomer(bot, bot.customer().sender)
        greeted = customer.says("你好")
        known = bot.house.operator.customer_by_phone(DEMO.format(number))
        bot.house.verifications.establish(greeted.lines[0].conversation_id, known.id, known.phone)
        return customer

    return signed_in


@pytest.fixture
def operator(bot: Bot) -> Operator:
    return bot.house.operator


@pytest.fixture
def demo(operator: Operator) -> Demo:
    """What the operator's systems say of a demo customer, for figures of one's own."""
    return lambda number: DemoCustomer(operator, DEMO.format(number))


@pytest.fixture
def today(bot: Bot) -> date:
    """The operator's day."""
    return bot.house.operator.now().date()


@pytest.fixture(autouse=True)
def no_code_was_just_sent(bot: Bot) -> None:
    """Each test begins hours after the last: the house is one, and a number gets a code once a minute."""
    with bot.house.unit_of_work() as session:
        for row in session.execute(select(OneTimeCodeRow)).scalars():
            row.sent_at -= timedelta(hours=2)


@pytest.fixture
def let_time_pass(bot: Bot) -> LetTimePass:
    """Makes the codes sent to a number older."""

    def older(phone: str, by: timedelta) -> None:
        with bot.house.unit_of_work() as session:
            for row in session.execute(select(OneTimeCodeRow).where(OneTimeCodeRow.phone == phone)).scalars():
                row.sent_at -= by

    return older
