"""The pictures of README and guides, taken from conversations as they happen; `make pictures` writes them anew."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.pages.conftest import WIDE, Chat
from tests.pages.desk import Desk
from tests.server_process import ServerProcess

IMAGES = Path(__file__).parents[2] / "docs" / "images"
NARROW = {"viewport": {"width": 420, "height": 685}, "device_scale_factor": 1.3}  # the chat fills it

Take = Callable[[Page, str], None]


@pytest.fixture
def take(request: pytest.FixtureRequest) -> Take:
    """Writes a picture, if that was asked for."""

    def picture(page: Page, name: str) -> None:
        if request.config.getoption("--write-pictures"):
            page.screenshot(path=IMAGES / name)

    return picture


@pytest.fixture
def visit(new_context: Callable[..., BrowserContext]) -> Callable[..., Chat]:
    def visitor(**options: object) -> Chat:
        page = new_context(**(WIDE | options)).new_page()
        page.goto("/")
        return Chat(page).open()

    return visitor


def verified(chat: Chat, server: ServerProcess, number: str) -> None:
    chat.ask(number)
    expect(chat.log.get_by_text("验证码已发到").last).to_be_visible()
    sent = [json.loads(line) for line in (server.var / "sms.jsonl").read_text(encoding="utf-8").splitlines()]
    code = re.search(r"\d{6}", [one["text"] for one in sent if one["to"] == number][-1])
    assert code is not None
    chat.ask(code[0])
    expect(chat.log.get_by_text("核对好了").last).to_be_visible()


def test_a_comparison_in_the_chat(visit: Callable[..., Chat], server: ServerProcess, take: Take) -> None:
    chat = visit(**NARROW)
    chat.ask("我现在的套餐跟畅选59比")
    verified(chat, server, "17000000024")
    expect(chat.log.locator("table").last).to_be_visible()
    chat.log.locator("table").last.evaluate("e => e.closest('article').scrollIntoView({block: 'start'})")
    take(chat.page, "conversation.png")


def test_the_desk_with_customers_who_wait_and_one_who_is_served(
    visit: Callable[..., Chat], hire: Callable[..., Desk], server: ServerProcess, take: Take
) -> None:
    lin = hire("小林", "billing", "plans", "technical", "complaints", "general", limit=1)
    lin.page.get_by_role("button", name="不用").click()
    upset = visit()
    upset.ask("这个月为什么多扣了二十块")
    verified(upset, server, "17000000006")
    expect(upset.log.get_by_text("炫动视频会员").last).to_be_visible()
    upset.ask("每个月都扣, 你们到底管不管, 凭什么乱收费! 我要投诉到工信部")
    for words in ("有没有便宜点的套餐", "5G 打不开, 显示的还是 4G", "我的流量是不是偷跑了"):
        chat = visit()
        chat.ask(words)
        chat.ask("转人工")

    item = lin.page.locator(".item", has_text="尾号 0006")
    lin.box(2)
    item.click()
    expect(lin.page.locator(".side .summary")).to_contain_text("问一笔扣费")
    expect(lin.page.locator(".side .tags")).to_contain_text("要投诉")
    lin.box(1)
    expect(lin.page.locator(".item")).to_have_count(3)
    expect(lin.page.locator(".toast")).to_have_count(0, timeout=30_000)
    expect(lin.page.locator("#box-mine .badge")).to_be_hidden()
    take(lin.page, "desk.png")

    lin.reply.fill("您好, 让您着急了。“炫动视频会员”我先帮您退订, 再核对能退多少, 可以吗?")
    lin.reply.press("Enter")
    expect(upset.log.get_by_text("我先帮您退订").last).to_be_visible()  # else he may be heard before her
    upset.say("可以, 快点")
    expect(lin.page.locator(".line.customer").last).to_contain_text("可以, 快点")
    lin.page.locator("#side-panorama").click()
    lin.box(2)
    expect(item).to_contain_text("可以, 快点")
    take(lin.page, "desk-talk.png")
