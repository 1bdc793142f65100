"""Each demo customer shows what he says he shows, on every day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from botkit.bss.demo.catalogue import Catalogue
from botkit.bss.demo.customers import Story
from botkit.bss.port import OrderState
from botkit.telecom.bill import BillItem, ItemKind
from botkit.telecom.comparison import compare_costs
from botkit.telecom.customer import LineStatus
from botkit.telecom.cycle import add_months
from botkit.telecom.forecast import forecast
from botkit.telecom.plan import PenaltyFamily, Plan
from botkit.telecom.recommend import cheaper_plans
from botkit.telecom.switching import switch_terms
from botkit.telecom.termination import early_termination_fee
from botkit.telecom.usage import Bucket, BucketKind, CycleUsage
from botkit.telecom.values import ZERO, DataVolume, Money

Stories = Mapping[str, Story]


def plan_of(story: Story, catalogue: Catalogue) -> Plan:
    return catalogue.plan(story.subscriptions[0].product_id)


def bucket_of(story: Story, kind: BucketKind) -> Bucket:
    return next(bucket for bucket in story.buckets if bucket.kind is kind)


def items_of(story: Story, bill: int, kind: ItemKind) -> list[BillItem]:
    return [item for item in story.bills[bill].items if item.kind is kind]


def cycle_usages(story: Story, cycles: int = 3) -> list[CycleUsage]:
    usages = []
    for bill in story.bills[-1 - cycles : -1]:
        days = [day for day in story.usage if day.day in bill.cycle]
        usages.append(
            CycleUsage(
                bill.cycle,
                DataVolume(sum(day.general_data.mb for day in days)),
                DataVolume(sum(day.directed_data.mb for day in days)),
                sum(day.voice_minutes for day in days),
                sum(day.sms for day in days),
            )
        )
    return usages


def model_of(story: Story) -> str:
    assert story.device is not None
    return f"{story.device.brand} {story.device.model}"


def test_demo_01_will_run_out_of_data(stories: Stories, today: date) -> None:
    story = stories["demo-01"]
    bucket = bucket_of(story, BucketKind.GENERAL_DATA)
    assert bucket.granted == DataVolume.gb(20).mb and bucket.used == DataVolume.gb("16.3").mb
    assert bucket.used >= bucket.granted * 0.8
    daily = [day.general_data.mb for day in story.usage if day.day < today]
    coming = forecast(bucket, daily, story.bills[-1].cycle, today)
    assert coming.overrun > 1024
    assert not items_of(story, -1, ItemKind.OUT_OF_PLAN_DATA)


def test_demo_02_is_better_off_on_a_bigger_plan(stories: Stories, catalogue: Catalogue) -> None:
    story = stories["demo-02"]
    over = [items_of(story, bill, ItemKind.OUT_OF_PLAN_DATA)[0].quantity or 0 for bill in range(-4, -1)]
    assert all(mb > DataVolume.gb(10).mb for mb in over)
    assert items_of(story, -1, ItemKind.OUT_OF_PLAN_DATA)
    bigger = catalogue.plan_named("畅选129")
    compared = compare_costs(plan_of(story, catalogue), bigger, cycle_usages(story))
    assert all(delta < ZERO for delta in compared.deltas)


def test_demo_03_is_slowed_down_to_1_mbps(stories: Stories, catalogue: Catalogue) -> None:
    story = stories["demo-03"]
    plan, bucket = plan_of(story, catalogue), bucket_of(story, BucketKind.GENERAL_DATA)
    passed = [step for step in plan.throttle if bucket.used >= step.after.mb]
    assert [step.kbps for step in passed] == [1024]
    assert not any(items_of(story, bill, ItemKind.OUT_OF_PLAN_DATA) for bill in range(-5, 0))


def test_demo_04_is_a_student_with_directed_data(stories: Stories) -> None:
    story = stories["demo-04"]
    for bill in story.bills[:-1]:
        days = [day for day in story.usage if day.day in bill.cycle]
        assert sum(day.directed_data.mb for day in days) > sum(day.general_data.mb for day in days)
    bucket = bucket_of(story, BucketKind.DIRECTED_DATA)
    assert 0 < bucket.used <= bucket.granted == DataVolume.gb(30).mb


def test_demo_05_watched_videos_on_the_22nd(stories: Stories, today: date) -> None:
    story = stories["demo-05"]
    (item,) = items_of(story, -2, ItemKind.OUT_OF_PLAN_DATA)
    assert item.amount == Money.of(27)
    last_month = story.bills[-2].cycle
    assert item.days[0] == last_month.start.replace(day=22)
    (evening,) = [day for day in story.usage if day.day == item.days[0]]
    assert evening.general_data > DataVolume.gb(6)
    assert story.bills[-2].amount - story.bills[-3].amount == Money.of(27)


def test_demo_06_pays_a_third_party_for_the_fifth_time(stories: Stories) -> None:
    story = stories["demo-06"]
    for bill, times in ((-1, 5), (-2, 4), (-5, 1)):
        (item,) = items_of(story, bill, ItemKind.THIRD_PARTY)
        assert (item.name, item.amount, item.times_charged) == ("炫动视频会员", Money.of(20), times)
        assert item.provider and item.since == story.bills[-5].cycle.start.replace(day=3)
    assert not items_of(story, -6, ItemKind.THIRD_PARTY)


def test_demo_07_uses_data_at_night(stories: Stories) -> None:
    story = stories["demo-07"]
    night = sum(day.night_data.mb for day in story.usage)
    share = Decimal(night) / sum(day.general_data.mb for day in story.usage)
    assert Decimal("0.4") < share < Decimal("0.5")
    assert all(items_of(story, bill, ItemKind.OUT_OF_PLAN_DATA) for bill in range(-4, -1))


def test_demo_08_was_abroad_for_four_days(stories: Stories) -> None:
    (item,) = items_of(stories["demo-08"], -2, ItemKind.ROAMING)
    assert (item.amount, item.quantity, len(item.days)) == (Money.of(120), 4, 4)
    assert model_of(stories["demo-08"]) == "华为 Mate 60"


def test_demo_09_paid_33_yuan_less_last_month(stories: Stories) -> None:
    story = stories["demo-09"]
    assert story.bills[-3].amount - story.bills[-2].amount == Money.of(33)
    assert items_of(story, -3, ItemKind.OUT_OF_PLAN_VOICE) and items_of(story, -3, ItemKind.ADD_ON)


def test_demo_10_is_suspended_for_arrears(stories: Stories, today: date) -> None:
    story = stories["demo-10"]
    assert story.customer.status is LineStatus.SUSPENDED
    assert story.account.arrears > story.scenario.recharging.credit_limit
    assert story.account.balance == ZERO
    assert add_months(story.account.recharges[-1].day, 2) < today < add_months(story.account.recharges[-1].day, 3)
    assert (today - story.usage[-1].day).days >= 9


def test_demo_11_has_a_5g_only_pack_that_is_not_used(stories: Stories) -> None:
    story = stories["demo-11"]
    assert bucket_of(story, BucketKind.SA_DATA).used == 0
    assert not any(day.sa_data for day in story.usage)
    assert items_of(story, -2, ItemKind.OUT_OF_PLAN_DATA) and items_of(story, -3, ItemKind.OUT_OF_PLAN_DATA)
    assert model_of(story) == "小米 13"


def test_demo_12_has_an_early_phone_and_no_5g_only_pack(stories: Stories) -> None:
    story = stories["demo-12"]
    assert model_of(story) == "iQOO Pro 5G"
    assert len(story.subscriptions) == 1
    assert not any(day.sa_data for day in story.usage)


def test_demo_13_uses_most_data_from_the_5g_only_pack(stories: Stories) -> None:
    story = stories["demo-13"]
    sa, general = bucket_of(story, BucketKind.SA_DATA), bucket_of(story, BucketKind.GENERAL_DATA)
    assert 0 < general.used < sa.used
    assert not any(items_of(story, bill, ItemKind.OUT_OF_PLAN_DATA) for bill in range(-4, 0))


def test_demo_14_has_a_5g_plan_and_a_4g_phone(stories: Stories, catalogue: Catalogue) -> None:
    assert plan_of(stories["demo-14"], catalogue).network == "5G"
    assert model_of(stories["demo-14"]) == "苹果 iPhone 11"
    assert not any(day.sa_data for day in stories["demo-14"].usage)


def test_demo_15_has_no_phone_on_record(stories: Stories) -> None:
    assert stories["demo-15"].device is None


def test_demo_16_is_old_and_wants_it_short(stories: Stories) -> None:
    story = stories["demo-16"]
    assert story.customer.age >= 60 and story.customer.language_simple
    (item,) = items_of(story, -1, ItemKind.SERVICE)
    assert (item.name, item.amount) == ("掌上新闻手机报", Money.of(3))


def test_demo_17_and_18_are_a_family_that_shares(stories: Stories) -> None:
    main, sub = stories["demo-17"], stories["demo-18"]
    assert main.customer.family_id == sub.customer.family_id is not None
    assert [item.name for item in items_of(main, -1, ItemKind.ADD_ON)] == ["亲情副卡"]
    own = sum(day.general_data.mb for day in main.usage if day.day in main.bills[-1].cycle)
    assert bucket_of(main, BucketKind.GENERAL_DATA).used > own
    assert main.contract is not None and main.contract.penalty.family is PenaltyFamily.REMAINING_PERCENT
    assert all(bill.amount == Money.of(5) for bill in sub.bills)


def test_demo_19_paid_a_part_of_the_first_month(stories: Stories) -> None:
    first = stories["demo-19"].bills[0]
    (item,) = items_of(stories["demo-19"], 0, ItemKind.PLAN_FEE_PRORATED)
    assert ZERO < item.amount < Money.of(39)
    assert item.quantity == (first.cycle.end - stories["demo-19"].customer.tenure_since).days + 1
    assert items_of(stories["demo-19"], -1, ItemKind.PLAN_FEE)[0].amount == Money.of(39)


def test_demo_20_is_a_child(stories: Stories) -> None:
    assert stories["demo-20"].customer.age <= 14


def test_demo_21_writes_rather_than_calls(stories: Stories) -> None:
    for usage in cycle_usages(stories["demo-21"], 6):
        assert usage.sms > 4 * usage.voice_minutes
        assert usage.directed_data > usage.general_data


def test_demo_22_keeps_the_number_for_8_yuan(stories: Stories) -> None:
    story = stories["demo-22"]
    assert items_of(story, -1, ItemKind.PLAN_FEE)[0].amount == Money.of(8)
    assert items_of(story, -2, ItemKind.OUT_OF_PLAN_VOICE)[0].quantity == 11


def test_demo_23_pays_a_penalty_that_a_smaller_plan_makes_up_for(
    stories: Stories, catalogue: Catalogue, today: date
) -> None:
    story = stories["demo-23"]
    plan, smaller = plan_of(story, catalogue), catalogue.plan_named("畅选79")
    saving = compare_costs(smaller, plan, cycle_usages(story)).average_delta
    terms = switch_terms(
        plan,
        smaller,
        contract=story.contract,
        buckets=story.buckets,
        cycle=story.bills[-1].cycle,
        today=today,
        saving_per_month=saving,
    )
    assert terms.penalty is not None
    assert (terms.penalty.months_left, terms.penalty.amount) == (4, Money.of(120))
    assert terms.payback_months == 3
    assert all(usage.general_data < DataVolume.gb(16) for usage in cycle_usages(story, 6))


def test_demo_23_ends_his_contract_in_march_as_seen_from_november(stories: Stories) -> None:
    contract = stories["demo-23"].contract
    assert contract is not None
    ends = early_termination_fee(contract, stories["demo-23"].bills[-1].cycle.start).ends
    assert (ends.month - stories["demo-23"].bills[-1].cycle.start.month) % 12 == 4


def test_demo_24_pays_much_for_little(stories: Stories, catalogue: Catalogue, today: date) -> None:
    story = stories["demo-24"]
    assert not plan_of(story, catalogue).on_sale(today)
    cheaper = cheaper_plans(
        plan_of(story, catalogue), cycle_usages(story), catalogue.plans, age=story.customer.age, today=today
    )
    assert len(cheaper) >= 3 and cheaper[0].saving > Money.of(80)


def test_demo_25_talks_more_than_his_plan_includes(stories: Stories) -> None:
    story = stories["demo-25"]
    for bill in range(-6, -1):
        (item,) = items_of(story, bill, ItemKind.OUT_OF_PLAN_VOICE)
        assert item.quantity is not None and item.quantity > 100
        assert item.amount == Money.of(item.quantity * Decimal("0.25"))
    assert story.contract is not None and story.contract.penalty.max_months == 3


def test_demo_26_has_ordered_a_smaller_plan(stories: Stories, catalogue: Catalogue) -> None:
    story = stories["demo-26"]
    (order,) = [order for order in story.orders if order.state is OrderState.SCHEDULED]
    assert order.product_id == catalogue.plan_named("畅选99").id
    assert order.effective == story.bills[-1].cycle.shifted(1).start


def test_demo_27_pays_35_yuan_for_small_services(stories: Stories) -> None:
    for bill in (-1, -2):
        services = [
            i for kind in (ItemKind.SERVICE, ItemKind.THIRD_PARTY) for i in items_of(stories["demo-27"], bill, kind)
        ]
        assert len(services) == 4
        assert sum(item.amount.yuan for item in services) == 35


def test_demo_28_pays_a_phone_by_instalments(stories: Stories, today: date) -> None:
    story = stories["demo-28"]
    assert story.contract is not None
    fee = early_termination_fee(story.contract, today)
    assert fee.months_served == 14
    assert fee.amount == Money.of(Decimal("31.25") + 21 * Decimal("29.65"))
    assert items_of(story, -1, ItemKind.DISCOUNT)[0].amount == Money.of(-20)


def test_the_sentence_is_short_and_chinese(stories: Stories) -> None:
    for story in stories.values():
        assert 5 <= len(story.scenario.shows) <= 50
        assert any("一" <= letter <= "鿿" for letter in story.scenario.shows)
