"""The measures as one HTML page that needs nothing else: figures, plots, all intents, all confusions, the surest errors."""

from __future__ import annotations

from importlib import resources

from jinja2 import Environment, StrictUndefined

from botkit.evaluation.measures import Measures
from botkit.evaluation.text import percent, summary

SIDE = 240
"""Width and height of the calibration plot, in its own units."""


def as_page(measures: Measures, title: str) -> str:
    """`title`: what was measured, such as the name of the file."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["percent"] = percent
    template = environment.from_string((resources.files(__package__) / "page.html").read_text(encoding="utf-8"))
    points = [
        (found.sure * SIDE, SIDE - found.right / found.count * SIDE, min(3 + found.count**0.5 / 2, 14), found)
        for found in measures.calibration
    ]
    return template.render(measures=measures, title=title, summary=summary(measures), points=points, side=SIDE)
