"""Signs that nobody keeps, between the customer's channel and the desk: somebody writes, somebody has read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sign:
    """typing: whether he writes now. read: the number of the last line that he has seen. None: nothing about it."""

    conversation_id: str
    typing: bool | None = None
    read: int | None = None


Listener = Callable[[Sign], Awaitable[None]]


class Signs:
    """`of_customer` and `of_agent` never raise: a sign that is lost is no loss."""

    def __init__(self) -> None:
        self._at_desk: list[Listener] = []
        self._at_channels: list[Listener] = []

    def on_customer(self, listener: Listener) -> None:
        """The desk listens."""
        self._at_desk.append(listener)

    def on_agent(self, listener: Listener) -> None:
        """The channels listen; each passes on what concerns its own conversations."""
        self._at_channels.append(listener)

    async def of_customer(self, sign: Sign) -> None:
        await _tell(self._at_desk, sign)

    async def of_agent(self, sign: Sign) -> None:
        await _tell(self._at_channels, sign)


async def _tell(listeners: list[Listener], sign: Sign) -> None:
    for listener in listeners:
        try:
            await listener(sign)
        except Exception:
            log.exception("sign not passed on", conversation=sign.conversation_id)
