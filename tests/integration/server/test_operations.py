"""What operators ask the server: is it alive, is it ready, how is it."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.integration.server.server import Server

pytestmark = [pytest.mark.model, pytest.mark.slow]


def metric(server: Server, name: str) -> float:
    found = re.search(rf"^{name}(?:{{.*}})? ([0-9.e+-]+)$", httpx.get(f"{server.url}/metrics").text, re.MULTILINE)
    assert found, name
    return float(found[1])


def test_alive(server: Server) -> None:
    response = httpx.get(f"{server.url}/healthz")
    assert response.status_code == 200 and response.json() == {"status": "alive"}


def test_ready(server: Server) -> None:
    response = httpx.get(f"{server.url}/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "checks": {"model": True, "database": True, "queue": True}}


def test_metrics_are_prometheus_text(server: Server) -> None:
    response = httpx.get(f"{server.url}/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    for line in response.text.splitlines():
        assert line.startswith("# ") or re.fullmatch(r"[a-z_]+(\{[^}]*\})? [0-9.e+-]+", line), line


def test_messages_are_counted(server: Server) -> None:
    before = metric(server, "botkit_message_seconds_count")
    server.say("metrics", "你好")
    assert metric(server, "botkit_message_seconds_count") == before + 1
    assert metric(server, "botkit_messages_waiting") == 0
    assert metric(server, "botkit_messages_failed_total") == 0


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_wrong_methods(server: Server, path: str) -> None:
    assert httpx.post(f"{server.url}{path}").status_code == 405


def test_unknown_addresses(server: Server) -> None:
    response = httpx.get(f"{server.url}/nirgends")
    assert response.status_code == 404
    assert "Traceback" not in response.text
