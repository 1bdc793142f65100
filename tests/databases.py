"""Databases for tests: SQLite always, PostgreSQL where BOTKIT_TEST_POSTGRES_URL names one. Empty, and gone afterwards.

Tests of the conversation core take the kinds that are there; `tests/unit/store` says once what was skipped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.engine import Engine, make_url

from botkit.store.engine import create_engine

POSTGRES = "BOTKIT_TEST_POSTGRES_URL"
KINDS = ("sqlite", "postgresql") if POSTGRES in os.environ else ("sqlite",)


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[Engine]:
    """A SQLite file, or a schema of its own in PostgreSQL."""
    with database_url(kind, folder) as url:
        engine = create_engine(url)
        yield engine
        engine.dispose()


@contextmanager
def database_url(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'botkit.db'}"
        return
    schema = f"botkit_{uuid4().hex}"
    admin = create_engine(os.environ[POSTGRES])
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(os.environ[POSTGRES]).update_query_dict({"options": f"-csearch_path={schema}"})
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with admin.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        admin.dispose()
