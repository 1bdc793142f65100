"""Signing in and out, and passwords that an admin gives out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from botkit.desk.accounts import Role
from tests.pages.conftest import WIDE
from tests.pages.desk import Desk

pytestmark = pytest.mark.pages


def test_who_lost_his_password_gets_a_new_one_and_is_signed_out(
    hire: Callable[..., Desk], new_context: Callable[..., BrowserContext]
) -> None:
    lin, boss = hire("小林重设", "general"), hire("小管", role=Role.ADMIN)
    boss.page.get_by_role("button", name="人员", exact=True).click()
    boss.page.get_by_role("button", name="编辑 小林重设", exact=True).click()
    login = boss.page.get_by_label("账号", exact=True).input_value()
    boss.page.get_by_role("button", name="重设密码").click()
    question = boss.page.get_by_role("dialog", name="重设 小林重设 的密码?")
    question.get_by_role("button", name="取消").click()
    expect(lin.page.locator("#box-waiting")).to_be_visible()
    boss.page.get_by_role("button", name="重设密码").click()
    question.get_by_role("button", name="重设密码").click()
    answer = boss.page.get_by_role("dialog", name="小林重设 的新密码")
    password = answer.locator("code").inner_text()
    answer.get_by_role("button", name="关闭").last.click()
    expect(boss.page.get_by_text(password)).to_have_count(0)

    expect(lin.page.get_by_role("alert")).to_have_text("登录已失效, 请重新登录。")
    Desk(new_context(**WIDE).new_page()).sign_in(login, password)


def test_one_does_not_reset_ones_own_password(hire: Callable[..., Desk]) -> None:
    boss = hire("小管自己", role=Role.ADMIN)
    boss.page.get_by_role("button", name="人员", exact=True).click()
    boss.page.get_by_role("button", name="编辑 小管自己", exact=True).click()
    expect(boss.page.get_by_role("dialog")).to_be_visible()
    expect(boss.page.get_by_role("button", name="重设密码")).to_have_count(0)


def test_signing_out_ends_the_other_window_too(hire: Callable[..., Desk]) -> None:
    lin = hire("小林", "general")
    other = lin.page.context.new_page()
    other.goto("/desk")
    expect(other.locator("#box-waiting")).to_be_visible()
    lin.page.get_by_role("button", name=re.compile("^小林, ")).click()
    lin.page.get_by_role("menuitem", name="退出登录").click()
    expect(lin.page.locator("#login")).to_be_focused()
    expect(other.locator("#login")).to_be_visible()
    expect(other.get_by_role("alert")).to_have_text("登录已失效, 请重新登录。")
