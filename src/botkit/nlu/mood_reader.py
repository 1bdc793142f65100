"""What the classifiers of moods look at, as a Rasa graph component: the signs of anger in a message, and, for training, all
that is known of each example."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from botkit.nlu.components import KNOWN, LABEL, VIEWS, ChineseSegmenter
from botkit.nlu.moods import CALM, Labelled
from botkit.nlu.signs import PREFIX, Sign, Signs, marks

SIGNS = "botkit_signs"
"""Where the reader leaves the signs of anger that it has found in a message."""

_NONE = "none"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MoodReader(GraphComponent):
    """Reads the signs of anger from the regular expressions `anger_…`, as one more view of a message. In training it gathers
    what the lookup tables `mood_0` (calm), `mood_1` (annoyed), `mood_2` (angry) and `matter_…`, and the intents, tell of each
    text (`moods.Labelled`). Needs `ChineseSegmenter` before it."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [ChineseSegmenter]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`calm`: so many examples of each intent, in which no sign of anger stands, count as calm and about nothing in
        particular; not those of the intents `upset`. `upsetting`: matters of which nobody speaks calmly, so that their examples
        are annoyed at least. `wants`: intents that alone call for a human."""
        return {"calm": 0, "upset": [], "upsetting": [], "wants": [], "random_state": 7}

    def __init__(self, config: Mapping[str, Any], storage: ModelStorage, resource: Resource, signs: Signs) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._signs = signs

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MoodReader:
        return cls(config, model_storage, resource, Signs({}))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MoodReader:
        with model_storage.read_from(resource) as folder:
            patterns = json.loads((folder / "signs.json").read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, Signs.of(patterns))

    def train(self, training_data: TrainingData) -> Resource:
        patterns = [feature for feature in training_data.regex_features if feature["name"].startswith(PREFIX)]
        self._signs = Signs.of(patterns)
        with self._storage.write_to(self._resource) as folder:
            (folder / "signs.json").write_text(json.dumps(patterns, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Each text that something is known of carries it once, on the first example with that text."""
        self.process(training_data.training_examples)
        known = self._known(training_data)
        for example in training_data.training_examples:
            if (told := known.pop(example.get(TEXT), None)) is not None:
                example.set(KNOWN, told)
        return training_data

    def _known(self, training_data: TrainingData) -> dict[str, Labelled]:
        """What the tables and the intents tell of each text, put together."""
        known: dict[str, Labelled] = {}

        def note(example: Message, **told: Any) -> None:
            before = known.get(example.get(TEXT)) or Labelled(example.get(VIEWS))
            known[example.get(TEXT)] = replace(before, **told)

        of_tables = [e for e in training_data.training_examples if e.get(LABEL) and e.get(VIEWS)]
        for example in of_tables:
            kind, _, name = example.get(LABEL).partition("_")
            if kind == "mood":
                note(example, level=int(name))
            else:
                note(example, matter="" if name == _NONE else name, upset=name in self._config["upsetting"])
        for example in self._calm(training_data):
            note(example, level=CALM, matter="")
        for example in training_data.training_examples:
            if example.get(INTENT) in self._config["wants"] and example.get(VIEWS):
                note(example, wants=example.get(INTENT))
        return known

    def _calm(self, training_data: TrainingData) -> list[Message]:
        """Ordinary questions, of which there are far more among customers than among what is labelled with a mood: of each
        intent as many."""
        labelled = {example.get(TEXT) for example in training_data.training_examples if example.get(LABEL)}
        by_intent: dict[str, list[Message]] = {}
        for example in training_data.training_examples:
            intent, text = example.get(INTENT), example.get(TEXT)
            ordinary = intent and intent not in self._config["upset"] and example.get(VIEWS) and text not in labelled
            if ordinary and all(sign.denied for sign in example.get(SIGNS)):
                by_intent.setdefault(intent, []).append(example)
        dice, wanted = Random(self._config["random_state"]), self._config["calm"]
        return [
            example
            for _, examples in sorted(by_intent.items())
            for example in dice.sample(examples, min(wanted, len(examples)))
        ]

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(VIEWS):
                signs: list[Sign] = self._signs.find(message.get(TEXT))
                message.set(SIGNS, signs)
                message.set(VIEWS, message.get(VIEWS) | {"signs": marks(signs)})
        return messages
