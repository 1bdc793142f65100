"""The understanding of `botkit.nlu` as Rasa graph components, named in `rasa_project/config.yml`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from botkit.nlu.classifier import IntentClassifier
from botkit.nlu.entities import NAME_TYPES, EntityRules
from botkit.nlu.features import message_views
from botkit.nlu.normalise import normalise
from botkit.nlu.segmenter import Segmenter

if TYPE_CHECKING:
    from botkit.nlu.joint import Second

TOKENS = TOKENS_NAMES[TEXT]

VIEWS = "botkit_views"
"""Where the segmenter leaves a message's views for the classifier."""

WORDS = "botkit_words"
"""Name of the lookup table in which the segmenter's own words travel with the training data, for who segments more."""

LABEL = "botkit_label"
"""Attribute of an example that has no intent: the name of the lookup table it stands in."""

SECOND = "botkit_second"
"""Where `JointClassifier` leaves its opinion on a message (`joint.Second`) for the classifiers after it."""

KNOWN = "botkit_known"
"""Attribute of an example: what is known of it besides its intent (`moods.Labelled`), as `MoodReader` gathers it."""

LABELS = ("mood_", "matter_")
"""How lookup tables begin that hold messages with a label: `mood_0` to `mood_2`, `matter_refund`, …, `matter_none`."""


def labelled(training_data: TrainingData) -> list[Message]:
    """The messages of such lookup tables."""
    tables = [table for table in training_data.lookup_tables if table["name"].startswith(LABELS)]
    return [Message({TEXT: text, LABEL: table["name"]}) for table in tables for text in table["elements"]]


def names_in(training_data: TrainingData) -> dict[str, dict[str, str]]:
    """The names of each kind in the lookup tables, with the value each stands for."""
    names: dict[str, dict[str, str]] = {kind: {} for kind in NAME_TYPES}
    synonyms = {normalise(form).text: value for form, value in training_data.entity_synonyms.items()}
    for table in training_data.lookup_tables:
        if table["name"] in names:
            for form in table["elements"]:
                normal = normalise(form).text
                names[table["name"]][normal] = synonyms.get(normal, form)
    return names


def own_words(training_data: TrainingData) -> list[str]:
    """The segmenter's own, as it left them there."""
    return [word for table in training_data.lookup_tables if table["name"] == WORDS for word in table["elements"]]


class SegmentedData(TrainingData):
    """Training data with what the segmenter left in its examples. Rasa takes the digest of a node's output, and of each
    example to drop repeated ones; to go through all tokens and views for that takes as long as the segmenting. The texts
    and their labels tell as much."""

    @staticmethod
    def sanitize_examples(examples: list[Message]) -> list[Message]:
        return examples

    def fingerprint(self) -> str:
        said = [[e.get(TEXT), e.get(INTENT), e.get(LABEL), str(e.get(KNOWN))] for e in self.training_examples]
        rest = [self.lookup_tables, self.entity_synonyms, self.regex_features, self.responses]
        return hashlib.md5(json.dumps([said, rest], sort_keys=True).encode(), usedforsecurity=False).hexdigest()


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
        names = names_in(training_data)
        self._use(names)
        with self._storage.write_to(self._resource) as folder:
            (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Also makes examples of the messages that are labelled with a mood or a matter, see `LABELS`."""
        examples = [*training_data.training_examples, *labelled(training_data)]
        first: dict[str, Message] = {}
        for example in examples:
            text = example.get(TEXT)
            if text in first:  # with another label
                for attribute in (TOKENS, VIEWS, ENTITIES):
                    example.set(attribute, first[text].get(attribute), add_to_output=attribute == ENTITIES)
            elif text:
                first[text] = example
                self._process(example)
        words = self._config["words"]
        tables = [{"name": WORDS, "elements": words}] if words else []  # Rasa cannot take an empty table
        return SegmentedData(
            examples,
            training_data.entity_synonyms,
            training_data.regex_features,
            [*training_data.lookup_tables, *tables],
            training_data.responses,
        )

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
        message.set(TOKENS, tokens)
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
    """`botkit.nlu.classifier.IntentClassifier` in the pipeline. Needs `ChineseSegmenter` before it. Where `JointClassifier` has
    left a second opinion, what counts is the mean of both."""

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
            return cls(config, model_storage, resource, IntentClassifier.load(folder / "classifier.pickle"))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.training_examples if e.get(INTENT) and e.get(VIEWS)]
        self._classifier = IntentClassifier(
            self._config["inverse_regularisation"], self._config["temperature"], self._config["random_state"]
        ).fit([e.get(VIEWS) for e in examples], [e.get(INTENT) for e in examples])
        with self._storage.write_to(self._resource) as folder:
            self._classifier.save(folder / "classifier.pickle")
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
        second: Second | None = message.get(SECOND)
        ranking = self._classifier.rank(message.get(VIEWS), second.intents if second else None)
        return ranking[: self._config["ranking_length"]]
