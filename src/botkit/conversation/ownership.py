"""Who has a conversation, as the database keeps it: the state machine of `botkit.handoff` applied to rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from botkit.conversation.messages import Author
from botkit.conversation.transcript import append_line
from botkit.handoff.machine import (
    Close,
    Command,
    End,
    HandBack,
    HandOver,
    LoseAgent,
    Owner,
    Reason,
    Reassign,
    State,
    Transfer,
    Transition,
    transition,
)
from botkit.store.tables.conversation import ConversationRow, LineRow
from botkit.store.tables.desk import ServiceRow


def service_of(session: Session, conversation: ConversationRow) -> ServiceRow | None:
    """The service that runs, or is waited for."""
    return session.get(ServiceRow, conversation.service_id) if conversation.service_id else None


def customer_spoke(session: Session, conversation: ConversationRow, now: datetime) -> None:
    """Note since when the customer waits for the human who serves him: his first line after the human's last."""
    service = service_of(session, conversation)
    if service is None or conversation.owner != Owner.HUMAN.value:
        return
    if service.customer_at is None or (service.agent_at is not None and service.customer_at <= service.agent_at):
        service.customer_at = now


def read_by_agent(session: Session, conversation: ConversationRow) -> int:
    """The number of the last line that an agent has seen; 0 before any has looked."""
    query = select(func.max(ServiceRow.read_seq)).where(ServiceRow.conversation_id == conversation.id)
    return int(session.execute(query).scalar() or 0)


def seen_by_a_human(session: Session, conversation: ConversationRow, seq: int) -> bool:
    """Whether a human has had the conversation when this line was written, or at any time since."""
    served = select(ServiceRow.id).where(ServiceRow.conversation_id == conversation.id).limit(1)
    if session.execute(served).scalar() is None:
        return False
    events = select(LineRow.detail).where(
        LineRow.conversation_id == conversation.id, LineRow.author == Author.SYSTEM.value, LineRow.text == ""
    )
    last_before = events.where(LineRow.seq < seq).order_by(LineRow.seq.desc()).limit(1)
    for query in (last_before, events.where(LineRow.seq > seq)):
        if any((detail or {}).get("owner") == Owner.HUMAN.value for detail in session.execute(query).scalars()):
            return True
    return False


def state_of(session: Session, conversation: ConversationRow) -> State:
    owner, service = Owner(conversation.owner), service_of(session, conversation)
    if service is None:
        return State(owner, group="general" if owner is Owner.WAITING else "")
    agent = service.agent_id if owner is Owner.HUMAN else None
    return State(owner, agent, service.keeper_id, service.skill)


def move(
    session: Session, conversation: ConversationRow, command: Command, now: datetime, note: str = ""
) -> Transition:
    """Do it, within the unit of work that has locked the conversation, and write the event into the transcript.

    note: from agent to agent, kept with the event. Raises NotAllowed; then nothing has changed.
    """
    before = state_of(session, conversation)
    result = transition(before, command)
    if result.changed:
        after = result.state
        conversation.owner = after.owner.value
        line = append_line(session, conversation, Author.SYSTEM, "", now, detail=_event(command, before, after, note))
        if after.owner in (Owner.WAITING, Owner.HUMAN):
            _go_on(_service(session, conversation, before, command, line.seq, now), after, now)
        else:
            _end(session, conversation, command, now)
    return result


def _service(
    session: Session, conversation: ConversationRow, before: State, command: Command, seq: int, now: datetime
) -> ServiceRow:
    service = service_of(session, conversation)
    if service is not None and before.owner in (Owner.WAITING, Owner.HUMAN):
        return service
    reason = command.reason if isinstance(command, HandOver) else Reason.TAKEN_OVER
    service = ServiceRow(
        conversation_id=conversation.id,
        first_seq=seq,
        reason=reason.value,
        topic=command.topic if isinstance(command, HandOver) else "",
        skill="",
        requested_at=now,
        customer_at=now,
        read_seq=0,
        frustration=0.0,
    )
    session.add(service)
    session.flush()
    conversation.service_id = service.id
    return service


def _go_on(service: ServiceRow, after: State, now: datetime) -> None:
    service.skill = after.group
    service.keeper_id = after.keeper
    if after.owner is Owner.WAITING:
        service.waiting_since = now
        return
    if service.agent_id != after.agent or service.waiting_since is not None:
        service.customer_at = now  # from now on it is this agent who keeps him waiting
    service.waiting_since = None
    service.agent_id = after.agent
    service.accepted_at = service.accepted_at or now


def _end(session: Session, conversation: ConversationRow, command: Command, now: datetime) -> None:
    service = service_of(session, conversation)
    conversation.service_id = None
    if service is not None:
        service.closed_at = now
        service.waiting_since = None
        service.ending = _how(command).value


def _how(command: Command) -> End:
    if isinstance(command, Close):
        return command.end
    return End.HANDED_BACK if isinstance(command, HandBack) else End.GIVEN_UP


def _event(command: Command, before: State, after: State, note: str) -> dict[str, Any]:
    """As the console words it: what happened, by whom, to whom."""
    event: dict[str, Any] = {"event": type(command).__name__, "owner": after.owner.value}
    if isinstance(command, HandOver):
        event |= {"reason": command.reason.value, "topic": command.topic}
        event |= {"rule": command.rule, "title": command.title} if command.rule else {}
    if isinstance(command, Close):
        event["end"] = command.end.value
    if isinstance(command, Transfer | Reassign | HandBack | Close) and command.by is not None:
        event["by"] = command.by
    elif isinstance(command, LoseAgent):
        event["by"] = before.agent
    if after.group:
        event["group"] = after.group
    if after.agent is not None:
        event["agent"] = after.agent
    return event | ({"note": note} if note else {})
