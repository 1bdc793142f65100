"""The whole comparison on a project of a few intents: every candidate trains, scores, is saved and read back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from botkit.cli import main
from botkit.experiments.command import PAGE
from botkit.experiments.report import table
from botkit.experiments.run import QUICK, run

EXAMPLES = {
    "ask_balance": "话费还剩多少,查话费,余额多少,我还有多少钱,欠费了吗,账户里几块钱,话费够用吗,看下余额",
    "ask_usage": "流量还剩多少,查流量,还有几个G,流量用了多少,分钟数剩多少,这月跑了几个G,流量够不够,看下用量",
    "greet": "你好,您好,在吗,早上好,嗨,有人在不,晚上好呀,哈喽",
    "out_of_scope": "今天下雨吗,帮我订机票,讲个故事,股票涨了没,怎么做红烧肉,写首诗,附近电影院,世界杯谁赢",
}
CONFIG = """
recipe: default.v1
language: zh
pipeline:
- name: botkit.nlu.components.ChineseSegmenter
- name: botkit.nlu.components.NgramIntentClassifier
  temperature: 1.3
"""
SMALL = replace(QUICK, timed=2, seeds=2)
CANDIDATES = {
    "characters", "svm", "bayes", "no-sounds", "no-concepts", "ours", "ours-svm", "together", "augmented", "network",
    "chosen", "diet",
}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    for intent, texts in EXAMPLES.items():
        lines = "".join(f"    - {text}\n" for text in texts.split(","))
        path = folder / "data" / "nlu" / f"{intent}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'version: "3.1"\nnlu:\n- intent: {intent}\n  examples: |\n{lines}', encoding="utf-8")
    development = [{"text": "话费还有几块", "intent": "ask_balance"}, {"text": "在不在", "intent": "greet"}]
    (folder / "development.jsonl").write_text("\n".join(map(json.dumps, development)), encoding="utf-8")
    return folder


def compare(project: Path, folder: Path, *only: str) -> tuple[dict[str, Any], list[str]]:
    said: list[str] = []
    results = run(project, project / "development.jsonl", folder, SMALL, said.append, only)
    return results, said


@pytest.mark.slow
def test_every_candidate_is_measured(project: Path, tmp_path: Path) -> None:
    results, said = compare(project, tmp_path)
    assert set(results["candidates"]) == CANDIDATES
    assert len(said) == 2 * len(CANDIDATES) - 1, "DIET is trained with one seed only"
    for key, one in results["candidates"].items():
        assert one["examples"] == 32
        assert 0 <= one["measures"]["accuracy"]["mean"] <= 1, key
        assert one["bytes_on_disk"] > 0 and one["milliseconds_p50"] > 0, key
    assert results["candidates"]["diet"]["bytes_resident"] > results["candidates"]["ours"]["bytes_resident"]
    assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8")) == results
    assert "complement naive Bayes" in table(results)


@pytest.mark.slow
def test_one_can_be_measured_again_and_the_others_are_kept(project: Path, tmp_path: Path) -> None:
    first, _ = compare(project, tmp_path, "ours", "bayes")
    second, said = compare(project, tmp_path, "svm")
    assert [line.partition(",")[0] for line in said] == ["svm", "svm"]
    assert list(second["candidates"]) == ["svm", "bayes", "ours"]
    assert second["candidates"]["ours"] == first["candidates"]["ours"]
    assert second["candidates"]["ours"]["seeds"] == 2


def test_an_unknown_candidate_is_refused(project: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="oracle"):
        compare(project, tmp_path, "oracle")


@pytest.mark.slow
def test_the_quick_way_prints_the_table_and_leaves_page_and_results_alone(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOTKIT_PROJECT", str(project))
    monkeypatch.setenv("BOTKIT_VAR", str(tmp_path))
    page = PAGE.read_text(encoding="utf-8")
    assert main(["experiments", "--quick", "--only", "bayes"]) == 0
    assert "32 examples." in capsys.readouterr().out
    assert PAGE.read_text(encoding="utf-8") == page
    assert [path.name for path in (tmp_path / "experiments").iterdir()] == ["quick"]


def test_an_unknown_candidate_is_told_in_a_sentence(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOTKIT_PROJECT", str(project))
    monkeypatch.setenv("BOTKIT_VAR", str(tmp_path))
    assert main(["experiments", "--quick", "--only", "oracle"]) == 1
    assert "no such candidate: oracle" in capsys.readouterr().err
