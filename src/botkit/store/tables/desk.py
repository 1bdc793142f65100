"""The agents' side: who they are, whom they serve and served, what they noted, tickets, files."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from botkit.store.base import Base, UtcDateTime


class AgentRow(Base):
    """A person who signs in at the desk. `name` is the one that customers see; `places`: whom he may serve at once."""

    __tablename__ = "agent"

    id = Column(Integer, primary_key=True)
    login = Column(String(40), nullable=False)
    name = Column(String(40), nullable=False)
    password_hash = Column(String(200), nullable=False)
    role = Column(String(12), nullable=False)
    skills = Column(JSON, nullable=False)
    places = Column(Integer, nullable=False)
    presence = Column(String(10), nullable=False)
    active = Column(Boolean, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    seen_at = Column(UtcDateTime)

    __table_args__ = (UniqueConstraint("login", name="uq_agent_login"),)


class AgentSessionRow(Base):
    """A browser that is signed in; of its token only the digest is kept."""

    __tablename__ = "agent_session"

    digest = Column(String(64), primary_key=True)
    agent_id = Column(ForeignKey("agent.id"), nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    used_at = Column(UtcDateTime, nullable=False)


class SignInRow(Base):
    """A failed attempt to sign in."""

    __tablename__ = "failed_sign_in"

    id = Column(Integer, primary_key=True)
    login = Column(String(40), nullable=False)
    at = Column(UtcDateTime, nullable=False)

    __table_args__ = (Index("ix_failed_sign_in_login", "login", "at"),)


class ServiceRow(Base):
    """One stretch of a conversation with a human, or of waiting for one, from the hand-over to its end.

    `agent_id` serves now or served last; `keeper_id` took it first. `first_seq`: the line of the transcript it begins with.
    `solved` is what the agent says, `rating_solved` what the customer says.
    """

    __tablename__ = "service"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversation.id"), nullable=False)
    first_seq = Column(Integer, nullable=False)
    reason = Column(String(20), nullable=False)
    topic = Column(String(40), nullable=False)
    skill = Column(String(20), nullable=False)
    agent_id = Column(ForeignKey("agent.id"))
    keeper_id = Column(ForeignKey("agent.id"))
    requested_at = Column(UtcDateTime, nullable=False)
    waiting_since = Column(UtcDateTime)
    accepted_at = Column(UtcDateTime)
    closed_at = Column(UtcDateTime)
    ending = Column(String(20))
    customer_at = Column(UtcDateTime)
    agent_at = Column(UtcDateTime)
    reminded_at = Column(UtcDateTime)
    soothed_at = Column(UtcDateTime)
    read_seq = Column(Integer, nullable=False, default=0)
    frustration = Column(Float, nullable=False, default=0.0)
    kind = Column(String(40))
    solved = Column(Boolean)
    summary = Column(Text)
    rating_asked_at = Column(UtcDateTime)
    rating = Column(Integer)
    rating_text = Column(Text)
    rating_solved = Column(Boolean)

    __table_args__ = (
        Index("ix_service_conversation_id", "conversation_id", "id"),
        Index("ix_service_closed_at", "closed_at"),
    )


class NoteRow(Base):
    """What agents write among themselves. kind: `note`, `consult` (a question to groups), `answer` (to one)."""

    __tablename__ = "note"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversation.id"), nullable=False)
    agent_id = Column(ForeignKey("agent.id"), nullable=False)
    kind = Column(String(10), nullable=False)
    text = Column(Text, nullable=False)
    skills = Column(JSON)
    consult_id = Column(ForeignKey("note.id"))
    at = Column(UtcDateTime, nullable=False)

    __table_args__ = (Index("ix_note_conversation_id", "conversation_id", "id"),)


class AgentMessageRow(Base):
    """What an agent said, by the id that his console gave it: however often it is sent, it is said once."""

    __tablename__ = "agent_message"

    message_id = Column(String(64), primary_key=True)
    conversation_id = Column(ForeignKey("conversation.id"), nullable=False)
    seq = Column(Integer, nullable=False)


class IdentificationRow(Base):
    """A customer who is to prove to an agent, in this service, who he is. `phone`: the number that he named, to which a
    code went; `done_by`: the message that proved it."""

    __tablename__ = "identification"

    conversation_id = Column(ForeignKey("conversation.id"), primary_key=True)
    service_id = Column(ForeignKey("service.id"), nullable=False)
    phone = Column(String(20))
    done_by = Column(String(80))


class TicketRow(Base):
    """What a department has to do for a customer. `day` and `running` make up its number.

    `made_by`: the agent; None where the customer left it himself. `phone`: the number that was proved to be the customer's,
    or, of a `call_back`, the one at which he wants to be called: it proves nothing. `alerted_at`: when agents were told
    that the promise is about to break.
    """

    __tablename__ = "ticket"

    id = Column(Integer, primary_key=True)
    day = Column(Date, nullable=False)
    running = Column(Integer, nullable=False)
    number = Column(String(20), nullable=False)
    conversation_id = Column(ForeignKey("conversation.id"), nullable=False)
    customer_id = Column(String(40))
    made_by = Column(ForeignKey("agent.id"))
    call_back = Column(Boolean, nullable=False)
    phone = Column(String(24))
    department = Column(String(20), nullable=False)
    kind = Column(String(40), nullable=False)
    text = Column(Text, nullable=False)
    state = Column(String(10), nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    promised_at = Column(UtcDateTime, nullable=False)
    alerted_at = Column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("day", "running", name="uq_ticket_day"),
        Index("ix_ticket_conversation_id", "conversation_id"),
        Index("ix_ticket_customer_id", "customer_id"),
        Index("ix_ticket_state", "state", "promised_at"),
    )


class TicketStepRow(Base):
    """What happened to a ticket, as the customer was told. `agent_id` None: the customer himself."""

    __tablename__ = "ticket_step"

    id = Column(Integer, primary_key=True)
    ticket_id = Column(ForeignKey("ticket.id"), nullable=False)
    state = Column(String(10), nullable=False)
    text = Column(Text, nullable=False)
    agent_id = Column(ForeignKey("agent.id"))
    at = Column(UtcDateTime, nullable=False)

    __table_args__ = (Index("ix_ticket_step_ticket_id", "ticket_id", "id"),)


class CallBackWishRow(Base):
    """A customer who was asked at which number he is to be called back, and has not named one yet.

    `seq`: his line that wanted it; `service_id`: what he waited for then, if anything; `misses`: how often he has said
    something else since `at`.
    """

    __tablename__ = "call_back_wish"

    conversation_id = Column(ForeignKey("conversation.id"), primary_key=True)
    seq = Column(Integer, nullable=False)
    service_id = Column(Integer)
    misses = Column(Integer, nullable=False)
    at = Column(UtcDateTime, nullable=False)
