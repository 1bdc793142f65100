"""The generated name tables: as they should be, and without names that would be found everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from botkit.bss.demo.catalogue import load_catalogue
from botkit.content import load_phones, load_terms
from botkit.lookups import stale_lookups, write_lookups
from botkit.settings import ROOT

CONTENT = ROOT / "rasa_project" / "content"
FOLDER = ROOT / "rasa_project" / "data" / "lookups"


@pytest.fixture(scope="module")
def sources() -> tuple[object, ...]:
    catalogue = load_catalogue()
    return catalogue.plans, catalogue.add_ons, load_phones(CONTENT / "phones"), load_terms(CONTENT / "terms.yml")


def test_the_committed_tables_are_up_to_date(sources: tuple) -> None:  # type: ignore[type-arg]
    assert stale_lookups(FOLDER, *sources) == [], "run: botkit content lookups"


def test_writing_again_changes_nothing(tmp_path: Path, sources: tuple) -> None:  # type: ignore[type-arg]
    assert len(write_lookups(tmp_path, *sources)) == 5
    assert write_lookups(tmp_path, *sources) == []


def test_a_form_means_one_thing(sources: tuple) -> None:  # type: ignore[type-arg]
    seen: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "synonym" in entry:
                for form in _examples(entry):
                    assert seen.setdefault(form.lower(), entry["synonym"]) == entry["synonym"], form


def test_no_table_holds_bare_numbers() -> None:
    for path in FOLDER.glob("*.yml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            assert not [form for form in _examples(entry) if form.isdigit() or len(form) < 2], path.name


def _examples(entry: dict[str, str]) -> list[str]:
    return [line.removeprefix("- ") for line in entry["examples"].splitlines()]
