"""When a model is trained, what of it is kept, and what is said when the content is broken. Rasa itself stays out."""

from __future__ import annotations

import fcntl
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from botkit.settings import Settings
from botkit.training import (
    Finding,
    Phase,
    Report,
    Step,
    TrainingDisplay,
    TrainingError,
    check,
    fingerprint,
    model_path,
    train_if_needed,
)
from botkit.training import process as rasa_process
from botkit.training import train as training
from botkit.training.progress import Estimate, expected_seconds, keep_seconds


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    project = tmp_path / "project"
    write(project / "config.yml", "language: zh\n")
    write(project / "domain" / "plans.yml", "intents: [greet]\n")
    write(project / "data" / "nlu" / "greet.yml", "nlu:\n- intent: greet\n  examples: |\n    - 你好\n")
    write(project / "content" / "terms.yml", "terms: []\n")
    return Settings.from_environment({"BOTKIT_VAR": str(tmp_path / "var"), "BOTKIT_PROJECT": str(project)})


class FakeRasa:
    """Trains in no time. `finds`: what it has to say of the content. `meanwhile`: what happens while it trains."""

    def __init__(self) -> None:
        self.trainings = 0
        self.finds: list[Finding] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self, _settings: Settings, output: Path | None, report: Report) -> list[Finding]:
        report(Step(Phase.UNDERSTANDING))
        self.meanwhile()
        if output and not any(finding.severity == "error" for finding in self.finds):
            self.trainings += 1
            output.write_bytes(b"model")
        return self.finds


@pytest.fixture
def rasa(monkeypatch: pytest.MonkeyPatch) -> FakeRasa:
    fake = FakeRasa()
    monkeypatch.setattr(training, "run_rasa", fake)
    return fake


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# ------------------------------------------------------------------------------------------------------- fingerprint


@pytest.mark.parametrize(
    "file",
    [
        "config.yml",
        "domain/plans.yml",
        "domain/new.yml",
        "data/nlu/greet.yml",
        "data/rules/new.yml",
        "data/lookups/term.yml",
    ],
)
def test_fingerprint_changes_with_the_content(settings: Settings, file: str) -> None:
    before = fingerprint(settings)
    write(settings.project / file, "changed: true\n")
    assert fingerprint(settings) != before


@pytest.mark.parametrize(
    "file",
    [
        "endpoints.yml",
        "INTENTS.md",
        "content/texts/new.yml",
        "models/old.tar.gz",
        ".rasa/cache.db",
        "data/.hidden.yml",
        "data/nlu/greet.yml~",
    ],
)
def test_fingerprint_does_not_change_with_other_files(settings: Settings, file: str) -> None:
    before = fingerprint(settings)
    write(settings.project / file, "changed: true\n")
    assert fingerprint(settings) == before


def test_fingerprint_changes_when_a_file_is_renamed_or_removed(settings: Settings) -> None:
    before = fingerprint(settings)
    moved = (settings.project / "data/nlu/greet.yml").rename(settings.project / "data/nlu/greeting.yml")
    renamed = fingerprint(settings)
    moved.unlink()
    assert len({before, renamed, fingerprint(settings)}) == 3


def test_fingerprint_does_not_depend_on_the_place_or_the_age_of_the_files(settings: Settings) -> None:
    before = fingerprint(settings)
    os.utime(settings.project / "config.yml", (0, 0))
    settings.project.rename(settings.project.with_name("elsewhere"))
    moved = Settings.from_environment({"BOTKIT_PROJECT": str(settings.project.with_name("elsewhere"))})
    assert fingerprint(moved) == before


def test_fingerprint_changes_with_the_version_of_a_library(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(settings)
    monkeypatch.setattr("importlib.metadata.version", lambda name: "99.0" if name == "scikit-learn" else "1.0")
    changed = fingerprint(settings)
    monkeypatch.setattr("importlib.metadata.version", lambda name: "1.0")
    assert len({before, changed, fingerprint(settings)}) == 3


# ---------------------------------------------------------------------------------------------------------- training


def test_first_time_a_model_is_trained(settings: Settings, rasa: FakeRasa) -> None:
    result = train_if_needed(settings)
    assert result.trained
    assert result.model == model_path(settings)
    assert result.model.read_bytes() == b"model"


def test_second_time_nothing_happens(settings: Settings, rasa: FakeRasa) -> None:
    steps: list[Step] = []
    train_if_needed(settings)
    assert not train_if_needed(settings, steps.append).trained
    assert (rasa.trainings, steps) == (1, [])


def test_changed_content_is_trained_and_the_way_back_is_free(settings: Settings, rasa: FakeRasa) -> None:
    first = train_if_needed(settings).model
    config = settings.project / "config.yml"
    config.write_text("language: yue\n")
    assert train_if_needed(settings).model != first
    config.write_text("language: zh\n")
    assert train_if_needed(settings).model == first
    assert rasa.trainings == 2


def test_force_trains_again(settings: Settings, rasa: FakeRasa) -> None:
    train_if_needed(settings)
    assert train_if_needed(settings, force=True).trained
    assert rasa.trainings == 2


def test_warnings_do_not_stop_a_training(settings: Settings, rasa: FakeRasa) -> None:
    rasa.finds = [Finding("同一句写在了两个意图下。", severity="warning")]
    assert train_if_needed(settings).findings == tuple(rasa.finds)


def test_what_rasa_finds_wrong_is_an_error_with_file_and_line(settings: Settings, rasa: FakeRasa) -> None:
    file = str(settings.project / "data/rules/plans.yml")
    rasa.finds = [Finding("动作 utter_x 在 domain 里没有。", file, 7)]
    with pytest.raises(TrainingError) as caught:
        train_if_needed(settings)
    assert f"{file}:7: 动作 utter_x 在 domain 里没有。" in str(caught.value)
    assert str(settings.var / "train.log") in str(caught.value)
    assert not model_path(settings).exists()


def test_content_that_changes_while_it_is_trained_from_is_trained_again(settings: Settings, rasa: FakeRasa) -> None:
    changes = iter(["language: yue\n"])
    rasa.meanwhile = lambda: [(settings.project / "config.yml").write_text(text) for text in changes]
    assert train_if_needed(settings).model == model_path(settings)
    assert rasa.trainings == 2
    assert len(list(settings.models.iterdir())) == 1


def test_content_that_keeps_changing_is_given_up(settings: Settings, rasa: FakeRasa) -> None:
    rasa.meanwhile = lambda: write(settings.project / "config.yml", f"epochs: {rasa.trainings}\n")
    with pytest.raises(TrainingError, match="kept changing"):
        train_if_needed(settings)


def test_an_interrupted_training_leaves_nothing_behind(settings: Settings, rasa: FakeRasa) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    rasa.meanwhile = interrupt
    with pytest.raises(KeyboardInterrupt):
        train_if_needed(settings)
    assert list(settings.models.iterdir()) == []


def test_the_newest_models_are_kept(settings: Settings, rasa: FakeRasa) -> None:
    settings.models.mkdir(parents=True)
    for age in range(1, 9):
        old = settings.models / f"old{age}.tar.gz"
        old.touch()
        os.utime(old, (1_000_000 - age, 1_000_000 - age))
    (settings.models / ".partial-1").touch()
    new = train_if_needed(settings).model
    kept = {path.name for path in settings.models.iterdir()}
    assert kept == {new.name, "old1.tar.gz", "old2.tar.gz"}


def test_a_model_in_use_counts_as_new(settings: Settings, rasa: FakeRasa) -> None:
    model = train_if_needed(settings).model
    os.utime(model, (0, 0))
    train_if_needed(settings)
    assert model.stat().st_mtime > 1_000_000


# -------------------------------------------------------------------------------------------------------------- lock


@pytest.fixture
def another_training(settings: Settings) -> Iterator[Callable[[], None]]:
    """Holds the lock as process 4711 would. Call it to let go."""
    settings.var.mkdir(parents=True, exist_ok=True)
    with (settings.var / "train.lock").open("w") as file:
        file.write("4711")
        file.flush()
        fcntl.flock(file, fcntl.LOCK_EX)
        yield lambda: fcntl.flock(file, fcntl.LOCK_UN)


def test_a_second_training_is_refused_when_told_not_to_wait(
    settings: Settings, rasa: FakeRasa, another_training: Callable[[], None]
) -> None:
    with pytest.raises(TrainingError, match="process 4711"):
        train_if_needed(settings, wait=False)
    assert rasa.trainings == 0


def test_a_second_training_waits_and_takes_what_the_first_has_made(
    settings: Settings, rasa: FakeRasa, another_training: Callable[[], None]
) -> None:
    def report(step: Step) -> None:
        assert step == Step(Phase.WAITING, detail="process 4711")
        write(model_path(settings), "made by the other")
        another_training()

    assert not train_if_needed(settings, report).trained
    assert rasa.trainings == 0


def test_the_lock_is_free_after_a_training_that_failed(settings: Settings, rasa: FakeRasa) -> None:
    rasa.finds = [Finding("不对。")]
    with pytest.raises(TrainingError):
        train_if_needed(settings, wait=False)
    rasa.finds = []
    assert train_if_needed(settings, wait=False).trained


# ---------------------------------------------------------------------------------------------------- broken content


def test_broken_yaml_is_one_clear_message_and_rasa_is_not_started(settings: Settings, rasa: FakeRasa) -> None:
    broken = write(settings.project / "data/nlu/broken.yml", "nlu:\n- intent: x\n  examples: a: b\n")
    with pytest.raises(TrainingError) as caught:
        train_if_needed(settings)
    assert f"{broken}:3: " in str(caught.value)
    assert "Mend the files" in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert rasa.trainings == 0


def test_all_broken_files_are_named_at_once(settings: Settings, rasa: FakeRasa) -> None:
    files = [
        write(settings.project / folder / "broken.yml", "a: [\n") for folder in ("domain", "data/nlu", "data/rules")
    ]
    assert {finding.file for finding in check(settings)} == {str(file) for file in files}


def test_a_missing_configuration_is_named(settings: Settings, rasa: FakeRasa) -> None:
    (settings.project / "config.yml").unlink()
    assert [Path(finding.file).name for finding in check(settings)] == ["config.yml"]


def test_a_long_list_of_errors_is_cut_in_the_message_but_not_in_the_findings() -> None:
    error = TrainingError("wrong:", [Finding(f"第 {number} 处。") for number in range(50)])
    assert "... and 30 more" in str(error)
    assert len(error.findings) == 50


# ------------------------------------------------------------------------------------------------------ Rasa's process


@pytest.fixture
def worker(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a script in the place of Rasa's process; `tell` is the pipe to the parent."""

    def install(script: str) -> None:
        prelude = "import os, signal, sys\ntell = os.fdopen(int(sys.argv[-1]), 'w')\n"
        python = write(tmp_path / "worker.py", prelude + script)
        stand_in = write(tmp_path / "python", f'#!/bin/sh\nexec "{sys.executable}" "{python}" "$@"\n')
        stand_in.chmod(0o755)
        monkeypatch.setattr(rasa_process.sys, "executable", str(stand_in))

    return install


def test_steps_and_findings_come_through(settings: Settings, worker: Callable[[str], None]) -> None:
    worker(
        """
print('{"event": "step", "phase": "DIALOGUE", "part": 0.5, "detail": "RulePolicy"}', file=tell)
print('{"event": "finding", "message": "不对。", "file": "a.yml", "line": 3, "severity": "error"}', file=tell)
print('{"event": "complete"}', file=tell)
"""
    )
    steps: list[Step] = []
    assert check(settings, steps.append) == [Finding("不对。", "a.yml", 3)]
    assert steps[-1] == Step(Phase.DIALOGUE, 0.5, "RulePolicy")


def test_what_rasa_prints_is_kept_in_the_log(settings: Settings, worker: Callable[[str], None]) -> None:
    worker("""print('said'); print('complained', file=sys.stderr); print('{"event": "complete"}', file=tell)""")
    check(settings)
    assert set((settings.var / "train.log").read_text().split()) == {"said", "complained"}


@pytest.mark.parametrize(
    ("end", "message"),
    [
        ("""print('{"event": "failure", "reason": "broke off"}', file=tell); sys.exit(1)""", "broke off"),
        ("sys.exit(3)", "exit code 3"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "memory"),
        ("os.kill(os.getpid(), signal.SIGTERM)", "SIGTERM"),
        ("sys.exit(0)", "unexpectedly"),
    ],
)
def test_an_end_before_the_work_is_done_is_explained(
    settings: Settings, worker: Callable[[str], None], end: str, message: str
) -> None:
    worker(end)
    with pytest.raises(TrainingError, match=message) as caught:
        train_if_needed(settings)
    assert caught.value.log == settings.var / "train.log"


# ---------------------------------------------------------------------------------------------------------- progress


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


EXPECTED = {
    Phase.CHECKING: 10.0,
    Phase.READING: 10.0,
    Phase.UNDERSTANDING: 60.0,
    Phase.DIALOGUE: 10.0,
    Phase.PACKING: 10.0,
}


def test_the_share_grows_with_the_clock_but_not_past_the_phase() -> None:
    clock = Clock()
    estimate = Estimate(EXPECTED, clock)
    estimate.take(Step(Phase.CHECKING))
    clock.now += 5
    assert estimate.share() == pytest.approx(0.05)
    clock.now += 1000
    assert estimate.share() == pytest.approx(0.095)
    estimate.take(Step(Phase.CHECKING, 1.0))
    estimate.take(Step(Phase.UNDERSTANDING, 0.5))
    assert estimate.share() == pytest.approx(0.4)


def test_the_share_never_shrinks_when_rasa_goes_back_to_a_phase() -> None:
    clock = Clock()
    estimate = Estimate(EXPECTED, clock)
    shares = []
    for step in [Step(Phase.READING, 0.5), Step(Phase.DIALOGUE, 1.0), Step(Phase.READING, 0.5), Step(Phase.PACKING)]:
        estimate.take(step)
        clock.now += 3
        shares.append(estimate.share())
    assert shares == sorted(shares)
    assert estimate.seconds[Phase.READING] == pytest.approx(6)


def test_what_phases_took_is_expected_next_time(settings: Settings) -> None:
    assert expected_seconds(settings) == {}
    keep_seconds(settings, {Phase.UNDERSTANDING: 100.0})
    keep_seconds(settings, {Phase.UNDERSTANDING: 100.0})
    assert 60 < expected_seconds(settings)[Phase.UNDERSTANDING] < 100


def test_a_damaged_memory_of_seconds_does_no_harm(settings: Settings) -> None:
    write(settings.var / "cache" / "training-seconds.json", "[1]")
    assert expected_seconds(settings) == {}


def test_a_log_gets_plain_lines_one_a_phase(settings: Settings) -> None:
    text, clock = io.StringIO(), Clock()
    with TrainingDisplay(settings, Console(file=text), clock) as display:
        display(Step(Phase.CHECKING, detail="reading the files"))
        display(Step(Phase.CHECKING, 0.5, "starting Rasa"))
        clock.now += 12
        display(Step(Phase.UNDERSTANDING, 0.0, "NgramIntentClassifier"))
    lines = text.getvalue().splitlines()
    assert len(lines) == 2
    assert "12 s" in lines[1]
    assert "understanding (NLU): NgramIntentClassifier" in lines[1]


def test_a_terminal_gets_a_bar_that_ends_full(settings: Settings) -> None:
    text = io.StringIO()
    with TrainingDisplay(settings, Console(file=text, force_terminal=True, width=120)) as display:
        display(Step(Phase.PACKING))
    assert "100%" in text.getvalue()


def test_where_nothing_is_to_do_nothing_is_shown(settings: Settings, rasa: FakeRasa) -> None:
    train_if_needed(settings)
    text = io.StringIO()
    with TrainingDisplay(settings, Console(file=text)) as display:
        train_if_needed(settings, display)
    assert text.getvalue() == ""
