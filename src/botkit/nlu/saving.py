"""Trained models in files. Python's own pickle writes the vocabulary ten times as fast as joblib, which gains nothing here: the
archive that Rasa puts the files into is compressed."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TypeVar

Model = TypeVar("Model")


def save(model: object, path: Path) -> None:
    with path.open("wb") as file:
        pickle.dump(model, file, protocol=pickle.HIGHEST_PROTOCOL)


def load(kind: type[Model], path: Path) -> Model:
    """From an archive that `botkit train` made: as trusted as the program. Raises TypeError where it holds something else."""
    with path.open("rb") as file:
        loaded = pickle.load(file)
    if not isinstance(loaded, kind):
        raise TypeError(f"{path} does not hold a {kind.__name__}")
    return loaded
