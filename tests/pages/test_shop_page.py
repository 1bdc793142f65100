"""The shop page around the chat."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.pages


def test_demo_numbers_are_listed_and_where_their_codes_are(chat):
    box = chat.page.get_by_role("region", name="演示号码")
    expect(box.get_by_text("var/sms.jsonl")).to_be_visible()
    expect(box.get_by_role("button", name=re.compile(r"^复制号码 1\d{10}$")).first).to_be_visible()


def test_the_rest_of_the_numbers_is_one_press_away(chat):
    numbers = chat.page.get_by_role("button", name=re.compile("^复制号码"))
    expect(numbers).to_have_count(6)
    chat.page.get_by_role("button", name=re.compile(r"^看全部 \d+ 个号码$")).click()
    assert numbers.count() > 6
    expect(numbers.nth(6)).to_be_focused()


def test_a_hot_action_opens_the_chat_with_its_question_ready(chat):
    chat.page.get_by_role("button", name="5G 怎么开").click()
    expect(chat.panel).to_be_visible()
    expect(chat.input).to_have_value("5G 怎么开")
    expect(chat.input).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.own).to_contain_text("5G 怎么开")


def test_without_demo_mode_there_is_no_box_of_numbers(new_context):
    page = new_context().new_page()
    page.route("**/demo.json", lambda route: route.fulfill(status=404))
    page.goto("/")
    expect(page.get_by_role("region", name="演示号码")).to_be_hidden()


def test_numbers_that_did_not_come_can_be_asked_for_again(new_context):
    page = new_context().new_page()
    page.route("**/demo.json", lambda route: route.abort())
    page.goto("/")
    expect(page.get_by_text("演示号码没读到")).to_be_visible()
    page.unroute("**/demo.json")
    page.get_by_role("button", name="再试一次").click()
    expect(page.get_by_role("button", name=re.compile("^复制号码")).first).to_be_visible()


def test_the_snippet_to_embed_names_this_server(chat, live_server):
    expect(chat.page.get_by_text(f'<script src="{live_server}/widget.js" defer></script>')).to_be_visible()
