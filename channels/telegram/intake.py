"""Takes updates in: each is stored before it is confirmed, and once however often it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from telegram import Bot

from botkit.content.texts import Texts
from botkit.conversation.files import PER_HOUR, FileRefused
from botkit.conversation.keyed_locks import KeyedLocks
from botkit.conversation.messages import Author, InboundMessage, KeptFile
from botkit.conversation.notices import file_notice
from botkit.conversation.outbox import Outbox, enqueue
from botkit.conversation.transcript import append_line, find_conversation, open_conversation, read_lines
from botkit.conversation.worker import Worker
from botkit.store.tables.conversation import InboundRow
from channels.base import Services
from channels.telegram.attachments import Unfetched, fetch
from channels.telegram.background import Background
from channels.telegram.choices import chosen, pressed
from channels.telegram.updates import Attachment, InGroup, Malformed, Pressed, Said, Standing, event_of

CHANNEL = "telegram"

FETCHED_WITHIN = timedelta(minutes=3)
"""So long after it was sent a file is asked for again; then the message is taken without it."""

_RECENT = 30
"""Lines among which the text of an edited message is looked for."""

log = structlog.get_logger(__name__)


class NotStored(Exception):
    """The update must come again."""


class Intake:
    def __init__(
        self, bot: Bot, services: Services, background: Background, why: Callable[[BaseException], str]
    ) -> None:
        self._bot = bot
        self._services = services
        self._background = background
        self._why = why
        self._locks = KeyedLocks()
        self._worker: Worker | None = None
        self._outbox: Outbox | None = None

    def serve(self, worker: Worker, outbox: Outbox) -> None:
        """Before this everything is NotStored."""
        self._worker, self._outbox = worker, outbox

    async def take(self, raw: Any) -> None:
        """Take in the JSON of an update. Raises Malformed, NotStored."""
        event = event_of(raw, self._texts)
        if self._worker is None:
            raise NotStored("starting")
        try:
            if isinstance(event, Said):
                # one after another: a file that is being fetched is not overtaken by the words after it
                async with self._locks.hold(event.sender):
                    await self._said(event)
            elif isinstance(event, Pressed):
                await self._pressed(event)
            elif isinstance(event, InGroup):
                await self._in_group(event.chat)
            elif isinstance(event, Standing):
                log.info("telegram customer blocked us" if event.blocked else "telegram customer lets us write again")
        except (Malformed, NotStored):
            raise
        except Unfetched as error:
            log.info("telegram file not fetched yet", why=str(error))
            raise NotStored("a file could not be fetched") from None
        except Exception:
            log.exception("message not stored", channel=CHANNEL)
            raise NotStored("storage") from None

    @property
    def _texts(self) -> Texts:
        return self._services.texts

    # Messages

    async def _said(self, said: Said) -> None:
        if said.edited and not await asyncio.to_thread(self._is_news, said):
            return
        if said.attachment is not None:
            await self._with_attachment(said, said.attachment)
        else:
            await self._submit(said, said.text, said.payload)

    async def _submit(self, said: Said, text: str, payload: str | None = None, file: KeptFile | None = None) -> None:
        assert self._worker is not None
        message = InboundMessage(CHANNEL, said.sender, said.external_id, text, payload, file, said.readable, said.phone)
        await self._worker.submit(message)

    async def _with_attachment(self, said: Said, attachment: Attachment) -> None:
        if await asyncio.to_thread(self._known, said.external_id):
            return
        try:
            file = await self._fetched(said, attachment)
        except FileRefused as refusal:
            kind = self._texts.labels("telegram_kinds")[attachment.kind]
            note = self._texts.text("telegram_file_refused", kind=kind, name=attachment.name[:80]).strip()
            text = f"{said.text}\n{note}" if said.text else note
            await self._submit(said, text, file_notice(refusal.problem))
        else:
            await self._submit(said, said.text, file=file)

    async def _fetched(self, said: Said, attachment: Attachment) -> KeptFile:
        services = self._services
        now = services.clock()
        sent = await asyncio.to_thread(services.files.sent_since, CHANNEL, said.sender, now - timedelta(hours=1))
        if sent >= PER_HOUR:
            raise FileRefused("too_many")
        try:
            return await fetch(self._bot, services.files, attachment)
        except Unfetched:
            if now - said.at > FETCHED_WITHIN:
                raise FileRefused("lost") from None
            raise

    def _known(self, external_id: str) -> bool:
        query = select(InboundRow.id).where(InboundRow.channel == CHANNEL, InboundRow.external_id == external_id)
        with self._services.unit_of_work(reading=True) as session:
            return session.execute(query).scalar_one_or_none() is not None

    def _is_news(self, said: Said) -> bool:
        """Whether an edited message says something else than before: Telegram also reports changes that nobody sees."""
        with self._services.unit_of_work(reading=True) as session:
            conversation = find_conversation(session, CHANNEL, said.sender)
            lines = read_lines(session, conversation.id, limit=_RECENT) if conversation else ()
        return all(line.text != said.text for line in lines if line.author is Author.CUSTOMER)

    # Buttons

    async def _pressed(self, press: Pressed) -> None:
        assert self._worker is not None
        choice = await asyncio.to_thread(
            chosen, self._services.unit_of_work, CHANNEL, press.sender, press.data, press.titles
        )
        if choice is None:
            self._background.begin(self._answer(press, self._texts.text("telegram_button_gone")))
            return
        shown = self._texts.text("telegram_chosen", title="")
        title = choice.title.removeprefix(shown)
        message = InboundMessage(CHANNEL, press.sender, press.external_id, title, choice.payload)
        receipt = await self._worker.submit(message)
        if not receipt.duplicate:
            self._background.begin(self._answer(press))
            if press.message_id is not None:
                self._background.begin(self._mark(press, press.message_id, title))

    async def _answer(self, press: Pressed, text: str | None = None) -> None:
        await self._bot.answer_callback_query(press.query_id, text=text, show_alert=False)

    async def _mark(self, press: Pressed, message_id: int, title: str) -> None:
        markup = pressed(self._texts.text("telegram_chosen", title=title), press.data)
        await self._bot.edit_message_reply_markup(int(press.sender), message_id, reply_markup=markup)

    # Groups

    async def _in_group(self, chat: str) -> None:
        assert self._outbox is not None
        conversation_id = await asyncio.to_thread(self._tell_group, chat)
        if conversation_id is not None:
            self._background.begin(self._outbox.flush(conversation_id))

    def _tell_group(self, chat: str) -> str | None:
        """Say in a group that the bot answers in private: once, so that what is kept of the group is this one line."""
        services, now = self._services, self._services.clock()
        try:
            with services.unit_of_work() as session:
                conversation = open_conversation(session, CHANNEL, chat, now)
                if conversation.last_seq:
                    return None
                text = services.texts.text("telegram_only_private")
                enqueue(session, append_line(session, conversation, Author.SYSTEM, text, now), None, now)
                return str(conversation.id)
        except IntegrityError:
            return None  # another server has said it in this moment
