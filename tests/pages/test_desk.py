"""Customer and agents, each in a browser of their own, on the real server."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from botkit.clock import system_clock
from botkit.desk.accounts import Accounts, Agent, Role
from botkit.store.engine import create_engine, unit_of_work
from tests.pages.conftest import DESKTOP, Chat
from tests.server_process import ServerProcess

WIDE = {"viewport": {"width": 1440, "height": 900}}


class Desk:
    """The console as an agent sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines = page.locator(".line")
        self.stretches = page.locator(".stretch")
        self.reply = page.locator("#reply")

    def sign_in(self, login: str, password: str) -> Desk:
        self.page.goto("/desk")
        self.page.locator("#login").fill(login)
        self.page.locator("#password").fill(password)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#box-waiting")).to_be_visible()
        return self

    def box(self, number: int) -> None:
        self.page.keyboard.press(f"Alt+{number}")

    def open(self, words: str) -> None:
        self.page.locator(".item", has_text=words).first.click()
        expect(self.lines.first).to_be_visible()

    def says(self, text: str) -> None:
        self.reply.fill(text)
        self.reply.press("Enter")
        expect(self.page.locator(".line.agent").last).to_contain_text(text)

    def shortcut(self, key: str) -> None:
        """A letter, away from any field."""
        self.page.evaluate("document.activeElement?.blur()")
        self.page.keyboard.press(key)

    def confirm(self) -> None:
        self.page.locator("dialog[open]").locator("button[type=submit]").click()
        expect(self.page.locator("dialog[open]")).to_have_count(0)


@pytest.fixture
def hire(server: ServerProcess, new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Desk]]:
    """Agents, each signed in with a browser of his own. They leave at the end, so that the next test has the desk alone."""
    engine = create_engine(f"sqlite:///{server.var / 'botkit.db'}")
    accounts = Accounts(unit_of_work(engine), system_clock)
    hired: list[Agent] = []

    def make(name: str, *groups: str, limit: int = 5) -> Desk:
        login = f"p{uuid.uuid4().hex[:8]}"
        agent, password = accounts.create(login, name, Role.AGENT, groups, limit)
        hired.append(agent)
        return Desk(new_context(**WIDE).new_page()).sign_in(login, password)

    yield make
    for agent in hired:
        accounts.change(agent.id, agent.name, Role.AGENT, [], 1, active=False)
    engine.dispose()


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
