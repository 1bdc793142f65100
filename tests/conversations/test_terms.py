"""Words explained in everyday language, a level deeper on request, and beyond that a human."""

from __future__ import annotations

import pytest

from botkit.assembly import House
from tests.conversations.conftest import SignIn
from tests.driver import Bot, Customer

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("什么是独立组网", "sa"),
        ("SA是什么意思", "sa"),
        ("结转是什么意思", "rollover"),
        ("定向流量啥意思", "directed_data"),
        ("达量限速是什么", "throttle"),
        ("什么叫违约金", "penalty"),
        ("VoLTE是什么", "volte"),
    ],
)
def test_in_plain_words(customer: Customer, bot: Bot, question: str, term: str) -> None:
    known = bot.house.terms.get(term)
    answer = customer.says(question)
    assert answer.text == f"{known.name}: {known.plain}" and "再详细点" in answer.titles


def test_a_level_deeper_and_then_a_human(customer: Customer, bot: Bot) -> None:
    customer.says("什么是独立组网")
    answer = customer.says("再详细点")
    assert answer.text == bot.house.terms.get("sa").deeper and "问人工" in answer.titles
    answer = customer.says("还有吗, 再详细点")
    assert "由人工专员来答" in answer.text and "转人工" in answer.titles
    assert "好的, 转人工" in customer.chooses("转人工").text


def test_deeper_by_the_button(customer: Customer, bot: Bot) -> None:
    customer.says("什么是结转")
    assert customer.chooses("再详细点").text == bot.house.terms.get("rollover").deeper


def test_from_word_to_word(customer: Customer, bot: Bot) -> None:
    customer.says("什么是独立组网")
    assert customer.chooses("什么是非独立组网 (NSA)").text.startswith(bot.house.terms.get("nsa").name)
    assert customer.says("再详细点").text == bot.house.terms.get("nsa").deeper


def test_the_difference_of_two_words_in_one_answer(customer: Customer, bot: Bot) -> None:
    answer = customer.says("定向流量和通用流量有什么区别")
    assert len(answer.lines) == 1
    for term in ("directed_data", "general_data"):
        assert bot.house.terms.get(term).plain in answer.text


def test_an_unknown_word(customer: Customer) -> None:
    answer = customer.says("什么是火星网")
    assert "还不会解释" in answer.text and "转人工" in answer.titles


def test_a_product_by_its_listing(customer: Customer) -> None:
    answer = customer.says("彩铃是什么")
    assert answer.text.startswith("彩铃, 每月 5 元。") and "退订彩铃" in answer.titles


def test_a_product_on_the_own_bill(sign_in: SignIn) -> None:
    assert "30 元 × 4 天" in sign_in(8).says("上个月国际漫游日包是什么").text


def test_every_word_of_the_glossary(customer: Customer, shared_house: House) -> None:
    """By its button, as related words offer it; nothing in it is too long or leaks."""
    for term in shared_house.terms.terms:
        assert len(term.plain) <= 60 and len(term.deeper) <= 120
