"""Lines as SMS: what comes first, what waits under 看详情, which choices are shown."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.content.texts import Texts, load_texts
from botkit.conversation.messages import Author, Line
from botkit.conversation.pages import MORE
from botkit.conversation.reply import Choice
from botkit.settings import Settings
from channels.sms.parts import JOINED, SINGLE, units
from channels.sms.rendering import Rendered, render

TEXTS = load_texts(Settings.from_environment({}).content / "texts")
NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)


def line(text: str, author: Author = Author.BOT, **content: Any) -> Line:
    return Line("c", 1, author, text, NOW, content)


def choices(*titles: str) -> list[dict[str, str]]:
    return [{"title": title, "payload": f"/p{number}"} for number, title in enumerate(titles)]


def whole(rendered: Rendered) -> str:
    return "".join(rendered.parts)


@pytest.fixture
def texts() -> Texts:
    return TEXTS


def test_a_short_line_is_one_sms(texts: Texts) -> None:
    assert render(line("余额 50 元。"), texts, 2) == Rendered(["余额 50 元。"])


def test_choices_are_numbered(texts: Texts) -> None:
    rendered = render(line("余额 50 元。", choices=choices("查流量", "5G 怎么开")), texts, 2)
    assert whole(rendered) == "余额 50 元。\n回复1查流量，2、5G怎么开"
    assert [choice.title for choice in rendered.numbered] == ["查流量", "5G 怎么开"]


def test_what_is_left_is_the_first_choice(texts: Texts) -> None:
    text = "每月省 20 元。" + "一二三四五六七八九十。" * 20
    rendered = render(line(text, choices=choices("查流量", "转人工")), texts, 2)
    assert len(rendered.parts) == 2 and whole(rendered).startswith("每月省 20 元。")
    assert "\n回复1看详情" in whole(rendered)
    assert rendered.numbered[0].payload == MORE
    shown = whole(rendered).split("\n回复")[0]
    assert shown + rendered.rest == text and shown.endswith("。")
    assert [choice.title for choice in rendered.rest_choices] == ["查流量", "转人工"]


def test_as_many_choices_as_fit(texts: Texts) -> None:
    rendered = render(line("字" * 60, choices=choices(*["很长的一个选项" * 2] * 9)), texts, 2)
    assert 1 <= len(rendered.numbered) < 9 and len(rendered.parts) == 2 and not rendered.rest


def test_the_sentence_comes_before_the_table(texts: Texts) -> None:
    row = [{"text": "月费", "trend": None, "good": None}, {"text": "59 元", "trend": "down", "good": True}]
    table = {"caption": "两个套餐", "columns": ["", "畅选59"], "rows": [row] * 12}
    rendered = render(line("换成畅选59每月省 20 元。", table=table), texts, 2)
    assert whole(rendered).startswith("换成畅选59每月省 20 元。\n两个套餐\n月费: ↓59 元")
    assert rendered.numbered[0].payload == MORE and "月费: ↓59 元" in rendered.rest


def test_headings_without_rows_are_not_shown(texts: Texts) -> None:
    cells = [{"text": text, "trend": None, "good": None} for text in ("套餐月费", "59.00", "79.00", "-20.00")]
    table = {
        "caption": "账单明细 (元)",
        "columns": ["", "11月4日至12月3日", "10月4日至11月3日", "差"],
        "rows": [cells] * 9,
    }
    sentence = "到现在一共 119.00 元。" + "上个账期一共 187.85 元。" * 4
    rendered = render(line(sentence, table=table), texts, 2)
    assert whole(rendered) == f"{sentence}\n回复1看详情"
    assert rendered.rest.startswith("账单明细 (元)\n11月4日") and rendered.rest.count("套餐月费") == 9


def test_a_step(texts: Texts) -> None:
    step = {"title": "打开设置", "number": 1, "of": 4, "path": ["设置", "移动网络"], "caution": ""}
    assert whole(render(line("点进去。", step=step), texts, 2)) == "1/4 打开设置\n设置 › 移动网络\n点进去。"


def test_an_agent_speaks_by_name(texts: Texts) -> None:
    rendered = render(line("我来看看。", Author.AGENT, name="小李"), texts, 2)
    assert rendered.parts == ["小李: 我来看看。"]


def test_a_file_cannot_be_sent(texts: Texts) -> None:
    file = {"id": "f", "name": "a.png", "type": "image/png", "size": 1}
    said = whole(render(line("", Author.AGENT, name="小李", file=file), texts, 2))
    assert said.startswith("小李: 给您发了一个文件") and "看不了" in said


def test_a_rating_stands_at_its_own_number(texts: Texts) -> None:
    """Whoever answers 5 means satisfied, however the buttons are ordered on a screen."""
    titles = [button["title"] for button in texts.buttons("desk_rating")]
    rendered = render(line(texts.text("desk_rating"), choices=choices(*titles)), texts, 2)
    assert [choice.title[0] for choice in rendered.numbered[:5]] == ["1", "2", "3", "4", "5"]
    assert whole(rendered).endswith("回复1不满意，2，3，4，5满意")


def test_nothing_to_say(texts: Texts) -> None:
    assert render(line(""), texts, 2).parts == ()


PIECES = st.sampled_from(
    ["余额", "12.34元", "，", "。", "\n", "100GB", "😀", "流量还剩", "170****0099", "𠮷", " ", "3"]
)


@given(
    st.lists(PIECES, max_size=150).map("".join),
    st.lists(st.text("查余额流量5G转人工😀 ", min_size=1, max_size=12), max_size=8),
    st.integers(1, 4),
)
def test_every_part_fits_and_page_after_page_nothing_is_lost(text: str, titles: list[str], most: int) -> None:
    shown, rest, pages = "", text, 0
    offered: list[Choice] = []
    while rest:
        rendered = render(line(rest, choices=choices(*titles)), TEXTS, most)
        assert len(rendered.parts) <= most
        limit = SINGLE if len(rendered.parts) == 1 else JOINED
        assert all(units(part) <= limit for part in rendered.parts)
        page = whole(rendered)
        if rendered.numbered:
            page = page[: page.rindex("\n回复")] if "\n回复" in page else page.replace(page[page.rindex("回复") :], "")
        shown += page.removesuffix("…")
        assert len(rendered.rest) < len(rest)
        rest, offered, pages = rendered.rest, list(rendered.numbered), pages + 1
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", text)
    assert MORE not in [choice.payload for choice in offered]
