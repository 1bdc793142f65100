"""What actions need from the rest of the house, handed in; built from the settings for `rasa run actions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from botkit.assembly import House, assemble
from botkit.bss.port import Operator
from botkit.content import Glossary, PhoneContent
from botkit.content.handoff import HandoffContent
from botkit.content.texts import Texts
from botkit.conversation.verification import Verifications
from botkit.handoff.hours import ServiceHours
from botkit.handoff.tickets import TicketStatus


class TicketBook(Protocol):
    """What became of a customer's tickets, from the desk."""

    def statuses(self, conversation_id: str, customer_id: str | None) -> Sequence[TicketStatus]:
        """Those of this conversation and of the verified customer, what is under way first."""


@dataclass(frozen=True)
class Services:
    """One set for all actions. `operator.now()` is the clock; `verification_minutes` as in `Settings`.

    tickets: None on an action server of its own, which knows nothing of the desk. hours: when agents are there.
    """

    operator: Operator
    verifications: Verifications
    phones: PhoneContent
    terms: Glossary
    texts: Texts
    handoff: HandoffContent
    verification_minutes: int = 60
    tickets: TicketBook | None = None
    hours: ServiceHours | None = None

    @classmethod
    def of(cls, house: House, tickets: TicketBook | None = None) -> Services:
        minutes = house.settings.verification_minutes
        return cls(
            house.operator,
            house.verifications,
            house.phones,
            house.terms,
            house.texts,
            house.handoff,
            minutes,
            tickets,
            house.hours,
        )

    def now(self) -> datetime:
        return self.operator.now()


@lru_cache(maxsize=1)
def default_services() -> Services:
    """The services of this machine's settings, for an action server of its own."""
    return Services.of(assemble())
