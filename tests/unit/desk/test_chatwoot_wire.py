"""Chatwoot's JSON, read and written."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.desk.chatwoot.wire import (
    Contact,
    Ignored,
    Malformed,
    RemoteAgent,
    Said,
    Stands,
    contact_body,
    conversation_body,
    customers_message,
    heard,
    private_note,
    said_in,
    state_in,
)
from tests.chatwoot.standin import ACCOUNT, INBOX, wire


def read(payload: Any) -> object:
    return heard(payload, ACCOUNT, INBOX)


def test_what_an_agent_says_goes_under_the_name_that_customers_see() -> None:
    assert read(wire("webhook_message_created")) == Said(1001, 42, RemoteAgent(7, "小林"), "您好, 我来看一下。")


def test_without_a_name_to_show_it_is_the_full_name() -> None:
    payload = wire("webhook_message_created")
    payload["conversation"]["messages"] = []
    said = read(payload)
    assert isinstance(said, Said) and said.agent == RemoteAgent(7, "林小燕")


def test_the_same_message_read_back_says_the_same() -> None:
    back = said_in(wire("message_shown"), 1001, 42)
    assert back == read(wire("webhook_message_created"))


@pytest.mark.parametrize(
    "change",
    [
        {"private": True},
        {"private": None},
        {"message_type": "incoming"},
        {"message_type": "template"},
        {"message_type": "activity"},
        {"source_id": "botkit:x:1:card"},
        {"sender": None},
        {"sender": {"id": 1, "name": "Bot", "type": "agent_bot"}},
        {"sender": {"id": 1, "name": "访客", "type": "contact"}},
        {"account": {"id": 4}},
        {"inbox": {"id": 6}},
        {"event": "message_updated"},
        {"event": "conversation_typing_on"},
    ],
)
def test_what_is_not_for_the_customer_is_ignored(change: dict[str, Any]) -> None:
    assert isinstance(read(wire("webhook_message_created") | change), Ignored)


def test_a_file_alone_has_no_text() -> None:
    said = read(wire("webhook_message_created") | {"content": None, "attachments": [{"id": 1, "file_type": "image"}]})
    assert isinstance(said, Said) and (said.text, said.files) == ("", True)


def test_an_assignment() -> None:
    stands = read(wire("webhook_conversation_updated"))
    assert isinstance(stands, Stands)
    assert (stands.remote_id, stands.status, stands.assignee) == (42, "open", RemoteAgent(7, "小林"))
    assert stands.changed is not None and stands.changed["assignee_id"] == 7
    assert stands.at == 1795673190.25


def test_a_change_of_status() -> None:
    stands = read(wire("webhook_conversation_status_changed"))
    assert isinstance(stands, Stands) and (stands.status, stands.changed) == ("resolved", {"status": "resolved"})


def test_a_bot_as_assignee_is_nobody() -> None:
    payload = wire("webhook_conversation_updated")
    payload["meta"] |= {"assignee_type": "AgentBot"}
    stands = read(payload)
    assert isinstance(stands, Stands) and stands.assignee is None


def test_a_conversation_read_back() -> None:
    shown = wire("conversation_shown")
    shown["meta"]["assignee"] = wire("assignee")
    stands = state_in(shown, "conversation_status_changed", 42)
    assert (stands.status, stands.assignee, stands.at) == ("open", RemoteAgent(7, "小林"), 1795673110.125)


@pytest.mark.parametrize(
    "change", [{"id": "1001"}, {"id": None}, {"conversation": None}, {"content": 7}, {"event": None}]
)
def test_what_chatwoot_does_not_send_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read(wire("webhook_message_created") | change)


def test_what_is_sent() -> None:
    assert contact_body(Contact("botkit-1", "访客 0a1b", {"botkit_verified": False}), INBOX) == {
        "inbox_id": INBOX,
        "identifier": "botkit-1",
        "name": "访客 0a1b",
        "custom_attributes": {"botkit_verified": False},
    }
    assert conversation_body(INBOX, 11, "source", {"botkit_group": "综合"}) == {
        "inbox_id": INBOX,
        "contact_id": 11,
        "source_id": "source",
        "status": "open",
        "custom_attributes": {"botkit_group": "综合"},
    }
    assert customers_message("botkit:a", "在吗") == {
        "content": "在吗",
        "message_type": "incoming",
        "private": False,
        "source_id": "botkit:a",
    }
    note = private_note("botkit:b", "卡片")
    assert (note["private"], note["message_type"]) == (True, "outgoing")
