"""Any day at the desk, crashes included: whatever happens in whatever order, what holds of every conversation always."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from botkit.content.texts import Texts
from botkit.conversation.inbox import HANDLED
from botkit.conversation.messages import Author, InboundMessage, Line
from botkit.conversation.outbox import DELIVERED
from botkit.conversation.ownership import state_of
from botkit.conversation.reception import CALL_BACK
from botkit.conversation.router import BACK_TO_BOT
from botkit.conversation.transcript import read_lines
from botkit.desk.accounts import Accounts, Agent, Presence, Role
from botkit.desk.service import DeskService, Refused
from botkit.handoff.machine import Owner, State
from botkit.store.engine import UnitOfWork, create_engine, unit_of_work
from botkit.store.tables.conversation import ConversationRow, InboundRow, OutboundRow, TurnRow
from botkit.store.tables.desk import AgentMessageRow, ServiceRow
from tests.unit.desk.floor import QUICK
from tests.unit.desk.fragile import POINTS, Crash, Fault, Run, Screen, StrictClock, expected_replies

MORNING = datetime(2026, 11, 22, 2, 0, tzinfo=timezone.utc)
WAITS, HUMAN = Owner.WAITING.value, Owner.HUMAN.value
UNDER_WAY = (WAITS, HUMAN)

SENDERS = st.sampled_from(["a", "b"])
AGENTS = st.sampled_from([0, 1])
WHO = st.sampled_from([None, None, None, 0, 1])
"""An agent, or None for the one who serves."""
NUMBERS = st.integers(0, 7)
WORDS = st.sampled_from(["查余额", "两句", "转人工", "转人工", "慢", "慢", "慢 转人工", "坏", "在吗", "不等了"])
PAYLOADS = st.sampled_from([BACK_TO_BOT, CALL_BACK, '/rate{"score": 5}', '/rate{"score": 1}'])


@dataclass(frozen=True)
class Day:
    """What each example begins with: a migrated database with two agents in it, to be copied."""

    template: Path
    folder: Path
    texts: Texts
    agents: Sequence[Agent]


@dataclass
class Conversation:
    """As the database has it."""

    row: ConversationRow
    lines: Sequence[Line]
    inbound: Sequence[InboundRow]
    outbound: Sequence[OutboundRow]
    services: Sequence[ServiceRow]
    turns: Sequence[TurnRow]
    said: Sequence[AgentMessageRow]
    state: State

    @property
    def events(self) -> list[Line]:
        return [line for line in self.lines if "event" in line.detail]

    def owner_at(self, seq: int) -> str:
        """Whose it was when this line was written."""
        before = [line.detail["owner"] for line in self.events if line.seq < seq]
        return before[-1] if before else Owner.BOT.value

    def agent_at(self, seq: int) -> int | None:
        before = [line.detail.get("agent") for line in self.events if line.seq < seq]
        return before[-1] if before else None

    def owners(self, message: InboundRow, until: datetime) -> list[str]:
        """Whose it was from the message's coming until then, in order."""
        later = [line.detail["owner"] for line in self.events if line.seq > message.seq and line.at <= until]
        return [self.owner_at(message.seq), *later]

    def answers(self, message: InboundRow, author: Author) -> list[Line]:
        seqs = {row.seq for row in self.outbound if row.inbound_id == message.id}
        return [line for line in self.lines if line.seq in seqs and line.author is author]


class AnyDay(RuleBasedStateMachine):
    """Two customers, two agents, a server that may fail at each step. Everybody repeats what was not acknowledged."""

    numbers = count()

    def __init__(self, day: Day) -> None:
        super().__init__()
        self.day = day
        self.file = day.folder / f"{next(self.numbers)}.db"
        shutil.copy(day.template, self.file)
        self.engine = create_engine(f"sqlite:///{self.file}")
        self.work: UnitOfWork = unit_of_work(self.engine)
        self.clock = StrictClock(MORNING)
        self.screen = Screen()
        self.sent: list[InboundMessage] = []
        self.unanswered: set[str] = set()
        self.said: list[tuple[Agent, str, str, str]] = []
        self.seqs: dict[str, int] = {}
        self.talks: dict[str, str] = {}
        self.start()

    # The server

    def start(self) -> None:
        self.run = Run(self.work, self.day.texts, self.clock, self.screen)
        self.run.do(self.run.worker.start())

    def crash(self) -> None:
        self.run.end()
        self.start()

    def attempt(self, work: object) -> object:
        """What a client asks of the server: None where it got no answer."""
        try:
            return self.run.do(work)
        except Crash:
            self.crash()
        except OperationalError:
            pass  # "try again", and it does
        return None

    def at_the_desk(self, deed: str, *arguments: object) -> object:
        """A command of the console: done, then what was said to the customer is delivered."""

        async def command() -> object:
            result = getattr(self.run.service, deed)(*arguments)
            for talk in self.talks.values():
                await self.run.outbox.flush(talk)
            return result

        with suppress(Refused):
            return self.attempt(command())
        return None

    # Customers

    @rule(sender=SENDERS, words=WORDS)
    def writes(self, sender: str, words: str) -> None:
        self.sends(sender, words)

    @rule(sender=SENDERS, payload=PAYLOADS)
    def chooses(self, sender: str, payload: str) -> None:
        self.sends(sender, f"选了 {payload}", payload)

    def sends(self, sender: str, text: str, payload: str | None = None) -> None:
        self.sent.append(InboundMessage("test", sender, f"message {len(self.sent)}", text, payload))
        self.submit(self.sent[-1])

    @precondition(lambda self: self.sent)
    @rule(number=NUMBERS)
    def repeats(self, number: int) -> None:
        self.submit(self.sent[-1 - number % len(self.sent)])

    def submit(self, message: InboundMessage) -> None:
        self.unanswered.add(message.external_id)
        receipt = self.attempt(self.run.worker.submit(message))
        if receipt is not None:
            self.unanswered.discard(message.external_id)
            self.talks[message.sender] = receipt.conversation_id  # type: ignore[attr-defined]

    @rule(online=st.booleans())
    def comes_or_goes(self, online: bool) -> None:
        self.screen.online = online

    # The bot

    @precondition(lambda self: self.run.thinking)
    @rule(number=NUMBERS)
    def has_thought(self, number: int) -> None:
        thinking = self.run.thinking

        async def finish() -> None:
            self.run.script.finish(thinking[number % len(thinking)])

        self.attempt(finish())

    # Agents

    @precondition(lambda self: self.talks)
    @rule(sender=SENDERS, agent=AGENTS, deed=st.sampled_from(["accept", "accept", "take_over", "hand_back"]))
    def takes_or_gives_back(self, sender: str, agent: int, deed: str) -> None:
        if sender in self.talks:
            self.at_the_desk(deed, self.day.agents[agent], self.talks[sender])

    @precondition(lambda self: self.talks)
    @rule(sender=SENDERS, agent=WHO, twice=st.booleans())
    def says(self, sender: str, agent: int | None, twice: bool) -> None:
        if sender in self.talks:
            number = len(self.said)
            self.said.append((self.who(agent, sender), self.talks[sender], f"console-{number}", f"客服说 {number}"))
            self.tell(number)
            if twice:
                self.tell(number)

    @precondition(lambda self: self.said)
    @rule(number=NUMBERS)
    def says_again(self, number: int) -> None:
        self.tell(len(self.said) - 1 - number % len(self.said))

    def who(self, agent: int | None, sender: str) -> Agent:
        if agent is not None:
            return self.day.agents[agent]
        with self.work(reading=True) as session:
            serves = state_of(session, session.get(ConversationRow, self.talks[sender])).agent
        return next((one for one in self.day.agents if one.id == serves), self.day.agents[0])

    def tell(self, number: int) -> None:
        agent, talk, message_id, text = self.said[number]
        seq = self.at_the_desk("say", agent, talk, message_id, text)
        if isinstance(seq, int):
            assert self.seqs.setdefault(message_id, seq) == seq, "said once, however often it is sent"

    @precondition(lambda self: self.talks)
    @rule(sender=SENDERS, by=WHO, to=st.sampled_from([None, 0, 1]))
    def transfers(self, sender: str, by: int | None, to: int | None) -> None:
        if sender in self.talks:
            other = None if to is None else self.day.agents[to].id
            self.at_the_desk("transfer", self.who(by, sender), self.talks[sender], "billing", other, "请接着办")

    @precondition(lambda self: self.talks)
    @rule(sender=SENDERS, to=AGENTS)
    def is_given_to(self, sender: str, to: int) -> None:
        if sender in self.talks:
            self.at_the_desk("reassign", self.day.agents[0], self.talks[sender], self.day.agents[to].id)

    @precondition(lambda self: self.talks)
    @rule(sender=SENDERS, agent=WHO)
    def closes(self, sender: str, agent: int | None) -> None:
        if sender in self.talks:
            self.at_the_desk("close", self.who(agent, sender), self.talks[sender], "好了", "other", True)

    @rule()
    def whoever_has_room_is_given_customers(self) -> None:
        self.at_the_desk("dispatch")

    @rule(agent=AGENTS)
    def goes_offline(self, agent: int) -> None:
        self.is_there(agent, Presence.OFFLINE)
        self.at_the_desk("lose", self.day.agents[agent].id)

    @rule(agent=AGENTS)
    def comes_back(self, agent: int) -> None:
        self.is_there(agent, Presence.ONLINE)

    def is_there(self, agent: int, presence: Presence) -> None:
        async def change() -> None:
            self.run.accounts.set_presence(self.day.agents[agent].id, presence)

        self.attempt(change())

    @rule(minutes=st.sampled_from([2, 5, 5]))
    def time_passes(self, minutes: int) -> None:
        async def tick() -> None:
            for happened in self.run.timers.tick():
                await self.run.outbox.flush(happened.conversation_id)

        self.clock.forward(minutes=minutes)
        self.attempt(tick())

    # What goes wrong

    @rule()
    def the_server_crashes(self) -> None:
        self.crash()

    @rule(point=st.sampled_from(POINTS), nth=st.sampled_from([1, 1, 2, 3]), crash=st.booleans())
    def something_will_break(self, point: str, nth: int, crash: bool) -> None:
        self.run.fragile.fault = Fault(point, nth, crash)

    @precondition(lambda self: self.talks)
    @rule(sender=SENDERS, nth=st.sampled_from([1, 2]), deeds=st.lists(st.sampled_from(["take", "close"]), min_size=1))
    def somebody_will_be_quicker(self, sender: str, nth: int, deeds: list[str]) -> None:
        """An agent at another server, between two units of work of this one."""
        if sender not in self.talks:
            return
        service, agent, talk = (
            DeskService(self.work, self.day.texts, self.clock),
            self.day.agents[0],
            self.talks[sender],
        )

        def do() -> None:
            for deed in deeds:
                with suppress(Refused):
                    if deed == "take":
                        service.take_over(agent, talk)
                    else:
                        service.close(agent, talk, "好了", "other", True)

        self.run.fragile.fault = Fault("before", nth, deed=do)

    # What holds always

    @invariant()
    def what_holds_always(self) -> None:
        talks = self.conversations()
        known = [row.external_id for talk in talks for row in talk.inbound]
        assert len(set(known)) == len(known), "every message is received once"
        for talk in talks:
            self.lines_are_numbered_without_gaps(talk)
            self.every_transition_has_its_event_and_nobody_is_handed_over_twice(talk)
            self.one_owner_and_at_most_one_service_that_runs(talk)
            self.the_bot_is_silent_while_a_human_has_it(talk)
            self.agents_speak_where_they_serve_and_say_each_thing_once(talk)
            self.every_message_is_a_line(talk)
            for message in talk.inbound:
                self.it_is_answered_or_handed_on_once(talk, message)
            self.every_line_for_the_customer_goes_out_once(talk)
            self.the_dialogue_has_a_turn_for_each_answer(talk)
            self.each_service_is_rated_at_most_once(talk)

    def conversations(self) -> list[Conversation]:
        with self.work(reading=True) as session:
            rows = session.execute(select(ConversationRow)).scalars().all()
            return [
                Conversation(
                    row,
                    read_lines(session, row.id, limit=100_000),
                    *(
                        session.query(table).filter_by(conversation_id=row.id).order_by(order).all()
                        for table, order in (
                            (InboundRow, InboundRow.seq),
                            (OutboundRow, OutboundRow.seq),
                            (ServiceRow, ServiceRow.id),
                            (TurnRow, TurnRow.number),
                            (AgentMessageRow, AgentMessageRow.seq),
                        )
                    ),
                    state_of(session, row),
                )
                for row in rows
            ]

    def lines_are_numbered_without_gaps(self, talk: Conversation) -> None:
        assert [line.seq for line in talk.lines] == list(range(1, talk.row.last_seq + 1))

    def every_transition_has_its_event_and_nobody_is_handed_over_twice(self, talk: Conversation) -> None:
        assert talk.owner_at(talk.row.last_seq + 1) == talk.row.owner
        begun = 0
        for event in talk.events:
            before, name = talk.owner_at(event.seq), event.detail["event"]
            if name == "HandOver":
                assert before not in UNDER_WAY, "he waits or is served already"
            begun += before not in UNDER_WAY and event.detail["owner"] in UNDER_WAY
            again = event.detail["owner"] == before and event.detail.get("agent") == talk.agent_at(event.seq)
            assert not again, "an event is a change"
        assert len(talk.services) == begun

    def one_owner_and_at_most_one_service_that_runs(self, talk: Conversation) -> None:
        running = [service.id for service in talk.services if service.closed_at is None]
        assert running == ([talk.row.service_id] if talk.row.owner in UNDER_WAY else [])
        assert (talk.state.agent is not None) == (talk.state.owner is Owner.HUMAN)
        assert talk.state.agent == talk.agent_at(talk.row.last_seq + 1)

    def the_bot_is_silent_while_a_human_has_it(self, talk: Conversation) -> None:
        for line in talk.lines:
            assert line.author is not Author.BOT or talk.owner_at(line.seq) not in UNDER_WAY

    def agents_speak_where_they_serve_and_say_each_thing_once(self, talk: Conversation) -> None:
        own = [line for line in talk.lines if line.author is Author.AGENT]
        assert all(line.detail["by"] == talk.agent_at(line.seq) for line in own)
        assert len({line.text for line in own}) == len(own)
        assert [message.seq for message in talk.said] == [line.seq for line in own]

    def every_message_is_a_line(self, talk: Conversation) -> None:
        own = [(line.seq, line.text) for line in talk.lines if line.author is Author.CUSTOMER]
        assert own == [(message.seq, message.text) for message in talk.inbound]

    def it_is_answered_or_handed_on_once(self, talk: Conversation, message: InboundRow) -> None:
        answers = talk.answers(message, Author.BOT)
        words = [line for line in talk.answers(message, Author.SYSTEM) if "word" not in line.detail]
        if message.status != HANDLED:
            assert not answers and not words, "an answer and the mark `handled` are one"
            known = message.external_id in self.unanswered
            assert known or talk.row.id in self.run.thinking, "it is being worked off, or will be repeated"
            return
        owners = talk.owners(message, message.handled_at)
        if answers:
            text = message.payload if message.payload in (BACK_TO_BOT, CALL_BACK) else message.text
            apology = answers[0].text == self.day.texts.text("bot_failure")
            assert len(answers) == (1 if apology else expected_replies(text))
            assert HUMAN not in owners, "the bot answers nothing that was said to a human, or that one has seen"
            return
        assert len(words) <= 1
        assert words or set(owners) & set(UNDER_WAY), "neither answered nor handed on"

    def every_line_for_the_customer_goes_out_once(self, talk: Conversation) -> None:
        theirs = [line.seq for line in talk.lines if line.author is not Author.CUSTOMER and line.text]
        assert [row.seq for row in talk.outbound] == theirs

    def the_dialogue_has_a_turn_for_each_answer(self, talk: Conversation) -> None:
        answers = [line.text for line in talk.lines if line.text.startswith("机器人: ")]
        assert [f"机器人: {turn.events[0]['text']}" for turn in talk.turns] == answers

    def each_service_is_rated_at_most_once(self, talk: Conversation) -> None:
        asked = [line for line in talk.lines if line.text == self.day.texts.text("desk_rating")]
        assert len(asked) == len([service for service in talk.services if service.rating_asked_at])

    def teardown(self) -> None:
        """In the evening everything has been worked off, and everybody has everything."""
        try:
            self.screen.online = True
            self.crash()
            while thinking := self.run.thinking:

                async def finish(talk: str = thinking[0]) -> None:
                    self.run.script.finish(talk)

                self.run.do(finish())
            for talk in self.conversations():
                self.run.do(self.run.outbox.flush(talk.row.id))
            assert self.run.worker.backlog == 0
            for talk in self.conversations():
                assert {row.status for row in talk.inbound} <= {HANDLED}
                assert {row.status for row in talk.outbound} <= {DELIVERED}
                assert sorted(self.screen.lines.get(talk.row.id, {})) == [row.seq for row in talk.outbound]
        finally:
            self.run.end()
            self.engine.dispose()
            for file in self.file.parent.glob(f"{self.file.name}*"):
                file.unlink()


@pytest.fixture
def day(template: Path, tmp_path: Path, texts: Texts) -> Day:
    shutil.copy(template, tmp_path / "morning.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'morning.db'}")
    accounts = Accounts(unit_of_work(engine), StrictClock(MORNING), QUICK)
    agents = []
    for login, limit in (("lin", 1), ("chen", 2)):
        agent, _ = accounts.create(login, f"客服{login}", Role.AGENT, ["billing"], limit, "a long secret")
        agents.append(accounts.set_presence(agent.id, Presence.ONLINE))
    engine.dispose()
    return Day(tmp_path / "morning.db", tmp_path, texts, agents)


def test_any_day(day: Day) -> None:
    run_state_machine_as_test(
        lambda: AnyDay(day),
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # shrinking takes minutes: the history that fails is short enough to read
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("end", ["close", "hand_back"])
def test_a_bot_that_thinks_longer_than_a_human_serves(day: Day, end: str) -> None:
    """What was said before and to the human has been handed on: the bot comes too late for all of it."""
    history = AnyDay(day)
    history.writes("a", "慢")
    history.takes_or_gives_back("a", 0, "take_over")
    history.writes("a", "对人说的")
    history.closes("a", 0) if end == "close" else history.takes_or_gives_back("a", 0, end)
    history.writes("a", "人走了以后说的")
    history.has_thought(0)
    history.what_holds_always()
    (talk,) = history.conversations()
    answers = [line.text for line in talk.lines if line.author is Author.BOT]
    history.teardown()
    assert answers == ["机器人: 人走了以后说的"]
