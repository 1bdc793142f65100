"""The messages and lines that travel through the conversation core."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

MAX_TEXT = 2000
"""How much of a message the bot reads, in characters. Connectors that can refuse a longer one do so."""

MAX_STORED = 10_000
"""How much of a message the transcript keeps, for the human who takes over."""

MAX_SENDER = 128
MAX_EXTERNAL_ID = 160

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Author(str, Enum):
    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True)
class InboundMessage:
    """What a connector hands over, the sender being genuine.

    sender: at most MAX_SENDER characters, none of them unprintable.
    external_id: the platform's id of this message, unique within the channel.
    payload: set when the customer chose an offered choice instead of typing; `text` is then its title. `GONE` of
    `botkit.conversation.router`: he has hung up; `text` says so to agents.
    file: what came with it; the text, its caption, may be empty then.
    readable: False where the text only tells what came (a sticker, a place): humans read it, the bot says that it cannot.
    phone: the number that the channel itself vouches for, its own or one that the customer shared. It still wants a code.
    """

    channel: str
    sender: str
    external_id: str
    text: str
    payload: str | None = None
    file: KeptFile | None = None
    readable: bool = True
    phone: str | None = None


@dataclass(frozen=True)
class KeptFile:
    """A file that is safe on disk, see `botkit.conversation.files`. size: bytes."""

    id: str
    name: str
    type: str
    size: int
    digest: str

    @property
    def is_picture(self) -> bool:
        return self.type.startswith("image/")

    def content(self) -> dict[str, Any]:
        """As it stands in the content of a line."""
        return {"file": {"id": self.id, "name": self.name, "type": self.type, "size": self.size}}


@dataclass(frozen=True)
class Line:
    """A line of the transcript. `content` as in `Reply.content`; `detail` (intent, confidence …) is for agents only."""

    conversation_id: str
    seq: int
    author: Author
    text: str
    at: datetime
    content: Mapping[str, Any] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)

    def for_customer(self) -> dict[str, Any]:
        """As JSON for a customer's screen, without `detail`."""
        return {
            "seq": self.seq,
            "author": self.author.value,
            "text": self.text,
            "at": self.at.isoformat(),
            **self.content,
        }


@dataclass(frozen=True)
class Receipt:
    """The inbox's answer: the message is safe.

    duplicate: it had been received before. handled: it has been answered or handed on already.
    line: its line in the transcript; None for a duplicate.
    """

    message_id: int
    conversation_id: str
    duplicate: bool
    handled: bool = False
    line: Line | None = None


def storable(text: str) -> str:
    """The text without what no database and no screen wants: control characters (save line breaks and tabs) become
    blanks, halves of surrogate pairs become `?`."""
    return _CONTROL.sub(" ", text).encode("utf-8", "replace").decode("utf-8")
