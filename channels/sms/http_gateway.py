"""The generic HTTP gateway: JSON both ways, signed. Its protocol is ours, see docs/sms.md."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import structlog
from sanic import Blueprint, Request
from sanic import json as json_response
from sanic.response import HTTPResponse

from botkit.conversation.messages import MAX_TEXT
from botkit.conversation.outbox import Sent, TryLater, Undeliverable
from channels.sms.gateway import Arrivals, Incoming, Outgoing
from channels.sms.numbers import international, is_mobile, normal
from channels.sms.settings import HttpSettings
from channels.sms.signing import headers, refusal

LARGEST = 16 * 1024
"""Bytes of a request."""

TIMEOUT = httpx.Timeout(10.0)
LONGEST_PAUSE = 3600
"""Seconds: a gateway that wants to be left alone longer is asked again after that."""

_ID = re.compile(r"[!-~]{1,100}")
_PROBLEMS = {"no_address": "no_address", "blocked": "blocked", "expired": "expired"}

log = structlog.get_logger(__name__)


class HttpGateway:
    def __init__(
        self,
        settings: HttpSettings,
        number: str,
        clock: Callable[[], datetime],
        client: httpx.AsyncClient | None = None,
    ) -> None:
        """number: our own."""
        self._settings = settings
        self._number = number
        self._clock = clock
        self._client = client or httpx.AsyncClient(timeout=TIMEOUT)
        self._arrivals: Arrivals | None = None
        self._blueprint = self._webhooks()

    @property
    def blueprint(self) -> Blueprint:
        return self._blueprint

    async def open(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals

    async def close(self) -> None:
        self._arrivals = None
        await self._client.aclose()

    # Out

    async def send(self, message: Outgoing, done: int = 0) -> Sent:
        """The gateway takes a message whole or not at all, and a repeated id once."""
        body = json.dumps(
            {
                "id": message.key,
                "from": self._number,
                "to": _plus(message.to),
                "text": "".join(message.parts),
                "parts": len(message.parts),
                "report": message.reports,
            },
            ensure_ascii=False,
        ).encode()
        signed = headers(self._settings.key, self._settings.secret, "send", self._clock(), body)
        signed["Content-Type"] = "application/json"
        try:
            response = await self._client.post(self._settings.url, content=body, headers=signed)
        except httpx.HTTPError as error:
            raise TryLater(f"gateway not reached: {type(error).__name__}") from error
        if response.status_code in (200, 202):
            return Sent((message.key,))
        raise _failure(response)

    # In

    def _webhooks(self) -> Blueprint:
        blueprint = Blueprint("sms", url_prefix="/webhooks/sms")

        @blueprint.post("/")
        async def message(request: Request) -> HTTPResponse:
            return await self._message(request)

        @blueprint.post("/report")
        async def report(request: Request) -> HTTPResponse:
            return await self._report(request)

        return blueprint

    async def _message(self, request: Request) -> HTTPResponse:
        data, refused = self._read(request, "message")
        if refused is not None:
            return refused
        incoming, problem = _incoming(data)
        if incoming is None:
            return _refused(422, problem)
        if normal(data["to"]) != self._number:
            return _refused(422, "`to` is not our number")
        if self._arrivals is None:
            return _refused(503, "starting, send it again")
        try:
            await self._arrivals.message(incoming)
        except Exception:
            log.exception("message not stored", channel="sms")
            return _refused(503, "the message could not be stored, send it again")
        return json_response({"ok": True})

    async def _report(self, request: Request) -> HTTPResponse:
        data, refused = self._read(request, "report")
        if refused is not None:
            return refused
        status, reason = data.get("status"), data.get("reason")
        if not _is_id(data.get("id")) or status not in ("delivered", "failed"):
            return _refused(422, "`id` and `status`, `delivered` or `failed`, are wanted")
        if reason is not None and not isinstance(reason, str):
            return _refused(422, "`reason` must be a text")
        if self._arrivals is None:
            return _refused(503, "starting, send it again")
        try:
            problem = _PROBLEMS.get(reason or "", "refused")
            known = await self._arrivals.report(data["id"], status == "delivered", problem)
        except Exception:
            log.exception("report not stored", channel="sms")
            return _refused(503, "the report could not be stored, send it again")
        return json_response({"ok": True}) if known else _refused(404, "no message of this id is known, or not yet")

    def _read(self, request: Request, purpose: str) -> tuple[dict[str, Any], HTTPResponse | None]:
        """The body of a request that is the gateway's, or what it is refused with."""
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            return {}, _refused(415, "application/json is wanted")
        body = request.body or b""
        if len(body) > LARGEST:
            return {}, _refused(413, f"at most {LARGEST} bytes are taken")
        why = refusal(request.headers, self._settings.key, self._settings.secret, purpose, self._clock(), body)
        if why is not None:
            log.warning("request refused", channel="sms", purpose=purpose, why=why)
            return {}, _refused(401, f"wrong {why}")
        try:
            data = json.loads(body.decode("utf-8"))
        except (ValueError, RecursionError):
            return {}, _refused(400, "the body is not JSON")
        return (data, None) if isinstance(data, dict) else ({}, _refused(400, "the body is not a JSON object"))


def _incoming(data: dict[str, Any]) -> tuple[Incoming | None, str]:
    number = normal(data["from"]) if isinstance(data.get("from"), str) else None
    if not _is_id(data.get("id")):
        return None, "`id` must be a text of 1 to 100 printable ASCII characters"
    if number is None:
        return None, "`from` must be a number"
    if not isinstance(data.get("to"), str):
        return None, "`to` must be a number"
    if not isinstance(data.get("text"), str) or len(data["text"]) > MAX_TEXT:
        return None, f"`text` must be a text of at most {MAX_TEXT} characters"
    return Incoming(number, data["text"], data["id"]), ""


def _failure(response: httpx.Response) -> Exception:
    """What an answer other than 200 means. A wrong key or address of ours is mended by people: nothing is given up."""
    status = response.status_code
    if status == 429 or status >= 500:
        return TryLater(f"gateway answered {status}", _pause(response.headers.get("retry-after", "")))
    if status in (400, 413, 422):
        problem = _problem(response)
        return Undeliverable(f"gateway refused: {status} {problem}", _PROBLEMS.get(problem, "refused"))
    log.error("the gateway does not know us", channel="sms", status=status)
    return TryLater(f"gateway answered {status}")


def _problem(response: httpx.Response) -> str:
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return ""
    error = answer.get("error") if isinstance(answer, dict) else None
    return error[:100] if isinstance(error, str) else ""


def _pause(text: str) -> timedelta | None:
    if not (text.isascii() and text.isdigit()):
        return None
    return timedelta(seconds=min(int(text[:9]), LONGEST_PAUSE))


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _plus(number: str) -> str:
    return f"+{international(number)}" if is_mobile(number) else number


def _refused(status: int, problem: str) -> HTTPResponse:
    return json_response({"error": problem}, status=status)
