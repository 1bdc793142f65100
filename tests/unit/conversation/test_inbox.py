"""What is received is stored once, whoever delivers it how often."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from botkit.conversation.inbox import HANDLED, Inbox
from botkit.conversation.messages import MAX_EXTERNAL_ID, MAX_SENDER, MAX_STORED, InboundMessage, Receipt
from botkit.conversation.reply import Reply
from botkit.conversation.transcript import read_lines
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, InboundRow, LineRow, OutboundRow
from tests.unit.conversation.fakes import Clock


def message(
    external_id: str = "1", sender: str = "someone", text: str = "查余额", payload: str | None = None
) -> InboundMessage:
    return InboundMessage("test", sender, external_id, text, payload)


def at_once(calls: list[Callable[[], Receipt]]) -> list[Receipt]:
    """Start all calls in the same moment, each in a thread of its own."""
    barrier = Barrier(len(calls))

    def start(call: Callable[[], Receipt]) -> Receipt:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(start, calls))


def count(work: UnitOfWork, table: object) -> int:
    with work(reading=True) as session:
        number: int = session.execute(select(func.count()).select_from(table)).scalar_one()
        return number


def test_a_message_and_its_line_are_stored(work: UnitOfWork, clock: Clock) -> None:
    receipt = Inbox(work, clock).receive(message(payload="/ask_balance"))
    assert not receipt.duplicate and not receipt.handled
    assert receipt.line is not None
    assert (receipt.line.seq, receipt.line.text, receipt.line.at) == (1, "查余额", clock())
    with work(reading=True) as session:
        row = session.get(InboundRow, receipt.message_id)
        assert (row.text, row.payload, row.status) == ("查余额", "/ask_balance", "received")


def test_a_repeated_delivery_changes_nothing(work: UnitOfWork, clock: Clock) -> None:
    inbox = Inbox(work, clock)
    first = inbox.receive(message())
    again = inbox.receive(message(text="anders"))
    assert again == Receipt(first.message_id, first.conversation_id, duplicate=True)
    assert count(work, InboundRow) == count(work, LineRow) == 1


def test_a_repeated_delivery_says_whether_it_was_handled(work: UnitOfWork, clock: Clock) -> None:
    inbox = Inbox(work, clock)
    receipt = inbox.receive(message())
    with work() as session:
        session.get(InboundRow, receipt.message_id).status = HANDLED
    assert inbox.receive(message()).handled


def test_the_same_id_on_another_channel_is_another_message(work: UnitOfWork, clock: Clock) -> None:
    inbox = Inbox(work, clock)
    first = inbox.receive(message())
    other = inbox.receive(InboundMessage("other", "someone", "1", "查余额"))
    assert not other.duplicate
    assert other.conversation_id != first.conversation_id


def test_one_delivery_at_once_from_many_threads(any_work: UnitOfWork, clock: Clock) -> None:
    """The sender is new too: conversation and message are both fought for."""
    inbox = Inbox(any_work, clock)
    receipts = at_once([lambda: inbox.receive(message()) for _ in range(8)])
    assert sorted(receipt.duplicate for receipt in receipts) == [False] + [True] * 7
    assert len({receipt.message_id for receipt in receipts}) == 1
    assert count(any_work, ConversationRow) == count(any_work, InboundRow) == count(any_work, LineRow) == 1


def test_different_messages_at_once_are_numbered_without_gaps(any_work: UnitOfWork, clock: Clock) -> None:
    inbox = Inbox(any_work, clock)
    receipts = at_once([lambda n=n: inbox.receive(message(str(n), text=str(n))) for n in range(12)])  # type: ignore[misc]
    assert len({receipt.conversation_id for receipt in receipts}) == 1
    with any_work(reading=True) as session:
        lines = read_lines(session, receipts[0].conversation_id)
    assert [line.seq for line in lines] == list(range(1, 13))
    assert {line.text for line in lines} == {str(n) for n in range(12)}
    by_seq = {line.seq: line.text for line in lines}
    for number, receipt in enumerate(receipts):
        assert receipt.line is not None and by_seq[receipt.line.seq] == str(number)


@pytest.mark.parametrize("text", ["零\x00符", "半\ud800个", "\x1b]0;题\x07", "长" * 50_000, "", "\U0001f600"])
def test_whatever_a_customer_types_can_be_stored(any_work: UnitOfWork, clock: Clock, text: str) -> None:
    receipt = Inbox(any_work, clock).receive(message(text=text, payload=text))
    assert receipt.line is not None
    with any_work(reading=True) as session:
        (line,) = read_lines(session, receipt.conversation_id)
    assert line.text == receipt.line.text
    assert len(line.text) == min(len(text), MAX_STORED)


@pytest.mark.parametrize("external_id", ["x" * (MAX_EXTERNAL_ID + 1), "半\ud800个", "零\x00符"])
def test_an_id_that_cannot_be_stored_is_still_recognised(any_work: UnitOfWork, clock: Clock, external_id: str) -> None:
    inbox = Inbox(any_work, clock)
    assert not inbox.receive(message(external_id)).duplicate
    assert inbox.receive(message(external_id)).duplicate
    assert not inbox.receive(message(external_id + "y")).duplicate


@pytest.mark.parametrize("sender", ["", "x" * (MAX_SENDER + 1), "零\x00符", "半\ud800个"])
def test_a_sender_that_cannot_be_one_is_refused(work: UnitOfWork, clock: Clock, sender: str) -> None:
    with pytest.raises(ValueError, match="not a sender"):
        Inbox(work, clock).receive(message(sender=sender))
    assert count(work, InboundRow) == 0


def test_what_a_crash_left_behind_is_taken_up_in_order(work: UnitOfWork, clock: Clock) -> None:
    inbox = Inbox(work, clock)
    receipts = [inbox.receive(message(str(n), sender=f"s{n % 2}")) for n in range(4)]
    with work() as session:
        session.get(InboundRow, receipts[1].message_id).status = HANDLED
    left = [receipts[0], receipts[2], receipts[3]]
    assert inbox.take_up() == [(receipt.message_id, receipt.conversation_id) for receipt in left]
    inbox.take_up()
    with work(reading=True) as session:
        assert [session.get(InboundRow, receipt.message_id).attempts for receipt in receipts] == [2, 0, 2, 2]


def test_a_message_that_the_channel_answers_itself(work: UnitOfWork, clock: Clock) -> None:
    inbox, asked = Inbox(work, clock), []

    def answer(_session: Session) -> tuple[Reply, str]:
        asked.append(1)
        return Reply("已退订。"), "stopped"

    first, again = inbox.settle(message(text="TD"), answer), inbox.settle(message(text="TD"), answer)
    assert (first.duplicate, again.duplicate, again.handled, asked) == (False, True, True, [1])
    with work(reading=True) as session:
        lines = read_lines(session, first.conversation_id)
        assert [(line.author.value, line.text, line.detail) for line in lines] == [
            ("customer", "TD", {}),
            ("system", "已退订。", {"word": "stopped"}),
        ]
        out = session.query(OutboundRow).one()
        assert (out.seq, out.inbound_id, out.status) == (2, first.message_id, "pending")
    assert inbox.take_up() == []


def test_a_message_that_the_channel_leaves_unanswered(work: UnitOfWork, clock: Clock) -> None:
    receipt = Inbox(work, clock).settle(message(), lambda _session: None)
    with work(reading=True) as session:
        assert session.get(InboundRow, receipt.message_id).status == HANDLED
        assert session.query(OutboundRow).count() == 0
