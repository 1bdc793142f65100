"""Ctrl-C and SIGTERM end the server cleanly, whatever it is doing."""

from __future__ import annotations

import signal
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.integration.server.server import Server, StoppingServer
from tests.integration.server.test_rest import transcript

pytestmark = [pytest.mark.model, pytest.mark.slow]

PLANS = ("畅选39", "畅选59", "畅选79", "畅选99", "畅选129", "畅选169")


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM])
def test_stopping_while_messages_are_at_work(new_server: Callable[..., Server], with_signal: signal.Signals) -> None:
    server = new_server()
    server.start()
    enough, answered = threading.Event(), []
    names = [f"stop-{number}-{uuid.uuid4().hex}" for number in range(6)]

    def talk(name: str) -> None:
        for number in range(1000):
            plan = PLANS[number % len(PLANS)]  # the same question three times would be handed over
            body = {"sender": name, "message": f"{plan}有多少流量", "message_id": str(number)}
            try:
                response = httpx.post(f"{server.url}/webhooks/rest/webhook", json=body, timeout=60)
            except httpx.TransportError:
                return
            assert response.status_code in (200, 503), response.text
            if response.status_code == 503:
                return
            answered.append(name)
            if len(answered) > 20:
                enough.set()

    threads = [threading.Thread(target=talk, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    assert enough.wait(60)
    begun = time.monotonic()
    assert server.stop(with_signal) == 0
    assert time.monotonic() - begun < 15
    for thread in threads:
        thread.join(timeout=60)
    assert server.errors() == []
    for name in names:
        authors = [author for author, _ in transcript(server, name)]
        assert authors.count("customer") - authors.count("bot") in (0, 1), (
            "at most the last one waits for the next start"
        )


def test_what_was_not_answered_is_answered_at_the_next_start(trained_model: Path, tmp_path: Path) -> None:
    """The one at work does not come to an end in time: the server stops all the same, and loses nothing."""
    server = StoppingServer(tmp_path, trained_model)
    server.start()
    name, text = f"stop-{uuid.uuid4().hex}", "畅选59有多少流量"
    server.stop_at("received", text)
    asked = threading.Thread(target=lambda: _ask(server, name, text))
    asked.start()
    server.wait_until_stopped()
    assert server.stop() == 0
    asked.join(timeout=60)
    server.go_on()
    server.start()
    assert server.say(name, text, "1")
    assert [author for author, _ in transcript(server, name)] == ["customer", "bot"]
    assert server.stop() == 0
    assert server.errors() == []


def _ask(server: Server, name: str, text: str) -> None:
    body = {"sender": name, "message": text, "message_id": "1"}
    with suppress(httpx.TransportError):
        assert httpx.post(f"{server.url}/webhooks/rest/webhook", json=body, timeout=60).status_code == 503
