import pytest

from botkit.fiveg.names import fold, join_numerals, read_numeral, split_pieces


def pieces(text: str) -> list[str]:
    return [piece.text for piece in join_numerals(split_pieces(text))]


@pytest.mark.parametrize("text", ["Mate60Pro", "mate 60 pro", "ＭＡＴＥ６０ｐｒｏ", "MATE-60 PRO", "mate_60/pro"])
def test_case_width_and_glue_do_not_matter(text: str) -> None:
    assert pieces(text) == ["mate", "60", "pro"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("小米105g", ["小", "米", "10", "5g"]),
        ("NEX3 5G", ["nex", "3", "5g"]),
        ("5g", ["5g"]),
        ("M1810E5GG", ["m", "1810", "e", "5", "gg"]),
    ],
)
def test_5g_is_one_piece_unless_letters_go_on(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_a_plus_sign_after_a_name_is_the_word_plus() -> None:
    assert pieces("Note10+") == ["note", "10", "plus"]
    assert fold("+86") == "+86"


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("十四", "14"),
        ("十", "10"),
        ("二十", "20"),
        ("六十", "60"),
        ("一百", "100"),
        ("一百二十", "120"),
        ("二〇二〇", "2020"),
    ],
)
def test_chinese_numerals_are_read(numeral: str, number: str) -> None:
    assert read_numeral(numeral) == number


def test_numerals_apart_stay_apart() -> None:
    assert pieces("十四 十五") == ["14", "15"]
