"""Agents and their sign-ins. Passwords are kept as Argon2 hashes, sessions as digests of their tokens."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from botkit.handoff.routing import Group
from botkit.store.engine import UnitOfWork
from botkit.store.tables.desk import AgentRow, AgentSessionRow, SignInRow

SESSION = timedelta(hours=12)
"""How long an unused sign-in lasts."""

TRIES, TRY_WINDOW = 5, timedelta(minutes=15)
"""So many failed sign-ins of one login within this time, and the next has to wait."""

SHORTEST_PASSWORD = 10
_LOGIN = re.compile(r"[A-Za-z0-9._-]{2,40}")


class Role(str, Enum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Presence(str, Enum):
    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


@dataclass(frozen=True)
class Agent:
    """groups: the skill groups he serves. limit: how many customers at once. name: the one that customers see."""

    id: int
    login: str
    name: str
    role: Role
    groups: frozenset[str]
    limit: int
    presence: Presence
    active: bool

    @property
    def supervises(self) -> bool:
        return self.role in (Role.SUPERVISOR, Role.ADMIN)


class AccountError(ValueError):
    """A request that makes no sense; `problem` is the name of its text in the catalogue of the desk."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Accounts:
    def __init__(
        self, unit_of_work: UnitOfWork, clock: Callable[[], datetime], hasher: PasswordHasher | None = None
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash("nobody")

    def ensure_admin(self) -> tuple[str, str] | None:
        """(login, password) of the first admin, made where there is no agent who may sign in; else None. Shown once, kept nowhere."""
        password = _new_password()
        try:
            with self._unit_of_work() as session:
                if session.execute(select(func.count(AgentRow.id)).where(AgentRow.active)).scalar():
                    return None
                session.add(self._row("admin", "管理员", Role.ADMIN, [], 10, password))
        except IntegrityError:
            return None  # another server that starts at the same time was quicker
        return "admin", password

    def create(
        self, login: str, name: str, role: Role, groups: Collection[str], limit: int, password: str | None = None
    ) -> tuple[Agent, str]:
        """A new agent and his first password. Raises AccountError: login_form, login_taken, name_missing, limit."""
        _check(login, name, groups, limit)
        password = password or _new_password()
        try:
            with self._unit_of_work() as session:
                row = self._row(login, name.strip(), role, groups, limit, password)
                session.add(row)
                session.flush()
                return agent_of(row), password
        except IntegrityError:
            raise AccountError("login_taken") from None

    def change(self, agent_id: int, name: str, role: Role, groups: Collection[str], limit: int, active: bool) -> Agent:
        """Raises AccountError: unknown_agent, last_admin, and as `create` does."""
        with self._unit_of_work() as session:
            row = session.get(AgentRow, agent_id)
            if row is None:
                raise AccountError("unknown_agent")
            _check(row.login, name, groups, limit)
            if row.role == Role.ADMIN.value and (role is not Role.ADMIN or not active) and _admins(session) < 2:
                raise AccountError("last_admin")
            row.name, row.role, row.skills = name.strip(), role.value, sorted(groups)
            row.places, row.active = limit, active
            if not active:
                row.presence = Presence.OFFLINE.value
                session.execute(delete(AgentSessionRow).where(AgentSessionRow.agent_id == agent_id))
            return agent_of(row)

    def sign_in(self, login: str, password: str) -> tuple[Agent, str]:
        """The agent and the token of his session. Raises AccountError: wrong, too_many_tries."""
        now = self._clock()
        with self._unit_of_work(reading=True) as session:
            failed = select(func.count(SignInRow.id)).where(
                SignInRow.login == login[:40], SignInRow.at > now - TRY_WINDOW
            )
            if session.execute(failed).scalar_one() >= TRIES:
                raise AccountError("too_many_tries")
            row = session.execute(select(AgentRow).where(AgentRow.login == login)).scalar_one_or_none()
        right = self._matches(row.password_hash if row else self._nobody, password)  # as slow for nobody's login
        if row is None or not row.active or not right:
            with self._unit_of_work() as session:
                session.add(SignInRow(login=login[:40], at=now))
            raise AccountError("wrong")
        token = secrets.token_urlsafe(32)
        with self._unit_of_work() as session:
            session.execute(delete(SignInRow).where(SignInRow.login == login))
            session.add(AgentSessionRow(digest=digest(token), agent_id=row.id, created_at=now, used_at=now))
        return agent_of(row), token

    def signed_in(self, token: str) -> Agent | None:
        """Whose session this is; None where it has ended."""
        now = self._clock()
        with self._unit_of_work() as session:
            held = session.get(AgentSessionRow, digest(token))
            row = session.get(AgentRow, held.agent_id) if held else None
            if held is None or row is None or not row.active or now - held.used_at > SESSION:
                return None
            held.used_at = now
            return agent_of(row)

    def sign_out(self, token: str) -> None:
        with self._unit_of_work() as session:
            session.execute(delete(AgentSessionRow).where(AgentSessionRow.digest == digest(token)))

    def change_password(self, agent_id: int, old: str, new: str) -> None:
        """Ends his other sessions. Raises AccountError: wrong, short_password."""
        if len(new) < SHORTEST_PASSWORD:
            raise AccountError("short_password")
        with self._unit_of_work() as session:
            row = session.get(AgentRow, agent_id)
            if not self._matches(row.password_hash, old):
                raise AccountError("wrong")
            row.password_hash = self._hasher.hash(new)
            session.execute(delete(AgentSessionRow).where(AgentSessionRow.agent_id == agent_id))

    def reset_password(self, agent_id: int) -> str:
        """A new password for who has lost his; shown once, kept nowhere. Ends his sessions. Raises AccountError:
        unknown_agent."""
        password = _new_password()
        with self._unit_of_work() as session:
            row = session.get(AgentRow, agent_id)
            if row is None:
                raise AccountError("unknown_agent")
            row.password_hash = self._hasher.hash(password)
            session.execute(delete(AgentSessionRow).where(AgentSessionRow.agent_id == agent_id))
            session.execute(delete(SignInRow).where(SignInRow.login == row.login))
        return password

    def set_presence(self, agent_id: int, presence: Presence) -> Agent:
        with self._unit_of_work() as session:
            row = session.get(AgentRow, agent_id)
            row.presence, row.seen_at = presence.value, self._clock()
            return agent_of(row)

    def agent(self, agent_id: int) -> Agent | None:
        """None for one who is not there any more."""
        with self._unit_of_work(reading=True) as session:
            row = session.get(AgentRow, agent_id)
            return agent_of(row) if row is not None and row.active else None

    def agents(self) -> Sequence[Agent]:
        with self._unit_of_work(reading=True) as session:
            return [agent_of(row) for row in session.execute(select(AgentRow).order_by(AgentRow.id)).scalars()]

    def _row(self, login: str, name: str, role: Role, groups: Collection[str], limit: int, password: str) -> Any:
        return AgentRow(
            login=login,
            name=name,
            password_hash=self._hasher.hash(password),
            role=role.value,
            skills=sorted(groups),
            places=limit,
            presence=Presence.OFFLINE.value,
            active=True,
            created_at=self._clock(),
        )

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False


def agent_of(row: Any) -> Agent:
    return Agent(
        row.id,
        row.login,
        row.name,
        Role(row.role),
        frozenset(row.skills),
        row.places,
        Presence(row.presence),
        row.active,
    )


def _check(login: str, name: str, groups: Collection[str], limit: int) -> None:
    if not _LOGIN.fullmatch(login):
        raise AccountError("login_form")
    if not 0 < len(name.strip()) <= 20:
        raise AccountError("name_missing")
    if not 1 <= limit <= 50 or not set(groups) <= {group.value for group in Group}:
        raise AccountError("limit")


def _admins(session: Session) -> int:
    wanted = select(func.count(AgentRow.id)).where(AgentRow.role == Role.ADMIN.value, AgentRow.active.is_(True))
    count: int = session.execute(wanted).scalar_one()
    return count


def digest(token: str) -> str:
    """What is kept of the token of a session."""
    return hashlib.sha256(token.encode()).hexdigest()


def _new_password() -> str:
    return secrets.token_urlsafe(12)
