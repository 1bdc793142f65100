from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from botkit.content.texts import Texts
from botkit.conversation.reply import Cell, Choice, Reply, StepCard, Table, reply_from_rasa, said

words = st.text(max_size=20)
cells = st.builds(Cell, words, st.sampled_from([None, "up", "down"]), st.sampled_from([None, True, False]))
tables = st.builds(
    Table,
    words,
    st.lists(words, max_size=4).map(tuple),
    st.lists(st.lists(cells, max_size=4).map(tuple), max_size=4).map(tuple),
)
steps = st.builds(StepCard, words, st.integers(1, 9), st.integers(1, 9), st.lists(words, max_size=3).map(tuple), words)
choices = st.builds(Choice, words, words)
replies = st.builds(
    Reply,
    words,
    st.none() | tables,
    st.none() | steps,
    st.lists(choices, max_size=3).map(tuple),
    st.sampled_from([None, "phone", "code"]),
)


def as_rasa_sends(reply: Reply) -> dict[str, Any]:
    """The message that Rasa makes of an action's reply, after its way through JSON."""
    content = Reply(reply.text, reply.table, reply.step, asks=reply.asks).content()
    message = {
        "text": reply.text,
        "buttons": [asdict(choice) for choice in reply.choices],
        "custom": {**content, "hand_over": {"reason": "asked"}},
    }
    decoded: dict[str, Any] = json.loads(json.dumps(message))
    return decoded


@given(replies)
def test_a_reply_survives_the_way_through_rasa(reply: Reply) -> None:
    assert reply_from_rasa(as_rasa_sends(reply)) == reply


@given(replies)
def test_the_content_is_json_without_empty_parts(reply: Reply) -> None:
    content = reply.content()
    json.dumps(content)
    parts = {"table": reply.table, "step": reply.step, "choices": reply.choices, "asks": reply.asks}
    assert set(content) == {name for name, part in parts.items() if part}


def test_a_message_of_rasas_own_templates() -> None:
    message = {"text": "您好", "buttons": None, "custom": None, "image": None, "attachment": None}
    assert reply_from_rasa(message) == Reply("您好")
    assert reply_from_rasa({"custom": {"hand_over": {"reason": "asked"}}}) == Reply("")


def test_a_text_of_the_content_with_its_buttons(texts: Texts) -> None:
    reply = said(texts, "back_with_bot")
    assert reply.text == texts.text("back_with_bot")
    assert reply.choices[0] == Choice("查余额", "/ask_balance")
