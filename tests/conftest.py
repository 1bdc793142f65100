"""What tests share: a house of its own for each test, and one trained model for all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from sanic.touchup import TouchUp

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

from botkit.assembly import House, assemble
from botkit.settings import Settings
from tests.server_process import ServerProcess

_configure = structlog.configure


def _without_cache(**options: object) -> None:
    """A logger that is kept from its first use on cannot be looked at by later tests."""
    _configure(**(options | {"cache_logger_on_first_use": False}))  # type: ignore[arg-type]


structlog.configure = _without_cache
_without_cache()


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """What a test says about logging, as every command of the program does, is no other test's affair."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-table", action="store_true", help="write docs/channels-table.md anew (make table)")
    parser.addoption("--write-pictures", action="store_true", help="write docs/images anew (make pictures)")


@pytest.fixture(autouse=True, scope="session")
def _many_applications_in_one_process() -> Iterator[None]:
    """At the start of an application Sanic rewrites its own methods, to make them faster; that can be done only once."""
    touch_up, done = TouchUp.run, list[object]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TouchUp, "run", lambda app: done or (done.append(app), touch_up(app)))
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with everything written under the test's own folder."""
    return Settings.from_environment({"BOTKIT_VAR": str(tmp_path / "var")})


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """Database, demo operator and content; no Rasa."""
    built = assemble(settings)
    yield built
    built.engine.dispose()


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """The model of the content as it is, trained once and kept in `var/`; or the one BOTKIT_TEST_MODEL names."""
    if named := os.environ.get("BOTKIT_TEST_MODEL"):
        return Path(named)
    from botkit.server.model import current_model

    return current_model(Settings.from_environment())


@pytest.fixture(scope="session")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for all conversations of the session: senders are told apart, nothing else is shared."""
    base = Settings.from_environment({"BOTKIT_VAR": str(tmp_path_factory.mktemp("conversations") / "var")})
    built = assemble(replace(base))
    yield built
    built.engine.dispose()


@pytest.fixture(scope="session")
def server(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One running server for tests that do not stop it."""
    process = ServerProcess(tmp_path_factory.mktemp("server"), trained_model)
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="session")
def live_server(server: ServerProcess) -> str:
    """The base URL of the running server."""
    return server.url
