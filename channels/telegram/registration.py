"""What Telegram must know of the bot: where updates go, which commands there are. Told again only where it differs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import structlog
from telegram import Bot, BotCommand

from botkit.content.texts import Texts
from channels.telegram.settings import TelegramSettings
from channels.telegram.updates import ALLOWED_UPDATES, COMMANDS

MAX_CONNECTIONS = 40
"""Simultaneous deliveries to the webhook, of 1 to 100."""

log = structlog.get_logger(__name__)


async def register(bot: Bot, settings: TelegramSettings, texts: Texts, folder: Path) -> None:
    """Raises TelegramError. folder: where this server notes what it has set."""
    me = await bot.get_me()
    if settings.webhook_url:
        await _set_webhook(bot, settings, folder / "webhook.json")
    else:
        await bot.delete_webhook(drop_pending_updates=False)
    await _set_commands(bot, texts)
    log.info("telegram is connected", bot=me.username, mode="webhook" if settings.webhook_url else "polling")


async def _set_webhook(bot: Bot, settings: TelegramSettings, note: Path) -> None:
    """Telegram tells all that is set but the secret, of which a digest is noted here."""
    wanted = {
        "url": settings.webhook_url,
        "max_connections": MAX_CONNECTIONS,
        "allowed_updates": sorted(ALLOWED_UPDATES),
    }
    digest = hashlib.sha256(f"{settings.token} {settings.secret}".encode()).hexdigest()
    known = await bot.get_webhook_info()
    is_set = {
        "url": known.url,
        "max_connections": known.max_connections or MAX_CONNECTIONS,
        "allowed_updates": sorted(known.allowed_updates or ()),
    }
    if is_set == wanted and _noted(note) == digest:
        return
    await bot.set_webhook(
        settings.webhook_url,
        secret_token=settings.secret,
        max_connections=MAX_CONNECTIONS,
        allowed_updates=list(ALLOWED_UPDATES),
    )
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps({"secret_digest": digest}), encoding="utf-8")
    log.info("telegram webhook set", url=settings.webhook_url)


def _noted(note: Path) -> str | None:
    try:
        return str(json.loads(note.read_text(encoding="utf-8"))["secret_digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


async def _set_commands(bot: Bot, texts: Texts) -> None:
    labels = texts.labels("telegram_commands")
    wanted = [BotCommand(name, labels[name]) for name in COMMANDS]
    known = await bot.get_my_commands()
    if [(command.command, command.description) for command in known] != [
        (one.command, one.description) for one in wanted
    ]:
        await bot.set_my_commands(wanted)
