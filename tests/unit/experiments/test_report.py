"""The table in the page: what stands around the markers stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from botkit.experiments.report import BEGIN, END, ReportError, table, write_table

MEASURED: dict[str, Any] = {
    "name": "ours", "examples": 12674, "seeds": 3, "folds": 5, "development": 0.95, "seconds_to_train": 9.6,
    "milliseconds_p50": 1.04, "milliseconds_p95": 2.5, "bytes_on_disk": 3 * 2**20, "bytes_resident": 2**29,
    "measures": {name: {"mean": 0.8254, "deviation": 0.0021} for name in ("accuracy", "macro_f1", "log_loss")}
    | {"calibration_error": {"mean": 0.0123, "deviation": 0.0}},
    "as_configured": {"table": [{"from": 0.3, "predictions": 7, "sure": 0.351, "right": 0.429}]},
}  # fmt: skip
RESULTS = {"candidates": {"augmented": MEASURED}}


def test_every_figure_is_in_its_row() -> None:
    lines = table(RESULTS).splitlines()
    assert "12,674 examples." in lines
    assert "| ours | 3 × 5 | 0.825 ± 0.002 | 0.825 ± 0.002 | 0.825 ± 0.002 | 0.012 | – | – | 0.950 |" in lines
    assert "| ours | 10 s | 1.0 ms | 2.5 ms | 3.0 MB | 512.0 MB |" in lines
    assert "| 0.3-0.4 | 7 | 35% | 43% |" in lines


def test_rows_of_different_states_of_the_data_are_told() -> None:
    other = {**MEASURED, "examples": 12690}
    assert "12,674 to 12,690 examples." in table({"candidates": {"augmented": MEASURED, "svm": other}})


def test_only_what_stands_between_the_markers_changes(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Before\n\n{BEGIN}\nold\n{END}\n\nAfter\n", encoding="utf-8")
    write_table(page, RESULTS)
    write_table(page, RESULTS)
    assert page.read_text(encoding="utf-8") == f"# Before\n\n{BEGIN}\n{table(RESULTS)}\n{END}\n\nAfter\n"


@pytest.mark.parametrize("text", ["", BEGIN, f"{END} {BEGIN}"])
def test_a_page_without_markers_stays_as_it_is(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(ReportError, match=r"page\.md"):
        write_table(page, RESULTS)
    assert page.read_text(encoding="utf-8") == text
