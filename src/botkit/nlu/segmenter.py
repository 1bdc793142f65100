"""The Chinese pipeline: spaCy's `zh` with Jieba, a dictionary of its own, and entities that tokens never cut through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import jieba
import spacy
from spacy.lang.zh import Segmenter as ChineseSegmenter
from spacy.tokens import Doc

from botkit.nlu.entities import Entity, EntityRules

NETWORK_WORDS = ("2g", "3g", "4g", "5g", "5g-a", "volte", "vonr", "wifi", "esim", "app")


class Segmenter:
    """Turns normalised text into a spaCy `Doc` whose `ents` are the entities found by `rules`.

    Jieba gets its own instance (the package's global one is shared by everybody in the process) with the words of the
    telecom trade, of the catalogue and of the phones, so that they are not torn apart.
    """

    def __init__(self, rules: EntityRules, words: Iterable[str] = ()) -> None:
        self._rules = rules
        self._jieba = jieba.Tokenizer()
        for word in (*NETWORK_WORDS, *words):
            self._jieba.add_word(word)
        self._nlp = spacy.blank("zh")
        tokenizer: Any = self._nlp.tokenizer
        tokenizer.segmenter, tokenizer.jieba_seg = ChineseSegmenter.jieba, self._jieba

    def __call__(self, text: str) -> tuple[Doc, Sequence[Entity]]:
        """The document, and the entities in the order of the text."""
        entities = self._rules.find(text)
        words: list[str] = []
        blanks: list[bool] = []  # whether a blank follows the word: where words stand depends on it
        position = 0
        for entity in entities:
            self._cut(text[position : entity.start], words, blanks)
            words.append(text[entity.start : entity.end])
            blanks.append(False)
            position = entity.end
        self._cut(text[position:], words, blanks)
        doc = Doc(self._nlp.vocab, words=words, spaces=blanks)
        spans = [doc.char_span(e.start, e.end, label=e.type) for e in entities]
        doc.set_ents([span for span in spans if span is not None])
        return doc, entities

    def _cut(self, text: str, words: list[str], blanks: list[bool]) -> None:
        if text:
            tokens = self._nlp.tokenizer(text)
            words += [token.text for token in tokens]
            blanks += [bool(token.whitespace_) for token in tokens]
