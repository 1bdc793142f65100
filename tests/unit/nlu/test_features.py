"""What the classifier sees of a message."""

from __future__ import annotations

import numpy as np
import pytest

from botkit.nlu.concepts import CONCEPTS
from botkit.nlu.features import MARKS, Column, Vectoriser, masked, shape, sounds

from .names import RULES, views


def mask(text: str) -> str:
    return masked(text, RULES.find(text))


def test_names_and_numbers_become_their_kind() -> None:
    assert mask("畅选79和59差多少") == f"{MARKS['plan']}和{MARKS['number']}差多少"


@pytest.mark.parametrize("text", ["什么是独立组网", "夜间流量包多少钱"])
def test_which_term_and_which_add_on_it_is_stays(text: str) -> None:
    assert mask(text) == text


def test_the_same_question_about_another_plan_looks_the_same() -> None:
    one, other = views(["畅选79多少钱", "畅选59多少钱"])
    assert one["characters"] == other["characters"]


@pytest.mark.parametrize(
    ("one", "other"), [("话费", "话废"), ("流量", "刘亮"), ("是", "四"), ("生", "森"), ("那", "辣")]
)
def test_homophones_sound_alike(one: str, other: str) -> None:
    assert sounds(one) == sounds(other)


def test_sounds_leave_latin_letters_and_drop_blanks() -> None:
    assert sounds("开 5g") == ["kai", "5", "g"]


def test_kinds_of_entity_are_words() -> None:
    assert "<plan>" in views(["畅选79多少钱"])[0]["words"]


def test_another_word_for_the_same_is_the_same_concept() -> None:
    one, other = views(["有没有便宜的套餐", "有冇平啲嘅套餐"])
    assert "cheap" in one["concepts"]
    assert set(one["concepts"]) == set(other["concepts"])


def test_concepts_are_paired_with_each_other_and_with_kinds_of_entity() -> None:
    assert {"cheap|plan", "cheap|expensive"} <= set(views(["畅选79太贵了，便宜点"])[0]["pairs"])


def test_a_page_of_text_has_no_thousands_of_pairs() -> None:
    text = " ".join(form for forms in CONCEPTS.values() for form in forms.split())
    assert len(views([text])[0]["pairs"]) <= 120


def test_kinds_tell_which_term_and_how_many() -> None:
    assert views(["流量和畅选79"])[0]["kinds"] == ["term=mobile_data", "plan", "n2"]
    assert views(["你好"])[0]["kinds"] == ["n0"]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("", ["l0", "c0"]),
        ("好", ["l1", "c1"]),
        ("能用吗", ["l2", "c1", "q"]),
        ("慢, 真慢, 怎么办?", ["l4", "c3", "?"]),
        ("啊" * 5000, ["l8", "c1"]),
    ],
)
def test_shape(text: str, marks: list[str]) -> None:
    assert shape(text) == marks


def test_every_message_has_length_one() -> None:
    rows = Vectoriser().fit_transform(views(["查话费", "畅选79跟59比一下哪个好"]))
    assert np.linalg.norm(rows.toarray(), axis=1) == pytest.approx([1, 1])


def test_grams_of_the_lengths_asked_for() -> None:
    assert Column("words", (1, 2), 1).grams({"words": ["查", "话费", "查"]}) == {"查", "话费", "查 话费", "话费 查"}
    assert Column("words", (2, 2), 1).grams({"words": ["查", "话费"]}) == {"查 话费"}
    assert Column("words", (2, 2), 1).grams({"words": ["查"]}) == set()


def test_columns_count_by_their_weight_and_rare_grams_more_than_common_ones() -> None:
    vectoriser = Vectoriser([Column("words", (1, 1), 3), Column("sounds", (1, 1), 4)])
    rows = vectoriser.fit_transform([{"words": ["a", "b"], "sounds": ["x"]}, {"words": ["a"], "sounds": ["x"]}])
    common, rare, sound = rows.toarray()[0]
    assert sound == pytest.approx(0.8)
    assert 0 < common < rare
    assert rows.toarray()[1] == pytest.approx([0.6, 0, 0.8])


def test_what_was_never_seen_is_left_out() -> None:
    vectoriser = Vectoriser([Column("words", (1, 1), 1)])
    vectoriser.fit_transform([{"words": ["a"]}])
    assert vectoriser.transform([{"words": ["z"]}, {"words": []}]).nnz == 0


def test_what_is_too_rare_is_left_out() -> None:
    vectoriser = Vectoriser([Column("words", (1, 1), 1)], at_least=2)
    rows = vectoriser.fit_transform([{"words": ["a", "b"]}, {"words": ["a", "c"]}])
    assert rows.toarray().tolist() == [[1], [1]]
