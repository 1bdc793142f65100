from __future__ import annotations

from botkit.telecom.bill import ItemKind
from botkit.telecom.spending import paid_for_use, paid_lines, paid_per_cycle
from botkit.telecom.values import Money

from .builders import bill, item, plan

FEE = item(ItemKind.PLAN_FEE, 79, name="畅选79", source="P79")


def test_the_fee_first_then_the_largest() -> None:
    call = item(ItemKind.OUT_OF_PLAN_VOICE, 18, name="套外语音")
    pack = item(ItemKind.ADD_ON, 15, name="10GB流量包", source="A15")
    bills = [bill(FEE), bill(pack, call, FEE), bill(FEE)]
    assert [(line.name, line.average) for line in paid_lines(bills)] == [
        ("畅选79", Money.of(79)),
        ("套外语音", Money.of(6)),
        ("10GB流量包", Money.of(5)),
    ]
    assert paid_per_cycle(bills) == Money.of(90)


def test_a_discount_stands_last() -> None:
    less = item(ItemKind.DISCOUNT, -20, name="购机分期")
    assert [line.average for line in paid_lines([bill(less, FEE)] * 2)] == [Money.of(79), Money.of(-20)]


def test_packs_are_paid_for_use_and_services_are_not() -> None:
    pack, ring = item(ItemKind.ADD_ON, 15, source="A15"), item(ItemKind.SERVICE, 5, source="R5")
    less = item(ItemKind.DISCOUNT, -20, name="购机分期")
    assert paid_for_use([bill(FEE, pack, ring, less)] * 2, plan(79)) == Money.of(74)


def test_bills_of_another_plan_say_nothing() -> None:
    assert paid_for_use([bill(FEE)] * 3, plan(59)) is None
    assert paid_for_use([], plan(79)) is None
