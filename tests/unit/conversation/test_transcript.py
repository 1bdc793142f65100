from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from botkit.conversation.messages import Author
from botkit.conversation.transcript import append_line, locked_conversation, open_conversation, read_lines, stretch
from botkit.store.engine import UnitOfWork
from tests.unit.conversation.fakes import Clock


def opened(work: UnitOfWork, clock: Clock) -> str:
    with work() as session:
        identity: str = open_conversation(session, "test", "someone", clock()).id
        return identity


def write(
    work: UnitOfWork, conversation_id: str, clock: Clock, text: str, author: Author = Author.BOT, **more: object
) -> int:
    with work() as session:
        row = locked_conversation(session, conversation_id)
        return append_line(session, row, author, text, clock(), **more).seq  # type: ignore[arg-type]


def test_lines_are_numbered_from_one(work: UnitOfWork, clock: Clock) -> None:
    conversation = opened(work, clock)
    assert [write(work, conversation, clock, text) for text in "甲乙丙"] == [1, 2, 3]
    assert opened(work, clock) == conversation


def test_lines_written_at_once_are_numbered_without_gaps(any_work: UnitOfWork, clock: Clock) -> None:
    conversation = opened(any_work, clock)
    with ThreadPoolExecutor(8) as pool:
        seqs = list(pool.map(lambda n: write(any_work, conversation, clock, str(n)), range(40)))
    assert sorted(seqs) == list(range(1, 41))
    with any_work(reading=True) as session:
        lines = read_lines(session, conversation, limit=100)
    assert [line.seq for line in lines] == list(range(1, 41))
    assert {line.text: line.seq for line in lines} == {str(n): seq for n, seq in enumerate(seqs)}


def test_a_number_is_not_used_up_by_a_unit_of_work_that_failed(any_work: UnitOfWork, clock: Clock) -> None:
    conversation = opened(any_work, clock)
    with pytest.raises(RuntimeError), any_work() as session:
        append_line(session, locked_conversation(session, conversation), Author.BOT, "verworfen", clock())
        raise RuntimeError
    assert write(any_work, conversation, clock, "gilt") == 1


def test_reading_pages(work: UnitOfWork, clock: Clock) -> None:
    conversation = opened(work, clock)
    for number in range(1, 11):
        write(work, conversation, clock, str(number))
    with work(reading=True) as session:

        def seqs(**window: int) -> list[int]:
            return [line.seq for line in read_lines(session, conversation, **window)]

        assert seqs() == list(range(1, 11))
        assert seqs(limit=3) == [8, 9, 10]
        assert seqs(before=8, limit=3) == [5, 6, 7]
        assert seqs(before=3, limit=3) == [1, 2]
        assert seqs(after=8) == [9, 10]
        assert seqs(after=2, limit=3) == [8, 9, 10]
        assert seqs(after=10) == []
        assert seqs(before=1) == []


def test_a_line_comes_back_as_it_was_written(any_work: UnitOfWork, clock: Clock) -> None:
    conversation = opened(any_work, clock)
    content = {"choices": [{"title": "看看", "payload": '/a{"b": "c"}'}]}
    with any_work() as session:
        row = locked_conversation(session, conversation)
        written = append_line(session, row, Author.AGENT, "您好\U0001f600", clock(), content, {"intent": "greet"})
    with any_work(reading=True) as session:
        (read,) = read_lines(session, conversation)
    assert read == written
    assert "detail" not in read.for_customer() and "intent" not in read.for_customer()
    assert read.for_customer()["choices"] == content["choices"]


def test_times_are_of_the_same_moment_whatever_their_zone(any_work: UnitOfWork) -> None:
    china = timezone(timedelta(hours=8))
    moment = datetime(2026, 3, 1, 0, 30, 15, 123456, tzinfo=china)
    conversation = opened(any_work, Clock(moment))
    write(any_work, conversation, Clock(moment), "半夜")
    with any_work(reading=True) as session:
        (line,) = read_lines(session, conversation)
    assert line.at == moment
    assert line.for_customer()["at"] == "2026-02-28T16:30:15.123456+00:00"


def test_a_stretch_begins_with_the_last_event(work: UnitOfWork, clock: Clock) -> None:
    conversation = opened(work, clock)
    with work(reading=True) as session:
        assert stretch(session, conversation) == []
    write(work, conversation, clock, "早先", Author.SYSTEM)
    write(work, conversation, clock, "", Author.SYSTEM, detail={"event": "HandOver"})
    write(work, conversation, clock, "客户", Author.CUSTOMER)
    write(work, conversation, clock, "记下", Author.SYSTEM)
    with work(reading=True) as session:
        assert [line.text for line in stretch(session, conversation)] == ["", "记下"]
