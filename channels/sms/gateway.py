"""What the SMS channel needs of a gateway, and what a gateway needs of the channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sanic import Blueprint

from botkit.conversation.outbox import Sent


@dataclass(frozen=True)
class Incoming:
    """A message that came in. sender: in normal form, see `channels.sms.numbers`. external_id: unique; the same for a
    repeated delivery. readable: False where its text could not be read (binary data)."""

    sender: str
    text: str
    external_id: str
    readable: bool = True


@dataclass(frozen=True)
class Outgoing:
    """A message to send. to: in normal form. parts: its SMS, in order, none longer than a part may be.

    key: the same whenever this message is tried again. reports: whether its delivery is to be reported.
    """

    to: str
    parts: Sequence[str]
    key: str
    reports: bool = True


class Arrivals(Protocol):
    """Where a gateway hands over what comes in."""

    async def message(self, incoming: Incoming) -> None:
        """Safe when it returns; raises what the database raises where it could not be stored."""

    async def report(self, external_id: str, arrived: bool, problem: str = "refused") -> bool:
        """Whether a message of ours arrived. False: none of ours, or not known to be ours yet."""


class Gateway(Protocol):
    """The way to the mobile network."""

    @property
    def blueprint(self) -> Blueprint | None:
        """Its webhooks; None where it has none."""

    async def open(self, arrivals: Arrivals) -> None:
        """Begin to take messages in and to send."""

    async def close(self) -> None:
        """End connections."""

    async def send(self, message: Outgoing, done: int = 0) -> Sent:
        """Send all but the first `done` parts. Raises Undeliverable, TryLater."""
