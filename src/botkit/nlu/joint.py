"""Intents, moods and matters learned together, by one network: a second opinion beside the regressions for each of them.

Measured in `docs/understanding.md`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from botkit.nlu import saving
from botkit.nlu.features import Column, Vectoriser, Views
from botkit.nlu.moods import ANGRY, ANNOYED, MOOD_COLUMNS, Labelled, Opinion
from botkit.nlu.network import UNKNOWN, Floats, Network

_RARE = 3
"""In how many messages a gram must be: of the rarer ones, which are half of all, nothing was learned that helped."""

_ANNOYED, _ANGRY, _HUMAN, _MATTERS = range(4)
"""The questions, in their order; of matters there are several."""

_SUREST = 20.0
"""No logarithm of odds that is made from a probability goes beyond it."""


@dataclass(frozen=True)
class Taught:
    """A message of the training data: its intent, "" for unknown, and what else is known of it."""

    views: Views
    intent: str = ""
    known: Labelled | None = None


@dataclass(frozen=True)
class Second:
    """What the network thinks of a message. intents: logarithms of their probabilities; mood: None where it learned none."""

    intents: Mapping[str, float]
    mood: Opinion | None


class JointModel:
    def __init__(self, network: Network, columns: Sequence[Column] = MOOD_COLUMNS) -> None:
        self._vectoriser = Vectoriser(columns, _RARE)
        self._network = network
        self._intents: list[str] = []
        self._matters: list[str] = []
        self._wants: list[str] = []
        self._moods = False

    def fit(self, taught: Sequence[Taught]) -> JointModel:
        """At least one message must have an intent."""
        known = [one.known for one in taught if one.known]
        self._intents = sorted({one.intent for one in taught if one.intent})
        self._matters = sorted({label.matter for label in known if label.matter})
        self._wants = sorted({label.wants for label in known if label.wants})
        self._moods = bool(known)
        rows = self._vectoriser.fit_transform([one.views for one in taught])
        number = {intent: index for index, intent in enumerate(self._intents)}
        choices = np.array([number.get(one.intent, UNKNOWN) for one in taught])
        self._network.fit(rows, choices, self._answers(taught))
        return self

    def _answers(self, taught: Sequence[Taught]) -> Floats:
        answers: Floats = np.full((len(taught), _MATTERS + len(self._matters)), UNKNOWN, np.float32)
        for row, one in zip(answers, taught, strict=True):
            if one.known:
                self._answer(row, one.known)
        return answers

    def _answer(self, row: NDArray[np.float32], known: Labelled) -> None:
        if known.level is not None:
            row[_ANNOYED], row[_ANGRY] = known.level >= ANNOYED, known.level == ANGRY
        elif known.upset:
            row[_ANNOYED] = 1
        row[_HUMAN] = known.human
        if known.matter is not None:
            row[_MATTERS:] = [known.matter == name for name in self._matters]

    def opinion(self, message: Views) -> Second:
        chosen, answers = self._network.answer(self._vectoriser.transform([message]))
        intents = dict(zip(self._intents, map(float, chosen), strict=True))
        if not self._moods:
            return Second(intents, None)
        matters = dict(zip(self._matters, map(float, answers[_MATTERS:]), strict=True))
        wants = {intent: _odds(intents[intent]) for intent in self._wants}
        return Second(
            intents, Opinion(float(answers[_ANNOYED]), float(answers[_ANGRY]), float(answers[_HUMAN]), matters, wants)
        )

    def save(self, path: Path) -> None:
        saving.save(self, path)

    @classmethod
    def load(cls, path: Path) -> JointModel:
        """Raises TypeError where the file holds something else."""
        return saving.load(cls, path)


def _odds(log_probability: float) -> float:
    """The logarithm of the odds, from that of the probability."""
    against = -math.expm1(min(log_probability, -1e-9))
    return max(min(log_probability - math.log(against), _SUREST), -_SUREST)
