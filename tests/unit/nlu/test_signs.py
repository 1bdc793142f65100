"""Signs of anger: found where they stand, taken back by a negation, made stronger by a degree."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.loading import load_data

from botkit.nlu.signs import Sign, Signs, marks
from botkit.settings import ROOT

SIGNS = Signs(
    {
        "threat": ["12300", "投诉"],
        "anger": ["气死|生气"],
        "abuse": ["骗子", "tmd"],
        "form": ["[!！]{2,}"],
        "not": ["不是要?|没有?|别"],
        "degree": ["太|真|死了"],
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("查余额", []),
        ("我要打12300", ["threat"]),
        ("不是要投诉你们", ["~threat"]),
        ("没有生气哈", ["~anger"]),
        ("不是骗子是什么", ["abuse"]),
        ("真生气", ["anger!"]),
        ("骗子!! 氣死我了", ["abuse", "anger", "form"]),
        ("ＴＭＤ", []),
        ("TMD", ["abuse"]),
        ("", []),
    ],
)
def test_marks(text: str, expected: list[str]) -> None:
    assert marks(SIGNS.find(text)) == expected


def test_where_they_stand() -> None:
    assert SIGNS.find("骗子！！气死") == [Sign("abuse", 0, 2), Sign("form", 2, 4), Sign("anger", 4, 6)]


def test_offsets_are_those_of_what_was_typed() -> None:
    text = "İİ你們這些騙子"
    (sign,) = SIGNS.find(text)
    assert text[sign.start : sign.end] == "騙子"


def test_patterns_come_from_the_training_data() -> None:
    features = [
        {"name": "anger_abuse", "pattern": "骗子"},
        {"name": "anger_abuse", "pattern": "黑心"},
        {"name": "zip", "pattern": "."},
    ]
    assert [sign.kind for sign in Signs.of(features).find("黑心骗子")] == ["abuse", "abuse"]


def test_without_patterns_there_are_no_signs() -> None:
    assert Signs({}).find("骗子") == []


@pytest.fixture(scope="module")
def ours() -> Signs:
    """The patterns of the project."""
    return Signs.of(load_data(str(ROOT / "rasa_project" / "data" / "moods" / "signs.yml")).regex_features)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("想跳楼", "despair"),
        ("真不想活了", "despair"),
        ("我活够了", "despair"),
        ("等着收律师函吧", "threat"),
        ("说了没用", "deaf"),
        ("一点没用", "deaf"),
    ],
)
def test_what_ours_find(ours: Signs, text: str, kind: str) -> None:
    assert kind in {sign.kind for sign in ours.find(text)}


@pytest.mark.parametrize(
    "text",
    ["有没有跳楼价的套餐", "跳楼大甩卖", "不想活动结束以后自动扣费", "年轻生活套餐多少钱", "200分钟够生活够了", "等着收验证码", "等着收快递",
     "没用流量", "流量没用完", "没用过漫游", "这个月没用多少"],
)  # fmt: skip
def test_what_only_looks_like_it(ours: Signs, text: str) -> None:
    assert not {"despair", "threat", "deaf"} & {sign.kind for sign in ours.find(text)}
