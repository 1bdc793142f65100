"""What Telegram is told of the bot, when, and settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from botkit.content.texts import Texts
from botkit.settings import SettingsError
from channels.telegram.registration import COMMANDS
from channels.telegram.settings import API_URL, TelegramSettings
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.talk import SECRET, Start, Talk

TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"
"""The example of https://core.telegram.org/bots/api#authorizing-your-bot"""


async def test_the_webhook_is_set_with_all_that_it_wants(talk: Talk, api: BotApi) -> None:
    (asked,) = api.asked("setWebhook")
    assert asked["secret_token"] == SECRET and asked["max_connections"] == 40
    assert asked["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_the_commands_are_set_from_the_content(talk: Talk, api: BotApi, texts: Texts) -> None:
    labels = texts.labels("telegram_commands")
    assert api.commands == [{"command": name, "description": labels[name]} for name in COMMANDS]


async def test_nothing_is_set_again_that_is_as_it_should_be(talk: Talk, api: BotApi, start: Start) -> None:
    await talk.end()
    api.calls.clear()
    again = await start()
    await api.until(lambda: bool(api.asked("getMyCommands")))
    await again.end()
    assert api.asked("setWebhook") == [] and api.asked("setMyCommands") == []


@pytest.mark.parametrize("name", ["url", "max_connections", "allowed_updates"])
async def test_the_webhook_is_set_again_where_it_differs(talk: Talk, api: BotApi, start: Start, name: str) -> None:
    await talk.end()
    wanted = dict(api.webhook)
    other = {"url": "https://elsewhere.example", "max_connections": 1, "allowed_updates": ["message"]}
    api.webhook[name] = other[name]
    await start()
    await api.until(lambda: api.webhook == wanted)


async def test_the_webhook_is_set_again_with_another_secret(talk: Talk, api: BotApi, start: Start) -> None:
    """Telegram does not tell the secret that it has: a digest is noted."""
    await talk.end()
    note = talk.var / "telegram" / "webhook.json"
    assert SECRET not in note.read_text(encoding="utf-8")
    note.write_text('{"secret_digest": "of another"}', encoding="utf-8")
    api.webhook["secret_token"] = "old"
    await start()
    await api.until(lambda: api.webhook["secret_token"] == SECRET)


async def test_telegram_cannot_be_reached_at_the_start(api: BotApi, start: Start) -> None:
    """The server starts, and the channel sets itself up when it can."""
    api.fail("getMe", 502)
    api.fail("setWebhook", 429, retry_after=3)
    api.fail("getMyCommands", 0)
    talk = await start()
    await api.until(lambda: bool(api.commands))
    assert talk.time.slept[:3] == [1.0, 3.0, 2.0]


async def test_a_refused_token_is_explained_and_not_logged(api: BotApi, start: Start) -> None:
    api.fail("getMe", 401, "Unauthorized")
    with capture_logs() as logged:
        await start()
        await api.until(lambda: bool(api.commands))
    assert [entry["log_level"] for entry in logged if "could not be set up" in entry["event"]] == ["error"]
    assert "stand_in" not in str(logged)


# -------------------------------------------------------------------------------------------------------------- settings


def settings(**values: str) -> TelegramSettings | None:
    return TelegramSettings.from_environment({f"BOTKIT_TELEGRAM_{name}": value for name, value in values.items()})


def test_without_settings_there_is_no_channel() -> None:
    assert settings() is None and settings(TOKEN="", API_URL="") is None


def test_a_token_alone_means_polling() -> None:
    made = settings(TOKEN=TOKEN)
    assert made and (made.webhook_url, made.api_url) == ("", API_URL)
    assert TOKEN not in repr(made)


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://bot.example.cn", "https://bot.example.cn/webhooks/telegram"),
        ("https://bot.example.cn/", "https://bot.example.cn/webhooks/telegram"),
        ("https://bot.example.cn:8443/behind/proxy", "https://bot.example.cn:8443/behind/proxy"),
    ],
)
def test_an_address_means_a_webhook(given: str, url: str) -> None:
    made = settings(TOKEN=TOKEN, SECRET="a-b_C1", WEBHOOK_URL=given)
    assert made and made.webhook_url == url


@pytest.mark.parametrize(
    "values",
    [
        {"SECRET": "x"},
        {"WEBHOOK_URL": "https://bot.example.cn"},
        {"TOKEN": "no token"},
        {"TOKEN": TOKEN, "WEBHOOK_URL": "https://bot.example.cn"},
        {"TOKEN": TOKEN, "WEBHOOK_URL": "https://bot.example.cn", "SECRET": "with blank "[:11] + "."},
        {"TOKEN": TOKEN, "WEBHOOK_URL": "https://bot.example.cn", "SECRET": "x" * 257},
        {"TOKEN": TOKEN, "WEBHOOK_URL": "http://bot.example.cn", "SECRET": "x"},
        {"TOKEN": TOKEN, "WEBHOOK_URL": "bot.example.cn", "SECRET": "x"},
        {"TOKEN": TOKEN, "WEBHOOK_URL": "https://", "SECRET": "x"},
        {"TOKEN": TOKEN, "API_URL": "ftp://127.0.0.1"},
    ],
)
def test_half_a_configuration_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="BOTKIT_TELEGRAM_") as refused:
        settings(**values)
    assert TOKEN not in str(refused.value)


def test_one_of_ones_own_may_be_without_tls(tmp_path: Path) -> None:
    made = settings(TOKEN=TOKEN, SECRET="x", WEBHOOK_URL="http://10.0.0.1:5005", API_URL="http://10.0.0.2:8081/")
    assert made and made.api_url == "http://10.0.0.2:8081"
