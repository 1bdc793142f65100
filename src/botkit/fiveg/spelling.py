"""Mends the Latin words in a phone name: ``promax`` → ``pro max``, ``iphnoe`` → ``iphone``.

Digits are never mended: one digit off is another phone.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

_SHORT = 3  # words below this length carry too little to guess from


class Vocabulary:
    """The Latin words that occur in brand and phone names."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def split(self, word: str) -> tuple[str, ...]:
        """Parts known words glued together; at most one part may be shorter than three letters."""
        if word in self._words:
            return (word,)
        return self._split(word, short_left=1) or (word,)

    def _split(self, word: str, short_left: int) -> tuple[str, ...]:
        if not word:
            return ()
        for end in range(len(word), 0, -1):
            head, tail = word[:end], word[end:]
            left = short_left - (end < _SHORT)
            if head not in self._words or left < 0:
                continue
            rest = self._split(tail, left)
            if rest or not tail:
                return (head, *rest)
        return ()

    def correct(self, word: str) -> str:
        """The one known word that this is a slip of, else the word itself.

        Three letters may only be swapped (``por``), four to seven differ by one, longer ones by two. Of equally
        near words the one with the same first letter is meant.
        """
        if word in self._words or len(word) < _SHORT:
            return word
        allowed = 2 if len(word) > 7 else 1
        near: dict[tuple[int, bool], list[str]] = {}
        for known in self._words:
            distance = OSA.distance(word, known, score_cutoff=allowed)
            if distance > allowed or (len(word) == _SHORT and sorted(word) != sorted(known)):
                continue
            near.setdefault((distance, known[0] != word[0]), []).append(known)
        best = near[min(near)] if near else []
        return best[0] if len(best) == 1 else word
