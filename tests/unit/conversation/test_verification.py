from __future__ import annotations

from datetime import timedelta

import pytest

from botkit.conversation.inbox import Inbox
from botkit.conversation.messages import InboundMessage
from botkit.conversation.verification import NUMBERS_PER_HOUR, Verifications, Verified
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import CustomerStretchRow, VerificationRow
from tests.unit.conversation.fakes import Clock

IDLE = timedelta(minutes=60)


@pytest.fixture
def verifications(any_work: UnitOfWork, clock: Clock) -> Verifications:
    return Verifications(any_work, clock, IDLE)


def test_nobody_is_verified_at_first(verifications: Verifications) -> None:
    assert verifications.current("talk") is None
    assert not verifications.revoke("talk")


def test_who_is_verified_in_which_conversation(verifications: Verifications, clock: Clock) -> None:
    verifications.establish("talk", "c1", "17000000001")
    assert verifications.current("talk") == Verified("c1", "17000000001", clock())
    assert verifications.current("another") is None


def test_it_lasts_as_long_as_it_is_used(verifications: Verifications, clock: Clock) -> None:
    since = clock()
    verifications.establish("talk", "c1", "17000000001")
    for _ in range(10):
        clock.forward(minutes=58)
        assert verifications.current("talk") == Verified("c1", "17000000001", since)


def test_frequent_use_counts_as_well(verifications: Verifications, clock: Clock) -> None:
    """A use is written down at most once a minute, and that must not make it end early."""
    verifications.establish("talk", "c1", "17000000001")
    for _ in range(300):
        clock.forward(seconds=29)
        assert verifications.current("talk")
    clock.forward(minutes=58)
    assert verifications.current("talk")


def test_it_ends_when_it_is_not_used(verifications: Verifications, any_work: UnitOfWork, clock: Clock) -> None:
    verifications.establish("talk", "c1", "17000000001")
    clock.forward(minutes=60)
    assert verifications.current("talk")
    clock.forward(minutes=60, seconds=1)
    assert verifications.current("talk") is None
    with any_work(reading=True) as session:
        assert session.get(VerificationRow, "talk") is None, "the number is not kept longer than needed"


def test_it_is_established_anew(verifications: Verifications, clock: Clock) -> None:
    verifications.establish("talk", "c1", "17000000001")
    clock.forward(hours=2)
    verifications.establish("talk", "c2", "17000000002")
    assert verifications.current("talk") == Verified("c2", "17000000002", clock())


def test_it_is_revoked_at_once(verifications: Verifications) -> None:
    verifications.establish("talk", "c1", "17000000001")
    verifications.establish("another", "c1", "17000000001")
    assert verifications.revoke("talk")
    assert verifications.current("talk") is None
    assert not verifications.revoke("talk")
    assert verifications.current("another")


def test_only_so_many_numbers_are_tried_in_a_conversation(verifications: Verifications, clock: Clock) -> None:
    first = clock()
    numbers = [f"1700000000{number}" for number in range(NUMBERS_PER_HOUR)]
    for number in numbers:
        assert verifications.note_number("talk", number) is None
        clock.forward(minutes=1)
    assert verifications.note_number("talk", numbers[0]) is None, "the same one again"
    assert verifications.note_number("talk", "17000000099") == first + timedelta(hours=1)
    assert verifications.note_number("another", "17000000099") is None
    clock.forward(minutes=60 - NUMBERS_PER_HOUR)
    assert verifications.note_number("talk", "17000000099") is None


def stretches(work: UnitOfWork) -> list[tuple[str, int, int | None]]:
    with work(reading=True) as session:
        rows = session.query(CustomerStretchRow).order_by(CustomerStretchRow.id)
        return [(row.customer_id, row.first_seq, row.last_seq) for row in rows]


def test_whose_lines_are_whose(work: UnitOfWork, clock: Clock) -> None:
    verifications, inbox = Verifications(work, clock, IDLE), Inbox(work, clock)

    def says(text: str) -> str:
        return inbox.receive(InboundMessage("web", "someone", text, text)).conversation_id

    talk = says("查余额")
    verifications.establish(talk, "c1", "17000000001")
    says("查流量")
    assert stretches(work) == [("c1", 1, None)], "what he asked before he proved who he is was his"
    verifications.revoke(talk)
    says("查账单")
    verifications.establish(talk, "c2", "17000000002")
    assert stretches(work) == [("c1", 1, 2), ("c2", 3, None)]
    clock.forward(hours=2)
    says("还在吗")
    assert verifications.current(talk) is None
    verifications.establish(talk, "c2", "17000000002")
    assert stretches(work) == [("c1", 1, 2), ("c2", 3, None)], "the same customer again"
    verifications.establish(talk, "c1", "17000000001")
    assert stretches(work) == [("c1", 1, 2), ("c2", 3, 4), ("c1", 5, None)]


def test_the_number_that_the_channel_vouches_for(work: UnitOfWork, clock: Clock) -> None:
    verifications = Verifications(work, clock, timedelta(hours=1))
    receipt = Inbox(work, clock).receive(InboundMessage("sms", "17000000001", "1", "你好", phone="17000000001"))
    assert verifications.vouched(receipt.conversation_id) == "17000000001"
    assert verifications.vouched("other") is None and verifications.current(receipt.conversation_id) is None
