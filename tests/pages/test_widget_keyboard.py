"""Without a mouse, with an input method, with a screen reader."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.pages


def test_a_whole_errand_without_a_mouse(chat):
    page = chat.page
    expect(chat.launcher).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        if chat.launcher.evaluate("e => e.matches(':focus')"):
            break
    page.keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    expect(chat.answers.first).to_be_visible()
    page.keyboard.type("你好")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("在吗")
    expect(chat.input).to_have_value("你好\n在吗")
    before = chat.answers.count()
    page.keyboard.press("Enter")
    expect(chat.own).to_contain_text("在吗")
    expect(chat.answers).not_to_have_count(before)
    page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_choices_are_reached_backwards_from_the_input(wired):
    chat, wire = wired
    choices = [{"title": "好了", "payload": "/step_done"}, {"title": "找不到", "payload": "/step_not_found"}]
    wire.push(
        "line",
        {"seq": 9001, "author": "bot", "text": "做好了吗", "at": "2024-05-12T06:05:00+00:00", "choices": choices},
    )
    expect(chat.log.get_by_role("button", name="找不到")).to_be_enabled()
    chat.input.press("Shift+Tab")
    expect(chat.log.get_by_role("button", name="找不到")).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.own).to_contain_text("找不到")
    expect(chat.input).to_be_focused()


def test_arrows_walk_through_the_lines_and_tab_copies(chat):
    chat.open()
    chat.ask("你好")
    chat.log.focus()
    chat.page.keyboard.press("ArrowUp")
    expect(chat.log.get_by_role("article").last).to_be_focused()
    for _ in range(chat.log.get_by_role("article").count()):
        chat.page.keyboard.press("ArrowUp")
    expect(chat.answers.first).to_be_focused()
    chat.page.keyboard.press("Tab")
    expect(chat.answers.first.get_by_role("button", name="复制这条消息")).to_be_focused()


def test_enter_that_confirms_a_word_of_an_input_method_does_not_send(chat):
    chat.open()
    chat.input.focus()
    cdp = chat.page.context.new_cdp_session(chat.page)
    cdp.send("Input.imeSetComposition", {"text": "cha hua fei", "selectionStart": 11, "selectionEnd": 11})
    cdp.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    )
    cdp.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    )
    expect(chat.own).to_have_count(0)
    cdp.send("Input.insertText", {"text": "查话费"})
    expect(chat.input).to_have_value(re.compile("查话费"))
    expect(chat.own).to_have_count(0)
    chat.page.keyboard.press("Enter")
    expect(chat.own).to_contain_text("查话费")


def test_escape_closes_one_thing_at_a_time(chat):
    chat.open()
    page = chat.page
    page.get_by_role("button", name="更多").click()
    expect(page.get_by_role("menuitemradio", name="标准字号")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="清空对话")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    expect(page.get_by_role("button", name="更多")).to_be_focused()
    chat.choose_in_menu("使用说明")
    expect(page.get_by_role("region", name="使用说明")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="使用说明")).to_be_hidden()
    expect(chat.panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()


def test_on_a_phone_tab_stays_in_the_chat(phone):
    phone.open()
    for _ in range(20):
        phone.page.keyboard.press("Tab")
        assert phone.page.evaluate("document.activeElement.tagName") == "BOTKIT-CHAT"
    for _ in range(20):
        phone.page.keyboard.press("Shift+Tab")
        assert phone.page.evaluate("document.activeElement.tagName") == "BOTKIT-CHAT"


def test_every_part_has_a_role_and_a_name(chat):
    chat.open()
    chat.ask("你好")
    expect(chat.panel).to_be_visible()
    expect(chat.log).to_have_attribute("aria-live", "polite")
    expect(chat.own).to_have_accessible_name("我")
    for name in ("转人工服务", "更多", "关闭对话", "发送"):
        expect(chat.panel.get_by_role("button", name=name, exact=True)).to_be_visible()
    nameless = chat.page.locator("botkit-chat").get_by_role("button", name=re.compile("^$"), include_hidden=True)
    expect(nameless).to_have_count(0)


def test_animations_stop_for_those_who_asked(new_context):
    page = new_context(reduced_motion="reduce").new_page()
    page.goto("/")
    page.get_by_role("button", name="打开在线客服").click()
    panel = page.get_by_role("dialog", name="星桥助手")
    expect(panel).to_have_css("animation-name", "none")
