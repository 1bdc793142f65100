"""What a customer of a text-only channel means by a number, and how he gets the rest."""

from __future__ import annotations

import pytest

from botkit.content.texts import Texts
from botkit.conversation.pages import LASTS, MORE, Pages, rest_of
from botkit.conversation.reply import Choice, Reply
from botkit.conversation.transcript import open_conversation
from botkit.store.engine import UnitOfWork
from tests.unit.conversation.fakes import Clock

BILL, HUMAN = Choice("看账单", "/ask_bill"), Choice("转人工", "/request_human")


@pytest.fixture
def pages(work: UnitOfWork, clock: Clock, texts: Texts) -> Pages:
    return Pages(work, clock, texts)


@pytest.fixture
def talk(work: UnitOfWork, clock: Clock) -> str:
    with work() as session:
        return str(open_conversation(session, "sms", "17000000001", clock()).id)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("1", BILL), (" 2。", HUMAN), ("２", HUMAN), ("2)", HUMAN), ("转人工", HUMAN), ("轉人工", HUMAN),
     ("3", None), ("0", None), ("12", None), ("查余额", None), ("更多", None), ("", None)],
)  # fmt: skip
def test_numbers_and_titles(pages: Pages, talk: str, text: str, meant: Choice | None) -> None:
    pages.show(talk, [BILL, HUMAN])
    assert pages.meant("sms", "17000000001", text) == meant


def test_without_choices_a_number_is_a_number(pages: Pages, talk: str) -> None:
    assert pages.meant("sms", "17000000001", "1") is None
    pages.show(talk, [BILL])
    pages.show(talk, [])
    assert pages.meant("sms", "17000000001", "1") is None
    assert pages.meant("sms", "somebody else", "1") is None


def test_a_number_of_yesterday_is_a_number(pages: Pages, talk: str, clock: Clock) -> None:
    pages.show(talk, [BILL])
    clock.now += LASTS
    assert pages.meant("sms", "17000000001", "1") == BILL
    clock.forward(seconds=1)
    assert pages.meant("sms", "17000000001", "1") is None


def test_the_rest_and_its_choices(pages: Pages, talk: str, work: UnitOfWork) -> None:
    pages.show(talk, [Choice("看详情", MORE)], "还有这些", [BILL])
    for text in ("1", "更多", "下一页", "看详情"):
        meant = pages.meant("sms", "17000000001", text)
        assert meant is not None and meant.payload == MORE
    with work(reading=True) as session:
        assert rest_of(session, talk) == Reply("还有这些", choices=(BILL,))
    pages.show(talk, [BILL])
    with work(reading=True) as session:
        assert rest_of(session, talk) is None
