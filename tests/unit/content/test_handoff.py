"""`handoff.yml`: what is in the project can be used, and what makes no sense is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.content import ContentError
from botkit.content.handoff import load_handoff
from botkit.settings import ROOT

HEAD = """
conversation: {keeps: 0.75, adds: 0.45, counts_from: 0.35}
soothe: {message: 0.5, conversation: 0.35}
rules:
"""


def write(folder: Path, rule: str) -> Path:
    path = folder / "handoff.yml"
    path.write_text(f"{HEAD}  - {rule}\n", encoding="utf-8")
    return path


def test_the_projects_own() -> None:
    content = load_handoff(ROOT / "rasa_project" / "content" / "handoff.yml")
    names = {rule.name for rule in content.rules}
    assert {"asked", "complaint", "threat", "frustrated", "refund", "repeated_question", "misunderstood"} <= names
    handbook = (ROOT / "rasa_project" / "HANDOFF.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in handbook for name in names), "each rule stands in the handbook"


def test_a_rule_by_its_name() -> None:
    content = load_handoff(ROOT / "rasa_project" / "content" / "handoff.yml")
    titles = {rule.title for rule in content.rules if rule.name == "frustrated"}
    assert len(titles) > 1
    assert all(content.rule("frustrated", title).title == title for title in titles)
    assert content.rule("frustrated").title in titles
    with pytest.raises(KeyError):
        content.rule("frustrated", "没有这个题目")


def test_a_rule_that_only_gives_an_action_its_name(tmp_path: Path) -> None:
    path = write(tmp_path, "{name: x, title: y, reason: asked, own_action: true}")
    assert not load_handoff(path).rules[0].conditional


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("{name: x, title: y, reason: asked, say: z}", "没有条件"),
        ("{name: x, title: y, reason: asked, mood: 0.5}", "没写转人工时说什么"),
        ("{name: x, title: y, reason: bored, say: z, mood: 0.5}", "没有「bored」这个原因"),
        ("{name: x, title: y, reason: asked, say: z, intents: [fly]}", "没有「fly」这个意图"),
        ("{name: x, title: y, reason: asked, say: nothing, mood: 0.5}", "没有「nothing」这条文案"),
        ("{name: x, title: y, reason: asked, say: z, moood: 0.5}", "moood"),
        ("{name: x, title: y, reason: asked, say: z, words: '再(问'}", "不是能用的写法"),
    ],
)
def test_what_makes_no_sense(tmp_path: Path, rule: str, problem: str) -> None:
    with pytest.raises(ContentError, match=problem) as refused:
        load_handoff(write(tmp_path, rule), intents={"ask_bill"}, texts={"z"})
    assert refused.value.line == 5


def test_an_unknown_intent_that_is_no_wish(tmp_path: Path) -> None:
    path = tmp_path / "handoff.yml"
    path.write_text(HEAD.replace("rules:", "no_wish: [fly]\nrules: []"), encoding="utf-8")
    with pytest.raises(ContentError, match="没有「fly」这个意图") as refused:
        load_handoff(path, intents={"ask_bill"})
    assert refused.value.line == 4


def test_whichever_rule_applies_what_it_says_is_found_again() -> None:
    """The dialogue remembers a rule by name and title: 要投诉 is both an intent with an action of its own and a matter."""
    content = load_handoff(ROOT / "rasa_project" / "content" / "handoff.yml")
    for rule in content.rules:
        if not rule.own_action:
            again = content.rule(rule.name, rule.title)
            assert (again.say, again.reason) == (rule.say, rule.reason)
