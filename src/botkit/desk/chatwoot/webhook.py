"""Where Chatwoot tells what its agents do: `POST /webhooks/chatwoot`. And the page that stands at `/desk` meanwhile.

A request is genuine when it is signed (Chatwoot 4.13 and later: `X-Chatwoot-Signature: sha256=<hex>`, HMAC-SHA256 over
`<X-Chatwoot-Timestamp>.<body>`, see `lib/webhooks/trigger.rb` there), or when its address carries the secret as `?token=`.
What it says is stored before it is answered; telling anybody comes after.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json as json_module
from collections.abc import Callable
from datetime import datetime
from html import escape

import structlog
from sanic import Blueprint, Request, html, json
from sanic.response import HTTPResponse

from botkit.content.texts import Texts
from botkit.desk.chatwoot.hearing import Hearing, UnknownConversation
from botkit.desk.chatwoot.wire import Ignored, Malformed, Said, heard
from botkit.settings import ChatwootAccess

LARGEST = 512 * 1024
"""Bytes of a webhook."""

FRESH = 300
"""Seconds that a signature holds."""

log = structlog.get_logger(__name__)


def webhook_blueprint(
    access: ChatwootAccess, hearing: Hearing, changed: Callable[[str], None], clock: Callable[[], datetime]
) -> Blueprint:
    """changed: told the id of each conversation in which something may have happened; returns at once."""
    blueprint = Blueprint("chatwoot", url_prefix="/webhooks/chatwoot")

    @blueprint.post("/", strict_slashes=False)
    async def webhook(request: Request) -> HTTPResponse:
        if (request.content_type or "").partition(";")[0].strip().lower() != "application/json":
            return _problem(415, "the content type must be application/json")
        if len(request.body) > LARGEST:
            return _problem(413, "the body is too long")
        if not genuine(request, access.secret, clock()):
            return _problem(401, "the signature is missing, wrong or too old")
        try:
            event = heard(json_module.loads(request.body), access.account, access.inbox)
        except (Malformed, ValueError, RecursionError):
            return _problem(400, "not an event of Chatwoot")
        if isinstance(event, Ignored):
            return json({"ok": True})
        try:
            work = hearing.said if isinstance(event, Said) else hearing.stands
            conversation_id = await asyncio.to_thread(work, event)  # type: ignore[arg-type]
        except UnknownConversation:
            # Chatwoot marks the message as failed: the agent sees that it reached nobody
            return _problem(404, "this conversation was not begun by the assistant")
        except Exception:
            log.exception("chatwoot event not taken")
            return _problem(503, "the event could not be stored")
        if conversation_id is not None:
            changed(conversation_id)
        return json({"ok": True})

    return blueprint


def genuine(request: Request, secret: str, now: datetime) -> bool:
    """Compares in constant time."""
    token = request.args.get("token", "").encode("utf-8", "replace")
    by_token = hmac.compare_digest(token, secret.encode())
    sent, signature = request.headers.get("X-Chatwoot-Timestamp", ""), request.headers.get("X-Chatwoot-Signature", "")
    wanted = f"sha256={hmac.new(secret.encode(), sent.encode() + b'.' + request.body, hashlib.sha256).hexdigest()}"
    signed = hmac.compare_digest(signature.encode("utf-8", "replace"), wanted.encode())
    timely = sent.isascii() and sent.isdigit() and len(sent) < 12 and abs(int(sent) - now.timestamp()) <= FRESH
    return by_token or (signed and timely)


def elsewhere_blueprint(texts: Texts) -> Blueprint:
    """`/desk` says where the agents are."""
    blueprint = Blueprint("desk", url_prefix="/desk")
    title, said = escape(texts.text("chatwoot_page_title")), escape(texts.text("chatwoot_page"))
    page = (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><h1>{title}</h1><p>{said}</p></html>"
    )

    @blueprint.get("/", strict_slashes=False)
    async def nobody_here(_request: Request) -> HTTPResponse:
        return html(page, status=404)

    return blueprint


def _problem(status: int, why: str) -> HTTPResponse:
    log.warning("chatwoot webhook refused", status=status, why=why)
    return json({"error": why}, status=status)
