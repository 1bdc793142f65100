"""How we and an HTTP gateway know each other: HMAC-SHA256 over purpose, time and body. docs/sms.md has an example."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

KEY, TIMESTAMP, SIGNATURE = "X-Sms-Key", "X-Sms-Timestamp", "X-Sms-Signature"

WINDOW = timedelta(minutes=5)
"""How far a request's time may be from ours: what is older may be a replay."""


def signature(secret: str, purpose: str, timestamp: str, body: bytes) -> str:
    """purpose: `send`, `message` or `report`, so that no request can pass for one of another kind."""
    signed = f"{purpose}\n{timestamp}\n".encode() + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def headers(key: str, secret: str, purpose: str, now: datetime, body: bytes) -> dict[str, str]:
    timestamp = str(int(now.timestamp()))
    return {KEY: key, TIMESTAMP: timestamp, SIGNATURE: signature(secret, purpose, timestamp, body)}


def refusal(given: Mapping[str, str], key: str, secret: str, purpose: str, now: datetime, body: bytes) -> str | None:
    """Why a request is not the gateway's: `key`, `signature` or `timestamp`; None where it is. In constant time."""
    timestamp = given.get(TIMESTAMP, "")
    expected = signature(secret, purpose, timestamp, body) if timestamp.isascii() else ""
    known = hmac.compare_digest(given.get(KEY, "").encode("utf-8", "replace"), key.encode())
    signed = hmac.compare_digest(given.get(SIGNATURE, "").encode("utf-8", "replace"), expected.encode())
    if not known:
        return "key"
    if not signed or not expected:
        return "signature"
    if not timestamp.isdigit() or len(timestamp) > 12 or abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        return "timestamp"
    return None
