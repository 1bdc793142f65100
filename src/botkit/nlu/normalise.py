"""One written form for what people type: half width, simplified characters, lower case, calm punctuation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from opencc import OpenCC

_REPEATED = re.compile(r"([!?。,.~哈啊呀嗯哦]|\s)\1+")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


@dataclass(frozen=True)
class NormalText:
    """`text` is the normal form; `origin[i]` is the index in the original of the character that `text[i]` came from."""

    text: str
    origin: tuple[int, ...]
    original: str

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the original."""
        if start >= end:
            return 0, 0
        return self.origin[start], self.origin[end - 1] + 1


def normalise(original: str) -> NormalText:
    """The normal form of a message, with the way back to the original's offsets.

    Full-width forms become half width (NFKC), traditional characters simplified, letters lower case, control and
    format characters blank, and runs of one punctuation mark or sigh a single one.
    """
    characters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(original):
        if unicodedata.category(character) in _INVISIBLE:
            folded = " "
        else:
            folded = unicodedata.normalize("NFKC", character).lower()
        characters.extend(folded)
        origin.extend([index] * len(folded))
    simplified = to_simplified("".join(characters))
    text, kept = _collapse(simplified)
    return NormalText(text, tuple(origin[i] for i in kept), original)


def _collapse(text: str) -> tuple[str, list[int]]:
    kept = list(range(len(text)))
    for match in reversed(list(_REPEATED.finditer(text))):
        del kept[match.start() + 1 : match.end()]
    while kept and text[kept[0]].isspace():
        kept.pop(0)
    while kept and text[kept[-1]].isspace():
        kept.pop()
    return "".join(text[i] for i in kept), kept


def to_simplified(text: str) -> str:
    """Traditional to simplified, character for character, so that offsets stay."""
    return "".join(_simplified_character(character) for character in text) if not text.isascii() else text


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=20_000)
def _simplified_character(character: str) -> str:
    converted: str = _converter().convert(character)
    return converted if len(converted) == 1 else character
