"""Numbers as people write them."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.nlu.numerals import NUMBER, parse_number


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", "0"),
        ("3.5", "3.5"),
        ("五十九", "59"),
        ("五九", "59"),
        ("十", "10"),
        ("十五", "15"),
        ("二十", "20"),
        ("百", "100"),
        ("两百", "200"),
        ("一百二", "120"),
        ("一百零二", "102"),
        ("一百二十九", "129"),
        ("三千零五十", "3050"),
        ("两千五", "2500"),
        ("一万二", "12000"),
        ("1千5", "1500"),
        ("5千", "5000"),
        ("1.2万", "12000"),
        ("二点五", "2.5"),
        ("十二点五", "12.5"),
        ("半", "0.5"),
        ("俩", "2"),
        ("幺三八", "138"),
        ("二〇二六", "2026"),
    ],
)
def test_value(written: str, value: str) -> None:
    assert parse_number(written) == Decimal(value)


@pytest.mark.parametrize(
    "written", ["", "三块", "很多", "nan", "1_000", "-5", "五点点", "1.2.3", "9" * 5000, "一" * 5000]
)
def test_no_number(written: str) -> None:
    assert parse_number(written) is None


@given(st.integers(0, 99_999_999))
def test_digits_are_their_value(number: int) -> None:
    assert parse_number(str(number)) == number


@given(st.text(alphabet="0123456789.零一二两三五九十百千万点半", max_size=30))
def test_what_the_expression_finds_is_a_number_or_nothing(text: str) -> None:
    for match in re.finditer(NUMBER, text):
        value = parse_number(match.group())
        assert value is None or value >= 0
