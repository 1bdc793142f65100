from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from botkit.conversation.messages import MAX_TEXT, Author
from botkit.conversation.payloads import OFFERED_WITHIN, accepted_payload, as_typed
from botkit.conversation.transcript import append_line, open_conversation
from botkit.store.engine import UnitOfWork
from tests.unit.conversation.fakes import Clock

OWN = {"/back_to_bot"}
INTENTS = {"ask_balance", "ask_plan_details", "inform"}
DOMAIN = Domain.from_dict({"intents": sorted(INTENTS), "entities": ["phone_number"]})

OFFERED = '/ask_plan_details{"plan": "畅选59"}'

SIGNS = [*"/ \t\n\u3000\xa0\x85\u200b{}\"':@.,", "inform", "restart"]
command_like = st.lists(st.sampled_from(SIGNS), max_size=12).map("".join)


class Talk:
    """A conversation in which the bot has offered a choice."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def offer(self, payload: str, lines_since: int = 0) -> None:
        with self.work() as session:
            row = open_conversation(session, "test", "someone", Clock()())
            choices = {"choices": [{"title": "看看", "payload": payload}]}
            append_line(session, row, Author.BOT, "请选", Clock()(), choices)
            for number in range(lines_since):
                append_line(session, row, Author.CUSTOMER, str(number), Clock()())

    def accepts(self, payload: str | None) -> bool:
        with self.work() as session:
            row = open_conversation(session, "test", "someone", Clock()())
            accepted = accepted_payload(session, row, payload, OWN, INTENTS)
        assert accepted in (payload, None)
        return accepted is not None


@pytest.fixture
def talk(work: UnitOfWork) -> Talk:
    return Talk(work)


@pytest.mark.parametrize("payload", ["/ask_balance", "/inform", "/back_to_bot"])
def test_a_bare_intent_may_always_be_sent(talk: Talk, payload: str) -> None:
    assert talk.accepts(payload)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        "",
        "/",
        "//ask_balance",
        "ask_balance",
        " /ask_balance",
        "/ask_balance ",
        "/ask_balance\n",
        "/Ask_balance",
        "/ask_balance@0.9",
        "/unknown",
        "/restart",
        "/back",
        "/session_start",
        "/nlu_fallback",
        "/EXTERNAL: ask_balance",
        "/ask_balance{}",
        '/inform{"phone_number": "17000000001"}',
        '/inform{"phone_number": "17000000001"}@1.0',
        OFFERED,
        "/action_listen",
        "/" + "a" * 9_000,
    ],
)
def test_what_was_not_offered_is_refused(talk: Talk, payload: str | None) -> None:
    assert not talk.accepts(payload)


def test_what_was_offered_is_accepted_exactly_as_it_was(talk: Talk) -> None:
    talk.offer(OFFERED)
    assert talk.accepts(OFFERED)
    assert not talk.accepts(OFFERED.replace("59", "199"))
    assert not talk.accepts(OFFERED + " ")


def test_an_offered_fallback_is_accepted(talk: Talk) -> None:
    talk.offer("/nlu_fallback")
    assert talk.accepts("/nlu_fallback")


def test_an_offer_in_another_conversation_does_not_count(talk: Talk, work: UnitOfWork) -> None:
    talk.offer(OFFERED)
    with work() as session:
        other = open_conversation(session, "test", "someone else", Clock()())
        assert accepted_payload(session, other, OFFERED, OWN, INTENTS) is None


def test_an_offer_grows_old(talk: Talk) -> None:
    talk.offer(OFFERED, lines_since=OFFERED_WITHIN - 1)
    assert talk.accepts(OFFERED)
    talk.offer("/ask_balance", lines_since=0)
    assert not talk.accepts(OFFERED)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("查余额", "查余额"),
        ("  查余额 ", "查余额"),
        ("/restart", "restart"),
        ("/ /restart", "restart"),
        (" \u3000/\t/ / restart", "restart"),
        ("/", "…"),
        ("   ", "…"),
        ("", "…"),
        ("1/2", "1/2"),
        ("啊" * 10_000, "啊" * MAX_TEXT),
    ],
)
def test_typed_text_as_the_dialogue_gets_it(typed: str, said: str) -> None:
    assert as_typed(typed) == said


@given(st.one_of(command_like, st.text()))
def test_typed_text_is_never_a_command(typed: str) -> None:
    said = as_typed(typed)
    message = Message(data={TEXT: said})
    assert said.strip()
    assert YAMLStoryReader.unpack_regex_message(message, DOMAIN) is message
