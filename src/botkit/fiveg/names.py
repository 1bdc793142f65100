"""Cuts what people type into the pieces that phone names are made of.

``华为Mate60Pro``, ``华为 mate 60 PRO`` and ``华为Ｍａｔｅ６０ｐｒｏ`` give the same pieces: Chinese characters
stand alone, letters and digits come in runs, and ``5g``/``4g`` is one piece.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

_PIECE = re.compile(
    r"\d+(?=[45]g(?![a-z0-9]))"  # 小米105g is 小米10 + 5g
    r"|[45]g(?![a-z0-9])|\d+|[a-z]+|[\u3400-\u9fff〇]"
)
_PLUS = re.compile(r"(?<=[a-z0-9])\s?\+")
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_UNITS = {"十": 10, "百": 100}


@dataclass(frozen=True)
class Piece:
    """A piece of a text. ``before`` is what stands between it and the piece before; "" means glued."""

    text: str
    before: str = ""
    brand_id: str | None = None  # set where the piece is a brand's name

    @property
    def is_number(self) -> bool:
        return self.text.isdigit()

    @property
    def is_latin(self) -> bool:
        return self.text.isascii() and self.text.isalpha()


def fold(text: str) -> str:
    """Full width to half width, upper to lower case, ``10+`` to ``10 plus``."""
    return _PLUS.sub(" plus ", unicodedata.normalize("NFKC", text).lower())


def split_pieces(text: str) -> list[Piece]:
    """The pieces of a text, in order; punctuation and spaces are kept only as ``before``."""
    folded = fold(text)
    pieces: list[Piece] = []
    end = 0
    for match in _PIECE.finditer(folded):
        pieces.append(Piece(match.group(), folded[end : match.start()]))
        end = match.end()
    return pieces


def phrase(text: str) -> tuple[str, ...]:
    """The pieces of a text as an index key."""
    return tuple(piece.text for piece in split_pieces(text))


def join_numerals(pieces: list[Piece]) -> list[Piece]:
    """Chinese numerals become digits: ``十四`` is one piece ``14``."""
    joined: list[Piece] = []
    run: list[Piece] = []
    for piece in pieces:
        is_numeral = piece.text in _DIGITS or piece.text in _UNITS
        if run and (not is_numeral or piece.before):
            joined.append(_as_number(run))
            run = []
        (run if is_numeral else joined).append(piece)
    return joined + ([_as_number(run)] if run else [])


def _as_number(run: list[Piece]) -> Piece:
    return replace(run[0], text=read_numeral("".join(piece.text for piece in run)))


def read_numeral(numeral: str) -> str:
    """``十四`` → 14, ``六十`` → 60, ``一百`` → 100, ``二〇二〇`` → 2020."""
    if not any(unit in numeral for unit in _UNITS):
        return "".join(str(_DIGITS[c]) for c in numeral)
    total = 0
    digit: int | None = None
    for character in numeral:
        if character in _UNITS:
            total += _UNITS[character] * (1 if digit is None else digit)
            digit = None
        else:
            digit = _DIGITS[character]
    return str(total + (digit or 0))
