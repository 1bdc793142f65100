"""How long customers of a group will wait, from who is there and how long the group's last services took."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from botkit.desk.service import present
from botkit.handoff.machine import Owner
from botkit.handoff.waiting import Prospect, prospect
from botkit.store.tables.conversation import ConversationRow
from botkit.store.tables.desk import ServiceRow

MEASURED = 30
"""So many of the group's last services are the basis of an expected wait."""


def expected(session: Session, skill: str, ahead: int) -> tuple[bool, Prospect]:
    """Whether anybody of the group is there, and what a customer with so many before him can be told."""
    there = [served for served in present(session) if skill in served.desk.groups]
    places = sum(served.desk.limit for served in there)
    free = sum(max(served.desk.limit - served.serving, 0) for served in there)
    return bool(there), prospect(ahead, _handling(session, skill), places, free)


def ahead_of(session: Session, service: ServiceRow) -> int:
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
