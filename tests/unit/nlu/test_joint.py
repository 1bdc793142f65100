"""Intents and moods learned together: alone, and as the component whose opinion the others ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from botkit.nlu import saving
from botkit.nlu.components import SECOND, ChineseSegmenter, NgramIntentClassifier
from botkit.nlu.joint import JointModel, Second, Taught
from botkit.nlu.joint_component import JointClassifier
from botkit.nlu.mood_component import MoodClassifier
from botkit.nlu.mood_reader import MoodReader
from botkit.nlu.moods import ANGRY, CALM, Labelled
from botkit.nlu.network import Network

from .names import views

INTENTS = {
    "ask_balance": ["查话费", "话费还剩多少", "余额多少", "我还有多少话费"],
    "ask_usage": ["查流量", "流量还剩多少", "流量用了多少", "还有多少流量"],
}
ANGRY_ONES = ["骗子公司", "黑心骗子", "你们这些骗子", "骗子还我话费"]
ODD = ["", "   ", "😀", "\u200b", "骗子" * 5000, "a" * 10_000, "\ud800"]


def few() -> Network:
    """For a handful of messages."""
    return Network(hidden=16, epochs=60, batch_size=4)


def marked(texts: list[str]) -> list[Any]:
    return [one | {"signs": []} for one in views(texts)]


@pytest.fixture(scope="module")
def model() -> JointModel:
    taught = [
        Taught(seen, intent, Labelled(seen, CALM, matter=""))
        for intent, texts in INTENTS.items()
        for seen in marked(texts * 3)
    ]
    taught += [Taught(seen, "", Labelled(seen, ANGRY, matter="threat")) for seen in marked(ANGRY_ONES * 3)]
    return JointModel(few()).fit(taught)


def opinion(model: JointModel, text: str) -> Second:
    return model.opinion(marked([text])[0])


def test_one_network_knows_intents_moods_and_matters(model: JointModel) -> None:
    asked = opinion(model, "流量剩多少")
    assert max(asked.intents, key=asked.intents.__getitem__) == "ask_usage"
    angry = opinion(model, "骗子").mood
    assert asked.mood and angry
    assert angry.angry > 0 > asked.mood.angry and angry.annoyed > 0 > asked.mood.annoyed
    assert angry.matters["threat"] > 0 > asked.mood.matters["threat"]
    assert angry.for_a_human > 0 > asked.mood.for_a_human


def test_an_intent_that_wants_a_human_counts_by_its_probability() -> None:
    seen = marked(["转人工", "叫人来", "查话费", "查流量"] * 3)
    intents = ["request_human", "request_human", "ask", "ask"] * 3
    taught = [
        Taught(one, intent, Labelled(one, CALM, wants=intent if intent == "request_human" else ""))
        for one, intent in zip(seen, intents, strict=True)
    ]
    model = JointModel(few()).fit(taught)
    asks, other = opinion(model, "转人工").mood, opinion(model, "查话费").mood
    assert asks and other and asks.wants["request_human"] > 0 > other.wants["request_human"]
    assert abs(asks.wants["request_human"]) <= 20


def test_without_moods_it_knows_intents_only() -> None:
    model = JointModel(few()).fit(
        [Taught(one, intent) for intent, texts in INTENTS.items() for one in marked(texts * 3)]
    )
    assert opinion(model, "查话费").mood is None


def test_another_thing_is_not_loaded(tmp_path: Path) -> None:
    saving.save([], tmp_path / "joint.pickle")
    with pytest.raises(TypeError, match="joint"):
        JointModel.load(tmp_path / "joint.pickle")


KINDS: dict[str, Any] = {
    "segmenter": ChineseSegmenter,
    "reader": MoodReader,
    "joint": JointClassifier,
    "intents": NgramIntentClassifier,
    "moods": MoodClassifier,
}


class Pipeline:
    """All components of understanding as Rasa runs them."""

    def __init__(self, folder: Path) -> None:
        self._storage = LocalModelStorage.create(folder)
        self._context = ExecutionContext(GraphSchema({}), "test")
        self.components: dict[str, Any] = {}

    def train(self, twice: dict[str, list[str]] | None = None, **settings: Any) -> None:
        intents = INTENTS | (twice or {})
        examples = [Message({"text": text, "intent": intent}) for intent, texts in intents.items() for text in texts]
        tables = {
            "mood_0": ["你好", "谢谢"],
            "mood_1": ["又扣钱"],
            "mood_2": ANGRY_ONES,
            "matter_threat": ["起诉你们"],
            "matter_none": ["你好"],
        }
        lookups = [{"name": name, "elements": texts} for name, texts in tables.items()]
        data = TrainingData(examples, {}, [{"name": "anger_abuse", "pattern": "骗子"}], lookups)
        for name, kind in KINDS.items():
            config, *rest = self._arguments(name)
            own = {option: value for option, value in settings.items() if option in config}
            self.components[name] = kind.create(config | own, *rest)
            self.components[name].train(data)
            if name in ("segmenter", "reader"):
                data = self.components[name].process_training_data(data)
        self.trained_on = data

    def load(self) -> None:
        self.components = {name: kind.load(*self._arguments(name)) for name, kind in KINDS.items()}

    def _arguments(self, name: str) -> tuple[Any, ...]:
        return KINDS[name].get_default_config(), self._storage, Resource(name), self._context

    def parse(self, text: str, without: str = "") -> Message:
        message = Message(data={"text": text})
        for name, component in self.components.items():
            if name != without:
                component.process([message])
        return message


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    built = Pipeline(tmp_path_factory.mktemp("model"))
    built.train(calm=5, hidden=16, epochs=60, batch_size=4)
    return built


def test_the_classifiers_ask_for_its_opinion_and_do_without_it(pipeline: Pipeline) -> None:
    both, alone = pipeline.parse("你们这些骗子"), pipeline.parse("你们这些骗子", without="joint")
    assert both.get(SECOND) and not alone.get(SECOND)
    for one in (both, alone):
        found = one.as_dict(only_output_properties=True)
        assert found["intent"]["name"] in INTENTS and found["frustration"]["score"] > 0.5
    assert both.get("intent")["confidence"] != alone.get("intent")["confidence"]
    assert both.get("for_a_human") != alone.get("for_a_human")


@pytest.mark.parametrize("text", ODD)
def test_odd_messages_go_through(pipeline: Pipeline, text: str) -> None:
    found = pipeline.parse(text).as_dict(only_output_properties=True)
    assert 0 < found["intent"]["confidence"] <= 1 and 0 <= found["for_a_human"] <= 1


def test_its_opinion_is_no_part_of_what_is_reported(pipeline: Pipeline) -> None:
    assert "botkit" not in str(pipeline.parse("查话费").as_dict(only_output_properties=True))


def test_loaded_it_does_as_trained(pipeline: Pipeline) -> None:
    texts = ["骗子!!", "查余额", "流量"]
    before = [pipeline.parse(text).as_dict(only_output_properties=True) for text in texts]
    pipeline.load()
    assert [pipeline.parse(text).as_dict(only_output_properties=True) for text in texts] == before


def test_what_is_known_of_the_examples_is_part_of_their_fingerprint(tmp_path: Path) -> None:
    """By which Rasa tells what need not be trained again."""

    def trained_on(folder: str, **settings: Any) -> str:
        (tmp_path / folder).mkdir()
        built = Pipeline(tmp_path / folder)
        built.train(hidden=4, epochs=1, **settings)
        return str(built.trained_on.fingerprint())

    plain = trained_on("plain")
    assert trained_on("again") == plain
    assert len({plain, trained_on("calm", calm=5), trained_on("wants", wants=["ask_usage"])}) == 3


def test_an_intent_all_whose_examples_stand_elsewhere_too_is_known(tmp_path: Path) -> None:
    built = Pipeline(tmp_path)
    built.train(hidden=4, epochs=1, twice={"ask_more": ["查话费"]})
    assert "ask_more" in [entry["name"] for entry in built.parse("查话费").get("intent_ranking")]


def test_altered_copies_are_trained_on_and_change_no_example(tmp_path: Path) -> None:
    sure = {}
    for copies in (0, 3):
        (tmp_path / str(copies)).mkdir()
        built = Pipeline(tmp_path / str(copies))
        built.train(augment=copies, hidden=16, epochs=60, batch_size=4)
        sure[copies] = built.parse("喂我想问下hf").get("intent")["confidence"]
        assert sum(bool(e.get("intent")) for e in built.trained_on.training_examples) == sum(map(len, INTENTS.values()))
    assert sure[0] != sure[3]
