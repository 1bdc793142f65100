"""Tokens of spaCy and Jieba that never cut through an entity."""

from __future__ import annotations

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.nlu.entities import EntityRules
from botkit.nlu.segmenter import Segmenter

from .names import NAMES

RULES = EntityRules(NAMES)


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter(RULES, ["携号转网", "话费"])


def words(segmenter: Segmenter, text: str) -> list[str]:
    return [token.text for token in segmenter(text)[0]]


def test_words_of_the_trade_stay_whole(segmenter: Segmenter) -> None:
    assert "携号转网" in words(segmenter, "我想携号转网")
    assert "5g" in words(segmenter, "怎么开5g")
    assert "volte" in words(segmenter, "volte怎么开")


def test_an_entity_is_one_token(segmenter: Segmenter) -> None:
    assert words(segmenter, "我用mate60pro上网")[:3] == ["我用", "mate60pro", "上网"]


def test_entities_are_those_of_the_document(segmenter: Segmenter) -> None:
    document, entities = segmenter("畅选79和畅选59哪个好")
    assert [(span.text, span.label_) for span in document.ents] == [("畅选79", "plan"), ("畅选59", "plan")]
    assert [entity.value for entity in entities] == ["畅选79", "畅选59"]


def test_blanks_move_no_entity(segmenter: Segmenter) -> None:
    document, _ = segmenter("多少 畅选79 abc mate60pro")
    assert [span.text for span in document.ents] == ["畅选79", "mate60pro"]


def test_empty_text_has_no_tokens(segmenter: Segmenter) -> None:
    assert words(segmenter, "") == []


def test_other_users_of_jieba_are_left_alone() -> None:
    word = "携号转网不换卡"
    Segmenter(RULES, [word])
    assert word not in jieba.lcut(f"我想{word}")


@given(
    st.lists(
        st.sampled_from(["畅选79", "上个月", "多少", "10个g", " ", "，", "mate60pro", "abc", "😀", "五十块", "的"])
    )
)
def test_tokens_put_together_are_the_text_and_hold_every_entity(segmenter: Segmenter, pieces: list[str]) -> None:
    text = "".join(pieces)
    document, entities = segmenter(text)
    assert document.text == text
    assert [(span.start_char, span.end_char) for span in document.ents] == [(e.start, e.end) for e in entities]
