"""The plain-language glossary: a word that a customer asks about, and what it means in everyday speech."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from pydantic import Field
from rapidfuzz.distance import OSA

from botkit.content.document import ContentModel, Document
from botkit.fiveg.names import phrase
from botkit.fiveg.phrases import Phrase, PhraseIndex
from botkit.fiveg.trust import Trust

_FUZZY_FROM = 4  # names of fewer characters are matched exactly only
_FUZZY_TWO_FROM = 8  # from here on two slips are forgiven
_FUZZY_WITHIN = 100  # characters of a text searched for misspelt names: nobody asks for a word in an essay
_SLIP = 1.5  # characters that a slip takes off a name's weight


@dataclass(frozen=True)
class Term:
    """A word explained. ``plain``: one everyday sentence. ``deeper``: one level more, on request.

    ``expert``: whatever goes deeper than that belongs to a human.
    """

    id: str
    name: str
    plain: str
    deeper: str
    trust: Trust
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    expert: bool = False


@dataclass(frozen=True)
class _Hit:
    """A name found from ``start`` to ``end`` of the squeezed text; ``weight`` grows with its length."""

    start: int
    end: int
    weight: float
    term: Term

    def overlaps(self, other: _Hit) -> bool:
        return self.start < other.end and other.start < self.end


class Glossary:
    """Finds terms in what customers write. The longest name wins; a slip or two in a long name is forgiven."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        self._by_id = {term.id: term for term in self.terms}
        self._index: PhraseIndex[Term] = PhraseIndex()
        self._long_names: list[tuple[str, Term]] = []
        for term in self.terms:
            for name in (term.name, *term.aliases):
                key = phrase(name)
                self._index.add(key, term)
                if len("".join(key)) >= _FUZZY_FROM:
                    self._long_names.append(("".join(key), term))

    def get(self, term_id: str) -> Term:
        """The term of that id. Raises ``KeyError`` for an unknown one."""
        return self._by_id[term_id]

    def find(self, text: str) -> Term | None:
        """The term that ``text`` asks about; of equally long names the later, which is the head in Chinese."""
        best = max(self._hits(text), key=lambda hit: (hit.weight, hit.start), default=None)
        return best.term if best else None

    def find_all(self, text: str) -> tuple[Term, ...]:
        """Every term named in ``text``, in its order; ``4G和5G的区别`` names two."""
        chosen: list[_Hit] = []
        for hit in sorted(self._hits(text), key=lambda hit: (-hit.weight, -hit.start)):
            if not any(hit.overlaps(other) for other in chosen):
                chosen.append(hit)
        return tuple(dict.fromkeys(hit.term for hit in sorted(chosen, key=lambda hit: hit.start)))

    def _hits(self, text: str) -> Iterator[_Hit]:
        pieces = phrase(text)
        offsets = [0, *accumulate(len(piece) for piece in pieces)]
        for start in range(len(pieces)):
            for length, terms in self._index.at(pieces, start):
                begin, end = offsets[start], offsets[start + length]
                yield _Hit(begin, end, end - begin, terms[0])
        yield from self._near_hits("".join(pieces))

    def _near_hits(self, squeezed: str) -> Iterator[_Hit]:
        """Names misspelt in ``squeezed``; numbers must be right (4G is not 5G)."""
        for name, term in self._long_names:
            allowed = 2 if len(name) >= _FUZZY_TWO_FROM else 1
            for start, part in _parts(squeezed[:_FUZZY_WITHIN], len(name)):
                distance = OSA.distance(name, part, score_cutoff=allowed)
                if 0 < distance <= allowed and _digits(name) == _digits(part):
                    yield _Hit(start, start + len(part), len(name) - _SLIP * distance, term)


class _TermRow(ContentModel):
    id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    plain: str = Field(min_length=1, max_length=60)
    deeper: str = Field(min_length=1, max_length=120)
    related: tuple[str, ...] = ()
    trust: Trust
    expert: bool = False


class _TermsFile(ContentModel):
    terms: list[_TermRow]


def load_terms(path: Path) -> Glossary:
    """Reads the glossary file.

    Raises:
        ContentError: the file is broken, a name stands for two terms, or ``related`` names an unknown one.
    """
    document = Document(path)
    rows = document.parse(_TermsFile).terms
    _check(document, rows)
    return Glossary(Term(**row.dict()) for row in rows)


def _check(document: Document, rows: Sequence[_TermRow]) -> None:
    ids: set[str] = set()
    owners: dict[Phrase, str] = {}
    for number, row in enumerate(rows):
        if row.id in ids:
            raise document.error(("terms", number, "id"), f"「{row.id}」用了两次", "请换一个 id")
        ids.add(row.id)
        for field, word in (("name", row.name), *(("aliases", alias) for alias in row.aliases)):
            owner = owners.setdefault(phrase(word), row.id)
            if owner != row.id:
                problem = f"「{word}」已经是 {owner} 的叫法"
                raise document.error(("terms", number, field), problem, "请只留一处")
    for number, row in enumerate(rows):
        for related in row.related:
            if related not in ids or related == row.id:
                problem = f"没有「{related}」这个词, 或指向了自己"
                raise document.error(("terms", number, "related"), problem, "请写成别的词的 id")


def _parts(text: str, length: int) -> Iterator[tuple[int, str]]:
    """The stretches of ``text``, with their start, that could be a misspelt name of that length."""
    for size in (length, length - 1, length + 1):
        for start in range(len(text) - size + 1):
            yield start, text[start : start + size]


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
