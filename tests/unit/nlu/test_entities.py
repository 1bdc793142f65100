"""What is found by rule: names, amounts, volumes, minutes, months, numbers; and where it stands in the message."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.nlu.entities import EntityRules
from botkit.nlu.normalise import normalise

from .names import RULES, said


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("畅选79有多少流量", ("plan", "畅选79", "畅选79")),
        ("暢選７９好唔好", ("plan", "畅选79", "暢選７９")),
        ("我要79的", ("plan", "畅选79", "79的")),
        ("加个10GB流量包", ("add_on", "10GB流量包", "10GB流量包")),
        ("夜间 流量包", ("add_on", "夜间流量包", "夜间 流量包")),
        ("紅米怎么设", ("brand", "redmi", "紅米")),
        ("我是華為mate６０ pro用戶", ("phone_model", "华为 Mate 60 Pro", "華為mate６０ pro")),
        ("Mate-60", ("phone_model", "华为 Mate 60", "Mate-60")),
        ("什么是獨立組網", ("term", "sa", "獨立組網")),
        ("鴻蒙４怎么开", ("system", "鸿蒙4", "鴻蒙４")),
        ("iOS 17.2", ("system", "ios17.2", "iOS 17.2")),
        ("ColorOS", ("system", "coloros", "ColorOS")),
    ],
)
def test_names(message: str, found: tuple[str, str, str]) -> None:
    assert said(message)[0] == found


@pytest.mark.parametrize(
    ("message", "value", "text"),
    [
        ("扣了我五十块", "50", "五十块"),
        ("扣１９.９元！", "19.9", "１９.９元"),
        ("多了三块五", "3.5", "三块五"),
        ("一百二十块钱", "120", "一百二十块钱"),
        ("5毛也扣", "0.5", "5毛"),
        ("五十分钱", "0.5", "五十分钱"),
        ("1.2万元", "12000", "1.2万元"),
    ],
)
def test_amounts(message: str, value: str, text: str) -> None:
    assert ("amount", value, text) in said(message)


@pytest.mark.parametrize(
    ("message", "megabytes", "text"),
    [
        ("还剩两个G", "2048", "两个G"),
        ("３ＧＢ流量", "3072", "３ＧＢ"),
        ("500兆够吗", "500", "500兆"),
        ("半个G", "512", "半个G"),
        ("5个g的流量", "5120", "5个g"),
        ("二十g用完了", "20480", "二十g"),
    ],
)
def test_data_volumes(message: str, megabytes: str, text: str) -> None:
    assert ("data_volume", megabytes, text) in said(message)


@pytest.mark.parametrize("message", ["4G信号", "5G怎么开", "3G网", "我的5g卡", "5g手机"])
def test_a_generation_of_network_is_no_volume(message: str) -> None:
    assert "data_volume" not in {kind for kind, _, _ in said(message)}


@pytest.mark.parametrize(("message", "value"), [("300分钟", "300"), ("送三百分钟通话", "300"), ("半分钟", "0.5")])
def test_minutes(message: str, value: str) -> None:
    assert ("minutes", value) in [(kind, found) for kind, found, _ in said(message)]


@pytest.mark.parametrize(
    ("message", "value", "text"),
    [
        ("本月话费", "this", "本月"),
        ("这个月", "this", "这个月"),
        ("上个月账单", "last", "上个月"),
        ("上月账单", "last", "上月"),
        ("上上個月的", "before_last", "上上個月"),
        ("再上个月的咧", "before_last", "再上个月"),
        ("10月份", "10", "10月份"),
        ("5月账单", "5", "5月"),
        ("十一月账单", "11", "十一月"),
    ],
)
def test_months_also_before_a_name_that_begins_with_month(message: str, value: str, text: str) -> None:
    assert said(message)[0] == ("month", value, text)


@pytest.mark.parametrize("message", ["13月", "0月", "3个月"])
def test_no_month(message: str) -> None:
    assert "month" not in {kind for kind, _, _ in said(message)}


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "138 0013 8000"),
        ("号码１３８-００１３-８０００", "１３８-００１３-８０００"),
        ("+86 13800138000", "+86 13800138000"),
        ("8613800138000", "8613800138000"),
    ],
)
def test_phone_numbers(message: str, text: str) -> None:
    kind, value, found = said(message)[0]
    assert (kind, value[-11:], found) == ("phone_number", "13800138000", text)


@pytest.mark.parametrize("message", ["12800138000", "138001380001", "1380013800"])
def test_no_phone_number(message: str) -> None:
    assert "phone_number" not in {kind for kind, _, _ in said(message)}


@pytest.mark.parametrize(
    ("message", "text"), [("验证码482913", "482913"), ("482 913", "482 913"), ("…482913.", "482913")]
)
def test_codes(message: str, text: str) -> None:
    assert said(message)[-1] == ("code", "482913", text)


@pytest.mark.parametrize("message", ["482913元", "1482913", "4829.13"])
def test_no_code(message: str) -> None:
    assert "code" not in {kind for kind, _, _ in said(message)}


def test_bare_numbers_are_numbers() -> None:
    assert said("差多少…79.") == [("number", "79", "79")]
    assert said("79和五十九差多少") == [("number", "79", "79"), ("number", "59", "五十九")]


@pytest.mark.parametrize("message", ["886", "3166啦", "666", "哈哈2333", "拜拜886"])
def test_what_people_say_in_digits_is_no_number(message: str) -> None:
    assert said(message) == []


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("886元", "amount"),
        ("88", "number"),
        ("1886", "number"),
        ("多扣了我886", "number"),
        ("尾号6666的", "number"),
        ("233333", "code"),
    ],
)
def test_other_numbers_like_these_are_numbers(message: str, found: str) -> None:
    assert [kind for kind, _, _ in said(message)] == [found]


def test_a_name_ends_where_a_word_or_number_ends() -> None:
    assert said("mate600") == []
    assert said("miui14") == [("system", "miui14", "miui14")]


def test_the_longest_name_wins() -> None:
    assert [kind for kind, _, _ in said("10GB流量包")] == ["add_on"]
    assert [value for _, value, _ in said("华为mate60pro")] == ["华为 Mate 60 Pro"]


def test_without_names_patterns_are_still_found() -> None:
    assert [entity.type for entity in EntityRules({}).find("上个月50元")] == ["month", "amount"]


@pytest.mark.parametrize(
    "message", ["1" * 10_000, "一" * 10_000, "十" * 10_000, "9" * 5000 + "g", "九" * 5000 + "十块", "1 " * 5000]
)
def test_endless_numbers_cost_little_time(message: str) -> None:
    start = time.process_time()
    RULES.find(normalise(message).text)
    assert time.process_time() - start < 2


# ------------------------------------------------------------------------------------------- properties

KNOWN = {
    "畅选79": ("plan", "畅选79"),
    "暢選59": ("plan", "畅选59"),
    "夜间流量包": ("add_on", "夜间流量包"),
    "紅米": ("brand", "redmi"),
    "華為 Mate 60 Pro": ("phone_model", "华为 Mate 60 Pro"),
    "獨立組網": ("term", "sa"),
    "五十块": ("amount", "50"),
    "３０ＧＢ": ("data_volume", "30720"),
    "300分钟": ("minutes", "300"),
    "上个月": ("month", "last"),
    "鸿蒙4.2": ("system", "鸿蒙4.2"),
    "13800138000": ("phone_number", "13800138000"),
}
AROUND = st.sampled_from(["", "！！", "…", "  ", "吗？", "想问", "，那個", "😀", "\u200b", "ＯＫ，"])


@given(st.lists(st.tuples(AROUND, st.sampled_from(sorted(KNOWN))), max_size=5), AROUND)
def test_every_span_is_what_was_said(pieces: list[tuple[str, str]], end: str) -> None:
    """Whatever stands between them, names are found, and their spans cut them out of the message as it was typed."""
    message = "，".join(before + name for before, name in pieces) + "。" + end
    assert said(message) == [(*KNOWN[name], name) for _, name in pieces]


@given(st.text() | st.text(alphabet="畅选79的5Gg个百十一二块元月上 .-份138分钟mate60pro流量包"))
def test_spans_lie_within_the_text_in_order_and_apart(message: str) -> None:
    normal = normalise(message)
    end = 0
    for entity in RULES.find(normal.text):
        assert end <= entity.start < entity.end <= len(normal.text)
        start, stop = normal.original_span(entity.start, entity.end)
        assert 0 <= start < stop <= len(message)
        end = entity.end
