"""Numbers as people type them, to be called back at."""

from __future__ import annotations

import pytest

from botkit.handoff.contact import number_in, tries_a_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800138000", "13800138000"),
        ("我的电话是 138 0013 8000, 下午打", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("138.0013.8000。", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("８６１３８００１３８０００", "13800138000"),
        ("013800138000", "13800138000"),
        ("幺三八零零幺三八零零零", "13800138000"),
        ("一三八，〇〇一三，八〇〇〇", "13800138000"),
        ("13800138000 13900139000", "13800138000"),
        ("13800138000,13900139000", "13800138000"),
        ("13800138000、13900139000", "13800138000"),
        ("0755-12345678", "075512345678"),
        ("(0755) 1234 5678", "075512345678"),
        ("010 1234 5678", "01012345678"),
        ("+86 10 1234 5678", "01012345678"),
        ("+86 (755) 12345678", "075512345678"),
        ("0312-1234567", "03121234567"),
        ("0755 12345678 转 801", "075512345678-801"),
        ("0755-12345678分机801", "075512345678-801"),
    ],
)
def test_a_number_however_it_is_typed(typed: str, number: str) -> None:
    assert number_in(typed) == number


@pytest.mark.parametrize("typed", ["12345678", "1380013800", "138001380001", "12345678901", "4001234567", "12345"])
def test_a_wrong_number_is_seen_to_be_one(typed: str) -> None:
    assert number_in(typed) is None and tries_a_number(typed)


@pytest.mark.parametrize("typed", ["上个月多扣了 20 元", "一下就好", "我 2026年11月22日打过", "算了", "一一一"])
def test_other_words_are_no_number(typed: str) -> None:
    assert number_in(typed) is None and not tries_a_number(typed)
