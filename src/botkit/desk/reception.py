"""What a waiting customer is told: his place and wait, or when somebody is there again. See `botkit.conversation.reception`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.ownership import move, service_of
from botkit.conversation.reception import CALL_BACK
from botkit.conversation.reply import Reply, said
from botkit.desk.moments import PLACE, moment
from botkit.desk.rating import PREFIX, rate
from botkit.desk.service import present
from botkit.desk.tickets import Tickets
from botkit.handoff.hours import ServiceHours
from botkit.handoff.machine import Close, End, Owner
from botkit.handoff.waiting import Prospect, prospect
from botkit.store.tables.conversation import ConversationRow
from botkit.store.tables.desk import ServiceRow

MEASURED = 30
"""So many of the group's last services are the basis of an expected wait."""


class DeskReception:
    def __init__(self, texts: Texts, clock: Callable[[], datetime], hours: ServiceHours, tickets: Tickets) -> None:
        self._texts = texts
        self._clock = clock
        self._hours = hours
        self._tickets = tickets

    @property
    def payloads(self) -> Collection[str]:
        return (CALL_BACK,)

    def handed_over(self, session: Session, conversation: ConversationRow) -> Reply | None:
        return self._word(session, conversation) if conversation.owner == Owner.WAITING.value else None

    def still_waiting(self, session: Session, conversation: ConversationRow) -> Reply | None:
        return self._word(session, conversation)

    def takes(self, payload: str) -> bool:
        return payload == CALL_BACK or payload.startswith(PREFIX)

    def act(self, session: Session, conversation: ConversationRow, payload: str) -> Reply | None:
        """A rating is kept at any time; else nobody but the human answers while a human serves."""
        if payload.startswith(PREFIX):
            return rate(session, conversation, payload, self._texts)
        if conversation.owner == Owner.HUMAN.value:
            return None
        reply = self._tickets.leave_call_back(session, conversation)
        if conversation.owner == Owner.WAITING.value:
            move(session, conversation, Close(End.CALL_BACK), self._clock())
        return reply

    def _word(self, session: Session, conversation: ConversationRow) -> Reply | None:
        service = service_of(session, conversation)
        if service is None:
            return None
        there = [served for served in present(session) if service.skill in served.desk.groups]
        places = sum(served.desk.limit for served in there)
        free = sum(max(served.desk.limit - served.serving, 0) for served in there)
        found = prospect(_ahead(session, service), _handling(session, service.skill), places, free)
        if found.wait == timedelta():
            return said(self._texts, "desk_wait_none")  # whoever is there serves, whatever the hours say
        now = self._clock().astimezone(PLACE)
        if not self._hours.is_open(now):
            opens = self._hours.next_opening(now)
            if opens is None:
                return said(self._texts, "desk_out_of_hours_long")
            return said(self._texts, "desk_out_of_hours", opens=moment(self._texts, opens, now))
        return self._place(found) if there else said(self._texts, "desk_nobody_there")

    def _place(self, found: Prospect) -> Reply:
        name = "desk_wait" if found.ahead else "desk_wait_first"
        if found.wait is None:
            return said(self._texts, f"{name}_unknown", ahead=found.ahead)
        return said(self._texts, name, ahead=found.ahead, minutes=int(found.wait / timedelta(minutes=1)))


def _ahead(session: Session, service: ServiceRow) -> int:
    """Customers of his group who have waited longer."""
    earlier = or_(
        ServiceRow.requested_at < service.requested_at,
        and_(ServiceRow.requested_at == service.requested_at, ServiceRow.id < service.id),
    )
    query = (
        select(func.count())
        .select_from(ConversationRow)
        .join(ServiceRow, ServiceRow.id == ConversationRow.service_id)
        .where(ConversationRow.owner == Owner.WAITING.value, ServiceRow.skill == service.skill, earlier)
    )
    return int(session.execute(query).scalar_one())


def _handling(session: Session, skill: str) -> list[timedelta]:
    """How long the group's last services took, from the first agent's acceptance to the end."""
    query = (
        select(ServiceRow.accepted_at, ServiceRow.closed_at)
        .where(ServiceRow.skill == skill, ServiceRow.accepted_at.is_not(None), ServiceRow.closed_at.is_not(None))
        .order_by(ServiceRow.closed_at.desc())
        .limit(MEASURED)
    )
    return [closed - accepted for accepted, closed in session.execute(query)]
