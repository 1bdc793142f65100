"""Files of the web chat over HTTP: whoever holds a visitor's token sends and sees that visitor's files.

`POST /chat/files?id=&name=&text=`, the file as the body, `Authorization: Bearer <token>` → `{ok, seq}` as for a message;
`GET /chat/files/<id>` with the same header → the file. Pages of other origins may ask where theirs is allowed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sanic import Blueprint, Request, json
from sanic.response import HTTPResponse, empty, raw

from botkit.conversation.bodies import whole_body
from botkit.conversation.files import MAX_SIZE, PER_HOUR, FileRefused, Files, response_headers
from botkit.conversation.messages import MAX_TEXT, InboundMessage, storable
from channels.web.connector import CHANNEL, MESSAGE_ID, TOKEN, WebConnector, external_id, sender_of

_STATUS = {
    "malformed": 400,
    "signed_out": 401,
    "file_too_large": 413,
    "file_type": 415,
    "file_too_many": 429,
    "unavailable": 503,
}


def files_blueprint(
    web: WebConnector,
    files: Files,
    allowed: Callable[[str, Mapping[str, Any]], bool],
    clock: Callable[[], datetime],
) -> Blueprint:
    """allowed: whether a page of this origin may ask, given the request's environment."""
    blueprint = Blueprint("chat_files", url_prefix="/chat/files")

    def refusal(problem: str) -> HTTPResponse:
        return json(web.refusal(problem), _STATUS.get(problem, 400), ensure_ascii=False)

    @blueprint.middleware("response")
    async def share(request: Request, response: HTTPResponse) -> None:
        origin = request.headers.get("origin")
        if origin and allowed(origin, _environment(request)):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Vary"] = "Origin"

    async def preflight(_request: Request, **_path: str) -> HTTPResponse:
        return empty(
            headers={
                "Access-Control-Allow-Methods": "GET, POST",
                "Access-Control-Allow-Headers": "Authorization, Content-Type",
                "Access-Control-Max-Age": "600",
            }
        )

    blueprint.add_route(preflight, "/", methods=["OPTIONS"], strict_slashes=False, name="ask_to_send")
    blueprint.add_route(preflight, "/<file_id>", methods=["OPTIONS"], name="ask_to_see")

    @blueprint.post("/", stream=True, strict_slashes=False)
    async def send(request: Request) -> HTTPResponse:
        sender = _sender(request)
        message_id, text = request.args.get("id", ""), storable(request.args.get("text", "")).strip()
        if sender is None:
            return refusal("signed_out")
        if not MESSAGE_ID.fullmatch(message_id) or len(text) > MAX_TEXT:
            return refusal("malformed")
        if await asyncio.to_thread(files.sent_since, CHANNEL, sender, clock() - timedelta(hours=1)) >= PER_HOUR:
            return refusal("file_too_many")
        data = await whole_body(request, MAX_SIZE)
        if data is None:
            return refusal("file_too_large")
        try:
            file = await asyncio.to_thread(files.keep, data, request.args.get("name", ""))
        except FileRefused as error:
            return refusal(f"file_{error.problem}")
        message = InboundMessage(CHANNEL, sender, external_id(sender, message_id), text, file=file)
        answer = await web.take_in(message)
        return json(answer, 200 if answer["ok"] else _STATUS.get(answer["code"], 400), ensure_ascii=False)

    @blueprint.get("/<file_id>")
    async def show(request: Request, file_id: str) -> HTTPResponse:
        sender = _sender(request)
        if sender is None:
            return refusal("signed_out")
        found = await asyncio.to_thread(files.of_customer, file_id, CHANNEL, sender)
        if found is None:
            return json(web.refusal("file_gone"), 404, ensure_ascii=False)
        file, data = found
        return raw(data, content_type=file.type, headers=response_headers(file))

    return blueprint


def _sender(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return sender_of(token) if scheme == "Bearer" and TOKEN.fullmatch(token) else None


def _environment(request: Request) -> dict[str, str | None]:
    headers = request.headers
    return {"HTTP_HOST": headers.get("host"), "HTTP_X_FORWARDED_HOST": headers.get("x-forwarded-host")}
