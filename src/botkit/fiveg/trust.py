"""How sure a fact is, and so how firmly it may be said.

A: the maker's or regulator's own words, or code that quotes the label on the screen.
B: press, patents, long-lived open projects. C: content farms, samples. GK: general knowledge, not checked.
"""

from __future__ import annotations

from typing import Literal

Trust = Literal["A", "B", "C", "GK"]

TRUST_TAGS: tuple[Trust, ...] = ("A", "B", "C", "GK")  # surest first


def is_soft(trust: Trust) -> bool:
    """Whether a fact of this tag must be worded softly ("一般…")."""
    return trust in ("C", "GK")


def weakest(*tags: Trust) -> Trust:
    """The least sure of the tags: a sentence is as sure as its weakest part."""
    return max(tags, key=TRUST_TAGS.index)
