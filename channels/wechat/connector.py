"""The delivering half: an answer goes in the response that waits for it, else as a customer-service message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sanic import Blueprint

from botkit.conversation.messages import KeptFile, Line
from botkit.conversation.outbox import Outbox, Sent, TryLater, Undeliverable
from botkit.conversation.worker import Worker
from botkit.handoff.machine import Owner
from botkit.store.tables.conversation import ConversationRow
from channels.base import Services
from channels.wechat.api import BUSY, ApiError, Unreachable, WechatApi
from channels.wechat.arrivals import CHANNEL, Arrivals
from channels.wechat.guard import Guard
from channels.wechat.pictures import fitted
from channels.wechat.quota import Left, Quota
from channels.wechat.rendering import Message, agent_of, as_menu, as_text, message_of
from channels.wechat.settings import WechatSettings
from channels.wechat.waiting import WaitingRequests
from channels.wechat.webhook import Patience, Webhook

HELD: Mapping[int, timedelta] = {2: timedelta(seconds=8), 1: timedelta(seconds=20)}
"""With so few messages left, an agent's line waits so long for more lines to travel with it."""

_TOGETHER = 20
"""Lines in one message."""

_NO_MENUS = 40200
_LATER = {BUSY: None, 45009: timedelta(hours=1), 45011: timedelta(minutes=1)}
_CLOSED = frozenset({45015, 45047})
_GONE = frozenset({43004, 43019})
_NOT_PERMITTED = frozenset({48001, 48002, 48004, 48005, 50002})
_OF_THE_ACCOUNT = frozenset({40001, 40002, 40013, 40014, 40125, 40164, 40243, 41002, 41004, 42001, 61024})
"""Wrong AppID or secret, an address that is not on the list: the engineer can mend it while the lines wait."""

log = structlog.get_logger(__name__)


class WechatConnector:
    channel = CHANNEL
    outside = True

    def __init__(
        self,
        settings: WechatSettings,
        services: Services,
        api: WechatApi | None = None,
        patience: Patience | None = None,
    ) -> None:
        """api, patience: for tests."""
        patience = patience or Patience()
        self._services = services
        self._texts = services.texts
        self._clock: Callable[[], datetime] = services.clock
        self._api = api or WechatApi(settings, services.unit_of_work, services.clock)
        self._quota = Quota(services.unit_of_work, services.clock)
        self._waiting = WaitingRequests(services.clock)
        arrivals = Arrivals(self._api, services, patience.download)
        guard = Guard(settings, services.clock)
        self._webhook = Webhook(guard, arrivals, self._quota, self._api, self._waiting, services.clock, patience)
        self._blueprint = self._webhook.blueprint()
        self._outbox: Outbox | None = None
        self._menus = True

    @property
    def blueprint(self) -> Blueprint:
        return self._blueprint

    async def serve(self, worker: Worker, outbox: Outbox) -> None:
        self._outbox = outbox
        self._webhook.serve(worker, outbox)

    async def close(self) -> None:
        await self._webhook.close()
        await self._api.close()

    async def deliver(self, sender: str, line: Line, parts: int = 0) -> bool | Sent | None:
        """Send a line, together with those that wait after it: a response carries one message, and few may be sent."""
        lines = await asyncio.to_thread(self._together, line)
        if not lines:
            return True  # it went out with an earlier one
        left = await asyncio.to_thread(self._quota.left, sender)
        if left.gone:
            raise Undeliverable(self._texts.text("wechat_gone"), "blocked")
        if "file" in line.content:
            kept = await asyncio.to_thread(
                self._services.files.of_customer, line.content["file"]["id"], CHANNEL, sender
            )
            if kept is not None and kept[0].is_picture:
                return await self._deliver_picture(sender, line, kept, left, parts)
            lines = [self._without_file(line)]
        passively = self._waiting.has(sender)
        note = await asyncio.to_thread(self._note, line, left, passively)
        message = message_of(lines, self._texts, note)
        if message.text or message.choices:
            await self._deliver_message(sender, line, message, left)
        assert self._outbox is not None
        await asyncio.to_thread(self._outbox.mark_delivered, line.conversation_id, [one.seq for one in lines])
        self._waiting.stir(sender)
        return True

    async def _deliver_message(self, sender: str, line: Line, message: Message, left: Left) -> None:
        # before it is sent: whoever answers at once is to be understood
        await asyncio.to_thread(
            self._services.pages.show, line.conversation_id, message.choices, message.rest, message.rest_choices
        )
        if await self._waiting.hand_over(sender, as_text(message, self._texts)):
            return
        self._may_send(line, left)
        await self._spend(sender, lambda: self._send(sender, message))

    async def _send(self, sender: str, message: Message) -> None:
        menu = as_menu(message, self._texts) if self._menus else None
        if menu is not None:
            try:
                await self._api.send(sender, "msgmenu", menu)
                return
            except ApiError as error:
                if error.code != _NO_MENUS:
                    raise
                self._menus = False  # a test account, or one that is not verified
        await self._api.send(sender, "text", {"content": as_text(message, self._texts)})

    async def _deliver_picture(
        self, sender: str, line: Line, kept: tuple[KeptFile, bytes], left: Left, parts: int
    ) -> bool:
        """The picture, then what is written with it."""
        file, data = kept
        self._may_send(line, left, wait=False)
        if parts == 0:
            try:
                data, name, mime = await asyncio.to_thread(fitted, data, file.type)
            except OSError:
                raise Undeliverable(self._texts.text("wechat_picture_broken")) from None
            await self._spend(sender, lambda: self._send_picture(sender, data, name, mime))
        caption = message_of([_bare(line, line.text)], self._texts)
        if line.text:
            await self._spend(sender, lambda: self._send(sender, caption), parts=1)
        return True

    async def _send_picture(self, sender: str, data: bytes, name: str, mime: str) -> None:
        media_id = await self._api.upload_image(data, name, mime)
        await self._api.send(sender, "image", {"media_id": media_id})

    async def _spend(self, sender: str, send: Callable[[], Awaitable[None]], parts: int = 0) -> None:
        """Send one customer-service message and count it. Raises Undeliverable, TryLater."""
        try:
            await send()
        except Unreachable as error:
            raise TryLater(str(error), parts=parts) from None
        except ApiError as error:
            if error.code in _CLOSED:
                await asyncio.to_thread(self._quota.exhausted, sender)
            raise self._problem(error, parts) from None
        await asyncio.to_thread(self._quota.spend, sender)

    def _problem(self, error: ApiError, parts: int) -> Exception:
        code = error.code
        if code in _LATER:
            return TryLater(str(error), _LATER[code], parts)
        if code in _OF_THE_ACCOUNT:
            log.error("the official account is not set up rightly", code=code)
            return TryLater(str(error), parts=parts)
        if code in _CLOSED:
            return Undeliverable(self._texts.text("wechat_window_closed"), "window_closed")
        if code in _GONE:
            return Undeliverable(self._texts.text("wechat_gone"), "blocked")
        if code == 40003:
            return Undeliverable(self._texts.text("wechat_unknown"), "no_address")
        if code in _NOT_PERMITTED:
            log.error("customer-service messages are not permitted", code=code)
            return Undeliverable(self._texts.text("wechat_not_permitted", code=code))
        return Undeliverable(self._texts.text("wechat_refused", code=code))

    def _may_send(self, line: Line, left: Left, wait: bool = True) -> None:
        """Raises Undeliverable where nothing may be sent, TryLater where it is better to wait for more lines."""
        if not left.messages:
            raise Undeliverable(self._texts.text("wechat_window_closed"), "window_closed")
        held = HELD.get(left.messages, timedelta(0)) - (self._clock() - line.at)
        if wait and agent_of(line) and left.lasting and held > timedelta(0):
            raise TryLater("waits for more lines", held)

    def _together(self, line: Line) -> Sequence[Line]:
        """The line and those after it that may travel in the same message; none where it has gone out already."""
        assert self._outbox is not None
        pending = [one for one in self._outbox.pending(line.conversation_id) if one.seq >= line.seq]
        if not pending or pending[0].seq != line.seq:
            return []
        if "file" in line.content:
            return [line]
        together = []
        for one in pending[:_TOGETHER]:
            if "file" in one.content:
                break
            together.append(one)
        return together

    def _note(self, line: Line, left: Left, passively: bool) -> str:
        """What the customer is told of WeChat's limits, where an agent could not reach him otherwise."""
        if not left.lasting and self._is_with_humans(line.conversation_id):
            return self._texts.text("wechat_please_write")
        if left.messages == 1 and agent_of(line) and not passively:
            return self._texts.text("wechat_last_one")
        return ""

    def _is_with_humans(self, conversation_id: str) -> bool:
        with self._services.unit_of_work(reading=True) as session:
            owner = session.get(ConversationRow, conversation_id).owner
        return owner in (Owner.WAITING.value, Owner.HUMAN.value)

    def _without_file(self, line: Line) -> Line:
        said = self._texts.text("wechat_no_file", name=line.content.get("name", ""), file=line.content["file"]["name"])
        return _bare(line, f"{line.text}\n{said}".strip())


def _bare(line: Line, text: str) -> Line:
    """The line without its file, with this text."""
    return replace(line, text=text, content={key: value for key, value in line.content.items() if key != "file"})


def wechat_channel(environment: Mapping[str, str], services: Services) -> WechatConnector | None:
    """The official account, where the environment names one. Raises SettingsError."""
    settings = WechatSettings.from_environment(environment)
    return WechatConnector(settings, services) if settings else None
