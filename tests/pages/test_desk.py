"""Customer and agents, each in a browser of their own, on the real server."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy.orm import Session

from botkit.clock import system_clock
from botkit.conversation.messages import Author
from botkit.conversation.ownership import move
from botkit.conversation.transcript import append_line, open_conversation
from botkit.handoff.machine import HandOver, Reason, ReturnToBot
from botkit.store.engine import create_engine, unit_of_work
from botkit.store.tables.conversation import ConversationRow, CustomerStretchRow, VerificationRow
from tests.pages.conftest import DESKTOP, Chat
from tests.pages.desk import Desk
from tests.server_process import ServerProcess


@pytest.fixture
def customer(new_context: Callable[..., BrowserContext]) -> Chat:
    page = new_context(**DESKTOP).new_page()
    page.goto("/")
    return Chat(page).open()


def test_an_upset_customer_is_served_passed_on_and_comes_back(customer: Chat, hire: Callable[..., Desk]) -> None:
    lin = hire("小林", "complaints", "general")
    chen = hire("小陈", "billing", limit=5)
    customer.ask("你们的话费怎么又不对")
    customer.ask("骗子公司!! 气死我了, 说了三遍都听不懂")
    expect(customer.log.get_by_text("小林为您服务")).to_be_visible()
    lin.box(2)
    lin.open("访客")
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
    expect(chen.page.get_by_role("blockquote", name="转接说明").first).to_have_text("客户很急, 请先道歉")
    chen.says("实在抱歉, 20 元明天退回。")
    expect(customer.log.get_by_text("20 元明天退回")).to_be_visible()
    expect(chen.page.locator(".item").first).to_contain_text("20 元明天退回")  # else it asks before it closes
    chen.shortcut("x")  # close
    dialog = chen.page.locator("dialog[open]")
    dialog.get_by_label("已解决", exact=True).check()
    dialog.locator("textarea").fill("扣费争议, 已答应退 20 元")
    chen.confirm()
    expect(customer.log.get_by_text("这次人工服务结束了")).to_be_visible()
    asked = customer.log.get_by_text("这次人工服务您满意吗")
    customer.log.get_by_role("button", name="5 满意").click()
    expect(customer.log.get_by_text("谢谢, 已记下。")).to_be_visible()

    customer.page.reload()  # he goes away and comes back
    expect(customer.log.get_by_text("谢谢, 已记下。")).to_be_visible()
    expect(asked).to_have_count(1)
    before = customer.answers.count()
    customer.ask("你好")
    expect(customer.log.get_by_text(re.compile("机器人客服")).last).to_be_visible()
    assert customer.answers.count() <= before + 1, "the bot answers this, and nothing old"
    expect(asked).to_have_count(1)
    expect(chen.page.locator(".line.bot").last).to_contain_text("机器人客服")
    expect(chen.page.locator(".stretch.Close")).to_have_count(1)


NUMBER = "17000000027"
LINES = 300


@pytest.fixture
def long_story(server: ServerProcess, empty_desk: None) -> None:
    """A verified customer who waits: 300 numbered lines and the hand-over, and three sessions before it."""
    engine = create_engine(f"sqlite:///{server.var / 'botkit.db'}")
    work, begun = unit_of_work(engine), system_clock() - timedelta(days=9)
    for number in range(1, 4):
        with work() as session:
            talk, at = _verified(session, begun + timedelta(days=number))
            for line in range(1, 61):
                append_line(session, talk, _author(line), f"从前{number}次第{line:03}句", at + timedelta(seconds=line))
            move(session, talk, HandOver(Reason.ASKED, "", "plans"), at + timedelta(seconds=70))
            move(session, talk, ReturnToBot(), at + timedelta(seconds=80))
    with work() as session:
        talk, at = _verified(session, system_clock() - timedelta(hours=1))
        for line in range(1, LINES + 1):
            append_line(session, talk, _author(line), f"今天第{line:03}句", at + timedelta(seconds=line))
            if line == LINES // 2:
                move(session, talk, HandOver(Reason.ASKED, "", "plans"), at + timedelta(seconds=line))
                move(session, talk, ReturnToBot(), at + timedelta(seconds=line))
        move(session, talk, HandOver(Reason.ASKED, "", "plans"), system_clock())
    engine.dispose()


def _verified(session: Session, at: datetime) -> tuple[ConversationRow, datetime]:
    """A conversation of its own sender, in which the same number is proved."""
    talk = open_conversation(session, "web", uuid.uuid4().hex, at)
    now, customer_id = system_clock(), f"customer of {NUMBER}"
    session.add(
        VerificationRow(conversation_id=talk.id, customer_id=customer_id, phone=NUMBER, verified_at=at, used_at=now)
    )
    session.add(CustomerStretchRow(conversation_id=talk.id, customer_id=customer_id, first_seq=1, begun_at=at))
    return talk, at


def _author(line: int) -> Author:
    return Author.CUSTOMER if line % 2 else Author.BOT


def test_everything_that_was_said_is_within_reach(long_story: None, hire: Callable[..., Desk]) -> None:
    lin = hire("小林", "plans")
    lin.box(2)
    lin.open(f"尾号 {NUMBER[-4:]}")
    log = lin.page.locator(".scroller[role=log]")
    expect(lin.page.get_by_text(f"今天第{LINES}句", exact=True)).to_be_in_viewport()  # the newest at once
    expect(lin.page.get_by_text("从前3次第060句")).to_have_count(0)  # the sessions before when they are asked for

    lin.page.wait_for_function(TO_THE_TOP)

    whole = story()
    seen: set[int] = set()
    position = 0
    while True:
        log.evaluate("(e, top) => { e.scrollTop = top }", position)
        here = log.locator(".chunk").evaluate_all(IN_VIEW)
        assert here, "nothing is drawn here"
        places = [first for first in range(len(whole)) if whole[first : first + len(here)] == here]
        assert places, f"not in order, with a gap or a double: {here}"
        if len(places) == 1:
            seen |= set(range(places[0], places[0] + len(here)))
        size = log.evaluate("e => [e.scrollTop, e.clientHeight, e.scrollHeight]")
        if size[0] + size[1] >= size[2] - 1:
            break
        position = size[0] + size[1] // 2
    assert seen == set(range(len(whole)))


IN_VIEW = """chunks => {
  const log = chunks[0].closest('.scroller').getBoundingClientRect();
  const what = (e) => {
    if (e.matches('.fold')) return e.dataset.events.split(' ');
    return e.matches('.stretch') ? e.className.split(' ')[1] : e.textContent;
  };
  return [...chunks[0].parentNode.querySelectorAll('.line .text, .stretch, .fold')].filter((e) => {
    const { top, bottom } = e.getBoundingClientRect();
    return !e.parentNode.closest('.fold') && bottom > log.top && top < log.bottom;
  }).flatMap(what).filter(Boolean);
}"""
"""Texts of the lines, and the events of the stretches, also folded ones, that the agent has before his eyes."""

TO_THE_TOP = """() => {
  const log = document.querySelector('.scroller[role=log]');
  log.scrollTop = 0;
  return log.textContent.includes('从前1次第001句');
}"""


def story() -> list[str]:
    """All lines, from the first of the oldest session on, and where stretches begin and end."""
    back = ["HandOver", "ReturnToBot"]
    whole = []
    for number in range(1, 4):
        whole += [f"从前{number}次第{line:03}句" for line in range(1, 61)] + back
    today = [f"今天第{line:03}句" for line in range(1, LINES + 1)]
    return whole + today[: LINES // 2] + back + today[LINES // 2 :] + ["HandOver", "Accept"]
