"""The pipelines that are compared. Each learns from what `ChineseSegmenter` leaves of a message, and scores all intents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

import joblib
import numpy as np
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from botkit.experiments.seen import Seen
from botkit.nlu.augment import augmented
from botkit.nlu.classifier import IntentClassifier
from botkit.nlu.features import COLUMNS, Column, Vectoriser
from botkit.nlu.joint import JointModel, Taught
from botkit.nlu.moods import MOOD_COLUMNS
from botkit.nlu.network import Network

if TYPE_CHECKING:
    from botkit.experiments.corpus import Corpus  # Rasa, which a saved candidate can do without

CHARACTERS = (Column("characters", (1, 4), 1.0),)
CHARACTERS_AND_WORDS = (
    Column("characters", (1, 2), 1.0),
    Column("characters", (3, 3), 0.6),
    Column("words", (1, 2), 0.8),
)
SVM_COST = 1.0
SVM_SCALE = 0.15
"""What a margin of the SVM is divided by to be as sure as the regression, when they judge together."""


class Candidate(Protocol):
    """A pipeline behind the segmenter. `save` into an empty folder; `footprint.py` knows how to read it back."""

    def fit(self, seen: Sequence[Seen], intents: Sequence[str]) -> None: ...

    def scores(self, seen: Sequence[Seen]) -> Any:
        """Array of one row a message, one column an intent in the order of `intents`; softmax makes them probabilities."""

    @property
    def intents(self) -> list[str]: ...

    def save(self, folder: Path) -> None: ...


@dataclass(frozen=True)
class Entry:
    """A row of the table. key: for `--only`; make: a new candidate, from a seed. heavy: with fewer folds and seeds."""

    key: str
    name: str
    make: Callable[[int], Candidate]
    heavy: bool = False


class Linear:
    """A linear model of scikit-learn on TF-IDF columns."""

    def __init__(self, columns: Sequence[Column], model: Any) -> None:
        self._vectoriser, self._model = Vectoriser(columns), model

    def fit(self, seen: Sequence[Seen], intents: Sequence[str]) -> None:
        self._model.fit(self._vectoriser.fit_transform([message.views for message in seen]), intents)

    def scores(self, seen: Sequence[Seen]) -> Any:
        rows = self._vectoriser.transform([message.views for message in seen])
        if hasattr(self._model, "decision_function"):
            return self._model.decision_function(rows)
        return self._model.predict_log_proba(rows)

    @property
    def intents(self) -> list[str]:
        return [str(name) for name in self._model.classes_]

    def save(self, folder: Path) -> None:
        joblib.dump(self, folder / "candidate.joblib", compress=3)


class Ours:
    """`IntentClassifier`, as `NgramIntentClassifier` trains it from `config.yml`, but for `columns`."""

    def __init__(
        self, settings: Mapping[str, Any], columns: Sequence[Column] = COLUMNS, copies: Copies | None = None
    ) -> None:
        self._model = IntentClassifier(
            settings["inverse_regularisation"], settings["temperature"], settings["random_state"], columns
        )
        self._copies = copies

    def fit(self, seen: Sequence[Seen], intents: Sequence[str]) -> None:
        if self._copies:
            seen, intents = self._copies.beside(seen, intents)
        self._model.fit([message.views for message in seen], intents)

    def scores(self, seen: Sequence[Seen]) -> Any:
        return np.log(np.maximum(self._model.probabilities([message.views for message in seen]), 1e-30))

    @property
    def intents(self) -> list[str]:
        return self._model.intents

    def save(self, folder: Path) -> None:
        self._copies = None
        joblib.dump(self, folder / "candidate.joblib", compress=3)


class Copies:
    """An altered copy of each example, to train on besides."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        self._corpus, self._seed = corpus, seed

    def beside(self, seen: Sequence[Seen], intents: Sequence[str]) -> tuple[list[Seen], list[str]]:
        pairs = [(message.text, intent) for message, intent in zip(seen, intents, strict=True)]
        made = augmented(pairs, 1, Random(self._seed))
        copies = self._corpus.see([text for text, _ in made])
        return [*seen, *copies], [*intents, *(intent for _, intent in made)]


class Neural:
    """The network of `JointClassifier`, here on intents alone, without moods."""

    def __init__(self, copies: Copies, seed: int) -> None:
        columns = [column for column in MOOD_COLUMNS if column.view != "signs"]
        self._model, self._copies = JointModel(Network(random_state=seed), columns), copies
        self._intents: list[str] = []

    def fit(self, seen: Sequence[Seen], intents: Sequence[str]) -> None:
        self._intents = sorted(set(intents))
        seen, intents = self._copies.beside(seen, intents)
        self._model.fit([Taught(message.views, intent) for message, intent in zip(seen, intents, strict=True)])

    def scores(self, seen: Sequence[Seen]) -> Any:
        opinions = [self._model.opinion(message.views).intents for message in seen]
        return np.array([[opinion[intent] for intent in self._intents] for opinion in opinions])

    @property
    def intents(self) -> list[str]:
        return self._intents

    def save(self, folder: Path) -> None:
        del self._copies
        joblib.dump(self, folder / "candidate.joblib", compress=3)


class Both:
    """The regression and the network, as they judge together in the pipeline: the mean of their log probabilities."""

    def __init__(self, settings: Mapping[str, Any], copies: Copies, seed: int) -> None:
        self._ours, self._neural = Ours({**settings, "temperature": 1.0}), Neural(copies, seed)

    def fit(self, seen: Sequence[Seen], intents: Sequence[str]) -> None:
        self._ours.fit(seen, intents)
        self._neural.fit(seen, intents)

    def scores(self, seen: Sequence[Seen]) -> Any:
        return (self._ours.scores(seen) + self._neural.scores(seen)) / 2

    @property
    def intents(self) -> list[str]:
        return self._ours.intents

    def save(self, folder: Path) -> None:
        del self._neural._copies
        joblib.dump(self, folder / "candidate.joblib", compress=3)


class Together:
    """Ours and a linear SVM on the same features; the mean of their scores, the SVM's brought to the same scale."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._ours, self._svm = Ours(settings), Linear(COLUMNS, svm())

    def fit(self, seen: Sequence[Seen], intents: Sequence[str]) -> None:
        self._ours.fit(seen, intents)
        self._svm.fit(seen, intents)

    def scores(self, seen: Sequence[Seen]) -> Any:
        return (self._ours.scores(seen) + self._svm.scores(seen) / SVM_SCALE) / 2

    @property
    def intents(self) -> list[str]:
        return self._ours.intents

    def save(self, folder: Path) -> None:
        joblib.dump(self, folder / "candidate.joblib", compress=3)


def svm() -> LinearSVC:
    return LinearSVC(C=SVM_COST, tol=0.01, random_state=7)


def without(*views: str) -> tuple[Column, ...]:
    return tuple(column for column in COLUMNS if column.view not in views)


def candidates(corpus: Corpus, epochs: int) -> list[Entry]:
    """All that are compared, the baseline first. epochs: of DIET's training."""

    def diet(seed: int) -> Candidate:
        from botkit.experiments.diet import Diet  # brings TensorFlow, which only this one needs

        return Diet(epochs, seed)

    present = corpus.settings
    return [
        Entry("characters", "characters alone (1-4), logistic regression", lambda _: Ours(present, CHARACTERS)),
        Entry("svm", "characters and words, linear SVM", lambda _: Linear(CHARACTERS_AND_WORDS, svm())),
        Entry("bayes", "all our features, complement naive Bayes", lambda _: Linear(COLUMNS, ComplementNB(alpha=0.3))),
        Entry("ours", "all our features, logistic regression", lambda _: Ours(present)),
        Entry("no-sounds", "the same without sounds", lambda _: Ours(present, without("sounds"))),
        Entry("no-concepts", "the same without concepts", lambda _: Ours(present, without("concepts", "pairs"))),
        Entry(
            "augmented",
            "the same, and one altered copy of each example",
            lambda seed: Ours(present, COLUMNS, Copies(corpus, seed)),
        ),
        Entry("network", "network, with altered copies", lambda seed: Neural(Copies(corpus, seed), seed)),
        Entry(
            "chosen",
            "**regression on the examples, and network with copies**",
            lambda seed: Both(present, Copies(corpus, seed), seed),
        ),
        Entry("ours-svm", "all our features, linear SVM", lambda _: Linear(COLUMNS, svm())),
        Entry("together", "regression and SVM together", lambda _: Together(present)),
        Entry("diet", f"DIET (Rasa), {epochs} epochs", diet, heavy=True),
    ]
