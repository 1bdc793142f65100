"""Customer and agents, each in a browser of their own, on the real server."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.pages.conftest import DESKTOP, Chat
from tests.pages.desk import Desk


@pytest.fixture
def customer(new_context: Callable[..., BrowserContext]) -> Chat:
    page = new_context(**DESKTOP).new_page()
    page.goto("/")
    return Chat(page).open()


def test_an_upset_customer_is_served_passed_on_and_comes_back(customer: Chat, hire: Callable[..., Desk]) -> None:
    lin = hire("小林", "complaints", "general")
    chen = hire("小陈", "billing", limit=5)
    customer.ask("你们的话费怎么又不对")
    customer.ask("骗子公司!!")
    customer.ask("气死我了, 说了三遍都听不懂")
    expect(customer.log.get_by_text("小林为您服务")).to_be_visible()
    lin.box(2)
    lin.open("客户")
    expect(lin.page.get_by_text("你们的话费怎么又不对")).to_be_visible()
    expect(lin.page.locator(".line.customer mark").first).to_be_visible()
    lin.says("您好, 我是小林, 这笔费用我来查。")
    expect(customer.log.get_by_text("这笔费用我来查")).to_be_visible()
    customer.say("好的, 快点")
    expect(lin.page.locator(".line.customer").last).to_contain_text("好的, 快点")

    lin.shortcut("c")  # consult
    dialog = lin.page.locator("dialog[open]")
    dialog.get_by_label(re.compile("费用账单")).check()
    dialog.locator("textarea").fill("这笔 20 元是什么?")
    lin.confirm()
    lin.shortcut("t")  # transfer
    dialog = lin.page.locator("dialog[open]")
    dialog.get_by_label(re.compile("费用账单")).check()
    dialog.locator("textarea").fill("客户很急, 请先道歉")
    lin.confirm()
    expect(customer.log.get_by_text("小陈为您服务")).to_be_visible()
    expect(customer.log.get_by_text("请先道歉")).to_have_count(0)

    chen.box(2)
    chen.open("客户")
    expect(chen.page.get_by_text("客户很急, 请先道歉")).to_be_visible()
    chen.says("实在抱歉, 20 元明天退回。")
    expect(customer.log.get_by_text("20 元明天退回")).to_be_visible()
    chen.shortcut("x")  # close
    dialog = chen.page.locator("dialog[open]")
    dialog.get_by_label("已解决", exact=True).check()
    dialog.locator("textarea").fill("扣费争议, 已答应退 20 元")
    chen.confirm()
    expect(customer.log.get_by_text("这次人工服务结束了")).to_be_visible()
    before = customer.answers.count()
    customer.ask("你好")
    expect(customer.log.get_by_text(re.compile("机器人客服")).last).to_be_visible()
    assert customer.answers.count() <= before + 1, "the bot answers this, and nothing old"
