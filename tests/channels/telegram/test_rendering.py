"""Lines as Telegram messages."""

from __future__ import annotations

import html
import re
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botkit.content.texts import Texts
from botkit.conversation.messages import Author, Line
from botkit.conversation.plain import plain_text
from channels.telegram.rendering import MAX_CAPTION, MAX_TEXT, FilePart, TextPart, parts_of, split
from channels.telegram.width import cut, units, width

TABLE = {
    "caption": "本月账单",
    "columns": ["项目", "上月", "本月"],
    "rows": [
        [{"text": "月费"}, {"text": "59.00 元"}, {"text": "59.00 元"}],
        [{"text": "<流量> & 超出"}, {"text": "0.00 元"}, {"text": "5.00 元", "trend": "up", "good": False}],
    ],
}
STEP = {"title": "打开设置", "number": 1, "of": 4, "path": ["设置", "移动网络"], "caution": "不同版本名字可能不一样"}


def line(text: str = "", author: Author = Author.BOT, **content: Any) -> Line:
    return Line("c", 7, author, text, datetime(2026, 11, 22, tzinfo=timezone.utc), content)


def texts_of(shown: Line, texts: Texts) -> list[str]:
    return [part.html for part in parts_of(shown, texts) if isinstance(part, TextPart)]


def bare(source: str) -> str:
    return html.unescape(re.sub(r"</?[bi]>", "", source))


def test_every_sign_is_escaped(texts: Texts) -> None:
    (shown,) = texts_of(line('a < b && c > "d" <b>x</b> &amp;'), texts)
    assert shown == 'a &lt; b &amp;&amp; c &gt; "d" &lt;b&gt;x&lt;/b&gt; &amp;amp;'


@pytest.mark.parametrize(
    "shown",
    [
        line("余额 12.30 元"),
        line("两行\n\n三行"),
        line("看看明细", table=TABLE),
        line("", table={**TABLE, "caption": "", "columns": ["项目", "本月"]}),
        line("往下找", step=STEP),
        line("", step={**STEP, "path": [], "caution": ""}),
    ],
)
def test_it_says_what_plain_text_says(shown: Line, texts: Texts) -> None:
    (source,) = texts_of(shown, texts)
    assert bare(source) == plain_text(shown)


def test_a_table_is_a_line_for_each_row(texts: Texts) -> None:
    (shown,) = texts_of(line("", table=TABLE), texts)
    assert shown.split("\n") == [
        "<b>本月账单</b>",
        "<i>上月 / 本月</i>",
        "月费: <b>59.00 元 / 59.00 元</b>",
        "&lt;流量&gt; &amp; 超出: <b>0.00 元 / ↑5.00 元</b>",
    ]


def test_an_agents_line_has_his_name(texts: Texts) -> None:
    assert texts_of(line("您好", Author.AGENT, name="小林<3"), texts) == ["<b>小林&lt;3:</b>\n您好"]


def test_a_line_of_nothing_but_choices_has_a_word(texts: Texts) -> None:
    from channels.telegram.choices import keyboard

    shown = line("", choices=[{"title": "查余额", "payload": "/ask_balance"}])
    (part,) = parts_of(shown, texts, keyboard(shown))
    assert isinstance(part, TextPart) and part.plain == texts.text("telegram_choose") and part.markup
    assert parts_of(line(" \n "), texts) == []


def test_a_long_text_is_split_between_paragraphs(texts: Texts) -> None:
    paragraphs = [f"第{number}段" + "话" * 1500 for number in range(6)]
    shown = texts_of(line("\n\n".join(paragraphs)), texts)
    assert shown == ["\n\n".join(paragraphs[number : number + 2]) for number in (0, 2, 4)]


def test_a_row_that_is_too_long_is_cut_after_a_sentence(texts: Texts) -> None:
    sentence = "这是一句话, 不长也不短。"
    shown = texts_of(line(sentence * 700), texts)
    assert "".join(shown) == sentence * 700 and all(piece.endswith("。") for piece in shown)


def test_the_keyboard_stands_under_the_last_message(texts: Texts) -> None:
    from channels.telegram.choices import keyboard

    shown = line("话" * 9000, choices=[{"title": "查余额", "payload": "/ask_balance"}])
    parts = parts_of(shown, texts, keyboard(shown))
    assert [part.markup is not None for part in parts] == [False, False, True]


def test_captions(texts: Texts) -> None:
    file = {"id": "f", "name": "a.png", "type": "image/png", "size": 1}
    (one,) = parts_of(line("好" * MAX_CAPTION, file=file), texts)
    assert isinstance(one, FilePart) and units(one.caption) == MAX_CAPTION
    first, second = parts_of(line("好" * (MAX_CAPTION + 1), file=file), texts)
    assert isinstance(first, FilePart) and first.caption == ""
    assert isinstance(second, TextPart) and units(second.plain) == MAX_CAPTION + 1
    assert len(parts_of(line("", file=file), texts)) == 1


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.text(st.sampled_from("话a。 😀<&>\u0301"), max_size=40), st.sampled_from(["", "b", "i"])),
            max_size=3,
        ),
        max_size=12,
    ),
    st.integers(4, 60),
)
def test_pieces_are_within_the_limit_and_lose_nothing(rows: list[list[tuple[str, str]]], limit: int) -> None:
    pieces = split([tuple(row) for row in rows], limit)
    said = ["\n".join("".join(text for text, _ in row) for row in piece) for piece in pieces]
    assert all(0 < units(piece) <= limit and piece.strip() for piece in said)
    whole = "".join(text for row in rows for text, _ in row)
    assert re.sub(r"\s", "", "".join(said)) == re.sub(r"\s", "", whole)


def test_units_are_those_of_utf_16() -> None:
    for text in ("", "abc", "中文", "😀", "a😀中"):
        assert units(text) == len(text.encode("utf-16-le")) // 2
    assert cut("😀😀😀", 3) == 1 and cut("abc", 3) == 3 and cut("中文", 0) == 0
    assert MAX_TEXT == 4096


def test_chinese_characters_are_two_columns_wide() -> None:
    assert (width("abc"), width("查余额"), width("5G 怎么开"), width("，")) == (3, 6, 9, 2)
