"""The Telegram channel: takes lines of the transcript to private chats, and begins and ends what takes updates in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from io import BytesIO

import structlog
from sanic import Blueprint
from telegram import InputFile, KeyboardButton, LinkPreviewOptions, ReplyKeyboardMarkup, ReplyKeyboardRemove
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from botkit.conversation.messages import Author, Line
from botkit.conversation.outbox import Outbox, Sent, TryLater
from botkit.conversation.transcript import read_lines
from botkit.conversation.worker import Worker
from botkit.handoff.machine import Owner
from botkit.store.tables.conversation import ConversationRow
from channels.base import Services
from channels.telegram.background import Background
from channels.telegram.choices import keyboard
from channels.telegram.client import Client, refusal, seconds_of
from channels.telegram.intake import CHANNEL, Intake
from channels.telegram.pace import Busy, Pace
from channels.telegram.polling import PAUSES, Poller
from channels.telegram.registration import register
from channels.telegram.rendering import FilePart, Markup, Part, parts_of
from channels.telegram.settings import TelegramSettings
from channels.telegram.webhook import webhook_blueprint

AT_A_STRETCH = 12.0
"""Seconds after which a line of many parts is put off, so that no other server takes it for abandoned."""

ONE_SEND = 25.0
"""Seconds for one message with its file."""

TYPING_EVERY = 5.0
"""Seconds that a typing sign stays: https://core.telegram.org/bots/api#sendchataction"""

PHOTOS = ("image/jpeg", "image/png", "image/webp")
_LOOK_BACK = 12

log = structlog.get_logger(__name__)


def telegram_channel(environment: Mapping[str, str], services: Services) -> TelegramChannel | None:
    """None where it is not configured. Raises SettingsError."""
    settings = TelegramSettings.from_environment(environment)
    return TelegramChannel(settings, services) if settings else None


class TelegramChannel:
    """See `channels.base.Channel`."""

    channel = CHANNEL
    outside = True

    def __init__(
        self,
        settings: TelegramSettings,
        services: Services,
        seconds: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        poll_wait: int | None = None,
    ) -> None:
        """seconds, sleep: the clock of pauses. poll_wait: seconds that Telegram holds a poll open."""
        self._settings = settings
        self._services = services
        self._seconds = seconds
        self._sleep = sleep
        self._client = Client(settings)
        self._pace = Pace(seconds, sleep)
        self._background = Background(self._client.why)
        self._intake = Intake(self._client.bot, services, self._background, self._client.why)
        waits = {} if poll_wait is None else {"wait": poll_wait}
        self._poller = Poller(self._client.bot, self._intake, self._client.why, sleep, **waits)
        self._typed: dict[str, float] = {}
        self._running: asyncio.Task[None] | None = None

    @property
    def blueprint(self) -> Blueprint | None:
        """None while updates are polled."""
        return webhook_blueprint(self._settings.secret, self._intake) if self._settings.webhook_url else None

    async def serve(self, worker: Worker, outbox: Outbox) -> None:
        """Returns at once: that Telegram cannot be reached stops nothing else."""
        self._intake.serve(worker, outbox)
        worker.on_activity(self._activity)
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self._background.close()
        await self._client.close()

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                await register(self._client.bot, self._settings, self._services.texts, self._services.var / CHANNEL)
                break
            except RetryAfter as flood:
                await self._sleep(seconds_of(flood))
            except TelegramError as error:
                level = log.error if isinstance(error, InvalidToken | BadRequest) else log.warning
                level("telegram could not be set up, see docs/telegram.md", why=self._client.why(error))
                await self._sleep(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1
            except Exception:
                log.exception("telegram could not be set up")
                await self._sleep(PAUSES[-1])
        if not self._settings.webhook_url:
            await self._poller.run()

    # Out

    async def deliver(self, sender: str, line: Line, parts: int = 0) -> bool | Sent | None:
        """Send a line, all but its first `parts` messages. Raises TryLater, Undeliverable."""
        messages = await asyncio.to_thread(self._messages, line)
        begun = self._seconds()
        for number in range(parts, len(messages)):
            if number > parts and self._seconds() - begun > AT_A_STRETCH:
                raise TryLater("the rest of a long line", timedelta(0), number)
            try:
                await self._pace.turn(sender)
                await asyncio.wait_for(self._send(sender, messages[number]), ONE_SEND)
            except Busy as busy:
                raise TryLater(str(busy), timedelta(seconds=busy.seconds), number) from None
            except asyncio.TimeoutError:
                raise TryLater("too slow", parts=number) from None
            except TelegramError as error:
                if isinstance(error, RetryAfter):
                    self._pace.hold(sender, seconds_of(error))
                raise refusal(error, self._client.why(error), number) from None
        return True

    async def _send(self, sender: str, part: Part) -> None:
        if isinstance(part, FilePart):
            await self._send_file(sender, part)
            return
        try:
            await self._send_text(sender, part.html, ParseMode.HTML, part.markup)
        except BadRequest as error:
            if "can't parse entities" not in str(error).lower():
                raise
            log.error("telegram cannot read our HTML", why=self._client.why(error))
            await self._send_text(sender, part.plain, None, part.markup)

    async def _send_text(self, sender: str, text: str, parse_mode: str | None, markup: Markup | None) -> None:
        await self._client.bot.send_message(
            int(sender),
            text,
            parse_mode=parse_mode,
            reply_markup=markup,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    async def _send_file(self, sender: str, part: FilePart) -> None:
        found = await asyncio.to_thread(self._services.files.of_customer, part.id, CHANNEL, sender)
        if found is None:
            gone = self._services.texts.text("telegram_file_gone", name=part.name)
            await self._send_text(sender, f"{gone}\n{part.plain}".strip(), None, part.markup)
            return
        bot, data = self._client.bot, found[1]
        chat, caption, markup = int(sender), part.caption or None, part.markup
        if part.type in PHOTOS:
            try:
                await bot.send_photo(
                    chat, _upload(data, part), caption=caption, parse_mode=ParseMode.HTML, reply_markup=markup
                )
                return
            except BadRequest as error:
                # a picture that is too narrow or too long to be shown can still be sent as a file
                if not any(sign in str(error).lower() for sign in ("photo", "image")):
                    raise
        await bot.send_document(
            chat, _upload(data, part), caption=caption, parse_mode=ParseMode.HTML, reply_markup=markup
        )

    def _messages(self, line: Line) -> Sequence[Part]:
        return parts_of(line, self._services.texts, self._markup(line))

    def _markup(self, line: Line) -> Markup | None:
        """The keyboard under a line: where a number is wanted one that sends it, with the line's choices as words."""
        if _asks_for_number(line):
            share = KeyboardButton(self._services.texts.text("telegram_share_phone"), request_contact=True)
            others = [KeyboardButton(choice["title"]) for choice in line.content.get("choices") or ()]
            rows = [[share], others] if others else [[share]]
            return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
        return keyboard(line) or (ReplyKeyboardRemove() if self._leaves_keyboard(line) else None)

    def _leaves_keyboard(self, line: Line) -> bool:
        """Whether the keyboard for the number still stands: it was offered, and no line since then could take it away."""
        with self._services.unit_of_work(reading=True) as session:
            before = read_lines(session, line.conversation_id, before=line.seq, limit=_LOOK_BACK)
        for earlier in reversed(before):
            if earlier.author is Author.CUSTOMER or not (earlier.text or earlier.content):
                continue
            if _asks_for_number(earlier):
                return True
            if not earlier.content.get("choices"):
                return False
        return False

    # Signs

    async def _activity(self, conversation_id: str, at_work: bool) -> None:
        if at_work:
            self._background.begin(self._show_typing(conversation_id))

    async def _show_typing(self, conversation_id: str) -> None:
        sender = await asyncio.to_thread(self._served_by_bot, conversation_id)
        now = self._seconds()
        if sender is None or self._pace.held(sender) or now - self._typed.get(sender, -TYPING_EVERY) < TYPING_EVERY:
            return
        self._typed = {known: at for known, at in self._typed.items() if now - at < TYPING_EVERY}
        self._typed[sender] = now
        await self._client.bot.send_chat_action(int(sender), ChatAction.TYPING)

    def _served_by_bot(self, conversation_id: str) -> str | None:
        """The chat of a conversation of this channel in which the bot answers now."""
        with self._services.unit_of_work(reading=True) as session:
            row = session.get(ConversationRow, conversation_id)
            mine = row is not None and row.channel == CHANNEL and row.owner in (Owner.BOT.value, Owner.CLOSED.value)
            return str(row.sender) if mine else None


def _upload(data: bytes, part: FilePart) -> InputFile:
    return InputFile(BytesIO(data), part.name)


def _asks_for_number(line: Line) -> bool:
    """Whether Telegram can offer to send the customer's own number."""
    return line.author is Author.BOT and line.content.get("asks") == "phone"
