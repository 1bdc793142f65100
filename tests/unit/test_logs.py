"""What is written into the log, and what is not."""

from __future__ import annotations

from pathlib import Path
from traceback import format_exception

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from botkit.logs import without_personal_data
from tests.databases import KINDS, empty_database


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("17000000001", "170****0001"),
        ("to=17000000001, from=10036", "to=170****0001, from=10036"),
        ("117000000001", "117000000001"),
        ("1700000", "1700000"),
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
