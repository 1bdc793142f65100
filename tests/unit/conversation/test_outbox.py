from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from botkit.conversation.inbox import Inbox
from botkit.conversation.messages import Author, InboundMessage, Line
from botkit.conversation.outbox import Connector, Delivery, Outbox, Sent, TryLater, Undeliverable, enqueue
from botkit.conversation.transcript import append_line, open_conversation
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import OutboundRow
from tests.unit.conversation.fakes import Clock, FakeConnector, eventually

NOW = Clock()


def write(work: UnitOfWork, *texts: str, sender: str = "someone", channel: str = "test", clock: Clock = NOW) -> str:
    """Put lines on their way; the conversation."""
    with work() as session:
        row = open_conversation(session, channel, sender, clock())
        for text in texts:
            enqueue(session, append_line(session, row, Author.BOT, text, clock()), None, clock())
        identity: str = row.id
        return identity


def status(work: UnitOfWork) -> list[str]:
    with work(reading=True) as session:
        return [row.status for row in session.query(OutboundRow).order_by(OutboundRow.conversation_id, OutboundRow.seq)]


@pytest.fixture
def connector() -> FakeConnector:
    return FakeConnector()


@pytest.fixture
def outbox(work: UnitOfWork, connector: FakeConnector, clock: Clock) -> Outbox:
    return Outbox(work, clock, [connector])


async def test_lines_are_delivered_in_order_and_once(
    outbox: Outbox, work: UnitOfWork, connector: FakeConnector
) -> None:
    conversation = write(work, "一", "二", "三")
    await outbox.flush(conversation)
    await outbox.flush(conversation)
    assert connector.delivered == [("someone", 1), ("someone", 2), ("someone", 3)]
    assert outbox.pending(conversation) == []


def test_what_answers_a_message_comes_with_what_was_said_unasked(
    outbox: Outbox, work: UnitOfWork, clock: Clock
) -> None:
    inbox = Inbox(work, clock)
    asked = [inbox.receive(InboundMessage("test", "someone", f"m{number}", "查余额")) for number in (1, 2)]
    write(work, "客服的话")
    with work() as session:
        row = open_conversation(session, "test", "someone", clock())
        for receipt in asked:
            line = append_line(session, row, Author.BOT, f"答{receipt.message_id}", clock())
            enqueue(session, line, receipt.message_id, clock())
    first, second = ([line.text for line in outbox.pending(one.conversation_id, one.message_id)] for one in asked)
    assert first == ["客服的话", f"答{asked[0].message_id}"] and second == ["客服的话", f"答{asked[1].message_id}"]


async def test_flushing_at_once_delivers_once(outbox: Outbox, work: UnitOfWork, connector: FakeConnector) -> None:
    conversation = write(work, "一", "二", "三")
    await asyncio.gather(*(outbox.flush(conversation) for _ in range(10)))
    assert connector.delivered == [("someone", 1), ("someone", 2), ("someone", 3)]


async def test_lines_written_while_others_are_delivered_keep_their_order(
    outbox: Outbox, work: UnitOfWork, connector: FakeConnector
) -> None:
    conversation = write(work, "一")
    flushes = []
    for number in range(20):
        write(work, str(number))
        flushes.append(asyncio.create_task(outbox.flush(conversation)))
        await asyncio.sleep(0)
    await asyncio.gather(*flushes)
    assert [seq for _, seq in connector.delivered] == list(range(1, 22))
    assert len(outbox._locks) == 0


async def test_conversations_do_not_wait_for_each_other(work: UnitOfWork) -> None:
    class Stuck(FakeConnector):
        async def deliver(self, sender: str, line: Line, parts: int = 0) -> bool | Sent | None:
            if sender == "slow":
                await asyncio.Event().wait()
            return await super().deliver(sender, line, parts)

    connector = Stuck()
    outbox = Outbox(work, NOW, [connector])
    slow = asyncio.create_task(outbox.flush(write(work, "一", sender="slow")))
    await outbox.flush(write(work, "一", sender="quick"))
    assert connector.delivered == [("quick", 1)]
    slow.cancel()


async def test_a_customer_who_is_away_gets_it_all_when_he_comes_back(
    outbox: Outbox, work: UnitOfWork, connector: FakeConnector
) -> None:
    connector.outcomes = [False]
    conversation = write(work, "一", "二")
    await outbox.flush(conversation)
    assert connector.attempts == 1 and len(outbox.pending(conversation)) == 2
    await outbox.flush(conversation)
    assert [seq for _, seq in connector.delivered] == [1, 2]


async def test_what_was_sent_into_the_dark_waits_for_its_receipt(
    outbox: Outbox, work: UnitOfWork, connector: FakeConnector
) -> None:
    connector.outcomes = [None, None]
    conversation = write(work, "一", "二")
    await outbox.flush(conversation)
    assert [seq for _, seq in connector.delivered] == [1, 2]
    assert [line.seq for line in outbox.pending(conversation)] == [1, 2]
    outbox.mark_delivered(conversation, [1, 2, 99])
    assert outbox.pending(conversation) == []


async def test_a_delivery_that_failed_is_repeated_when_it_is_due(
    outbox: Outbox, work: UnitOfWork, connector: FakeConnector, clock: Clock
) -> None:
    connector.outcomes = [True, OSError("no network"), OSError("no network")]
    conversation = write(work, "一", "二", "三")
    await outbox.flush(conversation)
    assert [line.seq for line in outbox.pending(conversation)] == [2, 3]
    await outbox.due()
    assert connector.attempts == 2, "not before its time"
    clock.forward(seconds=1)
    await outbox.due()
    clock.forward(seconds=4)
    await outbox.due()
    assert connector.attempts == 3, "the pauses grow"
    clock.forward(seconds=1)
    await outbox.due()
    assert [seq for _, seq in connector.delivered] == [1, 2, 3]


async def test_a_new_line_does_not_overtake_one_that_waits(
    outbox: Outbox, work: UnitOfWork, connector: FakeConnector, clock: Clock
) -> None:
    connector.outcomes = [TryLater("flood", timedelta(seconds=30))]
    conversation = write(work, "一")
    await outbox.flush(conversation)
    write(work, "二")
    await outbox.flush(conversation)
    clock.forward(seconds=29)
    await outbox.due()
    assert connector.delivered == []
    clock.forward(seconds=1)
    await outbox.due()
    assert [seq for _, seq in connector.delivered] == [1, 2]


async def test_parts_that_the_platform_has_are_not_sent_again(
    outbox: Outbox, work: UnitOfWork, connector: FakeConnector, clock: Clock
) -> None:
    connector.outcomes = [TryLater("flood", parts=2), OSError("no network")]
    conversation = write(work, "一")
    for _ in range(3):
        await outbox.flush(conversation)
        clock.forward(minutes=1)
    assert connector.parts == [0, 2, 2] and status(work) == ["delivered"]


async def test_a_platform_that_is_down_for_two_minutes(
    outbox: Outbox, work: UnitOfWork, connector: FakeConnector, clock: Clock
) -> None:
    up_again = clock() + timedelta(minutes=2)

    async def deliver(sender: str, line: Line, parts: int = 0) -> bool:
        if clock() < up_again:
            raise TryLater("platform down")
        connector.delivered.append((sender, line.seq))
        return True

    connector.deliver = deliver  # type: ignore[method-assign]
    for second in range(300):
        if second % 15 == 0:
            await outbox.flush(write(work, f"{second}", sender="a", clock=clock))
            await outbox.flush(write(work, f"{second}", sender="b", clock=clock))
        await outbox.due()
        clock.forward(seconds=1)
    for sender in ("a", "b"):
        assert [seq for to, seq in connector.delivered if to == sender] == list(range(1, 21))


async def test_after_two_days_it_is_a_dead_letter_that_can_be_sent_again(
    outbox: Outbox, work: UnitOfWork, connector: FakeConnector, clock: Clock
) -> None:
    heard: list[Delivery] = []

    async def listen(delivery: Delivery) -> None:
        heard.append(delivery)

    outbox.on_delivery(listen)
    conversation = write(work, "一", clock=clock)
    connector.outcomes = [OSError("no network")] * 2
    await outbox.flush(conversation)
    clock.forward(hours=49)
    await outbox.due()
    assert heard == [Delivery(conversation, 1, "failed", "expired")]
    assert not outbox.send_again(conversation, 2)
    assert outbox.send_again(conversation, 1) and not outbox.send_again(conversation, 1)
    await outbox.flush(conversation)
    assert connector.delivered == [("someone", 1)] and heard[-1].status == "delivered"


async def test_what_a_platform_reports(outbox: Outbox, work: UnitOfWork, connector: FakeConnector) -> None:
    connector.outcomes = [Sent(("a", "b")), Sent(("c",))]
    await outbox.flush(write(work, "一", "二"))
    assert status(work) == ["sent", "sent"]
    assert await outbox.reported("test", "a", True)
    assert status(work) == ["sent", "sent"], "only one of two parts has arrived"
    assert await outbox.reported("test", "b", True) and await outbox.reported("test", "b", False)
    assert await outbox.reported("test", "c", False, "no_address")
    assert status(work) == ["delivered", "failed"]
    assert not await outbox.reported("test", "unknown", True)
    assert not await outbox.reported("another", "a", True)


async def test_two_servers_do_not_deliver_the_same_line(
    work: UnitOfWork, connector: FakeConnector, clock: Clock
) -> None:
    connector.outside = True
    conversation = write(work, *"一二三四五", clock=clock)
    servers = [Outbox(work, clock, [connector]) for _ in range(4)]
    await asyncio.gather(*(server.flush(conversation) for server in servers))
    for server in servers:
        await server.due()
    assert [seq for _, seq in connector.delivered] == [1, 2, 3, 4, 5]


async def test_what_another_server_delivers_between_two_steps_is_not_delivered_again(
    work: UnitOfWork, connector: FakeConnector, clock: Clock
) -> None:
    connector.outside = True
    conversation = write(work, *"一二三", clock=clock)
    looked, other_is_done = threading.Event(), threading.Event()

    @contextmanager
    def slow(*, reading: bool = False) -> Iterator[Session]:
        with work(reading=reading) as session:
            yield session
        if reading and not looked.is_set():
            looked.set()
            assert other_is_done.wait(20)

    late = asyncio.create_task(Outbox(slow, clock, [connector]).flush(conversation))
    assert await asyncio.to_thread(looked.wait, 20)
    await Outbox(work, clock, [connector]).flush(conversation)
    other_is_done.set()
    await late
    assert [seq for _, seq in connector.delivered] == [1, 2, 3]


async def test_a_server_that_died_while_delivering_holds_it_up_for_a_moment_only(
    work: UnitOfWork, connector: FakeConnector, clock: Clock
) -> None:
    connector.outside = True
    conversation = write(work, "一", clock=clock)
    assert Outbox(work, clock, [connector])._claim(conversation)
    outbox = Outbox(work, clock, [connector])
    await outbox.flush_all()
    assert connector.delivered == []
    clock.forward(seconds=31)
    await outbox.due()
    assert connector.delivered == [("someone", 1)]


async def test_a_line_that_the_channel_refuses_does_not_hold_up_the_others(
    outbox: Outbox, work: UnitOfWork, connector: FakeConnector
) -> None:
    connector.outcomes = [True, Undeliverable("blocked by the user", "blocked")]
    conversation = write(work, "一", "二", "三")
    await outbox.flush(conversation)
    assert [seq for _, seq in connector.delivered] == [1, 3]
    assert status(work) == ["delivered", "failed", "delivered"]
    outbox.mark_delivered(conversation, [2])
    assert status(work) == ["delivered", "failed", "delivered"]


async def test_it_looks_by_itself_until_it_is_stopped(work: UnitOfWork, connector: FakeConnector, clock: Clock) -> None:
    outbox = Outbox(work, clock, [connector], tick=0.01)
    connector.outcomes = [OSError("no network")]
    write(work, "一", clock=clock)
    running = asyncio.create_task(outbox.run())
    await eventually(lambda: connector.attempts == 1)
    clock.forward(seconds=1)
    await eventually(lambda: connector.delivered == [("someone", 1)])
    await outbox.stop()
    await running


async def test_a_channel_without_a_connector_keeps_its_lines(outbox: Outbox, work: UnitOfWork) -> None:
    conversation = write(work, "一", channel="unknown")
    await outbox.flush(conversation)
    assert len(outbox.pending(conversation)) == 1


async def test_a_database_that_does_not_answer_is_no_error_of_the_caller(
    connector: FakeConnector, work: UnitOfWork
) -> None:
    conversation = write(work, "一")
    failing = [True, True]

    def sometimes(*, reading: bool = False) -> object:
        if failing:
            failing.pop()
            raise OSError("database is locked")
        return work(reading=reading)

    outbox = Outbox(sometimes, NOW, [connector])  # type: ignore[arg-type]
    await outbox.flush(conversation)
    await outbox.due()
    await outbox.due()
    assert connector.delivered == [("someone", 1)]


# ------------------------------------------------------------------------------------------------------ after a restart


async def left_over(work: UnitOfWork, clock: Clock, connectors: Sequence[Connector]) -> None:
    await Outbox(work, clock, connectors).flush_all()


async def test_what_an_earlier_run_left_is_delivered(work: UnitOfWork, connector: FakeConnector) -> None:
    for number in range(5):
        write(work, "一", "二", sender=f"s{number}")
    await left_over(work, NOW, [connector])
    assert len(connector.delivered) == 10


async def test_nothing_is_delivered_days_later(work: UnitOfWork, connector: FakeConnector, clock: Clock) -> None:
    write(work, "vorvorgestern", sender="early", clock=clock)
    clock.forward(hours=49)
    write(work, "eben", sender="late", clock=clock)
    await left_over(work, clock, [connector])
    assert connector.delivered == [("late", 1)]


async def test_a_channel_that_is_asked_is_left_alone(work: UnitOfWork) -> None:
    class Asked(FakeConnector):
        pushes = False

    asked = Asked()
    write(work, "一")
    await left_over(work, NOW, [asked])
    assert asked.attempts == 0


@pytest.mark.parametrize("number", [2, 8])
async def test_receipts_at_once(any_work: UnitOfWork, number: int) -> None:
    outbox = Outbox(any_work, NOW, [])
    conversation = write(any_work, *"一二三四五六七八九十")

    def receipt(seqs: Sequence[int]) -> Callable[[], None]:
        return lambda: outbox.mark_delivered(conversation, seqs)

    forward, backward = receipt(range(1, 11)), receipt(range(10, 0, -1))
    await asyncio.gather(*(asyncio.to_thread(call) for _ in range(number) for call in (forward, backward)))
    assert outbox.pending(conversation) == []
