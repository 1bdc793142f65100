"""Phones as customers name them: brands, models, and the registry that recognises them in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from botkit.fiveg.mentions import brand_beside, is_no_name, names_edition, says_enough
from botkit.fiveg.names import Piece
from botkit.fiveg.phrases import PhraseIndex
from botkit.fiveg.reading import NameReader
from botkit.fiveg.trust import Trust

Basis = Literal["sourced", "chipset", "general", "rule"]


@dataclass(frozen=True)
class Brand:
    """A brand as customers say it.

    ``aliases`` may stand before a number (小米 14); ``series`` only hint at the brand (mate, 鸿蒙);
    ``unrelated`` words contain a name of the brand but do not mean it (王者荣耀). Brands of one ``group`` share a
    guide, and customers mix them up (小米 K70 is a Redmi).
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    unrelated: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True)
class PhoneModel:
    """A phone. ``name`` is what the customer reads.

    ``first_sold``: year of first sale in mainland China, ``None`` if never sold there or not known.
    ``sa``: whether the hardware has standalone 5G; ``None`` leaves it to the year rule (see ``support``).
    ``basis``: where ``sa`` comes from. ``trust``: how sure the row is.
    """

    brand_id: str
    name: str
    network: Literal["4g", "5g"]
    basis: Basis
    trust: Trust
    aliases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    first_sold: int | None = None
    sa: bool | None = None
    note: str = ""


@dataclass(frozen=True)
class ModelMatch:
    """What a sentence says about a phone.

    ``exact``: one model. ``ambiguous``: one of ``candidates``. ``brand_only``: the brand is known, the model
    is not (or not one we list). ``none``: no phone named.
    """

    kind: Literal["exact", "ambiguous", "brand_only", "none"]
    brand: Brand | None = None
    candidates: tuple[PhoneModel, ...] = ()

    @property
    def model(self) -> PhoneModel | None:
        return self.candidates[0] if self.kind == "exact" else None


class PhoneRegistry:
    """Recognises phones. Built once from content, then read only."""

    def __init__(self, brands: Iterable[Brand], models: Iterable[PhoneModel]) -> None:
        self.brands = tuple(brands)
        self.models = tuple(models)
        self._brand_by_id = {brand.id: brand for brand in self.brands}
        self._reader = NameReader(
            brands={word: brand.id for brand in self.brands for word in (brand.name, *brand.aliases)},
            unrelated=[word for brand in self.brands for word in brand.unrelated],
            others=[
                *(name for model in self.models for name in (*_names(model), *_codes(model))),
                *(series for brand in self.brands for series in brand.series),
            ],
        )
        self._series: PhraseIndex[str] = PhraseIndex()
        for brand in self.brands:
            for series in brand.series:
                self._series.add(self.core(series), brand.id)
        self._models: PhraseIndex[PhoneModel] = PhraseIndex()
        self._variant_words: set[str] = set()  # what may follow a name and make it another phone: pro, s, max
        for model in self.models:
            for name in _names(model):
                core = self.core(name)
                self._models.add(core, model)
                self._variant_words.update(piece for piece in core[1:] if piece.isalpha() and piece.isascii())
            for code in _codes(model):
                self._models.add(self.core(code), model)

    def brand(self, brand_id: str) -> Brand:
        """The brand of that id. Raises ``KeyError`` for an unknown one."""
        return self._brand_by_id[brand_id]

    def model_named(self, name: str) -> PhoneModel | None:
        """The model of exactly that display name."""
        return next((model for model in self.models if model.name == name), None)

    def core(self, name: str) -> tuple[str, ...]:
        """The pieces by which a name is recognised, without the brand: ``小米14 Pro`` → ``("14", "pro")``."""
        return self._reader.core(name)

    def find_model(self, text: str, brand_id: str | None = None) -> ModelMatch:
        """The phone that ``text`` names; ``brand_id`` is a brand already known from the conversation.

        With a known brand, a bare number is a model (小米: "14"). Without, it never is. What the text itself
        says of the brand goes before ``brand_id``.
        """
        match = ModelMatch("none")
        for mend in (False, True):
            match = self._match(self._reader.read(text, mend=mend), brand_id)
            if match.candidates:
                break
        return match

    def find_brand(self, text: str) -> Brand | None:
        """The brand that ``text`` names, or that its model or series belongs to; the last one if several."""
        return self.find_model(text).brand

    def _match(self, pieces: list[Piece], brand_id: str | None) -> ModelMatch:
        texts = [piece.text for piece in pieces]
        named = [piece.brand_id for piece in pieces if piece.brand_id]
        hinted = [ids[0] for start in range(len(pieces)) for _, ids in self._series.at(texts, start)]
        assumed = None if named else brand_id
        mentions: list[list[PhoneModel]] = []
        start = 0
        while start < len(pieces):
            length, models = self._mention_at(pieces, texts, start, named or hinted, assumed)
            if models:
                mentions.append(models)
            start += length
        if not mentions:
            known = next((i for i in (*reversed(named), *reversed(hinted), brand_id) if i), None)
            return ModelMatch("brand_only", self.brand(known)) if known else ModelMatch("none")
        return self._combine(mentions)

    def _combine(self, mentions: list[list[PhoneModel]]) -> ModelMatch:
        common = [model for model in mentions[0] if all(model in other for other in mentions)]
        candidates = tuple(common or dict.fromkeys(model for models in mentions for model in models))
        brand_ids = {model.brand_id for model in candidates}
        brand = self.brand(brand_ids.pop()) if len(brand_ids) == 1 else None
        return ModelMatch("exact" if len(candidates) == 1 else "ambiguous", brand, candidates)

    def _mention_at(
        self, pieces: list[Piece], texts: list[str], start: int, context: list[str], assumed: str | None
    ) -> tuple[int, list[PhoneModel]]:
        """The longest model name that begins here: (pieces taken, models it may mean)."""
        beside = brand_beside(pieces, start)
        for length, models in self._models.at(texts, start):
            end = start + length
            if self._goes_on(pieces, end) or is_no_name(pieces, start, end):
                continue
            core = texts[start:end]
            brand_ids = [beside] if beside else [assumed] if assumed else context
            accepted = self._of_brands(models, core, brand_ids)
            if not beside and not (assumed and accepted):
                accepted = (accepted or models) if says_enough(core) else []
            if accepted:
                return length, accepted
        return 1, []

    def _of_brands(self, models: list[PhoneModel], core: Sequence[str], brand_ids: Sequence[str]) -> list[PhoneModel]:
        """Those of the brand itself; else of a sister brand (小米 K70), unless a number leads (红米 10)."""
        own = [model for model in models if model.brand_id in brand_ids]
        if own or core[0].isdigit():
            return own
        groups = {self.brand(brand_id).group for brand_id in brand_ids}
        return [model for model in models if self.brand(model.brand_id).group in groups]

    def _goes_on(self, pieces: list[Piece], end: int) -> bool:
        """Whether the name goes on after ``end``, so that it is another phone than the one found."""
        if end == len(pieces):
            return False
        last, following = pieces[end - 1], pieces[end]
        if following.is_number:
            return last.is_latin or not (last.is_number or following.before)
        if following.is_latin:
            return following.text in self._variant_words and not following.before.strip()
        return names_edition(pieces, end)


def _names(model: PhoneModel) -> tuple[str, ...]:
    return (model.name, *model.aliases)


def _codes(model: PhoneModel) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for code in model.codes for form in (code, code.replace("-", ""))))
