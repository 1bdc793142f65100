"""The intent classifier: logistic regression, one against the rest, on what `botkit.nlu.features` sees.

Measured beside a linear SVM, alone and together; see `docs/understanding.md`. It trains in seconds, answers in less than a
millisecond, and its probabilities are calibrated by one temperature.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from botkit.nlu import saving
from botkit.nlu.features import COLUMNS, Column, Vectoriser, Views


class IntentClassifier:
    """Predicts an intent with its probability from the views of a message (`features.message_views`)."""

    def __init__(
        self,
        inverse_regularisation: float = 100.0,
        temperature: float = 1.0,
        random_state: int = 7,
        columns: Sequence[Column] = COLUMNS,
    ) -> None:
        self._vectoriser = Vectoriser(columns)
        self._options = {"C": inverse_regularisation, "random_state": random_state}
        self._temperature = temperature
        self.intents: list[str] = []
        self._coefficients = np.zeros((0, 0), dtype=np.float32)
        self._intercepts = np.zeros(0)

    def fit(self, messages: Sequence[Views], intents: Sequence[str]) -> IntentClassifier:
        """One regression for each intent."""
        rows, names = self._vectoriser.fit_transform(messages), np.asarray(intents)
        self.intents = sorted(set(intents))
        fitted = [_against_the_rest(rows, names == intent, self._options) for intent in self.intents]
        self._coefficients = np.stack([regression.coef_[0] for regression in fitted], axis=1).astype(np.float32)
        self._intercepts = np.array([regression.intercept_[0] for regression in fitted])
        return self

    def rank(self, message: Views, beside: Mapping[str, float] | None = None) -> list[tuple[str, float]]:
        """All intents with their probabilities, most likely first. beside: logarithms of probabilities that another model gives
        each of the intents; then both count as much."""
        scores = self._all_scores([message])
        if beside is not None:
            scores = (_log_softmax(scores) + [beside[intent] for intent in self.intents]) / 2
        probabilities = self._softened(scores)[0]
        order = np.argsort(-probabilities)
        return [(self.intents[i], float(probabilities[i])) for i in order]

    def probabilities(self, messages: Sequence[Views]) -> NDArray[np.float64]:
        """One row a message, one column an intent in the order of `intents`."""
        return self._softened(self._all_scores(messages))

    def _softened(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        result: NDArray[np.float64] = np.exp(_log_softmax(scores / self._temperature))
        return result

    def _all_scores(self, messages: Sequence[Views]) -> NDArray[np.float64]:
        rows = self._vectoriser.transform(messages)
        return np.stack([self._scores(row.indices, row.data) for row in rows])

    def _scores(self, places: NDArray[np.int32], values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of one message, from those coefficients that it needs."""
        result: NDArray[np.float64] = values @ self._coefficients[places] + self._intercepts
        return result

    def save(self, path: Path) -> None:
        saving.save(self, path)

    @classmethod
    def load(cls, path: Path) -> IntentClassifier:
        """Raises TypeError where the file holds something else."""
        return saving.load(cls, path)


def _against_the_rest(
    rows: csr_matrix, of_the_intent: NDArray[np.bool_], options: Mapping[str, Any]
) -> LogisticRegression:
    return LogisticRegression(solver="liblinear", dual=True, tol=0.1, **options).fit(rows, of_the_intent)


def _log_softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    scores = scores - scores.max(axis=1, keepdims=True)
    result: NDArray[np.float64] = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return result
