"""Rasa's part, in its own process: load the content, check it, train the graph, and tell the parent of each step."""

from __future__ import annotations

import json
import logging
import os
import tempfile
import traceback
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

from yaml import YAMLError

from botkit.training.findings import ERROR, Finding
from botkit.training.progress import Phase


class Teller:
    """Writes events as JSON lines to the pipe that the parent reads."""

    def __init__(self, descriptor: int) -> None:
        self._pipe = os.fdopen(descriptor, "w", encoding="utf-8")

    def step(self, phase: Phase, part: float, detail: str = "") -> None:
        self._tell("step", phase=phase.name, part=part, detail=detail)

    def finding(self, finding: Finding) -> None:
        self._tell("finding", **finding.as_dict())

    def failure(self, reason: str) -> None:
        self._tell("failure", reason=reason)

    def complete(self) -> None:
        self._tell("complete")

    def _tell(self, event: str, **fields: Any) -> None:
        self._pipe.write(json.dumps({"event": event, **fields}, ensure_ascii=False) + "\n")
        self._pipe.flush()


def work(project: Path, output: Path | None, tell: Teller) -> None:
    """Check the content and, with an `output`, train unless there are errors."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)-7s %(name)s  %(message)s")
    warnings.simplefilter("ignore", DeprecationWarning)
    try:
        tell.step(Phase.CHECKING, 0.0, "starting Rasa")
        _without_tensorflow(project)
        from rasa.utils.log_utils import configure_structlog

        from botkit.training import rasa_says
        from botkit.training.content_check import Content, find_problems

        configure_structlog(logging.INFO)
        tell.step(Phase.CHECKING, 0.7, "domain, stories and rules")
        try:
            content = Content.read(project)
            problems = find_problems(content)
        except Exception as error:  # Rasa raises a great many types for what is wrong in a file
            traceback.print_exc()
            problems = rasa_says.from_error(error, project)
        for problem in problems:
            tell.finding(problem)
        tell.step(Phase.CHECKING, 1.0)
        if output and not any(problem.severity == ERROR for problem in problems):
            from botkit.training.graph import train_graph

            with tempfile.TemporaryDirectory(prefix="botkit-training-") as folder:
                train_graph(content.importer, output, Path(folder), tell)
        tell.complete()
    except BaseException as error:
        traceback.print_exc()
        tell.failure(_reason(error))
        raise SystemExit(1) from None


def _without_tensorflow(project: Path) -> None:
    """Where it is not needed. What is wrong with the configuration is told later, by who reads it."""
    from botkit.training.light import without_tensorflow

    with suppress(OSError, ValueError, YAMLError, AttributeError, KeyError, TypeError):
        without_tensorflow(project / "config.yml")


def _reason(error: BaseException) -> str:
    """The innermost cause, which in Rasa's graph is the one that tells something."""
    where = str(error).splitlines()[0] if str(error) else ""
    while error.__cause__ is not None:
        error = error.__cause__
    what = f"{type(error).__name__}: {error}".strip().splitlines()[0]
    return f"The training broke off: {what}" + (f" ({where})" if where and where not in what else "")
