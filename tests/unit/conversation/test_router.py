"""Who answers: the bot while it owns the conversation. A fake stands in for Rasa; everything else is real."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy.exc import OperationalError

from botkit.content.texts import Texts
from botkit.conversation.inbox import HANDLED, Inbox
from botkit.conversation.messages import Author, InboundMessage, Line, Receipt
from botkit.conversation.outbox import Outbox
from botkit.conversation.pages import MORE, Pages
from botkit.conversation.reply import Choice, Reply
from botkit.conversation.router import BACK_TO_BOT, CRASHES, GONE, REASSURE_AFTER, Router
from botkit.conversation.transcript import append_line, locked_conversation, read_lines
from botkit.handoff.machine import HandOver, Owner, Reason
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, InboundRow, TurnRow, VerificationRow
from botkit.store.tables.desk import ServiceRow
from tests.unit.conversation.fakes import Clock, FakeDialogue


class Talk:
    """One customer, the router, and everything it writes."""

    def __init__(self, work: UnitOfWork, texts: Texts) -> None:
        clock = self.clock = Clock()
        self.work = work
        self.texts = texts
        self.dialogue = FakeDialogue()
        self.inbox = Inbox(work, clock)
        self.outbox = Outbox(work, clock, [])
        self.router = Router(work, self.dialogue, texts, clock)  # type: ignore[arg-type]
        self.said = 0

    def receive(self, text: str, payload: str | None = None) -> Receipt:
        self.said += 1
        return self.inbox.receive(InboundMessage("test", "someone", str(self.said), text, payload))

    async def say(self, text: str, payload: str | None = None) -> Sequence[Line]:
        """The lines that answer it."""
        receipt = self.receive(text, payload)
        await self.router.handle(receipt.message_id)
        return self.outbox.pending(receipt.conversation_id, receipt.message_id)

    def lines(self) -> Sequence[Line]:
        with self.work(reading=True) as session:
            row = session.query(ConversationRow).one()
            return read_lines(session, row.id, limit=1000)

    def events(self) -> list[str]:
        return [line.detail["event"] for line in self.lines() if "event" in line.detail]

    def turns(self) -> list[int]:
        with self.work(reading=True) as session:
            return [row.number for row in session.query(TurnRow).order_by(TurnRow.number)]

    def status(self, receipt: Receipt) -> str:
        with self.work(reading=True) as session:
            status: str = session.get(InboundRow, receipt.message_id).status
            return status

    @property
    def owner(self) -> Owner:
        with self.work(reading=True) as session:
            return Owner(session.query(ConversationRow).one().owner)

    @owner.setter
    def owner(self, owner: Owner) -> None:
        """As the desk does it."""
        with self.work() as session:
            conversation = session.query(ConversationRow).one()
            locked_conversation(session, conversation.id).owner = owner.value


@pytest.fixture
def talk(any_work: UnitOfWork, texts: Texts) -> Talk:
    return Talk(any_work, texts)


# ------------------------------------------------------------------------------------------------- while the bot owns it


async def test_the_bot_answers(talk: Talk) -> None:
    (line,) = await talk.say("查余额")
    assert (line.author, line.text, line.detail) == (Author.BOT, "您说的是: 查余额", {"intent": "fake"})
    assert [line.author for line in talk.lines()] == [Author.CUSTOMER, Author.BOT]
    assert talk.turns() == [1]


async def test_several_replies_are_lines_in_their_order(talk: Talk) -> None:
    talk.dialogue.replies = [Reply("一"), Reply("二", choices=(Choice("看", "/ask_balance"),)), Reply("三")]
    lines = await talk.say("查余额")
    assert [line.text for line in lines] == ["一", "二", "三"]
    assert lines[1].content == {"choices": [{"title": "看", "payload": "/ask_balance"}]}
    assert [bool(line.detail) for line in lines] == [True, False, False]


async def test_a_message_is_handled_once(talk: Talk) -> None:
    receipt = talk.receive("查余额")
    await talk.router.handle(receipt.message_id)
    await talk.router.handle(receipt.message_id)
    assert talk.dialogue.heard == ["查余额"]
    assert len(talk.lines()) == 2


async def test_a_message_handled_by_two_servers_at_once_is_answered_once(talk: Talk) -> None:
    other = FakeDialogue()
    second = Router(talk.work, other, talk.texts, Clock())  # type: ignore[arg-type]
    both_think = Together(2)
    talk.dialogue.before_answering = other.before_answering = both_think.wait
    receipt = talk.receive("查余额")
    await asyncio.gather(talk.router.handle(receipt.message_id), second.handle(receipt.message_id))
    assert [line.author for line in talk.lines()] == [Author.CUSTOMER, Author.BOT]
    assert talk.turns() == [1]
    assert len(talk.dialogue.forgotten) + len(other.forgotten) == 1, (
        "the one that came too late starts from the database"
    )


class Together:
    """A place where as many as named wait for each other."""

    def __init__(self, number: int) -> None:
        self.missing = number
        self.all_there = asyncio.Event()

    async def wait(self) -> None:
        self.missing -= 1
        if self.missing <= 0:
            self.all_there.set()
        await self.all_there.wait()


async def test_an_unknown_message_is_left_alone(talk: Talk) -> None:
    await talk.router.handle(4711)
    assert talk.dialogue.heard == []


# ------------------------------------------------------------------------------------------------------ typed and chosen


@pytest.mark.parametrize(
    ("text", "payload", "heard"),
    [
        ("查余额", "/ask_balance", "/ask_balance"),
        ("/ask_balance", None, "ask_balance"),
        ("/ask_balance", "/ask_balance", "/ask_balance"),
        ("看套餐", '/ask_plan_details{"plan": "畅选59"}', "看套餐"),
        ("/inform", '/inform{"phone_number": "17000000001"}', "inform"),
        ("/restart", "/restart", "restart"),
        ("/ /session_start", "/ /session_start", "session_start"),
        ("///", "///", "…"),
        ("半\ud800个\x00", None, "半?个"),
    ],
)
async def test_what_the_bot_gets_to_hear(talk: Talk, text: str, payload: str | None, heard: str) -> None:
    await talk.say(text, payload)
    assert talk.dialogue.heard == [heard]


async def test_an_offered_choice_is_what_it_stands_for(talk: Talk) -> None:
    offered = '/ask_plan_details{"plan": "畅选59"}'
    talk.dialogue.replies = [Reply("请选", choices=(Choice("看畅选59", offered),))]
    await talk.say("有哪些套餐")
    await talk.say("看畅选59", offered)
    assert talk.dialogue.heard == ["有哪些套餐", offered]
    assert talk.lines()[2].text == "看畅选59"


async def test_back_to_the_bot_while_it_is_there_already(talk: Talk) -> None:
    (line,) = await talk.say("继续用机器人", BACK_TO_BOT)
    assert line.text == talk.texts.text("back_with_bot")
    assert talk.dialogue.heard == [] and talk.events() == []


# ----------------------------------------------------------------------------------------------------------- handed over


async def test_a_hand_over_is_an_event_after_the_answer(talk: Talk) -> None:
    talk.dialogue.hand_over = HandOver(Reason.ASKED, "bill")
    answers = await talk.say("转人工")
    assert talk.owner is Owner.WAITING
    assert answers[-1].text == talk.texts.text("waiting_for_human")
    event = talk.lines()[-2]
    assert (event.author, event.text) == (Author.SYSTEM, "")
    assert event.detail == {
        "event": "HandOver",
        "owner": "waiting",
        "reason": "asked",
        "topic": "bill",
        "group": "general",
    }


async def test_the_bot_hears_nothing_while_the_customer_waits(talk: Talk) -> None:
    talk.dialogue.hand_over = HandOver(Reason.ASKED)
    await talk.say("转人工")
    (noted,) = await talk.say("还有一件事")
    assert (noted.author, noted.text) == (Author.SYSTEM, talk.texts.text("noted_while_waiting"))
    assert talk.dialogue.heard == ["转人工"]


async def test_it_is_noted_once_a_stretch(talk: Talk) -> None:
    talk.dialogue.hand_over = HandOver(Reason.ASKED)
    for stretch in range(2):
        await talk.say("转人工")
        answers = [await talk.say(f"补充 {number}") for number in range(3)]
        assert [len(lines) for lines in answers] == [1, 0, 0], stretch
        await talk.say("继续用机器人", BACK_TO_BOT)
    assert talk.events() == ["HandOver", "ReturnToBot"] * 2


@pytest.mark.parametrize("words", ["继续用机器人", "不等了", "算了吧。", "繼續用機器人", " 不用等了 啊"])
async def test_who_gives_up_waiting_may_say_so_in_words(talk: Talk, words: str) -> None:
    talk.dialogue.hand_over = HandOver(Reason.ASKED)
    await talk.say("转人工")
    (line,) = await talk.say(words)
    assert line.text == talk.texts.text("back_with_bot")
    assert talk.owner is Owner.BOT and talk.events() == ["HandOver", "ReturnToBot"]
    assert talk.dialogue.heard == ["转人工"], "the word itself is not answered by the bot"


@pytest.mark.parametrize("words", ["在吗", "人呢?", "还要多久啊", "?"])
async def test_who_asks_whether_anybody_is_there_is_answered(talk: Talk, words: str) -> None:
    talk.dialogue.hand_over = HandOver(Reason.ASKED)
    await talk.say("转人工")
    await talk.say("我的话费不对")
    (line,) = await talk.say(words)
    assert (line.author, line.text) == (Author.SYSTEM, talk.texts.text("still_waiting"))


async def test_after_a_while_of_silence_a_waiting_customer_is_answered_again(talk: Talk) -> None:
    talk.dialogue.hand_over = HandOver(Reason.ASKED)
    for words in ("转人工", "我的话费不对"):
        await talk.say(words)
    assert await talk.say("上个月多了 20") == []
    talk.clock.now += REASSURE_AFTER
    assert [line.text for line in await talk.say("这个月也是")] == [talk.texts.text("still_waiting")]


async def test_it_is_noted_once_although_the_system_says_other_things_too(talk: Talk) -> None:
    talk.dialogue.hand_over = HandOver(Reason.ASKED)
    await talk.say("转人工")
    assert len(await talk.say("补充")) == 1

    with talk.work() as session:
        conversation = locked_conversation(session, talk.lines()[0].conversation_id)
        append_line(session, conversation, Author.SYSTEM, "您前面还有 2 位", Clock()())
    assert await talk.say("再补充") == []


async def test_the_customer_goes_back_to_the_bot(talk: Talk) -> None:
    talk.dialogue.hand_over = HandOver(Reason.ASKED)
    await talk.say("转人工")
    (line,) = await talk.say("继续用机器人", BACK_TO_BOT)
    assert line.text == talk.texts.text("back_with_bot")
    assert talk.owner is Owner.BOT
    talk.dialogue.hand_over = None
    await talk.say("查余额")
    assert talk.dialogue.heard == ["转人工", "查余额"], "nothing that was said meanwhile is answered afterwards"


async def test_nobody_answers_for_the_human(talk: Talk) -> None:
    await talk.say("你好")
    talk.owner = Owner.HUMAN
    assert await talk.say("查余额") == []
    assert await talk.say("继续用机器人", BACK_TO_BOT) == []
    assert talk.owner is Owner.HUMAN
    assert talk.dialogue.heard == ["你好"]
    assert [line.author for line in talk.lines()][-2:] == [Author.CUSTOMER, Author.CUSTOMER]


async def test_after_the_end_the_bot_answers_again(talk: Talk) -> None:
    await talk.say("你好")
    talk.owner = Owner.CLOSED
    (line,) = await talk.say("查余额")
    assert line.text == "您说的是: 查余额"
    assert talk.owner is Owner.BOT
    assert talk.events() == ["ReturnToBot"]


async def test_after_the_end_it_may_be_handed_over_again(talk: Talk) -> None:
    await talk.say("你好")
    talk.owner = Owner.CLOSED
    talk.dialogue.hand_over = HandOver(Reason.ASKED)
    await talk.say("转人工")
    assert talk.owner is Owner.WAITING
    assert talk.events() == ["ReturnToBot", "HandOver"]


@pytest.mark.parametrize("taker", [Owner.HUMAN, Owner.WAITING])
async def test_a_human_takes_over_while_the_bot_thinks(talk: Talk, taker: Owner) -> None:
    await talk.say("你好")
    turns = dict(talk.dialogue.turns)

    async def take_over() -> None:
        talk.owner = taker

    talk.dialogue.before_answering = take_over
    talk.dialogue.hand_over = HandOver(Reason.ASKED)
    receipt = talk.receive("查余额")
    await talk.router.handle(receipt.message_id)
    assert [line.author for line in talk.lines()][:3] == [Author.CUSTOMER, Author.BOT, Author.CUSTOMER]
    assert all(line.author is not Author.BOT for line in talk.lines()[3:]), "the bot's answer is dropped"
    assert talk.dialogue.turns == turns and talk.turns() == [1], "the dialogue stands as before"
    assert talk.status(receipt) == HANDLED
    assert talk.owner is taker and talk.events() == []


# ---------------------------------------------------------------------------------------------------------------- faults


async def test_the_bot_is_asked_again_when_it_fails(talk: Talk) -> None:
    talk.dialogue.failures = 1
    (line,) = await talk.say("查余额")
    assert line.text == "您说的是: 查余额"
    assert talk.dialogue.heard == ["查余额"] * 2
    assert talk.owner is Owner.BOT


async def test_the_bot_fails_twice(talk: Talk) -> None:
    talk.dialogue.failures = 2
    line, way_back = await talk.say("查余额")
    assert line.text == talk.texts.text("bot_failure")
    assert way_back.content["choices"][0]["payload"] == BACK_TO_BOT
    assert talk.dialogue.heard == ["查余额"] * 2
    assert talk.owner is Owner.WAITING
    assert talk.lines()[-2].detail["reason"] == "bot_failure"
    assert talk.turns() == []


async def test_an_answer_that_cannot_be_stored_counts_as_a_failure(talk: Talk) -> None:
    talk.dialogue.replies = [Reply("一", choices=(Choice("看", object()),))]  # type: ignore[arg-type]
    line, _ = await talk.say("查余额")
    assert line.text == talk.texts.text("bot_failure")
    assert len(talk.dialogue.forgotten) == 2
    assert talk.turns() == []


async def test_a_turn_that_another_server_has_stored_is_thought_anew(talk: Talk) -> None:
    await talk.say("你好")
    conversation_id = talk.lines()[0].conversation_id
    talk.dialogue.turns[conversation_id] = 0

    def as_the_database_has_it(_id: str) -> None:
        talk.dialogue.turns[conversation_id] = 1

    talk.dialogue.forget = as_the_database_has_it  # type: ignore[method-assign]
    (line,) = await talk.say("查余额")
    assert line.text == "您说的是: 查余额"
    assert talk.turns() == [1, 2]


async def test_a_message_that_crashes_the_server_again_and_again_goes_to_a_human(talk: Talk) -> None:
    receipt = talk.receive("查余额")
    for _ in range(CRASHES):
        talk.inbox.take_up()
    await talk.router.handle(receipt.message_id)
    assert talk.dialogue.heard == ["查余额"], "a few crashes may have another cause"
    again = talk.receive("查余额")
    for _ in range(CRASHES + 1):
        talk.inbox.take_up()
    await talk.router.handle(again.message_id)
    assert talk.dialogue.heard == ["查余额"]
    assert talk.owner is Owner.WAITING


async def test_a_database_that_does_not_answer_leaves_the_message_as_it_was(talk: Talk, texts: Texts) -> None:
    receipt = talk.receive("查余额")
    store = talk.router._store

    def fail(*_arguments: object) -> bool:
        raise OperationalError("COMMIT", {}, Exception("disk full"))

    talk.router._store = fail  # type: ignore[method-assign]
    with pytest.raises(OperationalError):
        await talk.router.handle(receipt.message_id)
    assert talk.status(receipt) == "received"
    assert talk.dialogue.turns == {receipt.conversation_id: 0}
    talk.router._store = store  # type: ignore[method-assign]
    await talk.router.handle(receipt.message_id)
    assert [line.author for line in talk.lines()] == [Author.CUSTOMER, Author.BOT]


async def test_the_bot_says_that_it_cannot_read_a_sticker(talk: Talk) -> None:
    receipt = talk.inbox.receive(InboundMessage("test", "someone", "s", "[贴纸] 👍", readable=False))
    await talk.router.handle(receipt.message_id)
    (line,) = talk.outbox.pending(receipt.conversation_id, receipt.message_id)
    assert line.text == talk.texts.text("unreadable_for_bot")
    assert talk.turns() == []


async def test_the_rest_of_a_long_text(talk: Talk) -> None:
    pages = Pages(talk.work, talk.clock, talk.texts)
    (line,) = await talk.say("查账单")
    pages.show(line.conversation_id, [Choice("看详情", MORE)], "后半部分", [Choice("转人工", "/request_human")])
    (rest,) = await talk.say("看详情", MORE)
    assert (rest.author, rest.text) == (Author.SYSTEM, "后半部分")
    assert rest.content["choices"] == [{"title": "转人工", "payload": "/request_human"}]
    pages.show(line.conversation_id, [])
    (nothing,) = await talk.say("看详情", MORE)
    assert nothing.text == talk.texts.text("nothing_more")


# ------------------------------------------------------------------------------------------------- who has gone away


async def test_who_goes_away_is_told_nothing_and_leaves_what_was_going_on(talk: Talk) -> None:
    talk.dialogue.intents = ("ask_balance", "abort")
    receipt = talk.receive("查余额")
    await talk.router.handle(receipt.message_id)
    with talk.work() as session:
        at = talk.clock()
        row = VerificationRow(
            conversation_id=receipt.conversation_id, customer_id="c", phone="1", verified_at=at, used_at=at
        )
        session.add(row)
    assert not await talk.say("已挂断电话", GONE)
    assert talk.dialogue.heard == ["查余额", "/abort"] and talk.turns() == [1, 2]
    with talk.work(reading=True) as session:
        assert session.query(VerificationRow).all() == []


async def test_the_wait_of_who_goes_away_ends(talk: Talk) -> None:
    talk.dialogue.hand_over = HandOver(Reason.ASKED)
    await talk.say("转人工")
    assert not await talk.say("已挂断电话", GONE)
    assert talk.owner is Owner.CLOSED and talk.events() == ["HandOver", "Close"]
    assert [line.detail["end"] for line in talk.lines() if line.detail.get("event") == "Close"] == ["given_up"]


async def test_an_agent_keeps_whom_he_serves(talk: Talk) -> None:
    await talk.say("你好")
    talk.owner = Owner.HUMAN
    assert not await talk.say("已挂断电话", GONE)
    assert talk.owner is Owner.HUMAN and talk.lines()[-1].text == "已挂断电话"


async def test_he_goes_away_although_the_bot_fails(talk: Talk) -> None:
    talk.dialogue.intents = ("abort",)
    talk.dialogue.failures = 1
    receipt = talk.receive("已挂断电话", GONE)
    await talk.router.handle(receipt.message_id)
    assert talk.status(receipt) == HANDLED and talk.turns() == []


async def test_what_is_heard_in_a_message_stands_beside_its_line(talk: Talk) -> None:
    await talk.say("查余额")
    await talk.say("快点!!")
    talk.dialogue.hand_over = HandOver(Reason.ASKED)
    await talk.say("转人工")
    await talk.say("人呢!!")
    said = {line.text: line.detail for line in talk.lines() if line.author is Author.CUSTOMER}
    assert said["快点!!"]["frustration"] == {"score": 0.9, "spans": [[2, 4]], "reasons": ["form"]}
    assert said["人呢!!"]["frustration"]["score"] == 0.9, "while he waits too"
    assert not said["查余额"] and not said["转人工"]
    with talk.work(reading=True) as session:
        assert session.query(ServiceRow).one().frustration == 0.9


async def test_a_mood_that_cannot_be_told_keeps_no_message_from_the_human(talk: Talk) -> None:
    async def fail(_text: str) -> dict[str, object]:
        raise RuntimeError("no model")

    talk.dialogue.hand_over = HandOver(Reason.ASKED)
    await talk.say("转人工")
    talk.dialogue.mood = fail  # type: ignore[method-assign]
    (noted,) = await talk.say("人呢")
    assert noted.text and not [line for line in talk.lines() if "frustration" in line.detail]
