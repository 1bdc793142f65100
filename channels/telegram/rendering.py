"""Lines of the transcript as Telegram messages: HTML of few tags, every character of the text escaped, within the limits.

Telegram has no tables, and in its monospaced blocks Chinese characters are not two Latin ones wide on every phone: columns
would not stand under each other. So a row of a table is a line, as in `plain_text`, with what counts in bold.
https://core.telegram.org/bots/api#html-style
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import InlineKeyboardMarkup as Buttons
from telegram import ReplyKeyboardMarkup, ReplyKeyboardRemove

from botkit.content.texts import Texts
from botkit.conversation.messages import Author, Line
from channels.telegram.width import cut, units

MAX_TEXT = 4096
MAX_CAPTION = 1024
"""UTF-16 code units after the entities are parsed."""

Markup = Buttons | ReplyKeyboardMarkup | ReplyKeyboardRemove

Span = tuple[str, str]
"""A text and its tag: `b`, `i`, or "" for none."""

Row = tuple[Span, ...]

_TREND = {"up": "↑", "down": "↓"}


@dataclass(frozen=True)
class TextPart:
    """`html` and the same as `plain` text, should Telegram not take the tags."""

    html: str
    plain: str
    markup: Markup | None = None


@dataclass(frozen=True)
class FilePart:
    """The file of a line, `id` as in `Files`; the caption may be empty."""

    id: str
    name: str
    type: str
    caption: str
    plain: str
    markup: Markup | None = None


Part = TextPart | FilePart


def parts_of(line: Line, texts: Texts, markup: Markup | None = None) -> Sequence[Part]:
    """The messages that show a line, in order; the last one has the keyboard."""
    rows, file = _rows(line, texts), line.content.get("file")
    if file is None:
        pieces = split(rows, MAX_TEXT)
        if not pieces and markup is not None:
            pieces = [[((texts.text("telegram_choose"), ""),)]]
        return [
            TextPart(_html(piece), _plain(piece), markup if number == len(pieces) else None)
            for number, piece in enumerate(pieces, 1)
        ]
    pieces = split(rows, MAX_CAPTION)
    if len(pieces) <= 1:
        caption = pieces[0] if pieces else []
        return [FilePart(file["id"], file["name"], file["type"], _html(caption), _plain(caption), markup)]
    pieces = split(rows, MAX_TEXT)
    shown: list[Part] = [FilePart(file["id"], file["name"], file["type"], "", "")]
    for number, piece in enumerate(pieces, 1):
        shown.append(TextPart(_html(piece), _plain(piece), markup if number == len(pieces) else None))
    return shown


def split(rows: Sequence[Row], limit: int) -> list[list[Row]]:
    """Rows in pieces of at most `limit` units: between paragraphs where that does not leave half a piece empty, else between
    rows; only a row that is too long itself is cut."""
    pieces: list[list[Row]] = []
    piece: list[Row] = []
    size = 0
    for row in (short for long in rows for short in _cut(long, limit)):
        while piece and size + 1 + _units(row) > limit:
            kept, piece = _at_paragraph(piece, limit)
            pieces.append(kept)
            size = _size(piece)
        size += _units(row) + (1 if piece else 0)
        piece = [*piece, row]
    return [trimmed for trimmed in map(_trimmed, [*pieces, piece]) if trimmed]


def _at_paragraph(piece: list[Row], limit: int) -> tuple[list[Row], list[Row]]:
    for index in range(len(piece) - 1, 0, -1):
        if _blank(piece[index]) and _size(piece[:index]) >= limit // 2:
            return piece[:index], piece[index + 1 :]
    return piece, []


def _cut(row: Row, limit: int) -> list[Row]:
    """The row, or its pieces where it is too long."""
    pieces: list[Row] = []
    current: list[Span] = []
    left = limit
    for text, tag in row:
        while units(text) > left:
            end = cut(text, left)
            if end:
                current.append((text[:end], tag))
            pieces.append(tuple(current))
            current, left, text = [], limit, text[end:]
        if text:
            current.append((text, tag))
            left -= units(text)
    return [*pieces, tuple(current)] if current or not pieces else pieces


def _units(row: Row) -> int:
    return sum(units(text) for text, _ in row)


def _size(rows: Sequence[Row]) -> int:
    return sum(_units(row) for row in rows) + max(len(rows) - 1, 0)


def _blank(row: Row) -> bool:
    return not "".join(text for text, _ in row).strip()


def _trimmed(piece: list[Row]) -> list[Row]:
    while piece and _blank(piece[0]):
        piece = piece[1:]
    while piece and _blank(piece[-1]):
        piece = piece[:-1]
    return piece


# ------------------------------------------------------------------------------------------------------- what is in a line


def _rows(line: Line, texts: Texts) -> list[Row]:
    rows: list[Row] = []
    if line.author is Author.AGENT and (name := line.content.get("name")):
        rows.append(((texts.text("telegram_agent", name=name), "b"),))
    if step := line.content.get("step"):
        rows += _step(step, line.text)
    elif line.text:
        rows += _lines(line.text)
    if table := line.content.get("table"):
        rows += _table(table)
    return rows


def _lines(text: str, tag: str = "") -> list[Row]:
    return [((row, tag),) for row in text.split("\n")]


def _step(step: Mapping[str, Any], text: str) -> list[Row]:
    rows = _lines(f"{step['number']}/{step['of']} {step['title']}", "b")
    if step["path"]:
        rows += _lines(" › ".join(step["path"]))
    if text:
        rows += _lines(text)
    if step["caution"]:
        rows += _lines(step["caution"], "i")
    return rows


def _table(table: Mapping[str, Any]) -> list[Row]:
    columns = table["columns"]
    rows = _lines(table["caption"], "b") if table["caption"] else []
    if len(columns) > 2:
        rows += _lines(" / ".join(columns[1:]), "i")
    for row in table["rows"]:
        cells = " / ".join(f"{_TREND.get(cell.get('trend') or '', '')}{cell['text']}" for cell in row[1:])
        rows.append(((f"{row[0]['text']}: ", ""), (cells, "b")))
    return rows


def _plain(rows: Sequence[Row]) -> str:
    return "\n".join("".join(text for text, _ in row) for row in rows)


def _html(rows: Sequence[Row]) -> str:
    return "\n".join("".join(_span(*span) for span in row) for row in rows)


def _span(text: str, tag: str) -> str:
    escaped = html.escape(text, quote=False)
    return f"<{tag}>{escaped}</{tag}>" if tag and text.strip() else escaped
