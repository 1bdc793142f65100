"""Runs Rasa's part in a process of its own and listens to it. Its output goes to `var/train.log`."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import botkit
from botkit.settings import Settings
from botkit.training.findings import Finding
from botkit.training.fingerprint import code_fingerprint
from botkit.training.progress import Phase, Report, Step


class Failure(Exception):
    """Rasa ended without doing its job, for a reason that lies not in the content."""


def run_rasa(settings: Settings, output: Path | None, report: Report) -> list[Finding]:
    """Have Rasa check the content and, where an `output` is named and no error was found, train a model into it.

    Returns:
        What was found in the content, errors and warnings.

    Raises:
        Failure: with what is known of the reason.
    """
    settings.var.mkdir(parents=True, exist_ok=True)
    listen, tell = os.pipe()
    # It gets no Ctrl-C (a session of its own) and ends when its standard input closes, that is, with this process.
    with (settings.var / "train.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "botkit.training", str(settings.project), str(output or ""), str(tell)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=(tell,),
            cwd=settings.var,
            env=_environment(settings),
            start_new_session=True,
        )
    os.close(tell)
    try:
        with os.fdopen(listen, encoding="utf-8") as events:
            findings, failure, complete = _listen(events, report)
        code = process.wait()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdin:
            process.stdin.close()
    if failure:
        raise Failure(failure)
    if code or not complete:
        raise Failure(_ending(code))
    return findings


def _listen(events: IO[str], report: Report) -> tuple[list[Finding], str, bool]:
    findings: list[Finding] = []
    failure, complete = "", False
    for line in events:
        event: dict[str, Any] = json.loads(line)
        match event.pop("event"):
            case "step":
                report(Step(Phase[event["phase"]], event["part"], event["detail"]))
            case "finding":
                findings.append(Finding(**event))
            case "failure":
                failure = event["reason"]
            case "complete":
                complete = True
    return findings, failure, complete


def _ending(code: int) -> str:
    if code == -signal.SIGKILL:
        return "The training was killed by the system, mostly for want of memory. Rasa needs about 2 GB free."
    if code < 0:
        return f"The training was ended by the signal {signal.Signals(-code).name}."
    return f"The training ended unexpectedly (exit code {code})."


def _environment(settings: Settings) -> dict[str, str]:
    source = str(Path(botkit.__file__).parents[1])
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH", "")])),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONHASHSEED": "0",
        "PYTHONWARNINGS": "ignore::DeprecationWarning",
        "RASA_CACHE_DIRECTORY": str(_cache(settings)),
        "RASA_MAX_CACHE_SIZE": "300",  # MB
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }


def _cache(settings: Settings) -> Path:
    """Rasa's cache spares the NLU where only a reply has changed. It does not see the code that a component calls, so
    each state of the code gets a cache of its own, and those before it go."""
    caches = settings.var / "cache" / "rasa"
    cache = caches / code_fingerprint()
    for other in caches.glob("*"):
        if other != cache:
            shutil.rmtree(other, ignore_errors=True)
    return cache
