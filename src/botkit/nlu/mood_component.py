"""`botkit.nlu.moods` as a Rasa graph component: each message gets `frustration`, `matters` and `for_a_human`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from botkit.nlu.components import KNOWN, SECOND, VIEWS, ChineseSegmenter
from botkit.nlu.joint import Second
from botkit.nlu.mood_reader import SIGNS, MoodReader
from botkit.nlu.moods import MoodModel, judgement

FRUSTRATION = "frustration"
"""`{score, spans: [[start, end]], reasons: [kind]}`: 0 calm to 1; where the signs of anger stand in the text as typed."""

MATTERS = "matters"
"""`{rule: probability}` of what in a message is not a bot's, such as money back; see `rasa_project/HANDOFF.md`."""

FOR_A_HUMAN = "for_a_human"
"""How much the message is, all in all, one for a human, 0 to 1."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MoodClassifier(GraphComponent):
    """Learns from what `MoodReader`, which it needs before it, has gathered of the training data. Where `JointClassifier` has
    left a second opinion, what counts is the mean of both."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [ChineseSegmenter, MoodReader]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`likely`: from which probability on a matter is reported. The rest: see `MoodModel`."""
        return {"moods": 30.0, "matters": 30.0, "random_state": 7, "likely": 0.05}

    def __init__(
        self, config: Mapping[str, Any], storage: ModelStorage, resource: Resource, model: MoodModel | None = None
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
    ) -> MoodClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MoodClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, MoodModel.load(folder / "moods.pickle"))

    def train(self, training_data: TrainingData) -> Resource:
        known = [e.get(KNOWN) for e in training_data.training_examples if e.get(KNOWN)]
        if not any(label.level is not None for label in known) or not any(label.matter for label in known):
            raise InvalidConfigException(
                "MoodClassifier needs the lookup tables mood_0 to mood_2 and matter_… of data/moods"
            )
        options = (self._config["moods"], self._config["matters"], self._config["random_state"])
        self._model = MoodModel(*options).fit(known)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / "moods.pickle")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._model is not None and message.get(VIEWS):
                self._process(message, self._model)
        return messages

    def _process(self, message: Message, model: MoodModel) -> None:
        signs = [sign for sign in message.get(SIGNS) if not sign.denied]
        second: Second | None = message.get(SECOND)
        opinions = [model.opinion(message.get(VIEWS)), second and second.mood]
        judged = judgement([opinion for opinion in opinions if opinion])
        angry = {
            "score": round(judged.score, 3),
            "spans": [list(span) for span in _joined((sign.start, sign.end) for sign in signs)],
            "reasons": list(dict.fromkeys(sign.kind for sign in signs)),
        }
        likely = {name: round(sure, 3) for name, sure in judged.matters.items() if sure >= self._config["likely"]}
        message.set(FRUSTRATION, angry, add_to_output=True)
        message.set(MATTERS, likely, add_to_output=True)
        message.set(FOR_A_HUMAN, round(judged.human, 3), add_to_output=True)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that touch or overlap become one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
