"""What the application needs of a channel. See docs/channels.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sanic import Blueprint

from botkit.bss.sms import SmsOutlet
from botkit.content.texts import Texts
from botkit.conversation.files import Files
from botkit.conversation.messages import Line
from botkit.conversation.outbox import Outbox, Sent
from botkit.conversation.pages import Pages
from botkit.conversation.worker import Worker
from botkit.store.engine import UnitOfWork


@dataclass(frozen=True)
class Services:
    """What channels are built from. var: where they may write. demo: whether this is the demo operator's server. sms: what
    the house's own SMS, such as one-time codes, leave by; a gateway is connected to it."""

    unit_of_work: UnitOfWork
    clock: Callable[[], datetime]
    texts: Texts
    files: Files
    pages: Pages
    var: Path
    demo: bool
    sms: SmsOutlet


class Channel(Protocol):
    """Also a `Connector` of the outbox. `outside`: as there."""

    channel: str
    outside: bool

    @property
    def blueprint(self) -> Blueprint | None:
        """Its webhooks; None where it has none."""

    async def serve(self, worker: Worker, outbox: Outbox) -> None:
        """Begin to pass messages on. Webhooks answer 503 before that."""

    async def close(self) -> None:
        """End what it has running: polling, connections, clients."""

    async def deliver(self, sender: str, line: Line, parts: int = 0) -> bool | Sent | None:
        """See `Connector.deliver`."""
