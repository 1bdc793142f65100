"""A project's files, read once."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from rasa.shared.core.domain import InvalidDomain

from botkit.training.project import Project

FILES = {
    "config.yml": "recipe: default.v1\nlanguage: zh\n",
    "domain.yml": "intents: [greet]\nresponses:\n  utter_greet: [{text: 您好}]\nactions: [utter_greet, utter_late]\n",
    "data/nlu.yml": "nlu:\n- intent: greet\n  examples: |\n    - 你好\n- lookup: plan\n  examples: |\n    - 畅选79\n",
    "data/more.yml": "nlu:\n- intent: greet\n  examples: |\n    - 早上好\nresponses:\n  utter_late: [{text: 来了}]\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def project(folder: Path) -> Project:
    return Project(folder, folder / "domain.yml")


def test_all_files_together_once(folder: Path) -> None:
    read = project(folder)
    data = read.get_nlu_data()
    assert {example.get("text") for example in data.training_examples} == {"你好", "早上好"}
    assert [table["name"] for table in data.lookup_tables] == ["plan"]
    (folder / "data" / "nlu.yml").unlink()
    assert read.get_nlu_data("zh") is data and read.get_domain() is read.get_domain()


def test_responses_beside_the_examples_are_the_domains(folder: Path) -> None:
    assert set(project(folder).get_domain().responses) == {"utter_greet", "utter_late"}


def test_a_response_without_a_text_is_warned_of(folder: Path) -> None:
    (folder / "data" / "more.yml").unlink()
    with pytest.warns(UserWarning, match="utter_late"):
        project(folder).get_domain()


def test_a_broken_domain_is_none(folder: Path) -> None:
    (folder / "domain.yml").write_text("intents: 7\n", encoding="utf-8")
    with warnings.catch_warnings(), pytest.raises((InvalidDomain, TypeError, ValueError)):
        warnings.simplefilter("ignore")
        project(folder).get_domain()
