"""Bring a database to the newest revision."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 5_005_860
"""Any number that nothing else in the database locks on."""


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply all migrations up to `revision`; nothing happens when they are applied already.

    Servers that start at the same time do it one after another.
    """
    config = configuration()
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # on SQLite the transaction itself keeps others out
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
