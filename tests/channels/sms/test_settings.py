"""The channel's variables: none, all, and what is said of a half."""

from __future__ import annotations

import pytest

from botkit.settings import SettingsError
from channels.sms.settings import HttpSettings, SmppSettings, sms_settings

HTTP = {
    "BOTKIT_SMS_GATEWAY": "http",
    "BOTKIT_SMS_NUMBER": "10036",
    "BOTKIT_SMS_URL": "https://gateway.example/send",
    "BOTKIT_SMS_KEY": "botkit",
    "BOTKIT_SMS_SECRET": "0123456789abcdef",
}
SMPP = {
    "BOTKIT_SMS_GATEWAY": "smpp",
    "BOTKIT_SMS_NUMBER": "10036",
    "BOTKIT_SMS_SMPP_HOST": "smsc.example",
    "BOTKIT_SMS_SMPP_SYSTEM_ID": "botkit",
    "BOTKIT_SMS_SMPP_PASSWORD": "secret",
}


def test_without_any_there_is_no_channel() -> None:
    assert sms_settings({"BOTKIT_PORT": "1"}) is None and sms_settings({"BOTKIT_SMS_URL": " "}) is None


def test_http() -> None:
    settings = sms_settings(HTTP)
    assert settings is not None and (settings.number, settings.parts, settings.per_minute) == ("10036", 2, 10)
    assert settings.gateway == HttpSettings("https://gateway.example/send", "botkit", "0123456789abcdef")


def test_smpp() -> None:
    settings = sms_settings(SMPP | {"BOTKIT_SMS_PARTS": "3", "BOTKIT_SMS_SMPP_PORT": "2776"})
    assert settings is not None and settings.parts == 3
    assert settings.gateway == SmppSettings("smsc.example", 2776, "botkit", "secret", "", 10)


@pytest.mark.parametrize(
    ("given", "missing"), [(given, name) for given in (HTTP, SMPP) for name in given if name != "BOTKIT_SMS_GATEWAY"]
)
def test_what_is_missing_is_named(given: dict[str, str], missing: str) -> None:
    with pytest.raises(SettingsError, match=f"{missing} is missing"):
        sms_settings({name: value for name, value in given.items() if name != missing})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOTKIT_SMS_GATEWAY", ""), ("BOTKIT_SMS_GATEWAY", "smtp"), ("BOTKIT_SMS_NUMBER", "+86"),
        ("BOTKIT_SMS_URL", "gateway.example"), ("BOTKIT_SMS_URL", "ftp://gateway.example"),
        ("BOTKIT_SMS_URL", "https://gateway.example:no"), ("BOTKIT_SMS_SECRET", "short"), ("BOTKIT_SMS_KEY", "零"),
        ("BOTKIT_SMS_PARTS", "0"), ("BOTKIT_SMS_PARTS", "7"), ("BOTKIT_SMS_PARTS", "two"),
        ("BOTKIT_SMS_PER_MINUTE", "-1"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        sms_settings(HTTP | {name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOTKIT_SMS_SMPP_SYSTEM_ID", "x" * 16), ("BOTKIT_SMS_SMPP_PASSWORD", "x" * 9),
        ("BOTKIT_SMS_SMPP_SYSTEM_TYPE", "x" * 13), ("BOTKIT_SMS_SMPP_PORT", "70000"), ("BOTKIT_SMS_SMPP_WINDOW", "0"),
    ],
)  # fmt: skip
def test_the_limits_of_smpp(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        sms_settings(SMPP | {name: value})
