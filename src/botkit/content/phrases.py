"""Small phrases that several sentences share."""

from __future__ import annotations

from datetime import datetime
from math import ceil

from botkit.content.texts import Texts


def from_then_on(until: datetime, now: datetime, texts: Texts) -> str:
    """`40 秒后`, or `20:46 以后` where that is more than a minute away."""
    seconds = ceil((until - now).total_seconds())
    if seconds <= 60:
        return texts.text("phrase_in_seconds", seconds=max(seconds, 1))
    return texts.text("phrase_from_time", time=f"{until.astimezone(now.tzinfo):%H:%M}")
