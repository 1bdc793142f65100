"""What is written into the log, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from traceback import format_exception

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from botkit.logs import configure_logging, without_personal_data
from tests.databases import KINDS, empty_database


class Broken(StringIO):
    """A pipe that nobody reads any more."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError


def closed() -> StringIO:
    file = StringIO()
    file.close()
    return file


@pytest.mark.parametrize("make", [Broken, closed])
def test_a_log_that_cannot_be_written_stops_no_work(
    make: Callable[[], StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", make())
        configure_logging()
        structlog.get_logger("test").warning("nobody hears this")
    heard = StringIO()
    monkeypatch.setattr("sys.stderr", heard)
    structlog.get_logger("test").warning("the disk has room again")
    assert "the disk has room again" in heard.getvalue()


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("17000000001", "170****0001"),
        ("call 075512345678 or 0312-1234567", "call 0755****5678 or 0312-****4567"),
        ("at 1700000000 s", "at 1700000000 s"),
        ("to=17000000001, from=10036", "to=170****0001, from=10036"),
        ("117000000001", "117000000001"),
        ("1700000", "1700000"),
        ("conversation=7b2d0385324843e2bd4a874510b19ca7", "conversation=7b2d0385324843e2bd4a874510b19ca7"),
        ("7b2d17000000001e2bd4a874510b19ca", "7b2d17000000001e2bd4a874510b19ca"),
        ("id7b2d17000000001", "id7b2d170****0001"),
    ],
)
def test_numbers_are_masked(said: str, written: str) -> None:
    assert without_personal_data(None, "info", {"event": said, "count": 1}) == {"event": written, "count": 1}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO nowhere VALUES (:said)",
        "INSERT INTO somewhere (said) VALUES (:said)",
        "INSERT INTO somewhere (id, said) VALUES (1, :said)",
    ],
)
def test_errors_of_the_database_do_not_bring_customers_words_into_the_log(
    kind: str, statement: str, tmp_path: Path
) -> None:
    secret = "".join(["我的密码是", "白", "菜"])  # a traceback shows lines of the source: it stands whole in none
    with empty_database(kind, tmp_path) as engine:
        with engine.begin() as connection:
            connection.execute(
                text("CREATE TABLE somewhere (id INTEGER NOT NULL PRIMARY KEY, said VARCHAR(99), no INTEGER NOT NULL)")
            )
        with pytest.raises(DBAPIError) as caught, engine.begin() as connection:
            connection.execute(text(statement), {"said": secret})
    written = without_personal_data(None, "error", {"exception": "".join(format_exception(caught.value))})["exception"]
    assert "Error" in written
    assert secret not in written
