from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.handoff.mood import mood_of


@pytest.mark.parametrize("text", ["", "查下余额", "谢谢, 你们服务不错!", "我想投诉一下楼下太吵", "什么意思?"])
def test_calm(text: str) -> None:
    assert mood_of(text).score == 0


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("你们就是骗子", ["骗子"], "abuse"),
        ("再这样我打12300", ["12300"], "threat"),
        ("我都说了三遍了", ["说了三遍"], "again"),
        ("到底行不行??", ["??"], "form"),
        ("凭什么乱扣我钱！！", ["凭什么", "乱扣", "！！"], "anger"),
    ],
)
def test_the_words_that_carry_it(text: str, words: list[str], reason: str) -> None:
    mood = mood_of(text)
    assert [text[start:end] for start, end in mood.spans] == words
    assert reason in mood.reasons and mood.score > 0.2


def test_more_signs_weigh_more() -> None:
    assert mood_of("骗子").score < mood_of("骗子!!").score < mood_of("骗子, 我要起诉!!").score < 1


@given(st.text(max_size=200))
def test_spans_lie_within_the_text(text: str) -> None:
    mood = mood_of(text)
    assert 0 <= mood.score < 1
    assert all(0 <= start < end <= len(text) for start, end in mood.spans)
