"""What agents and supervisors see of lines that have not reached the customer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from botkit.content.texts import Texts
from botkit.conversation.outbox import Outbox, Sent, TryLater, Undeliverable
from botkit.desk.view import DeskView
from botkit.store.engine import UnitOfWork
from tests.unit.conversation.fakes import Clock, FakeConnector
from tests.unit.desk.floor import Floor


@pytest.fixture
def connector() -> FakeConnector:
    return FakeConnector()


@pytest.fixture
def floor(work: UnitOfWork, texts: Texts, clock: Clock, connector: FakeConnector) -> Floor:
    floor = Floor(work, texts, clock)
    floor.outbox = Outbox(work, clock, [connector])
    return floor


@pytest.fixture
def view(work: UnitOfWork, clock: Clock) -> DeskView:
    return DeskView(work, clock, timedelta(hours=1))


async def served(floor: Floor) -> tuple[str, int]:
    """A conversation, all of it delivered but the agent's line, and that line's number."""
    talk, lin = await floor.waits(), floor.agent("lin", "billing")
    floor.service.accept(lin, talk)
    await floor.outbox.flush(talk)
    return talk, floor.service.say(lin, talk, "message-1", "查好了")


def deliveries(view: DeskView, talk: str) -> dict[int, str]:
    lines = view.talk.lines(talk)["lines"]
    return {line["seq"]: line["delivery"]["status"] for line in lines if "delivery" in line}


async def test_what_has_arrived_says_nothing(floor: Floor, view: DeskView) -> None:
    talk, seq = await served(floor)
    assert deliveries(view, talk) == {seq: "pending"}
    await floor.outbox.flush(talk)
    assert deliveries(view, talk) == {} and view.undelivered() == []


async def test_what_was_sent_and_what_waits(floor: Floor, view: DeskView, connector: FakeConnector) -> None:
    talk, seq = await served(floor)
    connector.outcomes = [TryLater("busy"), Sent(("p1",))]
    await floor.outbox.flush(talk)
    assert deliveries(view, talk) == {seq: "pending"}
    floor.clock.forward(seconds=1)
    await floor.outbox.due()
    assert deliveries(view, talk) == {seq: "sent"}


async def test_a_dead_letter_is_seen_and_sent_again(floor: Floor, view: DeskView, connector: FakeConnector) -> None:
    talk, seq = await served(floor)
    connector.outcomes = [Undeliverable("blocked by the user", "blocked")]
    await floor.outbox.flush(talk)
    (dead,) = view.undelivered()
    assert (dead["item"]["id"], dead["seq"], dead["text"], dead["problem"]) == (talk, seq, "查好了", "blocked")
    assert view.talk.delivery(talk, seq) == {"status": "failed", "problem": "blocked", "elsewhere": None}
    assert floor.outbox.send_again(talk, seq)
    await floor.outbox.flush(talk)
    assert view.undelivered() == [] and deliveries(view, talk) == {}
