"""A database with the conversation's tables for each test, and a clock to set."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from botkit.content.texts import Texts, load_texts
from botkit.logs import configure_logging
from botkit.settings import Settings
from botkit.store.base import metadata
from botkit.store.engine import UnitOfWork, create_engine, unit_of_work
from botkit.store.migrate import upgrade
from tests.databases import KINDS, empty_database
from tests.unit.conversation.fakes import Clock

configure_logging()  # the default renders every local variable of a traceback, which takes seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def texts() -> Texts:
    return load_texts(Settings.from_environment({}).content / "texts")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating takes longer than most tests."""
    folder = tmp_path_factory.mktemp("template")
    with empty_database("sqlite", folder) as engine:
        upgrade(engine)
    return folder / "botkit.db"


@pytest.fixture
def engine(template: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(template, tmp_path / "botkit.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'botkit.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def work(engine: Engine) -> UnitOfWork:
    return unit_of_work(engine)


@pytest.fixture(scope="session", params=KINDS)
def shared_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with empty_database(request.param, tmp_path_factory.mktemp("shared")) as engine:
        upgrade(engine)
        yield engine


@pytest.fixture
def any_work(shared_engine: Engine) -> UnitOfWork:
    """As `work`, on every kind of database there is: for what depends on locks and constraints."""
    with shared_engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(text(f"DELETE FROM {table.name}"))
    return unit_of_work(shared_engine)
