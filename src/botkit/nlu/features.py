"""What the intent classifier sees of a message: characters, words, sounds, concepts, kinds of entity, and its shape.

Names and numbers are replaced by their kind first ("畅选79和59" → "〈plan〉和〈number〉"), so that the classifier learns the
question and not the catalogue. Sounds (pinyin without tones) make homophone slips look alike: 话废, 划费, 话费. Concepts
(`botkit.nlu.concepts`) stand for words that no example has, alone and two by two.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, pinyin
from scipy.sparse import csr_matrix

from botkit.nlu.concepts import concepts_in
from botkit.nlu.entities import Entity

Views = dict[str, list[str]]
"""A message as lists of tokens, by name."""

#: one private-use character for each kind, so that a kind is one "character" in the n-grams
MARKS = {
    kind: chr(0xE000 + index)
    for index, kind in enumerate(
        ("plan", "brand", "phone_model", "system", "phone_number", "code", "amount", "data_volume", "minutes", "month", "number")
    )
}  # fmt: skip
"""`term` and `add_on` are not among them: which one it is tells much about the wish (副卡 is not 流量包)."""


def masked(text: str, entities: Sequence[Entity]) -> str:
    """`text` with each entity replaced by the mark of its kind."""
    pieces, position = [], 0
    for entity in entities:
        mark = MARKS.get(entity.type)
        if mark:
            pieces += [text[position : entity.start], mark]
            position = entity.end
    return "".join(pieces) + text[position:]


@lru_cache(maxsize=50_000)
def _sound(character: str) -> str:
    return str(pinyin(character, style=Style.NORMAL, errors="default")[0][0])


def sounds(text: str) -> list[str]:
    """The pinyin syllables of a text, without tones; n/l, zh/z, ch/c, sh/s and -ng/-n are not told apart."""
    return [
        _merge(_sound(character)) if not character.isascii() else character
        for character in text
        if not character.isspace()
    ]


def _merge(syllable: str) -> str:
    for retroflex, plain in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if syllable.startswith(retroflex):
            syllable = plain + syllable[2:]
    if syllable.startswith("n"):
        syllable = "l" + syllable[1:]
    return syllable.removesuffix("g") if syllable.endswith("ng") else syllable


_MOST_CONCEPTS = 16
"""How many of a message's concepts are paired: a page of text would have thousands of pairs."""

_CLAUSE_END = re.compile(r"[,。!?;、\s~.…]+")
_QUESTION = re.compile(r"[吗么嘛呢吧没不][?。! ]*$")


def concept_pairs(concepts: Sequence[str], entities: Sequence[Entity]) -> list[str]:
    """Each two of the concepts and kinds of entity in a message: "cheap" with "plan" is not "cheap" with "phone"."""
    present = sorted({*concepts, *(entity.type for entity in entities)})[:_MOST_CONCEPTS]
    return [f"{one}|{other}" for one, other in combinations(present, 2)]


def kinds(entities: Sequence[Entity]) -> list[str]:
    """The kinds of entity, which term it is, and how many there are."""
    named = [f"{e.type}={e.value}" if e.type == "term" else e.type for e in entities]
    return [*named, f"n{min(len(entities), 4)}"]


def shape(text: str) -> list[str]:
    """How long a message is (in powers of two), of how many clauses, and whether it asks."""
    clauses = [clause for clause in _CLAUSE_END.split(text) if clause]
    marks = [f"l{min(len(text).bit_length(), 8)}", f"c{min(len(clauses), 4)}"]
    return marks + ["?"] * ("?" in text) + ["q"] * bool(_QUESTION.search(text))


def message_views(text: str, words: Sequence[str], entities: Sequence[Entity]) -> Views:
    """The views that `Vectoriser` reads: `characters`, `words`, `sounds`, `concepts`, `pairs`, `kinds`, `shape`."""
    plain = masked(text, entities)
    concepts = concepts_in(plain)
    return {
        "characters": list(f"^{plain}$"),
        "words": [*words, *(f"<{entity.type}>" for entity in entities)],
        "sounds": sounds(plain),
        "concepts": concepts,
        "pairs": concept_pairs(concepts, entities),
        "kinds": kinds(entities),
        "shape": shape(plain),
    }


@dataclass(frozen=True)
class Column:
    """N-grams of one view, of `lengths[0]` to `lengths[1]` tokens; `weight`: how much they count beside the others."""

    view: str
    lengths: tuple[int, int]
    weight: float

    def grams(self, message: Mapping[str, Sequence[str]]) -> set[str]:
        tokens = message[self.view]
        shortest, longest = self.lengths
        found = set(tokens) if shortest == 1 else set()
        for length in range(max(shortest, 2), longest + 1):
            found.update(" ".join(tokens[i : i + length]) for i in range(len(tokens) - length + 1))
        return found


COLUMNS = (
    Column("characters", (1, 1), 0.8),
    Column("characters", (2, 2), 0.8),
    Column("words", (1, 1), 0.6),
    Column("sounds", (1, 2), 0.6),
    Column("concepts", (1, 1), 0.4),
    Column("pairs", (1, 1), 0.3),
    Column("kinds", (1, 1), 0.3),
    Column("shape", (1, 1), 0.2),
)
"""Found by cross-validation, see `docs/understanding.md`."""


class Vectoriser:
    """TF-IDF of columns side by side: each column of length `weight`, then the whole message of length one.

    A gram counts once however often it is said. Scikit-learn's `FeatureUnion` does the same, and takes 4 ms a message for it.
    """

    def __init__(self, columns: Sequence[Column] = COLUMNS, at_least: int = 1) -> None:
        """at_least: in how many messages a gram must be to count."""
        self._columns = columns
        self._at_least = at_least
        self._places: list[dict[str, int]] = []
        """For each column: gram → its place. The places of a column follow each other."""
        self._rareness: NDArray[np.float64] = np.zeros(0)
        """By place: the gram's inverse document frequency."""
        self._ends: NDArray[np.int64] = np.zeros(0, np.int64)
        """Where the places of each column end."""

    def fit_transform(self, messages: Sequence[Views]) -> csr_matrix:
        found = [[column.grams(message) for column in self._columns] for message in messages]
        rareness: list[float] = []
        ends: list[int] = []
        self._places = []
        for index in range(len(self._columns)):
            counts = Counter(gram for grams in found for gram in grams[index])
            often = sorted(gram for gram, count in counts.items() if count >= self._at_least)
            self._places.append({gram: place for place, gram in enumerate(often, start=len(rareness))})
            rareness += [math.log((1 + len(messages)) / (1 + counts[gram])) + 1 for gram in often]
            ends.append(len(rareness))
        self._rareness, self._ends = np.array(rareness), np.array(ends)
        return self._rows(found)

    def transform(self, messages: Sequence[Views]) -> csr_matrix:
        """One row a message."""
        return self._rows([[column.grams(message) for column in self._columns] for message in messages])

    def _rows(self, messages: Sequence[Sequence[set[str]]]) -> csr_matrix:
        """From the grams of each message, by column."""
        places: list[int] = []
        ends = [0]
        for grams in messages:
            of_message = [
                known[gram] for known, found in zip(self._places, grams, strict=True) for gram in found if gram in known
            ]
            of_message.sort()
            places += of_message
            ends.append(len(places))
        where = np.array(places, dtype=np.int64)
        return csr_matrix((self._values(where, np.diff(ends)), where, ends), shape=(len(messages), len(self._rareness)))

    def _values(self, where: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.float64]:
        """Each column of each message has its weight as its length, then each message the length one."""
        values = self._rareness[where]
        message = np.repeat(np.arange(len(lengths)), lengths)
        column = np.searchsorted(self._ends, where, side="right")
        part = message * len(self._columns) + column
        weights = np.array([each.weight for each in self._columns])
        values *= weights[column] / np.sqrt(np.bincount(part, values**2))[part]
        result: NDArray[np.float64] = values / np.sqrt(np.bincount(message, values**2))[message]
        return result
