"""The states of a conversation and what may lead from one to the next: `bot → waiting → human → bot | closed`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Owner(str, Enum):
    """Who answers the customer's next message. `WAITING`: asked for a human, none there yet."""

    BOT = "bot"
    WAITING = "waiting"
    HUMAN = "human"
    CLOSED = "closed"


class Reason(str, Enum):
    """Why a conversation is handed over."""

    ASKED = "asked"
    FRUSTRATED = "frustrated"
    TOO_COMPLEX = "too_complex"
    MISUNDERSTOOD = "misunderstood"
    BOT_FAILURE = "bot_failure"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True)
class HandOver:
    """The conversation goes to the queue of waiting customers."""

    reason: Reason
    topic: str = ""


@dataclass(frozen=True)
class ReturnToBot:
    """The bot goes on: the customer gives up waiting, or writes again after the end. Nobody throws a human out with it."""


Command = HandOver | ReturnToBot


@dataclass(frozen=True)
class Transition:
    """What a command did. `changed` is False where it was allowed but had been done already."""

    owner: Owner
    changed: bool


class NotAllowed(ValueError):
    """The command makes no sense in this state."""


def transition(owner: Owner, command: Command) -> Transition:
    """The owner after a command. A second hand-over while waiting changes nothing: never two for one cause.

    Raises NotAllowed.
    """
    if isinstance(command, HandOver):
        if owner in (Owner.BOT, Owner.CLOSED):
            return Transition(Owner.WAITING, True)
        return Transition(owner, False)
    if owner is Owner.HUMAN:
        raise NotAllowed(f"{type(command).__name__} while {owner.value}")
    return Transition(Owner.BOT, owner is not Owner.BOT)
