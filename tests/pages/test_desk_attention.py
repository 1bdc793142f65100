"""What wants an agent's look reaches his eye: customers who come to him, who waits for a word, questions of colleagues."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from botkit.clock import system_clock
from botkit.conversation.messages import Author
from botkit.conversation.ownership import move
from botkit.conversation.transcript import append_line, open_conversation
from botkit.desk.accounts import Role
from botkit.handoff.machine import Accept, HandOver, Reason, Transfer
from botkit.store.engine import UnitOfWork, create_engine, unit_of_work
from botkit.store.tables.conversation import ConversationRow
from botkit.store.tables.desk import AgentRow, ServiceRow
from tests.pages.conftest import PHONE
from tests.pages.desk import Desk
from tests.server_process import ServerProcess


@pytest.fixture
def work(server: ServerProcess) -> Iterator[UnitOfWork]:
    engine = create_engine(f"sqlite:///{server.var / 'botkit.db'}")
    yield unit_of_work(engine)
    engine.dispose()


def waits(work: UnitOfWork, group: str, words: str = "怎么又多扣了我 20 元", minutes: int = 0) -> str:
    """A customer who has waited so long; his conversation."""
    at = system_clock() - timedelta(minutes=minutes)
    with work() as session:
        talk = open_conversation(session, "web", uuid.uuid4().hex, at)
        append_line(session, talk, Author.CUSTOMER, words, at)
        move(session, talk, HandOver(Reason.ASKED, "bill", group), at)
        return str(talk.id)


def row(desk: Desk, talk: str) -> Locator:
    return desk.page.locator(f'.item[data-id="{talk}"]')


def take(desk: Desk, talk: str) -> Desk:
    """Opens one of his own."""
    desk.box(2)
    row(desk, talk).click()
    expect(desk.reply).to_be_editable()
    return desk


def toasts(desk: Desk) -> Locator:
    return desk.page.locator(".toast.way")


def badge(desk: Desk, box: str) -> Locator:
    return desk.page.locator(f"#box-{box} .badge")


def test_who_is_given_customers_sees_from_whom_and_why(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    first, second = waits(work, "billing"), waits(work, "billing")
    lin, chen = hire("小林", "billing"), hire("小陈", "plans")
    for talk in (first, second):
        take(lin, talk).hand_to("小陈", "想换套餐, 违约金说过了")
    expect(toasts(chen)).to_have_count(2)
    expect(toasts(chen).first).to_contain_text(f"小林 转来: 访客 {first[:4]}")
    expect(toasts(chen).first).to_contain_text("想换套餐, 违约金说过了")
    expect(badge(chen, "mine")).to_have_text(re.compile("^2"))
    expect(chen.page.locator(".rail-button[aria-current] .rail-count")).to_have_text(re.compile("^2"))

    toasts(chen).first.locator("p").click()
    expect(chen.page.get_by_role("heading", level=2, name=f"访客 {first[:4]}")).to_be_visible()
    expect(toasts(chen)).to_have_count(1)
    expect(chen.page.locator("#box-mine")).to_have_attribute("aria-selected", "true")
    expect(row(chen, first)).to_have_attribute("aria-current", "true")
    expect(row(chen, first)).not_to_have_class(re.compile("given"))
    expect(badge(chen, "mine")).to_have_text(re.compile("^1"))

    chen.page.reload()  # nothing of it depends on having seen the toast
    expect(row(chen, second)).to_have_class(re.compile("given"))
    expect(row(chen, second)).to_contain_text("小林 转来: 想换套餐, 违约金说过了")
    expect(row(chen, second).locator(".badge")).to_have_text("新")
    row(chen, second).click()
    expect(row(chen, second)).not_to_have_class(re.compile("given"))
    expect(badge(chen, "mine")).to_be_hidden()


def test_toasts_stack_up_to_three(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    chen = hire("小陈", "plans")
    talks = [waits(work, "plans", minutes=9 - number) for number in range(4)]
    hire("小林")  # that somebody comes has the waiting given to who has room
    expect(toasts(chen).last).to_contain_text(talks[-1][:4])
    expect(toasts(chen)).to_have_count(3)
    expect(toasts(chen).first).to_contain_text(f"新客户: 访客 {talks[1][:4]}")
    expect(badge(chen, "mine")).to_have_text(re.compile("^4"))


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["wide", "phone"])
def test_toasts_cover_neither_the_last_line_nor_the_field(
    work: UnitOfWork, hire: Callable[..., Desk], screen: dict[str, object]
) -> None:
    with_lines = waits(work, "plans")
    with work() as session:
        for number in range(30):
            talk = session.get(ConversationRow, with_lines)
            append_line(session, talk, Author.CUSTOMER, f"第{number}句", system_clock())
    chen = hire("小陈", "plans", **screen)
    take(chen, with_lines)
    expect(chen.page.locator(".line").last).to_be_in_viewport()
    talks = [waits(work, "plans") for _ in range(3)]
    hire("小林")
    expect(toasts(chen)).to_have_count(len(talks))
    expect(chen.page.locator(".line").last).to_be_in_viewport()
    assert chen.page.evaluate(COVERED) == []


COVERED = """() => {
  const toasts = [...document.querySelectorAll('.toast')].map((e) => e.getBoundingClientRect());
  return [...[...document.querySelectorAll('.line')].slice(-3), document.querySelector('.composer')]
    .filter((e) => {
      const a = e.getBoundingClientRect();
      return toasts.some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom);
    })
    .map((e) => e.outerHTML.slice(0, 80));
}"""
"""Which of the last lines and the field are under a toast."""


def test_who_waits_for_a_word_is_marked(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    talk = waits(work, "plans")
    chen = hire("小陈", "plans")
    take(chen, talk)
    clock = row(chen, talk).locator(".clock.unanswered")
    expect(clock).to_be_hidden()  # not yet
    with work() as session:
        service = session.execute(select(ServiceRow).where(ServiceRow.conversation_id == talk)).scalar_one()
        service.customer_at -= timedelta(minutes=3)
    chen.page.reload()
    expect(clock).to_have_text(re.compile("^未回复 [34] 分$"))
    expect(clock).to_have_class(re.compile("late"))
    chen.says("您好, 我来看一下。")
    expect(clock).to_have_count(0)


def test_an_open_consult_waits_for_the_expert_and_leads_to_the_notes(
    work: UnitOfWork, hire: Callable[..., Desk]
) -> None:
    talk = waits(work, "billing")
    lin = take(hire("小林", "billing"), talk)
    ask(lin, "套餐资费", "会员费能退几个月")
    chen = hire("小陈", "plans")  # was not there
    expect(badge(chen, "consults")).to_have_text(re.compile("^1"))
    expect(chen.page.locator(".rail-button[aria-current] .rail-count")).to_have_text(re.compile("^1"))
    chen.page.locator("#box-consults").click()
    expect(row(chen, talk)).to_contain_text("小林 问: 会员费能退几个月")
    row(chen, talk).click()
    expect(chen.page.locator("#side-notes")).to_have_attribute("aria-selected", "true")
    chen.page.get_by_label("答复", exact=True).fill("最多三个月")
    chen.page.keyboard.press("Enter")
    expect(row(chen, talk)).to_have_count(0)
    expect(badge(chen, "consults")).to_be_hidden()
    expect(chen.page.locator(".note", has_text="最多三个月")).to_be_visible()

    toast = toasts(lin).filter(has_text="小陈 答复了会诊")  # although the conversation is open: he looks at the card
    expect(toast).to_contain_text("最多三个月")
    toast.click()
    expect(lin.page.locator("#side-notes")).to_have_attribute("aria-selected", "true")
    expect(lin.page.locator(".note", has_text="最多三个月")).to_be_visible()

    ask(lin, "套餐资费", "还有别的办法吗")
    toast = toasts(chen).filter(has_text="小林 请您会诊")
    expect(badge(chen, "consults")).to_have_text(re.compile("^1"))
    lin.shortcut("b")
    lin.confirm()
    expect(chen.page.locator(".note", has_text="还有别的办法吗")).to_contain_text("服务已结束")
    expect(badge(chen, "consults")).to_be_hidden()


def test_the_toast_of_a_consult_opens_the_notes(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    talk = waits(work, "billing")
    lin, chen, wang = hire("小林", "billing"), hire("小陈", "plans", **PHONE), hire("小王", "technical")
    ask(take(lin, talk), "套餐资费", "会员费能退几个月")
    expect(toasts(chen)).to_contain_text(f"小林 请您会诊 · 访客 {talk[:4]}")
    toasts(chen).get_by_role("button", name="打开").click()
    expect(chen.page.get_by_label("答复", exact=True)).to_be_visible()
    expect(toasts(wang)).to_have_count(0)


def ask(desk: Desk, group: str, question: str) -> None:
    desk.shortcut("c")
    dialog = desk.page.locator("dialog[open]")
    dialog.get_by_label(re.compile(group)).check()
    dialog.locator("textarea").fill(question)
    desk.confirm()


def test_escape_leaves_the_field_also_where_the_list_is_empty(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    talk = waits(work, "plans")
    chen = take(hire("小陈", "plans"), talk)
    chen.box(1)
    expect(chen.page.get_by_text("没有客户在等待")).to_be_visible()
    chen.reply.focus()
    chen.page.keyboard.press("Escape")
    expect(chen.reply).not_to_be_focused()
    chen.page.keyboard.press("v")
    expect(chen.page.locator("dialog[open]")).to_contain_text("请客户核对身份?")


def test_the_list_goes_where_the_open_conversation_stands(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    talk = waits(work, "plans")
    boss = hire("小管", role=Role.SUPERVISOR)
    row(boss, talk).click()
    expect(boss.page.locator("#box-waiting")).to_have_attribute("aria-selected", "true")
    boss.shortcut("a")
    for _ in range(2):
        expect(boss.page.locator("#box-mine")).to_have_attribute("aria-selected", "true")
        expect(row(boss, talk)).to_have_attribute("aria-current", "true")
        expect(row(boss, talk)).to_be_in_viewport()
        expect(boss.reply).to_be_editable()
        boss.page.reload()
    expect(boss.reply).to_be_editable()
    boss.page.goto("about:blank")
    boss.page.goto("/desk")  # nothing is open, and nobody waits
    expect(boss.page.locator("#box-mine")).to_have_attribute("aria-selected", "true")
    expect(row(boss, talk)).to_be_visible()


def test_the_clock_of_who_waits_goes_by_his_place_in_the_queue(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    new, back = waits(work, "plans", minutes=5), waits(work, "billing", minutes=20)
    with work() as session:
        agent = session.execute(select(AgentRow.id).limit(1)).scalar_one()
        talk = session.get(ConversationRow, back)
        move(session, talk, Accept(agent), system_clock() - timedelta(minutes=15))
        move(session, talk, Transfer(agent, "plans"), system_clock() - timedelta(minutes=2), "请接着办")
    boss = hire("小管", role=Role.SUPERVISOR)
    rows = boss.page.locator(".item")
    expect(rows.first.locator(".clock")).to_have_text(re.compile("^等 2[01] 分$"))
    expect(rows.first.locator(".clock")).to_have_attribute("title", re.compile("重新排队"))
    assert rows.evaluate_all("rows => rows.map((row) => row.dataset.id)") == [back, new]
    rows.first.click()
    expect(boss.page.locator(".facts .clock")).to_have_text(re.compile("^已等 2[01] 分$"))


def standing(dialog: Locator) -> list[str]:
    """The colleagues in their order."""
    return [option.split(" ")[0] for option in dialog.locator("option").all_inner_texts()]


def test_the_transfer_dialog_tells_how_everybody_stands(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    talk = waits(work, "billing")
    lin = hire("小林", "billing")
    hire("小管", role=Role.SUPERVISOR, limit=50)
    hire("小陈", "plans")
    away = hire("小王", "plans", limit=9)
    away.page.locator(".account-button").click()
    away.page.get_by_text("离开, 不分配新客户").click()
    expect(away.page.locator(".account-button")).to_have_attribute("aria-label", re.compile("离开"))
    waits(work, "technical")
    hire("小满", "complaints", limit=1)
    waits(work, "complaints")
    hire("小赵", "complaints", limit=3)  # that he comes has the waiting given: 小满 has one
    lin.page.reload()
    take(lin, talk)
    names = ["不指定", "小陈", "小赵", "小管", "小王", "小满"]
    dialog = lin.dialog("t", lambda dialog: standing(dialog) == names and dialog.get_by_text("已满").count())
    expect(dialog.locator("option:disabled")).to_have_text(
        ["小王 · 离开, 暂时不能接 · 套餐资费", "小满 · 已满 1 位, 暂时不能接 · 投诉"]
    )
    expect(dialog.locator("option", has_text="小管")).to_contain_text("没有技能组")
    expect(dialog.locator(".chip-choice", has_text="套餐资费")).to_contain_text("1 人在线 · 空 5 位")
    expect(dialog.locator(".chip-choice", has_text="网络与5G")).to_contain_text("没人在线 · 1 人在等")


def test_the_desk_itself_has_a_customer_identified(work: UnitOfWork, hire: Callable[..., Desk]) -> None:
    talk = waits(work, "plans")
    chen = take(hire("小陈", "plans"), talk)
    chen.page.get_by_role("tabpanel").get_by_role("button", name="核对身份 (V)").click()
    chen.confirm()
    expect(chen.page.locator(".log")).to_contain_text("手机号码")
    chen.page.locator("#side-panorama").click()
    expect(chen.page.get_by_role("tabpanel").get_by_role("button", name="核对身份 (V)")).to_be_visible()
    chen.shortcut("?")
    expect(chen.page.locator("dialog[open] .keys")).to_contain_text("核对身份")
