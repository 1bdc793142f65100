"""A Chatwoot that stands in for the real one: an HTTP server on 127.0.0.1 with the part of the API that the desk uses.

Answers and webhooks are filled from `wire/`. A request that Chatwoot's API reference does not allow is answered with 422 and
kept in `violations`. It can be told to fail, and its webhooks are sent when a test says so, as often as it says.
"""

from __future__ import annotations

import asyncio
import copy
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

WIRE = Path(__file__).parent / "wire"
TOKEN, SECRET, ACCOUNT, INBOX = "Tk4nOfTheServiceUser", "a secret of the webhook", 3, 5
LIN, CHEN = {"id": 7, "name": "林小燕", "shown": "小林"}, {"id": 8, "name": "陈大勇", "shown": "小陈"}
STATUSES = ("open", "resolved", "pending", "snoozed")
PAGE = 100


def wire(name: str) -> Any:
    return json.loads((WIRE / f"{name}.json").read_text(encoding="utf-8"))


class NotConforming(Exception):
    pass


class Chatwoot:
    """trouble: what befalls the next requests, one for each: a status of HTTP; `lost` (carried out, the answer is lost), `slow`
    (carried out, the answer comes too late), `fine`. down: every request gets 503. never: the content of a message that is always refused.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.contacts: dict[int, dict[str, Any]] = {}
        self.conversations: dict[int, dict[str, Any]] = {}
        self.messages: dict[int, list[dict[str, Any]]] = {}
        self.webhooks: list[dict[str, Any]] = []
        self.violations: list[str] = []
        self.requests: list[str] = []
        self.trouble: list[int | str] = []
        self.down = False
        self.never: str | None = None
        self.begins_as = "open"
        self._next = 1000
        self._changes = 0

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[union-attr]

    async def stop(self) -> None:
        await self._runner.cleanup()

    # ---- what tests look at

    def said(self, remote_id: int) -> list[tuple[str, str]]:
        """(kind, text): `customer`, `note` for a private one, `agent`."""
        return [(_kind(one), one["content"]) for one in self.messages[remote_id]]

    def of(self, remote_id: int, kind: str) -> list[str]:
        return [text for found, text in self.said(remote_id) if found == kind]

    # ---- what agents do

    def says(self, remote_id: int, agent: dict[str, Any], text: str | None, private: bool = False, **more: Any) -> int:
        message = self._add(remote_id, text, 1, private, None, agent)
        self._webhook_of(remote_id, message, agent, more)
        return int(message["id"])

    def assigns(self, remote_id: int, agent: dict[str, Any] | None) -> None:
        conversation = self.conversations[remote_id]
        before = (conversation["meta"].get("assignee") or {}).get("id")
        conversation["meta"]["assignee"] = _as_assignee(agent) if agent else None
        self._changed(remote_id, "assignee_id", before, agent["id"] if agent else None)

    def sets(self, remote_id: int, status: str) -> None:
        before = self.conversations[remote_id]["status"]
        if before != status:
            self.conversations[remote_id]["status"] = status
            self._changed(remote_id, "status", before, status)

    # ---- webhooks

    async def sends(self, url: str, times: int = 1, secret: str = SECRET) -> list[int]:
        """Send all webhooks that are due, each so often; the statuses that came back."""
        due, self.webhooks = self.webhooks, []
        return [await self.send(url, payload, secret) for payload in due for _ in range(times)]

    async def send(self, url: str, payload: Any, secret: str = SECRET) -> int:
        body = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        at = str(int(self._clock().timestamp()))
        digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Chatwoot-Timestamp": at,
            "X-Chatwoot-Signature": f"sha256={digest}",
        }
        async with httpx.AsyncClient(trust_env=False) as client:
            return (await client.post(url, content=body, headers=headers, timeout=10)).status_code

    def _webhook_of(self, remote_id: int, message: dict[str, Any], agent: dict[str, Any] | None, more: Any) -> None:
        payload = wire("webhook_message_created")
        payload |= {name: message[name] for name in ("id", "content", "private", "source_id")}
        payload["message_type"] = {0: "incoming", 1: "outgoing"}[message["message_type"]]
        payload["sender"] = (
            {"id": agent["id"], "name": agent["name"], "email": "x@example.com", "type": "user"} if agent else None
        )
        payload["conversation"] |= self._pushed(remote_id)
        payload["conversation"]["messages"] = [message]
        self.webhooks.append(payload | more)

    def _changed(self, remote_id: int, name: str, before: Any, after: Any) -> None:
        self._changes += 1
        conversation = self.conversations[remote_id]
        conversation["updated_at"] = self._clock().timestamp() + self._changes / 1000
        change = [{name: {"previous_value": before, "current_value": after}}]
        events = (
            ["conversation_status_changed", "conversation_updated"] if name == "status" else ["conversation_updated"]
        )
        for event in events:
            payload = wire("webhook_conversation_updated") | self._pushed(remote_id)
            self.webhooks.append(payload | {"event": event, "changed_attributes": change})

    def _pushed(self, remote_id: int) -> dict[str, Any]:
        """A conversation as events have it."""
        shown = self.conversations[remote_id]
        pushed = {name: shown[name] for name in ("id", "inbox_id", "status", "custom_attributes", "updated_at")}
        assignee = shown["meta"].get("assignee")
        person = (
            {name: assignee[name] for name in ("id", "name", "available_name")} | {"type": "user"} if assignee else None
        )
        return copy.deepcopy(
            pushed | {"meta": shown["meta"] | {"assignee": person, "assignee_type": "User" if person else None}}
        )

    # ---- the API

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(f"{request.method} {request.path}")
        trouble = self.trouble.pop(0) if self.trouble else None
        if self.down:
            return web.json_response({}, status=503)
        if isinstance(trouble, int):
            return web.json_response({}, status=trouble, headers={"Retry-After": "40"} if trouble == 429 else {})
        try:
            status, answer = self._handle(request, await self._body(request))
        except NotConforming as problem:
            self.violations.append(f"{request.method} {request.path_qs}: {problem}")
            return web.json_response({"error": str(problem)}, status=422)
        if trouble == "slow":
            await asyncio.sleep(0.6)  # longer than the desk waits
        if trouble == "lost":
            assert request.transport is not None
            request.transport.close()
        return web.json_response(answer, status=status)

    async def _body(self, request: web.Request) -> dict[str, Any]:
        if request.method == "GET":
            return {}
        _must(request.content_type == "application/json", "not JSON")
        body = await request.json()
        _must(isinstance(body, dict), "not an object")
        return dict(body)

    def _handle(self, request: web.Request, body: dict[str, Any]) -> tuple[int, Any]:
        _must(request.headers.get("api_access_token") == TOKEN, "api_access_token")
        base = f"/api/v1/accounts/{ACCOUNT}/"
        _must(request.path.startswith(base), "account")
        match [request.method, *request.path[len(base) :].split("/")]:
            case ["GET", "contacts", "search"]:
                return 200, {"meta": {}, "payload": self._search(request.query["q"])}
            case ["POST", "contacts"]:
                return self._make_contact(body)
            case ["PUT", "contacts", contact_id] if int(contact_id) in self.contacts:
                _only(body, {"name": str, "custom_attributes": dict})
                self.contacts[int(contact_id)] |= body
                return 200, {"payload": self.contacts[int(contact_id)]}
            case ["GET", "contacts", contact_id, "conversations"] if int(contact_id) in self.contacts:
                known = self.conversations.values()
                return 200, {"payload": [one for one in known if one["meta"]["sender"]["id"] == int(contact_id)]}
            case ["POST", "conversations"]:
                return 200, self._make_conversation(body)
            case ["GET", "conversations", number] if int(number) in self.conversations:
                return 200, self.conversations[int(number)]
            case ["GET", "conversations", number, "messages"] if int(number) in self.conversations:
                after = int(request.query["after"])
                return 200, {
                    "meta": {},
                    "payload": [one for one in self.messages[int(number)] if one["id"] > after][:PAGE],
                }
            case ["POST", "conversations", _, "messages"] if body.get("content") == self.never:
                return 422, {"error": "Validation failed"}
            case ["POST", "conversations", number, "messages"] if int(number) in self.conversations:
                return 200, self._make_message(int(number), body)
            case ["POST", "conversations", number, "toggle_status"] if int(number) in self.conversations:
                _only(body, {"status": str})
                _must(body["status"] in STATUSES, "status")
                self.sets(int(number), body["status"])
                return 200, {
                    "meta": {},
                    "payload": {"success": True, "current_status": body["status"], "conversation_id": int(number)},
                }
        return 404, {"error": "Resource could not be found"}

    def _search(self, query: str) -> list[dict[str, Any]]:
        return [one for one in self.contacts.values() if query in one["identifier"] or query in one["name"]]

    def _make_contact(self, body: dict[str, Any]) -> tuple[int, Any]:
        _only(body, {"inbox_id": int, "name": str, "identifier": str, "custom_attributes": dict})
        _must(body["inbox_id"] == INBOX, "inbox_id")
        if any(one["identifier"] == body["identifier"] for one in self.contacts.values()):
            return 422, {"message": "Identifier has already been taken", "attributes": ["identifier"]}
        made = wire("contact_created")
        self._next += 1
        made["payload"]["contact"] |= {"id": self._next} | {name: body[name] for name in body if name != "inbox_id"}
        self.contacts[self._next] = made["payload"]["contact"]
        return 200, made

    def _make_conversation(self, body: dict[str, Any]) -> Any:
        _only(body, {"source_id": str, "inbox_id": int, "contact_id": int, "status": str, "custom_attributes": dict})
        contact = self.contacts.get(body["contact_id"], {})
        sources = [session["source_id"] for session in contact.get("contact_inboxes", ())]
        _must(body["source_id"] in sources and body["inbox_id"] == INBOX, "source_id or inbox_id")
        _must(body["status"] in STATUSES[:3], "status")
        self._next += 1
        made = wire("conversation_shown") | {"id": self._next, "custom_attributes": body["custom_attributes"]}
        made["meta"]["sender"] = contact
        made["status"] = body["status"] if self.begins_as == "open" else self.begins_as
        made["updated_at"] = self._clock().timestamp()
        self.conversations[self._next], self.messages[self._next] = made, []
        self.webhooks.append(
            wire("webhook_conversation_updated")
            | self._pushed(made["id"])
            | {"event": "conversation_created", "changed_attributes": None}
        )
        return made

    def _make_message(self, remote_id: int, body: dict[str, Any]) -> Any:
        _only(body, {"content": str, "message_type": str, "private": bool, "source_id": str})
        _must(body["message_type"] in ("incoming", "outgoing"), "message_type")
        _must(0 < len(body["content"].strip()) <= 150_000, "content")
        incoming = body["message_type"] == "incoming"
        message = self._add(remote_id, body["content"], 0 if incoming else 1, body["private"], body["source_id"], None)
        self._webhook_of(remote_id, message, None if incoming else {"id": 99, "name": "botkit"}, {})
        if incoming and self.conversations[remote_id]["status"] == "resolved":
            self.sets(remote_id, "open")
        return message

    def _add(
        self,
        remote_id: int,
        text: str | None,
        kind: int,
        private: bool,
        source: str | None,
        agent: dict[str, Any] | None,
    ) -> dict[str, Any]:
        self._next += 1
        message: dict[str, Any] = wire("message_shown")
        message |= {"id": self._next, "content": text, "conversation_id": remote_id, "message_type": kind}
        message |= {"private": private, "source_id": source, "sender": _as_sender(agent) if agent else None}
        self.messages[remote_id].append(message)
        return message


def _kind(message: dict[str, Any]) -> str:
    if message["message_type"] == 0:
        return "customer"
    return "note" if message["private"] else "agent"


def _as_sender(agent: dict[str, Any]) -> dict[str, Any]:
    return wire("message_shown")["sender"] | {
        "id": agent["id"],
        "name": agent["name"],
        "available_name": agent["shown"],
    }


def _as_assignee(agent: dict[str, Any]) -> dict[str, Any]:
    return wire("assignee") | {"id": agent["id"], "name": agent["name"], "available_name": agent["shown"]}


def _must(right: bool, what: str) -> None:
    if not right:
        raise NotConforming(what)


def _only(body: dict[str, Any], fields: dict[str, type]) -> None:
    """Exactly these fields, each of its type."""
    _must(set(body) == set(fields), f"fields {sorted(body)}")
    for name, kind in fields.items():
        _must(type(body[name]) is kind, name)
