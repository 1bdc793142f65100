"""The console in a browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect


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
        expect(self.page.locator("#box-waiting")).to_be_visible()
        return self

    def box(self, number: int) -> None:
        self.page.keyboard.press(f"Alt+{number}")

    def open(self, words: str) -> None:
        self.page.locator(".item", has_text=words).first.click()
        expect(self.lines.first).to_be_visible()

    def says(self, text: str) -> None:
        self.reply.fill(text)
        self.reply.press("Enter")
        expect(self.page.locator(".line.agent").last).to_contain_text(text)

    def shortcut(self, key: str) -> None:
        """A letter, away from any field."""
        self.page.evaluate("document.activeElement?.blur()")
        self.page.keyboard.press(key)

    def confirm(self) -> None:
        self.page.locator("dialog[open]").locator("button[type=submit]").click()
        expect(self.page.locator("dialog[open]")).to_have_count(0)
