"""The moment of hand-over, as it comes from a real conversation: what the agent sees of it, and what he cannot overlook."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import update

from botkit.clock import system_clock
from botkit.conversation.messages import Author
from botkit.conversation.ownership import move
from botkit.conversation.transcript import append_line, open_conversation
from botkit.desk.accounts import Role
from botkit.handoff.machine import HandOver, Reason
from botkit.store.engine import UnitOfWork, create_engine, unit_of_work
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


def waits(work: UnitOfWork, group: str) -> str:
    at = system_clock()
    with work() as session:
        talk = open_conversation(session, "web", uuid.uuid4().hex, at)
        append_line(session, talk, Author.CUSTOMER, "怎么又多扣了我 20 元", at)
        move(session, talk, HandOver(Reason.ASKED, "bill", group), at)
        return str(talk.id)


def dialog(desk: Desk) -> Locator:
    return desk.page.locator("dialog[open]")


def reassigned(chief: Desk, talk: str, to: str) -> None:
    chief.page.goto(f"/desk#{talk}")
    chief.page.reload()
    expect(chief.page.get_by_role("button", name="指派")).to_be_visible()
    chief.hand_to(to)


def sockets(page: Page) -> list[str]:
    """Connections that it opens from now on; its clock is in the test's hands."""
    opened: list[str] = []
    page.on("websocket", lambda socket: opened.append(socket.url))
    page.clock.install()
    return opened


def test_a_connection_that_is_welcomed_lasts(
    new_context: Callable[..., BrowserContext], hire: Callable[..., Desk]
) -> None:
    """The welcome comes before the connection counts as made; what was set up to wait for it must not go off after it."""
    page = new_context(**DESKTOP).new_page()
    opened = sockets(page)
    page.goto("/")
    chat = Chat(page).open()
    chat.ask("你好")
    page.clock.fast_forward(15_000)
    chat.ask("你好")
    assert len(opened) == 1

    desk = hire("小林", "general").page
    opened = sockets(desk)
    desk.goto("/desk")
    expect(desk.get_by_text("没有客户在等待")).to_be_visible()  # the list has been asked for and has come
    desk.clock.fast_forward(15_000)
    desk.keyboard.press("Alt+2")
    expect(desk.get_by_text("手上没有会话")).to_be_visible()
    assert len(opened) == 1


def test_who_comes_is_seen_at_once_with_what_he_wants(customer: Chat, hire: Callable[..., Desk]) -> None:
    lin = hire("小林", "plans")
    expect(lin.page.get_by_text("没有客户在等待")).to_be_visible()
    customer.ask("有没有便宜点的套餐")
    customer.ask("转人工")  # before he has said who he is: it is about plans all the same
    item = lin.page.locator(".item")
    expect(lin.page.locator("#box-mine")).to_have_attribute("aria-selected", "true")
    expect(item).to_contain_text("有没有便宜点的套餐")
    expect(item).to_contain_text("套餐资费")
    expect(item).not_to_contain_text("机器人:")


def test_whoever_has_not_said_a_word_yet_is_asked_before_he_leaves(customer: Chat, hire: Callable[..., Desk]) -> None:
    """Other than in the transcript of a test, the bot has the last word at a real hand-over."""
    lin = hire("小林", "plans", "general")
    customer.ask("有没有便宜点的套餐")
    customer.ask("转人工")
    lin.open("访客")
    expect(lin.reply).to_be_editable()
    lin.shortcut("x")
    expect(dialog(lin)).to_contain_text("有没有便宜点的套餐")
    lin.page.keyboard.press("Escape")
    lin.page.locator(".account-button").click()
    lin.page.get_by_role("menuitem", name="退出登录").click()
    expect(dialog(lin)).to_contain_text("其中 1 位")
    lin.page.keyboard.press("Escape")


def test_a_word_that_has_not_arrived_is_no_answer(customer: Chat, hire: Callable[..., Desk]) -> None:
    lin = hire("小林", "plans", "general")
    customer.ask("有没有便宜点的套餐")
    customer.ask("转人工")
    lin.open("访客")
    lin.says("您好, 我来看")
    expect(customer.log.get_by_text("您好, 我来看")).to_be_visible()
    lin.shortcut("x")
    expect(dialog(lin).get_by_role("heading")).to_contain_text("结束对")
    lin.page.keyboard.press("Escape")
    customer.page.close()
    lin.says("换成畅选59可以吗")
    expect(lin.page.locator(".line.agent").last).to_contain_text("客户还没看到")
    lin.shortcut("x")
    expect(dialog(lin)).to_contain_text("还没收到您的回复")
    expect(dialog(lin)).to_contain_text("换成畅选59可以吗")
    lin.page.keyboard.press("Escape")

    lin.page.context.set_offline(True)
    lin.reply.fill("还在吗")
    lin.reply.press("Enter")
    lin.shortcut("x")
    expect(dialog(lin)).to_contain_text("还在吗")
    lin.page.keyboard.press("Escape")
    lin.page.context.set_offline(False)


def test_who_is_kept_waiting_is_called_out_and_counted(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    talk = waits(work, "plans")
    lin = hire("小林", "plans")
    lin.box(2)
    lin.open("访客")
    expect(lin.page.locator("#box-mine .badge")).to_be_hidden()
    lin.page.get_by_role("button", name="工单").first.click()
    with work() as session:
        long_ago = system_clock() - timedelta(minutes=3)
        session.execute(update(ServiceRow).where(ServiceRow.conversation_id == talk).values(customer_at=long_ago))
    toast = lin.page.locator(".toast.way")
    expect(toast).to_contain_text("客户等您回复超过两分钟", timeout=30_000)
    expect(lin.page.locator(".rail-button").first.locator(".rail-count")).to_have_text(re.compile("^1"))
    toast.click()
    late = lin.page.locator(".item .clock.late")
    expect(late).to_be_visible()
    for clock in (late, lin.page.locator(".talk-header .clock.late")):
        expect(clock).to_be_visible()
        assert clock.evaluate("e => e.getBoundingClientRect().height") < 24, "one line"
    lin.says("您好, 我来看")
    expect(lin.page.locator("#box-mine .badge")).to_be_hidden()


def test_who_looks_on_is_told_that_the_customer_is_his(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    lin = hire("小林", "plans")
    chief = hire("主管", role=Role.SUPERVISOR)
    talk = waits(work, "technical")
    lin.page.goto(f"/desk#{talk}")
    lin.page.reload()
    expect(lin.lines.first).to_be_visible()
    reassigned(chief, talk, "小林")
    expect(lin.page.locator(".toast")).to_contain_text("主管 指派给您")
    expect(lin.reply).to_be_editable()


def test_notes_of_colleagues_are_marked_until_they_are_seen(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    talk = waits(work, "plans")
    chief, lin = hire("主管", role=Role.SUPERVISOR), hire("小林", "plans")
    chief.page.goto(f"/desk#{talk}")
    chief.page.reload()
    expect(chief.lines.first).to_be_visible()
    chief.shortcut("n")
    chief.page.get_by_label("备注", exact=True).fill("上周答应过退费")
    chief.page.keyboard.press("Enter")
    expect(chief.page.locator(".note")).to_contain_text("上周答应过退费")
    mark, own = lin.page.locator("#side-notes .count"), chief.page.locator("#side-notes .count")
    expect(own).to_be_empty()
    lin.box(2)
    lin.open("访客")
    expect(mark).to_have_text("1")
    lin.shortcut("n")
    expect(mark).to_be_empty()
    lin.page.locator("#side-card").click()
    expect(mark).to_be_empty()


def test_a_consult_waits_for_each_group_that_was_asked(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    talk = waits(work, "billing")
    lin, chen = hire("小林", "billing"), hire("小陈", "plans")
    lin.box(2)
    lin.open("访客")
    lin.shortcut("c")
    for group in ("套餐资费", "网络与5G"):
        dialog(lin).get_by_label(re.compile(group)).check()
    dialog(lin).locator("textarea").fill("能换便宜的吗")
    lin.confirm()
    chen.page.locator("#box-consults").click()
    chen.page.locator(f'.item[data-id="{talk}"]').click()
    expect(chen.lines.first).to_be_visible()
    lin.shortcut("n")
    expect(lin.page.get_by_label("备注", exact=True)).to_be_focused()
    chen.shortcut("n")
    expect(chen.page.get_by_label("答复", exact=True)).to_be_focused()
    chen.page.keyboard.type("能")
    chen.page.keyboard.press("Enter")
    expect(chen.page.locator(".note")).to_contain_text("还等 网络与5G 答复")
    wang = hire("小王", "technical")  # was away
    expect(wang.page.locator("#box-consults .badge")).to_have_text(re.compile("^1"))
    expect(chen.page.locator("#box-consults .badge")).to_be_hidden()


def test_a_ticket_begins_with_the_groups_department_and_lasting_words(
    work: UnitOfWork, hire: Callable[..., Desk]
) -> None:
    waits(work, "technical")
    lin = hire("小林", "technical")
    lin.box(2)
    lin.open("访客")
    lin.shortcut("e")
    expect(dialog(lin).get_by_label("网络部")).to_be_checked()
    expect(dialog(lin).locator("select")).to_have_value("network")
    text = dialog(lin).locator("textarea")
    expect(text).not_to_have_value("")
    assert not re.search("前转来|多半", text.input_value())
    expect(dialog(lin)).to_contain_text("会马上告诉客户")
    lin.page.keyboard.press("Escape")


def test_what_the_empty_search_proposes_is_found(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    waits(work, "plans")
    lin = hire("小林", "plans")
    lin.box(2)
    lin.open("访客")
    lin.shortcut("f")
    hint = lin.page.locator(".found .blank").inner_text()
    for word in hint.split(":")[1].split("、"):
        lin.page.keyboard.press("Control+a")
        lin.page.keyboard.type(word.strip())
        expect(lin.page.locator(".found .offer").first).to_contain_text(word.strip())


def test_the_closed_box_holds_as_many_as_it_counts(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    talk = waits(work, "plans")
    lin = hire("小林", "plans")
    lin.box(2)
    lin.open("访客")
    lin.box(4)
    lin.shortcut("b")
    lin.confirm()
    expect(lin.page.locator(f'.item[data-id="{talk}"]')).to_be_visible()


LIST_AFTER_ITEM = """async () => {
  const { Box } = await import("/desk/static/box.js");
  const { Desk } = await import("/desk/static/desk.js");
  let answer;
  const wire = Object.assign(new EventTarget(), { ask: () => new Promise((resolve) => (answer = resolve)) });
  const desk = new Desk(wire, { id: 1, role: "agent", groups: [] });
  const box = new Box(desk, "mine");
  const loaded = box.load();
  desk.addEventListener("item", ({ detail }) => box.take(detail));
  desk.take({ id: "he", seq: 5, owner: "human", agent: 1 });
  answer({ items: [], more: false });
  await loaded;
  return box.items.map(({ id }) => id);
}"""
"""The list was read before he came, and its answer comes after he was told of."""


def test_who_comes_while_the_list_is_on_its_way_is_not_lost(hire: Callable[..., Desk]) -> None:
    assert hire("小林").page.evaluate(LIST_AFTER_ITEM) == ["he"]


OLD_AFTER_NEW = """async () => {
  const { Box } = await import("/desk/static/box.js");
  const { Desk } = await import("/desk/static/desk.js");
  let answer;
  const wire = Object.assign(new EventTarget(), { ask: () => new Promise((resolve) => (answer = resolve)) });
  const desk = new Desk(wire, { id: 1, role: "agent", groups: [] });
  const [mine, all] = [new Box(desk, "mine"), new Box(desk, "all")];
  desk.addEventListener("item", ({ detail }) => [mine, all].forEach((box) => box.take(detail)));
  const of = (box) => box.items.map(({ id, owner }) => `${id} ${owner}`);
  const waits = { id: "he", seq: 4, owner: "waiting", group: "plans", agent: null };
  const served = { id: "he", seq: 6, owner: "human", group: "plans", agent: 1 };
  let loaded = mine.load();
  answer({ items: [], more: false });
  await loaded;
  desk.take(served);
  desk.take(waits);
  loaded = all.load();
  answer({ items: [waits], more: false });
  await loaded;
  return [of(mine), of(all), desk.items.get("he").owner];
}"""
"""What the server told, or answered, before a customer was taken comes after that."""


def test_what_is_old_does_not_undo_what_is_new(hire: Callable[..., Desk]) -> None:
    assert hire("小林").page.evaluate(OLD_AFTER_NEW) == [["he human"], ["he human"], "human"]
