"""The demo operator on real databases: SQLite always, PostgreSQL where BOTKIT_TEST_POSTGRES_URL names one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import delete, text
from sqlalchemy.engine import Engine, make_url

from botkit.bss.demo.catalogue import load_catalogue
from botkit.bss.demo.seed import ensure_demo
from botkit.bss.embedded import EmbeddedOperator
from botkit.bss.sms import FileSmsSender
from botkit.store.engine import UnitOfWork, create_engine, unit_of_work
from botkit.store.migrate import upgrade
from botkit.store.tables.operator import CodeCheckRow, OneTimeCodeRow, OrderRow

POSTGRES = "BOTKIT_TEST_POSTGRES_URL"


@dataclass
class Clock:
    """14:05 in China, until told otherwise."""

    now: datetime = datetime(2026, 11, 22, 6, 5, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@dataclass
class Phone:
    """Reads the text messages that the demo writes instead of sending."""

    path: Path

    def messages(self) -> list[dict[str, str]]:
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text("utf-8").splitlines()]

    def last_code(self) -> str:
        return self.messages()[-1]["text"].split()[1]

    def wrong_code(self) -> str:
        return f"{(int(self.last_code()) + 1) % 10**6:06}"


@dataclass
class Shop:
    """An operator with everything around it."""

    operator: EmbeddedOperator
    unit_of_work: UnitOfWork
    clock: Clock
    phone: Phone


@pytest.fixture(params=["sqlite", "postgresql"], scope="session")
def database(request: pytest.FixtureRequest) -> str:
    if request.param == "postgresql" and POSTGRES not in os.environ:
        pytest.skip(f"{POSTGRES} is not set: no PostgreSQL to test on")
    return str(request.param)


@pytest.fixture
def engine(database: str, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    with _empty(database, tmp_path) as engine:
        yield engine


@pytest.fixture(scope="session")
def seeded_engine(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database with the demo in it, for all tests."""
    with _empty(database, tmp_path_factory.mktemp("seeded")) as engine:
        upgrade(engine)
        yield engine


@contextmanager
def _empty(database: str, folder: Path) -> Iterator[Engine]:
    """A SQLite file, or a schema of its own in PostgreSQL, dropped afterwards."""
    if database == "sqlite":
        engine = create_engine(f"sqlite:///{folder / 'botkit.db'}")
        yield engine
        engine.dispose()
        return
    schema = f"botkit_{uuid4().hex}"
    admin = create_engine(os.environ[POSTGRES])
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(os.environ[POSTGRES]).update_query_dict({"options": f"-csearch_path={schema}"})
    engine = create_engine(url.render_as_string(hide_password=False))
    try:
        yield engine
    finally:
        engine.dispose()
        with admin.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        admin.dispose()


@pytest.fixture
def shop(seeded_engine: Engine, tmp_path: Path) -> Shop:
    """The demo operator, seeded for 22 November 2026, without anything that earlier tests did."""
    clock, work, path = Clock(), unit_of_work(seeded_engine), tmp_path / "sms.jsonl"
    with work() as session:
        session.execute(delete(CodeCheckRow))
        session.execute(delete(OneTimeCodeRow))
        session.execute(delete(OrderRow).where(OrderRow.seeded.is_(False)))
    ensure_demo(work, clock().date())
    operator = EmbeddedOperator(
        unit_of_work=work,
        catalogue=load_catalogue(),
        clock=clock,
        random=Random(7),
        sms=FileSmsSender(path, clock),
        code_text="验证码 {code} , {minutes} 分钟内有效。",
    )
    return Shop(operator, work, clock, Phone(path))
