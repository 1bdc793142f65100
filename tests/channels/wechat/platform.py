"""WeChat's API as documented, on 127.0.0.1: it checks each request for conformity and notes what is not documented so.

Sources: developers.weixin.qq.com/doc/service/api/…: base/api_getstableaccesstoken, customer/message/api_sendcustommessage,
customer/message/api_typing, material/temporary/api_uploadtempmedia, custommenu/api_createcustommenu.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

APP_ID, SECRET, TOKEN = "wx2c2769f8efd9abc2", "a2b3c4d5e6f708192a3b4c5d6e7f8091", "spamtest"

Answer = tuple[int, str, bytes]


@dataclass
class Window:
    """What may still be sent: the larger of what was granted, as long as the longer of it."""

    left: int = 0
    until: datetime | None = None


@dataclass
class Platform:
    """clock: of the test. screens: what each customer has been shown by the API, in order.

    failures: (part of the path, errcode), each for one request. down: nothing is answered but 503.
    violations: requests that do not conform.
    """

    clock: Callable[[], datetime]
    screens: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)
    tokens: dict[str, datetime] = field(default_factory=dict)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    failures: list[tuple[str, int]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    asked: list[bool] = field(default_factory=list)
    typing: list[str] = field(default_factory=list)
    menu: dict[str, Any] | None = None
    menus_written: int = 0
    down: bool = False
    test_account: bool = False
    url: str = ""
    held: threading.Event | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def heard(self, openid: str, wrote: bool) -> None:
        """The customer did something that allows messages to him."""
        window = self.windows.setdefault(openid, Window())
        now = self.clock()
        if window.until is None or window.until < now:
            window.left, window.until = 0, now
        count, lasts = (5, timedelta(hours=48)) if wrote else (3, timedelta(minutes=1))
        window.left, window.until = max(window.left, count), max(window.until, now + lasts)

    def end_tokens(self) -> None:
        """As when somebody has forced a new one elsewhere."""
        self.tokens.clear()

    def texts(self, openid: str) -> list[str]:
        """What a customer reads, menus written out."""
        return [_readable(message) for message in self.screens.get(openid, [])]

    # Requests

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> Answer:
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        with self._lock:
            self.requests.append(f"{method} {parts.path}")
            if self.down:
                return 503, "text/html", b"<html>bad gateway</html>"
            for number, (path, code) in enumerate(self.failures):
                if path in parts.path:
                    del self.failures[number]
                    return _error(code, "told to fail")
            return self._dispatch(method, parts.path, query, headers, body)

    def _dispatch(self, method: str, path: str, query: dict[str, str], headers: Any, body: bytes) -> Answer:
        if path == "/cgi-bin/stable_token":
            return self._stable_token(body)
        if path.startswith("/video/"):
            kind, data = self.media[path.removeprefix("/video/")]
            return 200, kind, data
        token = query.get("access_token", "")
        if token not in self.tokens:
            return _error(40001, f"invalid credential, access_token is invalid or not latest: {token}")
        if self.tokens[token] <= self.clock():
            return _error(42001, "access_token expired")
        handler = {
            "/cgi-bin/message/custom/send": self._send,
            "/cgi-bin/message/custom/typing": self._typing,
            "/cgi-bin/media/upload": lambda body: self._upload(body, headers, query),
            "/cgi-bin/media/get": lambda _body: self._get(query),
            "/cgi-bin/menu/get": lambda _body: self._menu(),
            "/cgi-bin/menu/create": self._create_menu,
        }.get(path)
        if handler is None:
            return self._violation(f"no such path: {path}")
        if (method == "GET") != path.endswith("/get"):
            return self._violation(f"{method} {path}")
        return handler(body)

    def _stable_token(self, body: bytes) -> Answer:
        asked = json.loads(body)
        if set(asked) - {"force_refresh"} != {"grant_type", "appid", "secret"}:
            return self._violation("stable_token: other fields")
        if asked["grant_type"] != "client_credential" or type(asked.get("force_refresh", False)) is not bool:
            return self._violation("stable_token: other values")
        if asked["appid"] != APP_ID:
            return _error(40013, "invalid appid")
        if asked["secret"] != SECRET:
            return _error(40125, "invalid appsecret")
        force = asked.get("force_refresh", False)
        self.asked.append(force)
        now = self.clock()
        fresh = [token for token, ends in self.tokens.items() if ends - now > timedelta(minutes=5)]
        if force:
            self.tokens.clear()
        if force or not fresh:
            fresh = [f"token_{len(self.asked)}_{'x' * 130}"]
            self.tokens[fresh[0]] = now + timedelta(seconds=7200)
        seconds = int((self.tokens[fresh[0]] - now).total_seconds())
        return _json({"access_token": fresh[0], "expires_in": seconds})

    def _send(self, body: bytes) -> Answer:
        message, problem = _body(body)
        if problem:
            return self._violation(problem)
        openid, kind = message.get("touser"), message.get("msgtype")
        if set(message) != {"touser", "msgtype", kind}:
            return self._violation(f"send: fields {sorted(message)}")
        window = self.windows.get(openid)
        if window is None:
            return _error(40003, "invalid openid")
        content = message[kind]
        problem = {"text": _bad_text, "msgmenu": _bad_menu, "image": self._bad_image}[kind](content)
        if problem:
            return self._violation(problem)
        if kind == "msgmenu" and self.test_account:
            return _error(40200, "invalid account type")
        if window.until is None or window.until <= self.clock():
            return _error(45015, "response out of time limit or subscription is canceled")
        if window.left == 0:
            return _error(45047, "out of response count limit")
        window.left -= 1
        self.screens.setdefault(openid, []).append(message)
        return _json({"errcode": 0, "errmsg": "ok"})

    def _typing(self, body: bytes) -> Answer:
        message, problem = _body(body)
        if problem or set(message) != {"touser", "command"} or message["command"] not in ("Typing", "CancelTyping"):
            return self._violation(f"typing: {problem or message}")
        self.typing.append(message["touser"])
        return _json({"errcode": 0, "errmsg": "ok"})

    def _upload(self, body: bytes, headers: Any, query: dict[str, str]) -> Answer:
        if query.get("type") != "image":
            return _error(40004, "invalid media type")
        kind = headers.get("content-type", "")
        if not kind.startswith("multipart/form-data; boundary="):
            return self._violation(f"upload: {kind}")
        form = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        (part,) = form.iter_parts()
        data = part.get_payload(decode=True)
        if part.get_param("name", header="content-disposition") != "media" or not part.get_filename():
            return self._violation("upload: no field `media` with a filename")
        magic = {"image/jpeg": b"\xff\xd8", "image/png": b"\x89PNG", "image/gif": b"GIF8"}
        if not data.startswith(magic.get(part.get_content_type(), b"\0")):
            return _error(40137, "unsupported picture")
        if len(data) > 2_000_000:
            return _error(40009, "picture too large")
        media_id = f"uploaded_{len(self.media)}"
        self.media[media_id] = (part.get_content_type(), data)
        return _json({"type": "image", "media_id": media_id, "created_at": int(self.clock().timestamp())})

    def _bad_image(self, content: dict[str, Any]) -> str:
        return "" if set(content) == {"media_id"} and content["media_id"] in self.media else f"image: {content}"

    def _get(self, query: dict[str, str]) -> Answer:
        found = self.media.get(query.get("media_id", ""))
        if found is None:
            return _error(40007, "invalid media_id")
        if found[0] == "video/mp4":
            return _json({"video_url": f"{self.url}/video/{query['media_id']}"})
        return 200, *found

    def _menu(self) -> Answer:
        return _json({"menu": self.menu}) if self.menu else _error(46003, "menu no exist")

    def _create_menu(self, body: bytes) -> Answer:
        menu, problem = _body(body)
        if problem or not 1 <= len(menu["button"]) <= 3:
            return self._violation(problem or "menu: columns")
        for column in menu["button"]:
            if len(column["name"].encode()) > 16:
                return _error(40018, "invalid button name size")
            for button in column.get("sub_button", []):
                if len(button["name"].encode()) > 60 or len(button.get("key", "").encode()) > 128:
                    return _error(40025, "invalid sub button")
                if button["type"] not in ("click", "view"):
                    return _error(40027, "invalid type")
            column.setdefault("sub_button", [])
        self.menu, self.menus_written = menu, self.menus_written + 1
        return _json({"errcode": 0, "errmsg": "ok"})

    def _violation(self, what: str) -> Answer:
        self.violations.append(what)
        return _error(47001, "data format error")


def _body(body: bytes) -> tuple[dict[str, Any], str]:
    if re.search(rb"\\u[0-9a-fA-F]{4}", body):
        return {}, "\\uXXXX in the body"
    try:
        return json.loads(body.decode("utf-8")), ""
    except ValueError:
        return {}, "not JSON as UTF-8"


def _bad_text(content: dict[str, Any]) -> str:
    if set(content) != {"content"} or not content["content"]:
        return f"text: {content}"
    return "text: too long" if len(content["content"].encode()) > 2048 else ""


def _bad_menu(content: dict[str, Any]) -> str:
    if set(content) != {"head_content", "list", "tail_content"} or not 1 <= len(content["list"]) <= 10:
        return f"msgmenu: {content}"
    if len(content["head_content"].encode()) > 1024:
        return "msgmenu: head too long"
    good = all(set(item) == {"id", "content"} and 0 < len(item["content"].encode()) <= 128 for item in content["list"])
    return "" if good else "msgmenu: items"


def _readable(message: dict[str, Any]) -> str:
    if message["msgtype"] == "text":
        return readable(message["text"]["content"])
    if message["msgtype"] == "image":
        return f"<{message['image']['media_id']}>"
    menu = message["msgmenu"]
    return "\n".join([menu["head_content"], *(item["content"] for item in menu["list"])])


def readable(text: str) -> str:
    """Links as they are shown."""
    return re.sub(r"<a [^>]*>(.*?)</a>", r"\1", text)


def _json(answer: dict[str, Any]) -> Answer:
    return 200, "application/json; encoding=utf-8", json.dumps(answer, ensure_ascii=False).encode()


def _error(code: int, message: str) -> Answer:
    return 200, "text/plain", json.dumps({"errcode": code, "errmsg": message}).encode()


@contextmanager
def serving(platform: Platform) -> Iterator[Platform]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if platform.held is not None:
                platform.held.wait(20)
            status, kind, answer = platform.answer(self.command, self.path, self.headers, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    platform.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield platform
    server.shutdown()
    server.server_close()
