"""Who may see everything about a customer: those who have something to do for him, and supervisors."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from botkit.conversation.ownership import service_of
from botkit.desk.accounts import Agent
from botkit.handoff.machine import Owner
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, CustomerStretchRow
from botkit.store.tables.desk import NoteRow, ServiceRow


class Access:
    """Least privilege: a conversation can be read by every agent, who its customer is only by those below."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._unit_of_work = unit_of_work

    def panorama(self, agent: Agent, conversation_id: str) -> bool:
        """Supervisors; whose groups he waits for; who serves him, or took this customer first some time in this conversation;
        whose groups were asked about him in the service that runs."""
        if agent.supervises:
            return True
        with self._unit_of_work(reading=True) as session:
            conversation = session.get(ConversationRow, conversation_id)
            if conversation is None:
                return False
            service = service_of(session, conversation)
            return (
                (service is not None and _concerns(session, agent, conversation, service))
                or _kept(session, agent, conversation)
            )  # fmt: skip


def _concerns(session: Session, agent: Agent, conversation: ConversationRow, service: ServiceRow) -> bool:
    if conversation.owner == Owner.WAITING.value and service.skill in agent.groups:
        return True
    if conversation.owner == Owner.HUMAN.value and service.agent_id == agent.id:
        return True
    asked = select(NoteRow.skills).where(
        NoteRow.conversation_id == conversation.id, NoteRow.kind == "consult", NoteRow.at >= service.requested_at
    )
    return any(agent.groups & set(groups or ()) for groups in session.execute(asked).scalars())


def _kept(session: Session, agent: Agent, conversation: ConversationRow) -> bool:
    """Whether he took first the customer who is verified now, not one who was before at the same browser."""
    stretches = select(CustomerStretchRow).where(CustomerStretchRow.conversation_id == conversation.id)
    stretch = session.execute(stretches.order_by(CustomerStretchRow.id.desc()).limit(1)).scalar()
    begun = stretch.first_seq if stretch is not None else 1
    runs = and_(ServiceRow.id == conversation.service_id, ServiceRow.closed_at.is_(None))
    kept = select(ServiceRow.id).where(
        ServiceRow.conversation_id == conversation.id,
        ServiceRow.keeper_id == agent.id,
        or_(ServiceRow.first_seq >= begun, runs),
    )
    return session.execute(kept.limit(1)).scalar() is not None
