"""The one place that reads the system's clock; everybody else gets a clock handed in."""

from __future__ import annotations

from datetime import datetime, timezone


def system_clock() -> datetime:
    """Now, timezone-aware, in UTC."""
    return datetime.now(timezone.utc)
