"""Place in the queue and expected wait, from what was measured; without a basis there is no figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

ENOUGH = 5
"""Services that must have been measured before a wait is named."""

ROUND_TO = timedelta(minutes=1)


@dataclass(frozen=True)
class Prospect:
    """What a waiting customer can be told. ahead: customers before him; wait: None where there is no basis for a figure."""

    ahead: int
    wait: timedelta | None


def prospect(ahead: int, handling: Sequence[timedelta], places: int, free: int) -> Prospect:
    """When a waiting customer will be served.

    Args:
        ahead: customers of his group who wait longer than he does.
        handling: how long the group's last services took.
        places: customers that the agents present can serve at once.
        free: how many of these places are free now.

    With all places taken one of them becomes free every `median / places` on average; he needs `ahead + 1` of them, less
    those that are free. The wait is rounded up to whole minutes. Source: Little's law for a queue that is never empty.
    """
    needed = max(ahead + 1 - free, 0)
    if places < 1 or (needed and len(handling) < ENOUGH):
        return Prospect(ahead, None)
    if not needed:
        return Prospect(ahead, timedelta())
    seconds = median(took.total_seconds() for took in handling) * needed / places
    minutes = -(-seconds // ROUND_TO.total_seconds())
    return Prospect(ahead, minutes * ROUND_TO)
