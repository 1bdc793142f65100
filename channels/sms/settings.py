"""The channel's settings, from the environment. None of them: no SMS channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from botkit.settings import SettingsError

PREFIX = "BOTKIT_SMS_"
SHORTEST_SECRET = 16


@dataclass(frozen=True)
class HttpSettings:
    """url: BOTKIT_SMS_URL, where messages are posted to. key: BOTKIT_SMS_KEY, our name at the gateway. secret:
    BOTKIT_SMS_SECRET, what both sides sign with."""

    url: str
    key: str
    secret: str


@dataclass(frozen=True)
class SmppSettings:
    """host, port: BOTKIT_SMS_SMPP_HOST, _PORT. system_id, password, system_type: BOTKIT_SMS_SMPP_SYSTEM_ID, _PASSWORD,
    _SYSTEM_TYPE. window: BOTKIT_SMS_SMPP_WINDOW, requests under way at once."""

    host: str
    port: int
    system_id: str
    password: str
    system_type: str = ""
    window: int = 10


@dataclass(frozen=True)
class SmsSettings:
    """number: BOTKIT_SMS_NUMBER, our own. gateway: as BOTKIT_SMS_GATEWAY says. parts: BOTKIT_SMS_PARTS, SMS that an answer
    may take. per_minute: BOTKIT_SMS_PER_MINUTE, messages of one number that are answered in a minute."""

    number: str
    gateway: HttpSettings | SmppSettings
    parts: int = 2
    per_minute: int = 10


def sms_settings(environment: Mapping[str, str]) -> SmsSettings | None:
    """None where no BOTKIT_SMS_ variable is set. Raises SettingsError where some are missing or make no sense."""
    given = {name: value.strip() for name, value in environment.items() if name.startswith(PREFIX) and value.strip()}
    if not given:
        return None
    kind = given.get("BOTKIT_SMS_GATEWAY", "")
    if kind not in ("http", "smpp"):
        raise SettingsError(f"BOTKIT_SMS_GATEWAY={kind!r}: http or smpp is wanted ({_named(given)} is set)")
    number = _wanted(given, "BOTKIT_SMS_NUMBER", "our own number, 3 to 20 digits")
    if not re.fullmatch(r"[0-9]{3,20}", number):
        raise SettingsError(f"BOTKIT_SMS_NUMBER={number!r}: 3 to 20 digits are wanted")
    return SmsSettings(
        number,
        _http(given) if kind == "http" else _smpp(given),
        _whole(given, "BOTKIT_SMS_PARTS", 2, 1, 6),
        _whole(given, "BOTKIT_SMS_PER_MINUTE", 10, 1, 600),
    )


def _http(given: Mapping[str, str]) -> HttpSettings:
    url = _wanted(given, "BOTKIT_SMS_URL", "the gateway's address")
    try:
        there = urlsplit(url)
        complete = there.scheme in ("http", "https") and bool(there.hostname) and (there.port or 1) > 0
    except ValueError:
        complete = False
    if not complete:
        raise SettingsError(f"BOTKIT_SMS_URL={url!r}: an address that begins with https:// is wanted")
    key = _wanted(given, "BOTKIT_SMS_KEY", "our name at the gateway")
    if not re.fullmatch(r"[!-~]{1,100}", key):
        raise SettingsError("BOTKIT_SMS_KEY: at most 100 printable ASCII characters without blanks are wanted")
    secret = _wanted(given, "BOTKIT_SMS_SECRET", "the secret that both sides sign with")
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(f"BOTKIT_SMS_SECRET: at least {SHORTEST_SECRET} characters are wanted")
    return HttpSettings(url, key, secret)


def _smpp(given: Mapping[str, str]) -> SmppSettings:
    system_id = _wanted(given, "BOTKIT_SMS_SMPP_SYSTEM_ID", "our name at the message centre")
    password = _wanted(given, "BOTKIT_SMS_SMPP_PASSWORD", "our password there")
    system_type = given.get("BOTKIT_SMS_SMPP_SYSTEM_TYPE", "")
    # SMPP 3.4, 5.2.1 to 5.2.3: with the closing null 16, 9 and 13 octets
    for name, value, most in (
        ("SYSTEM_ID", system_id, 15),
        ("PASSWORD", password, 8),
        ("SYSTEM_TYPE", system_type, 12),
    ):
        if len(value) > most or not value.isascii():
            raise SettingsError(f"BOTKIT_SMS_SMPP_{name}: at most {most} ASCII characters are possible in SMPP 3.4")
    return SmppSettings(
        _wanted(given, "BOTKIT_SMS_SMPP_HOST", "the message centre's host"),
        _whole(given, "BOTKIT_SMS_SMPP_PORT", 2775, 1, 65535),
        system_id,
        password,
        system_type,
        _whole(given, "BOTKIT_SMS_SMPP_WINDOW", 10, 1, 1000),
    )


def _wanted(given: Mapping[str, str], name: str, what: str) -> str:
    if name not in given:
        raise SettingsError(f"{name} is missing: {what} (BOTKIT_SMS_GATEWAY={given['BOTKIT_SMS_GATEWAY']} needs it)")
    return given[name]


def _whole(given: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    text = given.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or not lowest <= int(text[:9]) <= highest:
        raise SettingsError(f"{name}={text!r}: a whole number from {lowest} to {highest} is wanted")
    return int(text)


def _named(given: Mapping[str, str]) -> str:
    return ", ".join(sorted(given))
