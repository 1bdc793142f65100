"""What is due when a customer or an agent stays silent: a word first, then the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class Due(Enum):
    REMIND_CUSTOMER = "remind_customer"
    CLOSE = "close"
    SOOTHE_CUSTOMER = "soothe_customer"
    """The agent keeps the customer waiting: a word to him, and the agent is alerted."""


@dataclass(frozen=True)
class Patience:
    """How long silence is borne while a human serves."""

    remind_after: timedelta = timedelta(minutes=5)
    close_after: timedelta = timedelta(minutes=5)
    """Counted from the reminder."""
    soothe_after: timedelta = timedelta(minutes=2)


@dataclass(frozen=True)
class Talk:
    """When who spoke last, while a human serves. None: has not spoken, or not been reminded."""

    customer: datetime | None
    agent: datetime | None
    reminded: datetime | None = None
    soothed: datetime | None = None


def due(talk: Talk, now: datetime, patience: Patience) -> Due | None:
    """What is to be done now, each thing once for each stretch of silence."""
    if talk.agent is not None and (talk.customer is None or talk.customer < talk.agent):
        if talk.reminded is None or talk.reminded < talk.agent:
            return Due.REMIND_CUSTOMER if now - talk.agent >= patience.remind_after else None
        return Due.CLOSE if now - talk.reminded >= patience.close_after else None
    if talk.customer is not None and (talk.soothed is None or talk.soothed < talk.customer):
        return Due.SOOTHE_CUSTOMER if now - talk.customer >= patience.soothe_after else None
    return None
