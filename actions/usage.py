"""What was used, what is left, whether it lasts, and the cheapest cure where it does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.base import PersonalAction, Turn, Values, button
from actions.catalogue import current_plan
from actions.cures import cure_sentence, pack_buttons
from actions.explanations import at_night, rate_sentence
from actions.wording import (
    about,
    cycle_end,
    daily_volume,
    day,
    days_left,
    price,
    speed_in_words,
    this_cycle,
    with_unit,
    yuan,
)
from botkit.conversation.reply import Cell, Table
from botkit.telecom.cure import cheapest_cure
from botkit.telecom.customer import Customer, LineStatus
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.forecast import RECENT_DAYS, Forecast, average_so_far, forecast, forecast_at, pooled
from botkit.telecom.plan import AddOnKind, Plan
from botkit.telecom.usage import Bucket, BucketKind, DayUsage
from botkit.telecom.values import DataVolume, Money

_KINDS = (
    (BucketKind.DIRECTED_DATA, re.compile(r"定向|专属流量")),
    (BucketKind.SA_DATA, re.compile(r"单模|5g ?(?:专享|专属|独立)?包", re.IGNORECASE)),
    (BucketKind.NIGHT_DATA, re.compile(r"夜间|闲时|晚上的流量")),
    (BucketKind.VOICE, re.compile(r"通话|语音|分钟|打电话|电话")),
    (BucketKind.SMS, re.compile(r"短信|信息条")),
)
_PACKS = (BucketKind.DIRECTED_DATA, BucketKind.SA_DATA, BucketKind.NIGHT_DATA)
_WHERE_TO = re.compile(r"哪|怎么.{0,4}(?:快|没|完|多)|谁用|跑了|偷")
_TOP_DAYS = 2
_BY_APP = re.compile(r"软件|应用|app|程序|(?:看|用|干|做)了(?:什么|啥)|谁用", re.IGNORECASE)
_ON_DAY = re.compile(r"\d ?[号日]|[一二三十] ?[号日](?!码|卡|线)")
_DAYS_AGO = (("大前天", 3), ("前天", 2), ("昨天", 1), ("昨晚", 1), ("今天", 0))
_THAT_DAY = re.compile(r"[那当]一?天")
_WHY = re.compile(r"为什么|为啥|怎么|咋|哪")
_UNITS = {BucketKind.VOICE: "minutes", BucketKind.SMS: "messages"}


class ShowUsage(PersonalAction):
    action_name = "action_usage"
    topic = "usage"

    def answer(self, turn: Turn, customer: Customer) -> list[EventType]:
        if turn.intent == "ask_more":
            turn.say("usage_saving_tips")
            return []
        on = _day_asked(turn)
        if on is not None:
            return _say_day(turn, customer, on)
        if _BY_APP.search(turn.said):
            _say_by_app(turn, customer)
            return []
        buckets = turn.operator.buckets(customer.id)
        kind = _kind_asked(turn.said)
        asked = [bucket for bucket in buckets if bucket.kind is kind]
        plan = current_plan(turn, customer)
        if not asked:
            name = "usage_no_pack" if kind in _PACKS else f"usage_no_{kind.value}"
            turn.say(name, table=usage_table(turn, buckets), plan=plan.name, price=_price_of(turn, plan, kind))
        elif kind in _PACKS:
            lines = [_pack_sentence(turn, bucket) for bucket in asked[1:]]
            turn.say("usage_pack", more=lines, **_pack_values(turn, asked[0]))
        else:
            _Report(turn, customer, plan, buckets, kind).say()
        return []


def _day_asked(turn: Turn) -> date | None:
    """The day that the message names (22 号, 昨天), or means by 那天; the latest one that has been."""
    said, focus = turn.said, turn.slot("focus") or {}
    if _THAT_DAY.search(said) and focus.get("day"):
        return date.fromisoformat(focus["day"])
    numbers = [int(number) for number in turn.entities("number") if number.isdigit() and 1 <= int(number) <= 31]
    if _ON_DAY.search(said) and numbers:
        return _latest(turn, numbers[0])
    ago = next((days for word, days in _DAYS_AGO if word in said), None)
    return None if ago is None else turn.today - timedelta(days=ago)


def _latest(turn: Turn, day_of_month: int) -> date | None:
    """That day of the month spoken of, of this one, or of the last one where it is still to come."""
    focus = turn.slot("focus") or {}
    spoken_of = focus.get("month") if turn.slot("topic") in ("bill", "charge") else None
    month = next(iter(turn.entities("month")), spoken_of)
    first = turn.today.replace(day=1)
    for _ in range(12):
        try:
            found = first.replace(day=day_of_month)
        except ValueError:
            found = None
        named = {"this": turn.today.month, "last": (turn.today.month - 2) % 12 + 1}.get(str(month), month)
        if found and found <= turn.today and (month is None or str(found.month) == str(named)):
            return found
        first = (first - timedelta(days=1)).replace(day=1)
    return None


def _say_day(turn: Turn, customer: Customer, on: date) -> list[EventType]:
    """What was used on one day, beside an average one of the week before it."""
    kind = _kind_asked(turn.said)
    before = on - timedelta(days=RECENT_DAYS)
    usage = {entry.day: entry for entry in turn.operator.daily_usage(customer.id, before, on)}
    entry = usage.pop(on, DayUsage(on))
    written = day(on, turn.today)
    if kind is BucketKind.VOICE:
        turn.say("usage_day_voice", day=written, minutes=entry.voice_minutes)
    elif not entry.general_data and not entry.directed_data:
        turn.say("usage_day_none", day=written)
    else:
        average = Decimal(sum(other.general_data.mb for other in usage.values())) / RECENT_DAYS
        night = [turn.text("usage_day_night", volume=entry.night_data)] if entry.night_data else []
        directed = [turn.text("usage_day_directed", volume=entry.directed_data)] if entry.directed_data else []
        by_app = [turn.text("usage_not_by_app")] if _WHY.search(turn.said) or _BY_APP.search(turn.said) else []
        values: Values = {"day": written, "volume": entry.general_data, "average": daily_volume(average)}
        turn.say("usage_day", more=[*night, *directed, *by_app], **values)
    return [SlotSet("focus", {"day": on.isoformat()})]


def _say_by_app(turn: Turn, customer: Customer) -> None:
    """Which app used the data only the phone knows; when it was used, the network does."""
    cycle = BillingCycle.containing(turn.today, customer.billing_day)
    directed = [b for b in turn.operator.buckets(customer.id) if b.kind is BucketKind.DIRECTED_DATA and b.used]
    lines = [_pack_sentence(turn, bucket) for bucket in directed]
    lines += _where_to(turn, turn.operator.daily_usage(customer.id, cycle.start, turn.today))
    turn.say("usage_by_app", more=lines)


def say_throttled(turn: Turn, customer: Customer) -> bool:
    """Whether the line is slowed down at the moment; says how much, until when, and what undoes it."""
    plan = current_plan(turn, customer)
    buckets = turn.operator.buckets(customer.id)
    used = sum(bucket.used for bucket in buckets if bucket.kind is BucketKind.GENERAL_DATA)
    if plan.out_of_plan.data is not None or not plan.throttle or used < plan.throttle[0].after.mb:
        return False
    _Report(turn, customer, plan, buckets, BucketKind.GENERAL_DATA).say()
    return True


def _kind_asked(said: str) -> BucketKind:
    return next((kind for kind, words in _KINDS if words.search(said)), BucketKind.GENERAL_DATA)


def _price_of(turn: Turn, plan: Plan, kind: BucketKind) -> str:
    """What a unit costs where nothing of the kind is included."""
    prices = plan.out_of_plan
    if kind is BucketKind.VOICE:
        return with_unit(turn.texts, price(prices.voice_per_minute), "per_minute")
    if kind is BucketKind.SMS:
        return with_unit(turn.texts, price(prices.sms_each), "per_message")
    return rate_sentence(turn, prices.data) if prices.data else turn.text("cell_throttled")


def _pack_values(turn: Turn, bucket: Bucket) -> Values:
    kind = bucket.kind
    amounts = {"granted": bucket.granted, "used": bucket.used, "left": bucket.left}
    written = {name: amount(turn, kind, quantity) for name, quantity in amounts.items()}
    return {"name": bucket.name, "day": day(bucket.expires), **written}


def _pack_sentence(turn: Turn, bucket: Bucket) -> str:
    return turn.text("usage_pack", **_pack_values(turn, bucket))


class _Report:
    """The sentences on general data, minutes or messages."""

    def __init__(self, turn: Turn, customer: Customer, plan: Plan, buckets: Sequence[Bucket], kind: BucketKind) -> None:
        self._turn, self._customer, self._plan, self._kind = turn, customer, plan, kind
        self._buckets = buckets
        asked = [bucket for bucket in buckets if bucket.kind is kind]
        self._used_in_all = sum(bucket.used for bucket in asked)
        #: what went beyond, which operators book on the bucket that it went beyond of
        self._beyond = sum(max(bucket.used - bucket.granted, 0) for bucket in asked)
        self._bucket = pooled([replace(bucket, used=min(bucket.used, bucket.granted)) for bucket in asked])
        #: a main card's allowance is used by the sub-cards too; a sub-card has a share of its own
        self._shares_with_others = bool(customer.family_id) and "family_plan" not in plan.eligibility.requires
        self._cycle = BillingCycle.containing(turn.today, customer.billing_day)
        self._outlook = self._forecast()

    def say(self) -> None:
        if self._customer.status is not LineStatus.ACTIVE:
            self._tell("usage_stopped")
        elif self._kind is not BucketKind.GENERAL_DATA:
            self._units()
        elif self._plan.out_of_plan.data is None and self._plan.throttle:
            self._throttled()
        else:
            self._data()

    def _data(self) -> None:
        turn, outlook = self._turn, self._outlook
        if self._plan.out_of_plan.data is None or not (outlook.overrun or self._beyond):
            idle = outlook.based_on_days and not outlook.per_day
            name = "unused" if idle else "enough" if outlook.based_on_days else "no_basis"
            self._tell(f"usage_data_{name}")
        elif not outlook.overrun:
            self._tell("usage_data_used_up_idle")
        else:
            cure = cheapest_cure(
                DataVolume(outlook.overrun + self._beyond),
                self._plan,
                turn.operator.add_ons(),
                outlook.days_left,
                turn.today,
                already_over=DataVolume(self._beyond),
                age=self._customer.age,
            )
            name = "usage_data_short" if self._bucket.left else "usage_data_used_up"
            self._tell(name, [cure_sentence(turn, self._plan, cure)], pack_buttons(turn, cure))

    def _throttled(self) -> None:
        steps, used = self._plan.throttle, self._used_in_all
        passed = [step for step in steps if used >= step.after.mb]
        step = passed[-1] if passed else steps[0]
        packs = self._turn.operator.add_ons() if passed else ()
        cure = next((p for p in packs if p.kind is AddOnKind.SPEED and p.on_sale(self._turn.today)), None)
        values: Values = {"name": cure.name, "price": yuan(cure.price), "volume": cure.data} if cure else {}
        self._tell(
            "usage_throttled" if passed else "usage_throttle_ahead",
            [self._turn.text("usage_throttle_cure", **values)] if cure else [],
            after=step.after,
            speed=speed_in_words(step.kbps, self._turn.texts),
            used=DataVolume(used),
            restored=day(self._cycle.end + timedelta(days=1)),
        )

    def _units(self) -> None:
        """Minutes and messages, which have one price each."""
        prices, overrun = self._plan.out_of_plan, self._outlook.overrun
        each = prices.voice_per_minute if self._kind is BucketKind.VOICE else prices.sms_each
        state = "used_up" if not self._bucket.left else "short" if overrun else "enough"
        cost = about(Money.of(each * (overrun + self._beyond)))
        self._tell(f"usage_{self._kind.value}_{state}", price=price(each), cost=cost)

    def _tell(self, name: str, more: Sequence[str] = (), buttons: Sequence[dict[str, str]] = (), **values: Any) -> None:
        table = usage_table(self._turn, self._buckets) if len(self._buckets) > 1 else None
        hints, hint_buttons = self._hints()
        self._turn.say(
            name,
            table=table,
            more=more,
            details=hints,
            buttons=[*buttons, *hint_buttons],
            **(self._values() | values),
        )

    def _values(self) -> Values:
        turn, bucket, outlook = self._turn, self._bucket, self._outlook
        is_data = self._kind is BucketKind.GENERAL_DATA
        rolled, beyond = bucket.rolled_over, self._beyond
        quantities = {
            "granted": bucket.granted,
            "used": bucket.used,
            "left": bucket.left,
            "overrun": outlook.overrun,
            "total_over": outlook.overrun + beyond,
            "spare": max(bucket.granted - outlook.expected_used, 0),
        }
        return {
            "period": this_cycle(self._cycle, turn.texts),
            "rolled": turn.text("phrase_rolled", volume=DataVolume(rolled)) if rolled and is_data else "",
            "beyond": turn.text("phrase_beyond", amount=amount(turn, self._kind, beyond)) if beyond else "",
            "days_left": days_left(outlook.days_left, turn.texts),
            "end": cycle_end(self._cycle, turn.texts),
            "basis": self._basis(),
            "per_day": daily_volume(outlook.per_day) if is_data else self._units_a_day(),
            **{name: amount(turn, self._kind, quantity) for name, quantity in quantities.items()},
        }

    def _units_a_day(self) -> str:
        """Whole minutes or messages; of less than one that it is less, for a rate of none would promise too much."""
        per_day = self._outlook.per_day
        return self._turn.text("phrase_under_one") if 0 < per_day < 1 else f"{per_day:.0f}"

    def _basis(self) -> str:
        if self._shares_with_others:
            return this_cycle(self._cycle, self._turn.texts)
        days = self._outlook.based_on_days
        return (
            self._turn.text("phrase_recent_week")
            if days == RECENT_DAYS
            else self._turn.text("phrase_recent_days", days=days)
        )

    def _forecast(self) -> Forecast:
        """By the last complete days; of an allowance that others use too their days are not known: by the cycle so far."""
        turn, bucket = self._turn, self._bucket
        if self._shares_with_others:
            in_all = replace(bucket, used=self._used_in_all)
            per_day, days = average_so_far(in_all, self._cycle, turn.now)
            return forecast_at(per_day, days, bucket, self._cycle, turn.today)
        return forecast(bucket, self._per_day(), self._cycle, turn.today)

    def _per_day(self) -> list[int]:
        """Use on each of the last complete days, as long as he has been a customer; days without use included."""
        turn, customer = self._turn, self._customer
        days = [turn.today - timedelta(days=back) for back in range(RECENT_DAYS, 0, -1)]
        used = {entry.day: self._of_kind(entry) for entry in turn.operator.daily_usage(customer.id, days[0], days[-1])}
        return [used.get(on, 0) for on in days if on >= customer.tenure_since]

    def _of_kind(self, entry: DayUsage) -> int:
        if self._kind is BucketKind.VOICE:
            return entry.voice_minutes
        return entry.sms if self._kind is BucketKind.SMS else entry.general_data.mb

    def _hints(self) -> tuple[list[str], list[dict[str, str]]]:
        """What else is worth a word: the allowance is shared, a 5G pack lies idle, where the data went."""
        turn, customer = self._turn, self._customer
        hints = (
            [turn.text("usage_shared" if self._shares_with_others else "usage_sub_card")] if customer.family_id else []
        )
        if self._kind is not BucketKind.GENERAL_DATA:
            return hints, []
        if _WHERE_TO.search(turn.said):
            hints += _where_to(turn, turn.operator.daily_usage(customer.id, self._cycle.start, turn.today))
        idle = [bucket for bucket in self._buckets if bucket.kind is BucketKind.SA_DATA and not bucket.used]
        if not idle:
            return hints, []
        hints.append(turn.text("usage_sa_untouched", name=idle[0].name))
        return hints, [button(turn.text("button_sa_unused"), "sa_pack_unused")]


def _where_to(turn: Turn, usage: Sequence[DayUsage]) -> list[str]:
    """The days on which most was used, and what was used at night."""
    top = sorted((entry for entry in usage if entry.general_data), key=lambda entry: -entry.general_data.mb)[:_TOP_DAYS]
    if not top:
        return []
    listed = "、".join(f"{day(entry.day)} {entry.general_data}" for entry in sorted(top, key=_day))
    return [turn.text("usage_top_days", days=listed), *at_night(turn, usage)]


def _day(entry: DayUsage) -> date:
    return entry.day


def usage_table(turn: Turn, buckets: Sequence[Bucket]) -> Table:
    """All allowances: used, left, until when."""
    labels = turn.texts.labels("table_usage")
    rows = [
        (
            Cell(bucket.name),
            Cell(amount(turn, bucket.kind, bucket.used)),
            Cell(amount(turn, bucket.kind, bucket.left)),
            Cell(labels["until"].replace("{day}", day(bucket.expires))),
        )
        for bucket in buckets
    ]
    return Table(labels["caption"], (labels["name"], labels["used"], labels["left"], labels["expires"]), tuple(rows))


def amount(turn: Turn, kind: BucketKind, quantity: int) -> str:
    """A quantity in its bucket's unit: `3.7 GB`, `120 分钟`, `8 条`."""
    unit = _UNITS.get(kind)
    return with_unit(turn.texts, quantity, unit) if unit else str(DataVolume(quantity))
