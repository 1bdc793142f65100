"""What must be found in an answer, however a channel writes or says it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from channels.ivr.spoken import spoken

_NUMERALS = "零一二两三四五六七八九十百千万亿点"
_BETWEEN = r"[^。\n]{0,40}?"
"""What may stand between the cells of a row: names of columns, signs. No end of a sentence, no end of a line."""

_BETWEEN_SAID = ".{0,60}?"
"""A row that is too long for one breath is said in several sentences."""


@dataclass(frozen=True)
class Fact:
    """`written` as the rule has it; with `cells` it is a row: after that heading these figures in this order.

    unit: of the cells where it is written once, over the table; on the phone it is said with each figure.
    """

    written: str
    cells: tuple[str, ...] = ()
    unit: str = ""

    @property
    def name(self) -> str:
        return f"{self.written}: {' / '.join(self.cells)}" if self.cells else self.written

    def is_read_in(self, text: str) -> bool:
        """Whether it stands in a written text. Blanks do not count; no digit may stand before or after a number."""
        parts = [_whole(_squeezed(part), "0-9.") for part in (self.written, *self.cells)]
        lines = "\n".join(map(_squeezed, text.split("\n")))
        return re.search(_BETWEEN.join(parts), lines) is not None

    def is_heard_in(self, text: str, today: date) -> bool:
        """The same of what is said on the phone."""
        parts = [_whole(said, _NUMERALS) for said in self.as_said(today)]
        return re.search(_BETWEEN_SAID.join(parts), text.replace(" ", "")) is not None

    def as_said(self, today: date) -> list[str]:
        return [_tidy(spoken(part, today)) for part in (self.written, *(cell + self.unit for cell in self.cells))]


def rows(*of: tuple[str, Sequence[str]], unit: str = "") -> list[Fact]:
    return [Fact(name, tuple(cells), unit) for name, cells in of]


def _whole(part: str, figures: str) -> str:
    """A pattern for it that does not match a piece of a longer number."""
    before = f"(?<![{figures}])" if part[0] in figures else ""
    after = rf"(?![{figures.strip('.')}]|\.[0-9])" if part[-1] in figures else ""
    return before + re.escape(part) + after


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _tidy(said: str) -> str:
    return said.replace(" ", "").strip("，。、")
