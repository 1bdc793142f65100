"""流量, 通话, 短信: used, left, for how long, whether it lasts, and the cheapest cure where it does not."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations_with_replacement

import pytest

from botkit.bss.port import Operator
from botkit.telecom.plan import AddOn, AddOnKind, Plan
from botkit.telecom.usage import BucketKind
from tests.conversations.conftest import Demo, SignIn
from tests.conversations.figures import GB, DemoCustomer, data_charge, fen, volume, written

pytestmark = pytest.mark.model

GENERAL = BucketKind.GENERAL_DATA


def left_for(mine: DemoCustomer) -> str:
    return f"还有 {mine.days_left} 天" if mine.days_left else "今天是最后一天"


def to_come(mine: DemoCustomer) -> int:
    """General data until the end of the cycle, at the rate of the last week, in MB."""
    return int((Decimal(mine.used_last_week() * mine.days_left) / 7).to_integral_value(ROUND_HALF_UP))


def cheapest(operator: Operator, plan: Plan, mb: int, beyond: int, days: int) -> tuple[Decimal, list[AddOn]]:
    """The least that `mb` more cost when `beyond` are charged already: every combination of packs is tried."""
    packs = [a for a in operator.add_ons() if a.kind is AddOnKind.DATA and a.on_sale(operator.now().date())]
    packs = [a for a in packs if not a.eligibility.requires and (a.validity_days or days) >= days]
    already = data_charge(plan, beyond)
    best: tuple[Decimal, list[AddOn]] = (data_charge(plan, beyond + mb) - already, [])
    for count in range(1, 5):
        for chosen in combinations_with_replacement(packs, count):
            rest = max(mb - sum(pack.data.mb for pack in chosen), 0)
            cost = sum(pack.price.yuan for pack in chosen) + data_charge(plan, beyond + rest) - already
            if cost < best[0]:
                best = cost, list(chosen)
    return best


def estimate(amount: Decimal) -> str:
    return written(amount) if amount < 10 else str(amount.to_integral_value(ROUND_HALF_UP))


@pytest.mark.parametrize("question", ["流量够用到月底不", "还剩多少流量", "流量用了多少"])
def test_running_out_with_the_cheapest_cure(sign_in: SignIn, demo: Demo, question: str) -> None:
    mine = demo(1)
    bucket, coming = mine.bucket(GENERAL), to_come(mine)
    over = bucket.used + coming - bucket.granted
    answer = sign_in(1).says(question)
    assert answer.text.startswith("不太够。")
    assert (
        f"{volume(bucket.granted)} 已用 {volume(bucket.used)}, 剩 {volume(bucket.granted - bucket.used)}" in answer.text
    )
    assert left_for(mine) in answer.text and f"大约会超 {volume(over)}" in answer.text

    days = mine.days_left + 1
    cost, packs = cheapest(mine.operator, mine.plan, over, 0, days)
    assert len(packs) == 1 and cost == packs[0].price.yuan
    without = data_charge(mine.plan, over)
    assert f"约 {estimate(without)} 元; 现在加 {packs[0].name} {written(cost)} 元" in answer.text
    assert f"相当于每天 {written(fen(cost / days))} 元 (连今天 {days} 天)" in answer.text
    assert f"省约 {estimate(without - cost)} 元" in answer.text
    assert answer.titles[0] == f"加 {packs[0].name} {written(cost)} 元"
    assert "怎么省流量" in answer.titles
    assert answer.rows()["畅选99 通用流量"][:2] == [volume(bucket.used), volume(bucket.left)]


def test_the_cure_is_ordered_by_its_button(sign_in: SignIn) -> None:
    customer = sign_in(1)
    answer = customer.says("流量够用吗")
    pack = answer.titles[0].split()[1]
    answer = customer.chooses(answer.titles[0])
    assert answer.text.startswith(pack) and "确认前不会收费" in answer.text and "转人工办理" in answer.titles


def test_how_to_save_data(sign_in: SignIn) -> None:
    customer = sign_in(1)
    customer.says("流量够用吗")
    assert "后台流量" in customer.chooses("怎么省流量").text


def test_used_up_and_already_beyond(sign_in: SignIn, demo: Demo) -> None:
    """Somebody whose use beyond the allowance is charged already: no pack undoes that, and it is not counted twice."""
    mine = demo(2)
    bucket = mine.bucket(GENERAL)
    beyond = bucket.used - bucket.granted
    if beyond <= 0:
        pytest.skip("on this day of his cycle the allowance still lasts")
    answer = sign_in(2).says("还剩多少流量")
    assert answer.text.startswith("用完了。") and f"又超出 {volume(beyond)}" in answer.text
    coming = to_come(mine)
    if not coming:
        assert "不再用就不会多收" in answer.text
        return
    assert f"一共大约超 {volume(beyond + coming)}" in answer.text
    cost, packs = cheapest(mine.operator, mine.plan, coming, beyond, mine.days_left + 1)
    without = data_charge(mine.plan, beyond + coming) - data_charge(mine.plan, beyond)
    assert f"约 {estimate(without)} 元" in answer.text
    if packs:
        assert f"相当于每天 {written(fen(cost / (mine.days_left + 1)))} 元" in answer.text
        assert f"省约 {estimate(without - cost)} 元" in answer.text
    else:
        assert "没有比这更省的流量包" in answer.text


def test_slowed_down_says_speed_and_until_when(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(3)
    back = mine.cycle.shifted(1).start
    answer = sign_in(3).says("流量还剩多少")
    assert f"已用 {volume(mine.bucket(GENERAL).used)}, 过了 20 GB 的门槛, 现在网速最高 1 Mbps" in answer.text
    assert f"{back.month}月{back.day}日恢复" in answer.text and "不另收流量费" in answer.text
    customer = sign_in(3)
    customer.says("流量还剩多少")
    speed = {pack.name for pack in mine.operator.add_ons() if pack.kind is AddOnKind.SPEED and pack.on_sale(mine.today)}
    assert speed and set(customer.chooses("怎么恢复网速").rows()) == speed


def test_directed_data_is_a_bucket_of_its_own(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(4)
    directed = mine.bucket(BucketKind.DIRECTED_DATA)
    assert sign_in(4).says("还剩多少流量").rows()["青星卡39 定向流量"][:2] == [
        volume(directed.used),
        volume(directed.left),
    ]
    answer = sign_in(4).says("定向流量还剩多少")
    assert f"已用 {volume(directed.used)}, 剩 {volume(directed.left)}" in answer.text


def test_rolled_over_data_is_named(sign_in: SignIn, demo: Demo) -> None:
    bucket = demo(4).bucket(GENERAL)
    assert bucket.rolled_over
    assert f"{volume(bucket.granted)} (含结转 {volume(bucket.rolled_over)})" in sign_in(4).says("流量还有多少").text


def test_where_the_data_went(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(7)
    usage = mine.operator.daily_usage(mine.customer.id, mine.cycle.start, mine.today)
    night, everything = sum(d.night_data.mb for d in usage), sum(d.general_data.mb for d in usage)
    if not everything or night * 4 < everything:
        pytest.skip("too early in the cycle")
    answer = sign_in(7).says("流量都用哪去了")
    assert f"夜里 23 点到早上 7 点用了 {volume(night)}" in answer.text
    top = max(usage, key=lambda d: d.general_data.mb)
    assert f"{top.day.month}月{top.day.day}日 {volume(top.general_data.mb)}" in answer.text


def test_minutes_beyond_the_plan(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(25)
    bucket = mine.bucket(BucketKind.VOICE)
    answer = sign_in(25).says("通话还剩多少分钟")
    coming = int((Decimal(mine.minutes_last_week() * mine.days_left) / 7).to_integral_value(ROUND_HALF_UP))
    over = max(bucket.used + coming - bucket.granted, 0)
    price = mine.plan.out_of_plan.voice_per_minute
    assert (bucket.granted, price) == (60, Decimal("0.25"))
    if bucket.used >= bucket.granted:
        beyond = f", 又超出 {bucket.used - 60} 分钟" if bucket.used > 60 else ""
        assert answer.text.startswith("用完了。") and f"60 分钟已用完{beyond}, " in answer.text
        assert f"一共大约超 {over} 分钟, 0.25 元/分钟, 约 {estimate(fen(price * over))} 元" in answer.text
    elif over:
        assert answer.text.startswith("不太够。")
        assert f"大约会超 {over} 分钟, 0.25 元/分钟, 约 {estimate(fen(price * over))} 元" in answer.text
    else:
        assert answer.text.startswith("够用。") and f"剩 {bucket.left} 分钟" in answer.text
    assert answer.rows()["流量星69 语音"][0] == f"{bucket.used} 分钟"


def test_voice_packs_by_the_button(sign_in: SignIn, demo: Demo) -> None:
    if demo(25).bucket(BucketKind.VOICE).left:
        pytest.skip("too early in the cycle")
    customer = sign_in(25)
    customer.says("通话还剩多少分钟")
    assert set(customer.chooses("看语音包").rows()) == {"100分钟语音包", "300分钟语音包"}


def test_messages_left(sign_in: SignIn, demo: Demo) -> None:
    bucket = demo(21).bucket(BucketKind.SMS)
    answer = sign_in(21).says("短信还剩多少条")
    assert f"短信 100 条, 已用 {bucket.used} 条, 剩 {bucket.left} 条" in answer.text


def test_nothing_included_says_what_it_costs(sign_in: SignIn) -> None:
    assert "不含短信, 发多少收多少: 0.1 元/条" in sign_in(1).says("短信还剩多少").text


def test_5g_pack_well_used(sign_in: SignIn, demo: Demo) -> None:
    bucket = demo(13).bucket(BucketKind.SA_DATA)
    answer = sign_in(13).says("5G单模流量用了多少")
    assert volume(bucket.used) in answer.text and volume(bucket.left) in answer.text


def test_5g_pack_not_used_is_worth_a_word(sign_in: SignIn) -> None:
    answer = sign_in(11).says("还剩多少流量")
    assert "一点没用上" in answer.text and "5G 包为什么没用上" in answer.titles


def test_main_card_and_sub_card(sign_in: SignIn, demo: Demo) -> None:
    main, sub = demo(17), demo(18)
    own = main.operator.daily_usage(main.customer.id, main.cycle.start, main.today)
    assert main.bucket(GENERAL).used >= sum(d.general_data.mb for d in own)
    answer = sign_in(17).says("流量还剩多少")
    assert volume(main.bucket(GENERAL).used) in answer.text and "副卡用的也算在里面" in answer.text
    answer = sign_in(18).says("流量还剩多少")
    assert volume(sub.bucket(GENERAL).used) in answer.text and "从主卡共享来的" in answer.text


def test_stopped_line(sign_in: SignIn) -> None:
    answer = sign_in(10).says("流量还有吗")
    assert "号码停着" in answer.text and "够用" not in answer.text


def test_short_for_those_who_want_it_short(sign_in: SignIn) -> None:
    answer = sign_in(16).says("流量还剩多少")
    assert answer.table is None and len(answer.text) < 60


def test_days_without_use_count(sign_in: SignIn, demo: Demo) -> None:
    """The forecast is over all seven days, not only those with an entry."""
    mine = demo(20)
    assert mine.used_last_week() < 7 * GB
    answer = sign_in(20).says("流量还剩多少")
    assert ("最近一周每天" if mine.used_last_week() else "最近一周没有用流量") in answer.text
