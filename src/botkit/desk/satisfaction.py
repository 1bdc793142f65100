"""How customers found the services of humans, as supervisors see it: today's figures, and whom to look after."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from botkit.desk.moments import midnight
from botkit.desk.rating import LOW
from botkit.store.tables.desk import AgentRow, ServiceRow

LOOKED_BACK = timedelta(days=7)
MOST = 20
"""So many unhappy customers are listed, of services that ended no longer ago than this."""


def ended_today(session: Session, now: datetime) -> dict[str, Any]:
    """`{agents: [{agent, name, closed, ratings, score}], total: {closed, ratings, score}}` of services that ended today.

    A service counts for the agent who served last. All who may sign in, and whoever else has ended one today; `score` is
    the mean to a tenth, None without ratings.
    """
    ended = (
        select(
            ServiceRow.agent_id,
            func.count().label("closed"),
            func.count(ServiceRow.rating).label("ratings"),
            func.sum(ServiceRow.rating).label("points"),
        )
        .where(ServiceRow.closed_at >= midnight(now))
        .group_by(ServiceRow.agent_id)
        .subquery()
    )
    figures = [
        func.coalesce(column, 0).label(column.name) for column in (ended.c.closed, ended.c.ratings, ended.c.points)
    ]
    query = (
        select(AgentRow.id, AgentRow.name, *figures)
        .outerjoin(ended, ended.c.agent_id == AgentRow.id)
        .where(or_(AgentRow.active, ended.c.closed.is_not(None)))
        .order_by(AgentRow.id)
    )
    rows = session.execute(query).all()
    agents = [{"agent": row.id, "name": row.name} | _figures(row.closed, row.ratings, row.points) for row in rows]
    sums = (sum(getattr(row, name) for row in rows) for name in ("closed", "ratings", "points"))
    return {"agents": agents, "total": _figures(*sums)}


def unhappy(session: Session, now: datetime) -> list[dict[str, Any]]:
    """`[{id, service, at, agent, group, score, solved}]`: who gave a low score or says that the matter is not solved, the
    service that ended last first. `agent` is the name of who served last."""
    query = (
        select(ServiceRow, AgentRow.name)
        .join(AgentRow, AgentRow.id == ServiceRow.agent_id)
        .where(
            ServiceRow.closed_at >= now - LOOKED_BACK,
            or_(ServiceRow.rating <= LOW, ServiceRow.rating_solved.is_(False)),
        )
        .order_by(ServiceRow.closed_at.desc(), ServiceRow.id.desc())
        .limit(MOST)
    )
    return [
        {
            "id": service.conversation_id,
            "service": service.id,
            "at": service.closed_at.isoformat(),
            "agent": name,
            "group": service.skill,
            "score": service.rating,
            "solved": service.rating_solved,
        }
        for service, name in session.execute(query)
    ]


def _figures(closed: int, ratings: int, points: int) -> dict[str, Any]:
    mean = (Decimal(points) / ratings).quantize(Decimal("0.1"), ROUND_HALF_UP) if ratings else None
    return {"closed": closed, "ratings": ratings, "score": None if mean is None else float(mean)}
