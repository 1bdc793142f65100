"""What an update of Telegram means here. https://core.telegram.org/bots/api#update

Updates come from outside: the library checks no types, so every value that is used is checked where it is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Contact, Message, Update

from botkit.content.texts import Texts
from botkit.conversation.files import MAX_SIZE
from botkit.conversation.messages import storable
from botkit.conversation.notices import BEGIN

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""What Telegram is asked for; anything else that comes is passed over."""

COMMANDS: Mapping[str, str] = {
    "balance": "/ask_balance",
    "usage": "/ask_usage",
    "bill": "/ask_bill",
    "plan": "/ask_my_plan",
    "cheaper": "/find_cheaper_plan",
    "setup5g": "/setup_5g",
    "human": "/request_human",
    "help": "/help",
}
"""Payload by command; what customers read is `telegram_commands` of the content."""

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w{1,64})?(?:\s+(.*))?", re.DOTALL)
_CHINESE_NUMBER = re.compile(r"(?:\+?86)?(1\d{10})")
_UNREADABLE = ("poll", "dice", "game", "story", "paid_media", "invoice", "checklist")
_FILES = ("animation", "document", "voice", "audio", "video", "video_note")
_GONE = ("left", "kicked")
_HIGHEST = 2**53


class Malformed(ValueError):
    """Not an update as Telegram sends them. The message names what is wrong, without content."""


@dataclass(frozen=True)
class Attachment:
    """A file on Telegram's servers. size: bytes, None where not told."""

    file_id: str
    name: str
    kind: str
    size: int | None


@dataclass(frozen=True)
class Said:
    """Something in a private chat, the fields as in InboundMessage. at: when it was sent. edited: in place of another text."""

    sender: str
    external_id: str
    at: datetime
    text: str
    payload: str | None = None
    readable: bool = True
    phone: str | None = None
    attachment: Attachment | None = None
    edited: bool = False


@dataclass(frozen=True)
class Pressed:
    """A button in a private chat. titles: those of its keyboard by their data. message_id: None where it is not known."""

    sender: str
    external_id: str
    query_id: str
    data: str
    message_id: int | None
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class InGroup:
    """Something in a group that the bot is in."""

    chat: str


@dataclass(frozen=True)
class Standing:
    """A customer has blocked the bot, or lets it write again."""

    chat: str
    blocked: bool


Event = Said | Pressed | InGroup | Standing


def event_of(raw: Any, texts: Texts) -> Event | None:
    """What the JSON of an update means; None for what does not concern the bot. Raises Malformed."""
    update_id = update_id_of(raw)
    try:
        return _event(Update.de_json(raw, None), update_id, texts)
    except Malformed:
        raise
    except Exception as error:  # whatever the library makes of wrong types: TypeError, KeyError, OverflowError …
        raise Malformed(f"not an update: {type(error).__name__}") from None


def update_id_of(raw: Any) -> int:
    """The update's own number. Raises Malformed."""
    return _whole(raw.get("update_id") if isinstance(raw, dict) else None, "update_id")


def _event(update: Update, update_id: int, texts: Texts) -> Event | None:
    if update.message is not None:
        return _of_message(update.message, update_id, texts)
    if update.edited_message is not None:
        return _of_edited(update.edited_message, update_id, texts)
    if update.callback_query is not None:
        return _of_button(update.callback_query, update_id)
    if update.my_chat_member is not None:
        return _of_member(update.my_chat_member)
    return None


def _of_message(message: Message, update_id: int, texts: Texts) -> Event | None:
    chat = _chat(message.chat)
    if message.chat.type in (Chat.GROUP, Chat.SUPERGROUP):
        return InGroup(chat)
    if message.chat.type != Chat.PRIVATE or message.from_user is None or message.from_user.is_bot:
        return None
    message_id = _whole(message.message_id, "message_id")
    heard = _Heard(message, texts)
    if not heard.text and heard.attachment is None:
        return None  # a service message
    return Said(
        chat,
        f"{update_id}:{chat}:{message_id}",
        message.date,
        heard.text,
        heard.payload,
        heard.readable,
        heard.phone,
        heard.attachment,
    )


def _of_edited(message: Message, update_id: int, texts: Texts) -> Event | None:
    """Only another text: a place that moves, another caption, a link's preview are no new message."""
    if message.chat.type != Chat.PRIVATE or message.text is None:
        return None
    said = _of_message(message, update_id, texts)
    if not isinstance(said, Said):
        return None
    return Said(said.sender, said.external_id, said.at, said.text, said.payload, edited=True)


class _Heard:
    """What a private message says."""

    def __init__(self, message: Message, texts: Texts) -> None:
        self._message = message
        self._texts = texts
        self.text = ""
        self.payload: str | None = None
        self.readable = True
        self.phone: str | None = None
        self.attachment: Attachment | None = None
        if message.text is not None:
            self._typed(_text(message.text, "text"))
        elif message.contact is not None:
            self._contact(message.contact)
        elif (attachment := _attachment(message)) is not None:
            self.attachment = attachment
            self.text = _text(message.caption, "caption") if message.caption is not None else ""
        else:
            self._shown(message)

    def _typed(self, text: str) -> None:
        self.text = storable(text).strip()
        command = _COMMAND.fullmatch(self.text)
        name = command[1].lower() if command else ""
        if name == "start":  # what a link put behind it was chosen by whoever made the link
            self.text, self.payload = "/start", BEGIN
        elif command and name in COMMANDS:
            title = self._texts.labels("telegram_commands")[name]
            self.text, self.payload = (f"{title} {command[2]}", None) if command[2] else (title, COMMANDS[name])

    def _contact(self, contact: Contact) -> None:
        """His own number counts as his, another's is a thing to show. `user_id` is Telegram's word on whose it is."""
        digits = re.sub(r"[\s()-]", "", _text(contact.phone_number, "phone_number"))
        message = self._message
        own = (
            message.from_user is not None and contact.user_id == message.from_user.id and message.forward_origin is None
        )
        if own:
            chinese = _CHINESE_NUMBER.fullmatch(digits)
            self.phone = chinese[1] if chinese else None
            self.text = self.phone or digits[:32]
        else:
            name = _text(contact.first_name, "first_name")
            self._tell("telegram_contact", name=name, phone=digits[:32])

    def _shown(self, message: Message) -> None:
        if message.sticker is not None:
            emoji = message.sticker.emoji
            self._tell("telegram_sticker", emoji="" if emoji is None else _text(emoji, "emoji"))
        elif message.venue is not None:
            venue = message.venue
            self._tell("telegram_venue", title=_text(venue.title, "title"), address=_text(venue.address, "address"))
        elif message.location is not None:
            latitude, longitude = message.location.latitude, message.location.longitude
            self._tell(
                "telegram_location", latitude=_degrees(latitude, "latitude"), longitude=_degrees(longitude, "longitude")
            )
        else:
            kind = next((kind for kind in _UNREADABLE if getattr(message, kind, None) is not None), None)
            if kind is not None:
                self._tell("telegram_other", kind=self._texts.labels("telegram_kinds")[kind])

    def _tell(self, name: str, /, **values: str) -> None:
        self.text, self.readable = self._texts.text(name, **values).strip(), False


def _attachment(message: Message) -> Attachment | None:
    if message.photo:
        fitting = [size for size in message.photo if (_size(size) or 0) <= MAX_SIZE]
        best = max(
            fitting or message.photo, key=lambda size: _whole(size.width, "width") * _whole(size.height, "height")
        )
        return Attachment(_text(best.file_id, "file_id"), "", "photo", _size(best))
    for kind in _FILES:
        file = getattr(message, kind)
        if file is not None:
            name = getattr(file, "file_name", None)
            name = "" if name is None else _text(name, "file_name")
            return Attachment(_text(file.file_id, "file_id"), name, kind, _size(file))
    return None


def _of_button(query: CallbackQuery, update_id: int) -> Event | None:
    message = query.message
    if message is None or query.data is None:
        return None
    chat = _chat(message.chat)
    if message.chat.type != Chat.PRIVATE:
        return None
    query_id, data = _text(query.id, "id"), _text(query.data, "data")
    if not query_id:
        raise Malformed("id")
    markup = message.reply_markup if isinstance(message, Message) else None
    buttons = [button for row in markup.inline_keyboard for button in row] if markup is not None else []
    return Pressed(
        chat,
        f"{update_id}:{query_id}"[:160],
        query_id,
        data,
        _whole(message.message_id, "message_id") or None,
        {
            button.callback_data: _text(button.text, "text")
            for button in buttons
            if isinstance(button.callback_data, str)
        },
    )


def _of_member(change: ChatMemberUpdated) -> Event | None:
    chat, status = _chat(change.chat), change.new_chat_member.status
    if change.chat.type == Chat.PRIVATE:
        return Standing(chat, blocked=status in _GONE)
    if change.chat.type in (Chat.GROUP, Chat.SUPERGROUP) and status not in _GONE:
        return InGroup(chat)
    return None


def _chat(chat: Chat) -> str:
    identity = chat.id
    if type(identity) is not int or not 0 < abs(identity) < _HIGHEST:
        raise Malformed("chat.id")
    return str(identity)


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise Malformed(what)
    return value


def _whole(value: Any, what: str) -> int:
    if type(value) is not int or not 0 <= value < _HIGHEST:
        raise Malformed(what)
    return value


def _size(file: Any) -> int | None:
    return None if file.file_size is None else _whole(file.file_size, "file_size")


def _degrees(value: Any, what: str) -> str:
    if type(value) not in (int, float) or not -180 <= value <= 180:
        raise Malformed(what)
    return f"{value:.5f}"
