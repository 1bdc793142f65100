"""Loads ``phones/``: who the phones are and how their settings are reached."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from botkit.content import phone_checks as check
from botkit.content.document import Document
from botkit.content.phone_files import BrandFile, GuideFile, ModelsFile
from botkit.fiveg.guide_content import BrandGuide, GuideContent, GuideTexts
from botkit.fiveg.phones import Brand, PhoneRegistry

_OTHER = "other"


@dataclass(frozen=True)
class PhoneContent:
    """All that is known of phones."""

    registry: PhoneRegistry
    guides: GuideContent


def load_phones(folder: Path) -> PhoneContent:
    """Reads ``models.yml``, ``guide.yml`` and ``brands/*.yml`` in ``folder``.

    Raises:
        ContentError: for the first thing wrong in any of them, alone or between them.
    """
    files = _load_brands(folder / "brands")
    guides = {file.id: _brand_guide(file) for _, file in files}
    registry = _load_models(folder / "models.yml", [brand for guide in guides.values() for brand in guide.brands])
    check.condition_models(files, registry)
    other = guides.pop(_OTHER)
    return PhoneContent(registry, GuideContent(_load_texts(folder / "guide.yml"), tuple(guides.values()), other))


def _load_texts(path: Path) -> GuideTexts:
    document = Document(path)
    file = document.parse(GuideFile)
    check.guide_texts(document, file)
    return GuideTexts(**{name: getattr(file, name) for name in file.__fields__})


def _load_brands(folder: Path) -> list[tuple[Document, BrandFile]]:
    documents = [Document(path) for path in sorted({*folder.glob("*.yml"), folder / f"{_OTHER}.yml"})]
    files = [(document, document.parse(BrandFile)) for document in documents]
    for document, file in files:
        check.brand_file(document, file, is_fallback=file.id == _OTHER)
    check.brand_names(files)
    return files


def _brand_guide(file: BrandFile) -> BrandGuide:
    values = {name: getattr(file, name) for name in file.__fields__}
    values["brands"] = tuple(replace(brand, group=file.id) for brand in file.brands)
    return BrandGuide(**values)


def _load_models(path: Path, brands: list[Brand]) -> PhoneRegistry:
    document = Document(path)
    rows = document.parse(ModelsFile).__root__
    check.model_rows(document, rows, {brand.id for brand in brands})
    models = [row.to_model(brand_id) for brand_id, brand_rows in rows.items() for row in brand_rows]
    registry = PhoneRegistry(brands, models)
    check.model_names(document, rows, registry)
    return registry
