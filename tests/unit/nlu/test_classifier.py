"""The classifier: learns from few examples, its probabilities are probabilities, and nothing that is typed upsets it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from botkit.nlu import saving
from botkit.nlu.classifier import IntentClassifier
from botkit.nlu.components import ChineseSegmenter, NgramIntentClassifier

from .names import views

EXAMPLES = {
    "ask_balance": ["话费还剩多少", "查话费", "余额多少", "我还有多少钱", "欠费了吗"],
    "ask_usage": ["流量还剩多少", "查流量", "还有几个G", "流量用了多少", "分钟数剩多少"],
    "greet": ["你好", "您好", "在吗", "早上好", "嗨"],
    "compare_plans": ["畅选79和59差多少", "畅选79跟畅选59哪个好", "79和99比", "比较一下79和59", "两个套餐有啥区别"],
}
ODD = ["", "   ", "😀😀", "\u200b", "1" * 10_000, "流量" * 5000, "话費？" * 3333, "\ud800", "a" * 10_000]


def train(**settings: Any) -> IntentClassifier:
    pairs = [(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    return IntentClassifier(**settings).fit(views([text for text, _ in pairs]), [intent for _, intent in pairs])


@pytest.fixture(scope="module")
def classifier() -> IntentClassifier:
    return train()


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("话费还有多少", "ask_balance"),
        ("話費剩幾多", "ask_balance"),
        ("我的流量用了几个G", "ask_usage"),
        ("你好啊", "greet"),
        ("畅选59和畅选79哪个好", "compare_plans"),
    ],
)
def test_it_learns(classifier: IntentClassifier, message: str, intent: str) -> None:
    assert classifier.rank(views([message])[0])[0][0] == intent


def test_all_intents_are_ranked_likeliest_first_and_sum_to_one(classifier: IntentClassifier) -> None:
    ranking = classifier.rank(views(["查一下"])[0])
    probabilities = [probability for _, probability in ranking]
    assert {name for name, _ in ranking} == set(EXAMPLES) == set(classifier.intents)
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1)


@pytest.mark.parametrize("message", ODD, ids=lambda message: repr(message[:6]))
def test_odd_messages_get_probabilities_too(classifier: IntentClassifier, message: str) -> None:
    probabilities = classifier.probabilities(views([message]))
    assert probabilities.shape == (1, len(EXAMPLES))
    assert np.isfinite(probabilities).all()
    assert probabilities.sum() == pytest.approx(1)


def test_a_higher_temperature_makes_it_less_sure_of_the_same() -> None:
    message = views(["查话费"])[0]
    (cold, sure), (warm, unsure) = train(temperature=0.5).rank(message)[0], train(temperature=2).rank(message)[0]
    assert cold == warm
    assert sure > unsure


def test_two_intents_are_enough() -> None:
    classifier = IntentClassifier().fit(
        views(["你好", "在吗", "查话费", "余额多少"]), ["greet"] * 2 + ["ask_balance"] * 2
    )
    ranking = classifier.rank(views(["话费"])[0])
    assert ranking[0][0] == "ask_balance"
    assert sum(probability for _, probability in ranking) == pytest.approx(1)


def test_training_twice_gives_the_same(classifier: IntentClassifier) -> None:
    message = views(["流量还剩几个G"])[0]
    assert train().rank(message) == classifier.rank(message)


def test_what_is_kept_is_what_was_trained(classifier: IntentClassifier, tmp_path: Path) -> None:
    classifier.save(tmp_path / "classifier.pickle")
    message = views(["畅选79贵吗"])[0]
    assert IntentClassifier.load(tmp_path / "classifier.pickle").rank(message) == classifier.rank(message)


def test_another_thing_is_not_loaded(tmp_path: Path) -> None:
    saving.save({"no": "classifier"}, tmp_path / "other.pickle")
    with pytest.raises(TypeError, match=r"other\.pickle"):
        IntentClassifier.load(tmp_path / "other.pickle")


def test_a_second_opinion_counts_as_much(classifier: IntentClassifier) -> None:
    (message,) = views(["话费"])
    own = dict(classifier.rank(message))
    other = {intent: probability for intent, probability in zip(own, (0.1, 0.6, 0.2, 0.1), strict=True)}
    both = dict(classifier.rank(message, {intent: math.log(probability) for intent, probability in other.items()}))
    means = {intent: math.sqrt(own[intent] * other[intent]) for intent in own}
    assert both == pytest.approx({intent: mean / sum(means.values()) for intent, mean in means.items()})


# ---------------------------------------------------------------------------------------------- in Rasa's pipeline


class Pipeline:
    """Both components as Rasa runs them, with one storage."""

    def __init__(self, folder: Path) -> None:
        self.storage = LocalModelStorage.create(folder)
        self.context = ExecutionContext(GraphSchema({}), "test")

    def train(self, data: TrainingData, **settings: Any) -> None:
        self.segmenter = ChineseSegmenter.create(*self._arguments(ChineseSegmenter, "segmenter"))
        self.segmenter.train(data)
        config, *rest = self._arguments(NgramIntentClassifier, "classifier")
        self.classifier = NgramIntentClassifier.create({**config, **settings}, *rest)
        self.classifier.train(self.segmenter.process_training_data(data))

    def load(self) -> None:
        self.segmenter = ChineseSegmenter.load(*self._arguments(ChineseSegmenter, "segmenter"))
        self.classifier = NgramIntentClassifier.load(*self._arguments(NgramIntentClassifier, "classifier"))

    def _arguments(self, component: type[Any], name: str) -> tuple[Any, ...]:
        return component.get_default_config(), self.storage, Resource(name), self.context

    def parse(self, text: str) -> dict[str, Any]:
        message = Message(data={"text": text})
        self.classifier.process(self.segmenter.process([message]))
        return message.as_dict(only_output_properties=True)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    examples = [Message(data={"text": text, "intent": intent}) for intent, texts in EXAMPLES.items() for text in texts]
    tables = [{"name": "plan", "elements": ["畅选79", "79的"]}, {"name": "city", "elements": ["上海"]}]
    built = Pipeline(tmp_path_factory.mktemp("model"))
    built.train(TrainingData(examples, entity_synonyms={"79的": "畅选79"}, lookup_tables=tables))
    return built


def test_rasa_gets_intent_ranking_and_entities(pipeline: Pipeline) -> None:
    parsed = pipeline.parse("我要查話費，79的")
    assert parsed["intent"] == parsed["intent_ranking"][0]
    assert parsed["intent"]["name"] == "ask_balance"
    assert parsed["entities"] == [{"entity": "plan", "value": "畅选79", "start": 6, "end": 9, "extractor": "rules"}]


def test_odd_messages_go_through_the_pipeline(pipeline: Pipeline) -> None:
    for message in ODD:
        assert 0 < pipeline.parse(message)["intent"]["confidence"] <= 1


def test_loaded_components_do_as_the_trained_ones(pipeline: Pipeline) -> None:
    messages = ["话费还有多少", "79的跟59比", "在吗", "😀"]
    before = [pipeline.parse(message) for message in messages]
    pipeline.load()
    assert [pipeline.parse(message) for message in messages] == before


def test_an_untrained_classifier_says_nothing(tmp_path: Path) -> None:
    untrained = Pipeline(tmp_path)
    untrained.segmenter = ChineseSegmenter.create(*untrained._arguments(ChineseSegmenter, "segmenter"))
    untrained.classifier = NgramIntentClassifier.create(*untrained._arguments(NgramIntentClassifier, "classifier"))
    assert "intent" not in untrained.parse("查话费")
