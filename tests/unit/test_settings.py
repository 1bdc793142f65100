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


CHATWOOT = {
    "BOTKIT_DESK": "chatwoot",
    "BOTKIT_CHATWOOT_URL": "https://chat.example.com/",
    "BOTKIT_CHATWOOT_ACCOUNT": "3",
    "BOTKIT_CHATWOOT_INBOX": "5",
    "BOTKIT_CHATWOOT_TOKEN": "Tk4n",
    "BOTKIT_CHATWOOT_SECRET": "a secret of 22 letters",
}


def test_the_desk_is_the_console_unless_it_is_chatwoot() -> None:
    assert Settings.from_environment({"BOTKIT_CHATWOOT_URL": "https://chat.example.com"}).chatwoot is None
    access = Settings.from_environment(CHATWOOT).chatwoot
    assert access is not None
    assert (access.url, access.account, access.inbox) == ("https://chat.example.com", 3, 5)
    assert access.token not in repr(access) and access.secret not in repr(access)


@pytest.mark.parametrize("missing", [name for name in CHATWOOT if name != "BOTKIT_DESK"])
def test_what_chatwoot_lacks_is_named(missing: str) -> None:
    with pytest.raises(SettingsError, match=missing):
        Settings.from_environment({name: value for name, value in CHATWOOT.items() if name != missing})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOTKIT_DESK", "zendesk"),
        ("BOTKIT_CHATWOOT_URL", "chat.example.com"),
        ("BOTKIT_CHATWOOT_ACCOUNT", "first"),
        ("BOTKIT_CHATWOOT_INBOX", "0"),
        ("BOTKIT_CHATWOOT_TOKEN", "令牌"),
        ("BOTKIT_CHATWOOT_SECRET", "short"),
    ],
)
def test_a_wrong_value_for_the_desk_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment(CHATWOOT | {name: value})
