"""Where the bot is, and how Telegram reaches us."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from botkit.settings import SettingsError

API_URL = "https://api.telegram.org"
PATH = "/webhooks/telegram"

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{3,}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # as the Bot API has it, setWebhook


@dataclass(frozen=True)
class TelegramSettings:
    """
    token: BOTKIT_TELEGRAM_TOKEN, from BotFather.
    webhook_url: BOTKIT_TELEGRAM_WEBHOOK_URL, the public address; without it updates are polled. One without a path gets ours.
    secret: BOTKIT_TELEGRAM_SECRET, what Telegram sends with each update; wanted with a webhook.
    api_url: BOTKIT_TELEGRAM_API_URL, for a Bot API server of one's own.
    """

    token: str = field(repr=False)
    secret: str = field(default="", repr=False)
    webhook_url: str = ""
    api_url: str = API_URL

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> TelegramSettings | None:
        """None where Telegram is not configured. Raises SettingsError where it is half configured."""
        token, secret, webhook_url, api_url = (
            environment.get(f"BOTKIT_TELEGRAM_{name}", "").strip()
            for name in ("TOKEN", "SECRET", "WEBHOOK_URL", "API_URL")
        )
        if not token:
            if secret or webhook_url:
                raise SettingsError("BOTKIT_TELEGRAM_TOKEN is missing: BotFather gives it")
            return None
        if not _TOKEN.fullmatch(token):
            raise SettingsError(
                "BOTKIT_TELEGRAM_TOKEN is not a bot's token: digits, a colon, letters and digits are wanted"
            )
        own_server = bool(api_url)
        api_url = (api_url or API_URL).rstrip("/")
        _check(api_url, "BOTKIT_TELEGRAM_API_URL", ("https", "http"))
        if webhook_url:
            _check(webhook_url, "BOTKIT_TELEGRAM_WEBHOOK_URL", ("https", "http") if own_server else ("https",))
            if not _SECRET.fullmatch(secret):
                raise SettingsError(
                    "BOTKIT_TELEGRAM_SECRET: 1 to 256 of A-Z, a-z, 0-9, _ and - are wanted with a webhook"
                )
            if urlsplit(webhook_url).path in ("", "/"):
                webhook_url = webhook_url.rstrip("/") + PATH
        return cls(token, secret, webhook_url, api_url)


def _check(url: str, name: str, schemes: tuple[str, ...]) -> None:
    try:
        parts = urlsplit(url)
        good = parts.scheme in schemes and bool(parts.hostname) and not parts.query and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise SettingsError(f"{name}={url!r}: an address with {' or '.join(schemes)} is wanted")
