"""The training examples: enough of them, of one mind, and none that the held-out messages are measured with.

Texts of the final files are never printed: what is wrong is told by the training file and line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from rapidfuzz import fuzz, process

from botkit.evaluation import read_labelled
from botkit.nlu.normalise import normalise
from botkit.settings import ROOT

PROJECT = ROOT / "rasa_project"
HELD_OUT = ROOT / "tests" / "heldout"
FILES = {
    "development.jsonl": 220,
    "final.jsonl.gz": 440,
    "final-2.jsonl.gz": 225,
    "final-3.jsonl.gz": 219,
    "moods-development.jsonl": 200,
    "moods-development-2.jsonl": 400,
    "moods-final.jsonl.gz": 400,
    "scope-final.jsonl.gz": 260,
    "dialogues-development.jsonl": 75,
    "dialogues-development-2.jsonl": 204,
    "dialogues-development-3.jsonl": 311,
    "dialogues-development-4.jsonl": 228,
    "dialogues-development-5.jsonl": 403,
    "dialogues-final.jsonl.gz": 366,
}
"""Held-out files and how many messages of customers are in each."""

COMMON = (
    "ask_balance", "ask_bill", "dispute_charge", "ask_usage", "ask_my_plan", "compare_plans", "find_cheaper_plan",
    "change_plan", "order_addon", "cancel_service", "setup_5g", "report_network_problem", "request_human", "recharge",
    "inform", "affirm", "deny", "step_done", "out_of_scope",
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """One line of the training data; `key` is what is left of it after normalisation, without blanks and punctuation."""

    intent: str
    key: str
    place: str


def examples(folder: str = "nlu") -> Iterator[Example]:
    """Of intents, or, in `moods`, of what is labelled with a mood or a matter: its table is the "intent"."""
    for path in sorted((PROJECT / "data" / folder).rglob("*.yml")):
        intent = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.startswith(("- intent:", "- lookup:", "- regex:")):
                intent = line.partition(":")[2].strip()
            elif line.startswith("    - ") and not intent.startswith("anger_"):
                yield Example(intent, key(line.removeprefix("    - ")), f"{path.relative_to(PROJECT)}:{number}")


def key(text: str) -> str:
    """Only marks: then the marks themselves, so that "?" is not the same as "!"."""
    normal = normalise(text).text
    return "".join(character for character in normal if character.isalnum()) or normal


def held_out(file: str) -> list[str]:
    labelled = read_labelled(HELD_OUT / file)
    turns = [turn for dialogue in labelled.dialogues for turn in dialogue.turns]
    return [key(message.text) for message in [*labelled.messages, *turns]]


def bigrams(text: str) -> set[str]:
    return {text[index : index + 2] for index in range(len(text) - 1)}


def too_close(one: str, other: str) -> bool:
    """Equal, or nearly: nine tenths of the characters in order, or of the pairs of neighbours."""
    if one == other:
        return True
    pairs, others = bigrams(one), bigrams(other)
    alike = bool(pairs and others) and len(pairs & others) / len(pairs | others) >= 0.9
    return alike or fuzz.ratio(one, other) >= 90


@pytest.fixture(scope="module")
def trained_on() -> list[Example]:
    return list(examples())


def test_every_intent_has_examples_and_common_ones_many(trained_on: list[Example]) -> None:
    intents = [
        intent
        for path in (PROJECT / "domain").glob("*.yml")
        for intent in yaml.safe_load(path.read_text(encoding="utf-8")).get("intents", [])
        if intent != "nlu_fallback"
    ]
    count = Counter(example.intent for example in trained_on)
    assert set(COMMON) <= set(intents)
    assert {intent: count[intent] for intent in intents if count[intent] < 20} == {}
    assert {intent: count[intent] for intent in COMMON if count[intent] < 120} == {}
    assert sum(count.values()) >= 5000


def test_all_examples_were_read(trained_on: list[Example]) -> None:
    in_yaml = [
        line
        for path in (PROJECT / "data" / "nlu").rglob("*.yml")
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in entry["examples"].splitlines()
        if line.strip()
    ]
    assert len(trained_on) == len(in_yaml)


def test_an_example_means_one_thing(trained_on: list[Example]) -> None:
    first: dict[str, Example] = {}
    for example in trained_on:
        other = first.setdefault(example.key, example)
        assert other.intent == example.intent, f"{example.place} and {other.place}"


@pytest.mark.parametrize("file", FILES)
def test_nothing_held_out_is_trained_on(file: str, trained_on: list[Example]) -> None:
    trained_on = [*trained_on, *examples("moods")]
    keys = [example.key for example in trained_on]
    places = set()
    for message in held_out(file):
        # a cheap bound first: texts of which half the characters are the same
        for text, _, index in process.extract(message, keys, scorer=fuzz.ratio, score_cutoff=50, limit=None):
            if too_close(message, text):
                places.add(trained_on[index].place)
    assert sorted(places) == [], "too close to a held-out message: take them out of the training data"


def test_closeness() -> None:
    assert too_close("话费还剩多少", "话费还剩多少")
    assert too_close("我的话费还剩下多少钱了", "我的话费还剩多少钱了")
    assert too_close("慢死慢死", "死慢死慢")
    assert not too_close("话费还剩多少", "流量还剩多少")


def test_the_held_out_files_are_where_they_are_looked_for() -> None:
    assert {path.name: len(held_out(path.name)) for path in HELD_OUT.glob("*.jsonl*")} == FILES


def test_places_are_lines_of_files(trained_on: list[Example]) -> None:
    file, number = trained_on[0].place.split(":")
    assert Path(PROJECT / file).read_text(encoding="utf-8").splitlines()[int(number) - 1].startswith("    - ")
