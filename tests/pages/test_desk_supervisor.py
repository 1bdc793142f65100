"""What a supervisor sees and does on the page 监控, with mouse and keyboard."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, expect
from sqlalchemy import update

from botkit.clock import system_clock
from botkit.conversation.messages import Author
from botkit.conversation.ownership import move
from botkit.conversation.transcript import append_line, open_conversation
from botkit.desk.accounts import Role
from botkit.handoff.machine import HandOver, Reason
from botkit.store.engine import UnitOfWork, create_engine, unit_of_work
from botkit.store.tables.conversation import ConversationRow
from botkit.store.tables.desk import ServiceRow
from tests.pages.conftest import DESKTOP, Chat
from tests.pages.desk import Desk
from tests.server_process import ServerProcess


@pytest.fixture
def work(server: ServerProcess) -> Iterator[UnitOfWork]:
    engine = create_engine(f"sqlite:///{server.var / 'botkit.db'}")
    yield unit_of_work(engine)
    engine.dispose()


@pytest.fixture
def customer(new_context: Callable[..., BrowserContext]) -> Chat:
    page = new_context(**DESKTOP).new_page()
    page.goto("/")
    return Chat(page).open()


def waits(work: UnitOfWork, group: str, minutes: int = 5) -> str:
    """A customer who has waited so long for a group in which nobody is there."""
    at = system_clock() - timedelta(minutes=minutes)
    with work() as session:
        talk = open_conversation(session, "web", uuid.uuid4().hex, at)
        append_line(session, talk, Author.CUSTOMER, "为什么又扣我钱", at)
        move(session, talk, HandOver(Reason.ASKED, "bill", group), at)
        return str(talk.id)


def watching(desk: Desk) -> Desk:
    desk.page.get_by_role("button", name="监控").click()
    expect(desk.page.get_by_role("heading", name="监控")).to_be_focused()
    return desk


def sheet(desk: Desk, title: str) -> Locator:
    return desk.page.locator(".sheet", has=desk.page.get_by_role("heading", name=title, exact=True))


def row(desk: Desk, title: str, talk: str) -> Locator:
    return sheet(desk, title).locator("li", has=desk.page.locator(f"[data-focus$='open {talk}']"))


def is_given(desk: Desk) -> None:
    """Whoever comes is given those who wait for his group. The customer was written past the server: nobody was told of him."""
    desk.page.reload()
    expect(desk.page.locator("#box-waiting")).to_be_visible()  # before, there is nobody to hear the keys
    desk.box(2)
    expect(desk.page.locator(".item")).to_have_count(1)
    desk.open("访客")


def test_a_waiting_customer_is_given_to_an_agent(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    lin, chief = hire("小林", "plans"), watching(hire("主管", role=Role.SUPERVISOR))
    talk = waits(work, "technical")
    waiting = row(chief, "正在等待的客户", talk)
    expect(waiting).to_contain_text("网络与5G · 网页 · 客户要人工")
    expect(waiting.locator(".clock")).to_have_text("等 5 分")
    waiting.get_by_role("button", name=re.compile("^指派")).click()
    dialog = chief.page.locator("dialog[open]")
    choice = dialog.locator("option", has_text="小林").get_attribute("value")
    dialog.locator("select").select_option(choice)
    chief.confirm()
    expect(waiting).to_have_count(0)
    lin.box(2)
    expect(lin.page.locator(".item")).to_have_count(1)


def test_with_the_keyboard_from_row_to_row_to_the_agent(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    hire("小林", "plans")
    first, second = waits(work, "technical", 9), waits(work, "technical", 5)
    chief = watching(hire("主管", role=Role.SUPERVISOR))
    row(chief, "正在等待的客户", first).locator(".due-item").focus()
    chief.page.keyboard.press("ArrowDown")
    expect(row(chief, "正在等待的客户", second).locator(".due-item")).to_be_focused()
    chief.page.keyboard.press("k")
    expect(row(chief, "正在等待的客户", first).locator(".due-item")).to_be_focused()
    chief.page.keyboard.press("t")
    expect(chief.page.locator("dialog[open]").get_by_role("heading")).to_contain_text("指派")
    chief.page.keyboard.press("Escape")
    row(chief, "正在等待的客户", first).locator(".due-item").focus()
    chief.page.keyboard.press("Enter")
    expect(chief.page.locator(".line.customer")).to_contain_text("为什么又扣我钱")


def test_replies_that_are_owed_and_places_that_are_counted_once(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    lin = hire("小林", "plans", "general", limit=3)
    chief = watching(hire("主管", role=Role.SUPERVISOR))
    queues = sheet(chief, "队列").locator("tbody tr")
    for group in ("套餐资费", "综合"):
        expect(queues.filter(has_text=group).locator("td").last).to_have_text("3")
    expect(queues.filter(has_text="合计").locator("td").last).to_have_text("3")

    talk = waits(work, "plans")
    is_given(lin)
    expect(lin.page.locator(".stretch.Accept")).to_have_count(1)
    expect(queues.filter(has_text="合计").locator("td").last).to_have_text("2")
    agents = sheet(chief, "坐席").locator("tbody tr").filter(has_text="小林")
    expect(agents).to_contain_text("1 / 3")
    expect(agents.locator("td").nth(2)).to_contain_text("等 ")

    owed = system_clock() - timedelta(minutes=4)
    with work() as session:
        session.execute(update(ServiceRow).where(ServiceRow.conversation_id == talk).values(customer_at=owed))
    late = row(chief, "该回复还没回复", talk)
    expect(late.locator(".clock")).to_have_text("等 4 分")
    expect(late).to_contain_text("小林")
    lin.says("您好, 我来看")
    expect(late).to_have_count(0)


def serves_and_ends(lin: Desk, customer: Chat) -> None:
    customer.ask("转人工")
    lin.box(2)
    lin.open("访客")
    lin.says("查到了, 明天就好")
    expect(customer.log.get_by_text("明天就好")).to_be_visible()
    expect(lin.page.locator(".item").first).to_contain_text("明天就好")  # else it asks before it closes
    lin.shortcut("x")
    dialog = lin.page.locator("dialog[open]")
    dialog.get_by_label("已解决", exact=True).check()
    dialog.locator("textarea").fill("答应明天办好")
    lin.confirm()


def test_an_unhappy_customer_is_seen_and_his_conversation_opened(customer: Chat, hire: Callable[..., Desk]) -> None:
    lin, chief = hire("小林评", "general"), watching(hire("主管", role=Role.SUPERVISOR))
    today = sheet(chief, "今天的服务").locator("tbody tr").filter(has_text="小林评")
    unhappy = sheet(chief, "不满意的评价").locator("li").filter(has_text="小林评")
    expect(today.locator("td")).to_have_text(["0", "还没有评价"])
    expect(unhappy).to_have_count(0)
    table = chief.page.get_by_role("group", name="今天的服务")
    table.focus()

    serves_and_ends(lin, customer)
    customer.log.get_by_role("button", name="2", exact=True).click()
    customer.log.get_by_role("button", name="没解决").click()
    expect(unhappy).to_contain_text(re.compile("2 分小林评 · 综合 · .*客户说没解决"))
    expect(today.locator("td")).to_have_text(["1", "2.0 分 · 1 次"])
    expect(table).to_be_focused()  # though all of it was drawn anew
    expect(lin.page.get_by_role("button", name="监控")).to_have_count(0)  # whom it is about does not see it

    unhappy.get_by_role("button").focus()
    chief.page.keyboard.press("Enter")
    expect(chief.page.locator(".line.agent")).to_contain_text("明天就好")
    expect(chief.page.get_by_text("服务已结束。客户再来时会重新出现。")).to_be_visible()


def test_whoever_leaves_a_customer_without_a_reply_is_asked_first(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    lin = hire("小林", "plans")
    waits(work, "plans")
    is_given(lin)
    expect(lin.page.locator(".stretch.Accept")).to_have_count(1)
    lin.shortcut("x")
    dialog = lin.page.locator("dialog[open]")
    expect(dialog).to_contain_text("最后说的话还没有人回复")
    expect(dialog).to_contain_text("为什么又扣我钱")
    dialog.get_by_role("button", name="取消").click()
    expect(dialog).to_have_count(0)

    account = lin.page.locator(".account-button")
    account.click()
    lin.page.get_by_role("menuitem", name="退出登录").click()
    expect(dialog).to_contain_text("手上还有 1 位客户")
    expect(dialog).to_contain_text("为什么又扣我钱")
    lin.page.keyboard.press("Escape")
    expect(lin.page.locator("#login")).to_have_count(0)

    lin.says("您好, 我来看")
    expect(lin.page.locator(".item").first).to_contain_text("您好, 我来看")  # it is on its way until then
    lin.shortcut("x")
    expect(dialog.get_by_role("heading")).to_contain_text("还没收到您的回复")  # he has no page open
    dialog.get_by_role("button", name="仍然结束").click()
    expect(dialog.get_by_role("heading")).to_contain_text("结束对")
    lin.page.keyboard.press("Escape")
    account.click()
    lin.page.get_by_role("menuitem", name="退出登录").click()
    expect(dialog).to_contain_text("回到队伍最前面")
    expect(dialog.locator(".unanswered")).to_have_count(0)
    dialog.get_by_role("button", name="仍然退出").click()
    expect(lin.page.locator("#login")).to_be_visible()


def test_system_lines_in_a_row_are_folded_and_unfold_by_keyboard(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    talk = waits(work, "plans")
    with work() as session:
        conversation = session.get(ConversationRow, talk)
        for number in range(3):
            append_line(session, conversation, Author.SYSTEM, f"系统的话 {number}", system_clock())
    lin = hire("小林", "general")
    lin.box(3)
    lin.open("访客")
    expect(lin.page.locator(".stretch.HandOver")).to_be_visible()  # the reason stays
    expect(lin.page.get_by_text("转人工 · 客户要人工 · 套餐资费")).to_be_visible()
    fold = lin.page.locator(".fold")
    expect(fold.locator("summary")).to_have_text(re.compile("3 条系统记录: 系统的话 2"))
    expect(lin.page.get_by_text("系统的话 0")).to_be_hidden()
    lin.shortcut("l")
    lin.page.keyboard.press("ArrowDown")
    lin.page.keyboard.press("End")
    for _ in range(4):
        lin.page.keyboard.press("ArrowDown")
    expect(fold.locator("summary")).to_be_focused()
    lin.page.keyboard.press("Enter")
    expect(lin.page.get_by_text("系统的话 0")).to_be_visible()
    lin.page.keyboard.press("ArrowDown")
    expect(lin.page.locator(".stretch", has_text="系统的话 0")).to_be_focused()
