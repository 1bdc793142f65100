"""Tables for the ear: figures with their units, after the names of their columns."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest

from botkit.content.texts import Texts, load_texts
from botkit.conversation.reply import Cell, Table
from botkit.settings import Settings
from channels.ivr.spoken import sentences
from channels.ivr.tables import rows_said

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def texts() -> Texts:
    return load_texts(Settings.from_environment({}).content / "texts")


def said(texts: Texts, caption: str, columns: tuple[str, ...], *row: Cell | str) -> str:
    cells = tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row)
    (written,) = rows_said(asdict(Table(caption, columns, (cells,))), texts)
    return "".join(sentences(written, TODAY))


def test_a_bill_is_in_yuan(texts: Texts) -> None:
    row = ("套外短信", "2.20", "3.30", Cell("−1.10", "down"))
    told = said(texts, "账单明细 (元)", ("项目", "11月", "10月", "差"), *row)
    assert told == "套外短信，十一月两块两毛，十月三块三毛，差少一块一毛。"


def test_no_difference_is_not_said(texts: Texts) -> None:
    told = said(texts, "账单明细 (元)", ("项目", "11月", "10月", "差"), "彩铃", "5.00", "5.00", "0")
    assert told == "彩铃，十一月五块，十月五块。"
    assert said(texts, "", ("项目", "用了"), "短信", "0") == "短信，零。"


def test_a_column_in_yuan_with_more_to_say(texts: Texts) -> None:
    columns = ("套餐", "月费", "近 3 个月套餐费 (元, 含超出)")
    told = said(texts, "", columns, "畅选59", "59 元 (−40)", "61.25 / 59.50 / 63.05")
    assert told == (
        "畅选五十九，月费五十九块，少四十块，近三个月套餐费含超出六十一块两毛五、五十九块五毛、六十三块零五分。"
    )


def test_names_that_end_in_figures_do_not_run_into_them(texts: Texts) -> None:
    row = ("月费", "79 元", "59 元", Cell("−20 元", "down"))
    told = said(texts, "畅选79 和 畅选59", ("项目", "畅选79", "畅选59", "差"), *row)
    assert told == "月费，畅选七十九，七十九块，畅选五十九，五十九块，差少二十块。"


def test_other_units_stay(texts: Texts) -> None:
    row = ("畅选99 语音", "142 分钟", "258 分钟", "到 12月4日")
    told = said(texts, "余量", ("余量", "已用", "剩余", "有效期"), *row)
    assert told == "畅选九十九语音，已用一百四十二分钟，剩余两百五十八分钟，有效期到十二月四号。"
