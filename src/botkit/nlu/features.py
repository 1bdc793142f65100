"""What the intent classifier sees of a message: characters, words, sounds, concepts, kinds of entity, and its shape.

Names and numbers are replaced by their kind first ("畅选79和59" → "〈plan〉和〈number〉"), so that the classifier learns the
question and not the catalogue. Sounds (pinyin without tones) make homophone slips look alike: 话废, 划费, 话费. Concepts
(`botkit.nlu.concepts`) stand for words that no example has, alone and two by two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

from pypinyin import Style, pinyin
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import Normalizer

from botkit.nlu.concepts import concepts_in
from botkit.nlu.entities import Entity

#: one private-use character for each kind, so that a kind is one "character" in the n-grams
MARKS = {
    kind: chr(0xE000 + index)
    for index, kind in enumerate(
        ("plan", "add_on", "brand", "phone_model", "system", "phone_number", "code", "amount", "data_volume", "minutes", "month", "number")
    )
}  # fmt: skip
"""`term` is not among them: which term it is tells much about the wish."""


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


class Column(BaseEstimator, TransformerMixin):
    """Picks one view of the messages (`dict[str, Any]`) by name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def fit(self, _messages: Any, _labels: Any = None) -> Column:
        return self

    def transform(self, messages: Sequence[dict[str, Any]]) -> list[Any]:
        return [message[self.name] for message in messages]


def identity(tokens: list[str]) -> list[str]:
    """Tokens as they are (a named function, so that the vectoriser can be pickled)."""
    return tokens


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


def message_views(text: str, words: Sequence[str], entities: Sequence[Entity]) -> dict[str, Any]:
    """The views that `vectoriser` reads: `characters`, `words`, `sounds`, `concepts`, `pairs`, `kinds`, `shape`."""
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


#: column → view, n-grams of what length, and how much it counts: found by cross-validation, see docs/understanding.md
COLUMNS: Mapping[str, tuple[str, tuple[int, int], float]] = {
    "characters": ("characters", (1, 1), 0.8),
    "character pairs": ("characters", (2, 2), 0.8),
    "words": ("words", (1, 1), 0.6),
    "sounds": ("sounds", (1, 2), 0.6),
    "concepts": ("concepts", (1, 1), 0.4),
    "concept pairs": ("pairs", (1, 1), 0.3),
    "kinds": ("kinds", (1, 1), 0.3),
    "shape": ("shape", (1, 1), 0.2),
}


def vectoriser(columns: Mapping[str, tuple[str, tuple[int, int], float]] = COLUMNS) -> Pipeline:
    """TF-IDF over the views, side by side, each message brought to length one."""
    return Pipeline(
        [
            (
                "columns",
                FeatureUnion(
                    [(name, _column(view, lengths)) for name, (view, lengths, _) in columns.items()],
                    transformer_weights={name: weight for name, (_, _, weight) in columns.items()},
                ),
            ),
            ("length", Normalizer()),
        ]
    )


def _column(view: str, lengths: tuple[int, int]) -> Pipeline:
    tfidf = TfidfVectorizer(analyzer="word", tokenizer=identity, token_pattern=None, lowercase=False, ngram_range=lengths, binary=True)  # fmt: skip
    return Pipeline([("view", Column(view)), ("tfidf", tfidf)])
