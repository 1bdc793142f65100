"""The understanding of `botkit.nlu` as Rasa graph components, named in `rasa_project/config.yml`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from botkit.nlu.classifier import IntentClassifier
from botkit.nlu.entities import NAME_TYPES, EntityRules
from botkit.nlu.features import message_views
from botkit.nlu.normalise import normalise
from botkit.nlu.segmenter import Segmenter

VIEWS = "botkit_views"
"""Where the segmenter leaves a message's views for the classifier."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class ChineseSegmenter(GraphComponent):
    """Normalises, segments with spaCy and Jieba, and finds entities.

    The names it knows are the lookup tables of the training data (`data/lookups/`), their values the synonyms there.
    """

    @classmethod
    def required_packages(cls) -> list[str]:
        return ["spacy", "jieba"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`words`: further words that Jieba must keep whole."""
        return {"words": []}

    def __init__(
        self,
        config: Mapping[str, Any],
        storage: ModelStorage,
        resource: Resource,
        names: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._use(names)

    def _use(self, names: Mapping[str, Mapping[str, str]]) -> None:
        self._names = names
        words = [form for forms in names.values() for form in forms]
        self._segmenter = Segmenter(EntityRules(names), [*self._config["words"], *words])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ChineseSegmenter:
        return cls(config, model_storage, resource, {})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ChineseSegmenter:
        with model_storage.read_from(resource) as folder:
            names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, names)

    def train(self, training_data: TrainingData) -> Resource:
        names: dict[str, dict[str, str]] = {kind: {} for kind in NAME_TYPES}
        synonyms = {normalise(form).text: value for form, value in training_data.entity_synonyms.items()}
        for table in training_data.lookup_tables:
            if table["name"] in names:
                for form in table["elements"]:
                    normal = normalise(form).text
                    names[table["name"]][normal] = synonyms.get(normal, form)
        self._use(names)
        with self._storage.write_to(self._resource) as folder:
            (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process([example for example in training_data.training_examples if example.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._process(message)
        return messages

    def _process(self, message: Message) -> None:
        normal = normalise(message.get(TEXT) or "")
        doc, entities = self._segmenter(normal.text)
        tokens = []
        for token in doc:
            start, end = normal.original_span(token.idx, token.idx + len(token.text))
            tokens.append(Token(token.text, start, end))
        message.set("text_tokens", tokens)
        message.set(VIEWS, message_views(normal.text, [token.text for token in doc], entities))
        found = []
        for entity in entities:
            start, end = normal.original_span(entity.start, entity.end)
            found.append(
                {"entity": entity.type, "value": entity.value, "start": start, "end": end, "extractor": "rules"}
            )
        message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramIntentClassifier(GraphComponent, RasaIntentClassifier):
    """`botkit.nlu.classifier.IntentClassifier` in the pipeline. Needs `ChineseSegmenter` before it."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [ChineseSegmenter]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`ranking_length`: how many of the likeliest intents are reported. The rest: see the classifier."""
        return {"inverse_regularisation": 100.0, "temperature": 1.0, "random_state": 7, "ranking_length": 8}

    def __init__(
        self,
        config: Mapping[str, Any],
        storage: ModelStorage,
        resource: Resource,
        classifier: IntentClassifier | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._classifier = classifier

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramIntentClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentClassifier.load(folder / "classifier.joblib"))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.training_examples if e.get(INTENT) and e.get(VIEWS)]
        self._classifier = IntentClassifier(
            self._config["inverse_regularisation"], self._config["temperature"], self._config["random_state"]
        ).fit([e.get(VIEWS) for e in examples], [e.get(INTENT) for e in examples])
        with self._storage.write_to(self._resource) as folder:
            self._classifier.save(folder / "classifier.joblib")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._classifier is None or not message.get(VIEWS):
                continue
            ranking = [{"name": n, "confidence": c} for n, c in self._ranking(message)]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> Iterable[tuple[str, float]]:
        assert self._classifier is not None
        return self._classifier.rank(message.get(VIEWS))[: self._config["ranking_length"]]
