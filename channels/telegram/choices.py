"""Choices as buttons, and back: https://core.telegram.org/bots/api#inlinekeyboardbutton

A button carries its payload, or where that has more than 64 bytes the place of the choice in the transcript, which outlives
every restart: `c:<seq>:<index>`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from botkit.conversation.messages import Line
from botkit.conversation.payloads import OFFERED_WITHIN
from botkit.conversation.reply import Choice
from botkit.conversation.transcript import find_conversation, line_of, read_lines
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import LineRow
from channels.telegram.width import width

MAX_DATA = 64
"""Bytes of callback data."""

MAX_BUTTONS = 100
NARROW = 14
"""Two titles of at most this width stand side by side; a Chinese character has the width 2."""

_PLACE = re.compile(r"c:(\d{1,9}):(\d{1,3})")


def keyboard(line: Line) -> InlineKeyboardMarkup | None:
    """The line's choices; None where it has none."""
    choices: Sequence[Mapping[str, str]] = line.content.get("choices") or ()
    rows: list[list[InlineKeyboardButton]] = []
    for index, choice in enumerate(choices[:MAX_BUTTONS]):
        button = InlineKeyboardButton(choice["title"], callback_data=data_of(choice["payload"], line.seq, index))
        narrow = width(choice["title"]) <= NARROW
        if narrow and rows and len(rows[-1]) == 1 and width(rows[-1][0].text) <= NARROW:
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows) if rows else None


def data_of(payload: str, seq: int, index: int) -> str:
    """What a button carries for a payload."""
    fits = payload.startswith("/") and len(payload.encode()) <= MAX_DATA
    return payload if fits else f"c:{seq}:{index}"


def pressed(title: str, data: str) -> InlineKeyboardMarkup:
    """What stands in place of the choices when one has been chosen; pressing it again means it again."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(title, callback_data=data)]])


def chosen(unit_of_work: UnitOfWork, channel: str, sender: str, data: str, titles: Mapping[str, str]) -> Choice | None:
    """What a button stands for; None where it stands for nothing (any more).

    titles: those of the pressed keyboard by their data, as far as Telegram sent it.
    """
    place = _PLACE.fullmatch(data)
    if place is None and not data.startswith("/"):
        return None
    with unit_of_work(reading=True) as session:
        conversation = find_conversation(session, channel, sender)
        if place is not None:
            row = session.get(LineRow, (conversation.id, int(place[1]))) if conversation else None
            choices = line_of(row).content.get("choices", ()) if row else ()
            index = int(place[2])
            return Choice(**choices[index]) if index < len(choices) else None
        if data in titles:
            return Choice(titles[data], data)
        lines = read_lines(session, conversation.id, limit=OFFERED_WITHIN) if conversation else ()
    return Choice(_title(lines, data) or data, data)


def _title(lines: Sequence[Line], payload: str) -> str:
    """The title under which a payload was offered last."""
    offered: list[dict[str, Any]] = [choice for line in lines for choice in line.content.get("choices", ())]
    return next((choice["title"] for choice in reversed(offered) if choice["payload"] == payload), "")
