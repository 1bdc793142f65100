from __future__ import annotations

from datetime import date

import pytest

from botkit.bss.demo.catalogue import Catalogue
from botkit.bss.demo.holdings import Held, allowances, buckets, prorated
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.usage import BucketKind
from botkit.telecom.values import DataVolume

NOVEMBER = BillingCycle(date(2026, 11, 1), date(2026, 11, 30))
TENTH = date(2026, 11, 10)


@pytest.mark.parametrize(
    ("product", "ends"),
    [
        ("10GB流量包", date(2026, 11, 30)),
        ("1GB日包", TENTH),
        ("彩铃", None),
        ("5G单模流量包10GB", date(2027, 4, 30)),  # six cycles, the first of which ends with November
    ],
)
def test_how_long_an_add_on_is_held(catalogue: Catalogue, product: str, ends: date | None) -> None:
    assert Held.taken(catalogue.add_on_named(product), TENTH, billing_day=1).ends == ends


def test_the_month_of_joining_brings_the_share_of_its_days(catalogue: Catalogue) -> None:
    plan = catalogue.plan_named("畅选39")
    granted = prorated(plan, NOVEMBER, joined=date(2026, 11, 16)).allowances
    assert (granted.general_data, granted.voice_minutes) == (DataVolume.gb(3), 50)
    assert prorated(plan, NOVEMBER, joined=NOVEMBER.start) is plan
    assert prorated(plan, NOVEMBER, joined=date(2026, 10, 16)) is plan


def test_what_expires_first_is_used_first(catalogue: Catalogue) -> None:
    plan = catalogue.plan_named("畅选79")
    held = [
        Held.taken(catalogue.add_on_named(name), TENTH, billing_day=1) for name in ("10GB流量包", "1GB日包", "彩铃")
    ]
    order = [
        (allowance.name, allowance.granted // 1024)
        for allowance in allowances(plan, held, NOVEMBER, DataVolume.gb(2))
        if allowance.kind is BucketKind.GENERAL_DATA
    ]
    assert order == [("畅选79 通用流量", 2), ("1GB日包", 1), ("10GB流量包", 10), ("畅选79 通用流量", 15)]


def test_packs_of_other_cycles_are_not_there(catalogue: Catalogue) -> None:
    plan = catalogue.plan_named("畅选79")
    pack = Held.taken(catalogue.add_on_named("10GB流量包"), TENTH, billing_day=1)
    assert len(allowances(plan, [pack], NOVEMBER, DataVolume(0))) == 1 + len(
        allowances(plan, [pack], NOVEMBER.shifted(1), DataVolume(0))
    )


def test_buckets_show_the_plan_first_with_what_was_rolled_over(catalogue: Catalogue) -> None:
    plan = catalogue.plan_named("畅选79")
    pack = Held.taken(catalogue.add_on_named("10GB流量包"), TENTH, billing_day=1)
    drawn = allowances(plan, [pack], NOVEMBER, DataVolume.gb(2))
    drawn[0].used, drawn[-4].used = 2048, 100
    first, second, third = buckets(drawn)
    assert (first.source, first.granted, first.used, first.rolled_over) == (plan.id, 17 * 1024, 2148, 2048)
    assert (second.kind, second.granted) == (BucketKind.VOICE, 300)  # no bucket for messages: none are included
    assert (third.name, third.rolled_over) == ("10GB流量包", 0)
