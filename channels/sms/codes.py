"""One-time codes by the gateway that the channel uses, for the part of the house that waits while it sends."""

from __future__ import annotations

import asyncio
import uuid
from concurrent.futures import TimeoutError as NoAnswer

from botkit.bss.sms import SmsNotSent
from botkit.conversation.outbox import TryLater, Undeliverable
from channels.sms.gateway import Gateway, Outgoing
from channels.sms.parts import split

PATIENCE = 10.0
"""Seconds; after that the customer is told that it did not work."""


class GatewaySms:
    """A `botkit.bss.sms.SmsSender`. Not to be called in the loop that it sends in."""

    def __init__(self, gateway: Gateway, loop: asyncio.AbstractEventLoop, patience: float = PATIENCE) -> None:
        self._gateway = gateway
        self._loop = loop
        self._patience = patience

    def send(self, to: str, text: str) -> None:
        """Raises SmsNotSent."""
        message = Outgoing(to, split(text), f"own-{uuid.uuid4().hex}", reports=False)
        sending = asyncio.run_coroutine_threadsafe(self._gateway.send(message), self._loop)
        try:
            sending.result(self._patience)
        except NoAnswer:
            sending.cancel()
            raise SmsNotSent("the gateway did not answer in time") from None
        except (TryLater, Undeliverable) as error:
            raise SmsNotSent(str(error)) from error
