"""What goes into an SMS, and where a text is cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.parts import JOINED, SINGLE, capacity, cut, fits, split, units

PIECES = st.sampled_from(
    ["余额", "12.34元", "¥128.50", "，", "。", "\n", " ", "100GB", "12.34 GB", "2026-11-22", "170****0099", "-3.5元",
     "😀", "𠮷", "流量还剩", "a", "1,234.56", "14:05", "CXYE", "5", "%", "分钟", "300分钟"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=120).map("".join)
NUMBER = re.compile(r"\d[\d*]*(?:[.,:/\-][\d*]+)*")


def numbers_torn(text: str, parts: list[str]) -> list[str]:
    """Numbers across a border of parts. Longer than an SMS may be torn."""
    place, torn = 0, []
    for part in parts[:-1]:
        place += len(part)
        torn += [m[0] for m in NUMBER.finditer(text) if m.start() < place < m.end() and len(m[0]) < 30]
    return torn


@given(TEXTS)
def test_parts_hold_what_an_sms_holds_and_lose_nothing(text: str) -> None:
    parts = split(text)
    assert "".join(parts) == text
    assert all(units(part) <= (SINGLE if len(parts) == 1 else JOINED) for part in parts)
    assert all(len(part.encode("utf-16-be")) == 2 * units(part) for part in parts)
    assert numbers_torn(text, parts) == []


@given(st.text(max_size=400))
def test_any_text_at_all(text: str) -> None:
    parts = split(text)
    assert "".join(parts) == text
    assert all(units(part) <= (SINGLE if len(parts) == 1 else JOINED) for part in parts)


@given(TEXTS, st.integers(1, 4), st.integers(0, 40))
def test_a_cut_text_fits_and_loses_only_blanks(text: str, parts: int, reserved: int) -> None:
    head, rest = cut(text, parts, reserved)
    assert fits(head, parts, reserved)
    assert re.sub(r"\s", "", head + rest) == re.sub(r"\s", "", text)
    assert numbers_torn(text, [text[: len(head)], text[len(head) :]]) == []
    assert not rest or head


@pytest.mark.parametrize(("text", "size"), [("", 0), ("你好", 2), ("😀", 2), ("a𠮷b", 4)])
def test_units(text: str, size: int) -> None:
    assert units(text) == size


def test_limits() -> None:
    assert [capacity(parts) for parts in (1, 2, 3)] == [70, 134, 201]
    assert len(split("字" * 70)) == 1
    assert [units(part) for part in split("字" * 71)] == [67, 4]
    assert [units(part) for part in split("字" * 134)] == [67, 67]
    assert len(split("字" * 135)) == 3


def test_an_amount_stays_whole_with_its_sign_and_unit() -> None:
    for amount in ("¥1,234.50", "-12.34元", "12.34 GB", "300分钟"):
        text = "字" * 65 + amount + "字" * 10
        assert split(text)[1].startswith(amount), amount


def test_emoji_are_not_torn() -> None:
    parts = split("字" * 66 + "😀" * 5)
    assert parts == ["字" * 66, "😀" * 5]


def test_a_sentence_end_is_a_better_place() -> None:
    text = "余额五十元。" * 9 + "这个月已经用了不少" * 10
    assert cut(text, 1, 4) == ("余额五十元。" * 9, "这个月已经用了不少" * 10)


def test_a_number_longer_than_an_sms_is_torn_rather_than_lost() -> None:
    text = "9" * 200
    assert "".join(split(text)) == text
