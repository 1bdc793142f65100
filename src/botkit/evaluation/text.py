"""The measures for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from botkit.evaluation.measures import Handoffs, Measures, Score

LEAST_SHOWN = 12
"""So many of the least well understood intents are listed; the page has all."""


def as_text(measures: Measures, console: Console) -> None:
    """Print the summary, the weakest intents, confusions, calibration, moods, decisions and the surest errors."""
    console.print(Group(*_parts(measures)), highlight=False)


def summary(measures: Measures) -> list[tuple[str, str]]:
    """Headings and figures that stand at the top, of what was labelled."""
    found: list[tuple[str, str]] = []
    if measures.accuracy is not None and measures.macro_f1 is not None:
        found += [
            ("messages", str(measures.messages)),
            ("accuracy", percent(measures.accuracy)),
            ("macro-F1", f"{measures.macro_f1:.3f}"),
            ("asked back", str(measures.asked_back)),
            ("calibration error", f"{measures.calibration_error or 0:.3f}"),
        ]
    if measures.scope is not None and measures.false_alarms is not None and measures.scope.support:
        found.append(("out of scope: recall", percent(measures.scope.recall)))
        found.append(("out of scope: false alarms", percent(measures.false_alarms)))
    found += [(f"{score.name}: F1", f"{score.f1:.3f}") for score in measures.frustration]
    for name, handoffs in (("message", measures.handoffs), ("dialogue", measures.dialogue_handoffs)):
        if handoffs is not None:
            found.append((f"{name} to a human: wrongly", percent(handoffs.wrong_share)))
            found.append((f"{name} to a human: missed", percent(handoffs.missed_share)))
    return found


def percent(share: float) -> str:
    return f"{share:.1%}"


def _parts(measures: Measures) -> Iterable[RenderableType]:
    yield _table("", ("", ""), summary(measures))
    if measures.intents:
        weakest = measures.intents[:LEAST_SHOWN]
        yield _scores(f"Least well understood {len(weakest)} of {len(measures.intents)} intents", weakest)
        rows = [(expected, got, str(count)) for expected, got, count in measures.confusions[:LEAST_SHOWN]]
        yield _table("Taken for something else", ("meant", "taken for", "times"), rows)
        bins = [(f"{b.low:.1f}-{b.high:.1f}", str(b.count), percent(b.right / b.count)) for b in measures.calibration]
        yield _table("Calibration", ("sure by", "predictions", "right"), bins)
    if measures.frustration:
        yield _scores("Frustration", measures.frustration)
    if measures.rules:
        yield _scores("Messages for a human, by rule", measures.rules)
    for name, handoffs in (("messages", measures.handoffs), ("dialogues", measures.dialogue_handoffs)):
        if handoffs is not None:
            yield _decisions(f"Who gets it: {name}", handoffs)
    if measures.dialogues:
        yield Text(
            f"\nhanded over too early: {measures.too_early}, a human not offered in time: {measures.offers_missed}"
        )
        errors = [(error.id, error.about, error.expected, error.got) for error in measures.dialogue_errors]
        yield _table("Dialogues that went wrong", ("dialogue", "about", "expected", "got"), errors)
    worst = [(error.what, error.text[:48], error.expected, error.got, f"{error.sure:.2f}") for error in measures.worst]
    yield _table("Surest errors", ("what", "text", "expected", "got", "sure"), worst)


def _scores(title: str, scores: Sequence[Score]) -> Table:
    rows = [(s.name, str(s.support), percent(s.precision), percent(s.recall), f"{s.f1:.3f}") for s in scores]
    return _table(title, ("", "messages", "precision", "recall", "F1"), rows)


def _decisions(title: str, handoffs: Handoffs) -> Table:
    rows = [
        ("for a human", str(handoffs.right), str(handoffs.missed)),
        ("for the bot", str(handoffs.wrong), str(handoffs.left)),
    ]
    return _table(title, ("should be", "human got it", "bot got it"), rows)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(*columns, title=title or None, title_justify="left", show_header=any(columns))
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
