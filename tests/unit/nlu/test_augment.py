"""Altered copies of examples: other writing, same wish, the same for the same seed."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from botkit.nlu.augment import (
    Augmenter,
    augmented,
    dictated,
    filler,
    initials,
    slip,
    traditional,
    without_particle,
)
from botkit.nlu.features import sounds
from botkit.nlu.normalise import normalise

EXAMPLES = [
    *[
        ("以后两点三十五分", "inform"),
        ("话费还剩多少呢", "ask_balance"),
        ("我的花费怎么这么多", "ask_bill"),
        ("滑一下就没了", "vent"),
    ]
    * 3,
    ("流量是3.5G吗，还有多少？", "ask_usage"),
    ("好了", "step_done"),
    ("？？", "vent"),
    ("", "vent"),
    ("ok", "affirm"),
]
TEXTS = [text for text, _ in EXAMPLES]

messages = st.text(alphabet="话费流量怎么还有没的了吗，。？!3.5gG79 a😀", max_size=40) | st.text(max_size=40)
seeds = st.integers(0, 2**32)


def digits(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?|[一二三四五六七八九十百千万零两]+", text)


@given(messages, seeds, st.integers(0, 4))
def test_copies_are_few_different_and_of_like_length(text: str, seed: int, count: int) -> None:
    copies = Augmenter(TEXTS).copies(text, count, Random(seed))
    assert len(copies) <= count
    assert len({*copies, text}) == len(copies) + 1
    assert all(copy and len(copy) <= len(text) + 24 for copy in copies)


@given(messages, seeds)
def test_the_same_seed_makes_the_same_copies(text: str, seed: int) -> None:
    one, other = (Augmenter(TEXTS).copies(text, 3, Random(seed)) for _ in range(2))
    assert one == other


@given(
    messages.filter(str.isascii)
    | st.from_regex(r"[话费流量]{1,4}\d{1,4}(\.\d{1,2})?[gG元]", fullmatch=True)
    | st.from_regex(r"[话费流量的]{1,4}[一二三五十百两零万]{1,4}[块兆]", fullmatch=True),
    seeds,
)
@example("流万兆", 592)
def test_numbers_stay_what_they_are(text: str, seed: int) -> None:
    for copy in Augmenter(TEXTS).copies(text, 3, Random(seed)):
        written = normalise(copy).text.replace("问一哈", "")  # an opening, and no number
        assert digits(written) == digits(normalise(text).text)


@given(messages, seeds)
def test_a_homophone_sounds_the_same(text: str, seed: int) -> None:
    altered = Augmenter(TEXTS).homophone(text, Random(seed))
    assert sounds(altered) == sounds(text)


def test_a_homophone_comes_from_the_examples() -> None:
    written = {Augmenter(TEXTS).homophone("话", Random(seed)) for seed in range(40)}
    assert written == {"花", "滑"}


@given(messages)
def test_traditional_characters_have_nearly_the_same_normal_form(text: str) -> None:
    there = normalise(traditional(text, Random(0))).text
    assert len(there) == len(normalise(text).text)


def test_traditional_characters() -> None:
    assert traditional("话费还剩多少", Random(0)) == "話費還剩多少"


@given(messages, seeds)
def test_a_filler_stands_before_or_behind(text: str, seed: int) -> None:
    altered = filler(text, Random(seed))
    assert altered.startswith(text) or altered.endswith(text)


def test_what_is_dictated_has_no_punctuation_but_decimal_points() -> None:
    assert dictated("流量是3.5G吗，还有多少？", Random(0)) == "流量是3.5G吗还有多少"
    assert dictated("？？", Random(0)) == "？？"


def test_a_short_message_keeps_its_particle() -> None:
    assert {without_particle("好了", Random(seed)) for seed in range(9)} == {"好了"}
    assert {without_particle("我的话费怎么没了", Random(seed)) for seed in range(9)} == {
        "我话费怎么没了",
        "我的话费怎么没",
    }


def test_slips() -> None:
    assert {slip("话费", Random(seed)) for seed in range(30)} == {"费话", "话话费", "话fei"}
    assert slip("a", Random(0)) == "a"


def test_initials() -> None:
    assert {initials("话费和流量", Random(seed)) for seed in range(20)} == {"hf和流量", "话费和ll"}
    assert initials("你好", Random(0)) == "你好"


def test_copies_carry_the_label_of_their_example() -> None:
    origin = {"话费还有多少": "ask_balance", "流量还有多少": "ask_usage"}
    copies = augmented(list(origin.items()), 2, Random(1))
    assert {label for _, label in copies} == set(origin.values())
    assert len(copies) <= 4
    assert not {text for text, _ in copies} & set(origin)


def test_a_copy_that_is_an_example_is_left_out() -> None:
    """初 from 出 may make another example, which may have another label."""
    pairs = [("话", "one"), ("花", "other"), ("话话话花花花", "third")]
    texts = {text for text, _ in pairs}
    for seed in range(30):
        assert not {text for text, _ in augmented(pairs, 3, Random(seed))} & texts


@pytest.mark.parametrize("count", [0, -1])
def test_no_copies(count: int) -> None:
    assert augmented(EXAMPLES, count, Random(0)) == []
