"""The thesaurus: what it finds, and that it is in order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.nlu.concepts import CONCEPTS, concepts_in
from botkit.nlu.normalise import normalise


@pytest.mark.parametrize("word", ["便宜", "平啲", "实惠", "相因", "cheap"])
def test_many_ways_to_say_cheap(word: str) -> None:
    assert concepts_in(word) == ["cheap"]


def test_in_the_order_of_the_text() -> None:
    assert concepts_in("发票 宽带") == ["invoice", "broadband"]


def test_the_longest_form_is_taken() -> None:
    assert concepts_in("携号转网") == ["port"]  # and not "转", which is a change


def test_a_form_may_mean_several_things() -> None:
    assert concepts_in("转账") == ["recharge", "finance"]


def test_letters_are_whole_words() -> None:
    assert concepts_in("yes") == ["yes"]  # and not "ye", which is short for 余额
    assert concepts_in("eye") == []


def test_a_form_of_two_words() -> None:
    assert "how_much" in concepts_in("how much")


def test_nothing_in_nothing() -> None:
    assert concepts_in("") == []


@pytest.mark.parametrize("concept", CONCEPTS)
def test_forms_are_in_normal_form(concept: str) -> None:
    """Another would never be found."""
    forms = [form.replace("_", " ") for form in CONCEPTS[concept].split()]
    assert [form for form in forms if normalise(form).text != form] == []


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert set(concepts_in(normalise(text).text)) <= set(CONCEPTS)
