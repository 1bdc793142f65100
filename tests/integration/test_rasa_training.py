"""A small project, trained and checked by Rasa itself, in its own process."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.settings import Settings
from botkit.training import Phase, Step, TrainingError, check, train_if_needed

pytestmark = pytest.mark.slow

CONFIG = """
recipe: default.v1
assistant_id: small
language: zh
pipeline:
- name: botkit.nlu.components.ChineseSegmenter
- name: botkit.nlu.components.NgramIntentClassifier
policies:
- name: RulePolicy
"""
DOMAIN = """
version: "3.1"
intents: [greet, thank]
responses:
  utter_greet: [{text: 您好}]
  utter_thank: [{text: 不客气}]
"""
NLU = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - 你好
    - 早上好
- intent: thank
  examples: |
    - 谢谢
    - 多谢你
"""
RULES = """
version: "3.1"
rules:
- rule: 打招呼
  steps:
  - intent: greet
  - action: utter_greet
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    project = tmp_path / "project"
    for file, text in {
        "config.yml": CONFIG,
        "domain/all.yml": DOMAIN,
        "data/nlu.yml": NLU,
        "data/rules.yml": RULES,
    }.items():
        (project / file).parent.mkdir(parents=True, exist_ok=True)
        (project / file).write_text(text, encoding="utf-8")
    return Settings.from_environment({"BOTKIT_VAR": str(tmp_path / "var"), "BOTKIT_PROJECT": str(project)})


def test_a_project_is_trained_and_every_phase_is_told(settings: Settings) -> None:
    steps: list[Step] = []
    result = train_if_needed(settings, steps.append)
    assert result.model.stat().st_size > 1000
    assert result.findings == ()
    assert {step.phase for step in steps} == set(Phase) - {Phase.WAITING}
    assert not (settings.project / ".rasa").exists(), "Rasa's cache belongs under var/"


def test_rules_that_contradict_each_other_are_both_named(settings: Settings) -> None:
    rule = "- rule: 道谢\n  steps:\n  - intent: greet\n  - action: utter_thank\n"
    (settings.project / "data/rules.yml").write_text(RULES + rule, encoding="utf-8")
    with pytest.raises(TrainingError) as caught:
        train_if_needed(settings)
    rules = str(settings.project / "data/rules.yml")
    assert [(finding.file, finding.line) for finding in caught.value.findings] == [(rules, 4), (rules, 8)]


def test_everything_wrong_is_found_at_once(settings: Settings) -> None:
    broken = (
        RULES.replace("utter_greet", "utter_gret")
        + "- rule: 道谢\n  steps:\n  - intent: thanks\n  - action: utter_thank\n"
    )
    (settings.project / "data/rules.yml").write_text(broken, encoding="utf-8")
    (settings.project / "data/lost.yml").write_text("nul:\n- intent: greet\n", encoding="utf-8")
    (settings.project / "data/nlu.yml").write_text(NLU.replace("intent: thank", "intent: thnak"), encoding="utf-8")
    found = [(Path(finding.file).name, finding.line) for finding in check(settings) if finding.severity == "error"]
    assert sorted(found) == [("lost.yml", 0), ("nlu.yml", 8), ("rules.yml", 7), ("rules.yml", 10)]
