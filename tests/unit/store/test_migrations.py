from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.engine import Engine

from botkit.store import tables  # noqa: F401  (registers every table)
from botkit.store.base import metadata
from botkit.store.migrate import configuration, upgrade
from tests.databases import KINDS, empty_database


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with empty_database(request.param, tmp_path) as engine:
        yield engine


def downgrade(engine: Engine, revision: str) -> None:
    config = configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def test_the_migrations_make_the_tables_that_the_models_describe(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_every_constraint_has_the_name_of_the_convention(engine: Engine) -> None:
    upgrade(engine)
    inspector = inspect(engine)
    for table in metadata.sorted_tables:
        assert inspector.get_pk_constraint(table.name)["name"] == table.primary_key.name
        foreign = {constraint.name for constraint in table.foreign_key_constraints}
        assert {key["name"] for key in inspector.get_foreign_keys(table.name)} == foreign


def test_all_of_it_can_be_undone_and_done_again(engine: Engine) -> None:
    upgrade(engine)
    downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    upgrade(engine)
    assert set(metadata.tables) < set(inspect(engine).get_table_names())


def test_applying_them_twice_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    before = inspect(engine).get_table_names()
    upgrade(engine)
    assert inspect(engine).get_table_names() == before


def test_servers_that_start_at_once_do_not_get_into_each_others_way(engine: Engine) -> None:
    barrier = Barrier(3)

    def start(_: int) -> None:
        barrier.wait()
        upgrade(engine)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(start, range(3)))
    assert set(metadata.tables) < set(inspect(engine).get_table_names())
