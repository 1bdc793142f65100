"""The chat on the shop page: open, say, get an answer, choose, come back later."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.pages


def test_opens_with_a_greeting_and_something_to_choose(chat):
    chat.open()
    expect(chat.panel).to_be_visible()
    expect(chat.log.get_by_role("button", name=re.compile(".")).first).to_be_enabled()
    expect(chat.input).to_be_focused()


def test_a_message_is_delivered_and_answered(chat):
    chat.open()
    before = chat.answers.count()
    chat.say("你好")
    expect(chat.own).to_have_count(1)
    expect(chat.own).to_contain_text("已送达")
    expect(chat.answers).not_to_have_count(before)
    expect(chat.input).to_have_value("")


def test_a_choice_is_said_in_its_words_and_cannot_be_made_twice(wired):
    chat, wire = wired
    choice = chat.answers.first.locator(".choice").first
    title = choice.inner_text()
    choice.click()
    expect(chat.own).to_have_count(1)
    expect(chat.own).to_contain_text(title)
    expect(choice).to_be_disabled()
    assert wire.payloads()[0].startswith("/")


def test_the_conversation_is_there_after_a_reload(chat):
    chat.open()
    chat.ask("你好")
    answer = chat.answers.last.locator(".text").first.inner_text()
    chat.page.reload()
    expect(chat.panel).to_be_visible()
    expect(chat.own).to_have_count(1)
    expect(chat.answers.filter(has_text=answer).first).to_be_visible()


def test_another_tab_shows_the_same_conversation_once(chat):
    chat.open()
    other = type(chat)(chat.page.context.new_page())
    chat.ask("你好")
    other.page.goto("/")
    other.launcher.click()
    expect(other.own).to_have_count(1)
    chat.ask("谢谢")
    expect(other.own).to_have_count(2)
    expect(chat.own).to_have_count(2)


def test_earlier_lines_come_on_scrolling_up_and_nothing_jumps(wired):
    chat, wire = wired
    for text in ("第一句", "第二句", "第三句"):
        chat.ask(text)
    rules = "\n".join(f"第 {number} 条规则" for number in range(1, 60))

    def last_line_only(event):
        if event[0] != "welcome":
            return event
        last = {**event[1]["lines"][-1], "text": rules}
        return ["welcome", {**event[1], "lines": [last], "more": True}]

    wire.rewrite = last_line_only
    chat.page.reload()
    expect(chat.log.get_by_text("第 59 条规则")).to_be_visible()
    expect(chat.own).to_have_count(0)
    line = chat.log.get_by_text("第 59 条规则")
    chat.log.evaluate("e => { e.scrollTop = 40 }")
    before = line.bounding_box()["y"]
    expect(chat.own).to_have_count(3)
    expect(chat.log.get_by_role("button", name="看更早的消息")).to_be_hidden()
    assert abs(line.bounding_box()["y"] - before) < 60  # the time above the line may go, for there is now one before it


def test_a_line_pushed_twice_is_shown_once(wired):
    chat, wire = wired
    wire.twice = True
    chat.ask("你好")
    answers = chat.answers.count()
    line = {"seq": 9001, "author": "bot", "text": "只说一遍", "at": "2024-05-12T06:05:00+00:00"}
    wire.push("line", line)
    wire.push("line", line)
    expect(chat.log.get_by_text("只说一遍")).to_have_count(1)
    expect(chat.own).to_have_count(1)
    expect(chat.answers).to_have_count(answers + 1)


def test_lines_are_shown_in_their_order_and_confirmed(wired):
    chat, wire = wired
    for seq, text in ((9003, "丙"), (9001, "甲"), (9002, "乙")):
        wire.push("line", {"seq": seq, "author": "agent", "text": text, "at": "2024-05-12T06:05:00+00:00"})
    agent = chat.page.get_by_role("article", name="人工客服")
    expect(agent).to_have_count(3)
    assert [line.strip() for line in agent.locator(".text").all_inner_texts()] == ["甲", "乙", "丙"]
    confirmed = {seq for name, data, *_ in wire.sent if name == "received" for seq in data["seqs"]}
    assert {9001, 9002, 9003} <= confirmed


def test_a_closed_chat_counts_what_was_not_read(wired):
    chat, wire = wired
    chat.input.press("Escape")
    wire.push("line", {"seq": 9001, "author": "bot", "text": "流量快用完了", "at": "2024-05-12T06:05:00+00:00"})
    expect(chat.launcher).to_have_accessible_name("打开在线客服, 1 条未读")
    chat.launcher.click()
    expect(chat.log.get_by_text("流量快用完了")).to_be_visible()
    chat.input.press("Escape")
    expect(chat.launcher).to_have_accessible_name("打开在线客服")


def test_a_human_is_one_press_away(wired):
    chat, wire = wired
    chat.panel.get_by_role("button", name="转人工服务").click()
    expect(chat.own.first).to_contain_text("转人工")
    assert wire.payloads() == ["/request_human"]


def test_waiting_shows_the_place_and_the_way_back(wired):
    chat, wire = wired
    wire.push("state", {"state": "waiting", "ahead": 2, "minutes": 3})
    expect(chat.panel.get_by_text("正在等待人工, 前面还有 2 位, 大约 3 分钟")).to_be_visible()
    chat.panel.get_by_role("button", name="继续用机器人").click()
    expect(chat.own).to_have_count(1)
    assert wire.payloads() == ["/back_to_bot"]
    wire.push("state", {"state": "human"})
    expect(chat.panel.get_by_text("人工服务中").first).to_be_visible()
    expect(chat.panel.get_by_text("正在等待人工")).to_be_hidden()
    wire.push("state", {"state": "human", "agent": "小林"})
    expect(chat.panel.get_by_text("小林为您服务")).to_be_visible()


def test_signing_out_is_in_the_menu(wired):
    chat, wire = wired
    chat.choose_in_menu("退出身份")
    expect(chat.own).to_have_count(1)
    assert wire.payloads() == ["/sign_out"]


def test_clearing_leaves_nothing_for_the_next_person_at_this_device(chat):
    chat.open()
    chat.ask("畅选59有多少流量")
    chat.choose_in_menu("清空对话")
    question = chat.page.get_by_role("dialog", name=re.compile("要清空吗"))
    chat.page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(chat.own).to_have_count(1)
    chat.choose_in_menu("清空对话")
    question.get_by_role("button", name="清空").click()
    expect(chat.own).to_have_count(0)
    expect(chat.answers).to_have_count(1)  # the greeting
    chat.page.reload()
    expect(chat.answers).to_have_count(1)
    expect(chat.own).to_have_count(0)
    chat.ask("你好")
    expect(chat.own).to_have_count(1)


def test_the_whole_conversation_can_be_saved(chat, tmp_path):
    chat.open()
    chat.ask("你好")
    answer = chat.answers.last.locator(".text").first.inner_text().replace("\u00a0", " ")
    with chat.page.expect_download() as download:
        chat.choose_in_menu("导出对话")
    assert download.value.suggested_filename.startswith("星桥助手-对话-")
    download.value.save_as(tmp_path / "talk.txt")
    text = (tmp_path / "talk.txt").read_text("utf-8-sig")
    assert re.search(r"\[\d{4}-\d\d-\d\d \d\d:\d\d\] 我\n你好", text)
    assert answer.splitlines()[0] in text


def test_an_answer_can_be_copied(chat):
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.open()
    chat.answers.last.get_by_role("button", name="复制这条消息").click()
    expect(chat.page.get_by_text("已复制")).to_be_attached()
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert copied == chat.answers.last.locator(".text").first.inner_text().replace("\u00a0", " ")


def test_a_message_too_long_is_not_sent(chat):
    chat.open()
    chat.input.fill("字" * 460)
    expect(chat.panel.get_by_text("还可输入 40 字")).to_be_visible()
    chat.input.fill("字" * 503)
    expect(chat.panel.get_by_text("超出 3 字, 请分开发送")).to_be_visible()
    chat.input.press("Enter")
    expect(chat.panel.get_by_role("button", name="发送")).to_be_disabled()
    expect(chat.own).to_have_count(0)
