"""Rasa's own classifier, DIET, on the tokens of our segmenter: words, and characters inside them, as counts."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from botkit.experiments.seen import Seen

_FEATURISERS: dict[str, dict[str, Any]] = {
    "words": {"analyzer": "word", "token_pattern": r"(?u)\S+"},
    "characters": {"analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
}
_LEAST = 1e-30


class Diet:
    """DIET for intents only, with Rasa's defaults, but for the epochs and one transformer layer instead of two: on two
    cores an epoch over all examples takes more than a minute with both."""

    def __init__(self, epochs: int, seed: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="botkit-diet-")
        self._epochs, self._seed = epochs, seed
        self._parts: list[Any] = []
        self._names: list[str] = []

    def fit(self, seen: Sequence[Seen], intents: Sequence[str]) -> None:
        data = TrainingData([_message(one, intent) for one, intent in zip(seen, intents, strict=True)])
        self._parts, self._names = [], sorted(set(intents))
        for featuriser, arguments in self._featurisers():
            part = featuriser.create(*arguments)
            part.train(data)
            data = part.process_training_data(data)
            self._parts.append(part)
        classifier = DIETClassifier.create(*self._classifier_arguments())
        classifier.train(data)
        self._parts.append(classifier)

    def scores(self, seen: Sequence[Seen]) -> Any:
        messages = [_message(one) for one in seen]
        for part in self._parts:
            messages = part.process(messages)
        confidences = [{one["name"]: one["confidence"] for one in m.get("intent_ranking")} for m in messages]
        rows = [[found.get(name, 0.0) for name in self._names] for found in confidences]
        return np.log(np.maximum(np.array(rows), _LEAST))

    @property
    def intents(self) -> list[str]:
        return self._names

    def save(self, folder: Path) -> None:
        shutil.copytree(self._folder.name, folder, dirs_exist_ok=True)

    @classmethod
    def load(cls, folder: Path, names: Sequence[str]) -> Diet:
        """What was saved in `folder`, of a model with the intents `names`."""
        loaded = cls(1, 0)
        shutil.copytree(folder, loaded._folder.name, dirs_exist_ok=True)
        loaded._names = list(names)
        loaded._parts = [featuriser.load(*arguments) for featuriser, arguments in loaded._featurisers()]
        loaded._parts.append(DIETClassifier.load(*loaded._classifier_arguments()))
        return loaded

    def _featurisers(self) -> list[tuple[type[Any], tuple[Any, ...]]]:
        return [
            (CountVectorsFeaturizer, self._arguments(name, {**CountVectorsFeaturizer.get_default_config(), **options}))
            for name, options in _FEATURISERS.items()
        ]

    def _classifier_arguments(self) -> tuple[Any, ...]:
        options = {
            "epochs": self._epochs, "random_seed": self._seed, "entity_recognition": False, "ranking_length": 0,
            "constrain_similarities": True, "number_of_transformer_layers": 1,
        }  # fmt: skip
        return self._arguments("classifier", {**DIETClassifier.get_default_config(), **options})

    def _arguments(self, name: str, options: dict[str, Any]) -> tuple[Any, ...]:
        storage = LocalModelStorage(Path(self._folder.name))
        return options, storage, Resource(name), ExecutionContext(GraphSchema({}), node_name=name)


def _message(seen: Seen, intent: str | None = None) -> Message:
    tokens, position = [], 0
    for word in seen.words:
        tokens.append(Token(word, position))
        position += len(word) + 1
    return Message({TEXT: " ".join(seen.words), "text_tokens": tokens} | ({INTENT: intent} if intent else {}))
