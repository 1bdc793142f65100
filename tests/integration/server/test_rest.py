"""The REST channel as Rasa's: shape, errors, and repeated deliveries."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from botkit.conversation.transcript import read_lines
from botkit.store.engine import create_engine, unit_of_work
from botkit.store.tables.conversation import ConversationRow
from tests.integration.server.server import Server

pytestmark = [pytest.mark.model, pytest.mark.slow]

WEBHOOK = "/webhooks/rest/webhook"


def sender() -> str:
    return f"rest-{uuid.uuid4().hex}"


def transcript(server: Server, name: str) -> list[tuple[str, str]]:
    """(author, text) of all lines, as the database has them."""
    engine = create_engine(f"sqlite:///{server.var / 'botkit.db'}")
    with unit_of_work(engine)(reading=True) as session:
        row = session.query(ConversationRow).filter_by(channel="rest", sender=name).one()
        lines = [(line.author.value, line.text) for line in read_lines(session, row.id, limit=1000)]
    engine.dispose()
    return lines


def post(server: Server, body: Any, **options: Any) -> httpx.Response:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    headers = {"Content-Type": "application/json", **options.pop("headers", {})}
    return httpx.post(f"{server.url}{WEBHOOK}", content=content, headers=headers, timeout=60, **options)


def test_the_answer_has_rasas_shape(server: Server) -> None:
    name = sender()
    response = post(server, {"sender": name, "message": "你好"})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/json")
    messages = response.json()
    assert messages and all(message["recipient_id"] == name for message in messages)
    assert all(set(message) <= {"recipient_id", "text", "buttons", "custom"} for message in messages)
    buttons = [button for message in messages for button in message.get("buttons", ())]
    assert buttons and all(set(button) == {"title", "payload"} for button in buttons)


def test_a_table_is_under_custom(server: Server) -> None:
    name = sender()
    messages = server.say(name, "畅选59和畅选79比一比")
    (table,) = [message["custom"]["table"] for message in messages if "table" in message.get("custom", {})]
    assert set(table) == {"caption", "columns", "rows"}


def test_a_button_is_chosen_by_sending_its_payload(server: Server) -> None:
    name = sender()
    offered = [button for message in server.say(name, "畅选59有多少流量") for button in message.get("buttons", ())]
    (button,) = [button for button in offered if button["payload"].startswith("/compare_plans")][:1]
    assert server.say(name, button["payload"])
    assert ("customer", button["payload"]) in transcript(server, name)


def test_health(server: Server) -> None:
    assert httpx.get(f"{server.url}/webhooks/rest/").json() == {"status": "ok"}


# ---------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'"text"',
        b"[" * 100_000,
        {},
        {"sender": "a"},
        {"message": "你好"},
        {"sender": "a", "message": ""},
        {"sender": "a", "message": "  \n"},
        {"sender": "a", "message": "\x00"},
        {"sender": "a", "message": None},
        {"sender": "a", "message": 7},
        {"sender": "a", "message": ["你好"]},
        {"sender": "", "message": "你好"},
        {"sender": "a" * 101, "message": "你好"},
        {"sender": 7, "message": "你好"},
        {"sender": "a\x00b", "message": "你好"},
        {"sender": "\ud800", "message": "你好"},
        {"sender": "a", "message": "你好", "message_id": ""},
        {"sender": "a", "message": "你好", "message_id": "x" * 101},
        {"sender": "a", "message": "你好", "message_id": {}},
        {"sender": "a", "message": "你好", "message_id": True},
        {"sender": "a", "message": "你好", "message_id": 1.5},
    ],
    ids=lambda body: str(body)[:50],
)
def test_a_request_that_makes_no_sense(server: Server, body: Any) -> None:
    response = post(server, body)
    assert response.status_code == 400
    assert isinstance(response.json()["error"], str)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_wrong_method(server: Server, method: str) -> None:
    assert httpx.request(method, f"{server.url}{WEBHOOK}").status_code == 405


def test_a_wrong_address(server: Server) -> None:
    response = httpx.post(f"{server.url}/webhooks/rest/webhooks", json={})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("application/json")


def test_a_body_that_is_too_large(server: Server) -> None:
    response = post(server, {"sender": "a", "message": "长" * 2_000_000})
    assert response.status_code == 413


@pytest.mark.parametrize("message", ["半\ud800个", "\x1b[2J查余额", "长" * 10_000, "\U0001f600"])
def test_strange_messages_are_answered(server: Server, message: str) -> None:
    response = post(server, {"sender": sender(), "message": message})
    assert response.status_code == 200 and response.json()


def test_strange_ids_are_taken(server: Server) -> None:
    name = sender()
    for message_id in (7, "零\x00", "半\ud800个", "a" * 100):
        body = {"sender": name, "message": "你好", "message_id": message_id}
        assert post(server, body).json()
        assert post(server, body).json() == []


# ------------------------------------------------------------------------------------------------------ the same message


def test_the_same_message_twice_is_answered_once(server: Server) -> None:
    name = sender()
    assert server.say(name, "你好", "m1")
    assert server.say(name, "你好", "m1") == []
    assert server.say(name, "什么别的", "m1") == []
    assert [author for author, _ in transcript(server, name)] == ["customer", "bot"]


def test_without_an_id_it_is_another_message(server: Server) -> None:
    name = sender()
    assert server.say(name, "你好") and server.say(name, "你好")
    assert [author for author, _ in transcript(server, name)] == ["customer", "bot"] * 2


def test_the_same_message_many_times_at_once_is_answered_once(server: Server) -> None:
    for _ in range(5):
        name = sender()
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(server.say, [name] * 6, ["畅选59有多少流量"] * 6, ["m1"] * 6))
        assert sorted(map(bool, answers)) == [False] * 5 + [True]
        assert [author for author, _ in transcript(server, name)] == ["customer", "bot"]


def test_ids_belong_to_their_sender(server: Server) -> None:
    """However the parts are put together, nobody gets another one's answer."""
    name = sender()
    assert server.say(f"{name}:a", "你好", "b")
    assert server.say(name, "畅选59有多少流量", "a:b")
    assert [author for author, _ in transcript(server, name)] == ["customer", "bot"]


def test_messages_of_many_senders_at_once(server: Server) -> None:
    names = [sender() for _ in range(12)]

    def talk(name: str) -> list[int]:
        return [len(server.say(name, text)) for text in ("你好", "畅选59有多少流量", "什么是SA")]

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(talk, names))
    assert all(min(lengths) >= 1 for lengths in answers)
    for name in names:
        authors = [author for author, _ in transcript(server, name)]
        assert authors[:2] == ["customer", "bot"] and authors.count("customer") == 3


# ----------------------------------------------------------------------------------------------------------------- token


def test_outside_of_demo_mode_a_token_is_wanted(new_server: Callable[..., Server]) -> None:
    server = new_server(BOTKIT_DEMO="0", BOTKIT_REST_TOKEN="s3cret")
    server.start()
    body = {"sender": "a", "message": "你好"}
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer"}, {"Authorization": "s3cre"}):
        refused = post(server, body, headers=headers)
        assert refused.status_code == 401 and refused.json()["error"]
    assert post(server, b"{", headers={}).status_code == 401, "nothing is told to those who may not ask"
    assert post(server, body, headers={"Authorization": "Bearer s3cret"}).json()
    assert server.stop() == 0
    assert server.errors() == []
