"""Folds in which examples that are nearly the same are never on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process
from sklearn.model_selection import StratifiedGroupKFold

from botkit.nlu.normalise import normalise

ALIKE = 80
"""Edit similarity in percent from which two examples go into one fold."""

_BATCH = 1000
Indices = Any
"""numpy array of whole numbers"""


def groups(texts: Sequence[str], alike: float = ALIKE) -> list[int]:
    """One number a text; texts of one number are alike, directly or over others between them."""
    normal = [normalise(text).text for text in texts]
    parent = list(range(len(normal)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for start in range(0, len(normal), _BATCH):
        batch = normal[start : start + _BATCH]
        similarity = process.cdist(batch, normal, scorer=fuzz.ratio, score_cutoff=alike, dtype=np.uint8)
        for row, column in zip(*np.nonzero(similarity), strict=True):
            parent[root(int(row) + start)] = root(int(column))
    return [root(index) for index in range(len(normal))]


def folds(intents: Sequence[str], group: Sequence[int], count: int, seed: int) -> Iterator[tuple[Indices, Indices]]:
    """Where the examples to train on and to test on stand, `count` times, about as many of each intent in every fold."""
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    yield from splitter.split(np.zeros(len(intents)), intents, group)
