"""A customer who is not reached on one channel is written to on another of his, if he allowed it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from botkit.content.texts import Texts
from botkit.conversation.elsewhere import Elsewhere
from botkit.conversation.messages import Author
from botkit.conversation.outbox import Delivery, Outbox, Undeliverable, enqueue
from botkit.conversation.reply import Reply
from botkit.conversation.transcript import append_line, locked_conversation, open_conversation, read_lines
from botkit.conversation.verification import Verifications
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import OutboundRow
from tests.unit.conversation.fakes import Clock, FakeConnector

PHONE = "17000000006"


class Channels:
    """A customer on two channels, `telegram` and `wechat`, and on the web, where nobody can be written to."""

    def __init__(self, work: UnitOfWork, texts: Texts, clock: Clock) -> None:
        self.work, self.clock = work, clock
        self.telegram, self.wechat = FakeConnector("telegram", outside=True), FakeConnector("wechat", outside=True)
        self.elsewhere = Elsewhere(work, texts, clock, ["telegram", "wechat"])
        self.outbox = Outbox(work, clock, [self.telegram, self.wechat])
        self.verifications = Verifications(work, clock, timedelta(hours=1))

        async def instead(delivery: Delivery) -> None:
            if other := await self.elsewhere.instead(delivery):
                self.outbox.soon(other)

        self.outbox.on_delivery(instead)

    def talk(self, channel: str, customer: str | None = "c1") -> str:
        """A conversation on a channel, in which this customer has proved who he is."""
        self.clock.forward(minutes=1)
        with self.work() as session:
            talk = str(open_conversation(session, channel, f"{customer} on {channel}", self.clock()).id)
        if customer:
            self.verifications.establish(talk, customer, PHONE)
        return talk

    def chooses(self, talk: str, payload: str) -> Reply | None:
        with self.work() as session:
            return self.elsewhere.keep(session, locked_conversation(session, talk), payload)

    def offered(self, talk: str) -> list[str]:
        with self.work() as session:
            word = self.elsewhere.offered_with(Reply("请稍等。"), session, locked_conversation(session, talk))
        return [choice.title for choice in word.choices]

    async def agent_says(self, talk: str, text: str) -> None:
        with self.work() as session:
            row = locked_conversation(session, talk)
            line = append_line(session, row, Author.AGENT, text, self.clock(), {"name": "小林"})
            enqueue(session, line, None, self.clock())
        await self.outbox.flush(talk)
        for _ in range(3):
            await self.outbox.due()

    def texts_in(self, talk: str) -> list[str]:
        with self.work(reading=True) as session:
            return [line.text for line in read_lines(session, talk)]


@pytest.fixture
def channels(work: UnitOfWork, texts: Texts, clock: Clock) -> Channels:
    return Channels(work, texts, clock)


async def test_where_he_allowed_it(channels: Channels) -> None:
    telegram, wechat = channels.talk("telegram"), channels.talk("wechat")
    assert channels.chooses(telegram, '/elsewhere{"allow": true}') is not None
    channels.telegram.outcomes = [Undeliverable("blocked by the user", "blocked")]
    await channels.agent_says(telegram, "查好了, 退您 20 元。")
    (text,) = channels.texts_in(wechat)
    assert text.endswith("小林: 查好了, 退您 20 元。") and "Telegram" in text
    assert channels.wechat.delivered == [("c1 on wechat", 1)]
    with channels.work(reading=True) as session:
        row = session.query(OutboundRow).filter_by(conversation_id=telegram).one()
        assert (row.status, row.problem, row.elsewhere) == ("failed", "blocked", "wechat")


@pytest.mark.parametrize("wish", [None, '/elsewhere{"allow": false}'])
async def test_not_where_he_did_not(channels: Channels, wish: str | None) -> None:
    telegram, wechat = channels.talk("telegram"), channels.talk("wechat")
    if wish:
        channels.chooses(telegram, wish)
    channels.telegram.outcomes = [Undeliverable("blocked by the user", "blocked")]
    await channels.agent_says(telegram, "查好了。")
    assert channels.texts_in(wechat) == []


async def test_never_to_somebody_else(channels: Channels) -> None:
    telegram = channels.talk("telegram")
    channels.chooses(telegram, '/elsewhere{"allow": true}')
    others = [channels.talk("wechat", "c2"), channels.talk("wechat", None)]
    left = channels.talk("wechat", "c1")
    channels.verifications.revoke(left)
    channels.telegram.outcomes = [Undeliverable("blocked by the user", "blocked")]
    await channels.agent_says(telegram, "查好了。")
    assert [channels.texts_in(talk) for talk in [*others, left]] == [[], [], []]


async def test_two_channels_that_both_fail_end_it(channels: Channels) -> None:
    telegram, wechat = channels.talk("telegram"), channels.talk("wechat")
    channels.chooses(telegram, '/elsewhere{"allow": true}')
    channels.telegram.outcomes = [Undeliverable("blocked", "blocked")] * 9
    channels.wechat.outcomes = [Undeliverable("window closed", "window_closed")] * 9
    await channels.agent_says(telegram, "查好了。")
    assert len(channels.texts_in(wechat)) == 1 and len(channels.texts_in(telegram)) == 1


def test_it_is_offered_where_there_is_another_channel(channels: Channels) -> None:
    web = channels.talk("web")
    assert channels.offered(web) == []
    channels.talk("wechat")
    assert channels.offered(web) == ["联系不上就发微信"]
    channels.chooses(web, '/elsewhere{"allow": true}')
    assert channels.offered(web) == []
    assert channels.offered(channels.talk("web", "c2")) == []
    assert channels.chooses(channels.talk("web", None), '/elsewhere{"allow": true}') is None
    assert channels.chooses(web, "/elsewhere{x") is None
