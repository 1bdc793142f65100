"""Puts the house together from the settings: database, operator, content. Channels and actions come on top, in `server`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.engine import Engine

from botkit.bss.demo.catalogue import load_catalogue
from botkit.bss.demo.seed import ensure_demo
from botkit.bss.embedded import EmbeddedOperator
from botkit.bss.port import Operator
from botkit.bss.sms import FileSmsSender, SmsOutlet
from botkit.clock import system_clock
from botkit.content import Glossary, PhoneContent, load_hours, load_phones, load_terms
from botkit.content.handoff import HandoffContent, load_handoff
from botkit.content.texts import Texts, load_texts
from botkit.conversation.verification import Verifications
from botkit.handoff.hours import ServiceHours
from botkit.settings import Settings
from botkit.store import migrate
from botkit.store.engine import UnitOfWork, create_engine, unit_of_work


@dataclass(frozen=True)
class House:
    """sms: where one-time codes leave by; a file, until a gateway is connected to it."""

    settings: Settings
    engine: Engine
    unit_of_work: UnitOfWork
    operator: Operator
    verifications: Verifications
    phones: PhoneContent
    terms: Glossary
    texts: Texts
    hours: ServiceHours
    handoff: HandoffContent
    sms: SmsOutlet

    def keep_demo_alive(self) -> bool:
        """Bring the demo operator's dates to today; True when a new day had begun. Nothing outside demo mode."""
        return self.settings.demo and ensure_demo(self.unit_of_work, self.operator.now().date())


def assemble(settings: Settings | None = None) -> House:
    """Open and migrate the database, fill the demo, load content.

    Raises ContentError for a broken content file, sqlalchemy's OperationalError for a database that cannot be opened.
    """
    settings = settings or Settings.from_environment()
    settings.var.mkdir(parents=True, exist_ok=True)
    phones = load_phones(settings.content / "phones")
    terms = load_terms(settings.content / "terms.yml")
    texts = load_texts(settings.content / "texts")
    hours = ServiceHours.of(load_hours(settings.content / "desk" / "hours.yml"))
    handoff = load_handoff(settings.content / "handoff.yml")
    engine = create_engine(settings.database_url)
    migrate.upgrade(engine)
    work = unit_of_work(engine)
    sms = SmsOutlet(FileSmsSender(settings.sms_file, system_clock))
    operator = EmbeddedOperator(
        work,
        load_catalogue(),
        system_clock,
        secrets.SystemRandom(),
        sms,
        texts.template("sms_code"),
    )
    verifications = Verifications(work, system_clock, timedelta(minutes=settings.verification_minutes))
    house = House(settings, engine, work, operator, verifications, phones, terms, texts, hours, handoff, sms)
    house.keep_demo_alive()
    return house
