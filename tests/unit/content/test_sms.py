"""The short codes: what customers send, and what content staff may write."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.content import ContentError
from botkit.content.sms import SmsCodes, load_sms_codes
from botkit.settings import Settings

REAL = Settings.from_environment({}).content / "channels" / "sms.yml"


@pytest.fixture(scope="module")
def codes() -> SmsCodes:
    return load_sms_codes(REAL)


@pytest.mark.parametrize(
    ("text", "payload"),
    [(code, payload) for payload, written, _ in load_sms_codes(REAL).meanings for code in written],
)
def test_each_code_as_it_stands(codes: SmsCodes, text: str, payload: str) -> None:
    assert codes.payload(text) == payload


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("cxye", "/ask_balance"),
        ("CxYe", "/ask_balance"),
        ("ＣＸＹＥ", "/ask_balance"),
        ("ｃｘｌｌ", "/ask_usage"),
        (" C X Y E\n", "/ask_balance"),
        ("CX YE。", "/ask_balance"),
        ("“CXYE”", "/ask_balance"),
        ("１０１", "/ask_balance"),
        ("查 流 量", "/ask_usage"),
        ("？", "/help"),
        ("5g", "/setup_5g"),
        ("５Ｇ", "/setup_5g"),
    ],
)
def test_ways_of_writing(codes: SmsCodes, text: str, payload: str) -> None:
    assert codes.payload(text) == payload


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("CXYEE", "/ask_balance"),  # one too many
        ("CYE", "/ask_balance"),  # one missing
        ("XCYE", "/ask_balance"),  # swapped
        ("CXYR", "/ask_balance"),  # wrong
        ("CXLLL", "/ask_usage"),
        ("HELO", "/help"),
        ("CXYL", None),  # CXYE or CXLL
        ("YR", None),  # too short to be tolerant
        ("CXYEEE", None),
        ("999", None),
        ("查流凉", None),
        ("CXYE谢谢", None),
        ("查一下余额", None),
        ("", None),
        ("1", None),
        ("123456", None),
        ("STPO", None),
    ],
)
def test_one_slip_of_the_finger(codes: SmsCodes, text: str, payload: str | None) -> None:
    assert codes.payload(text) == payload


@pytest.mark.parametrize("text", ["TD", "td", "Ｔ", "t ", "退订", "退订。", "STOP", "不要再发了"])
def test_stop_words(codes: SmsCodes, text: str) -> None:
    assert codes.stops(text) and not codes.starts(text) and codes.payload(text) is None


@pytest.mark.parametrize("text", ["TDD", "退订流量包", "no", "怎么退订", "STOPP", "不"])
def test_no_stop_words(codes: SmsCodes, text: str) -> None:
    assert not codes.stops(text)


def test_start_words(codes: SmsCodes) -> None:
    assert codes.starts("hftd") and codes.starts("取消退订") and not codes.starts("HF")


@pytest.mark.parametrize(
    ("number", "silent"),
    [
        ("10086", True), ("10010", True), ("106575555123", True), ("10690000", True), ("12306", True), ("110", True),
        ("95588", True), ("BANK", True), ("13800138000", False), ("17000000011", False), ("85291234567", False),
    ],
)  # fmt: skip
def test_services_are_not_answered(codes: SmsCodes, number: str, silent: bool) -> None:
    assert codes.unanswered(number) is silent


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("payload: /ask_usage", "payload: /no_such", "没有「/no_such」这个意图"),
        ("payload: /ask_usage", "payload: ask_usage", "不是意图"),
        ("payload: /ask_usage", 'payload: \'/ask_usage{"a": "b"}\'', "不是意图"),
        ("CXLL, LL", "CXLL, ye", "「ye」写了两次"),
        ("CXLL, LL", 'CXLL, "7"', "不能做代码"),
        ("CXLL, LL", 'CXLL, " "', "不能做代码"),
        ("stop: [TD", "stop: [CXLL", "已经是代码"),
        ("start: [HFTD", "start: [TD", "又是退订又是恢复"),
        ('no_answer: ["1?"', 'no_answer: ["a"', "不是号码"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = REAL.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "sms.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=problem):
        load_sms_codes(tmp_path / "sms.yml", {payload[1:] for payload, *_ in load_sms_codes(REAL).meanings})
