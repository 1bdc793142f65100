"""The one place where a desk is chosen: the console of this house, or Chatwoot (`BOTKIT_DESK`)."""

from __future__ import annotations

from datetime import timedelta

import socketio

from botkit.assembly import House
from botkit.clock import system_clock
from botkit.desk.accounts import Accounts
from botkit.desk.chatwoot.desk import chatwoot_desk
from botkit.desk.console import Console
from botkit.desk.console_desk import ConsoleDesk
from botkit.desk.insight import Insight
from botkit.desk.pages import desk_blueprint
from botkit.desk.port import Deliver, Desk
from botkit.desk.reception import DeskReception
from botkit.desk.service import DeskService
from botkit.desk.tickets import Tickets
from botkit.desk.timers import Timers
from botkit.desk.view import DeskView


def desk_of(house: House, sockets: socketio.AsyncServer, tickets: Tickets, deliver: Deliver) -> Desk:
    """The desk that the settings name."""
    settings, work, texts = house.settings, house.unit_of_work, house.texts
    insight = Insight(work, house.operator, texts, house.phones, house.terms, settings.project / "domain", system_clock)
    view = DeskView(work, system_clock, timedelta(minutes=settings.verification_minutes))
    timers = Timers(work, texts, system_clock)
    if settings.chatwoot is not None:
        return chatwoot_desk(settings.chatwoot, work, texts, house.hours, insight, view, timers, deliver, system_clock)
    accounts = Accounts(work, system_clock)
    service = DeskService(work, texts, system_clock)
    console = Console(sockets, accounts, service, view, insight, tickets, texts, deliver)
    reception = DeskReception(texts, system_clock, house.hours, tickets)
    return ConsoleDesk(console, reception, timers, desk_blueprint(accounts, texts), insight.prepared)
