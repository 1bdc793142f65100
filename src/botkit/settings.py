"""Settings, all from the environment, all with a default that runs on a bare machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
DESKS = ("console", "chatwoot")
SHORTEST_SECRET = 16
"""Characters of the secret that webhooks are signed with."""


class SettingsError(ValueError):
    """A variable has a value that makes no sense; the message names it and what it may be."""


@dataclass(frozen=True)
class ChatwootAccess:
    """How to reach the operator's Chatwoot, see `docs/chatwoot.md`.

    url: BOTKIT_CHATWOOT_URL, without a path. account, inbox: BOTKIT_CHATWOOT_ACCOUNT, BOTKIT_CHATWOOT_INBOX, ids as in
    Chatwoot's addresses. token: BOTKIT_CHATWOOT_TOKEN, the access token of a user. secret: BOTKIT_CHATWOOT_SECRET, what
    webhooks are signed with.
    """

    url: str
    account: int
    inbox: int
    token: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """
    host, port: BOTKIT_HOST, BOTKIT_PORT. Where to serve.
    var: BOTKIT_VAR. The folder for everything the program writes.
    database_url: BOTKIT_DATABASE_URL. SQLAlchemy URL; SQLite under `var` by default.
    project: BOTKIT_PROJECT. The Rasa project: content, training data, configuration.
    demo: BOTKIT_DEMO. Demo mode (default on): demo operator, demo SMS, open REST channel.
    rest_token: BOTKIT_REST_TOKEN. What the REST channel wants in `Authorization: Bearer` outside demo mode.
    allowed_origins: BOTKIT_ALLOWED_ORIGINS. Comma-separated origins that may embed the chat; `*` in demo mode.
    verification_minutes: BOTKIT_VERIFICATION_MINUTES. How long an idle verified session lasts.
    chatwoot: BOTKIT_DESK=chatwoot. Agents sit in Chatwoot; None (BOTKIT_DESK=console): at the console of this house.
    """

    host: str
    port: int
    var: Path
    database_url: str
    project: Path
    demo: bool
    rest_token: str
    allowed_origins: tuple[str, ...]
    verification_minutes: int
    chatwoot: ChatwootAccess | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        env = os.environ if environment is None else environment
        var = Path(env.get("BOTKIT_VAR", ROOT / "var")).resolve()
        demo = _switch(env, "BOTKIT_DEMO", True)
        origins = env.get("BOTKIT_ALLOWED_ORIGINS", "*" if demo else "")
        return cls(
            host=env.get("BOTKIT_HOST", "127.0.0.1"),
            port=_number(env, "BOTKIT_PORT", 5005, 1, 65535),
            var=var,
            database_url=env.get("BOTKIT_DATABASE_URL", f"sqlite:///{var / 'botkit.db'}"),
            project=Path(env.get("BOTKIT_PROJECT", ROOT / "rasa_project")).resolve(),
            demo=demo,
            rest_token=env.get("BOTKIT_REST_TOKEN", ""),
            allowed_origins=tuple(origin.strip() for origin in origins.split(",") if origin.strip()),
            verification_minutes=_number(env, "BOTKIT_VERIFICATION_MINUTES", 60, 1, 24 * 60),
            chatwoot=_chatwoot(env) if _choice(env, "BOTKIT_DESK", DESKS) == "chatwoot" else None,
        )

    @property
    def content(self) -> Path:
        return self.project / "content"

    @property
    def models(self) -> Path:
        return self.var / "models"

    @property
    def files(self) -> Path:
        return self.var / "files"

    @property
    def sms_file(self) -> Path:
        return self.var / "sms.jsonl"


def _number(env: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdigit() or not lowest <= int(text) <= highest:
        raise SettingsError(f"{name}={text!r}: a whole number from {lowest} to {highest} is wanted")
    return int(text)


def _switch(env: Mapping[str, str], name: str, default: bool) -> bool:
    text = env.get(name, "").lower()
    if text in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        return default if not text else text in ("1", "true", "yes", "on")
    raise SettingsError(f"{name}={text!r}: 1 or 0 is wanted")


def _choice(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """The first one is the default."""
    text = env.get(name, "") or choices[0]
    if text not in choices:
        raise SettingsError(f"{name}={text!r}: one of {', '.join(choices)} is wanted")
    return text


def _chatwoot(env: Mapping[str, str]) -> ChatwootAccess:
    names = [f"BOTKIT_CHATWOOT_{name}" for name in ("URL", "ACCOUNT", "INBOX", "TOKEN", "SECRET")]
    missing = [name for name in names if not env.get(name, "").strip()]
    if missing:
        raise SettingsError(f"BOTKIT_DESK=chatwoot needs {', '.join(missing)} too")
    url, token, secret = (env[f"BOTKIT_CHATWOOT_{name}"].strip() for name in ("URL", "TOKEN", "SECRET"))
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"BOTKIT_CHATWOOT_URL={url!r}: an address like https://chat.example.com is wanted")
    if not (token.isascii() and token.isprintable()):
        raise SettingsError("BOTKIT_CHATWOOT_TOKEN: an access token is letters and digits")
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(f"BOTKIT_CHATWOOT_SECRET: at least {SHORTEST_SECRET} characters are wanted")
    account, inbox = (_number(env, f"BOTKIT_CHATWOOT_{name}", 0, 1, 2**31 - 1) for name in ("ACCOUNT", "INBOX"))
    return ChatwootAccess(url.rstrip("/"), account, inbox, token, secret)
