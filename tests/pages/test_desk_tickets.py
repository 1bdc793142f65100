"""Tickets and call-backs, from the customer's number to the agent's hand."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.pages.conftest import DESKTOP, Chat
from tests.pages.desk import Desk


def test_a_call_back_from_the_number_to_the_telephone(
    new_context: Callable[..., BrowserContext], hire: Callable[..., Desk]
) -> None:
    page = new_context(**DESKTOP).new_page()
    page.goto("/")
    customer = Chat(page).open()
    customer.ask("转人工")
    customer.say("给我回电话")
    expect(customer.log.get_by_text("请留一个能接到电话的号码")).to_be_visible()
    customer.say("1380013800")
    expect(customer.log.get_by_text("这个号码不对")).to_be_visible()
    customer.say("138 0013 8000")
    expect(customer.log.get_by_text(re.compile("打 138\\*{4}8000 联系您"))).to_be_visible()

    lin = hire("小林", "complaints", "general", permissions=["clipboard-read", "clipboard-write"])
    lin.page.get_by_role("button", name="工单", exact=True).click()
    ticket = lin.page.locator(".ticket").first
    expect(ticket).to_contain_text("138****8000 · 网页")
    expect(ticket.get_by_role("link", name="拨打 13800138000")).to_have_attribute("href", "tel:13800138000")
    expect(ticket.get_by_text("待处理")).to_have_count(1)  # said once
    expect(ticket.locator(".ticket-text")).to_contain_text(re.compile(r"客户 \d{4}年\d+月\d+日 \d\d:\d\d 要求回电"))
    ticket.get_by_role("button", name="复制号码").click()
    expect(ticket.get_by_text("已复制")).to_be_visible()
    assert lin.page.evaluate("navigator.clipboard.readText()") == "13800138000"

    states = lin.page.get_by_role("group", name="状态")
    expect(states.get_by_role("button", name=re.compile(r"^待处理, \d+ 张"))).to_be_visible()
    mine = lin.page.get_by_role("button", name=re.compile("^我经手的, 0 张"))
    mine.click()
    expect(lin.page.get_by_text("没有这样的工单")).to_be_visible()
    lin.page.get_by_role("button", name=re.compile("^我经手的")).click()
    ticket.get_by_role("button", name=re.compile("^更新工单")).click()
    dialog = lin.page.locator("dialog[open]")
    dialog.get_by_label("处理中", exact=True).check()
    dialog.locator("textarea").fill("今天下午给您回电")
    lin.confirm()
    expect(lin.page.get_by_role("button", name="我经手的, 1 张")).to_be_visible()
    expect(ticket.get_by_text("处理中", exact=True)).to_have_count(1)

    ticket.get_by_role("button", name=re.compile("的会话$")).click()
    expect(lin.page.locator(".line.customer", has_text="给我回电话")).to_be_visible()
