"""The messages and lines that travel through the conversation core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

MAX_TEXT = 2000
"""Longest message that is understood, in characters; connectors cut the rest off and say so."""


class Author(str, Enum):
    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True)
class InboundMessage:
    """What a connector hands over, the sender being genuine. `external_id` is the platform's id of this message.

    `payload` is set when the customer chose an offered choice instead of typing; `text` is then its title.
    """

    channel: str
    sender: str
    external_id: str
    text: str
    payload: str | None = None


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
        return {"seq": self.seq, "author": self.author.value, "text": self.text, "at": self.at.isoformat(), **self.content}


@dataclass(frozen=True)
class Receipt:
    """The inbox's answer: the message is safe. `duplicate` when it had been received before."""

    message_id: int
    conversation_id: str
    duplicate: bool
    line: Line | None = None
