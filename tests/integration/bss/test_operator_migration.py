from __future__ import annotations

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.engine import Engine

from botkit.store import tables  # noqa: F401  (registers every table)
from botkit.store.base import metadata
from botkit.store.migrate import configuration, upgrade

PREFIX = "operator_"


def is_operators(name: str | None, kind: str, parents: Any) -> bool:
    return kind != "table" or (name or "").startswith(PREFIX)


def is_operators_object(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    return kind != "table" or (name or "").startswith(PREFIX)


def names(engine: Engine) -> set[str]:
    return {name for name in inspect(engine).get_table_names() if name.startswith(PREFIX)}


def test_the_migration_makes_the_tables_that_the_models_describe(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        options = {"compare_type": True, "include_name": is_operators, "include_object": is_operators_object}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    assert names(engine) == {name for name in metadata.tables if name.startswith(PREFIX)}


def test_constraints_are_named_by_the_convention(engine: Engine) -> None:
    upgrade(engine)
    inspector = inspect(engine)
    for name in names(engine):
        table = metadata.tables[name]
        assert inspector.get_pk_constraint(name)["name"] == table.primary_key.name
        assert {key["name"] for key in inspector.get_foreign_keys(name)} == {
            constraint.name for constraint in table.foreign_key_constraints
        }
        assert {index["name"] for index in inspector.get_indexes(name) if not index.get("duplicates_constraint")} == {
            index.name for index in table.indexes
        }


def test_it_can_be_undone(engine: Engine) -> None:
    upgrade(engine, "0001")
    config = configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert names(engine) == set()


def test_applying_it_twice_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    upgrade(engine)
    assert names(engine)
