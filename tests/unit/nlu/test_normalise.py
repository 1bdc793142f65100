"""One written form, and the way back to what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.nlu.normalise import normalise


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        pytest.param("話費還剩多少", "话费还剩多少", id="traditional characters"),
        pytest.param("乾淨", "干净", id="traditional word"),
        pytest.param("５Ｇ！", "5g!", id="full width"),
        pytest.param("MATE60Pro", "mate60pro", id="capitals"),
        pytest.param("  你 好　", "你 好", id="blanks around"),
        pytest.param("手机\n\n\t慢", "手机 慢", id="blanks within"),
        pytest.param("\ufeff查\u200b话费", "查 话费", id="invisible characters"),
        pytest.param("谢谢😀", "谢谢😀", id="emoji"),
        pytest.param("？？？！！", "?!", id="shouting"),
        pytest.param("流量……", "流量.", id="dots"),
        pytest.param("哈哈哈哈", "哈", id="laughter"),
        pytest.param("一共一共", "一共一共", id="words said twice"),
        pytest.param("", "", id="nothing"),
        pytest.param(" 　\n", "", id="only blanks"),
    ],
)
def test_one_written_form(typed: str, normal: str) -> None:
    assert normalise(typed).text.replace("\n", " ") == normal


def test_spans_lead_back_to_what_was_typed() -> None:
    normal = normalise("  我的！！！話費")
    start = normal.text.index("话费")
    assert normal.original_span(start, start + 2) == (7, 9)


def test_a_character_that_becomes_several_keeps_its_place() -> None:
    normal = normalise("㈱流量")
    assert normal.text == "(株)流量"
    assert [normal.original_span(i, i + 1) for i in range(4)] == [(0, 1), (0, 1), (0, 1), (1, 2)]


def test_an_empty_span_is_at_the_beginning() -> None:
    assert normalise("话费").original_span(1, 1) == (0, 0)


@given(st.text())
def test_every_character_comes_from_one_that_was_typed(typed: str) -> None:
    normal = normalise(typed)
    assert len(normal.origin) == len(normal.text)
    assert list(normal.origin) == sorted(normal.origin)
    assert all(0 <= index < len(typed) for index in normal.origin)


@given(st.text(alphabet="话費５Ｇ流量！…. 哈a1"))
def test_the_normal_form_is_its_own_normal_form(typed: str) -> None:
    assert normalise(normalise(typed).text).text == normalise(typed).text
