"""What the classifier sees of a message."""

from __future__ import annotations

import pytest

from botkit.nlu.features import MARKS, masked, sounds, vectoriser

from .names import RULES, views


def mask(text: str) -> str:
    return masked(text, RULES.find(text))


def test_names_and_numbers_become_their_kind() -> None:
    assert mask("畅选79和59差多少") == f"{MARKS['plan']}和{MARKS['number']}差多少"


def test_which_term_it_is_stays() -> None:
    assert mask("什么是独立组网") == "什么是独立组网"


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


def test_a_weight_of_nothing_leaves_a_view_out() -> None:
    messages = views(["查话费", "查流量"])
    assert vectoriser(words=0).fit_transform(messages).shape[1] < vectoriser().fit_transform(messages).shape[1]


def test_unknown_characters_make_an_empty_row() -> None:
    fitted = vectoriser(words=0, sound=0).fit(views(["查话费"]))
    assert fitted.transform([{"characters": "😀", "words": [], "sounds": []}]).nnz == 0
