"""An index of phrases, each a tuple of pieces, looked up longest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

Phrase = tuple[str, ...]
T = TypeVar("T")


class PhraseIndex(Generic[T]):
    """Maps phrases to values; one phrase may stand for several values."""

    def __init__(self) -> None:
        self._values: dict[Phrase, list[T]] = {}
        self._longest = 0

    def add(self, phrase: Phrase, value: T) -> None:
        values = self._values.setdefault(phrase, [])
        if value not in values:
            values.append(value)
        self._longest = max(self._longest, len(phrase))

    def at(self, pieces: Sequence[str], start: int) -> Iterator[tuple[int, list[T]]]:
        """Phrases that begin at ``start``: (number of pieces, values), the longest first."""
        for length in range(min(self._longest, len(pieces) - start), 0, -1):
            values = self._values.get(tuple(pieces[start : start + length]))
            if values:
                yield length, values
