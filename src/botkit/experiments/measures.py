"""What is measured of predictions: how often they are right, and whether they are as sure as they should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

Array = Any
"""numpy array"""

OUT_OF_SCOPE = "out_of_scope"
BINS = 10
_LEAST = 1e-12
_TEMPERATURES = np.geomspace(0.02, 20, 139)


@dataclass(frozen=True)
class Scored:
    """Predictions of one model. scores: one row a message, one column an intent of `names`; truth: columns that are right."""

    scores: Array
    truth: Array
    names: Sequence[str]

    def probabilities(self, temperature: float = 1.0) -> Array:
        scaled = self.scores / temperature
        scaled = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return scaled / scaled.sum(axis=1, keepdims=True)


def best_temperature(scored: Scored) -> float:
    """At which the log loss is least."""
    losses = [log_loss(scored.probabilities(t), scored.truth) for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def calibrated(parts: Sequence[Scored]) -> list[Array]:
    """The probabilities of each fold, at the temperature that is best for the other folds; a single fold is halved."""
    if len(parts) == 1:
        return [_halves(parts[0])]
    result = []
    for index, part in enumerate(parts):
        others = [other for place, other in enumerate(parts) if place != index]
        rest = Scored(np.vstack([o.scores for o in others]), np.concatenate([o.truth for o in others]), part.names)
        result.append(part.probabilities(best_temperature(rest)))
    return result


def _halves(part: Scored) -> Array:
    """Each half at the temperature of the other; every second message is in one half."""
    result = np.empty_like(part.scores, dtype=float)
    for start in (0, 1):
        here, there = slice(start, None, 2), slice(1 - start, None, 2)
        other = Scored(part.scores[there], part.truth[there], part.names)
        own = Scored(part.scores[here], part.truth[here], part.names)
        result[here] = own.probabilities(best_temperature(other))
    return result


def log_loss(probabilities: Array, truth: Array) -> float:
    """Mean of the negative logarithm of what was given to the right intent."""
    return float(-np.log(np.maximum(probabilities[np.arange(len(truth)), truth], _LEAST)).mean())


def measures(probabilities: Array, truth: Array, names: Sequence[str]) -> dict[str, float]:
    """accuracy, macro_f1, calibration_error, log_loss, scope_recall (of what is out of scope, recognised), false_alarms
    (of what is in scope, called out of it); all shares, but for the log loss."""
    predicted = probabilities.argmax(axis=1)
    result = {
        "accuracy": float((predicted == truth).mean()),
        "macro_f1": float(f1_score(truth, predicted, average="macro", zero_division=0)),
        "calibration_error": calibration_error(probabilities, truth),
        "log_loss": log_loss(probabilities, truth),
    }
    if OUT_OF_SCOPE in names:
        column = list(names).index(OUT_OF_SCOPE)
        outside, called = truth == column, predicted == column
        result["scope_recall"] = float(called[outside].mean()) if outside.any() else float("nan")
        result["false_alarms"] = float(called[~outside].mean()) if (~outside).any() else float("nan")
    return result


def calibration_table(probabilities: Array, truth: Array) -> list[dict[str, float]]:
    """For each tenth of how sure the prediction was: from, predictions, sure (mean), right (share)."""
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [
        {
            "from": tenth / BINS,
            "predictions": int((place == tenth).sum()),
            "sure": float(sure[place == tenth].mean()),
            "right": float(right[place == tenth].mean()),
        }
        for tenth in range(BINS)
        if (place == tenth).any()
    ]


def calibration_error(probabilities: Array, truth: Array) -> float:
    """Expected calibration error: how far sureness and share of right answers are apart, mean over the predictions."""
    rows = calibration_table(probabilities, truth)
    return sum(row["predictions"] * abs(row["sure"] - row["right"]) for row in rows) / len(truth)
