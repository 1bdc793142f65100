"""How a text becomes SMS: UCS-2 units, parts, and where a text may be cut.

One SMS holds 140 octets, 70 UCS-2 units; one of several gives 6 octets to the header that puts them together, and holds 67
(3GPP TS 23.040, 9.2.3.24.1). What lies beyond the basic plane, emoji for example, takes two units and is never torn.
"""

from __future__ import annotations

import re

SINGLE, JOINED = 70, 67
"""UCS-2 units of an SMS by itself, and of one of several."""

_WHOLE = re.compile(
    r"[¥￥]?\s?[+\-−]?[\d*]+(?:[.,:/\-][\d*]+)*\s?(?:元|角|分钟|分|小时|天|号|年|月|日|条|位|次|个|%|[KMGT]B?(?![A-Za-z]))?"
)
"""A number with its sign and unit: an amount, a volume, a date, a phone number."""

_BREAKS = (re.compile(r"\n"), re.compile(r"[。！？!?；;]|\. "), re.compile(r"[，,、: ：]"))
"""After which a text is best cut, best first."""


def units(text: str) -> int:
    """How much of an SMS a text takes."""
    return len(text) + sum(character > "\uffff" for character in text)


def capacity(parts: int) -> int:
    """Units that so many SMS hold at most."""
    return SINGLE if parts == 1 else parts * JOINED


def split(text: str) -> list[str]:
    """A text as the SMS that carry it, no number torn. Joined they are the text."""
    if units(text) <= SINGLE:
        return [text]
    parts, rest = [], text
    while rest:
        end = _end_within(rest, JOINED)
        parts.append(rest[:end])
        rest = rest[end:]
    return parts


def cut(text: str, parts: int, reserved: int = 0) -> tuple[str, str]:
    """The beginning that fits into so many SMS with `reserved` units to spare, and the rest: cut where a line, a sentence
    or at least a clause ends, never within a number. Blanks at the cut are dropped."""
    if fits(text, parts, reserved):
        return text, ""
    end = _end_within(text, capacity(parts) - reserved)
    while end > 1 and not fits(text[:end], parts, reserved):
        end = _end_within(text, units(text[:end]) - 1)
    for pattern in _BREAKS:
        ends = [match.end() for match in pattern.finditer(text, 0, end) if match.end() >= end * 0.5]
        whole = [place for place in ends if not _inside(text, place)]
        if whole:
            end = whole[-1]
            break
    return text[:end].rstrip(), text[end:].lstrip()


def fits(text: str, parts: int, reserved: int = 0) -> bool:
    """Whether a text with `reserved` units after it goes into so many SMS."""
    return len(split(text + "。" * reserved)) <= parts


def _end_within(text: str, budget: int) -> int:
    """The longest beginning, in characters, that takes at most `budget` units and tears no number; at least one character.
    A number longer than that is torn."""
    end = used = 0
    while end < len(text) and used + units(text[end]) <= budget:
        used += units(text[end])
        end += 1
    if end == len(text):
        return end
    begins = _inside(text, end)
    return max(end if begins is None or begins == 0 else begins, 1)


def _inside(text: str, place: int) -> int | None:
    """Where the number begins that a cut at this place would tear; None where it tears none."""
    for match in _WHOLE.finditer(text):
        if match.start() < place < match.end():
            return match.start()
        if match.start() >= place:
            break
    return None
