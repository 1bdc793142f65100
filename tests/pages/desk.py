"""The console in a browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

PATIENCE = 15.0
"""Seconds until something that the server works off beside must be seen."""


class Desk:
    """The console as an agent sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines = page.locator(".line")
        self.stretches = page.locator(".stretch")
        self.reply = page.locator("#reply")

    def sign_in(self, login: str, password: str) -> Desk:
        self.page.goto("/desk")
        self.page.locator("#login").fill(login)
        self.page.locator("#password").fill(password)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".link-bar")).to_have_class("link-bar online")
        return self

    def box(self, number: int) -> None:
        self.page.keyboard.press(f"Alt+{number}")

    def open(self, words: str) -> None:
        self.page.locator(".item", has_text=words).first.click()
        expect(self.lines.first).to_be_visible()

    def says(self, text: str) -> None:
        self.reply.fill(text)
        self.reply.press("Enter")
        expect(self.page.locator(".line.agent:not(.pending)").last).to_contain_text(text)  # the server has it

    def shortcut(self, key: str) -> None:
        """A letter, away from any field."""
        self.page.evaluate("document.activeElement?.blur()")
        self.page.keyboard.press(key)

    def dialog(self, key: str, ready: Callable[[Locator], object]) -> Locator:
        """The dialog that a letter opens, opened anew until it is `ready`: it shows what was known when it opened."""
        dialog = self.page.locator("dialog[open]")
        deadline = time.monotonic() + PATIENCE
        while True:
            self.shortcut(key)
            expect(dialog).to_be_visible()
            if ready(dialog):
                return dialog
            assert time.monotonic() < deadline, dialog.inner_text()
            self.page.keyboard.press("Escape")
            expect(dialog).to_have_count(0)

    def hand_to(self, name: str, note: str = "") -> None:
        """The open conversation goes to a colleague, by the dialog for passing on or, a supervisor's, for assigning."""
        chosen = re.compile(f"^{name}")
        dialog = self.dialog("t", lambda dialog: dialog.locator("option:enabled", has_text=chosen).count())
        dialog.locator("select").select_option(label=dialog.locator("option", has_text=chosen).inner_text())
        if note:
            dialog.locator("textarea").fill(note)
        self.confirm()

    def confirm(self) -> None:
        self.page.locator("dialog[open]").locator("button[type=submit]").click()
        expect(self.page.locator("dialog[open]")).to_have_count(0)
