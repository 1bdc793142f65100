"""The platform's other half: it posts what customers do, signed, three times if need be, and shows them the replies."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape

import httpx

from channels.wechat.crypto import Cipher, signature
from channels.wechat.envelope import fields_of
from channels.wechat.settings import aes_key
from tests.channels.wechat.platform import APP_ID, TOKEN, Platform, readable

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = "gh_10f6c3c3ac5a"
CLICKS = frozenset({"subscribe", "SCAN", "CLICK"})

_numbers = itertools.count(23_000_000_000_000_000)


def message_id() -> str:
    return str(next(_numbers))


@dataclass
class Reply:
    """The response to one try."""

    status: int
    body: bytes
    text: str | None = None


@dataclass
class Pusher:
    """mode: `plain`, `compatible` or `secure`. timeout: the five seconds, in the test's measure."""

    url: str
    platform: Platform
    clock: Callable[[], datetime]
    mode: str = "secure"
    key: str = AES_KEY
    token: str = TOKEN
    app_id: str = APP_ID
    timeout: float = 20.0
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=30, verify=False))

    async def say(self, openid: str, text: str, **fields: str) -> list[str]:
        """A text; what the customer then sees in the same response."""
        return await self.push({"FromUserName": openid, "MsgType": "text", "Content": text, **fields})

    async def event(self, openid: str, event: str, key: str = "", **fields: str) -> list[str]:
        return await self.push({"FromUserName": openid, "MsgType": "event", "Event": event, "EventKey": key, **fields})

    async def push(self, fields: dict[str, str], tries: int = 3) -> list[str]:
        """Post it until it is answered; the replies that the customer is shown."""
        fields = self.complete(fields)
        for _ in range(tries):
            try:
                reply = await asyncio.wait_for(self.post(fields), self.timeout)
            except asyncio.TimeoutError:
                continue
            if reply.status == 200:
                return [reply.text] if reply.text is not None else []
        return ["该公众号暂时无法提供服务, 请稍后再试"]

    def complete(self, fields: dict[str, str]) -> dict[str, str]:
        """With what every message has; the platform notes what may be sent now."""
        wrote = fields["MsgType"] != "event" and "bizmsgmenuid" not in fields
        if wrote or fields.get("Event") in CLICKS or "bizmsgmenuid" in fields:
            self.platform.heard(fields["FromUserName"], wrote)
        rest = {"ToUserName": ACCOUNT, "CreateTime": str(int(self.clock().timestamp()))}
        if fields["MsgType"] != "event":
            rest["MsgId"] = message_id()
        return rest | fields

    async def post(self, fields: dict[str, str], **changed: str) -> Reply:
        """One try. changed: other parameters of the address than there should be."""
        query, body = self.signed(xml(fields), fields)
        return await self.send(query | changed, body)

    async def send(self, query: dict[str, str], body: bytes) -> Reply:
        response = await self.client.post(
            f"{self.url}/webhooks/wechat", params=query, content=body, headers={"Content-Type": "text/xml"}
        )
        reply = Reply(response.status_code, response.content)
        if response.status_code == 200 and response.content not in (b"success", b""):
            reply.text = self._shown(response.content)
        return reply

    def signed(
        self, plain: bytes, fields: dict[str, str] | None = None, at: int | None = None
    ) -> tuple[dict[str, str], bytes]:
        """Parameters and body."""
        stamp, nonce = str(at or int(self.clock().timestamp())), uuid.uuid4().hex[:10]
        query = {"signature": signature(self.token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
        query["openid"] = (fields or {}).get("FromUserName", "")
        if self.mode == "plain":
            return query, plain
        encrypted = Cipher(aes_key(self.key), self.app_id).encrypt(plain)
        query |= {"encrypt_type": "aes", "msg_signature": signature(self.token, stamp, nonce, encrypted)}
        outer = {"ToUserName": ACCOUNT} if self.mode == "secure" else dict(fields or {})
        return query, xml(outer | {"Encrypt": encrypted})

    def _shown(self, body: bytes) -> str:
        """A passive reply, checked as the platform does."""
        fields = fields_of(body)
        if self.mode != "plain":
            assert set(fields) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}, fields
            parts = (self.token, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
            assert fields["MsgSignature"] == signature(*parts)
            fields = fields_of(Cipher(aes_key(self.key), self.app_id).decrypt(fields["Encrypt"]))
        assert set(fields) == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}
        assert fields["FromUserName"] == ACCOUNT and fields["MsgType"] == "text"
        assert 0 < len(fields["Content"].encode()) <= 2048
        return readable(fields["Content"])


def xml(fields: dict[str, str]) -> bytes:
    def element(name: str, value: str) -> str:
        marked = value if value.isdigit() else f"<![CDATA[{value}]]>" if "]]>" not in value else escape(value)
        return f"<{name}>{marked}</{name}>"

    return ("<xml>" + "\n".join(element(*pair) for pair in fields.items()) + "</xml>").encode()
