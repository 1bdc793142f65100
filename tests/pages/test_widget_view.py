"""How lines look: as text and nothing else, readable on a phone and in large type."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.pages

AT = "2024-05-12T06:05:00+00:00"
ATTACK = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'


def cell(text, trend=None, good=None):
    return {"text": text, "trend": trend, "good": good}


COMPARISON = {
    "caption": "和您现在的套餐比",
    "columns": ["", "现在 129", "畅选 79", "畅选 59"],
    "rows": [
        [cell("月费"), cell("129 元"), cell("79 元", "down", True), cell("59 元", "down", True)],
        [cell("流量"), cell("30 GB"), cell("15 GB", "down", False), cell("10 GB", "down", False)],
        [
            cell("近三月会付"),
            cell("129.00 / 129.00 / 131.50 元"),
            cell("79.00 / 79.00 / 84.00 元"),
            cell("64.00 / 59.00 / 94.00 元"),
        ],
        [
            cell("超出后"),
            cell("0.03 元/MB, 满 5 元送至 1 GB"),
            cell("5 元/GB, 满 600 元停"),
            cell("每月 10 GB 后限速 1 Mbps"),
        ],
    ],
}
BILL = {
    "caption": "11 月账单",
    "columns": ["项目", "金额", "比上月", "说明", "日期"],
    "rows": [
        [cell("炫动视频会员"), cell("20.00 元"), cell("+20.00 元", "up", False), cell("第三方代收"), cell("11 月 3 日")]
    ],
}
STEP = {
    "title": "打开 5G 开关",
    "number": 1,
    "of": 5,
    "path": ["设置", "双卡与移动网络", "SIM 卡 1", "5G 网络"],
    "caution": "不同版本名称可能不同。",
}


def line(seq=9001, **parts):
    return {"seq": seq, "author": "bot", "text": "", "at": AT, **parts}


def attacked(value):
    """The same line with an attack in every text of it."""
    if isinstance(value, dict):
        return {key: attacked(part) for key, part in value.items()}
    if isinstance(value, list):
        return [attacked(part) for part in value]
    return ATTACK if isinstance(value, str) and value not in ("up", "down") else value


def test_what_a_customer_writes_stays_text(chat):
    chat.open()
    chat.say(ATTACK)
    expect(chat.own).to_contain_text("已送达")
    chat.page.reload()
    expect(chat.own.locator(".text")).to_have_text(ATTACK)
    assert chat.page.evaluate("window.hit") is None


def test_what_the_server_says_stays_text_in_every_part(wired):
    chat, wire = wired
    parts = attacked({"table": COMPARISON, "step": STEP, "choices": [{"title": "x", "payload": "/x"}]})
    wire.push("line", line(text=ATTACK, name=ATTACK, **parts))
    expect(chat.log.locator(".caution")).to_contain_text(ATTACK)
    expect(chat.log.locator(".choice").last).to_have_text(ATTACK)
    assert chat.log.locator("img, script").count() == 0
    assert chat.page.evaluate("window.hit") is None


def test_addresses_are_links_and_other_schemes_are_not(wired):
    chat, wire = wired
    wire.push("line", line(text="看 https://example.com/a?b=1。或 javascript:alert(1), 也可拨 10036"))
    links = chat.answers.last.get_by_role("link")
    expect(links).to_have_count(2)
    expect(links.first).to_have_attribute("href", "https://example.com/a?b=1")
    expect(links.first).to_have_attribute("rel", "noopener noreferrer")
    expect(links.last).to_have_attribute("href", "tel:10036")


def test_a_comparison_is_a_table_whose_differences_are_signed_besides_their_colour(wired):
    chat, wire = wired
    wire.push("line", line(text="比一比", table=COMPARISON))
    table = chat.log.get_by_role("table", name="和您现在的套餐比")
    expect(table.get_by_role("columnheader")).to_have_text(["现在 129", "畅选 79", "畅选 59"])
    expect(table.get_by_role("rowheader", name="月费")).to_be_visible()
    cheaper = table.get_by_role("cell").filter(has_text="79 元").first
    expect(cheaper).to_contain_text("79 元↓")
    expect(cheaper).to_contain_text("减少, 对您更好")


def test_a_wide_table_becomes_cards(wired_phone):
    chat, wire = wired_phone
    wire.push("line", line(table=BILL))
    table = chat.log.get_by_role("table", name="11 月账单")
    expect(table.get_by_role("cell").first).to_contain_text("金额")
    assert table.evaluate("e => e.scrollWidth <= e.parentElement.clientWidth")


def test_a_step_says_how_far_and_where(wired):
    chat, wire = wired
    choices = [{"title": "好了", "payload": "/step_done"}, {"title": "找不到", "payload": "/step_not_found"}]
    wire.push("line", line(step=STEP, choices=choices))
    card = chat.answers.last
    expect(card.get_by_text("第 1 步 / 共 5 步")).to_be_visible()
    expect(card.get_by_role("list", name="手机里的位置").get_by_role("listitem")).to_have_text(STEP["path"])
    card.get_by_role("button", name="找不到").click()
    expect(chat.own).to_contain_text("找不到")
    assert wire.payloads() == ["/step_not_found"]


@pytest.mark.parametrize("size", ["A", "A+", "A++"])
def test_nothing_is_wider_than_a_phone(wired_phone, size):
    chat, wire = wired_phone
    chat.choose_in_menu(size)
    chat.page.keyboard.press("Escape")
    wire.push("state", {"state": "waiting", "ahead": 12, "minutes": 30})
    wire.push("line", line(9001, text="https://example.com/" + "a" * 200, table=COMPARISON))
    wire.push("line", line(9002, table=BILL))
    wire.push("line", line(9003, step=STEP, choices=[{"title": "一个标题相当长的选择" * 3, "payload": "/x"}]))
    expect(chat.log.get_by_text("第 1 步 / 共 5 步")).to_be_visible()
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 360
    for part in (chat.log, chat.panel):
        assert part.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    for button in ("转人工服务", "更多", "关闭对话", "发送"):
        box = chat.panel.get_by_role("button", name=button, include_hidden=True).bounding_box()
        assert box is None or box["x"] + box["width"] <= 360


def test_a_bar_that_comes_up_does_not_hide_the_last_line(wired_phone):
    chat, wire = wired_phone
    for seq in range(9001, 9015):
        wire.push("line", line(seq, text=f"第 {seq} 条"))
    last = chat.log.get_by_text("第 9014 条")
    expect(last).to_be_in_viewport()
    wire.push("state", {"state": "waiting", "ahead": 2, "minutes": 3})
    expect(chat.panel.get_by_text("正在等待人工")).to_be_visible()
    wire.push("line", line(9015, text="已转人工"))
    expect(chat.log.get_by_text("已转人工")).to_be_in_viewport()


def test_a_long_answer_is_read_from_its_beginning(wired):
    chat, wire = wired
    chat.say("你好")
    expect(chat.own).to_contain_text("已送达")
    wire.push("line", line(text="\n".join(f"第 {number} 条规则" for number in range(1, 80))))
    expect(chat.log.get_by_text("第 79 条规则")).to_be_attached()
    expect(chat.own.locator(".text")).to_be_in_viewport()
    expect(chat.panel.get_by_role("button", name=re.compile("新消息"))).to_be_visible()


def test_the_shop_page_fits_a_phone(phone):
    expect(phone.page.get_by_role("heading", level=1)).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_on_a_phone_the_chat_is_the_whole_screen(phone):
    phone.open()
    box = phone.panel.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    expect(phone.panel).to_have_attribute("aria-modal", "true")
    phone.panel.get_by_role("button", name="关闭对话").click()
    expect(phone.panel).to_be_hidden()


def test_large_type_is_remembered(chat):
    chat.open()
    greeting = chat.answers.first.locator(".text").inner_text()[:6]
    normal = chat.size(greeting)
    chat.choose_in_menu("A++")
    assert chat.size(greeting) > normal * 1.3
    chat.page.reload()
    expect(chat.answers.first).to_be_visible()
    assert chat.size(greeting) > normal * 1.3


def test_one_line_is_enough_on_any_site_and_its_styles_stay_out(new_context, live_server, other_site):
    page = new_context().new_page()
    page.goto(
        other_site(
            f"""<!doctype html><style>* {{ color: red; font-size: 40px; letter-spacing: 9px }}</style><h1>别的网站</h1>
            <script src="{live_server}/widget.js" data-title="别站助手" data-position="left" defer></script>"""
        )
    )
    page.get_by_role("button", name="打开在线客服").click()
    panel = page.get_by_role("dialog", name="别站助手")
    answer = panel.get_by_role("article", name="助手", exact=True).first
    expect(answer).to_be_visible()
    text = answer.locator(".text")
    expect(text).to_have_css("font-size", "15px")
    expect(text).to_have_css("letter-spacing", "normal")
    assert panel.bounding_box()["x"] < 100
    page.get_by_role("textbox", name="输入消息").fill("你好")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("article", name="我", exact=True)).to_contain_text("已送达")
