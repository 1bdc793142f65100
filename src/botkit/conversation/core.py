"""The conversation core in one piece: inbox, router, outbox and the worker that drives them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from botkit.content.texts import Texts
from botkit.conversation.dialogue import Dialogue
from botkit.conversation.inbox import Inbox
from botkit.conversation.outbox import Connector, Outbox
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
    outbox = Outbox(unit_of_work, clock, connectors)
    router = wrapped(Router(unit_of_work, dialogue, texts, clock, reception))
    return Core(Worker(Inbox(unit_of_work, clock), router, outbox), outbox)
