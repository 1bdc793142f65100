from __future__ import annotations

import pytest

from botkit.telecom.charging import charge_cycles
from botkit.telecom.idle import idle_packs
from botkit.telecom.plan import AddOnKind
from botkit.telecom.usage import BucketKind

from .builders import bucket, pack, plan, usage

GB = 1024
ENOUGH = charge_cycles(plan(79), [usage(10 * GB, minutes=100)] * 3)
PACK = pack(10, "0.5", monthly=True)
UNUSED = bucket(512, source=PACK.id)


def test_paid_each_month_and_not_used() -> None:
    assert idle_packs([PACK], [UNUSED], ENOUGH) == (PACK,)


def test_some_of_it_used_is_not_idle() -> None:
    assert idle_packs([PACK], [bucket(512, 1, source=PACK.id)], ENOUGH) == ()


def test_needed_lately_is_not_idle() -> None:
    """Early in a cycle nothing of it may be used yet."""
    beyond = charge_cycles(plan(79, rollover=False), [usage(10 * GB), usage(16 * GB), usage(10 * GB)])
    assert idle_packs([PACK], [UNUSED], beyond) == ()


@pytest.mark.parametrize(("minutes", "idle"), [(300, True), (301, False)])
def test_minutes_are_judged_by_minutes(minutes: int, idle: bool) -> None:
    talk = pack(10, 0, monthly=True, kind=AddOnKind.VOICE)
    costs = charge_cycles(plan(79), [usage(20 * GB, minutes=minutes)])
    granted = bucket(100, kind=BucketKind.VOICE, source=talk.id)
    assert bool(idle_packs([talk], [granted], costs)) is idle


def test_bought_once_or_nothing_known_is_not_called_idle() -> None:
    assert idle_packs([pack(10, 1)], [bucket(GB, source="A10")], ENOUGH) == ()
    assert idle_packs([PACK], [], ENOUGH) == ()
    assert idle_packs([PACK], [UNUSED], ()) == ()
