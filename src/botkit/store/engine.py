"""Engine and sessions. SQLite (WAL) by default; PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import create_engine as sa_create_engine
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

UnitOfWork = Callable[[], AbstractContextManager[Session]]
"""Opens a session for one unit of work: commits when the block ends well, rolls back when it raises."""


def create_engine(url: str) -> Engine:
    """An engine for `url`. SQLite files are opened in WAL mode with foreign keys on and a 10 s wait for the write lock."""
    if not url.startswith("sqlite"):
        return sa_create_engine(url, future=True, pool_pre_ping=True)
    engine = sa_create_engine(url, future=True, connect_args={"check_same_thread": False, "timeout": 10})

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
        # The driver's own late BEGIN lets two readers deadlock when both turn writers.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def unit_of_work(engine: Engine) -> UnitOfWork:
    """A factory of sessions on `engine`, to be handed to whoever stores things."""
    factory = sessionmaker(engine, future=True, expire_on_commit=False)

    @contextmanager
    def open_session() -> Iterator[Session]:
        with factory.begin() as session:
            yield session

    return open_session
