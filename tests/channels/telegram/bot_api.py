"""A Bot API server on 127.0.0.1, as far as the channel uses it, that checks whatever it is asked.

It speaks https://core.telegram.org/bots/api: methods, field types, limits, keyboards, HTML. What does not conform is refused
as Telegram refuses it and noted in `problems`. It can be told to fail; it keeps updates until they are confirmed.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import aiohttp
from aiohttp import web

TOKEN = "4242:AAH-stand_in-token-of-the-tests"

_TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "a", "code", "pre", "blockquote"}
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_UPDATE_KINDS = {"message", "edited_message", "channel_post", "callback_query", "my_chat_member"}


class Refused(Exception):
    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@dataclass(frozen=True)
class Call:
    method: str
    asked: dict[str, Any]
    files: dict[str, bytes]


@dataclass
class Fault:
    """What happens in place of an answer. status 0: the connection is dropped, before or (`taken`) after the work
    is done. 200: nothing, this time."""

    status: int
    description: str = ""
    retry_after: int | None = None
    taken: bool = False


@dataclass
class BotApi:
    calls: list[Call] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    messages: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    pending: list[dict[str, Any]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    commands: list[dict[str, str]] = field(default_factory=list)
    unknown_sizes: bool = False
    url: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=60_000_000)
        app.router.add_post("/bot{token}/{method}", self._called)
        app.router.add_get("/file/bot{token}/{path:.*}", self._download)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port, shutdown_timeout=0.1)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    def fail(self, method: str, status: int, description: str = "", times: int = 1, **more: Any) -> None:
        self.faults[method].extend(Fault(status, description, **more) for _ in range(times))

    def asked(self, method: str) -> list[dict[str, Any]]:
        return [call.asked for call in self.calls if call.method == method]

    def texts(self, chat: int) -> list[str]:
        """What a chat shows: text or caption of each message, tags away."""
        return [message.get("text") or message.get("caption") or "" for message in self.messages[chat]]

    async def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until the condition holds, looked at after each call."""

        async def wait() -> None:
            while not condition():
                self.changed.clear()
                await self.changed.wait()

        await asyncio.wait_for(wait(), seconds)

    async def post_update(self, update: Any, secret: str | None = None, url: str | None = None) -> int:
        """Deliver to the webhook as Telegram does; the status of the answer."""
        secret = self.webhook.get("secret_token") if secret is None else secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        async with (
            aiohttp.ClientSession() as session,
            session.post(url or self.webhook["url"], json=update, headers=headers) as response,
        ):
            return response.status

    # Inside

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        method = {"getupdates": "getUpdates"}.get(method.lower(), method)
        if request.match_info["token"] != TOKEN:
            return _error(Refused(401, "Unauthorized"))
        asked, files = await _fields(request)
        self.calls.append(Call(method, asked, files))
        self.changed.set()
        if method in self.gates:
            await self.gates[method].wait()
        fault = self.faults[method].popleft() if self.faults[method] else None
        fault = None if fault is not None and fault.status == 200 else fault
        if fault is not None and not fault.taken:
            return self._fail(request, fault)
        handler = getattr(self, f"_do_{method}", None)
        if handler is None:
            self.problems.append(f"no such method: {method}")
            return _error(Refused(404, "Not Found"))
        try:
            result = handler(asked, files)
            result = await result if asyncio.iscoroutine(result) else result
        except Refused as refused:
            return _error(refused)
        except _Wrong as wrong:
            self.problems.append(f"{method}: {wrong}")
            return _error(Refused(400, f"Bad Request: {wrong}"))
        self.changed.set()
        return self._fail(request, fault) if fault else web.json_response({"ok": True, "result": result})

    def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.status == 0:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if fault.status == 502:
            return web.Response(status=502, text="<html>Bad Gateway</html>")
        if fault.retry_after is not None:
            description = f"Too Many Requests: retry after {fault.retry_after}"
            return _error(Refused(429, description, retry_after=fault.retry_after))
        return _error(Refused(fault.status, fault.description))

    async def _download(self, request: web.Request) -> web.StreamResponse:
        self.calls.append(Call("download", {"path": request.match_info["path"]}, {}))
        if self.faults["download"]:
            return self._fail(request, self.faults["download"].popleft())
        name = request.match_info["path"].removeprefix("files/")
        if request.match_info["token"] != TOKEN or name not in self.files:
            return web.Response(status=404)
        return web.Response(body=self.files[name])

    # Methods

    def _do_getMe(self, asked: dict[str, Any], _files: Any) -> dict[str, Any]:
        _only(asked)
        return _BOT

    def _do_getWebhookInfo(self, asked: dict[str, Any], _files: Any) -> dict[str, Any]:
        _only(asked)
        known = {name: value for name, value in self.webhook.items() if name != "secret_token"}
        return {"url": "", "has_custom_certificate": False, "pending_update_count": len(self.pending), **known}

    def _do_setWebhook(self, asked: dict[str, Any], _files: Any) -> bool:
        _only(asked, "url", "secret_token", "max_connections", "allowed_updates", "drop_pending_updates")
        _check(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", asked.get("secret_token", "")) is not None, "secret_token")
        _check(1 <= asked["max_connections"] <= 100, "max_connections")
        _check(set(asked["allowed_updates"]) <= _UPDATE_KINDS, "allowed_updates")
        _check(asked.get("drop_pending_updates") is not True, "pending updates must not be dropped")
        self.webhook = dict(asked)
        return True

    def _do_deleteWebhook(self, asked: dict[str, Any], _files: Any) -> bool:
        _only(asked, "drop_pending_updates")
        _check(asked.get("drop_pending_updates") is not True, "pending updates must not be dropped")
        self.webhook = {}
        return True

    def _do_getMyCommands(self, asked: dict[str, Any], _files: Any) -> list[dict[str, str]]:
        _only(asked)
        return self.commands

    def _do_setMyCommands(self, asked: dict[str, Any], _files: Any) -> bool:
        _only(asked, "commands")
        _check(0 < len(asked["commands"]) <= 100, "commands")
        for command in asked["commands"]:
            _check(set(command) == {"command", "description"}, "a command's fields")
            _check(_COMMAND.fullmatch(command["command"]) is not None, "command")
            _check(1 <= len(command["description"]) <= 256, "description")
        self.commands = asked["commands"]
        return True

    async def _do_getUpdates(self, asked: dict[str, Any], _files: Any) -> list[dict[str, Any]]:
        _only(asked, "offset", "timeout", "allowed_updates", "limit")
        _check(set(asked.get("allowed_updates", ())) <= _UPDATE_KINDS, "allowed_updates")
        if self.webhook.get("url"):
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = asked.get("offset")
        if offset is not None:
            self.pending = [update for update in self.pending if _number(update) >= offset]
        if not self.pending and asked.get("timeout"):
            try:
                await self.until(lambda: bool(self.pending), asked["timeout"])
            except asyncio.TimeoutError:
                return []
        return self.pending[:100]

    def push(self, *updates: Any) -> None:
        """Updates for whoever polls."""
        self.pending += updates
        self.changed.set()

    def _do_sendMessage(self, asked: dict[str, Any], _files: Any) -> dict[str, Any]:
        _only(asked, "chat_id", "text", "parse_mode", "reply_markup", "link_preview_options")
        return self._sent(asked, text=_body(asked, "text", 4096))

    def _do_sendPhoto(self, asked: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
        return self._sent_file("photo", asked, files)

    def _do_sendDocument(self, asked: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
        return self._sent_file("document", asked, files)

    def _sent_file(self, kind: str, asked: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
        _only(asked, "chat_id", kind, "caption", "parse_mode", "reply_markup")
        _check(len(files) == 1, "one file is wanted")
        (data,) = files.values()
        _check(0 < len(data) <= (10 if kind == "photo" else 50) * 1024 * 1024, "size of the file")
        caption = {"caption": _body(asked, "caption", 1024)} if "caption" in asked else {}
        return self._sent(asked, **caption, **{kind: data})

    def _sent(self, asked: dict[str, Any], **shown: Any) -> dict[str, Any]:
        chat = _chat(asked)
        markup = asked.get("reply_markup")
        if markup is not None:
            _keyboard(markup, private=chat > 0)
        kept = {"message_id": 500 + len(self.calls), "date": 1795327500, "chat": _chat_of(chat), **shown}
        if markup is not None and "inline_keyboard" in markup:
            kept["reply_markup"] = markup
        self.messages[chat].append({**kept, "markup": markup})
        answer = {name: value for name, value in kept.items() if not isinstance(value, bytes)}
        return {**answer, "from": _BOT}

    def _do_sendChatAction(self, asked: dict[str, Any], _files: Any) -> bool:
        _only(asked, "chat_id", "action")
        _chat(asked)
        _check(asked["action"] == "typing", "action")
        return True

    def _do_answerCallbackQuery(self, asked: dict[str, Any], _files: Any) -> bool:
        _only(asked, "callback_query_id", "text", "show_alert")
        _check(bool(asked.get("callback_query_id")), "callback_query_id")
        _check(len(asked.get("text", "")) <= 200, "text")
        return True

    def _do_editMessageReplyMarkup(self, asked: dict[str, Any], _files: Any) -> dict[str, Any]:
        _only(asked, "chat_id", "message_id", "reply_markup")
        chat, markup = _chat(asked), asked["reply_markup"]
        _check("inline_keyboard" in markup, "reply_markup")
        _keyboard(markup, private=chat > 0)
        for message in self.messages[chat]:
            if message["message_id"] == asked["message_id"]:
                if message.get("reply_markup") == markup:
                    raise Refused(400, "Bad Request: message is not modified")
                message["reply_markup"] = message["markup"] = markup
                return {name: value for name, value in message.items() if name not in ("markup", "photo", "document")}
        raise Refused(400, "Bad Request: message to edit not found")

    def _do_getFile(self, asked: dict[str, Any], _files: Any) -> dict[str, Any]:
        _only(asked, "file_id")
        name = asked["file_id"]
        if name not in self.files:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.files[name])
        if size > 20 * 1024 * 1024:
            raise Refused(400, "Bad Request: file is too big")
        told = {} if self.unknown_sizes else {"file_size": size}
        return {"file_id": name, "file_unique_id": f"u{name}", "file_path": f"files/{name}", **told}


_BOT = {"id": 4242, "is_bot": True, "first_name": "星桥助手", "username": "xingqiao_bot"}


class _Wrong(Exception):
    """Not as the Bot API has it."""


def _check(condition: bool, what: str) -> None:
    if not condition:
        raise _Wrong(what)


def _only(asked: dict[str, Any], *names: str) -> None:
    _check(set(asked) <= set(names), f"unknown fields {set(asked) - set(names)}")


def _number(update: Any) -> int:
    return int(update["update_id"]) if isinstance(update, dict) and isinstance(update.get("update_id"), int) else 0


def _chat(asked: dict[str, Any]) -> int:
    chat = asked.get("chat_id")
    _check(type(chat) is int and chat != 0, "chat_id must be a number")
    return int(chat)  # type: ignore[arg-type]


def _chat_of(chat: int) -> dict[str, Any]:
    return {"id": chat, "type": "private" if chat > 0 else "supergroup", "first_name": "x", "title": "x"}


def _body(asked: dict[str, Any], name: str, limit: int) -> str:
    """The text as shown: entities parsed, within the limit, not blank."""
    text = asked.get(name)
    _check(isinstance(text, str), name)
    assert isinstance(text, str)
    if "parse_mode" in asked:
        _check(asked["parse_mode"] == "HTML", "parse_mode")
        text = _parsed(text)
    _check(bool(text.strip()), f"{name} is empty")
    _check(len(text.encode("utf-16-le")) // 2 <= limit, f"{name} is too long")
    return text.strip()


def _parsed(source: str) -> str:
    _check(_ENTITY.search(source) is None, "can't parse entities: a lone &")
    _check("<" not in re.sub(r"</?[a-z-]+>", "", source), "can't parse entities: a lone <")
    parser = _Html()
    parser.feed(source)
    parser.close()
    _check(not parser.open, f"can't parse entities: {parser.open} not closed")
    return "".join(parser.text)


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        _check(tag in _TAGS and not attrs, f"can't parse entities: <{tag}>")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        _check(bool(self.open) and self.open.pop() == tag, f"can't parse entities: </{tag}>")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _keyboard(markup: dict[str, Any], private: bool) -> None:
    if "remove_keyboard" in markup:
        _check(markup["remove_keyboard"] is True and set(markup) <= {"remove_keyboard", "selective"}, "remove_keyboard")
        return
    rows = markup.get("inline_keyboard") or markup.get("keyboard")
    _check(isinstance(rows, list) and all(isinstance(row, list) and row for row in rows), "rows of a keyboard")
    assert rows
    for button in (button for row in rows for button in row):
        _check(isinstance(button.get("text"), str) and bool(button["text"].strip()), "text of a button")
        if "inline_keyboard" in markup:
            _check(set(button) == {"text", "callback_data"}, "an inline button does exactly one thing")
            _check(1 <= len(button["callback_data"].encode()) <= 64, "BUTTON_DATA_INVALID")
        else:
            _check(set(button) <= {"text", "request_contact"}, "fields of a button")
            _check(private or "request_contact" not in button, "request_contact in a group")


async def _fields(request: web.Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Fields with their JSON read, as Telegram does for whatever is no string."""
    asked: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = value.file.read()
        elif name in ("text", "caption", "file_id", "callback_query_id", "secret_token", "url"):
            asked[name] = value
        else:
            try:
                asked[name] = json.loads(str(value))
            except ValueError:
                asked[name] = value
    for name in files:
        asked.setdefault(name, "attach")
    return asked, files


def _error(refused: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refused.status, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.status)
