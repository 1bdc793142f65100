"""What the platform posts, as values. Shapes: https://developers.weixin.qq.com/doc/service/guide/product/message/"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

from channels.wechat.envelope import Malformed

MESSAGES = frozenset({"text", "image", "voice", "video", "shortvideo", "location", "link", "file"})
MEDIA = frozenset({"image", "voice", "video", "shortvideo"})

OPENS_QUOTA = frozenset({"subscribe", "SCAN", "CLICK", "scancode_push", "scancode_waitmsg"})
"""Events after which a few customer-service messages may be sent."""

_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ACCOUNT = re.compile(r"[A-Za-z0-9_@.-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,11}")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Posted:
    """sender: the OpenID. account: the official account's own name. kind: MsgType. event: Event, for kind `event`.

    id: the same for each repeat. Messages have a MsgId; events are told apart by sender, time, event and key.
    """

    sender: str
    account: str
    at: datetime
    id: str
    kind: str
    event: str
    fields: Mapping[str, str]

    @property
    def key(self) -> str:
        return self.fields.get("EventKey", "")

    @property
    def by_click(self) -> bool:
        """He touched an item of a menu message; WeChat counts that as a click, not as something that he wrote."""
        return self.kind == "text" and bool(self.fields.get("bizmsgmenuid"))

    @property
    def scene(self) -> str:
        """Of a QR code with a parameter, which he followed or scanned by."""
        return self.key.removeprefix("qrscene_") if self.event in ("subscribe", "SCAN") else ""


def posted(fields: Mapping[str, str]) -> Posted:
    """Raises Malformed."""
    sender, account = fields.get("FromUserName", ""), fields.get("ToUserName", "")
    kind, event = fields.get("MsgType", "").strip(), fields.get("Event", "").strip()
    created = fields.get("CreateTime", "").strip()
    if not _OPENID.fullmatch(sender) or not _ACCOUNT.fullmatch(account):
        raise Malformed("no sender or no account")
    if not _NUMBER.fullmatch(created) or not kind:
        raise Malformed("no time or no kind")
    if kind == "event":
        if not event:
            raise Malformed("no event")
        delivery = f"{sender}:{created}:{event}:{fields.get('EventKey', '')}"
    else:
        delivery = fields.get("MsgId", "").strip()
        if kind in MESSAGES and not _MESSAGE_ID.fullmatch(delivery):
            raise Malformed("no MsgId")
        if kind in MEDIA and not fields.get("MediaId"):
            raise Malformed("no MediaId")
    at = datetime.fromtimestamp(int(created), timezone.utc)
    return Posted(sender, account, at, delivery, kind, event, fields)
