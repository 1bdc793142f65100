"""How long texts are: for Telegram in UTF-16 code units, for the eye in columns."""

from __future__ import annotations

import unicodedata


def units(text: str) -> int:
    """UTF-16 code units, in which Telegram counts (https://core.telegram.org/api/entities#entity-length)."""
    return len(text) + sum(character > "\uffff" for character in text)


def width(text: str) -> int:
    """Columns: Chinese characters and full-width marks take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def cut(text: str, limit: int) -> int:
    """How many characters of a text have at most `limit` units, ending after a sentence or a blank where that is not much
    less."""
    used = end = 0
    for character in text:
        used += 1 + (character > "\uffff")
        if used > limit:
            break
        end += 1
    if end == len(text):
        return end
    for marks in ("。！？!?", "；;，, 、"):
        place = max(text.rfind(mark, 0, end) for mark in marks) + 1
        if place > end // 2:
            return place
    return end
