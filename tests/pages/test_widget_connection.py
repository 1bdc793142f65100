"""When the line breaks: said in words, nothing lost, nothing twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.pages

AT = "2024-05-12T06:05:00+00:00"


def test_what_was_written_offline_is_sent_once_when_the_network_is_back(chat):
    chat.open()
    chat.ask("你好")
    chat.page.context.set_offline(True)
    expect(chat.panel.get_by_text("网络已断开")).to_be_visible()
    chat.say("断网时写的话")
    expect(chat.own.last).to_contain_text("连上后自动发送")
    chat.page.context.set_offline(False)
    expect(chat.own.last).to_contain_text("已送达")
    expect(chat.panel.get_by_text("网络已断开")).to_be_hidden()
    chat.page.reload()
    expect(chat.log.get_by_text("断网时写的话")).to_have_count(1)


def test_what_was_not_sent_survives_a_reload(wired):
    chat, wire = wired
    chat.ask("你好")
    wire.hold_messages = True
    chat.say("还没发出去的话")
    expect(chat.own.last).to_contain_text("发送中")
    chat.page.reload()
    expect(chat.own.last).to_contain_text("还没发出去的话")
    expect(chat.own.last).to_contain_text("发送中")
    wire.hold_messages = False
    wire.cut()
    expect(chat.own.last).to_contain_text("已送达")
    expect(chat.own).to_have_count(2)


def test_a_broken_connection_comes_back_by_itself(wired):
    chat, wire = wired
    wire.cut()
    chat.ask("还在吗")
    expect(chat.panel.get_by_text("正在重新连接")).to_be_hidden()


def test_the_line_itself_confirms_a_message_whose_answer_was_lost(wired):
    chat, wire = wired
    wire.hold_messages = True
    chat.say("你好")
    expect(chat.own).to_contain_text("发送中")
    wire.push(
        "line", {"seq": 9001, "author": "customer", "text": "你好", "at": AT, "client_id": wire.sent[-1][1]["id"]}
    )
    expect(chat.own).to_contain_text("已送达")
    expect(chat.own).to_have_count(1)


def test_an_answer_lost_on_the_way_does_not_double_the_message(wired):
    chat, wire = wired
    wire.hold_answers = True
    wire.rewrite = lambda event: event if event[0] != "line" else ["line-lost", {}]
    chat.say("只收一次")
    expect(chat.own).to_contain_text("发送中")
    wire.hold_answers = False
    wire.rewrite = lambda event: event
    wire.cut()
    expect(chat.own.filter(has_text="已送达")).to_have_count(1)
    expect(chat.own).to_have_count(1)
    chat.page.reload()
    expect(chat.own).to_have_count(1)


def test_a_message_that_the_server_refuses_says_why_and_can_be_deleted(wired):
    chat, wire = wired
    refusal = {"ok": False, "error": "发得太快, 请过 10 秒再发", "code": "too_fast"}
    wire.answer_message = refusal
    chat.say("快")
    expect(chat.own).to_contain_text("未发送: 发得太快, 请过 10 秒再发")
    chat.own.get_by_role("button", name="删除").click()
    expect(chat.own).to_have_count(0)


def test_a_refused_message_can_be_tried_again(wired):
    chat, wire = wired
    wire.answer_message = {"ok": False, "error": "请稍后再试", "code": "busy"}
    chat.say("再试一次")
    retry = chat.own.get_by_role("button", name="点此重试")
    expect(retry).to_be_visible()
    wire.answer_message = None
    retry.click()
    expect(chat.own).to_contain_text("已送达")
    expect(chat.own).to_have_count(1)


def test_a_refused_connection_is_said_with_the_hotline_and_can_be_tried_again(wired):
    chat, wire = wired
    wire.refuse = True
    wire.cut()
    expect(chat.panel.get_by_text("暂时连不上客服, 可稍后再试或拨打 10036")).to_be_visible()
    wire.refuse = False
    chat.panel.get_by_role("button", name="再试一次").click()
    expect(chat.panel.get_by_text("暂时连不上客服")).to_be_hidden()
    chat.ask("你好")


def test_a_part_that_did_not_load_is_tried_again(new_context):
    page = new_context().new_page()
    page.route("**/vendor/socket.io.esm.min.js", lambda route: route.abort())
    page.goto("/")
    page.get_by_role("button", name="打开在线客服").click()
    page.get_by_role("button", name="再试一次").last.click()
    expect(page.get_by_role("article", name="助手", exact=True).first).to_be_visible()


def test_the_servers_time_and_words_stand(wired):
    """The clock of a phone may be wrong, and a server may mask what should not be kept."""
    chat, wire = wired
    chat.say("验证码 123456")
    expect(chat.own).to_contain_text("已送达")
    wire.push("line", {"seq": wire.answers[-1]["seq"], "author": "customer", "text": "验证码 ******", "at": AT})
    expect(chat.own.locator(".text")).to_have_text("验证码 ******")
    expect(chat.log.get_by_text("2024年5月12日 14:05")).to_be_visible()
