"""The desk over HTTP: its page, signing in and out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from sanic import Blueprint, Request, json
from sanic.response import HTTPResponse, empty, file, raw

from botkit.content.texts import Texts
from botkit.conversation.bodies import whole_body
from botkit.conversation.files import MAX_SIZE, FileRefused, Files, response_headers
from botkit.desk.accounts import SESSION, AccountError, Accounts, Agent
from botkit.desk.commands import Commands
from botkit.desk.console import COOKIE, Console
from botkit.desk.service import Refused
from botkit.desk.view import describe

STATIC = Path(__file__).parent / "static"


def desk_blueprint(accounts: Accounts, texts: Texts, console: Console, commands: Commands, files: Files) -> Blueprint:
    """`/desk` and what is below it."""
    blueprint = Blueprint("desk", url_prefix="/desk")
    blueprint.static("/static", STATIC)

    async def who(request: Request) -> Agent | None:
        token = request.cookies.get(COOKIE)
        return await asyncio.to_thread(accounts.signed_in, token) if token else None

    def refusal(problem: str, status: int) -> HTTPResponse:
        return json({"code": problem, "error": texts.labels("desk_problems")[problem]}, status, ensure_ascii=False)

    @blueprint.get("/", strict_slashes=False)
    async def page(_request: Request) -> HTTPResponse:
        return await file(STATIC / "index.html", headers={"Cache-Control": "no-cache"})

    @blueprint.post("/login")
    async def login(request: Request) -> HTTPResponse:
        body = _body(request)
        name, password = body.get("login"), body.get("password")
        if not isinstance(name, str) or not isinstance(password, str):
            return refusal("malformed", 400)
        try:
            agent, token = await asyncio.to_thread(accounts.sign_in, name.strip(), password)
        except AccountError as error:
            return refusal(error.problem, 429 if error.problem == "too_many_tries" else 401)
        response = json({"me": describe(agent)}, ensure_ascii=False)
        _set_cookie(response, token, request)
        return response

    @blueprint.post("/logout")
    async def logout(request: Request) -> HTTPResponse:
        if token := request.cookies.get(COOKIE):
            await asyncio.to_thread(accounts.sign_out, token)
            await console.signed_out(token)
        response = empty()
        response.cookies[COOKIE] = ""
        response.cookies[COOKIE]["path"] = "/"
        response.cookies[COOKIE]["max-age"] = 0
        return response

    @blueprint.get("/me")
    async def me(request: Request) -> HTTPResponse:
        agent = await who(request)
        return json({"me": describe(agent)}, ensure_ascii=False) if agent else refusal("signed_out", 401)

    @blueprint.post("/password")
    async def password(request: Request) -> HTTPResponse:
        agent, body = await who(request), _body(request)
        if agent is None:
            return refusal("signed_out", 401)
        old, new = body.get("old"), body.get("new")
        if not isinstance(old, str) or not isinstance(new, str):
            return refusal("malformed", 400)
        try:
            await asyncio.to_thread(accounts.change_password, agent.id, old, new)
        except AccountError as error:
            return refusal(error.problem, 400)
        _, token = await asyncio.to_thread(accounts.sign_in, agent.login, new)
        await console.renewed(agent.id, request.cookies[COOKIE], token)
        response = empty()
        _set_cookie(response, token, request)
        return response

    @blueprint.post("/files", stream=True)
    async def send(request: Request) -> HTTPResponse:
        agent = await who(request)
        if agent is None:
            return refusal("signed_out", 401)
        if not (request.content_type or "").startswith("application/octet-stream"):
            return refusal("malformed", 400)  # a form of another site cannot send this type
        data = await whole_body(request, MAX_SIZE)
        if data is None:
            return refusal("file_too_large", 413)
        conversation, message_id, text = (request.args.get(name, "") for name in ("conversation", "id", "text"))
        try:
            kept = await asyncio.to_thread(files.keep, data, request.args.get("name", ""))
            seq = await commands.send_file(agent, conversation, message_id, text, kept)
        except FileRefused as error:
            return refusal(f"file_{error.problem}", 400)
        except Refused as refused:
            return refusal(refused.problem, 400)
        return json({"ok": True, "seq": seq})

    @blueprint.get("/files/<file_id>")
    async def show(request: Request, file_id: str) -> HTTPResponse:
        if await who(request) is None:
            return refusal("signed_out", 401)
        found = await asyncio.to_thread(files.for_agent, file_id)
        if found is None:
            return refusal("unknown_file", 404)
        kept, data = found
        return raw(data, content_type=kept.type, headers=response_headers(kept))

    return blueprint


def _set_cookie(response: HTTPResponse, token: str, request: Request) -> None:
    response.cookies[COOKIE] = token
    cookie = response.cookies[COOKIE]
    cookie["path"] = "/"
    cookie["httponly"] = True
    cookie["samesite"] = "Strict"
    cookie["max-age"] = int(SESSION.total_seconds())
    if request.scheme == "https":
        cookie["secure"] = True


def _body(request: Request) -> dict[str, Any]:
    """The JSON object of the request; empty where it is none. Other content types are refused: a form of another site
    cannot send JSON."""
    if not (request.content_type or "").startswith("application/json"):
        return {}
    try:
        body = request.json
    except Exception:
        return {}
    return body if isinstance(body, dict) else {}
