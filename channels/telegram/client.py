"""The Bot API's client, and what its refusals mean for the outbox. https://core.telegram.org/bots/api#making-requests"""

from __future__ import annotations

from datetime import timedelta

from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from botkit.conversation.outbox import TryLater, Undeliverable
from channels.telegram.settings import TelegramSettings

TIMEOUT = 10.0
"""Seconds for connecting, writing, reading, each."""

_NO_SUCH_CHAT = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat_id is empty",
    "have no access to the chat",
)
_BLOCKED = ("user is deactivated", "bot was blocked")


class Client:
    """`bot` needs no initialisation: nothing is asked of Telegram before it is wanted."""

    def __init__(self, settings: TelegramSettings) -> None:
        self._token = settings.token
        self._requests = [_requests(), _requests()]
        self.bot = Bot(
            settings.token,
            base_url=f"{settings.api_url}/bot",
            base_file_url=f"{settings.api_url}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )

    async def close(self) -> None:
        for request in self._requests:
            await request.shutdown()

    def why(self, error: BaseException) -> str:
        """What an error says, without the token that addresses hold."""
        return f"{type(error).__name__}: {error}".replace(self._token, "…")


def _requests() -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=64,
        connect_timeout=TIMEOUT,
        read_timeout=TIMEOUT,
        write_timeout=TIMEOUT,
        pool_timeout=TIMEOUT,
        media_write_timeout=15.0,
    )


def seconds_of(flood: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    # the public attribute warns of its own future type
    return float(flood._retry_after.total_seconds())


def refusal(error: TelegramError, why: str, parts: int) -> TryLater | Undeliverable:
    """What the outbox is to do. why: for the log. parts: how many parts of the line Telegram has."""
    said = str(error).lower()
    if isinstance(error, RetryAfter):
        return TryLater(why, timedelta(seconds=seconds_of(error)), parts)
    if isinstance(error, Forbidden) or any(sign in said for sign in _BLOCKED):
        return Undeliverable(why, "blocked")
    if isinstance(error, ChatMigrated) or (
        isinstance(error, BadRequest) and any(sign in said for sign in _NO_SUCH_CHAT)
    ):
        return Undeliverable(why, "no_address")
    if isinstance(error, BadRequest) or "request entity too large" in said:
        return Undeliverable(why)
    if isinstance(error, InvalidToken):  # the operator's mistake: what waits is not lost by it
        return TryLater(f"the token is refused, see docs/telegram.md ({why})", parts=parts)
    return TryLater(why, parts=parts)
