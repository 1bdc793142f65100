"""The lookup tables of the training data, made from the catalogue, the phone list and the glossary.

So the names that customers use reach the model by Rasa's own means, and `rasa train` in `rasa_project/` needs nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path

import yaml

from botkit.bss.demo.catalogue import load_catalogue
from botkit.content import Glossary, PhoneContent, load_phones, load_terms
from botkit.settings import Settings
from botkit.telecom.plan import AddOn, Plan

Names = Mapping[str, Iterable[str]]
"""A value and the forms that people write it in."""


def refresh_lookups(settings: Settings) -> list[Path]:
    """Make the tables of a project again from its sources; returns those that changed. Raises ContentError."""
    catalogue = load_catalogue()
    return write_lookups(
        settings.project / "data" / "lookups",
        catalogue.plans,
        catalogue.add_ons,
        load_phones(settings.content / "phones"),
        load_terms(settings.content / "terms.yml"),
    )


def write_lookups(
    folder: Path, plans: Iterable[Plan], add_ons: Iterable[AddOn], phones: PhoneContent, terms: Glossary
) -> list[Path]:
    """Write one file for each kind of name; returns those that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for path, text in _tables(folder, plans, add_ons, phones, terms):
        if not _is(path, text):
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def stale_lookups(
    folder: Path, plans: Iterable[Plan], add_ons: Iterable[AddOn], phones: PhoneContent, terms: Glossary
) -> list[Path]:
    """The files that `write_lookups` would change."""
    return [path for path, text in _tables(folder, plans, add_ons, phones, terms) if not _is(path, text)]


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _tables(
    folder: Path, plans: Iterable[Plan], add_ons: Iterable[AddOn], phones: PhoneContent, terms: Glossary
) -> Iterator[tuple[Path, str]]:
    """The files and what is to stand in them. Where a form has two kinds, the earlier kind has it."""
    tables: dict[str, Names] = {
        "plan": {plan.name: (plan.name, *plan.aliases) for plan in plans},
        "add_on": {add_on.name: (add_on.name, *add_on.aliases) for add_on in add_ons},
        "brand": {brand.id: (brand.name, *brand.aliases) for brand in phones.registry.brands},
        "phone_model": {model.name: (model.name, *model.aliases) for model in phones.registry.models},
        "term": {term.id: (term.name, *term.aliases) for term in terms.terms},
    }
    taken: set[str] = set()
    for kind, names in tables.items():
        forms = {value: [form for form in written if _usable(kind, form)] for value, written in names.items()}
        yield folder / f"{kind}.yml", _document(kind, forms, taken)
        taken |= {_key(form) for written in forms.values() for form in written}


def _document(kind: str, forms: Mapping[str, Sequence[str]], taken: Set[str]) -> str:
    """One table. A form that an earlier kind has is left out; one that means two values here gets no synonym."""
    meanings = Counter(key for written in forms.values() for key in {_key(form) for form in written})
    listed: list[str] = []
    synonyms: list[dict[str, str]] = []
    for value, written in forms.items():
        own = [form for form in dict.fromkeys(written) if _key(form) not in taken]
        listed += own
        others = [form for form in own if form != value and meanings[_key(form)] == 1]
        if others:
            synonyms.append({"synonym": value, "examples": _listed(others)})
    entries = [{"lookup": kind, "examples": _listed(listed)}, *synonyms]
    head = "# 自动生成, 请不要改: `botkit content lookups` 会重写。来源: 套餐目录, content/phones, content/terms.yml\n"
    return head + yaml.dump({"version": "3.1", "nlu": entries}, Dumper=_Dumper, allow_unicode=True, sort_keys=False)


def _key(form: str) -> str:
    return form.replace(" ", "").lower()


def _usable(kind: str, form: str) -> bool:
    """A bare number or a single letter is no name: it would be found everywhere."""
    dense = _key(form)
    return len(dense) > 1 and not dense.isdigit() and not (kind == "phone_model" and len(dense) < 3 and dense.isascii())


def _listed(forms: Iterable[str]) -> str:
    return "".join(f"- {form}\n" for form in dict.fromkeys(forms))


class _Dumper(yaml.SafeDumper):
    """Writes long texts as blocks, as Rasa's own files do."""


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
