"""Logging of the whole process: one line an event on stderr, ours in logfmt."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import structlog

_TELEPHONE = re.compile(
    r"(?P<id>(?<!\w)[0-9a-f]{32}(?!\w))"  # of a conversation: digits in a row in it are no number
    r"|(?<!\d)(?:(?P<mobile>1\d{2})\d{4}|(?P<area>0\d{2,3}-?)(?=\d{7,8}(?!\d))\d{3,4})(?P<last>\d{4})(?!\d)"
)
_QUOTED_BY_POSTGRESQL = re.compile(r"^(?:DETAIL:|LINE \d+:).*\n?(?:\s+\^\s*$)?", re.MULTILINE)


class Unfailing:
    """stderr as it is at the moment. What cannot be written there (a full disk, a pipe that nobody reads any more) is lost;
    the work that it tells of goes on."""

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()


def configure_logging(level: int = logging.WARNING) -> None:
    """`level` is for our own events; what libraries have to say starts at a warning.

    Rasa logs through structlog too, at debug level, with the whole dialogue state: that must not be rendered.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # jieba sets its own level and handler when it is imported: a filter stays
    logging.getLogger("jieba").addFilter(lambda record: record.levelno >= logging.WARNING)
    # warnings of libraries about each other are nothing that an operator can mend
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(Unfailing()),  # type: ignore[arg-type]
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_personal_data,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
        cache_logger_on_first_use=True,
    )


def without_personal_data(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Telephone numbers are masked; what PostgreSQL quotes of the rows and statements that it refuses is left out."""
    for name, value in event.items():
        if isinstance(value, str):
            written = _QUOTED_BY_POSTGRESQL.sub("", value)
            event[name] = _TELEPHONE.sub(_masked, written)
    return event


def _masked(found: re.Match[str]) -> str:
    return found["id"] or f"{found['mobile'] or found['area']}****{found['last']}"
