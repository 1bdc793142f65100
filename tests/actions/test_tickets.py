"""我的工单怎么样了: from the customer's own tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from actions.my_plan import ShowOrders
from botkit.handoff.tickets import TicketState, TicketStatus
from tests.actions.conftest import Serve
from tests.actions.fakes import NOW, FakeVerifications, Outcome, run, tracker


class Book:
    """Tickets by the test's leave."""

    def __init__(self, *tickets: TicketStatus) -> None:
        self.tickets = tickets
        self.asked: list[tuple[str, str | None]] = []

    def statuses(self, conversation_id: str, customer_id: str | None) -> Sequence[TicketStatus]:
        self.asked.append((conversation_id, customer_id))
        return self.tickets


def ticket(state: TicketState, last: str = "", hours: float = 2) -> TicketStatus:
    made = NOW - timedelta(hours=1)
    return TicketStatus("261122-001", "计费部", state, made, NOW + timedelta(hours=hours), last)


def asked(serve: Serve, book: Book | None, words: str = "我的工单怎么样了", verified: bool = True) -> Outcome:
    services = serve() if verified else serve(verifications=FakeVerifications())
    return run(ShowOrders, replace(services, tickets=book), tracker(words, "ask_ticket_status"))


@pytest.mark.parametrize(
    ("known", "line"),
    [
        (ticket(TicketState.OPEN), "261122-001: 计费部已收到, 最迟今天 16:05答复。"),
        (ticket(TicketState.WORKING, "在查"), "261122-001: 计费部正在处理, 最迟今天 16:05答复。最近一步: 在查"),
        (
            ticket(TicketState.OPEN, hours=-0.5),
            "261122-001: 计费部还在处理, 说好今天 13:35答复, 已经超时了。需要催办请转人工。",
        ),
        (ticket(TicketState.DONE, "退好了", hours=-1), "261122-001: 计费部处理好了。最近一步: 退好了"),
    ],
)
def test_a_ticket_in_a_sentence(serve: Serve, known: TicketStatus, line: str) -> None:
    assert asked(serve, Book(known)).text == f"您有 1 张工单:\n{line}"


def test_the_button_asks_for_tickets_too(serve: Serve) -> None:
    assert "261122-001" in asked(serve, Book(ticket(TicketState.OPEN)), "/ask_ticket_status", verified=False).text


def test_who_asks_for_an_order_is_told_of_orders(serve: Serve) -> None:
    assert "261122-001" not in asked(serve, Book(ticket(TicketState.OPEN)), "套餐换好了没").text


def test_none_of_the_verified_customers(serve: Serve) -> None:
    book = Book()
    assert "您名下没有查到工单" in asked(serve, book).text
    assert book.asked[0][1] == "c1"


def test_none_here(serve: Serve) -> None:
    book = Book()
    outcome = asked(serve, book, verified=False)
    assert "核对身份" in outcome.titles and "转人工" in outcome.titles
    assert outcome.slots["awaiting"] == "human" and book.asked[0][1] is None
    task = outcome.slots["pending_task"]
    assert (task["action"], task["text"]) == ("action_order_status", "我的工单怎么样了"), (
        "answered once he has proved it"
    )


def test_an_action_server_of_its_own_says_that_it_does_not_know(serve: Serve) -> None:
    assert "查不到" in asked(serve, None).text
