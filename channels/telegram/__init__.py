"""Telegram, over the Bot API (https://core.telegram.org/bots/api). Set-up: docs/telegram.md."""
