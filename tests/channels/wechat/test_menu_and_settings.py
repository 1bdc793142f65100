"""The account's menu, the settings, and how texts are cut."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from botkit.content.texts import SaidText, Texts
from botkit.conversation.reply import Choice
from botkit.settings import SettingsError
from botkit.store.engine import UnitOfWork
from channels.wechat.api import ApiError, WechatApi
from channels.wechat.menu import COLUMNS, MenuError, menu_of, push, titles_of
from channels.wechat.rendering import Message, as_text, cut, in_order, labels, size
from channels.wechat.settings import API_URL, WechatSettings
from tests.channels.wechat.platform import APP_ID, SECRET, TOKEN, Platform
from tests.unit.conversation.fakes import Clock

GOOD = {"BOTKIT_WECHAT_APP_ID": "wx1", "BOTKIT_WECHAT_SECRET": "s3cret", "BOTKIT_WECHAT_TOKEN": "token"}


async def test_the_menu_is_put_in_place_where_it_differs(
    settings: WechatSettings, work: UnitOfWork, clock: Clock, texts: Texts, platform: Platform
) -> None:
    api, menu = WechatApi(settings, work, clock), menu_of(texts)
    assert await push(api, menu) and not await push(api, menu)
    assert platform.menus_written == 1 and platform.menu is not None
    platform.menu["button"][0]["name"] = "旧的"
    assert await push(api, menu)
    platform.failures.append(("menu/create", 48001))
    platform.menu = None
    with pytest.raises(ApiError):
        await push(api, menu)
    await api.close()


def test_the_menu_by_the_command_line(platform: Platform, texts: Texts, tmp_path: Path) -> None:
    account = {
        "BOTKIT_WECHAT_APP_ID": APP_ID,
        "BOTKIT_WECHAT_SECRET": SECRET,
        "BOTKIT_WECHAT_TOKEN": TOKEN,
        "BOTKIT_WECHAT_API_URL": platform.url,
    }

    def wechat_menu(**environment: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "botkit.cli", "wechat", "menu"],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "BOTKIT_VAR": str(tmp_path / "var"), **environment},
            check=False,
        )
        assert SECRET not in done.stdout + done.stderr
        return done.returncode, (done.stdout + done.stderr).strip().splitlines()[-1]

    assert wechat_menu(**account) == (0, "The menu is in place.")
    assert platform.menu is not None
    assert [column["name"] for column in platform.menu["button"]] == [texts.text(name) for name in COLUMNS]
    assert wechat_menu(**account) == (0, "The menu was in place already.") and platform.menus_written == 1
    platform.menu = None
    platform.failures.append(("menu/create", 48001))
    code, said = wechat_menu(**account)
    assert code == 1 and "48001" in said and "docs/wechat.md" in said
    code, said = wechat_menu()
    assert code != 0 and "BOTKIT_WECHAT_APP_ID is missing" in said


def test_the_menus_buttons_are_intents_of_the_bot(texts: Texts) -> None:
    titles = titles_of(menu_of(texts))
    assert titles["/ask_balance"] == "查余额" and all(key.startswith("/") for key in titles)


@pytest.mark.parametrize(
    "entry",
    [
        SaidText(text="六个汉字太长", buttons=({"title": "a", "payload": "/b"}, {"title": "c", "payload": "/d"})),
        SaidText(text="查"),
        SaidText(text="查", buttons=[{"title": "a", "payload": "/b"}] * 6),
        SaidText(text="查", buttons=[{"title": "a" * 61, "payload": "/b"}] * 2),
        SaidText(text="查", buttons=[{"title": "a", "payload": "b"}] * 2),
        SaidText(text="查", buttons=[{"title": "a", "payload": "/" + "b" * 128}] * 2),
    ],
)
def test_a_menu_that_the_platform_would_not_take(entry: SaidText) -> None:
    with pytest.raises(MenuError):
        menu_of(Texts({name: entry for name in COLUMNS}))


def test_one_button_needs_no_column() -> None:
    one = SaidText(text="官网", buttons=({"title": "x", "payload": "https://example.com"},))
    assert menu_of(Texts({name: one for name in COLUMNS}))["button"][0] == {
        "type": "view",
        "name": "官网",
        "url": "https://example.com",
    }


def test_settings() -> None:
    assert WechatSettings.from_environment({}) is None
    settings = WechatSettings.from_environment(GOOD)
    assert settings is not None and settings.aes_keys == () and settings.api_url == API_URL
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    "changed",
    [
        {"BOTKIT_WECHAT_SECRET": ""}, {"BOTKIT_WECHAT_TOKEN": ""}, {"BOTKIT_WECHAT_APP_ID": ""}, {"BOTKIT_WECHAT_TOKEN": "a b"},
        {"BOTKIT_WECHAT_AES_KEY": "short"}, {"BOTKIT_WECHAT_AES_KEY": "?" * 43}, {"BOTKIT_WECHAT_AES_KEY_BEFORE": "A" * 43},
        {"BOTKIT_WECHAT_API_URL": "ftp://x"},
    ],
    ids=str,
)  # fmt: skip
def test_half_configured(changed: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        WechatSettings.from_environment(GOOD | changed)


def test_a_key_alone_is_half_a_configuration() -> None:
    with pytest.raises(SettingsError, match="BOTKIT_WECHAT_APP_ID is missing"):
        WechatSettings.from_environment({"BOTKIT_WECHAT_AES_KEY": "A" * 43})


def test_numbers_of_choices() -> None:
    rating = [Choice(title, f"/{title}") for title in ("5 满意", "4", "3", "2", "1 不满意", "已解决")]
    assert labels(in_order(rating)) == ["1 不满意", "2", "3", "4", "5 满意", "6 已解决"]
    plain = [Choice("5G 怎么开", "/a"), Choice("查余额", "/b"), Choice("还是查余额", "/b")]
    assert labels(in_order(plain)) == ["1 5G 怎么开", "2 还是查余额"]


def test_links_where_there_is_room(texts: Texts) -> None:
    choices = [Choice("查余额", "/a"), Choice("优惠 100%", "/b")]
    said = as_text(Message("要哪样?", choices), texts)
    assert 'msgmenucontent=%E6%9F%A5%E4%BD%99%E9%A2%9D&msgmenuid=1">1 查余额</a>' in said and "\n2 优惠 100%" in said
    assert "<a" not in as_text(Message("要哪样?" * 168, choices), texts)


@pytest.mark.parametrize("text", ["长" * 2000, "一句。" * 800, "行\n" * 2000, "x" * 5000, "\U0001f600" * 900])
def test_nothing_is_lost_by_cutting(text: str) -> None:
    pages, rest = [], text
    while rest:
        page, rest = cut(rest, 1700)
        assert 0 < size(page) <= 1700
        pages.append(page)
    assert "".join(pages).replace("\n", "") == text.replace("\n", "")
