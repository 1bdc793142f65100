"""The whole server on PostgreSQL: where BOTKIT_TEST_POSTGRES_URL names one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from botkit.conversation.transcript import read_lines
from botkit.store.engine import create_engine, unit_of_work
from botkit.store.tables.conversation import ConversationRow, OutboundRow, TurnRow
from tests.databases import POSTGRES, database_url
from tests.integration.server.server import Server

pytestmark = [
    pytest.mark.model,
    pytest.mark.slow,
    pytest.mark.skipif(POSTGRES not in os.environ, reason=f"{POSTGRES} is not set: no PostgreSQL to test on"),
]

TEXTS = ("你好", "畅选59有多少流量", "什么是SA", "查余额", "算了", "转人工", "还有一件事")


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with database_url("postgresql", tmp_path) as url:
        yield url


def test_two_servers_on_one_database(url: str, trained_model: Path, tmp_path: Path) -> None:
    """Customers whose messages reach now the one, now the other, and some of them twice."""
    servers = [Server(tmp_path / name, trained_model, BOTKIT_DATABASE_URL=url) for name in ("one", "two")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Server.start, servers))
    names = [f"pg-{number}" for number in range(8)]

    def talk(name: str) -> None:
        for number, text in enumerate(TEXTS):
            first, second = (servers[number % 2], servers[1 - number % 2])
            with ThreadPoolExecutor(2) as pool:
                both = [pool.submit(server.say, name, text, str(number)) for server in (first, second)]
                assert any(request.result() for request in both), text

    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(talk, names))
    for server in servers:
        assert server.stop() == 0
        assert server.errors() == []
    engine = create_engine(url)
    with unit_of_work(engine)(reading=True) as session:
        for name in names:
            row = session.query(ConversationRow).filter_by(sender=name).one()
            lines = read_lines(session, row.id, limit=1000)
            assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
            assert [line.text for line in lines if line.author.value == "customer"] == list(TEXTS)
            answered = session.query(OutboundRow).filter_by(conversation_id=row.id).all()
            assert len({outbound.inbound_id for outbound in answered}) == len(TEXTS)
            turns = session.query(TurnRow).filter_by(conversation_id=row.id).order_by(TurnRow.number).all()
            assert [turn.number for turn in turns] == list(range(1, 7)), "one for each message that the bot answered"
            assert sum(line.detail.get("event") == "HandOver" for line in lines) == 1
    engine.dispose()
