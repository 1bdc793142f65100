"""Tickets as the console shows them, and the filters by which they are found. Forms as in `docs/desk.md`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from botkit.content.texts import Texts
from botkit.desk.accounts import Agent
from botkit.handoff.tickets import CALL_BACKS, UNDER_WAY, TicketState
from botkit.store.tables.conversation import ConversationRow
from botkit.store.tables.desk import AgentRow, TicketRow, TicketStepRow
from botkit.telecom.masking import masked_phone

LONGEST_QUERY = 50

_OPEN = [state.value for state in UNDER_WAY]
UNDER_WAY_FIRST = case((TicketRow.state.in_(_OPEN), 0), else_=1)


@dataclass(frozen=True)
class Filters:
    """What an agent looks for; an empty one takes everything. mine: that he made or has worked on."""

    state: str = ""
    department: str = ""
    mine: bool = False
    overdue: bool = False
    query: str = ""


def found(session: Session, agent: Agent, filters: Filters, now: datetime, limit: int) -> Sequence[TicketRow]:
    """Those whose promise comes due first, then what is done, the latest first."""
    statement = select(TicketRow)
    if words := filters.query.strip()[:LONGEST_QUERY]:
        statement = statement.where(_matching(words))
    if filters.state:
        statement = statement.where(TicketRow.state == filters.state)
    if filters.department:
        statement = statement.where(TicketRow.department == filters.department)
    if filters.mine:
        statement = statement.where(_mine(agent))
    if filters.overdue:
        statement = statement.where(_overdue(now))
    due = case((TicketRow.state.in_(_OPEN), TicketRow.promised_at))
    rows = session.execute(statement.order_by(UNDER_WAY_FIRST, due, TicketRow.id.desc()).limit(limit))
    return list(rows.scalars())


def counts(session: Session, agent: Agent, filters: Filters, now: datetime) -> dict[str, Any]:
    """Beside each filter how many it would show, with the other filters as they are."""
    query = select(
        TicketRow.state.label("state"),
        TicketRow.department.label("department"),
        case((_mine(agent), 1), else_=0).label("mine"),
        case((_overdue(now), 1), else_=0).label("overdue"),
    )
    if words := filters.query.strip()[:LONGEST_QUERY]:
        query = query.where(_matching(words))
    kinds = query.subquery()
    groups = session.execute(select(*kinds.c, func.count(literal(1))).group_by(*kinds.c)).all()
    states: Counter[str] = Counter()
    departments: Counter[str] = Counter()
    mine = overdue = 0
    for state, department, is_mine, is_overdue, count in groups:
        fits = {
            "state": filters.state in ("", state),
            "department": filters.department in ("", department),
            "mine": bool(is_mine) or not filters.mine,
            "overdue": bool(is_overdue) or not filters.overdue,
        }
        states[state] += count if _all_but("state", fits) else 0
        departments[department] += count if _all_but("department", fits) else 0
        mine += count if is_mine and _all_but("mine", fits) else 0
        overdue += count if is_overdue and _all_but("overdue", fits) else 0
    return {
        "states": {state.value: states[state.value] for state in TicketState} | {"": sum(states.values())},
        "departments": dict(departments) | {"": sum(departments.values())},
        "mine": mine,
        "overdue": overdue,
    }


def described(
    session: Session, rows: Sequence[TicketRow], texts: Texts, agent: Agent | None = None
) -> list[dict[str, Any]]:
    """With their steps. agent: who looks at them; he gets the whole number of a call back that he works on."""
    steps = _steps_of(session, [row.id for row in rows])
    names = _names(session, {step.agent_id for known in steps.values() for step in known})
    channels = select(ConversationRow.id, ConversationRow.channel)
    channels = channels.where(ConversationRow.id.in_({row.conversation_id for row in rows}))
    channel_of = {conversation_id: channel for conversation_id, channel in session.execute(channels)}
    customer = texts.text("desk_by_customer")
    return [
        {
            "id": row.id,
            "conversation": row.conversation_id,
            "number": row.number,
            "name": _customer_name(row),
            "phone": masked_phone(row.phone) if row.phone else None,
            "verified": row.customer_id is not None,
            "channel": channel_of.get(row.conversation_id),
            "call_back": row.call_back,
            "call": row.phone if agent is not None and _may_call(agent, row, steps[row.id]) else None,
            "department": row.department,
            "kind": row.kind,
            "text": row.text,
            "state": row.state,
            "promised_at": row.promised_at.isoformat(),
            "created_at": row.created_at.isoformat(),
            "steps": [
                {
                    "state": step.state,
                    "text": step.text,
                    "at": step.at.isoformat(),
                    "by": names.get(step.agent_id, customer),
                }
                for step in steps[row.id]
            ],
        }
        for row in rows
    ]


def _may_call(agent: Agent, row: TicketRow, steps: Sequence[TicketStepRow]) -> bool:
    """Who works the ticket, while there is something to call about: supervisors, the department's groups, who took it up."""
    if not row.call_back or not row.phone or row.state == TicketState.CLOSED.value:
        return False
    departments = {CALL_BACKS[group][0] for group in agent.groups if group in CALL_BACKS}
    return agent.supervises or row.department in departments or agent.id in {step.agent_id for step in steps}


def _customer_name(row: TicketRow) -> str:
    """As in the lists of conversations."""
    if row.customer_id is not None and row.phone:
        return f"尾号 {row.phone[-4:]}"
    return f"访客 {row.conversation_id[:4]}"


def _steps_of(session: Session, ticket_ids: Sequence[int]) -> Mapping[int, list[TicketStepRow]]:
    query = select(TicketStepRow).where(TicketStepRow.ticket_id.in_(ticket_ids)).order_by(TicketStepRow.id)
    steps: dict[int, list[TicketStepRow]] = {ticket_id: [] for ticket_id in ticket_ids}
    for step in session.execute(query).scalars():
        steps[step.ticket_id].append(step)
    return steps


def _names(session: Session, agent_ids: set[int | None]) -> Mapping[int, str]:
    query = select(AgentRow.id, AgentRow.name).where(AgentRow.id.in_(agent_ids))
    return {agent_id: name for agent_id, name in session.execute(query)}


def _matching(words: str) -> ColumnElement[bool]:
    return or_(TicketRow.number.contains(words, autoescape=True), TicketRow.text.contains(words, autoescape=True))


def _mine(agent: Agent) -> ColumnElement[bool]:
    worked = select(TicketStepRow.id).where(TicketStepRow.ticket_id == TicketRow.id, TicketStepRow.agent_id == agent.id)
    return or_(TicketRow.made_by == agent.id, worked.exists())


def _overdue(now: datetime) -> ColumnElement[bool]:
    return and_(TicketRow.state.in_(_OPEN), TicketRow.promised_at < now)


def _all_but(name: str, fits: Mapping[str, bool]) -> bool:
    return all(fit for other, fit in fits.items() if other != name)
