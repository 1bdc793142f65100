"""What has not reached the customer, as agents and supervisors see it, and sent once more."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, WebSocketRoute, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from botkit.clock import system_clock
from botkit.conversation.messages import Author
from botkit.conversation.outbox import DELIVERED, FAILED, PENDING, SENT
from botkit.conversation.ownership import move
from botkit.conversation.transcript import append_line, open_conversation
from botkit.desk.accounts import Role
from botkit.handoff.machine import Close, End, HandOver, Owner, Reason
from botkit.store.engine import UnitOfWork, create_engine, unit_of_work
from botkit.store.tables.conversation import ConversationRow, LineRow, OutboundRow
from tests.pages.conftest import DESKTOP, PHONE, Chat
from tests.pages.desk import Desk
from tests.server_process import ServerProcess

pytestmark = pytest.mark.pages

UNDER_WAY = (Owner.WAITING.value, Owner.HUMAN.value)
AGAIN = re.compile("^再发一次")
WINDOW = "没送到: 客户太久没来消息, 平台不让再发"


@pytest.fixture
def work(server: ServerProcess) -> Iterator[UnitOfWork]:
    """The database of the server. Before and after, nothing in it is undelivered and nobody waits or is served."""
    engine = create_engine(f"sqlite:///{server.var / 'botkit.db'}")
    work = unit_of_work(engine)
    _tidy(work)
    yield work
    _tidy(work)
    engine.dispose()


def _tidy(work: UnitOfWork) -> None:
    with work() as session:
        session.execute(update(OutboundRow).where(OutboundRow.status == FAILED).values(status=DELIVERED))
        for talk in session.execute(select(ConversationRow).where(ConversationRow.owner.in_(UNDER_WAY))).scalars():
            move(session, talk, Close(End.CUSTOMER_SILENT), system_clock())


def _line(
    session: Session,
    talk: ConversationRow,
    text: str,
    status: str = DELIVERED,
    problem: str | None = None,
    elsewhere: str | None = None,
) -> int:
    """A line of the bot's, and what has become of it."""
    line = append_line(session, talk, Author.BOT, text, system_clock())
    row = OutboundRow(conversation_id=talk.id, seq=line.seq, status=status, problem=problem, elsewhere=elsewhere)
    row.created_at = line.at
    session.add(row)
    return line.seq


@pytest.fixture
def far(work: UnitOfWork, empty_desk: None) -> str:
    """A customer on Telegram, which this server has no way to, who waits; his conversation."""
    with work() as session:
        talk = open_conversation(session, "telegram", uuid.uuid4().hex, system_clock())
        append_line(session, talk, Author.CUSTOMER, "我的流量怎么没了", system_clock())
        _line(session, talk, "您的流量已用完。")
        _line(session, talk, "要不要加一个流量包?", FAILED, "blocked")
        _line(session, talk, "10 元 1 GB。", FAILED, "window_closed", "sms")
        _line(session, talk, "20 元 3 GB。", FAILED, "expired")
        _line(session, talk, "30 元 5 GB。", SENT)
        move(session, talk, HandOver(Reason.ASKED, "", "plans"), system_clock())
        return str(talk.id)


@pytest.fixture
def customer(new_context: Callable[..., BrowserContext]) -> Chat:
    page = new_context(**DESKTOP).new_page()
    page.goto("/")
    return Chat(page).open()


def line(desk: Desk, text: str) -> Locator:
    return desk.page.locator(".line", has_text=text)


def mark(desk: Desk, text: str) -> Locator:
    return line(desk, text).locator(".delivery")


def open_item(desk: Desk, box: int, conversation: str) -> Desk:
    desk.box(box)
    desk.page.locator(f'.item[data-id="{conversation}"]').click()
    expect(desk.lines.first).to_be_visible()
    return desk


def watch(desk: Desk) -> Desk:
    desk.page.get_by_role("button", name="监控", exact=True).click()
    return desk


def rows(boss: Desk) -> Locator:
    return boss.page.get_by_role("region", name="没送到的消息").get_by_role("listitem")


def test_below_each_line_stands_what_has_become_of_it(far: str, hire: Callable[..., Desk]) -> None:
    lin = open_item(hire("小林", "plans"), 2, far)
    expect(line(lin, "您的流量已用完")).to_be_visible()
    expect(mark(lin, "您的流量已用完")).to_have_count(0)
    expect(mark(lin, "要不要加一个流量包").locator("span")).to_have_text("没送到: 客户屏蔽了我们")
    expect(mark(lin, "10 元 1 GB").locator("span")).to_have_text(f"{WINDOW} · 已改发短信")
    expect(mark(lin, "20 元 3 GB").locator("span")).to_have_text("试了两天没送到")
    expect(mark(lin, "30 元 5 GB")).to_have_text("已发出")


def test_who_serves_sends_again_and_who_only_looks_does_not(far: str, hire: Callable[..., Desk]) -> None:
    lin = open_item(hire("小林", "plans"), 2, far)
    chen = open_item(hire("小陈", "billing"), 3, far)
    expect(mark(chen, "20 元 3 GB")).to_have_text("试了两天没送到")
    expect(chen.page.get_by_role("button", name=AGAIN)).to_have_count(0)

    line(lin, "20 元 3 GB").get_by_role("button", name=AGAIN).press("Enter")
    expect(mark(lin, "20 元 3 GB")).to_have_text("等待送达")
    expect(line(lin, "20 元 3 GB")).to_be_focused()  # the button is gone
    expect(mark(chen, "20 元 3 GB")).to_have_text("等待送达")
    expect(lin.page.get_by_text("已重新发出")).to_be_visible()


def test_what_arrives_loses_its_mark(work: UnitOfWork, customer: Chat, hire: Callable[..., Desk]) -> None:
    lin = hire("小林", "general", "complaints", "plans", "billing")
    customer.ask("你好")
    customer.ask("骗子公司!!")
    expect(customer.log.get_by_text("小林为您服务")).to_be_visible()
    lin.box(2)
    lin.open("访客")
    lin.says("我来查一查。")
    expect(line(lin, "我来查一查").locator(".state")).to_have_text("已读")
    _fail_last(work, "我来查一查。")
    lin.page.reload()
    expect(mark(lin, "我来查一查")).to_contain_text("没送到: 平台没有接收")
    line(lin, "我来查一查").get_by_role("button", name=AGAIN).click()
    expect(mark(lin, "我来查一查")).to_have_count(0)
    expect(line(lin, "我来查一查").locator(".state")).to_have_text("已读")


def _fail_last(work: UnitOfWork, text: str) -> None:
    """As if this line had been refused."""
    with work() as session:
        found = session.execute(
            select(OutboundRow)
            .join(LineRow, (LineRow.conversation_id == OutboundRow.conversation_id) & (LineRow.seq == OutboundRow.seq))
            .where(LineRow.text == text)
            .order_by(OutboundRow.id.desc())
            .limit(1)
        ).scalar_one()
        found.status, found.problem = FAILED, "refused"


def test_on_the_web_it_waits_until_he_looks(work: UnitOfWork, customer: Chat, hire: Callable[..., Desk]) -> None:
    lin = hire("小林", "general", "complaints", "plans", "billing")
    customer.ask("骗子公司!!")
    expect(customer.log.get_by_text("小林为您服务")).to_be_visible()
    lin.box(2)
    lin.open("访客")
    customer.page.goto("about:blank")
    lin.says("您还在吗?")
    expect(mark(lin, "您还在吗")).to_have_text("客户还没看到")
    customer.page.goto("/")
    expect(mark(lin, "您还在吗")).to_have_count(0)
    expect(line(lin, "您还在吗").locator(".state")).to_have_text("已读")


class Injected:
    """The console of an agent with one customer, into whose connection one can speak as the server would."""

    def __init__(self, desk: Desk) -> None:
        self.route: WebSocketRoute | None = None
        desk.page.route_web_socket(re.compile(r"/chat/socket\.io/"), self._connect)
        desk.page.reload()
        expect(desk.page.locator("#box-mine .count")).to_have_text("1")  # the server has welcomed it

    def _connect(self, route: WebSocketRoute) -> None:
        self.route = route
        route.connect_to_server()

    def tell(self, name: str, data: dict[str, Any]) -> None:
        assert self.route is not None
        self.route.send(f"42/desk,{json.dumps([name, data])}")


def test_a_failure_is_announced_and_calls_the_agent(far: str, hire: Callable[..., Desk]) -> None:
    lin = hire("小林", "plans")
    wire = Injected(lin)
    wire.tell("call", {"id": far, "kind": "undelivered", "text": ""})
    toast = lin.page.locator(".toast", has_text="有消息没送到客户")
    toast.get_by_role("button", name="打开").click()
    expect(mark(lin, "30 元 5 GB")).to_have_text("已发出")
    wire.tell(
        "delivery", {"id": far, "seq": 6, "delivery": {"status": "failed", "problem": "no_address", "elsewhere": None}}
    )
    expect(mark(lin, "30 元 5 GB")).to_contain_text("没送到: 号码或账号收不到")
    expect(lin.page.locator(".log [role=status]")).to_have_text("没送到: 号码或账号收不到: 30 元 5 GB。")
    wire.tell(
        "delivery", {"id": far, "seq": 6, "delivery": {"status": "delivered", "problem": None, "elsewhere": None}}
    )
    expect(mark(lin, "30 元 5 GB")).to_have_count(0)


def test_the_supervisor_sees_all_of_them(far: str, hire: Callable[..., Desk]) -> None:
    boss = watch(hire("小管", role=Role.SUPERVISOR))
    expect(rows(boss)).to_have_count(3)
    row = rows(boss).filter(has_text="10 元 1 GB")
    expect(row).to_contain_text("Telegram")
    expect(row).to_contain_text(f"{WINDOW} · 已改发短信")
    row.get_by_role("button", name=AGAIN).press("Enter")
    expect(rows(boss)).to_have_count(2)
    expect(boss.page.get_by_text("已重新发出")).to_be_visible()
    expect(boss.page.get_by_role("heading", name="监控")).to_be_focused()  # the row is gone

    rows(boss).filter(has_text="20 元 3 GB").get_by_role("button").first.click()
    expect(mark(boss, "10 元 1 GB").locator("span")).to_have_text("等待送达 · 已改发短信")
    line(boss, "20 元 3 GB").get_by_role("button", name=AGAIN).click()  # not his own, but he supervises
    expect(mark(boss, "20 元 3 GB")).to_have_text("等待送达")


def test_the_supervisors_page_follows(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    boss = watch(hire("小管", role=Role.SUPERVISOR))
    expect(boss.page.get_by_text("没有没送到的消息")).to_be_visible()
    with work() as session:
        talk = open_conversation(session, "sms", uuid.uuid4().hex, system_clock())
        for number in range(7):
            _line(session, talk, f"第{number}条: " + "很长的话" * 60, FAILED, "no_address")
        _line(session, talk, "还在路上", PENDING)
    expect(rows(boss)).to_have_count(5)
    expect(rows(boss).first).to_contain_text("第6条")
    expect(rows(boss).first).to_contain_text("…")
    boss.page.get_by_role("button", name="全部 7 条").click()
    expect(rows(boss)).to_have_count(7)
    expect(boss.page.get_by_text("还在路上")).to_have_count(0)


def test_on_a_phone_it_fits(far: str, hire: Callable[..., Desk]) -> None:
    boss = watch(hire("小管", role=Role.SUPERVISOR, **PHONE))
    expect(rows(boss)).to_have_count(3)
    assert too_wide(boss.page, ".undelivered") == []
    rows(boss).first.get_by_role("button").first.click()
    expect(mark(boss, "10 元 1 GB")).to_be_visible()
    assert too_wide(boss.page, ".log") == []


def too_wide(page: Page, place: str) -> list[str]:
    """What in this place reaches beyond the screen."""
    return list(
        page.locator(place).evaluate(
            """place => [...place.querySelectorAll('*:not(.sr)')].filter((e) => {
              const { left, right } = e.getBoundingClientRect();
              return left < 0 || right > innerWidth;
            }).map((e) => e.outerHTML.slice(0, 80))"""
        )
    )
