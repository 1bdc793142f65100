"""Requests of the platform that wait for the bot's answer, so that it can travel in the response.

The outbox remains the only sender: the connector's `deliver` hands the answer to a waiting request, and hears whether it
was written.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

LOST_FROM, LOST_UNTIL = timedelta(seconds=4), timedelta(seconds=20)
"""A repeat that begins so long after the first try shows that the platform did not get the answer to it: it repeats after
five seconds without one. What comes sooner is the same delivery twice."""

_REMEMBERED = 10_000


class OpenRequest:
    """A response that is not written yet."""

    def __init__(self, delivery: str) -> None:
        loop = asyncio.get_running_loop()
        self.delivery = delivery
        self.answer: asyncio.Future[str] = loop.create_future()
        self.written: asyncio.Future[bool] = loop.create_future()
        self.stirred = asyncio.Event()


class WaitingRequests:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._open: dict[str, list[OpenRequest]] = {}
        self._tries: OrderedDict[str, tuple[datetime, str | None]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self._open.values()))

    def lost(self, delivery: str) -> str | None:
        """The answer that an earlier try of this delivery was given, and that the platform cannot have got."""
        now = self._clock()
        at, answer = self._tries.setdefault(delivery, (now, None))
        while len(self._tries) > _REMEMBERED or now - next(iter(self._tries.values()))[0] > LOST_UNTIL:
            self._tries.popitem(last=False)
        return answer if LOST_FROM <= now - at <= LOST_UNTIL else None

    @contextmanager
    def open(self, sender: str, delivery: str) -> Iterator[OpenRequest]:
        """While the block runs, an answer to this sender may travel in this response."""
        request = OpenRequest(delivery)
        self._open.setdefault(sender, []).append(request)
        try:
            yield request
        finally:
            self.close(sender, request)
            if not request.written.done():
                request.written.set_result(False)

    def close(self, sender: str, request: OpenRequest) -> None:
        """It waits no more."""
        requests = self._open.get(sender, [])
        if request in requests:
            requests.remove(request)
        if not requests:
            self._open.pop(sender, None)

    def wrote(self, request: OpenRequest, answer: str) -> None:
        """The response is written."""
        if request.delivery in self._tries:
            self._tries[request.delivery] = (self._tries[request.delivery][0], answer)
        request.written.set_result(True)

    def stir(self, sender: str) -> None:
        """Something was delivered to him: whoever waits looks whether there is anything left to wait for."""
        for request in self._open.get(sender, ()):
            request.stirred.set()

    def has(self, sender: str) -> bool:
        return sender in self._open

    async def hand_over(self, sender: str, answer: str) -> bool:
        """Put the answer into a response that waits: of the oldest delivery, its latest try, which is the one that the
        platform still listens to. False: there is none, or it was not written."""
        requests = self._open.get(sender)
        if not requests:
            return False
        request = [one for one in requests if one.delivery == requests[0].delivery][-1]
        self.close(sender, request)
        request.answer.set_result(answer)
        return await request.written
