"""How angry a message is at us, and which matters in it are not a bot's: learned from labelled examples and signs of anger.

Labels: `rasa_project/HANDOFF.md`. Measured in `docs/understanding.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from botkit.nlu import saving
from botkit.nlu.features import COLUMNS, Column, Vectoriser, Views

CALM, ANNOYED, ANGRY = 0, 1, 2
ANNOYED_FROM, ANGRY_FROM = 0.5, 0.75
"""Scores from which a message counts as annoyed, as angry."""

_CALLED_ANGRY = 0.28
"""From which probability a message counts as angry: few are, and who keeps such a customer with the bot errs worse than who
hands over one that is merely annoyed. Chosen on `tests/heldout/moods-development*`."""

_JUST_ANNOYED = 0.74
"""The score of a message that is certainly annoyed and not angry."""

MOOD_COLUMNS = (*COLUMNS, Column("characters", (3, 3), 0.5), Column("words", (2, 2), 0.3), Column("signs", (1, 1), 0.5))


@dataclass(frozen=True)
class Labelled:
    """A message and what is known of it. level: of the handbook; upset: where that is not known, annoyed at least; matter: the handbook's rule that
    sends it to a human, "" for none; wants: the intent, where that alone calls for a human, "" where another is meant.
    None, False: not known."""

    views: Views = field(repr=False)
    level: int | None = None
    upset: bool = False
    matter: str | None = None
    wants: str = ""

    @property
    def human(self) -> bool:
        """Whether the handbook sends it to a human at once, as far as is known."""
        return self.level == ANGRY or bool(self.matter) or bool(self.wants)


@dataclass(frozen=True)
class Judgement:
    """score: 0 calm to 1 furious, see `level`. matters: how probable it is that the message is of such a kind, by rule.
    human: how much the message is, all in all, one for a human, 0 to 1."""

    score: float
    matters: Mapping[str, float] = field(default_factory=dict)
    human: float = 0.0


def level(score: float) -> int:
    """The level of a score, as in the handbook."""
    return ANGRY if score >= ANGRY_FROM else ANNOYED if score >= ANNOYED_FROM else CALM


def score_of(annoyed: float, angry: float) -> float:
    """One figure from the probabilities of being annoyed at least, and of being angry: below a half as long as calm is
    likelier, from three quarters on where it is called angry; within its part of the scale, how sure that is."""
    if annoyed < 0.5:
        return annoyed * 2 * ANNOYED_FROM
    if angry < _CALLED_ANGRY:
        return ANNOYED_FROM + (2 * annoyed - 1) * (_JUST_ANNOYED - ANNOYED_FROM)
    return ANGRY_FROM + (angry - _CALLED_ANGRY) / (1 - _CALLED_ANGRY) * (1 - ANGRY_FROM)


@dataclass(frozen=True)
class Opinion:
    """What one model thinks of a message: logarithms of odds. human: that it is for one, all in all; matters: that it is of that
    kind, by rule; wants: that it is of an intent that alone calls for a human, by intent."""

    annoyed: float
    angry: float
    human: float
    matters: Mapping[str, float]
    wants: Mapping[str, float]

    @property
    def for_a_human(self) -> float:
        """One figure from two: that for all messages for a human, and that of the surest of those for one kind of them. Either
        alone errs nearly twice as often (docs/understanding.md)."""
        return (self.human + max([self.angry, *self.matters.values(), *self.wants.values()])) / 2


def judgement(opinions: Sequence[Opinion]) -> Judgement:
    """The mean of several opinions on the same message."""

    def sure(figure: Callable[[Opinion], float]) -> float:
        return float(expit(sum(map(figure, opinions)) / len(opinions)))

    return Judgement(
        score_of(sure(lambda one: one.annoyed), sure(lambda one: one.angry)),
        {name: sure(lambda one, name=name: one.matters[name]) for name in opinions[0].matters},  # type: ignore[misc]
        sure(lambda one: one.for_a_human),
    )


class Detector:
    """Logistic regression on features that count as much as each tells: weighted by how much oftener messages with them are
    of the kind than others (log-count ratio; Wang and Manning, "Baselines and Bigrams", 2012)."""

    def __init__(self, strength: float, rare: bool, random_state: int) -> None:
        """strength: inverse of the regularisation. rare: examples of the kind count as if they were as many as the others."""
        balance = "balanced" if rare else None
        self._options = {"C": strength, "class_weight": balance, "random_state": random_state}
        self._coefficients = np.zeros(0)
        self._intercept = 0.0

    def fit(self, rows: csr_matrix, of_the_kind: NDArray[np.bool_]) -> Detector:
        present = rows > 0
        yes, no = (1 + np.asarray(present[which].sum(axis=0)) for which in (of_the_kind, ~of_the_kind))
        weights = np.log(yes / yes.sum()) - np.log(no / no.sum())
        regression = LogisticRegression(solver="liblinear", dual=True, tol=0.02, **self._options)
        regression.fit(rows.multiply(csr_matrix(weights)).tocsr(), of_the_kind)
        self._coefficients, self._intercept = regression.coef_[0] * weights[0], float(regression.intercept_[0])
        return self

    def margin(self, row: csr_matrix) -> float:
        """The logarithm of the odds that it is of the kind."""
        return float((row @ self._coefficients)[0] + self._intercept)


class MoodModel:
    """Two detectors for the levels, one for each kind of message that is for a human, and one for all such messages together;
    all on the same features of a message."""

    def __init__(self, moods: float = 30.0, matters: float = 30.0, random_state: int = 7) -> None:
        """moods, matters: the inverse of their regularisation."""
        self._vectoriser = Vectoriser(MOOD_COLUMNS)
        self._common = partial(Detector, moods, False, random_state)
        self._rare = partial(Detector, matters, True, random_state)
        self._annoyed, self._angry, self._human = self._common(), self._common(), self._common()
        self._of_matter: dict[str, Detector] = {}
        self._wants: dict[str, Detector] = {}

    def fit(self, labelled: Sequence[Labelled]) -> MoodModel:
        """From all that is known; each kind of label must be there."""
        rows = self._vectoriser.fit_transform([one.views for one in labelled])

        def learn(detector: Detector, known: list[bool], of_the_kind: list[bool]) -> Detector:
            which = np.flatnonzero(known)
            return detector.fit(rows[which], np.asarray(of_the_kind)[which])

        with_level = [one.level is not None for one in labelled]
        self._angry = learn(self._common(), with_level, [one.level == ANGRY for one in labelled])
        known_upset = [one.level is not None or one.upset for one in labelled]
        upset = [one.upset if one.level is None else one.level >= ANNOYED for one in labelled]
        self._annoyed = learn(self._common(), known_upset, upset)
        with_matter = [one.matter is not None for one in labelled]
        self._of_matter = {
            name: learn(self._rare(), with_matter, [one.matter == name for one in labelled])
            for name in sorted({one.matter for one in labelled if one.matter})
        }
        everything = [True] * len(labelled)
        self._wants = {
            name: learn(self._rare(), everything, [one.wants == name for one in labelled])
            for name in sorted({one.wants for one in labelled if one.wants})
        }
        self._human = learn(self._common(), everything, [one.human for one in labelled])
        return self

    def opinion(self, message: Views) -> Opinion:
        row = self._vectoriser.transform([message])
        return Opinion(
            self._annoyed.margin(row),
            self._angry.margin(row),
            self._human.margin(row),
            {name: detector.margin(row) for name, detector in self._of_matter.items()},
            {name: detector.margin(row) for name, detector in self._wants.items()},
        )

    def save(self, path: Path) -> None:
        saving.save(self, path)

    @classmethod
    def load(cls, path: Path) -> MoodModel:
        """Raises TypeError where the file holds something else."""
        return saving.load(cls, path)
