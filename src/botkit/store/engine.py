"""Engine and sessions. SQLite (WAL) by default; PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from sqlalchemy import create_engine as sa_create_engine
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

BUSY_SECONDS = 10
_POOL = {"poolclass": QueuePool, "pool_size": 8, "max_overflow": 24}
"""More connections than there are threads of the event loop and of the actions together."""
_READING = "botkit_reading"


class UnitOfWork(Protocol):
    """Opens a session for one unit of work: commits when the block ends well, rolls back when it raises."""

    def __call__(self, *, reading: bool = False) -> AbstractContextManager[Session]:
        """`reading`: the block only reads. On SQLite it then neither waits for a writer nor makes one wait."""


def create_engine(url: str) -> Engine:
    """An engine for `url`. Errors do not carry what was to be stored: it would end in the log.

    SQLite files are opened in WAL mode with foreign keys on and a 10 s wait for the write lock. What is committed outlives
    the end of the process, however it comes; the last moments before a power failure may be lost (`synchronous=NORMAL`).
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return sa_create_engine(url, future=True, hide_parameters=True, pool_pre_ping=True, **_POOL)


def unit_of_work(engine: Engine) -> UnitOfWork:
    """A factory of sessions on `engine`, to be handed to whoever stores things."""
    writers = sessionmaker(engine, future=True, expire_on_commit=False)
    reader_engine = engine.execution_options(**{_READING: True}, postgresql_readonly=True)
    readers = sessionmaker(reader_engine, future=True, expire_on_commit=False)

    @contextmanager
    def open_session(*, reading: bool = False) -> Iterator[Session]:
        with (readers if reading else writers).begin() as session:
            yield session

    return open_session


def _sqlite_engine(url: str) -> Engine:
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False, "timeout": BUSY_SECONDS}}
    if make_url(url).database not in (None, "", ":memory:"):
        # Without a pool each unit of work opens the file anew, and the last one to close it writes the whole log back.
        options |= _POOL
    engine = sa_create_engine(url, future=True, hide_parameters=True, **options)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy begins transactions itself, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        reading = connection.get_execution_options().get(_READING, False)
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        # A late BEGIN, as the driver does it, lets two readers deadlock when both turn writers.
        cursor.execute("BEGIN" if reading else "BEGIN IMMEDIATE")
        cursor.close()

    return engine
