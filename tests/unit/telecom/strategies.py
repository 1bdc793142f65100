"""Random plans, usages, contracts and bills for property-based tests, within what published tariffs contain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.customer import Contract
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import Allowances, DataRate, OutOfPlanPrices, PenaltyFamily, PenaltyRule, Plan
from botkit.telecom.usage import CycleUsage
from botkit.telecom.values import DataVolume, Money

from .builders import LONG_AGO, NOVEMBER

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
cycles = st.builds(BillingCycle.containing, days, st.integers(1, 28))
yuan = st.decimals(0, 400, places=2)
money = st.builds(Money.of, yuan)
volumes = st.builds(DataVolume, st.integers(0, 12 * 1024))


def rates() -> st.SearchStrategy[DataRate]:
    """The published ladders and others like them: by the GB or by the MB, with and without a cheaper price later on."""
    per_mb = st.none() | st.sampled_from(["0.02", "0.03", "0.1", "0.29"]).map(Decimal)
    per_gb = st.sampled_from([1, 3, 5, 10, 30]).map(Decimal)
    cheaper = st.none() | st.tuples(st.integers(0, 60).map(Decimal), st.sampled_from([1, 2, 3, 5]).map(Decimal))
    return st.builds(
        lambda gb, mb, step: DataRate(gb, mb, *(step or (None, None))),
        per_gb,
        per_mb,
        cheaper,
    )


caps = st.none() | st.builds(Money.of, st.integers(1, 600))

plans = st.builds(
    Plan,
    id=st.text("0123456789", min_size=4, max_size=4),
    name=st.just("random"),
    family=st.just("random"),
    network=st.sampled_from(["4G", "5G"]),
    monthly_fee=money,
    allowances=st.builds(
        Allowances,
        general_data=volumes,
        directed_data=volumes,
        voice_minutes=st.integers(0, 500),
        sms=st.integers(0, 100),
    ),
    out_of_plan=st.builds(
        OutOfPlanPrices,
        data=st.none() | rates(),
        voice_per_minute=st.sampled_from(["0", "0.1", "0.15", "0.19", "0.25"]).map(Decimal),
        sms_each=st.sampled_from(["0.05", "0.1"]).map(Decimal),
        data_cap=caps,
    ),
    on_sale_from=st.just(LONG_AGO),
    on_sale_until=st.none(),
    throttle=st.just(()),
    rollover=st.booleans(),
    contract_months=st.sampled_from([0, 12, 24, 36]),
    penalty=st.just(PenaltyRule()),
)

usages = st.builds(
    CycleUsage,
    cycle=st.just(NOVEMBER),
    general_data=volumes,
    directed_data=volumes,
    voice_minutes=st.integers(0, 800),
    sms=st.integers(0, 200),
)

rules = st.builds(
    PenaltyRule,
    family=st.sampled_from(PenaltyFamily),
    amount=money,
    base=money,
    max_months=st.integers(1, 12),
    percent=st.integers(1, 100).map(Decimal),
)


def contracts(families: st.SearchStrategy[PenaltyRule] = rules) -> st.SearchStrategy[Contract]:
    return st.builds(
        Contract,
        name=st.just("random"),
        start=days,
        months=st.integers(1, 60),
        monthly_commitment=money,
        penalty=families,
    )


items = st.builds(
    BillItem,
    id=st.just("1"),
    kind=st.sampled_from(ItemKind),
    name=st.sampled_from(["甲", "乙", "丙"]),
    amount=st.builds(Money.of, st.decimals(-50, 200, places=2)),
    source=st.sampled_from(["", "P79", "A15"]),
)

bills = st.builds(Bill, cycle=st.just(NOVEMBER), items=st.lists(items, max_size=8).map(tuple), final=st.just(True))
