"""The server is killed in the middle of an answer, at every point where that makes a difference, and started again."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest

from tests.integration.server.server import POINTS, StoppingServer
from tests.integration.server.test_rest import transcript

pytestmark = [pytest.mark.model, pytest.mark.slow]

PHONE = "17000000001"
QUESTION = "畅选59有多少流量"


def kill_at(server: StoppingServer, point: str, sender: str, text: str) -> None:
    """Send a message, kill the server when it has come to the point, and start it again."""
    server.stop_at(point, text)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(httpx.post, f"{server.url}/webhooks/rest/webhook", json=body(sender, text), timeout=60)
        server.wait_until_stopped()
        server.kill()
        with suppress(httpx.TransportError):
            asked.result(timeout=10)
    server.go_on()
    server.start()


def body(sender: str, text: str) -> dict[str, str]:
    return {"sender": sender, "message": text, "message_id": f"id of {text}"}


@pytest.mark.parametrize("point", POINTS)
def test_the_answer_arrives_once(stopping_server: StoppingServer, point: str) -> None:
    sender = f"crash-{point}-{uuid.uuid4().hex}"
    assert stopping_server.say(sender, "你好", "greeting")
    kill_at(stopping_server, point, sender, QUESTION)
    answer = stopping_server.say(sender, QUESTION, f"id of {QUESTION}")
    again = stopping_server.say(sender, QUESTION, f"id of {QUESTION}")
    lines = transcript(stopping_server, sender)
    assert [author for author, _ in lines] == ["customer", "bot"] * 2
    assert [message["text"] for message in answer] == [lines[3][1]]
    assert again == []
    followed = stopping_server.say(sender, "还有吗", "next")
    assert followed, "and the conversation goes on"


def test_a_killed_attempt_sends_no_second_code(stopping_server: StoppingServer) -> None:
    """The action has sent the code and the dialogue its answer, and nothing of that was stored."""
    sender = f"code-{uuid.uuid4().hex}"
    stopping_server.say(sender, "查余额", "ask")
    kill_at(stopping_server, "thought", sender, PHONE)
    answer = stopping_server.say(sender, PHONE, f"id of {PHONE}")
    sent = [json.loads(line) for line in (stopping_server.var / "sms.jsonl").read_text(encoding="utf-8").splitlines()]
    (message,) = [sms for sms in sent if sms["to"] == PHONE]
    assert "170****0001" in answer[0]["text"]
    code = next(word for word in message["text"].replace(",", " ").split() if word.isdigit() and len(word) == 6)
    verified = stopping_server.say(sender, code, "code")
    assert len(verified) >= 2, "the code counts, and the first question is answered"


def test_several_conversations_are_taken_up(stopping_server: StoppingServer) -> None:
    """One message is stopped half way, others wait behind it or belong to others; all are answered, in order."""
    stuck, other = f"stuck-{uuid.uuid4().hex}", f"other-{uuid.uuid4().hex}"
    stopping_server.stop_at("received", QUESTION)
    with ThreadPoolExecutor(4) as pool:
        asked = [
            pool.submit(
                httpx.post, f"{stopping_server.url}/webhooks/rest/webhook", json=body(stuck, QUESTION), timeout=60
            )
        ]
        stopping_server.wait_until_stopped()
        for text in ("什么是SA", "你好"):
            before = len(transcript(stopping_server, stuck))
            asked.append(
                pool.submit(
                    httpx.post, f"{stopping_server.url}/webhooks/rest/webhook", json=body(stuck, text), timeout=60
                )
            )
            while len(transcript(stopping_server, stuck)) == before:
                assert not asked[-1].done()
        assert stopping_server.say(other, "你好"), "another conversation does not wait"
        stopping_server.kill()
        for request in asked:
            with suppress(httpx.TransportError):
                request.result(timeout=10)
    stopping_server.go_on()
    stopping_server.start()
    answers = [stopping_server.say(stuck, text, f"id of {text}") for text in (QUESTION, "什么是SA", "你好")]
    assert all(answers)
    authors = [author for author, _ in transcript(stopping_server, stuck)]
    assert authors.count("customer") == 3 and authors.count("bot") >= 3
    bot_lines = [text for author, text in transcript(stopping_server, stuck) if author == "bot"]
    assert bot_lines == [message["text"] for answer in answers for message in answer], "answered in the order received"


def test_the_log_tells_of_no_fault(stopping_server: StoppingServer) -> None:
    assert stopping_server.errors() == []
