"""The REST channel, as Rasa's: `POST /webhooks/rest/webhook`. For development and tests; wants a token outside demo mode.

The answer travels in the HTTP response. A repeated `message_id` is answered once: an answer that had been delivered is not
sent again, one that had not (the server was killed) is. What was said to the customer unasked, by an agent above all, comes
with the answer to his next message.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import uuid
from collections.abc import Coroutine
from typing import Any

import structlog
from sanic import Blueprint, Request, json
from sanic.response import HTTPResponse

from botkit.conversation.keyed_locks import KeyedLocks
from botkit.conversation.messages import InboundMessage, Line, Receipt, storable
from botkit.conversation.outbox import Outbox
from botkit.conversation.worker import Worker

CHANNEL = "rest"
PATIENCE = 45.0
"""Seconds after which a request is told to come again; its message goes on being worked on."""

log = structlog.get_logger(__name__)


class RestConnector:
    """Delivers nothing by itself: the response to the request does."""

    channel = CHANNEL
    pushes = False

    async def deliver(self, sender: str, line: Line, parts: int = 0) -> bool:
        return False


def rest_blueprint(worker: Worker, outbox: Outbox, token: str | None) -> Blueprint:
    """The webhook. `token` None: open (demo mode); empty: closed."""
    blueprint = Blueprint("rest", url_prefix="/webhooks/rest")
    answering = KeyedLocks()

    @blueprint.get("/")
    async def health(_request: Request) -> HTTPResponse:
        return json({"status": "ok"})

    @blueprint.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse | None:
        if token is not None and not _authorised(request, token):
            return json({"error": "missing or wrong bearer token"}, status=401)
        message, problem = _message(request)
        if message is None:
            return json({"error": problem}, status=400)
        try:
            receipt = await worker.submit(message)
        except Exception:
            log.exception("message not stored", channel=CHANNEL)
            return json({"error": "the message could not be stored, send it again"}, status=503)
        if not receipt.handled and not await worker.settled(receipt.message_id, PATIENCE):
            return json({"error": "no answer yet; send the message again with the same message_id"}, status=503)
        async with answering.hold(receipt.message_id):
            await _answer(request, outbox, message.sender, receipt)
        return None

    return blueprint


async def _answer(request: Request, outbox: Outbox, sender: str, receipt: Receipt) -> None:
    """Send what answers the message or was said meanwhile, and has not been sent, then note that it was."""
    lines = await asyncio.to_thread(outbox.pending, receipt.conversation_id, receipt.message_id)
    response = await request.respond(content_type="application/json")
    await response.send(json([_rendered(sender, line) for line in lines]).body, end_stream=True)
    if lines:
        seqs = [line.seq for line in lines]
        await _completely(asyncio.to_thread(outbox.mark_delivered, receipt.conversation_id, seqs))


async def _completely(work: Coroutine[Any, Any, None]) -> None:
    """Wait for work to end, also when the request is cancelled: a client hangs up as soon as it has its answer."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _authorised(request: Request, token: str) -> bool:
    return bool(token) and hmac.compare_digest((request.token or "").encode(), token.encode())


def _message(request: Request) -> tuple[InboundMessage | None, str]:
    try:
        body = request.json
    except Exception:
        return None, "the body is not JSON"
    if not isinstance(body, dict):
        return None, "the body is not a JSON object"
    sender, text, message_id = body.get("sender"), body.get("message"), body.get("message_id")
    if not isinstance(sender, str) or not 0 < len(sender) <= 100 or storable(sender) != sender:
        return None, "`sender` must be a text of 1 to 100 printable characters"
    if not isinstance(text, str) or not storable(text).strip():
        return None, "`message` must be a text that is not empty"
    if message_id is None:
        message_id = uuid.uuid4().hex
    if type(message_id) not in (str, int) or not 0 < len(str(message_id)) <= 100:
        return None, "`message_id` must be a text or number of at most 100 characters"
    # a digest, so that neither length nor the sign between the two parts can make one of two messages
    key = hashlib.sha256(f"{len(sender)}:{sender}:{message_id}".encode("utf-8", "surrogatepass")).hexdigest()
    return InboundMessage(CHANNEL, sender, key, text, payload=text if text.startswith("/") else None), ""


def _rendered(recipient: str, line: Line) -> dict[str, Any]:
    """A line as Rasa's REST channel gives it: tables and steps under `custom`."""
    message: dict[str, Any] = {"recipient_id": recipient, "text": line.text}
    content = dict(line.content)
    if choices := content.pop("choices", None):
        message["buttons"] = choices
    if content:
        message["custom"] = content
    return message
