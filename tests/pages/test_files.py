"""Files and signs between customer and agent, each in a browser of their own."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from tests.pages.conftest import DESKTOP, PHONE, Chat, Wire
from tests.pages.desk import Desk

pytestmark = pytest.mark.pages

HUMAN = {"state": "human"}


def picture(width: int = 400, height: int = 300, kind: str = "PNG", noise: bool = False) -> bytes:
    """`noise`: such that it cannot be packed, as with a photo."""
    data = BytesIO()
    image = Image.new("RGB", (width, height), "teal")
    if noise:
        image = Image.frombytes("RGB", (width, height), Random(7).randbytes(width * height * 3))
    image.save(data, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return data.getvalue()


def shot(name: str = "截图.png") -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": picture()}


PDF: FilePayload = {"name": "说明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 " + b"x" * 3000}


def attach(page: Page, *files: FilePayload) -> None:
    """Picks files with the button that has the paper clip."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="发图片或文件").click()
    chooser.value.set_files(list(files))


def give(target: Locator, event: str, files: list[tuple[str, str, bytes]], text: str = "") -> None:
    """Pastes or drops files, as a browser tells it."""
    target.evaluate(
        """(element, [event, files, text]) => {
          const data = new DataTransfer();
          for (const [name, type, bytes] of files)
            data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, { type }));
          if (text) data.setData("text/plain", text);
          const options = { bubbles: true, composed: true, cancelable: true };
          element.dispatchEvent(
            event === "paste"
              ? new ClipboardEvent(event, { ...options, clipboardData: data })
              : new DragEvent(event, { ...options, dataTransfer: data }),
          );
        }""",
        [event, [[name, kind, _base64(data)] for name, kind, data in files], text],
    )


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def shown(where: Locator, name: str) -> Locator:
    """The thumbnail of this name, which is there with its picture."""
    thumb = where.get_by_role("button", name=f"图片 {name}", exact=True)
    expect(thumb.locator("img")).to_be_visible()
    return thumb


@pytest.fixture
def served(new_context: Callable[..., BrowserContext], hire: Callable[..., Desk]) -> tuple[Chat, Desk]:
    """A customer on a phone of 360 px, and the agent who serves him."""
    lin = hire("小林", "general", "billing", "plans", "technical", "complaints")
    page = new_context(**PHONE).new_page()
    page.goto("/")
    customer = Chat(page).open()
    customer.say("转人工")
    expect(customer.log.get_by_text("小林为您服务")).to_be_visible()
    lin.box(2)
    lin.open("客户" if lin.page.locator(".item", has_text="客户").count() else "访客")
    return customer, lin


def test_pictures_and_documents_both_ways(served: tuple[Chat, Desk]) -> None:
    customer, lin = served
    attach(customer.page, shot())
    thumb = shown(customer.own.last, "截图.png")
    expect(customer.own.last).to_contain_text(re.compile("已送达|已读"))
    seen = shown(lin.lines.last, "截图.png")
    seen.click()
    large = lin.page.get_by_role("dialog", name="图片 截图.png")
    expect(large.get_by_role("img")).to_be_visible()
    lin.page.keyboard.press("Escape")
    expect(large).to_have_count(0)
    expect(seen).to_be_focused()

    attach(lin.page, shot("回图.png"))
    expect(lin.page.locator(".pending")).to_have_count(0)
    shown(lin.page.locator(".line.agent").last, "回图.png")
    agents = customer.page.get_by_role("article", name=re.compile("^人工客服"))
    back = shown(agents.last, "回图.png")
    box = back.bounding_box()
    assert box is not None and (box["width"], box["height"]) == (200, 150)
    back.press("Enter")
    large = customer.page.get_by_role("dialog", name="图片 回图.png")
    expect(large.get_by_role("button", name="关闭图片")).to_be_focused()
    customer.page.keyboard.press("Escape")
    expect(large).to_have_count(0)
    expect(customer.panel).to_be_visible()
    expect(back).to_be_focused()

    attach(lin.page, PDF)
    row = agents.last.get_by_role("button", name=re.compile("说明.pdf"))
    expect(row).to_contain_text("3 KB")
    with customer.page.expect_download() as download:
        row.click()
    assert download.value.suggested_filename == "说明.pdf"
    assert Path(download.value.path()).read_bytes() == PDF["buffer"]
    assert customer.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert customer.log.evaluate("e => e.scrollWidth - e.clientWidth") <= 0

    customer.page.reload()
    shown(customer.own.last, "截图.png")
    shown(agents.first, "回图.png")
    expect(thumb).to_have_count(1)


def test_who_writes_and_who_has_read(served: tuple[Chat, Desk]) -> None:
    customer, lin = served
    customer.say("请看一下")
    expect(lin.lines.last).to_contain_text("请看一下")
    expect(customer.own.last).to_contain_text("人工客服已读")
    customer.input.press_sequentially("还有")
    expect(lin.page.locator(".typing")).to_be_visible()
    customer.input.fill("")
    expect(lin.page.locator(".typing")).to_be_hidden()
    lin.reply.press_sequentially("好的")
    expect(customer.log.get_by_text("人工客服正在输入")).to_be_attached()
    expect(customer.log.locator(".typing")).to_be_visible()
    lin.says("好的, 查到了")
    expect(customer.log.locator(".typing")).to_be_hidden()
    expect(lin.page.locator(".line.agent").last).to_contain_text("已读")


def test_the_agent_pastes_and_drops_and_is_told_what_cannot_be_sent(served: tuple[Chat, Desk]) -> None:
    customer, lin = served
    give(lin.reply, "paste", [("image.png", "image/png", picture())])
    shown(lin.page.locator(".line.agent").last, "截图.png")
    give(lin.page.locator(".talk-body"), "drop", [("a.exe", "application/x-msdownload", b"MZ")])
    expect(lin.page.get_by_role("alert").filter(has_text="a.exe")).to_contain_text("不能发")
    give(lin.page.locator(".talk-body"), "drop", [("b.pdf", "application/pdf", b"%PDF-1.7 b")])
    expect(lin.page.locator(".line.agent").last).to_contain_text("b.pdf")
    expect(customer.log.get_by_text("b.pdf")).to_be_visible()
    give(lin.page.locator(".talk-body"), "drop", [("c.pdf", "application/pdf", b"no pdf at all")])
    failed = lin.page.locator(".pending.failed")
    expect(failed).to_contain_text("只能发图片、PDF、录音或短视频")
    failed.get_by_role("button", name="删除").click()
    expect(failed).to_have_count(0)


def test_a_file_of_the_agents_that_was_lost_with_the_page_is_said_to_be(served: tuple[Chat, Desk]) -> None:
    _, lin = served
    lin.page.route("**/desk/files?*", lambda route: None)  # neither sent nor refused
    attach(lin.page, shot())
    pending = lin.page.locator(".pending")
    expect(pending.get_by_role("progressbar", name="发送进度")).to_be_visible()
    lin.page.once("dialog", lambda dialog: dialog.accept())  # asked whether to leave
    lin.page.reload()
    expect(pending).to_contain_text("没发出去, 页面重新打开后文件不在了")
    pending.get_by_role("button", name="删除").click()
    expect(pending).to_have_count(0)
    lin.says("还能写")


def test_what_cannot_be_sent_is_said_before_it_is_sent(chat: Chat) -> None:
    chat.open()
    large: FilePayload = {"name": "长片.mp4", "mimeType": "video/mp4", "buffer": bytes(8 * 1024 * 1024 + 1)}
    attach(chat.page, large)
    alert = chat.panel.get_by_role("alert")
    expect(alert).to_have_text("“长片.mp4” 太大了, 请控制在 8 MB 以内。")
    attach(chat.page, {"name": "a.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"})
    expect(alert).to_contain_text("“a.exe” 不能发")
    chat.input.fill("好")
    expect(alert).to_be_empty()
    expect(chat.own).to_have_count(0)


def test_the_servers_refusal_stands_at_the_file(chat: Chat) -> None:
    chat.open()
    attach(chat.page, {"name": "假的.pdf", "mimeType": "application/pdf", "buffer": b"<html>"})
    expect(chat.own).to_contain_text("未发送: 只能发图片、PDF、录音或短视频。")
    expect(chat.own.get_by_role("button", name="重试")).to_have_count(0)  # it would be refused again
    chat.own.get_by_role("button", name="删除").click()
    expect(chat.own).to_have_count(0)


def test_a_file_that_was_tried_again_is_there_once(chat: Chat) -> None:
    chat.open()
    asked: list[str] = []

    def lose_the_answer(route: Any) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    chat.page.route("**/chat/files?*", lose_the_answer)
    attach(chat.page, shot())
    expect(chat.own.first).to_contain_text(re.compile("已送达|未发送"))
    retry = chat.own.first.get_by_role("button", name="未发送, 点此重试")
    if retry.count():
        retry.click()
    expect(chat.own).to_contain_text("已送达")
    expect(chat.own).to_have_count(1)
    chat.page.reload()
    expect(chat.own).to_have_count(1)
    shown(chat.own, "截图.png")


def test_a_file_keeps_its_place_among_the_words(chat: Chat) -> None:
    chat.open()
    chat.say("第一句")
    attach(chat.page, shot())
    chat.say("第三句")
    expect(chat.own).to_have_count(3)
    expect(chat.own.last).to_contain_text("已送达")
    chat.page.reload()
    expect(chat.own.nth(0)).to_contain_text("第一句")
    shown(chat.own.nth(1), "截图.png")
    expect(chat.own.nth(2)).to_contain_text("第三句")


def test_a_file_that_was_lost_with_the_page_is_said_to_be(chat: Chat) -> None:
    chat.open()
    chat.page.route("**/chat/files?*", lambda route: None)  # neither sent nor refused
    attach(chat.page, shot())
    expect(chat.own.get_by_role("progressbar", name="发送进度")).to_be_visible()
    chat.page.reload()
    expect(chat.own).to_contain_text("没发出去, 页面重新打开后文件不在了")
    chat.own.get_by_role("button", name="删除").click()
    expect(chat.own).to_have_count(0)
    chat.page.reload()
    expect(chat.answers.first).to_be_visible()
    expect(chat.own).to_have_count(0)


def test_sending_can_be_stopped(chat: Chat) -> None:
    chat.open()
    chat.page.route("**/chat/files?*", lambda route: None)
    attach(chat.page, shot())
    chat.own.get_by_role("button", name="取消").click()
    expect(chat.own).to_have_count(0)
    chat.say("不发图了")
    expect(chat.own).to_contain_text("已送达")


def test_a_photo_is_scaled_down_before_it_is_sent(chat: Chat) -> None:
    chat.open()
    photo = picture(3200, 1600, "JPEG", noise=True)
    assert len(photo) > 2 * 1024 * 1024
    attach(chat.page, {"name": "IMG_1.jpeg", "mimeType": "image/jpeg", "buffer": photo})
    expect(chat.own).to_contain_text("已送达")
    chat.page.reload()
    shown(chat.own, "IMG_1.jpg").click()
    large = chat.page.get_by_role("dialog", name="图片 IMG_1.jpg").get_by_role("img")
    expect(large).to_be_visible()
    assert large.evaluate("e => [e.naturalWidth, e.naturalHeight]") == [2560, 1280]


def test_a_screenshot_is_pasted_and_a_file_dropped(chat: Chat) -> None:
    chat.open()
    give(chat.input, "paste", [("image.png", "image/png", picture())])
    shown(chat.own.last, "截图.png")
    give(chat.panel, "dragenter", [("b.png", "image/png", picture())])
    expect(chat.panel.get_by_text("松开就发送")).to_be_visible()
    give(chat.panel, "drop", [("b.png", "image/png", picture())])
    shown(chat.own.last, "b.png")
    expect(chat.panel.get_by_text("松开就发送")).to_be_hidden()
    expect(chat.own).to_have_count(2)
    give(chat.input, "paste", [("image.png", "image/png", picture())], text="话费 129 元")
    expect(chat.own).to_have_count(2)  # words from a spreadsheet


def test_a_picture_that_did_not_come_can_be_asked_for_again(chat: Chat) -> None:
    chat.open()
    attach(chat.page, shot())
    expect(chat.own).to_contain_text("已送达")
    chat.page.route(re.compile("/chat/files/"), lambda route: route.abort())
    chat.page.reload()
    thumb = chat.own.get_by_role("button", name="图片 截图.png, 图片没读到, 点按再试")
    expect(thumb).to_be_visible()
    chat.page.unroute(re.compile("/chat/files/"))
    thumb.press("Enter")
    shown(chat.own, "截图.png")


def test_the_clip_is_reached_by_keyboard(chat: Chat) -> None:
    chat.open()
    chat.input.press("Tab")
    expect(chat.focused).to_have_accessible_name("发图片或文件")
    # The chooser itself comes only for a key that the browser takes for a person's; this one it takes so most of the time.
    picker = chat.panel.locator("input[type=file]")
    picker.evaluate("e => e.addEventListener('click', () => (window.asked = true))")
    chat.page.keyboard.press("Enter")
    chat.page.wait_for_function("window.asked")
    picker.set_input_files([shot()])
    shown(chat.own, "截图.png")


def test_only_a_human_is_told_that_the_customer_writes(wired: tuple[Chat, Wire]) -> None:
    chat, wire = wired

    def told() -> list[bool]:
        return [data["on"] for name, data, *_ in wire.sent if name == "typing"]

    chat.input.press_sequentially("你好")
    chat.input.press("Enter")
    expect(chat.own).to_contain_text("已送达")
    assert told() == []
    wire.rewrite = lambda event: ["state", HUMAN] if event[0] == "state" else event
    wire.push("state", HUMAN)
    expect(chat.panel.get_by_text("人工服务中").first).to_be_visible()
    chat.input.press_sequentially("在吗")
    chat.input.press("Enter")
    expect(chat.own.last).to_contain_text("已送达")
    assert told() == [True, False]


def test_an_agents_sign_goes_out_by_itself(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(**DESKTOP).new_page()
    page.clock.install()
    wire = Wire(page)
    page.goto("/")
    chat = Chat(page).open()
    wire.push("state", HUMAN)
    wire.push("typing", {"on": True})
    sign = chat.log.locator(".typing")
    expect(sign).to_be_visible()
    page.clock.fast_forward(7000)
    expect(sign).to_be_visible()
    page.clock.fast_forward(2000)
    expect(sign).to_be_hidden()


def test_what_was_read_is_marked_while_a_human_serves(wired: tuple[Chat, Wire]) -> None:
    chat, wire = wired
    wire.rewrite = lambda event: ["state", HUMAN] if event[0] == "state" else event
    wire.push("state", HUMAN)
    chat.say("第一句")
    expect(chat.own.last).to_contain_text("已送达")
    wire.push("read", {"seq": wire.answers[-1]["seq"]})
    expect(chat.own.first).to_contain_text("已读")
    chat.say("第二句")
    expect(chat.own.last).to_contain_text("已送达")
    expect(chat.own.first).to_contain_text("已读")
    wire.push("read", {"seq": wire.answers[-1]["seq"]})
    expect(chat.own.last).to_contain_text("已读")
    expect(chat.own.first).not_to_contain_text("已读")
    wire.rewrite = lambda event: event
    wire.push("state", {"state": "bot"})
    expect(chat.own.last).to_contain_text("已送达")


def test_files_pass_on_another_site_too(
    new_context: Callable[..., BrowserContext], live_server: str, other_site: Callable[[str], str]
) -> None:
    page = new_context(**DESKTOP).new_page()
    page.goto(other_site(f'<!doctype html><script src="{live_server}/widget.js" defer></script>'))
    chat = Chat(page).open()
    attach(page, shot())
    expect(chat.own).to_contain_text("已送达")
    page.reload()
    shown(chat.own, "截图.png")
