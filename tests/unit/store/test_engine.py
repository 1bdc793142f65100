"""Sessions on real databases: who waits for whom."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from botkit.store.engine import UnitOfWork, create_engine, unit_of_work
from tests.databases import KINDS, POSTGRES, empty_database


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with empty_database(request.param, tmp_path) as engine:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)"))
            connection.execute(text("INSERT INTO counter VALUES (1, 0)"))
        yield engine


@pytest.fixture
def work(engine: Engine) -> UnitOfWork:
    return unit_of_work(engine)


def value(work: UnitOfWork) -> int:
    with work(reading=True) as session:
        number: int = session.execute(text("SELECT value FROM counter")).scalar_one()
        return number


def test_postgresql_is_tested_too() -> None:
    if POSTGRES not in os.environ:
        pytest.skip(f"{POSTGRES} is not set: what depends on locks was tested on SQLite only")
    assert "postgresql" in KINDS


def test_a_unit_of_work_is_kept_when_it_ends_well(work: UnitOfWork) -> None:
    with work() as session:
        session.execute(text("UPDATE counter SET value = 7"))
    assert value(work) == 7


def test_nothing_is_kept_of_a_unit_of_work_that_raises(work: UnitOfWork) -> None:
    with pytest.raises(RuntimeError), work() as session:
        session.execute(text("UPDATE counter SET value = 7"))
        raise RuntimeError
    assert value(work) == 0


def test_reading_cannot_write(work: UnitOfWork) -> None:
    with pytest.raises(DBAPIError), work(reading=True) as session:
        session.execute(text("UPDATE counter SET value = 7"))
    with work() as session:
        session.execute(text("UPDATE counter SET value = value + 1"))
    assert value(work) == 1


def test_reading_does_not_wait_for_a_writer(work: UnitOfWork) -> None:
    with work() as session:
        session.execute(text("UPDATE counter SET value = 7"))
        begun = time.monotonic()
        assert value(work) == 0
        assert time.monotonic() - begun < 2


def test_a_reader_sees_one_state_while_others_write(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'one.db'}")
    work = unit_of_work(engine)
    with work() as session:
        session.execute(text("CREATE TABLE counter (value INTEGER)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    with work(reading=True) as reader:
        assert reader.execute(text("SELECT value FROM counter")).scalar_one() == 0
        with work() as session:
            session.execute(text("UPDATE counter SET value = 1"))
        assert reader.execute(text("SELECT value FROM counter")).scalar_one() == 0
    assert value(work) == 1
    engine.dispose()


def test_nothing_is_lost_among_many_writers(work: UnitOfWork, engine: Engine) -> None:
    lock = "" if engine.dialect.name == "sqlite" else " FOR UPDATE"

    def add_one(_: int) -> None:
        with work() as session:
            before = session.execute(text(f"SELECT value FROM counter{lock}")).scalar_one()
            session.execute(text("UPDATE counter SET value = :value"), {"value": before + 1})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(200)))
    assert value(work) == 200


def test_connections_are_kept_open(tmp_path: Path) -> None:
    """Opening the file for each unit of work, and closing the last connection, costs a hundred times the work itself."""
    engine = create_engine(f"sqlite:///{tmp_path / 'three.db'}")
    work = unit_of_work(engine)
    for _ in range(5):
        with work(reading=True) as session:
            session.execute(text("SELECT 1"))
        with work() as session:
            session.execute(text("SELECT 1"))
    assert engine.pool.checkedin() == 1
    engine.dispose()


def test_more_threads_than_connections(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'four.db'}")
    work = unit_of_work(engine)

    def look(_: int) -> int:
        with work(reading=True) as session:
            number: int = session.execute(text("SELECT 1")).scalar_one()
            return number

    with ThreadPoolExecutor(60) as pool:
        assert sum(pool.map(look, range(300))) == 300
    engine.dispose()


def test_in_memory_databases_work_too() -> None:
    engine = create_engine("sqlite://")
    with unit_of_work(engine)() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()
