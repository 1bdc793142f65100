"""What was asked last is more likely to be what is asked now: "都得带啥" says too little by itself, after a lost SIM card it does not.

Every second wish in a dialogue is on the subject of the one before (`docs/understanding.md`), far more than chance. So the odds
of that intent count so many times more (Bayes: the classifier's probabilities know nothing of the dialogue).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA
from rasa.shared.nlu.training_data.message import Message

from botkit.nlu.components import NgramIntentClassifier

ONE_OF_SEVERAL = "one_of_several"
"""In a message's metadata: it is one wish of a message with several, each a subject of its own."""

Ranking = Sequence[Mapping[str, Any]]
"""Of `name` and `confidence`, the likeliest first."""


def staying(ranking: Ranking, topic: str, odds: float) -> Ranking:
    """The ranking when the odds of one of its intents are so many times what they were."""
    before = next((float(entry["confidence"]) for entry in ranking if entry["name"] == topic), 0.0)
    if not 0.0 < before < 1.0:
        return ranking
    after = before * odds / (1.0 - before + before * odds)
    others = (1.0 - after) / (1.0 - before)
    again = [
        {**entry, "confidence": after if entry["name"] == topic else float(entry["confidence"]) * others}
        for entry in ranking
    ]
    return sorted(again, key=lambda entry: -float(entry["confidence"]))


def topic_of(events: Iterable[Event], no_topics: Collection[str], within: int) -> str | None:
    """The last wish among so many of the customer's last messages in this session. events: the newest first."""
    messages = (event for event in _of_this_session(events) if isinstance(event, UserUttered))
    wishes = (event.intent_name for event in islice(messages, within) if event.intent_name not in no_topics)
    return next(wishes, None)


def _of_this_session(events: Iterable[Event]) -> Iterable[Event]:
    for event in events:
        if isinstance(event, SessionStarted):
            return
        yield event


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SameTopicClassifier(GraphComponent):
    """Ranks the intents anew by what the customer asked before. What is taken for one of `no_topics` stays what it is: a yes is
    a yes whatever was spoken of."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [NgramIntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`odds`: how many times likelier it is. `no_topics`: intents that are no wish. `within`: of how many messages."""
        return {"odds": 1.0, "no_topics": [], "within": 6}

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._odds = float(config["odds"])
        self._no_topics = frozenset(config["no_topics"])
        self._within = int(config["within"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SameTopicClassifier:
        return cls(config)

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        topic = topic_of(reversed(tracker.events), self._no_topics, self._within) if tracker else None
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY)
            alone = not (message.get(METADATA) or {}).get(ONE_OF_SEVERAL)
            if topic is None or not alone or not ranking or ranking[0]["name"] in self._no_topics:
                continue
            again = staying(ranking, topic, self._odds)
            message.set(INTENT, again[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, again, add_to_output=True)
        return messages
