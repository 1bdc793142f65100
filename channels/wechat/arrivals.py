"""From what the platform posted to an `InboundMessage`: choices, files, menu keys, scenes."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from botkit.conversation.files import PER_HOUR, FileRefused
from botkit.conversation.messages import InboundMessage, KeptFile
from botkit.conversation.notices import file_notice
from channels.base import Services
from channels.wechat.api import ApiError, Unreachable, WechatApi
from channels.wechat.inbound import MEDIA, Posted
from channels.wechat.menu import menu_of, titles_of
from channels.wechat.rendering import without_number

CHANNEL = "wechat"
GREET = "/greet"

log = structlog.get_logger(__name__)


class Arrivals:
    def __init__(self, api: WechatApi, services: Services, patience: float) -> None:
        """patience: seconds for fetching what a customer sent."""
        self._api = api
        self._texts = services.texts
        self._files = services.files
        self._pages = services.pages
        self._clock = services.clock
        self._patience = patience
        self._titles = titles_of(menu_of(services.texts))

    async def message(self, posted: Posted) -> InboundMessage | None:
        """None: there is nothing in it to answer."""
        if posted.kind == "event":
            return self._event(posted)
        if posted.kind == "text":
            return await asyncio.to_thread(self._text, posted)
        if posted.kind in MEDIA:
            return await self._media(posted)
        return _inbound(posted, self._described(posted), readable=False)

    def _text(self, posted: Posted) -> InboundMessage | None:
        text = posted.fields.get("Content", "").strip()
        if not text:
            return None
        choice = self._pages.meant(CHANNEL, posted.sender, text)
        if choice is None and posted.by_click:
            text = without_number(text)
            choice = self._pages.meant(CHANNEL, posted.sender, text)
        return _inbound(posted, choice.title, choice.payload) if choice else _inbound(posted, text)

    async def _media(self, posted: Posted) -> InboundMessage:
        heard = posted.fields.get("Recognition", "").strip() if posted.kind == "voice" else ""
        try:
            return _inbound(posted, heard, file=await self._kept(posted))
        except FileRefused as refusal:
            log.warning("file not taken over", channel=CHANNEL, kind=posted.kind, why=refusal.problem)
            if heard:
                return _inbound(posted, heard)  # what matters of it is known
            name = self._texts.labels("wechat_media")[posted.kind]
            text = self._texts.text("wechat_media_lost", kind=name)
            return _inbound(posted, text, file_notice(refusal.problem))

    async def _kept(self, posted: Posted) -> KeptFile:
        """Raises FileRefused, also for what could not be fetched in time, and for too many of them."""
        since = self._clock() - timedelta(hours=1)
        if await asyncio.to_thread(self._files.sent_since, CHANNEL, posted.sender, since) >= PER_HOUR:
            raise FileRefused("too_many")
        try:
            data = await asyncio.wait_for(self._api.download(posted.fields["MediaId"]), self._patience)
        except (ApiError, Unreachable, asyncio.TimeoutError) as error:
            log.warning("file not fetched", channel=CHANNEL, kind=posted.kind, why=str(error) or "too slow")
            raise FileRefused("lost") from None
        return await asyncio.to_thread(self._files.keep, data)

    def _described(self, posted: Posted) -> str:
        """What humans read of a place, a link, a file."""
        fields = posted.fields
        if posted.kind == "location":
            place = {"latitude": fields.get("Location_X", ""), "longitude": fields.get("Location_Y", "")}
            return self._texts.text("wechat_location", label=fields.get("Label", ""), **place)
        if posted.kind == "link":
            return self._texts.text("wechat_link", title=fields.get("Title", ""), url=fields.get("Url", ""))
        return self._texts.text("wechat_file", title=fields.get("Title", ""))

    def _event(self, posted: Posted) -> InboundMessage | None:
        wish = self._texts.labels("wechat_scenes").get(posted.scene) if posted.scene else None
        if posted.event == "subscribe":
            by = ("wechat_followed_by", {"scene": posted.scene}) if posted.scene else ("wechat_followed", {})
            return _inbound(posted, self._texts.text(by[0], **by[1]), wish or GREET)
        if posted.event == "SCAN" and wish:
            return _inbound(posted, self._texts.text("wechat_scanned", scene=posted.scene), wish)
        if posted.event == "CLICK" and posted.key.startswith("/"):
            return _inbound(posted, self._titles.get(posted.key, posted.key), posted.key)
        return None


def _inbound(
    posted: Posted, text: str, payload: str | None = None, file: KeptFile | None = None, readable: bool = True
) -> InboundMessage:
    return InboundMessage(CHANNEL, posted.sender, posted.id, text, payload, file, readable)
