import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.fiveg.spelling import Vocabulary

WORDS = (
    "pro",
    "max",
    "mate",
    "note",
    "moto",
    "iphone",
    "xiaomi",
    "neo",
    "nex",
    "find",
    "x",
    "s",
    "redmi",
    "k",
)
VOCABULARY = Vocabulary(WORDS)


@pytest.mark.parametrize(
    ("glued", "parts"),
    [("promax", ("pro", "max")), ("findx", ("find", "x")), ("redmik", ("redmi", "k")), ("pro", ("pro",))],
)
def test_known_words_glued_together_are_parted(glued: str, parts: tuple[str, ...]) -> None:
    assert VOCABULARY.split(glued) == parts


@pytest.mark.parametrize("word", ["volte", "xs", "sa", "wifi"])
def test_other_words_are_left_alone(word: str) -> None:
    assert VOCABULARY.split(word) == (word,)
    assert VOCABULARY.correct(word) == word


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("iphnoe", "iphone"), ("ipone", "iphone"), ("xiaoim", "xiaomi"), ("por", "pro"), ("maet", "mate")],
)
def test_slips_are_put_right(slip: str, meant: str) -> None:
    assert VOCABULARY.correct(slip) == meant


def test_of_equally_near_words_the_first_letter_decides() -> None:
    assert VOCABULARY.correct("noto") == "note"


def test_words_that_are_known_are_never_taken_for_one_another() -> None:
    assert VOCABULARY.correct("neo") == "neo"
    assert VOCABULARY.correct("nex") == "nex"


@given(st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_splitting_loses_no_letter(first: str, second: str) -> None:
    assert "".join(VOCABULARY.split(first + second)) == first + second
