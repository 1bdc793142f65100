"""`POST /webhooks/telegram`: https://core.telegram.org/bots/api#setwebhook. Telegram repeats what is not answered with 2xx."""

from __future__ import annotations

import hmac
import json as json_format

import structlog
from sanic import Blueprint, Request, json
from sanic.response import HTTPResponse

from channels.telegram.intake import CHANNEL, Intake, NotStored
from channels.telegram.settings import PATH
from channels.telegram.updates import Malformed

MAX_BODY = 512 * 1024
"""Bytes; an update with a long text, its entities and the message that it answers has some dozens of thousands."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

log = structlog.get_logger(__name__)


def webhook_blueprint(secret: str, intake: Intake) -> Blueprint:
    blueprint = Blueprint("telegram")

    @blueprint.post(PATH)
    async def webhook(request: Request) -> HTTPResponse:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode()):
            return _refusal(403, "wrong secret token")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _refusal(415, "application/json is wanted")
        if len(request.body) > MAX_BODY:
            return _refusal(413, "too large")
        try:
            await intake.take(_parsed(request.body))
        except Malformed as error:
            return _refusal(400, f"not an update: {error}")
        except NotStored:
            return _refusal(503, "send it again")
        return json({"ok": True})

    return blueprint


def _parsed(body: bytes) -> object:
    try:
        return json_format.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None


def _refusal(status: int, error: str) -> HTTPResponse:
    log.warning("request refused", channel=CHANNEL, status=status, why=error)
    return json({"ok": False, "error": error}, status=status)
