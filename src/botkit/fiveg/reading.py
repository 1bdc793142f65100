"""Reads a sentence as pieces, with the brands in it recognised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from botkit.fiveg.names import Piece, join_numerals, phrase, split_pieces
from botkit.fiveg.phrases import Phrase, PhraseIndex
from botkit.fiveg.spelling import Vocabulary

_PLAIN_ENGLISH = ("phone", "phones", "make", "made", "mode", "more", "late", "like", "fine", "home", "open", "plan")


class NameReader:
    """Knows the brands' names and the Latin words of phone names.

    Args:
        brands: what people call a brand → brand id.
        unrelated: words that contain a brand's name but mean something else.
        others: all other names whose words may be misspelt: models, codes, series.
    """

    def __init__(self, brands: Mapping[str, str], unrelated: Iterable[str], others: Iterable[str]) -> None:
        self._brands: PhraseIndex[str | None] = PhraseIndex()
        for word, brand_id in brands.items():
            self._brands.add(phrase(word), brand_id)
        for word in unrelated:
            self._brands.add(phrase(word), None)
        pieces = (piece for name in (*brands, *others) for piece in split_pieces(name))
        self._vocabulary = Vocabulary(piece.text for piece in pieces if piece.is_latin)

    def read(self, text: str, *, mend: bool = False) -> list[Piece]:
        """The pieces of ``text``; with ``mend``, Latin words that look like slips are put right."""
        pieces: list[Piece] = []
        for piece in split_pieces(text):
            pieces.extend(self._known_words(piece, mend) if piece.is_latin else [piece])
        return join_numerals(self._mark_brands(pieces))

    def core(self, name: str) -> Phrase:
        """A phone's name without the brand in front: ``小米14 Pro`` → ``14 pro``."""
        pieces = self.read(name)
        while pieces and pieces[0].brand_id:
            pieces.pop(0)
        return tuple(piece.text for piece in pieces)

    def _known_words(self, piece: Piece, mend: bool) -> list[Piece]:
        words = self._vocabulary.split(piece.text)
        if mend and len(words) == 1 and piece.text not in _PLAIN_ENGLISH:
            words = (self._vocabulary.correct(piece.text),)
        return [Piece(words[0], piece.before), *(Piece(word) for word in words[1:])]

    def _mark_brands(self, pieces: list[Piece]) -> list[Piece]:
        texts = [piece.text for piece in pieces]
        marked: list[Piece] = []
        start = 0
        while start < len(pieces):
            length, brand_ids = next(self._brands.at(texts, start), (1, [None]))
            text = "".join(texts[start : start + length])
            marked.append(Piece(text, pieces[start].before, brand_ids[0]))
            start += length
        return marked
