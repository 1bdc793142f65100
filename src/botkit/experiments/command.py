"""`botkit experiments`: measure, keep the figures, write the table into the documentation."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from botkit.experiments.report import ReportError, table, write_table
from botkit.experiments.run import QUICK, Effort, run
from botkit.settings import ROOT, Settings

PAGE = ROOT / "docs" / "understanding.md"
DEVELOPMENT = ROOT / "tests" / "heldout" / "development.jsonl"


def experiments(settings: Settings, quick: bool, only: Sequence[str]) -> int:
    """Exit code. quick: few examples, once, to see that it runs; the page stays as it is, and so do the results."""
    folder = settings.var / "experiments" / ("quick" if quick else "")
    try:
        results = run(settings.project, DEVELOPMENT, folder, QUICK if quick else Effort(), _say, only)
        if quick:
            print(table(results))
        else:
            write_table(PAGE, results)
    except (ReportError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _say(line: str) -> None:
    print(line, flush=True)
