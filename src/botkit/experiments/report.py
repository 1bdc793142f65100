"""The results as a table in the documentation, between two marker comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

BEGIN = "<!-- experiments: written by `make experiments`, do not edit -->"
END = "<!-- /experiments -->"

IN_USE = "augmented"
"""The candidate that is trained for customers."""


class ReportError(ValueError):
    """The page lacks the markers."""


def write_table(page: Path, results: Mapping[str, Any]) -> None:
    """Replaces what stands between the markers. Raises ReportError where the page has not both of them, in order."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ReportError(f"{page}: the marker {BEGIN if not begin else END} is missing")
    page.write_text(f"{before}{BEGIN}\n{table(results)}\n{END}{after}", encoding="utf-8")


def table(results: Mapping[str, Any]) -> str:
    """Markdown: how right and how sure, what it costs, and the calibration of ours."""
    return "\n".join(["", *_quality(results), "", *_cost(results), "", *_calibration(results), ""])


def _quality(results: Mapping[str, Any]) -> Iterator[str]:
    counts = sorted({one["examples"] for one in results["candidates"].values()})
    yield f"{' to '.join(f'{count:,}' for count in (counts[0], counts[-1])[: len(counts)])} examples."
    yield ""
    yield "### How right, how sure"
    yield ""
    yield (
        "| pipeline | seeds × folds | accuracy | macro-F1 | log loss | calibration error | out of scope recognised "
        "| false alarms | development |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for one in results["candidates"].values():
        found = one["measures"]
        cells = [
            one["name"], f"{one['seeds']} × {one['folds']}", _mean(found, "accuracy"), _mean(found, "macro_f1"),
            _mean(found, "log_loss"), _mean(found, "calibration_error"), _mean(found, "scope_recall"),
            _mean(found, "false_alarms"), f"{one['development']:.3f}",
        ]  # fmt: skip
        yield f"| {' | '.join(cells)} |"


def _mean(found: Mapping[str, Mapping[str, float]], name: str) -> str:
    if name not in found:
        return "–"
    value, deviation = found[name]["mean"], found[name]["deviation"]
    return f"{value:.3f} ± {deviation:.3f}" if deviation else f"{value:.3f}"


def _cost(results: Mapping[str, Any]) -> Iterator[str]:
    yield "### What it costs"
    yield ""
    yield "| pipeline | training | one message, median | 95 % | on disk | memory |"
    yield "|---|---|---|---|---|---|"
    for one in results["candidates"].values():
        yield (
            f"| {one['name']} | {one['seconds_to_train']:.0f} s | {one['milliseconds_p50']:.1f} ms "
            f"| {one['milliseconds_p95']:.1f} ms | {_megabytes(one['bytes_on_disk'])} "
            f"| {_megabytes(one['bytes_resident'])} |"
        )


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f} MB"


def _calibration(results: Mapping[str, Any]) -> Iterator[str]:
    """Of the pipeline that is in use, at the temperature of `config.yml`, over all seeds."""
    ours = results["candidates"].get(IN_USE)
    if ours is None:
        return
    yield "### Calibration of ours"
    yield ""
    yield "| sure by | predictions | sure, mean | right |"
    yield "|---|---|---|---|"
    for row in ours["as_configured"]["table"]:
        name = f"{row['from']:.1f}-{row['from'] + 0.1:.1f}"
        yield f"| {name} | {row['predictions']} | {row['sure']:.0%} | {row['right']:.0%} |"
