"""What is proposed for the closing summary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

import pytest

from botkit.content.texts import Texts
from botkit.conversation.messages import Author, Line
from botkit.desk.summary import summary

AT = datetime(2026, 11, 22, 6, 0, tzinfo=timezone.utc)
BOT = [
    Line("talk", 1, Author.CUSTOMER, "上个月20块是什么", AT),
    Line("talk", 2, Author.BOT, "这 20 元是10月的“炫动视频会员”。", AT, {}, {"intent": "dispute_charge"}),
    Line("talk", 3, Author.BOT, "已转人工排队。", AT, {}, {"intent": "request_human"}),
]


def service(*said: str) -> list[Line]:
    """Lines of `客户: …` and `小林: …`."""
    lines = [Line("talk", 4, Author.SYSTEM, "小林为您服务。", AT)]
    for seq, (who, _, text) in enumerate((line.partition(": ") for line in said), start=5):
        author = Author.CUSTOMER if who == "客户" else Author.AGENT
        lines.append(Line("talk", seq, author, text, AT, {} if author is Author.CUSTOMER else {"name": who}))
    return lines


@pytest.mark.parametrize(
    ("before", "lines", "expected"),
    [
        (
            BOT,
            service("小林: 您好", "客户: 我没有开过这个会员。", "小林: 已经退订, 20 元月底前退回。", "客户: 好的谢谢"),
            "客户要“问一笔扣费”, 说“我没有开过这个会员”。小林答复“已经退订, 20 元月底前退回”。客户表示清楚了。",
        ),
        (
            BOT,
            service("小林: 这是您自己开通的业务。", "客户: 谢谢, 但是不行"),
            "客户要“问一笔扣费”。小林答复“这是您自己开通的业务”。客户还不满意。",
        ),
        (
            [],
            service("客户: 我要查一下宽带报修", "小林: 师傅明天上午到。", "客户: 几点"),
            "客户说“我要查一下宽带报修”。小林答复“师傅明天上午到”。客户最后一句“几点”还没有答复。",
        ),
        (
            BOT,
            service("小林: 已经退了。", "小林: 还有别的事吗? 没有的话我先结束这次服务。"),
            "客户要“问一笔扣费”。小林答复“已经退了”。",
        ),
        (BOT, service(), "客户要“问一笔扣费”。还没有答复。"),
        ([], service(), "客户没有说要办什么。还没有答复。"),
    ],
)
def test_what_was_wanted_said_and_done(texts: Texts, before: Sequence[Line], lines: list[Line], expected: str) -> None:
    assert summary(before, lines, texts) == expected


def test_numbers_and_codes_are_not_kept(texts: Texts) -> None:
    said = summary(
        [], service("客户: 我的号码是17000000006, 验证码482913", "小林: 收到, 170 0000 0006 已核对。"), texts
    )
    assert "17000000006" not in said and "482913" not in said and "0000 0006" not in said
    assert "170****0006" in said


def test_long_lines_are_cut(texts: Texts) -> None:
    said = summary(BOT, service("客户: " + "很长" * 500, "小林: " + "回答" * 500), texts)
    assert len(said) < 200
