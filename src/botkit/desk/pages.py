"""The desk over HTTP: its page, signing in and out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from sanic import Blueprint, Request, json
from sanic.response import HTTPResponse, empty, file

from botkit.content.texts import Texts
from botkit.desk.accounts import SESSION, AccountError, Accounts, Agent
from botkit.desk.console import COOKIE, describe

STATIC = Path(__file__).parent / "static"


def desk_blueprint(accounts: Accounts, texts: Texts) -> Blueprint:
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
        response = empty()
        _set_cookie(response, token, request)
        return response

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
