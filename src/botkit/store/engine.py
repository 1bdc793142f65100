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
_READING = "botkit_reading"


class UnitOfWork(Protocol):
    """Opens a session for one unit of work: commits when the block ends well, rolls back when it raises."""

    def __call__(self, *, reading: bool = False) -> AbstractContextManager[Session]:
        """`reading`: the block only reads. On SQLite it then neither waits for a writer nor makes one wait."""


def create_engine(url: str) -> Engine:
    """An engine for `url`. SQLite files are opened in WAL mode with foreign keys on and a 10 s wait for the write lock."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return sa_create_engine(url, future=True, pool_pre_ping=True)


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
        options |= {"poolclass": QueuePool, "pool_size": 8, "max_overflow": 24, "pool_timeout": 2 * BUSY_SECONDS}
    engine = sa_create_engine(url, future=True, **options)

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
        if connection.get_execution_options().get(_READING):
            connection.exec_driver_sql("PRAGMA query_only=ON")
            connection.exec_driver_sql("BEGIN")
        else:
            # A late BEGIN, as the driver does it, lets two readers deadlock when both turn writers.
            connection.exec_driver_sql("PRAGMA query_only=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
