"""The port for the desk: where customers who want a human go. Written by the console of this house, or by an adapter to the
desk that the operator has already."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from sanic import Blueprint

from botkit.conversation.reception import Reception

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

    async def start(self) -> None:
        """The server has started."""

    async def tick(self) -> None:
        """Called every ten seconds: what is due by time."""

    async def stop(self) -> None:
        """The server ends. What is under way may be left: all of it stands in the database."""
