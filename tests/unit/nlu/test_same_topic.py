"""What was asked before counts for what is asked now."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA
from rasa.shared.nlu.training_data.message import Message

from botkit.nlu.same_topic import ONE_OF_SEVERAL, SameTopicClassifier, staying, topic_of

RANKING = [{"name": "help", "confidence": 0.5}, {"name": "sim", "confidence": 0.1}, {"name": "bill", "confidence": 0.4}]


def said(*intents: str) -> list[Event]:
    return [UserUttered(intent, intent={"name": intent, "confidence": 1.0}) for intent in intents]


def again(ranking: Sequence[dict[str, object]], events: Sequence[Event]) -> Message:
    component = SameTopicClassifier({"odds": 30, "no_topics": ["help", "yes"], "within": 2})
    message = Message({INTENT: ranking[0], INTENT_RANKING_KEY: ranking})
    component.process([message], DialogueStateTracker.from_events("x", evts=list(events)))
    return message


def test_the_odds_of_one_are_so_many_times_what_they_were() -> None:
    (first, *others) = staying(RANKING, "sim", 9.0)
    assert first == {"name": "sim", "confidence": pytest.approx(0.5)}
    assert [entry["name"] for entry in others] == ["help", "bill"]
    assert sum(float(entry["confidence"]) for entry in (first, *others)) == pytest.approx(1.0)


@pytest.mark.parametrize("topic", ["unknown", "sure"])
def test_what_is_not_ranked_or_certain_changes_nothing(topic: str) -> None:
    certain = [{"name": "sure", "confidence": 1.0}, {"name": "other", "confidence": 0.0}]
    assert staying(certain, topic, 30.0) == certain


def test_the_topic_is_the_last_wish_of_this_session() -> None:
    assert topic_of(reversed(said("sim", "yes")), {"yes"}, 2) == "sim"
    assert topic_of(reversed(said("sim", "yes", "yes")), {"yes"}, 2) is None, "too long ago"
    assert topic_of(reversed([*said("sim"), SessionStarted(), *said("yes")]), {"yes"}, 5) is None
    assert topic_of([], {"yes"}, 5) is None


def test_a_message_is_read_after_what_was_asked() -> None:
    ranking = [{"name": "bill", "confidence": 0.6}, {"name": "sim", "confidence": 0.4}]
    assert again(ranking, said("sim")).get(INTENT)["name"] == "sim"
    assert again(ranking, []).get(INTENT)["name"] == "bill"


def test_what_is_no_wish_stays_what_it_is() -> None:
    assert again(RANKING, said("sim")).get(INTENT)["name"] == "help"


def test_a_wish_beside_others_is_a_subject_of_its_own() -> None:
    component = SameTopicClassifier({"odds": 30, "no_topics": [], "within": 2})
    ranking = [{"name": "balance", "confidence": 0.6}, {"name": "usage", "confidence": 0.4}]
    message = Message({INTENT: ranking[0], INTENT_RANKING_KEY: ranking, METADATA: {ONE_OF_SEVERAL: True}})
    component.process([message], DialogueStateTracker.from_events("x", evts=said("usage")))
    assert message.get(INTENT)["name"] == "balance"


def test_without_a_dialogue_nothing_changes() -> None:
    message = Message({INTENT: RANKING[0], INTENT_RANKING_KEY: RANKING})
    SameTopicClassifier({"odds": 30, "no_topics": [], "within": 2}).process([message])
    assert message.get(INTENT_RANKING_KEY) == RANKING
