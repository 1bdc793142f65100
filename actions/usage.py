"""What was used, what is left, whether it lasts, and the cheapest cure where it does not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from rasa_sdk.events import EventType

from actions.base import PersonalAction, Turn, button
from actions.wording import cycle_end, daily_volume, day, price, speed, this_cycle
from botkit.content.texts import Button
from botkit.conversation.reply import Cell, Table
from botkit.telecom.bill import ItemKind
from botkit.telecom.cure import Cure, cheapest_cure
from botkit.telecom.customer import Customer
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.forecast import RECENT_DAYS, Forecast, forecast, pooled
from botkit.telecom.plan import Plan
from botkit.telecom.usage import Bucket, BucketKind, DayUsage
from botkit.telecom.values import DataVolume

_ABOUT_VOICE = re.compile(r"通话|语音|分钟|打电话|电话")
_ABOUT_SMS = re.compile(r"短信|信息条")


class ShowUsage(PersonalAction):
    action_name = "action_usage"
    topic = "usage"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        buckets = turn.operator.buckets(customer.id)
        cycle = BillingCycle.containing(turn.today, customer.billing_day)
        plan_id = next(s.product_id for s in turn.operator.subscriptions(customer.id) if s.is_plan)
        plan = turn.operator.plan(plan_id)
        yesterday = turn.today - timedelta(days=1)
        daily = turn.operator.daily_usage(customer.id, yesterday - timedelta(days=RECENT_DAYS - 1), yesterday)

        kind = _kind_asked(turn.said)
        asked = [bucket for bucket in buckets if bucket.kind is kind]
        if not asked:
            turn.say(f"usage_no_{kind.value}", table=_table(turn, buckets), plan=plan.name)
            return []
        bucket = pooled(asked)
        outlook = forecast(bucket, _per_day(daily, kind, customer, turn), cycle, turn.today)
        report = _Report(turn, plan, cycle, bucket, outlook, customer)
        report.say(_table(turn, buckets) if len(buckets) > 1 else None, _hints(turn, buckets))
        return []


def _kind_asked(said: str) -> BucketKind:
    if _ABOUT_VOICE.search(said):
        return BucketKind.VOICE
    return BucketKind.SMS if _ABOUT_SMS.search(said) else BucketKind.GENERAL_DATA


def _per_day(daily: Sequence[DayUsage], kind: BucketKind, customer: Customer, turn: Turn) -> list[int]:
    """Use on each of the last complete days, days without use included, as long as the customer has been one."""
    used: dict[date, int] = {}
    for entry in daily:
        amounts = {
            BucketKind.GENERAL_DATA: entry.general_data.mb,
            BucketKind.VOICE: entry.voice_minutes,
            BucketKind.SMS: entry.sms,
        }
        used[entry.day] = amounts[kind]
    days = [turn.today - timedelta(days=back) for back in range(RECENT_DAYS, 0, -1)]
    return [used.get(on, 0) for on in days if on >= customer.tenure_since]


class _Report:
    """The sentences on one kind of allowance."""

    def __init__(
        self, turn: Turn, plan: Plan, cycle: BillingCycle, bucket: Bucket, outlook: Forecast, customer: Customer
    ) -> None:
        self._turn, self._plan, self._cycle, self._bucket = turn, plan, cycle, bucket
        self._outlook, self._customer = outlook, customer
        self._already_over = _already_over(turn, customer, cycle)
        self._values = {
            "period": this_cycle(cycle, turn.texts),
            "granted": amount(bucket.kind, bucket.granted),
            "used": amount(bucket.kind, bucket.used),
            "left": amount(bucket.kind, bucket.left),
            "days_left": outlook.days_left,
            "end": cycle_end(cycle, turn.texts),
            "per_day": daily_volume(outlook.per_day)
            if bucket.kind is BucketKind.GENERAL_DATA
            else f"{outlook.per_day:.0f}",
            "overrun": amount(bucket.kind, outlook.overrun),
            "spare": amount(bucket.kind, max(bucket.granted - outlook.expected_used, 0)),
            "days": outlook.based_on_days,
            "over": str(DataVolume(self._already_over)),
            "total_over": str(DataVolume(outlook.overrun + self._already_over)),
        }

    def say(self, table: Table | None, hints: list[str]) -> None:
        if self._bucket.kind is BucketKind.GENERAL_DATA:
            self._data(table, hints)
        else:
            kind = self._bucket.kind.value
            state = "short" if self._outlook.overrun else "enough"
            unit_price = (
                self._plan.out_of_plan.voice_per_minute
                if self._bucket.kind is BucketKind.VOICE
                else self._plan.out_of_plan.sms_each
            )
            self._turn.say(f"usage_{kind}_{state}", table=table, more=hints, price=price(unit_price), **self._values)

    def _data(self, table: Table | None, hints: list[str]) -> None:
        turn, outlook = self._turn, self._outlook
        if self._plan.out_of_plan.data is None:
            self._throttled(table, hints)
        elif not outlook.overrun:
            name = "usage_data_enough" if outlook.based_on_days else "usage_data_no_basis"
            turn.say(name, table=table, more=hints, **self._values)
        else:
            cure = cheapest_cure(
                DataVolume(outlook.overrun + self._already_over),
                self._plan,
                turn.operator.add_ons(),
                outlook.days_left,
                turn.today,
                already_over=DataVolume(self._already_over),
                age=self._customer.age,
            )
            name = "usage_data_used_up" if not self._bucket.left else "usage_data_short"
            sentence, buttons = self._cure(cure)
            turn.say(name, table=table, more=[sentence, *hints], buttons=buttons, **self._values)

    def _throttled(self, table: Table | None, hints: list[str]) -> None:
        passed = [step for step in self._plan.throttle if self._bucket.used >= step.after.mb]
        coming = [step for step in self._plan.throttle if self._bucket.used < step.after.mb]
        if passed:
            hints = [
                self._turn.text("usage_throttled_now", after=passed[-1].after, speed=speed(passed[-1].kbps), end=self._values["end"]),
                *hints,
            ]  # fmt: skip
        elif coming:
            hints = [
                self._turn.text("usage_throttle_ahead", after=coming[0].after, speed=speed(coming[0].kbps)),
                *hints,
            ]
        self._turn.say("usage_data_throttle_plan", table=table, more=hints, **self._values)

    def _cure(self, cure: Cure) -> tuple[str, list[Button]]:
        rate = self._plan.out_of_plan.data
        assert rate is not None
        if not cure.add_ons:
            return self._turn.text("usage_cure_none", per_gb=price(rate.per_gb), cost=cure.out_of_plan_cost), []
        counts = Counter(pack.name for pack in cure.add_ons)
        names = "、".join(name if count == 1 else f"{name} × {count}" for name, count in counts.items())
        sentence = self._turn.text(
            "usage_cure",
            per_gb=price(rate.per_gb),
            out_of_plan=cure.out_of_plan_cost,
            packs=names,
            cost=cure.cost.plain,
            per_day=cure.per_day,
            saves=cure.saves,
        )
        if any(pack.monthly for pack in cure.add_ons):
            sentence += self._turn.text("usage_cure_renews")
        return sentence, [
            button(
                self._turn.text("button_add_pack", name=pack.name, price=pack.price.plain),
                "order_addon",
                add_on=pack.name,
            )
            for pack in dict.fromkeys(cure.add_ons)
        ]


def _already_over(turn: Turn, customer: Customer, cycle: BillingCycle) -> int:
    """Data beyond the allowance that the running bill has charged, in MB; buckets stop at what they grant."""
    bill = turn.operator.bill(customer.id, cycle)
    items = bill.items if bill else ()
    return sum(item.quantity or 0 for item in items if item.kind is ItemKind.OUT_OF_PLAN_DATA)


def _hints(turn: Turn, buckets: Sequence[Bucket]) -> list[str]:
    """A 5G pack that nothing was taken from is worth a word."""
    for bucket in buckets:
        if bucket.kind is BucketKind.SA_DATA and not bucket.used:
            return [turn.text("usage_sa_untouched", name=bucket.name)]
    return []


def _table(turn: Turn, buckets: Sequence[Bucket]) -> Table:
    labels = turn.texts.labels("table_usage")
    rows = [
        (
            Cell(bucket.name),
            Cell(amount(bucket.kind, bucket.used)),
            Cell(amount(bucket.kind, bucket.left)),
            Cell(labels["until"].replace("{day}", day(bucket.expires))),
        )
        for bucket in buckets
    ]
    return Table(labels["caption"], (labels["name"], labels["used"], labels["left"], labels["expires"]), tuple(rows))


UNITS = {BucketKind.VOICE: " 分钟", BucketKind.SMS: " 条"}


def amount(kind: BucketKind, quantity: int) -> str:
    """A quantity in its bucket's unit: `3.7 GB`, `120 分钟`, `8 条`."""
    unit = UNITS.get(kind)
    return f"{quantity}{unit}" if unit else str(DataVolume(quantity))
