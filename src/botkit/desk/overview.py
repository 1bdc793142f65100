"""What a supervisor watches: who waits, who is kept waiting, how busy everybody is, promises about to break, who is unhappy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from botkit.desk.queue import expected
from botkit.desk.satisfaction import ended_today, unhappy
from botkit.desk.service import present
from botkit.desk.view import DeskView
from botkit.handoff.machine import Owner
from botkit.handoff.silence import Patience
from botkit.handoff.tickets import UNDER_WAY, about_to_break
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow
from botkit.store.tables.desk import ServiceRow, TicketRow


class Overview:
    def __init__(
        self,
        unit_of_work: UnitOfWork,
        view: DeskView,
        clock: Callable[[], datetime],
        patience: Patience | None = None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._view = view
        self._clock = clock
        self._patience = patience or Patience()

    def load(self, groups: Sequence[str]) -> dict[str, Any]:
        """`{groups, total, waiting, late, agents, due, today, unhappy}` as in `docs/desk.md`."""
        with self._unit_of_work(reading=True) as session:
            of_groups, total = _groups(session, groups)
            waiting = list(session.execute(_waiting()).scalars())
            unanswered = _unanswered(session)
            promised = self._about_to_break(session)
            satisfaction = {"today": ended_today(session, self._clock()), "unhappy": unhappy(session, self._clock())}
        slow = self._clock() - self._patience.soothe_after
        late = {talk: since for talk, (_, since) in unanswered.items() if since <= slow}
        items = {item["id"]: item for item in self._view.items_of({*waiting, *late, *promised})}
        longest: dict[int, datetime] = {}
        for agent, since in unanswered.values():
            longest[agent] = min(since, longest.get(agent, since))
        agents = [agent | {"unanswered": _iso(longest.get(agent["id"]))} for agent in self._view.agents()]
        return {
            "groups": of_groups,
            "total": total,
            "waiting": [items[talk] for talk in waiting if talk in items],
            "late": [items[talk] | {"unanswered": _iso(at)} for talk, at in _oldest_first(late) if talk in items],
            "agents": agents,
            "due": sorted((items[talk] for talk in promised if talk in items), key=lambda item: str(item["due"])),
            **satisfaction,
        }

    def _about_to_break(self, session: Session) -> set[str]:
        """Conversations with a promise that is about to break or has broken."""
        under_way = TicketRow.state.in_([state.value for state in UNDER_WAY])
        query = select(TicketRow.conversation_id, TicketRow.created_at, TicketRow.promised_at).where(under_way)
        now = self._clock()
        return {talk for talk, created, promised in session.execute(query) if about_to_break(created, promised, now)}


def _groups(session: Session, groups: Sequence[str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Each group's figures, and the sums. `free`: how many more customers could be taken; an agent of two groups has his
    places for either, so they are counted in both, and once in the sum."""
    found = session.execute(
        select(ServiceRow.skill, ConversationRow.owner, func.count(), func.min(ServiceRow.requested_at))
        .join(ConversationRow, ConversationRow.service_id == ServiceRow.id)
        .group_by(ServiceRow.skill, ConversationRow.owner)
    ).all()
    known = {(skill, owner): (count, since) for skill, owner, count, since in found}
    free = [(served.agent.groups, max(served.agent.limit - served.serving, 0)) for served in present(session)]
    of_groups = []
    for group in groups:
        waiting, since = known.get((group, Owner.WAITING.value), (0, None))
        of_groups.append(
            {
                "group": group,
                "waiting": waiting,
                "longest": _iso(since),
                "wait_minutes": _minutes(expected(session, group, waiting)[1].wait),
                "serving": known.get((group, Owner.HUMAN.value), (0, None))[0],
                "free": sum(places for of, places in free if group in of),
            }
        )
    total = {name: sum(int(group[name]) for group in of_groups) for name in ("waiting", "serving")}
    return of_groups, total | {"free": sum(places for of, places in free if of)}


def _waiting() -> Any:
    """Conversations that wait, the longest first."""
    return (
        select(ConversationRow.id)
        .join(ServiceRow, ServiceRow.id == ConversationRow.service_id)
        .where(ConversationRow.owner == Owner.WAITING.value)
        .order_by(ServiceRow.requested_at, ServiceRow.id)
    )


def _unanswered(session: Session) -> dict[str, tuple[int, datetime]]:
    """Of the conversations in which an agent owes a reply: (agent, since when)."""
    rows = session.execute(
        select(ConversationRow.id, ServiceRow)
        .join(ServiceRow, ServiceRow.id == ConversationRow.service_id)
        .where(ConversationRow.owner == Owner.HUMAN.value, ServiceRow.customer_at.is_not(None))
    )
    return {
        talk: (service.agent_id, service.customer_at)
        for talk, service in rows
        if service.agent_at is None or service.customer_at > service.agent_at
    }


def _oldest_first(late: dict[str, datetime]) -> list[tuple[str, datetime]]:
    return sorted(late.items(), key=lambda one: one[1])


def _minutes(wait: timedelta | None) -> int | None:
    return None if wait is None else int(wait / timedelta(minutes=1))


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
