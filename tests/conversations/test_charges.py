"""为什么多扣: answered from the rule of the very item, found by name, by kind, by amount, or as the most surprising."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from botkit.telecom.bill import BillItem, ItemKind
from botkit.telecom.usage import DayUsage
from tests.conversations.conftest import Demo, SignIn
from tests.conversations.figures import DemoCustomer, data_charge, day, fen, month, volume, written
from tests.driver import Customer

pytestmark = pytest.mark.model


def the_item(mine: DemoCustomer, kind: ItemKind, back: int) -> BillItem:
    (item,) = [item for item in mine.bill(back).items if item.kind is kind]
    return item


@pytest.mark.parametrize("question", ["上个月为什么多扣了27块", "上个月的套外流量怎么扣的", "上个月流量费怎么这么多"])
def test_ladder(sign_in: SignIn, demo: Demo, question: str) -> None:
    mine = demo(5)
    item = the_item(mine, ItemKind.OUT_OF_PLAN_DATA, 1)
    assert item.quantity is not None and data_charge(mine.plan, item.quantity) == item.amount.yuan == 27
    answer = sign_in(5).says(question)
    assert answer.text.startswith(f"这 27 元是{month(mine.cycle.shifted(-1), mine.today)}的“套外流量”")
    assert f"含 3 GB 通用流量, 用完以后又用了 {volume(item.quantity)}" in answer.text
    assert "0.03 元/MB, 满 5 元送到 1 GB, 累计满 15 元后每 GB 最多 3 元, 算下来 27 元" in answer.text
    assert f"{item.days[0].month}月22日" in answer.text
    assert "不认可, 转人工" in answer.titles


@pytest.mark.parametrize(
    "question",
    ["为什么扣了我20块", "炫动视频是什么扣费", "为什么多扣", "怎么有个会员费"],
)
def test_third_party_with_times_and_total(sign_in: SignIn, demo: Demo, question: str) -> None:
    mine = demo(6)
    item = the_item(mine, ItemKind.THIRD_PARTY, 0)
    assert item.times_charged is not None and item.since is not None
    answer = sign_in(6).says(question)
    total = written(item.amount.yuan * item.times_charged)
    assert f"这 20 元是{month(mine.cycle, mine.today)}的“炫动视频会员”" in answer.text
    assert item.provider in answer.text and "每月 20 元" in answer.text
    assert f"{day(item.since, mine.today)}开通, 已连扣 {item.times_charged} 次, 共 {total} 元" in answer.text
    assert answer.titles == ["退订炫动视频会员", "没订过, 转人工"]


def test_third_party_is_cancelled_by_name(sign_in: SignIn) -> None:
    customer = sign_in(6)
    customer.says("为什么扣了我20块")
    answer = customer.chooses("退订炫动视频会员")
    assert answer.text.startswith("炫动视频会员 (每月 20 元)") and "要退哪一个" not in answer.text


@pytest.mark.parametrize("question", ["我一直连着wifi怎么还扣流量费", "连着 WiFi 也扣流量费"])
def test_on_wifi(sign_in: SignIn, demo: Demo, question: str) -> None:
    mine = demo(7)
    back = 0 if mine.item(ItemKind.OUT_OF_PLAN_DATA) else 1
    item = the_item(mine, ItemKind.OUT_OF_PLAN_DATA, back)
    cycle = mine.cycle.shifted(-back)
    usage = mine.operator.daily_usage(mine.customer.id, cycle.start, cycle.end)
    answer = sign_in(7).says(question)
    assert item.quantity is not None and volume(item.quantity) in answer.text
    assert f"算下来 {written(data_charge(mine.plan, item.quantity))} 元" in answer.text
    assert f"占 {share_at_night(usage)}%" in answer.text and "后台" in answer.text
    assert "WLAN 助理" in answer.text and "不同手机名称可能不同" in answer.text
    assert answer.text.count("这 ") <= 2


def share_at_night(usage: list[DayUsage]) -> int:
    night, everything = sum(d.night_data.mb for d in usage), sum(d.general_data.mb for d in usage)
    return round(Decimal(100 * night) / everything)


@pytest.mark.parametrize("question", ["上个月为什么扣了120", "上个月为什么扣漫游费", "上个月国际漫游日包是什么"])
def test_roaming(sign_in: SignIn, demo: Demo, question: str) -> None:
    mine = demo(8)
    item = the_item(mine, ItemKind.ROAMING, 1)
    assert item.amount.yuan == 120 and len(item.days) == 4
    answer = sign_in(8).says(question)
    assert "30 元 × 4 天 = 120 元" in answer.text
    first, last = min(item.days), max(item.days)
    if (last - first).days == 3:
        assert f"{day(first, mine.today)}至{day(last, mine.today)}" in answer.text


@pytest.mark.parametrize("question", ["第一个月为什么扣这么少", "首月的月费怎么算的"])
def test_share_of_the_first_month(sign_in: SignIn, demo: Demo, question: str) -> None:
    mine = demo(19)
    item = the_item(mine, ItemKind.PLAN_FEE_PRORATED, 1)
    cycle, joined = mine.bill(1).cycle, mine.customer.tenure_since
    days, in_all = (cycle.end - joined).days + 1, (cycle.end - cycle.start).days + 1
    expected = fen(mine.plan.monthly_fee.yuan * days / in_all)
    assert item.amount.yuan == expected
    answer = sign_in(19).says(question)
    assert f"月费 39 元 ÷ {in_all} 天 × {days} 天 = {written(expected)} 元" in answer.text


def test_the_whole_fee_after_the_share(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(19)
    answer = sign_in(19).says("这个月怎么扣了39")
    assert "畅选39 的月费" in answer.text
    assert f"只收了 {written(mine.amount(1))} 元, 因为首月按天收" in answer.text


def test_minutes_beyond_the_plan(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(25)
    item = the_item(mine, ItemKind.OUT_OF_PLAN_VOICE, 1)
    answer = sign_in(25).says("上个月通话费怎么这么多")
    assert item.quantity is not None
    expected = written(fen(Decimal("0.25") * item.quantity))
    assert f"流量星69 含 60 分钟, 超出 {item.quantity} 分钟 × 0.25 元 = {expected} 元" in answer.text


def test_small_services_are_added_up(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(27)
    small = mine.item(ItemKind.SERVICE) + mine.item(ItemKind.THIRD_PARTY)
    assert small == 35
    answer = sign_in(27).says("为什么每个月都扣我35块钱")
    assert "每月的小额服务费一共 35 元" in answer.text
    for name in ("畅读会员 12 元", "酷听音乐会员 15 元", "彩铃 5 元", "来电提醒 3 元"):
        assert name in answer.text
    assert "退订其中的" in answer.titles
    assert "小额服务费每月一共 35 元" in sign_in(27).says("怎么扣这么多钱").text


def test_how_two_bills_differ(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(9)
    difference = mine.amount(2) - mine.amount(1)
    for question in ("怎么跟上个月不一样", "话费为什么少了"):
        answer = sign_in(9).says(question)
        assert f"少 {written(difference)} 元" in answer.text and "10GB流量包少 15 元" in answer.text


def test_an_amount_that_is_on_no_bill(sign_in: SignIn) -> None:
    answer = sign_in(6).says("为什么扣了我47块")
    assert "没有正好 47 元的一笔" in answer.text
    assert "为什么有炫动视频会员" in answer.titles and "转人工" in answer.titles


def test_nothing_odd(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(28)
    answer = sign_in(28).says("为什么多扣钱")
    assert f"{month(mine.cycle, mine.today)}和{month(mine.cycle.shifted(-1), mine.today)}的账单里没有" in answer.text
    assert "大概多少钱" in answer.text


def test_discount(sign_in: SignIn) -> None:
    answer = sign_in(28).says("购机分期是什么费用")
    assert "少收 20 元" in answer.text and "-20" not in answer.text


def test_upset_and_with_a_reason_is_answered_and_handed_over(sign_in: SignIn, demo: Demo) -> None:
    times = the_item(demo(6), ItemKind.THIRD_PARTY, 0).times_charged
    answer = sign_in(6).says("又多扣我二十, 每个月都扣")
    assert "炫动视频会员" in answer.lines[0].text and f"已连扣 {times} 次" in answer.lines[0].text
    assert "转给人工专员" in answer.text and answer.titles == ["继续用机器人"]


def test_a_bare_why_after_the_bill(sign_in: SignIn) -> None:
    customer = sign_in(6)
    customer.says("账单")
    assert "炫动视频会员" in customer.says("为什么").text


def test_bare_amount_after_a_charge(sign_in: SignIn) -> None:
    customer = sign_in(27)
    customer.says("为什么多扣")
    assert "彩铃" in customer.says("5块的是什么费").text


def test_asked_before_verification_and_answered_after_it(customer: Customer) -> None:
    customer.says("为什么扣了我20块")
    customer.says("17000000006")
    assert "炫动视频会员" in customer.says(customer.code("17000000006")).text


def test_every_odd_item_of_every_demo_customer_follows_from_its_rule(sign_in: SignIn, demo: Demo, today: date) -> None:
    """No explanation contradicts the bill: none is handed over for a mismatch."""
    for number in range(1, 29):
        customer = sign_in(number)
        answer = customer.says("上个月为什么多扣了")
        assert "对不上" not in answer.text, number
        assert re.search(r"\d+(\.\d\d)? 元|没有新增的|查不到", answer.text), number
