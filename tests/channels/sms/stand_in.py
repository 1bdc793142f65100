"""A gateway as docs/sms.md describes it, on a local port: checks each request, answers as it is told.

Independent of the channel: signature and lengths are computed here from the document.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

KEY, SECRET, NUMBER = "botkit-test", "a secret of both sides", "10036"


def sign(purpose: str, timestamp: str, body: bytes, secret: str = SECRET) -> str:
    return "v1=" + hmac.new(secret.encode(), f"{purpose}\n{timestamp}\n".encode() + body, hashlib.sha256).hexdigest()


@dataclass
class StandIn:
    """outcomes: for the next requests a status, (status, body), `drop` (taken, no answer) or `lose` (not taken, no answer).
    held: no request is worked on until it is set. taken: what customers got, each id once. now: the time that requests are held against."""

    now: Callable[[], float] = time.time
    outcomes: list[Any] = field(default_factory=list)
    held: threading.Event | None = None
    requests: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    retry_after: str | None = None
    secret: str = SECRET
    url: str = ""

    def texts(self) -> list[str]:
        return [one["text"] for one in self.taken]

    def take(self, message: dict[str, Any]) -> None:
        if message["id"] not in [one["id"] for one in self.taken]:
            self.taken.append(message)

    def check(self, headers: Any, body: bytes) -> dict[str, Any]:
        """What the document asks of a request."""
        timestamp = headers["X-Sms-Timestamp"]
        self._must(headers["Content-Type"] == "application/json", "content type")
        self._must(headers["X-Sms-Key"] == KEY, "key")
        self._must(
            hmac.compare_digest(headers["X-Sms-Signature"], sign("send", timestamp, body, self.secret)), "signature"
        )
        self._must(abs(self.now() - int(timestamp)) <= 300, "timestamp")
        message: dict[str, Any] = json.loads(body.decode("utf-8"))
        self._must(set(message) == {"id", "from", "to", "text", "parts", "report"}, f"fields {sorted(message)}")
        self._must(re.fullmatch(r"[!-~]{1,100}", message["id"]) is not None, "id")
        self._must(message["from"] == NUMBER, "from")
        self._must(re.fullmatch(r"\+861\d{10}", message["to"]) is not None, f"to {message['to']}")
        units = len(message["text"].encode("utf-16-be")) // 2
        most = 70 if message["parts"] == 1 else 67 * message["parts"]
        self._must(0 < units <= most, f"{units} units in {message['parts']} parts")
        self._must(type(message["report"]) is bool, "report")
        return message

    def _must(self, holds: bool, what: str) -> None:
        if not holds:
            self.violations.append(what)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    gateway: StandIn

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        gateway = self.gateway
        gateway.requests += 1
        message = gateway.check(self.headers, body)
        if gateway.held is not None:
            gateway.held.wait(30)
        outcome = gateway.outcomes.pop(0) if gateway.outcomes else 200
        if outcome in ("drop", "lose"):
            if outcome == "drop":
                gateway.take(message)
            self.close_connection = True
            return
        status, answer = outcome if isinstance(outcome, tuple) else (outcome, b'{"ok": true}')
        if status in (200, 202):
            gateway.take(message)
        with suppress(BrokenPipeError, ConnectionResetError):  # who asked may have given up meanwhile
            self._answer(status, answer)

    def _answer(self, status: int, answer: bytes) -> None:
        gateway = self.gateway
        self.send_response(status)
        if gateway.retry_after:
            self.send_header("Retry-After", gateway.retry_after)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def stand_in(now: Callable[[], float] = time.time) -> Iterator[StandIn]:
    gateway = StandIn(now)
    handler = type("Handler", (_Handler,), {"gateway": gateway})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_address[1]}/send"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def request_of(
    purpose: str, data: Any, now: float, secret: str = SECRET, key: str = KEY, **headers: str
) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a gateway's request to us."""
    body = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    timestamp = str(int(now))
    signed = {
        "Content-Type": "application/json",
        "X-Sms-Key": key,
        "X-Sms-Timestamp": timestamp,
        "X-Sms-Signature": sign(purpose, timestamp, body, secret),
    }
    return body, signed | headers


def post(url: str, purpose: str, data: Any, now: float | None = None, **options: Any) -> httpx.Response:
    """As the gateway sends it. url: of the server."""
    body, headers = request_of(purpose, data, time.time() if now is None else now, **options)
    where = "/webhooks/sms" if purpose == "message" else "/webhooks/sms/report"
    return httpx.post(url + where, content=body, headers=headers, timeout=60, verify=False)
