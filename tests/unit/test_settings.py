"""Settings from the environment: defaults that run on a bare machine, and clear refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.settings import ROOT, Settings, SettingsError


def test_nothing_set_is_demo_mode_on_sqlite_under_var() -> None:
    settings = Settings.from_environment({})
    assert (settings.host, settings.port, settings.demo) == ("127.0.0.1", 5005, True)
    assert settings.var == ROOT / "var"
    assert settings.database_url == f"sqlite:///{ROOT / 'var' / 'botkit.db'}"
    assert settings.allowed_origins == ("*",)


def test_everything_written_follows_var(tmp_path: Path) -> None:
    settings = Settings.from_environment({"BOTKIT_VAR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'botkit.db'}"
    assert settings.models.parent == settings.sms_file.parent == tmp_path


def test_outside_demo_mode_no_origin_is_allowed_unless_named() -> None:
    assert Settings.from_environment({"BOTKIT_DEMO": "0"}).allowed_origins == ()
    named = Settings.from_environment(
        {"BOTKIT_DEMO": "0", "BOTKIT_ALLOWED_ORIGINS": "https://a.example, https://b.example"}
    )
    assert named.allowed_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOTKIT_PORT", "abc"),
        ("BOTKIT_PORT", "0"),
        ("BOTKIT_PORT", "70000"),
        ("BOTKIT_DEMO", "maybe"),
        ("BOTKIT_PORT", "-1"),
    ],
)
def test_a_value_without_sense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}='{value}'"):
        Settings.from_environment({name: value})
