"""The measures as text and as a page."""

from __future__ import annotations

import io

from rich.console import Console

from botkit.evaluation import Course, Dialogue, Measures, Message, Result, as_page, as_text, measure

ODD = "<script>alert(1)</script>[bold]"


def everything() -> Measures:
    messages = [Message(ODD, "a", 2, True, "refund"), Message("好", "out_of_scope", 0, False)]
    results = [Result("b", 0.7, 0.1, 0), Result("out_of_scope", 0.95, 0.9, 2, "frustrated")]
    return measure(messages, results, [Dialogue("d7", "1", [Message("一")], 1, 1, "asked", 1, "plain")], [Course()])


def test_as_text() -> None:
    out = io.StringIO()
    as_text(everything(), Console(file=out, width=160))
    shown = out.getvalue()
    for part in ("accuracy", "50.0%", "out of scope: recall", "refund", "d7", ODD):
        assert part in shown, part


def test_the_page_shows_all_and_runs_nothing() -> None:
    page = as_page(everything(), "final.jsonl")
    for part in ("final.jsonl", "50.0%", "漏转", "d7", "<circle", "&lt;script&gt;"):
        assert part in page, part
    assert "<script" not in page and "http" not in page


def test_parts_without_labels_are_left_out() -> None:
    page = as_page(measure([Message("好", "a")], [Result("a", 0.9, 0.0, 0)]), "x")
    assert "情绪" not in page and "转人工" not in page
    out = io.StringIO()
    as_text(measure([], []), Console(file=out))
    assert "Surest errors" in out.getvalue()
