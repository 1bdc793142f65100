"""Files from Telegram: getFile, then the download. https://core.telegram.org/bots/api#getfile

The Bot API hands out files of at most 20 MB; ours are smaller.
"""

from __future__ import annotations

import asyncio

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from botkit.conversation.files import MAX_SIZE, FileRefused, Files
from botkit.conversation.messages import KeptFile
from channels.telegram.updates import Attachment

PATIENCE = 25.0
"""Seconds for one file: Telegram waits for our answer meanwhile."""

READ_TIMEOUT = 15.0


class Unfetched(Exception):
    """It may come next time."""


async def fetch(bot: Bot, files: Files, attachment: Attachment) -> KeptFile:
    """Raises FileRefused (also `lost`: Telegram does not have it any more), Unfetched."""
    if attachment.size is not None and attachment.size > MAX_SIZE:
        raise FileRefused("too_large")
    try:
        data = await asyncio.wait_for(_download(bot, attachment.file_id), PATIENCE)
    except BadRequest as error:
        raise FileRefused("too_large" if "too big" in str(error).lower() else "lost") from None
    except TelegramError as error:
        raise Unfetched(type(error).__name__) from None
    except asyncio.TimeoutError:
        raise Unfetched("too slow") from None
    return await asyncio.to_thread(files.keep, data, attachment.name)


async def _download(bot: Bot, file_id: str) -> bytes:
    file = await bot.get_file(file_id)
    if file.file_size is not None and file.file_size > MAX_SIZE:
        raise FileRefused("too_large")
    if not file.file_path:
        raise FileRefused("lost")
    return bytes(await file.download_as_bytearray(read_timeout=READ_TIMEOUT))
