from __future__ import annotations

from botkit.conversation.messages import Author, Line
from botkit.conversation.plain import plain_text
from botkit.conversation.reply import Cell, Choice, Reply, StepCard, Table
from tests.unit.conversation.fakes import Clock


def line(reply: Reply) -> Line:
    return Line("talk", 1, Author.BOT, reply.text, Clock()(), reply.content())


def test_text_without_its_choices() -> None:
    assert (
        plain_text(line(Reply("话费余额 36.42 元。", choices=(Choice("看账单", "/ask_bill"),))))
        == "话费余额 36.42 元。"
    )


def test_a_table_of_two_columns() -> None:
    table = Table("10月账单", ("项目", "金额"), ((Cell("月费"), Cell("79.00 元")), (Cell("合计"), Cell("102.00 元"))))
    assert (
        plain_text(line(Reply("比上月多 23 元。", table)))
        == "比上月多 23 元。\n10月账单\n月费: 79.00 元\n合计: 102.00 元"
    )


def test_a_comparison() -> None:
    table = Table(
        "",
        ("", "畅选79", "畅选59", "相差"),
        ((Cell("月费"), Cell("79 元"), Cell("59 元"), Cell("20 元", "down", True)),),
    )
    assert plain_text(line(Reply("", table))) == "畅选79 / 畅选59 / 相差\n月费: 79 元 / 59 元 / ↓20 元"


def test_a_step() -> None:
    step = StepCard("打开 5G", 2, 5, ("设置", "移动网络"), "名称可能略有不同。")
    assert (
        plain_text(line(Reply("打开开关。", step=step)))
        == "2/5 打开 5G\n设置 › 移动网络\n打开开关。\n名称可能略有不同。"
    )
