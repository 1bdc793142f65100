"""`botkit.nlu.joint` as a Rasa graph component: leaves a second opinion on each message for the classifiers after it."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from botkit.nlu.augment import augmented
from botkit.nlu.components import KNOWN, SECOND, VIEWS, ChineseSegmenter, names_in, own_words
from botkit.nlu.joint import JointModel, Taught
from botkit.nlu.mood_reader import MoodReader
from botkit.nlu.network import Network
from botkit.nlu.signs import Signs


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class JointClassifier(GraphComponent):
    """Learns from all examples at once what the classifiers after it learn one by one. Needs `MoodReader` before it; those
    classifiers do without it too."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [ChineseSegmenter, MoodReader]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`augment`: how many altered copies of each example of an intent to train on besides (`botkit.nlu.augment`). The rest:
        see `Network`."""
        return {"augment": 0, "hidden": 96, "epochs": 6, "batch_size": 256, "learning_rate": 0.1, "random_state": 7}

    def __init__(
        self, config: Mapping[str, Any], storage: ModelStorage, resource: Resource, model: JointModel | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> JointClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> JointClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, JointModel.load(folder / "joint.pickle"))

    def train(self, training_data: TrainingData) -> Resource:
        taught = [
            Taught(example.get(VIEWS), example.get(INTENT) or "", example.get(KNOWN))
            for example in training_data.training_examples
            if example.get(VIEWS) and (example.get(INTENT) or example.get(KNOWN))
        ]
        copies = self._copies(training_data) if self._config["augment"] else []
        options = {
            name: self._config[name] for name in ("hidden", "epochs", "batch_size", "learning_rate", "random_state")
        }
        self._model = JointModel(Network(**options)).fit([*taught, *copies])
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / "joint.pickle")
        return self._resource

    def _copies(self, training_data: TrainingData) -> list[Taught]:
        """Altered copies of the examples of intents, read as these were."""
        pairs = [
            (e.get(TEXT), e.get(INTENT)) for e in training_data.training_examples if e.get(INTENT) and e.get(VIEWS)
        ]
        made = augmented(pairs, self._config["augment"], Random(self._config["random_state"]))
        settings = {"words": own_words(training_data)}
        segmenter = ChineseSegmenter(settings, self._storage, self._resource, names_in(training_data))
        reader = MoodReader({}, self._storage, self._resource, Signs.of(training_data.regex_features))
        copies = reader.process(segmenter.process([Message({TEXT: text, INTENT: intent}) for text, intent in made]))
        return [Taught(copy.get(VIEWS), copy.get(INTENT)) for copy in copies]

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._model is not None and message.get(VIEWS):
                message.set(SECOND, self._model.opinion(message.get(VIEWS)))
        return messages
