from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from botkit.conversation.inbox import HANDLED, Inbox
from botkit.conversation.messages import InboundMessage, Receipt
from botkit.conversation.outbox import Outbox
from botkit.conversation.worker import Worker
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import InboundRow
from tests.unit.conversation.fakes import Clock, FakeConnector, eventually


def message(number: int, sender: str = "someone") -> InboundMessage:
    return InboundMessage("test", sender, f"{sender}:{number}", str(number))


@dataclass
class FakeRouter:
    """Marks messages handled. `gate`: closed, no message gets through; failures: how many attempts raise."""

    work: UnitOfWork
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    failures: int = 0
    begun: list[int] = field(default_factory=list)
    handled: list[int] = field(default_factory=list)
    at_work: int = 0
    most_at_work: int = 0

    async def handle(self, message_id: int) -> None:
        self.begun.append(message_id)
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            await self.gate.wait()
            if self.failures:
                self.failures -= 1
                raise OSError("database is locked")
            with self.work() as session:
                session.get(InboundRow, message_id).status = HANDLED
            self.handled.append(message_id)
        finally:
            self.at_work -= 1


@dataclass
class Bench:
    worker: Worker
    router: FakeRouter
    connector: FakeConnector
    inbox: Inbox

    def unhandled(self) -> int:
        return len(self.inbox.take_up())


@pytest.fixture
async def bench(work: UnitOfWork, clock: Clock) -> AsyncIterator[Bench]:
    built = build(work, clock)
    built.router.gate.set()
    yield built
    built.router.gate.set()
    await built.worker.stop()


def build(work: UnitOfWork, clock: Clock) -> Bench:
    router, connector, inbox = FakeRouter(work), FakeConnector(), Inbox(work, clock)
    outbox = Outbox(work, clock, [connector])
    return Bench(Worker(inbox, router, outbox, retry_pauses=[0.01, 0.02]), router, connector, inbox)


async def test_a_message_is_worked_off(bench: Bench) -> None:
    bench.router.gate.clear()
    receipt = await bench.worker.submit(message(1))
    assert bench.worker.backlog == 1
    bench.router.gate.set()
    assert await bench.worker.settled(receipt.message_id)
    assert bench.router.handled == [receipt.message_id]
    assert bench.worker.backlog == 0


async def test_messages_of_one_conversation_come_one_after_another(bench: Bench) -> None:
    receipts = [await bench.worker.submit(message(number)) for number in range(20)]
    await asyncio.gather(*(bench.worker.settled(receipt.message_id) for receipt in receipts))
    assert bench.router.handled == [receipt.message_id for receipt in receipts]
    assert bench.router.most_at_work == 1


async def test_messages_that_come_in_at_once_are_numbered_and_worked_off_in_the_order_of_arrival(bench: Bench) -> None:
    receipts = await asyncio.gather(*(bench.worker.submit(message(number)) for number in range(60)))
    await asyncio.gather(*(bench.worker.settled(receipt.message_id) for receipt in receipts))
    assert [receipt.line.seq for receipt in receipts if receipt.line] == list(range(1, 61))
    assert bench.router.handled == [receipt.message_id for receipt in receipts]


async def test_conversations_go_side_by_side(bench: Bench) -> None:
    bench.router.gate.clear()
    receipts = [await bench.worker.submit(message(1, sender=f"s{number}")) for number in range(5)]
    await eventually(lambda: bench.router.at_work == 5)
    bench.router.gate.set()
    assert all(await asyncio.gather(*(bench.worker.settled(receipt.message_id) for receipt in receipts)))


async def test_nothing_is_kept_in_memory_afterwards(bench: Bench) -> None:
    receipts = [await bench.worker.submit(message(number, sender=f"s{number % 7}")) for number in range(30)]
    await asyncio.gather(*(bench.worker.settled(receipt.message_id) for receipt in receipts))
    await eventually(lambda: not bench.worker._tasks)
    assert not bench.worker._queues and not bench.worker._waiting


async def test_a_duplicate_waits_for_the_answer_to_the_first(bench: Bench) -> None:
    bench.router.gate.clear()
    first = await bench.worker.submit(message(1))
    again = await bench.worker.submit(message(1))
    assert again.duplicate and again.message_id == first.message_id
    waiting = [asyncio.create_task(bench.worker.settled(receipt.message_id)) for receipt in (first, again)]
    await eventually(lambda: bench.router.at_work == 1)
    assert not any(task.done() for task in waiting)
    bench.router.gate.set()
    assert await asyncio.gather(*waiting) == [True, True]
    assert bench.router.begun == [first.message_id]


async def test_a_duplicate_of_a_message_left_behind_is_worked_off(bench: Bench) -> None:
    """It comes in after a crash, before or after what was left behind is taken up."""
    left = bench.inbox.receive(message(1))
    again = await bench.worker.submit(message(1))
    assert await bench.worker.settled(again.message_id)
    assert bench.router.handled == [left.message_id]


async def test_a_message_is_worked_off_although_its_sender_hung_up(bench: Bench) -> None:
    """The connector is cancelled while the message is being stored."""
    submitting = asyncio.create_task(bench.worker.submit(message(1)))
    await asyncio.sleep(0)
    submitting.cancel()
    await eventually(lambda: len(bench.router.handled) == 1)


async def test_starting_while_messages_come_in(bench: Bench) -> None:
    left = [bench.inbox.receive(message(number)) for number in range(3)]
    bench.router.gate.clear()
    fresh = await bench.worker.submit(message(3))
    repeated = await bench.worker.submit(message(1))
    await bench.worker.start()
    bench.router.gate.set()
    for receipt in (*left, fresh, repeated):
        assert await bench.worker.settled(receipt.message_id)
    assert sorted(bench.router.handled) == sorted({receipt.message_id for receipt in (*left, fresh)})


async def test_what_a_crash_left_behind_is_taken_up_at_the_start(bench: Bench) -> None:
    left = [bench.inbox.receive(message(number, sender=f"s{number % 2}")) for number in range(4)]
    assert await bench.worker.start() == 4
    for receipt in left:
        assert await bench.worker.settled(receipt.message_id)
    assert bench.unhandled() == 0


async def test_a_message_that_could_not_be_stored_is_tried_again_before_those_after_it(bench: Bench) -> None:
    bench.router.failures = 3
    first = await bench.worker.submit(message(1))
    second = await bench.worker.submit(message(2))
    assert await bench.worker.settled(second.message_id)
    assert bench.router.handled == [first.message_id, second.message_id]
    assert bench.router.begun == [first.message_id] * 4 + [second.message_id]


async def test_waiting_has_an_end(bench: Bench) -> None:
    bench.router.gate.clear()
    receipt = await bench.worker.submit(message(1))
    assert not await bench.worker.settled(receipt.message_id, patience=0.01)
    bench.router.gate.set()
    assert await bench.worker.settled(receipt.message_id, patience=10)


async def test_listeners_hear_of_work_and_its_end(bench: Bench) -> None:
    heard: list[tuple[str, bool]] = []

    async def listen(conversation_id: str, at_work: bool) -> None:
        heard.append((conversation_id, at_work))

    async def fail(_conversation_id: str, _at_work: bool) -> None:
        raise RuntimeError("a listener's own trouble")

    bench.worker.on_activity(fail)
    bench.worker.on_activity(listen)
    bench.router.gate.clear()
    receipts = [await bench.worker.submit(message(number)) for number in range(2)]
    bench.router.gate.set()
    await eventually(lambda: len(heard) == 2)
    assert heard == [(receipts[0].conversation_id, True), (receipts[0].conversation_id, False)]


# ----------------------------------------------------------------------------------------------------------------- stop


async def submitted(bench: Bench, count: int) -> list[Receipt]:
    return [await bench.worker.submit(message(number)) for number in range(count)]


async def test_stopping_lets_the_message_at_work_finish(work: UnitOfWork, clock: Clock) -> None:
    bench = build(work, clock)
    first, second = await submitted(bench, 2)
    await eventually(lambda: bench.router.at_work == 1)
    waiting = [asyncio.create_task(bench.worker.settled(receipt.message_id)) for receipt in (first, second)]
    stopping = asyncio.create_task(bench.worker.stop())
    await asyncio.sleep(0)
    bench.router.gate.set()
    await stopping
    assert await asyncio.gather(*waiting) == [True, False]
    assert bench.router.handled == [first.message_id]
    assert bench.unhandled() == 1


async def test_stopping_does_not_wait_for_ever(work: UnitOfWork, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botkit.conversation.worker.STOP_PATIENCE", 0.05)
    bench = build(work, clock)
    (receipt,) = await submitted(bench, 1)
    await eventually(lambda: bench.router.at_work == 1)
    waiting = asyncio.create_task(bench.worker.settled(receipt.message_id))
    await bench.worker.stop()
    assert await waiting is False
    assert bench.router.at_work == 0 and bench.unhandled() == 1


async def test_stopping_does_not_wait_for_the_next_attempt(work: UnitOfWork, clock: Clock) -> None:
    router, inbox = FakeRouter(work, failures=1), Inbox(work, clock)
    router.gate.set()
    worker = Worker(inbox, router, Outbox(work, clock, []), retry_pauses=[3600])
    await worker.submit(message(1))
    await eventually(lambda: router.failures == 0)
    await asyncio.wait_for(worker.stop(), 5)
    assert router.handled == []


async def test_after_the_end_messages_are_stored_and_not_worked_on(work: UnitOfWork, clock: Clock) -> None:
    bench = build(work, clock)
    await bench.worker.stop()
    receipt = await bench.worker.submit(message(1))
    assert not await bench.worker.settled(receipt.message_id)
    assert bench.router.begun == [] and bench.unhandled() == 1
