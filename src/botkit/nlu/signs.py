"""Signs of anger in a message: words by kind, made weaker by a negation and stronger by a degree, and the way it is written.

The patterns are content (`data/moods/signs.yml`): regex features of the training data whose names begin with `anger_`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from botkit.nlu.normalise import to_simplified

PREFIX = "anger_"
_NOT, _DEGREE = "not", "degree"
_BEFORE, _AFTER = 6, 3
"""Characters beside a sign in which a negation or a degree belongs to it."""
_DENIABLE = frozenset(("threat", "anger", "leaving", "disappointed"))
"""Kinds that a "not" before them takes back: 不是要投诉. A 不 before 骗子 or 管不管 says nothing of that kind."""


@dataclass(frozen=True)
class Sign:
    """A place in the text. strong: with a degree beside it; denied: taken back by a negation."""

    kind: str
    start: int
    end: int
    strong: bool = False
    denied: bool = False


class Signs:
    def __init__(self, patterns: Mapping[str, Sequence[str]]) -> None:
        """patterns: regular expressions by kind, for simplified lower-case text; `not` and `degree` among them."""
        compiled = {kind: _any_of(found) for kind, found in patterns.items()}
        never = re.compile(r"(?!)")
        self._not = re.compile(f"(?:{compiled.pop(_NOT, never).pattern})$")
        self._degree = compiled.pop(_DEGREE, never)
        self._kinds = compiled

    @classmethod
    def of(cls, regex_features: Iterable[Mapping[str, str]]) -> Signs:
        """From Rasa's training data. Raises re.error for a pattern that is none."""
        patterns: dict[str, list[str]] = {}
        for feature in regex_features:
            if feature["name"].startswith(PREFIX):
                patterns.setdefault(feature["name"].removeprefix(PREFIX), []).append(feature["pattern"])
        return cls(patterns)

    def find(self, original: str) -> list[Sign]:
        """In the order of the text. Marks that are repeated count, so this reads what was typed, not its normal form."""
        text = "".join(small if len(small := character.lower()) == 1 else character for character in original)
        text = to_simplified(text)
        found = [
            self._sign(text, kind, match) for kind, pattern in self._kinds.items() for match in pattern.finditer(text)
        ]
        return sorted(found, key=lambda sign: (sign.start, sign.end, sign.kind))

    def _sign(self, text: str, kind: str, match: re.Match[str]) -> Sign:
        start, end = match.span()
        before = text[max(start - _BEFORE, 0) : start]
        strong = bool(self._degree.search(before[-_AFTER:]) or self._degree.search(text[end : end + _AFTER]))
        return Sign(kind, start, end, strong, denied=kind in _DENIABLE and bool(self._not.search(before)))


def marks(signs: Iterable[Sign]) -> list[str]:
    """As tokens of a view, for a classifier: `threat`, `anger!` (with a degree), `~leaving` (denied)."""
    return sorted({f"~{sign.kind}" if sign.denied else f"{sign.kind}!" if sign.strong else sign.kind for sign in signs})


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
