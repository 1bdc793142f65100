"""The place's time: when its day began, and times as they are told to customers, the day by its everyday name."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from botkit.content.texts import Texts

PLACE = ZoneInfo("Asia/Shanghai")
"""Where customers and agents are: service hours and ticket numbers go by its clock."""


def midnight(now: datetime) -> datetime:
    """When the day began, there."""
    return now.astimezone(PLACE).replace(hour=0, minute=0, second=0, microsecond=0)


def moment(texts: Texts, at: datetime, now: datetime) -> str:
    """`今天 14:35`, `明天 08:00`, `11月24日 08:00`."""
    there, today = at.astimezone(PLACE), now.astimezone(PLACE).date()
    near = {today: "desk_today", today + timedelta(days=1): "desk_tomorrow"}
    name = near.get(there.date(), "desk_day")
    return texts.text(name, month=there.month, day=there.day, time=f"{there:%H:%M}")
