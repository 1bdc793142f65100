from __future__ import annotations

from datetime import date

from botkit.bss.demo.metering import Allowance, Meter, meter_cycle
from botkit.bss.demo.traffic import CycleTraffic, DayTraffic
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.usage import BucketKind
from botkit.telecom.values import DataVolume

CYCLE = BillingCycle(date(2026, 11, 1), date(2026, 11, 30))


def granted(kind: BucketKind, amount: int, *, of_plan: bool = True, **options: object) -> Allowance:
    dates = {"usable_from": CYCLE.start, "last_day": CYCLE.end}
    return Allowance(kind=kind, name="", source="", granted=amount, of_plan=of_plan, **{**dates, **options})  # type: ignore[arg-type]


def day(number: int, data: int = 0, *, sa: int = 0, night: int = 0, directed: int = 0, voice: int = 0) -> DayTraffic:
    return DayTraffic(date(2026, 11, number), data, sa, night, directed, voice, sms=0)


def traffic(*days: DayTraffic) -> CycleTraffic:
    return CycleTraffic(CYCLE, days)


def plan(general: int = 0, *packs: Allowance) -> Meter:
    own = [granted(kind, amount) for kind, amount in ((BucketKind.GENERAL_DATA, general), (BucketKind.VOICE, 0))]
    return Meter([*packs, *own])


def test_rolled_over_data_is_used_first_then_packs_then_the_plans_own() -> None:
    rolled = granted(BucketKind.GENERAL_DATA, 100)
    pack = granted(BucketKind.GENERAL_DATA, 50, of_plan=False)
    meter = plan(1000, rolled, pack)
    meter_cycle(meter, traffic(day(1, 120), day(2, 100)))
    assert (rolled.used, pack.used, meter.of_plan(BucketKind.GENERAL_DATA)[-1].used) == (100, 50, 70)
    assert meter.unused == DataVolume(930)


def test_what_no_allowance_covers_is_booked_on_the_plans_own_and_by_day() -> None:
    meter = plan(100)
    meter_cycle(meter, traffic(day(1, 80), day(2, 50), day(3, 7)))
    assert meter.beyond[BucketKind.GENERAL_DATA] == {date(2026, 11, 2): 30, date(2026, 11, 3): 7}
    assert meter.of_plan(BucketKind.GENERAL_DATA)[-1].used == 137
    assert meter.unused == DataVolume(0)


def test_a_pack_does_not_undo_what_was_charged_before_it_was_bought() -> None:
    pack = granted(BucketKind.GENERAL_DATA, 100, of_plan=False, usable_from=date(2026, 11, 2))
    meter = plan(10, pack)
    meter_cycle(meter, traffic(day(1, 30), day(2, 30)))
    assert meter.beyond[BucketKind.GENERAL_DATA] == {date(2026, 11, 1): 20}
    assert pack.used == 30


def test_the_5g_only_pack_pays_for_standalone_traffic_only() -> None:
    pack = granted(BucketKind.SA_DATA, 100, of_plan=False)
    meter = plan(1000, pack)
    first, second = meter_cycle(meter, traffic(day(1, 90, sa=70), day(2, 90, sa=70)))
    assert pack.used == 100
    assert (first.general_data.mb, second.general_data.mb) == (20, 60)
    assert first.sa_data == second.sa_data == DataVolume(70)


def test_the_5g_only_pack_stays_untouched_off_standalone_5g() -> None:
    pack = granted(BucketKind.SA_DATA, 100, of_plan=False)
    (usage,) = meter_cycle(plan(1000, pack), traffic(day(1, 90)))
    assert pack.used == 0
    assert usage.general_data == DataVolume(90)


def test_the_night_pack_pays_for_the_night() -> None:
    pack = granted(BucketKind.NIGHT_DATA, 25, of_plan=False)
    first, second = meter_cycle(plan(1000, pack), traffic(day(1, 90, night=20), day(2, 90, night=20)))
    assert (first.general_data.mb, second.general_data.mb) == (70, 85)
    assert first.night_data == DataVolume(20)


def test_directed_data_beyond_its_allowance_is_general_data() -> None:
    (usage,) = meter_cycle(plan(1000, granted(BucketKind.DIRECTED_DATA, 30)), traffic(day(1, 5, directed=40)))
    assert (usage.directed_data.mb, usage.general_data.mb) == (30, 15)


def test_sub_cards_draw_on_the_main_cards_allowances_but_keep_their_own_usage() -> None:
    meter = plan(1000)
    (usage,) = meter_cycle(meter, traffic(day(1, 10)), [traffic(day(1, 30))])
    assert usage.general_data == DataVolume(10)
    assert meter.of_plan(BucketKind.GENERAL_DATA)[-1].used == 40
