"""A small neural network that answers several questions about a message at once: which of some choices, and yes or no to others.

What it learns for one question helps it with the others: the many examples of intents teach it words with which few
examples of anger come, and the other way round (multi-task learning; Caruana 1997). One hidden layer on sparse rows is a
matter of a few matrix products, for which NumPy does; a message takes a tenth of a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float32]

UNKNOWN = -1
"""Instead of a choice or an answer that nobody has given: nothing is learned from it."""

_TINY = 1e-6


class Layer:
    """Weights that are moved by Adagrad (Duchi, Hazan, Singer 2011): the oftener and the farther a weight has been moved, the
    smaller its next steps. What is not touched is not moved, so on sparse input a step costs as much as the batch has columns."""

    def __init__(self, weights: Floats) -> None:
        self.weights = weights
        self._moved = np.zeros_like(weights)

    def descend(self, gradient: Floats, rate: float, rows: Any = slice(None)) -> None:
        moved = self._moved[rows] + gradient * gradient
        self._moved[rows] = moved
        np.sqrt(moved, out=moved)
        moved += np.float32(_TINY)
        np.divide(gradient, moved, out=moved)
        moved *= np.float32(rate)
        self.weights[rows] -= moved


@dataclass(frozen=True)
class Batch:
    """Rows of sparse input, cut to the columns that they have; what is known of them."""

    rows: csr_matrix
    columns: NDArray[np.int64]
    choices: NDArray[np.int64]
    answers: Floats


class Network:
    """Columns → hidden units (of which the negative count as zero) → choices and answers."""

    def __init__(
        self,
        hidden: int = 96,
        epochs: int = 6,
        batch_size: int = 256,
        learning_rate: float = 0.1,
        dropout: tuple[float, float] = (0.2, 0.3),
        random_state: int = 7,
    ) -> None:
        """hidden: units; batch_size: messages to learn from at a time; epochs: how often from each. learning_rate: at the
        beginning; it falls to nothing. dropout: parts of the input and of the hidden layer left out at random in training."""
        self._hidden, self._epochs, self._batch_size = hidden, epochs, batch_size
        self._learning_rate, self._dropout, self._random_state = learning_rate, dropout, random_state
        self._first: NDArray[np.float16] = np.zeros((0, hidden), np.float16)
        self._first_biases: Floats = np.zeros(hidden, np.float32)
        self._second: Floats = np.zeros((hidden, 0), np.float32)
        self._second_biases: Floats = np.zeros(0, np.float32)
        self._choices = 0

    def fit(self, rows: csr_matrix, choices: NDArray[np.int64], answers: Floats) -> Network:
        """rows: (messages, columns). choices: (messages,), the number of the right one, from 0. answers: (messages, questions), 1 or
        0. Both may be UNKNOWN. Raises ValueError where no choice is known.

        On one core: for products as small as these, more of them spend their time waiting for each other.
        """
        if not (choices != UNKNOWN).any():
            raise ValueError("nothing to choose from is known")
        with threadpool_limits(1, "blas"):
            self._learn(rows.astype(np.float32), choices, answers)
        return self

    def _learn(self, rows: csr_matrix, choices: NDArray[np.int64], answers: Floats) -> None:
        dice = np.random.default_rng(self._random_state)
        self._choices = int(choices.max()) + 1
        outputs = self._choices + answers.shape[1]
        spread = np.sqrt(6 / (self._hidden + outputs))
        first = Layer((0.1 * dice.standard_normal((rows.shape[1], self._hidden))).astype(np.float32))
        second = Layer(dice.uniform(-spread, spread, (self._hidden, outputs)).astype(np.float32))
        first_biases, second_biases = (Layer(np.zeros(size, np.float32)) for size in (self._hidden, outputs))
        total = self._epochs * -(-rows.shape[0] // self._batch_size)
        for step, batch in enumerate(self._batches(rows, choices, answers, dice)):
            active = batch.rows @ first.weights[batch.columns] + first_biases.weights
            gate = (active > 0) * _mask(dice, active.shape, self._dropout[1])
            hidden = active * gate
            error = self._error(hidden @ second.weights + second_biases.weights, batch)
            back = (error @ second.weights.T) * gate
            rate = self._learning_rate * (1 - step / total)
            second.descend(hidden.T @ error, rate)
            second_biases.descend(error.sum(axis=0), rate)
            first.descend(batch.rows.T @ back, rate, batch.columns)
            first_biases.descend(back.sum(axis=0), rate)
        self._first, self._first_biases = first.weights.astype(np.float16), first_biases.weights
        self._second, self._second_biases = second.weights, second_biases.weights

    def _batches(
        self, rows: csr_matrix, choices: NDArray[np.int64], answers: Floats, dice: np.random.Generator
    ) -> Iterator[Batch]:
        for _ in range(self._epochs):
            order = dice.permutation(rows.shape[0])
            for start in range(0, len(order), self._batch_size):
                which = order[start : start + self._batch_size]
                some = rows[which]
                columns, places = np.unique(some.indices, return_inverse=True)
                values = some.data * _mask(dice, some.data.shape, self._dropout[0])
                cut = csr_matrix((values, places, some.indptr), shape=(len(which), len(columns)))
                yield Batch(cut, columns, choices[which], answers[which])

    def _error(self, scores: Floats, batch: Batch) -> Floats:
        """By how much each output is off, as the gradient of the cross entropy."""
        error = np.zeros_like(scores)
        chosen = np.flatnonzero(batch.choices != UNKNOWN)
        error[chosen, : self._choices] = np.exp(_log_softmax(scores[chosen, : self._choices]))
        error[chosen, batch.choices[chosen]] -= 1
        yes = 1 / (1 + np.exp(-np.clip(scores[:, self._choices :], -30, 30)))
        error[:, self._choices :] = np.where(batch.answers == UNKNOWN, 0, yes - batch.answers)
        return error / len(scores)

    def answer(self, row: csr_matrix) -> tuple[Floats, Floats]:
        """row: (1, columns). (choices,): the natural logarithm of the probability of each; (questions,): that of the odds of a yes."""
        active = row.data.astype(np.float32) @ self._first[row.indices].astype(np.float32) + self._first_biases
        scores = np.maximum(active, 0) @ self._second + self._second_biases
        return _log_softmax(scores[: self._choices]), scores[self._choices :]


def _mask(dice: np.random.Generator, shape: tuple[int, ...], dropout: float) -> Floats:
    """Zero where something is left out; what stays counts for it too."""
    return (dice.random(shape, dtype=np.float32) >= dropout).astype(np.float32) / np.float32(1 - dropout)


def _log_softmax(scores: Floats) -> Floats:
    scores = scores - scores.max(axis=-1, keepdims=True)
    result: Floats = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
    return result
