"""What actions need from the rest of the house, handed in; built from the settings for `rasa run actions`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from botkit.assembly import House, assemble
from botkit.bss.port import Operator
from botkit.content import Glossary, PhoneContent
from botkit.content.texts import Texts
from botkit.conversation.verification import Verifications


@dataclass(frozen=True)
class Services:
    """One set for all actions. `operator.now()` is the clock; `verification_minutes` as in `Settings`."""

    operator: Operator
    verifications: Verifications
    phones: PhoneContent
    terms: Glossary
    texts: Texts
    verification_minutes: int = 60

    @classmethod
    def of(cls, house: House) -> Services:
        minutes = house.settings.verification_minutes
        return cls(house.operator, house.verifications, house.phones, house.terms, house.texts, minutes)

    def now(self) -> datetime:
        return self.operator.now()


@lru_cache(maxsize=1)
def default_services() -> Services:
    """The services of this machine's settings, for an action server of its own."""
    return Services.of(assemble())
