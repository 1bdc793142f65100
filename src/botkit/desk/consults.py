"""Questions to groups of experts: open for each group until one of it answers, or until the service in which they were asked
has ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.desk.accounts import Agent
from botkit.store.tables.conversation import ConversationRow
from botkit.store.tables.desk import AgentRow, NoteRow, ServiceRow


def still_asked(question: NoteRow, service: ServiceRow | None) -> bool:
    """Whether the service in which it was asked runs on. service: the one that the conversation has now."""
    return service is not None and bool(service.requested_at <= question.at)


def open_consults(session: Session, ids: Sequence[str] | None = None) -> dict[str, list[dict[str, Any]]]:
    """`[{id, agent, groups, text, at}]` of each conversation that has any, oldest first. groups: those that have not answered.
    ids: of these conversations only."""
    query = (
        select(NoteRow)
        .join(ConversationRow, ConversationRow.id == NoteRow.conversation_id)
        .join(ServiceRow, ServiceRow.id == ConversationRow.service_id)
        .where(NoteRow.kind == "consult", NoteRow.at >= ServiceRow.requested_at)
        .order_by(NoteRow.id)
    )
    if ids is not None:
        query = query.where(NoteRow.conversation_id.in_(ids))
    questions = session.execute(query).scalars().all()
    silent = _silent(session, questions)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in questions:
        if silent[row.id]:
            found.setdefault(row.conversation_id, []).append(
                {
                    "id": row.id,
                    "agent": row.agent_id,
                    "groups": silent[row.id],
                    "text": row.text,
                    "at": row.at.isoformat(),
                }
            )
    return found


def _silent(session: Session, questions: Sequence[NoteRow]) -> dict[int, list[str]]:
    """The groups of each question from which no answer has come. Who is in none of them answers for all."""
    silent = {row.id: list(row.skills or ()) for row in questions}
    answers = session.execute(
        select(NoteRow.consult_id, AgentRow.skills)
        .join(AgentRow, AgentRow.id == NoteRow.agent_id)
        .where(NoteRow.kind == "answer", NoteRow.consult_id.in_(silent))
    ).all()
    asked_first = {row.id: set(row.skills or ()) for row in questions}
    for consult, skills in answers:
        answered = asked_first[consult] & set(skills or ()) or asked_first[consult]
        silent[consult] = [group for group in silent[consult] if group not in answered]
    return silent


def asked(agent: Agent, consults: Iterable[dict[str, Any]]) -> bool:
    """Whether one of these is for a group of this agent's, and not his own question."""
    return any(one["agent"] != agent.id and agent.groups & set(one["groups"]) for one in consults)


def notes_of(session: Session, conversation: ConversationRow, service: ServiceRow | None) -> list[dict[str, Any]]:
    """Notes, consults and answers as `docs/desk.md` has them, oldest first. service: the one that runs now."""
    query = select(NoteRow).where(NoteRow.conversation_id == conversation.id).order_by(NoteRow.id)
    rows = session.execute(query).scalars().all()
    silent = _silent(session, [row for row in rows if row.kind == "consult"])
    shown = []
    for row in rows:
        waits = silent.get(row.id, [])
        asked_still = bool(waits) and still_asked(row, service)
        shown.append(
            {
                "id": row.id,
                "kind": row.kind,
                "agent": row.agent_id,
                "at": row.at.isoformat(),
                "text": row.text,
                "groups": row.skills,
                "consult": row.consult_id,
                "open": asked_still,
                "over": bool(waits) and not asked_still,
                "waits_for": waits,
            }
        )
    return shown
