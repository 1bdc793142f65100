"""Servers in processes of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.server.server import Server, StoppingServer


@pytest.fixture(scope="session")
def server(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running server for the tests that do not stop it. At the end its log is free of errors."""
    process = Server(tmp_path_factory.mktemp("server"), trained_model)
    process.start()
    yield process
    process.stop()
    assert process.errors() == []


@pytest.fixture(scope="module")
def stopping_server(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoppingServer]:
    """A server that tests kill and start again; what it has written stays."""
    process = StoppingServer(tmp_path_factory.mktemp("stopping"), trained_model)
    process.start()
    yield process
    process.go_on()
    process.kill()


@pytest.fixture
def new_server(trained_model: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers with further environment variables; they end with the test."""
    made: list[Server] = []

    def make(**environment: str) -> Server:
        made.append(Server(tmp_path / f"var{len(made)}", trained_model, **environment))
        return made[-1]

    yield make
    for process in made:
        if process._process and process.process.poll() is None:
            process.kill()
