"""A message as the compared pipelines get it."""

from __future__ import annotations

from dataclasses import dataclass

from botkit.nlu.features import Views


@dataclass(frozen=True)
class Seen:
    """As `ChineseSegmenter` leaves it: the text as typed, its tokens, and its views."""

    text: str
    words: tuple[str, ...]
    views: Views
