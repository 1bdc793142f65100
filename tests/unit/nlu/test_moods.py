"""The mood model on a handful of labels, alone and in Rasa's pipeline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from botkit.nlu import saving
from botkit.nlu.components import ChineseSegmenter
from botkit.nlu.mood_component import MoodClassifier
from botkit.nlu.mood_reader import MoodReader
from botkit.nlu.moods import ANGRY, ANNOYED, CALM, Detector, MoodModel, Opinion, judgement, level, score_of

LABELLED = {
    "mood_0": ["查余额", "流量还剩多少", "谢谢你啊", "套餐怎么换", "我的账单", "你好", "太好了谢谢", "5G怎么开"],
    "mood_1": [
        "又扣我钱",
        "怎么又停机了",
        "问了几遍了",
        "对你们挺失望的",
        "这也叫5G",
        "到底管不管",
        "真差劲",
        "等了半天了",
    ],
    "mood_2": [
        "骗子公司",
        "气死我了骗子",
        "我要去工信部告你们",
        "垃圾退网",
        "不要脸的骗子",
        "再不处理我就起诉",
        "滚",
        "黑心垃圾",
    ],
    "matter_refund": ["把钱退给我", "退钱", "要你们赔", "多扣的还给我", "赔我的损失", "钱退回来"],
    "matter_threat": ["我要去工信部告你们", "打12300", "起诉你们", "找媒体曝光", "律师函见", "12315等着"],
    "matter_none": ["查余额", "流量还剩多少", "又扣我钱", "怎么退订会员", "你好", "套餐怎么换", "真差劲", "5G怎么开"],
}
SIGNS = [
    {"name": "anger_abuse", "pattern": "骗子|垃圾|黑心"},
    {"name": "anger_threat", "pattern": "工信部|起诉"},
    {"name": "anger_form", "pattern": "[!！]{2,}"},
    {"name": "anger_not", "pattern": "不是(?:要|去)*|没"},
]


class Pipeline:
    """Segmenter, mood reader and mood classifier as Rasa runs them."""

    def __init__(self, folder: Path) -> None:
        self._storage = LocalModelStorage.create(folder)
        self._context = ExecutionContext(GraphSchema({}), "test")
        self._components: tuple[Any, ...] = ()

    def train(self, tables: dict[str, list[str]], **settings: object) -> None:
        lookups = [{"name": name, "elements": texts} for name, texts in tables.items()]
        data = TrainingData([Message({"text": "查话费", "intent": "ask"})], {}, SIGNS, lookups)
        segmenter = ChineseSegmenter.create(*self._arguments(ChineseSegmenter, "segmenter"))
        segmenter.train(data)
        config, *rest = self._arguments(MoodReader, "reader")
        reader = MoodReader.create(config | settings, *rest)
        reader.train(data)
        moods = MoodClassifier.create(*self._arguments(MoodClassifier, "moods"))
        moods.train(reader.process_training_data(segmenter.process_training_data(data)))
        self._components = (segmenter, reader, moods)

    def load(self) -> None:
        kinds = {"segmenter": ChineseSegmenter, "reader": MoodReader, "moods": MoodClassifier}
        self._components = tuple(kind.load(*self._arguments(kind, name)) for name, kind in kinds.items())

    def _arguments(self, component: type[Any], name: str) -> tuple[Any, ...]:
        return component.get_default_config(), self._storage, Resource(name), self._context

    def parse(self, text: str) -> dict[str, Any]:
        message = Message(data={"text": text})
        for component in self._components:
            component.process([message])
        return message.as_dict(only_output_properties=True)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    built = Pipeline(tmp_path_factory.mktemp("model"))
    built.train(LABELLED)
    return built


@pytest.mark.parametrize(
    ("text", "expected"),
    [("查一下余额", CALM), ("谢谢", CALM), ("又停机了, 问了几遍了", ANNOYED), ("黑心骗子, 起诉你们", ANGRY)],
)
def test_levels(pipeline: Pipeline, text: str, expected: int) -> None:
    assert level(pipeline.parse(text)["frustration"]["score"]) == expected


def test_where_the_anger_is_and_of_what_kind(pipeline: Pipeline) -> None:
    found = pipeline.parse("你們這些騙子！！我要去工信部")["frustration"]
    assert found["spans"] == [[4, 8], [11, 14]], "neighbours are one"
    assert found["reasons"] == ["abuse", "form", "threat"]


def test_what_is_denied_is_not_marked(pipeline: Pipeline) -> None:
    assert pipeline.parse("我不是要去工信部")["frustration"]["reasons"] == []


def test_matters(pipeline: Pipeline) -> None:
    matters = pipeline.parse("把多扣的钱退给我")["matters"]
    assert max(matters, key=matters.__getitem__) == "refund" and matters["refund"] > 0.5
    assert "none" not in pipeline.parse("查余额")["matters"]


def test_what_is_for_a_human_all_in_all(pipeline: Pipeline) -> None:
    for_a_human = [pipeline.parse(text)["for_a_human"] for text in ("我要起诉你们", "把多扣的钱退给我", "骗子")]
    for_the_bot = [pipeline.parse(text)["for_a_human"] for text in ("查余额", "套餐怎么换", "又停机了")]
    assert min(for_a_human) > 0.5 > max(for_the_bot)


def test_an_intent_may_be_for_a_human_by_itself(tmp_path: Path) -> None:
    def sure(*wants: str) -> float:
        folder = tmp_path / f"{len(wants)}"
        folder.mkdir()
        pipeline = Pipeline(folder)
        pipeline.train(LABELLED, wants=wants)
        return float(pipeline.parse("查话费")["for_a_human"])

    assert sure("ask") > sure() + 0.1


SIZES = st.floats(-30, 30)
OPINIONS = st.builds(
    Opinion,
    SIZES,
    SIZES,
    SIZES,
    st.fixed_dictionaries({"refund": SIZES, "threat": SIZES}),
    st.just({}) | st.fixed_dictionaries({"ask": SIZES}),
)


@given(st.lists(OPINIONS, min_size=1, max_size=3))
def test_several_opinions_are_one_judgement(opinions: list[Opinion]) -> None:
    judged = judgement(opinions)
    figures = [judged.score, judged.human, *judged.matters.values()]
    assert all(0 <= figure <= 1 for figure in figures)
    assert judgement(opinions * 2).human == pytest.approx(judged.human)
    assert judgement([replace(one, human=one.human + 1) for one in opinions]).human >= judged.human


def test_the_surest_kind_counts_for_a_human() -> None:
    calm = Opinion(-5, -5, -1, {"refund": -4, "threat": -6}, {})
    assert calm.for_a_human == (-1 - 4) / 2
    assert replace(calm, wants={"request_human": 3}).for_a_human == (-1 + 3) / 2


def test_of_some_matters_nobody_speaks_calmly(tmp_path: Path) -> None:
    def score(*upsetting: str) -> float:
        folder = tmp_path / f"{len(upsetting)}"
        folder.mkdir()
        pipeline = Pipeline(folder)
        pipeline.train(LABELLED, upsetting=upsetting)
        return float(pipeline.parse("请把钱退给我")["frustration"]["score"])

    assert score("refund") > score() + 0.03


@pytest.mark.parametrize("text", ["", "   ", "😀", "\u200b", "骗子" * 5000, "a" * 10_000, "\ud800"])
def test_odd_messages_have_a_mood_too(pipeline: Pipeline, text: str) -> None:
    found = pipeline.parse(text)
    assert 0 <= found["frustration"]["score"] <= 1
    assert all(0 <= start < end <= len(text) for start, end in found["frustration"]["spans"])


def test_loaded_it_does_as_trained(pipeline: Pipeline) -> None:
    texts = ["骗子!!", "查余额", "退钱"]
    before = [pipeline.parse(text) for text in texts]
    pipeline.load()
    assert [pipeline.parse(text) for text in texts] == before


def test_without_labels_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfigException, match="mood_0"):
        Pipeline(tmp_path).train({})


@given(st.floats(0, 1), st.floats(0, 1))
def test_one_figure_from_two(annoyed: float, angry: float) -> None:
    score = score_of(annoyed, angry)
    assert 0 <= score <= 1 and (score >= 0.5) is (annoyed >= 0.5)
    assert (level(score) == ANGRY) is (annoyed >= 0.5 and angry >= 0.28)


def test_the_surer_the_higher() -> None:
    steps = [(0.1, 0.0), (0.45, 0.1), (0.55, 0.1), (0.9, 0.1), (0.9, 0.3), (0.9, 0.55), (0.99, 0.95)]
    scores = [score_of(*step) for step in steps]
    assert scores == sorted(scores) and len(set(scores)) == len(scores)


def test_a_detector_goes_by_what_tells() -> None:
    """Six messages: the first feature is in all of the kind and in no other, the second in every message."""
    rows = csr_matrix([[1, 1, 0], [1, 1, 1], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 1, 0]], dtype=float)
    kind = np.array([True, True, True, False, False, False])
    detector = Detector(10.0, rare=False, random_state=1).fit(rows, kind)
    sure = [detector.margin(rows[index]) for index in range(6)]
    assert min(sure[:3]) > 1.5 and max(sure[3:]) < -1.5
    assert detector.margin(csr_matrix([[0.0, 1.0, 0.0]])) == pytest.approx(
        detector.margin(csr_matrix([[0.0, 0.0, 0.0]])), abs=0.2
    ), "what all have tells nothing"


def test_another_thing_is_not_loaded(tmp_path: Path) -> None:
    saving.save([], tmp_path / "moods.pickle")
    with pytest.raises(TypeError, match="moods"):
        MoodModel.load(tmp_path / "moods.pickle")
