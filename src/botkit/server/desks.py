"""The one place where a desk is chosen: the console of this house, or Chatwoot (`BOTKIT_DESK`)."""

from __future__ import annotations

from datetime import timedelta

import socketio

from botkit.assembly import House
from botkit.clock import system_clock
from botkit.conversation.files import Files
from botkit.conversation.signs import Signs
from botkit.desk.access import Access
from botkit.desk.accounts import Accounts
from botkit.desk.broadcast import Broadcast
from botkit.desk.chatwoot.desk import chatwoot_desk
from botkit.desk.commands import Commands
from botkit.desk.console import Console
from botkit.desk.console_desk import ConsoleDesk
from botkit.desk.identification import Identification
from botkit.desk.insight import Insight
from botkit.desk.overview import Overview
from botkit.desk.pages import desk_blueprint
from botkit.desk.port import Deliver, Desk, Resend
from botkit.desk.reception import DeskReception
from botkit.desk.service import DeskService
from botkit.desk.tickets import Tickets
from botkit.desk.timers import Timers
from botkit.desk.view import DeskView


def desk_of(
    house: House,
    sockets: socketio.AsyncServer,
    tickets: Tickets,
    files: Files,
    signs: Signs,
    deliver: Deliver,
    resend: Resend,
) -> Desk:
    """The desk that the settings name."""
    settings, work, texts = house.settings, house.unit_of_work, house.texts
    insight = Insight(
        work,
        house.operator,
        texts,
        house.phones,
        house.terms,
        settings.project / "domain",
        system_clock,
        tickets,
    )
    view = DeskView(work, system_clock, timedelta(minutes=settings.verification_minutes))
    timers = Timers(work, texts, system_clock)
    if settings.chatwoot is not None:
        return chatwoot_desk(settings.chatwoot, work, texts, house.hours, insight, view, timers, deliver, system_clock)
    accounts = Accounts(work, system_clock)
    service = DeskService(work, texts, system_clock)
    identification = Identification(work, house.operator, house.verifications, texts, system_clock)
    broadcast = Broadcast(sockets, accounts, service, view, insight, deliver)
    overview, access = Overview(work, view, system_clock), Access(work)
    commands = Commands(
        accounts, service, view, insight, tickets, identification, broadcast, signs, overview, access, resend
    )
    console = Console(sockets, accounts, view, commands, broadcast, texts)
    signs.on_customer(broadcast.customer_signs)
    reception = DeskReception(texts, system_clock, house.hours, tickets, identification)
    blueprint = desk_blueprint(accounts, texts, console, commands, files)
    return ConsoleDesk(console, broadcast, reception, timers, blueprint, insight.prepared)
