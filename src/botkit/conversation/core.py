"""The conversation core in one piece: inbox, router, outbox and the worker that drives them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from botkit.content.texts import Texts
from botkit.conversation.dialogue import Dialogue
from botkit.conversation.elsewhere import Elsewhere
from botkit.conversation.inbox import Inbox
from botkit.conversation.outbox import Connector, Delivery, Outbox
from botkit.conversation.reception import Reception
from botkit.conversation.router import Router
from botkit.conversation.worker import Handler, Worker
from botkit.store.engine import UnitOfWork


class Core(NamedTuple):
    """Messages go in by `worker.submit`; answers go out through `outbox`, to the connectors."""

    worker: Worker
    outbox: Outbox


def conversation_core(
    unit_of_work: UnitOfWork,
    clock: Callable[[], datetime],
    dialogue: Dialogue,
    texts: Texts,
    connectors: Iterable[Connector],
    wrapped: Callable[[Handler], Handler] = lambda router: router,
    reception: Reception | None = None,
) -> Core:
    """Put it together.

    wrapped: what stands around the router, to measure it for example. reception: the desk's word to who waits.
    """
    connectors = list(connectors)
    outbox = Outbox(unit_of_work, clock, connectors)
    pushing = [connector.channel for connector in connectors if getattr(connector, "outside", False)]
    elsewhere = Elsewhere(unit_of_work, texts, clock, pushing)

    async def instead(delivery: Delivery) -> None:
        if other := await elsewhere.instead(delivery):
            outbox.soon(other)

    outbox.on_delivery(instead)
    router = wrapped(Router(unit_of_work, dialogue, texts, clock, reception, elsewhere))
    return Core(Worker(Inbox(unit_of_work, clock), router, outbox), outbox)
