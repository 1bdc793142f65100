"""The port for the desk: where customers who want a human go. Written by the console of this house, or by an adapter to the
desk that the operator has already."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from sanic import Blueprint

from botkit.conversation.outbox import Delivery
from botkit.conversation.reception import Reception

Resend = Callable[[str, int], bool]
"""Puts a line that was given up (conversation, `seq`) on its way again; False where it was not given up."""

Deliver = Callable[[str], Awaitable[None]]
"""Sends what waits in the outbox for a conversation (its id)."""


class Desk(Protocol):
    """One for the whole server."""

    @property
    def reception(self) -> Reception:
        """What a waiting customer is told, within the router's unit of work."""

    @property
    def blueprints(self) -> Sequence[Blueprint]:
        """Its pages and webhooks."""

    def changed(self, conversation_id: str, settled: bool = True) -> None:
        """Something was said or done in a conversation. Returns at once.

        settled: the bot is done with it.
        """

    async def delivered(self, delivery: Delivery) -> None:
        """A line to the customer was sent, delivered or given up."""

    async def start(self) -> None:
        """The server has started."""

    async def tick(self) -> None:
        """Called every ten seconds: what is due by time."""

    async def stop(self) -> None:
        """The server ends. What is under way may be left: all of it stands in the database."""
