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
        position = 0
        for entity in entities:
            words += self._cut(text[position : entity.start])
            words.append(text[entity.start : entity.end])
            position = entity.end
        words += self._cut(text[position:])
        doc = Doc(self._nlp.vocab, words=words, spaces=[False] * len(words))
        spans = [doc.char_span(e.start, e.end, label=e.type) for e in entities]
        doc.set_ents([span for span in spans if span is not None])
        return doc, entities

    def _cut(self, text: str) -> list[str]:
        return [token.text for token in self._nlp.tokenizer(text)] if text else []
