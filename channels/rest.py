"""The REST channel, as Rasa's: `POST /webhooks/rest/webhook`. For development and tests; wants a token outside demo mode.

The answer travels in the HTTP response. A repeated `message_id` is answered once: an answer that had been delivered is not
sent again, one that had not (the server was killed) is.
"""

from __future__ import annotations

import asyncio
import hmac
import uuid
from typing import Any

from sanic import Blueprint, Request, json
from sanic.response import HTTPResponse

from botkit.conversation.messages import MAX_TEXT, InboundMessage, Line
from botkit.conversation.outbox import Outbox
from botkit.conversation.worker import Worker


class RestConnector:
    """Delivers nothing by itself: the response to the request does."""

    channel = "rest"

    async def deliver(self, sender: str, line: Line) -> bool:
        return False


def rest_blueprint(worker: Worker, outbox: Outbox, token: str | None) -> Blueprint:
    """The webhook. `token` None: open (demo mode); empty: closed."""
    blueprint = Blueprint("rest", url_prefix="/webhooks/rest")

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
        receipt = await worker.submit(message)
        await worker.settled(receipt.message_id)
        lines = await asyncio.to_thread(outbox.pending, receipt.conversation_id, receipt.message_id)
        response = await request.respond(content_type="application/json")
        await response.send(json([_rendered(message.sender, line) for line in lines]).body)
        await response.eof()
        if lines:
            await asyncio.to_thread(outbox.mark_delivered, receipt.conversation_id, [line.seq for line in lines])
        return None

    return blueprint


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
    if not isinstance(sender, str) or not 0 < len(sender) <= 100:
        return None, "`sender` must be a text of 1 to 100 characters"
    if not isinstance(text, str) or not text.strip():
        return None, "`message` must be a text that is not empty"
    if message_id is not None and (not isinstance(message_id, (str, int)) or not 0 < len(str(message_id)) <= 100):
        return None, "`message_id` must be a text or number of at most 100 characters"
    clean = text.replace("\x00", " ").encode("utf-8", "replace").decode()[:MAX_TEXT]
    return (
        InboundMessage(
            channel="rest",
            sender=sender.replace("\x00", " "),
            external_id=f"{sender}:{message_id if message_id is not None else uuid.uuid4().hex}".replace("\x00", " "),
            text=clean,
            payload=clean if clean.startswith("/") else None,
        ),
        "",
    )


def _rendered(recipient: str, line: Line) -> dict[str, Any]:
    """A line as Rasa's REST channel gives it: tables and steps under `custom`."""
    message: dict[str, Any] = {"recipient_id": recipient, "text": line.text}
    content = dict(line.content)
    if choices := content.pop("choices", None):
        message["buttons"] = choices
    if content:
        message["custom"] = content
    return message
