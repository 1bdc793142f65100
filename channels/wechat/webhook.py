"""The address that the platform posts to: genuine or not, stored, and answered within five seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sanic import Blueprint, Request, text
from sanic.response import HTTPResponse

from botkit.conversation.messages import Receipt
from botkit.conversation.outbox import Outbox
from botkit.conversation.worker import Worker
from channels.wechat.api import ApiError, Unreachable, WechatApi
from channels.wechat.arrivals import CHANNEL, Arrivals
from channels.wechat.crypto import Forged
from channels.wechat.envelope import MAX_BODY, Malformed, text_reply
from channels.wechat.guard import Guard, Opened
from channels.wechat.inbound import MESSAGES, OPENS_QUOTA, Posted, posted
from channels.wechat.quota import Quota
from channels.wechat.waiting import OpenRequest, WaitingRequests

DONE = "success"
"""What the platform wants to read where there is no answer; it then does not repeat."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Patience:
    """Seconds from the arrival of a request. sign: until the customer sees that somebody writes. answer: for the bot's
    answer, then it goes as a customer-service message. store: for storing, then the platform is to come again.
    download: for a file, then the message is taken without it."""

    sign: float = 1.5
    answer: float = 4.0
    store: float = 4.5
    download: float = 8.0


class Webhook:
    def __init__(
        self,
        guard: Guard,
        arrivals: Arrivals,
        quota: Quota,
        api: WechatApi,
        waiting: WaitingRequests,
        clock: Callable[[], datetime],
        patience: Patience,
    ) -> None:
        self._guard = guard
        self._arrivals = arrivals
        self._quota = quota
        self._api = api
        self._waiting = waiting
        self._clock = clock
        self._patience = patience
        self._worker: Worker | None = None
        self._outbox: Outbox | None = None
        self._taking: dict[str, asyncio.Task[Receipt | None]] = {}
        self._signs: set[asyncio.Task[None]] = set()

    def serve(self, worker: Worker, outbox: Outbox) -> None:
        self._worker, self._outbox = worker, outbox

    async def close(self) -> None:
        """What is being fetched may end; the platform repeats what is not stored."""
        tasks = [*self._signs, *self._taking.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def blueprint(self) -> Blueprint:
        blueprint = Blueprint(CHANNEL, url_prefix=f"/webhooks/{CHANNEL}")

        @blueprint.get("/")
        async def verify(request: Request) -> HTTPResponse:
            return await self._verify(request)

        @blueprint.post("/")
        async def take(request: Request) -> HTTPResponse | None:
            return await self._take(request)

        return blueprint

    async def _verify(self, request: Request) -> HTTPResponse:
        """The platform asks whether this is the account's server."""
        query = _query(request)
        try:
            self._guard.check(query)
        except Forged as error:
            return _refusal(403, error)
        return text(query.get("echostr", "")[:200])

    async def _take(self, request: Request) -> HTTPResponse | None:
        begun = asyncio.get_running_loop().time()
        if self._worker is None:
            return text("starting", status=503)
        if len(request.body) > MAX_BODY:
            return _refusal(413, Malformed("too large"))
        query = _query(request)
        try:
            opened = self._guard.open(query, request.body)
            delivery = posted(opened.fields)
            self._guard.first_time(query, delivery.id)
        except Forged as error:
            return _refusal(403, error)
        except Malformed as error:
            return _refusal(400, error)
        if delivery.kind not in MESSAGES and delivery.event not in OPENS_QUOTA:
            return await self._aside(delivery)
        return await self._converse(request, opened, delivery, begun)

    async def _aside(self, delivery: Posted) -> HTTPResponse:
        """What is no part of a conversation."""
        if delivery.event == "unsubscribe":
            try:
                await asyncio.to_thread(self._quota.went, delivery.sender)
            except Exception:
                log.exception("event not stored", channel=CHANNEL)
                return text("not stored", status=503)
        return text(DONE)

    async def _converse(self, request: Request, opened: Opened, delivery: Posted, begun: float) -> HTTPResponse | None:
        lost = self._waiting.lost(delivery.id)
        with self._waiting.open(delivery.sender, delivery.id) as waiting:
            try:
                receipt = await self._stored(delivery, begun)
            except asyncio.TimeoutError:
                log.warning("message not stored yet", channel=CHANNEL, kind=delivery.kind)
                return text("not stored yet", status=503)
            except Exception:
                log.exception("message not stored", channel=CHANNEL)
                return text("not stored", status=503)
            answer = lost or (await self._answer(waiting, delivery, receipt, begun) if receipt else None)
            self._waiting.close(delivery.sender, waiting)
            if answer is None:
                return text(DONE)
            reply = text_reply(delivery.sender, delivery.account, int(self._clock().timestamp()), answer)
            response = await request.respond(content_type="application/xml; charset=utf-8")
            await response.send(self._guard.seal(opened, reply).encode(), end_stream=True)
            self._waiting.wrote(waiting, answer)
            return None

    async def _stored(self, delivery: Posted, begun: float) -> Receipt | None:
        """The receipt of the stored message, None where there is nothing to store. Repeats share the work.

        Raises TimeoutError where it takes too long: it goes on, and the platform's next try finds it done.
        """
        task = self._taking.get(delivery.id)
        if task is None:
            task = self._taking[delivery.id] = asyncio.create_task(self._store(delivery))
            task.add_done_callback(lambda done: self._taken(delivery.id, done))
        return await asyncio.wait_for(asyncio.shield(task), self._until(begun, self._patience.store))

    def _taken(self, delivery: str, task: asyncio.Task[Receipt | None]) -> None:
        self._taking.pop(delivery, None)
        if not task.cancelled():
            task.exception()  # whoever waited has had it

    async def _store(self, delivery: Posted) -> Receipt | None:
        assert self._worker is not None
        message = await self._arrivals.message(delivery)
        wrote = delivery.kind != "event" and not delivery.by_click
        await asyncio.to_thread(self._quota.heard, delivery.sender, delivery.id, delivery.at, wrote)
        return await self._worker.submit(message) if message else None

    async def _answer(self, waiting: OpenRequest, delivery: Posted, receipt: Receipt, begun: float) -> str | None:
        """The answer, if `deliver` hands it over in time."""
        assert self._worker is not None
        settled = asyncio.ensure_future(self._worker.settled(receipt.message_id, self._patience.answer))
        try:
            await self._first_of({waiting.answer, settled}, begun, self._patience.sign)
            if not waiting.answer.done() and not settled.done():
                self._show_typing(delivery.sender)
                await self._first_of({waiting.answer, settled}, begun, self._patience.answer)
            while settled.done() and not waiting.answer.done() and self._until(begun, self._patience.answer):
                waiting.stirred.clear()
                if not await self._expected(receipt):
                    break
                stirred = asyncio.ensure_future(waiting.stirred.wait())
                await self._first_of({waiting.answer, stirred}, begun, self._patience.answer)
                stirred.cancel()
            return waiting.answer.result() if waiting.answer.done() else None
        finally:
            settled.cancel()

    async def _expected(self, receipt: Receipt) -> bool:
        """Whether an answer to this message is on its way."""
        assert self._outbox is not None
        return bool(await asyncio.to_thread(self._outbox.pending, receipt.conversation_id, receipt.message_id))

    async def _first_of(self, futures: set[asyncio.Future[Any]], begun: float, seconds: float) -> None:
        await asyncio.wait(futures, timeout=self._until(begun, seconds), return_when=asyncio.FIRST_COMPLETED)

    def _until(self, begun: float, seconds: float) -> float:
        return max(begun + seconds - asyncio.get_running_loop().time(), 0)

    def _show_typing(self, sender: str) -> None:
        task = asyncio.create_task(self._typing(sender))
        self._signs.add(task)
        task.add_done_callback(self._signs.discard)

    async def _typing(self, sender: str) -> None:
        """A sign that is lost is no loss."""
        try:
            await self._api.typing(sender)
        except (ApiError, Unreachable) as error:
            log.debug("no sign of writing", channel=CHANNEL, why=str(error))


def _query(request: Request) -> Mapping[str, str]:
    return {name: request.args.get(name, "") for name in request.args}


def _refusal(status: int, error: Exception) -> HTTPResponse:
    log.warning("request refused", channel=CHANNEL, status=status, why=str(error))
    return text("refused", status=status)
