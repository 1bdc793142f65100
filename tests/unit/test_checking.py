"""`botkit content check`: what no single file shows."""

from __future__ import annotations

from pathlib import Path

from botkit.checking import unanswered_errands
from botkit.content.texts import SaidText, Texts
from botkit.settings import Settings

RULES = """
rules:
  - rule: 宽带
    steps: [{intent: ask_broadband}, {action: action_errand}]
  - rule: 余额
    steps: [{intent: ask_balance}, {action: action_balance}]
"""


def test_an_errand_without_an_answer_is_named(tmp_path: Path) -> None:
    (tmp_path / "data" / "rules").mkdir(parents=True)
    (tmp_path / "data" / "rules" / "errands.yml").write_text(RULES, encoding="utf-8")
    (problem,) = unanswered_errands(tmp_path, Texts({}))
    assert "ask_broadband 没有回答" in problem and "errand_broadband" in problem
    assert not list(unanswered_errands(tmp_path, Texts({"errand_broadband": SaidText(text="先重启。")})))


def test_every_errand_of_the_project_has_its_rule() -> None:
    """Of the eleven that are answered by case alone, ten by `action_errand`; roaming has a price to look up."""
    assert len(list(unanswered_errands(Settings.from_environment({}).project, Texts({})))) == 10
