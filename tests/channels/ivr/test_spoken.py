"""How it sounds: by example, and read back by a reader written for this test."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.ivr.spoken import clock, digits, money, phone, sentences, spoken, whole

TODAY = date(2026, 11, 22)
FIT = re.compile(r"[\u3400-\u9fffA-Za-z，。？、 ]*")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("36.42 元", "三十六块四毛二"),
        ("36.05 元", "三十六块零五分"),
        ("19.00 元", "十九块"),
        ("2 元", "两块"),
        ("0.2 元", "两毛"),
        ("22 元", "二十二块"),
        ("1,234.50 元", "一千两百三十四块五毛"),
        ("0.15 元/分钟", "每分钟一毛五"),
        ("5 元/GB", "每个 G 五块"),
        ("合约优惠 −20 元", "合约优惠减二十块"),
        ("79 元档", "七十九元档"),
        ("畅选79", "畅选七十九"),
        ("畅选 129", "畅选一百二十九"),
        ("10GB", "十个 G"),
        ("2 GB", "两个 G"),
        ("16.3 GB", "十六点三个 G"),
        ("500 MB", "五百兆"),
        ("5G 怎么开", "五 G 怎么开"),
        ("网速最高 128 Kbps", "网速最高每秒一百二十八 K"),
        ("占 35%", "占百分之三十五"),
        ("2026-11-22", "十一月二十二号"),
        ("2027-03-31", "二零二七年三月三十一号"),
        ("2027年3月", "二零二七年三月"),
        ("11月2日至12月1日账期", "十一月二号至十二月一号账期"),
        ("今天 14:05", "今天下午两点零五分"),
        ("9:00-18:00", "上午九点到晚上六点"),
        ("13800138000", "幺三八、零零幺三、八零零零"),
        ("已发到 138****8000", "已发到幺三八开头、尾号八零零零的号码"),
        ("打 10036", "打幺零零三六"),
        ("10036 分钟", "一万零三十六分钟"),
        ("工单 261122-007", "工单二六幺幺二二、零零七"),
        ("2 个", "两个"),
        ("12 个月", "十二个月"),
        ("2月", "二月"),
        ("第 2 步 (共 3 步)", "第二步，共三步"),
        ("1. 关后台\n2. 看标清", "第一，关后台。第二，看标清"),
        ("3 分钟 × 0.15 元 = 0.45 元", "三分钟乘以一毛五等于四毛五"),
        ("设置 › 移动网络 (新系统叫 SIM 卡)", "设置，再点移动网络，新系统叫 SIM 卡"),
        ("每月少 50 元, 流量少 15 GB。", "每月便宜五十块，流量少十五个 G。"),
        ("平均每月少付 50 元", "平均每月少付五十块"),
        ("张*明", "张某明"),
        ("“炫动视频”", "炫动视频"),
        ("小米 / 红米", "小米、红米"),
    ],
)
def test_how_it_is_said(written: str, said: str) -> None:
    assert spoken(written, TODAY) == said


def test_a_sentence_ends_with_its_mark() -> None:
    assert sentences("余额 5 元。够用; 还查吗?\n再见", TODAY) == ["余额五块。", "够用。", "还查吗？", "再见。"]
    assert sentences("", TODAY) == [] and sentences(" *** ()", TODAY) != ["。"]


@given(st.text(max_size=200) | st.text("0123456789.,-−+*/:元月日年GBMb%个 第(零", max_size=40))
def test_whatever_is_written_is_fit_for_a_voice(written: str) -> None:
    said = spoken(written, TODAY)
    assert FIT.fullmatch(said), said
    assert all(len(sentence) > 1 and sentence[-1] in "。？" for sentence in sentences(written, TODAY))


@given(st.text("一二十块毛分元、。，0123456789 GBx", max_size=40))
def test_what_is_said_is_not_changed_by_saying_it_again(written: str) -> None:
    said = spoken(written, TODAY)
    assert spoken(said, TODAY) == said


# ----------------------------------------------------------------------------------------------------------- read back

VALUES = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "幺": 1}
UNITS = {"十": 10, "百": 100, "千": 1000}


def heard(said: str) -> int:
    """The number that a listener understands."""
    for unit, value in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4)):
        if unit in said:
            before, _, after = said.partition(unit)
            return heard(before) * value + (heard(after) if after else 0)
    total, digit = 0, 0
    for character in said:
        if character in UNITS:
            total += (digit or 1) * UNITS[character]
            digit = 0
        else:
            digit = VALUES[character]
    return total + digit


def heard_money(said: str) -> Decimal:
    """The amount that a listener understands, in yuan."""
    sign = -1 if said.startswith("减") else 1
    match = re.fullmatch(
        r"(?:(?P<block>[^块毛分厘]+)[块元])?(?:(?P<mao>[^毛分厘])毛)?零?(?:(?P<fen>[^分厘零])分?)?(?:零?(?P<li>[^厘])厘)?",
        said.removeprefix("减"),
    )
    assert match, said
    block, mao, fen, li = (heard(match[name]) if match[name] else 0 for name in ("block", "mao", "fen", "li"))
    return sign * (block + Decimal(mao) / 10 + Decimal(fen) / 100 + Decimal(li) / 1000)


@given(st.integers(-(10**9), 10**9))
def test_every_amount_can_be_read_back(fen: int) -> None:
    amount = Decimal(fen) / 100
    assert heard_money(money(amount)) == amount


@given(st.integers(1, 10**6))
def test_so_can_unit_prices(li: int) -> None:
    assert heard_money(money(Decimal(li) / 1000)) == Decimal(li) / 1000


@given(st.integers(0, 10**9))
def test_an_amount_in_a_sentence_is_the_same_amount(fen: int) -> None:
    said = spoken(f"余额 {Decimal(fen) / 100:.2f} 元, 够用", TODAY)
    assert heard_money(said.removeprefix("余额").removesuffix("，够用")) == Decimal(fen) / 100


@given(st.integers(0, 10**15))
def test_every_number_can_be_read_back(number: int) -> None:
    assert heard(whole(number)) == number


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True).filter(str.isascii))
def test_every_phone_number_can_be_read_back(number: str) -> None:
    assert "".join(str(VALUES[c]) for c in phone(number).replace("、", "")) == number
    assert "一" not in digits(number)


def test_every_minute_of_the_day_is_said_otherwise() -> None:
    said = {clock(hour, minute) for hour in range(24) for minute in range(60)}
    assert len(said) == 24 * 60
