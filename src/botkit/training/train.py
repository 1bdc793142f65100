"""Decides whether to train, sees to it that only one training runs, and takes the result into use."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from botkit.settings import Settings
from botkit.training.findings import ERROR, Finding, syntax_errors
from botkit.training.fingerprint import fingerprint, model_path
from botkit.training.process import Failure, run_rasa
from botkit.training.progress import Estimate, Phase, Report, Step, keep_seconds

KEPT = 3
"""How many models stay in `var/models`, the newest and those used last."""

SHOWN = 20
"""How many findings an error message lists."""

PARTIAL = ".partial-"


@dataclass(frozen=True)
class Training:
    """What came of it. `trained`: False where the model was there already. `findings`: warnings, nothing worse."""

    model: Path
    trained: bool
    seconds: float = 0.0
    findings: tuple[Finding, ...] = ()


class TrainingError(Exception):
    """There is no model of the present content. `str()` says why, where, and what to do.

    `findings` are for content staff; empty where the reason is not the content. `log`: the file with all that Rasa said.
    """

    def __init__(self, reason: str, findings: Sequence[Finding] = (), log: Path | None = None) -> None:
        self.reason = reason
        self.findings = tuple(findings)
        self.log = log
        lines = [reason, *(f"  {finding}" for finding in self.findings[:SHOWN])]
        if len(self.findings) > SHOWN:
            lines.append(f"  ... and {len(self.findings) - SHOWN} more")
        if self.findings:
            lines.append("Mend the files and run the command again.")
        if log:
            lines.append(f"All that Rasa said is in {log}")
        super().__init__("\n".join(lines))


def train_if_needed(
    settings: Settings, report: Report = lambda _: None, *, force: bool = False, wait: bool = True
) -> Training:
    """Make sure that there is a model of the present content.

    Args:
        report: told of every step; never called when there is nothing to do.
        force: train although there is a model.
        wait: wait while another process trains; else that is an error.

    Raises:
        TrainingError: the content has errors, or the training broke off.
    """
    model = model_path(settings)
    if model.exists() and not force:
        os.utime(model)
        return Training(model, trained=False)
    started = time.monotonic()
    with _only_one(settings, report, wait):
        for _ in range(3):
            model = model_path(settings)
            if model.exists() and not force:  # trained by the one that was waited for
                return Training(model, trained=False, seconds=time.monotonic() - started)
            findings = _train(settings, model, report)
            if model.exists():
                prune(settings.models)
                return Training(model, True, time.monotonic() - started, tuple(findings))
    raise TrainingError("The content kept changing while it was trained from. Run the command again when all is saved.")


def check(settings: Settings, report: Report = lambda _: None) -> list[Finding]:
    """All that is wrong with what the model is trained from: errors, and warnings. Trains nothing, writes no model."""
    report(Step(Phase.CHECKING, detail="reading the files"))
    return list(syntax_errors(settings.project)) or _run(settings, None, report)


def prune(models: Path, kept: int = KEPT) -> None:
    """Delete all but the newest models, and what broken-off trainings left behind."""
    newest_first = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in [*newest_first[kept:], *models.glob(f"{PARTIAL}*")]:
        path.unlink(missing_ok=True)


def _train(settings: Settings, model: Path, report: Report) -> list[Finding]:
    """Train, and put the model in its place unless the content has changed meanwhile. Returns the warnings."""
    report(Step(Phase.CHECKING, detail="reading the files"))
    wrong = list(syntax_errors(settings.project))
    if wrong:
        raise TrainingError("The content has errors, so no model was trained:", wrong)
    watch = Estimate({}, time.monotonic)

    def report_and_time(step: Step) -> None:
        watch.take(step)
        report(step)

    settings.models.mkdir(parents=True, exist_ok=True)
    partial = settings.models / f"{PARTIAL}{os.getpid()}"
    try:
        findings = _run(settings, partial, report_and_time)
        wrong = [finding for finding in findings if finding.severity == ERROR]
        if wrong:
            raise TrainingError("The content has errors, so no model was trained:", wrong, settings.var / "train.log")
        if fingerprint(settings) == model.name.removesuffix(".tar.gz"):
            partial.replace(model)
            watch.take(Step(Phase.PACKING, 1.0))
            keep_seconds(settings, watch.seconds)
        return findings
    finally:
        partial.unlink(missing_ok=True)


def _run(settings: Settings, output: Path | None, report: Report) -> list[Finding]:
    try:
        return run_rasa(settings, output, report)
    except Failure as failure:
        raise TrainingError(str(failure), log=settings.var / "train.log") from None


@contextmanager
def _only_one(settings: Settings, report: Report, wait: bool) -> Iterator[None]:
    """Holds the lock; the system frees it when its owner ends, however that happens."""
    settings.var.mkdir(parents=True, exist_ok=True)
    with (settings.var / "train.lock").open("a+", encoding="utf-8") as file:
        told = False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                file.seek(0)
                owner = f"process {file.read().strip() or 'unknown'}"
                if not wait:
                    raise TrainingError(f"Another training is at work ({owner}). Wait until it has ended.") from None
                if not told:
                    report(Step(Phase.WAITING, detail=owner))
                    told = True
                time.sleep(0.2)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
