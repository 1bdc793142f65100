"""The platform's API, with its errors turned into ours. Neither token nor secret stands in any of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from botkit.conversation.files import MAX_SIZE, FileRefused
from botkit.store.engine import UnitOfWork
from channels.wechat.settings import WechatSettings
from channels.wechat.tokens import NoToken, Tokens

TIMEOUT = httpx.Timeout(8.0, connect=4.0)
"""Seconds. Token, upload and message together end before the outbox's claim does."""

BUSY = -1
TOKEN_ERRORS = frozenset({40001, 40014, 42001})
_TENCENT = (".qq.com", ".qpic.cn", ".wechat.com", ".weixin.com")


class Unreachable(Exception):
    """No answer, or none of the platform's: it may be tried again."""


class ApiError(Exception):
    """The platform says no. code: https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html"""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(f"{code} {message}".strip())
        self.code = code


class WechatApi:
    def __init__(
        self,
        settings: WechatSettings,
        unit_of_work: UnitOfWork,
        clock: Callable[[], datetime],
        client: httpx.AsyncClient | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._client = client or httpx.AsyncClient(timeout=TIMEOUT)
        self._tokens = Tokens(settings.app_id, unit_of_work, clock, self._fetch_token, pause)

    async def close(self) -> None:
        await self._client.aclose()

    async def send(self, openid: str, kind: str, content: Mapping[str, Any]) -> None:
        """A customer-service message: `kind` is its msgtype, `content` what stands under that name."""
        await self._post("/cgi-bin/message/custom/send", {"touser": openid, "msgtype": kind, kind: content})

    async def typing(self, openid: str) -> None:
        """Show that somebody writes."""
        await self._post("/cgi-bin/message/custom/typing", {"touser": openid, "command": "Typing"})

    async def upload_image(self, data: bytes, name: str, mime: str) -> str:
        """The media id of a picture, which lasts three days."""
        answer = await self._call(
            lambda token: self._client.build_request(
                "POST",
                self._url("/cgi-bin/media/upload"),
                params={"access_token": token, "type": "image"},
                files={"media": (name, data, mime)},
            )
        )
        media_id = answer.get("media_id")
        if not isinstance(media_id, str):
            raise Unreachable("an upload without media_id")
        return media_id

    async def download(self, media_id: str) -> bytes:
        """The bytes of what a customer sent. Raises FileRefused for what is too large."""
        token = await self._token()
        found = await self._media(token, media_id)
        if not isinstance(found, bytes) and _code(found) in TOKEN_ERRORS:
            found = await self._media(await self._token(token), media_id)
        if isinstance(found, bytes):
            return found
        if isinstance(address := found.get("video_url"), str):
            return await self._video(address)
        raise ApiError(_code(found) or BUSY, str(found.get("errmsg", "")))

    async def menu(self) -> Mapping[str, Any]:
        """The menu as it is; empty where there is none."""
        try:
            answer = await self._call(
                lambda token: self._client.build_request(
                    "GET", self._url("/cgi-bin/menu/get"), params={"access_token": token}
                )
            )
        except ApiError as error:
            if error.code == 46003:
                return {}
            raise
        menu = answer.get("menu")
        return menu if isinstance(menu, dict) else {}

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        await self._post("/cgi-bin/menu/create", menu)

    # Inside

    def _url(self, path: str) -> str:
        return self._settings.api_url + path

    async def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        # not a single \uXXXX: the platform shows them as they are, or answers 40033
        content = json.dumps(body, ensure_ascii=False).encode()
        return await self._call(
            lambda token: self._client.build_request(
                "POST",
                self._url(path),
                params={"access_token": token},
                content=content,
                headers={"Content-Type": "application/json; charset=utf-8"},
            )
        )

    async def _call(self, request: Callable[[str], httpx.Request]) -> Mapping[str, Any]:
        """Ask with a valid token; with a new one where the platform does not take it any more."""
        token = await self._token()
        answer = await self._ask(request(token))
        if _code(answer) in TOKEN_ERRORS:
            answer = await self._ask(request(await self._token(token)))
        if code := _code(answer):
            raise ApiError(code, str(answer.get("errmsg", "")))
        return answer

    async def _token(self, bad: str | None = None) -> str:
        try:
            return await self._tokens.token(bad)
        except NoToken:
            raise Unreachable("no access token") from None

    async def _fetch_token(self, force: bool) -> tuple[str, int]:
        body = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.secret,
            "force_refresh": force,
        }
        answer = await self._ask(self._client.build_request("POST", self._url("/cgi-bin/stable_token"), json=body))
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not isinstance(seconds, int):
            raise ApiError(_code(answer) or BUSY, str(answer.get("errmsg", "")))
        return token, seconds

    async def _ask(self, request: httpx.Request) -> Mapping[str, Any]:
        try:
            response = await self._client.send(request)
        except httpx.HTTPError as error:
            raise Unreachable(type(error).__name__) from None
        if response.status_code != 200:
            raise Unreachable(f"HTTP {response.status_code}")
        return _json(response.content)

    async def _media(self, token: str, media_id: str) -> bytes | Mapping[str, Any]:
        """The bytes, or what the platform says instead."""
        data, is_json = await self._get(self._url("/cgi-bin/media/get"), {"access_token": token, "media_id": media_id})
        return _json(data) if is_json else data

    async def _get(self, url: str, params: Mapping[str, str] | None = None) -> tuple[bytes, bool]:
        """What is there, at most MAX_SIZE bytes of it, and whether it is JSON."""
        data = bytearray()
        try:
            async with self._client.stream("GET", url, params=params) as response:
                if response.status_code != 200:
                    raise Unreachable(f"HTTP {response.status_code}")
                async for chunk in response.aiter_bytes():
                    data += chunk
                    if len(data) > MAX_SIZE:
                        raise FileRefused("too_large")
                kind = response.headers.get("content-type", "")
        except httpx.HTTPError as error:
            raise Unreachable(type(error).__name__) from None
        # errors come as JSON, declared as text/plain
        return bytes(data), kind.startswith(("application/json", "text/plain")) and data[:1] == b"{"

    async def _video(self, address: str) -> bytes:
        """Videos are fetched from another address, of Tencent's."""
        host = urlsplit(address).hostname or ""
        if host != urlsplit(self._settings.api_url).hostname and not host.endswith(_TENCENT):
            raise Unreachable("a video elsewhere")
        data, _ = await self._get(address)
        return data


def _json(data: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(data)
    except ValueError:
        raise Unreachable("not JSON") from None
    if not isinstance(answer, dict):
        raise Unreachable("not a JSON object")
    return answer


def _code(answer: Mapping[str, Any]) -> int:
    code = answer.get("errcode", 0)
    return code if isinstance(code, int) else BUSY
