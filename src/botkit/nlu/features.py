"""What the intent classifier sees of a message: characters, words, sounds and kinds of entity.

Names and numbers are replaced by their kind first ("畅选79和59" → "〈plan〉和〈number〉"), so that the classifier learns the
question and not the catalogue. Sounds (pinyin without tones) make homophone slips look alike: 话废, 划费, 话费.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pypinyin import Style, pinyin
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, Pipeline

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


def message_views(text: str, words: Sequence[str], entities: Sequence[Entity]) -> dict[str, Any]:
    """The views that `vectoriser` reads: `characters`, `words`, `sounds`."""
    plain = masked(text, entities)
    return {
        "characters": f"^{plain}$",
        "words": [*words, *(f"<{entity.type}>" for entity in entities)],
        "sounds": sounds(plain),
    }


def vectoriser(characters: float = 1.0, words: float = 0.6, sound: float = 0.6) -> FeatureUnion:
    """TF-IDF over the views; a weight of 0 leaves a view out."""
    views = [
        ("characters", characters, TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True, lowercase=False, min_df=1)),
        ("words", words, TfidfVectorizer(analyzer="word", tokenizer=identity, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True, lowercase=False)),
        ("sounds", sound, TfidfVectorizer(analyzer="word", tokenizer=identity, token_pattern=None, ngram_range=(1, 3), sublinear_tf=True, lowercase=False)),
    ]  # fmt: skip
    return FeatureUnion(
        [(name, Pipeline([("view", Column(name)), ("tfidf", tfidf)])) for name, weight, tfidf in views if weight],
        transformer_weights={name: weight for name, weight, _ in views if weight},
    )
