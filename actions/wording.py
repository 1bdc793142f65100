"""How figures, dates and names are written. Words live in the content; here is only notation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from actions.base import Turn
from botkit.content.texts import Texts
from botkit.conversation.reply import Cell
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.values import MB_PER_GB, ZERO, DataVolume, Money

_MESSAGES_ONLY, _VIDEO = 512, 2048
"""Kbps below which only messages go through, and below which videos stutter."""


def moment(at: datetime, today: date) -> str:
    """`今天 14:05`, `11月3日 09:10`."""
    return f"今天 {at:%H:%M}" if at.date() == today else f"{day(at.date())} {at:%H:%M}"


def day(on: date, today: date | None = None) -> str:
    """`12月1日`; with the year where it is not this one."""
    year = f"{on.year}年" if today is not None and on.year != today.year else ""
    return f"{year}{on.month}月{on.day}日"


def yuan(amount: Money) -> str:
    """An amount in a sentence: `20`, `653.90`."""
    return amount.plain if amount.yuan == amount.yuan.to_integral_value() else str(amount)


def with_unit(texts: Texts, quantity: object, unit: str) -> str:
    """`20 元`, `5 分钟`, `0.15 元/分钟`: by the name that the unit has among the texts."""
    return texts.text("quantity", quantity=quantity, unit=texts.labels("units")[unit])


def amount_of(turn: Turn, name: str, amount: Money) -> str:
    """`彩铃 5 元`."""
    return turn.text("amount_of", name=name, amount=yuan(amount).replace("-", "−"))


def size(amount: Money) -> str:
    """An amount without its sign, in a sentence."""
    return yuan(Money(abs(amount.yuan)))


def signed(amount: Money) -> str:
    """`+20`, `−50`, `0`, with a real minus sign."""
    if not amount:
        return "0"
    return ("+" if amount > ZERO else "−") + size(amount)


def in_table(amount: Money) -> str:
    """`19.00`, `−20.00`, with a real minus sign."""
    return str(amount).replace("-", "−")


def about(amount: Money) -> str:
    """An estimate: whole yuan, below ten yuan as it is."""
    if abs(amount.yuan) < 10:
        return yuan(amount)
    return str(amount.yuan.to_integral_value(ROUND_HALF_UP))


def signed_volume(volume: DataVolume) -> str:
    if not volume:
        return "0"
    return ("+" if volume.mb > 0 else "−") + str(DataVolume(abs(volume.mb)))


def signed_number(number: int) -> str:
    return "0" if not number else ("+" if number > 0 else "−") + str(abs(number))


def money_delta(amount: Money, unit: str = "") -> Cell:
    """A difference in cost: less is good."""
    good = None if not amount else amount < ZERO
    return Cell(f"{signed(amount)} {unit if amount else ''}".rstrip(), _trend(amount.yuan), good)


def volume_delta(volume: DataVolume) -> Cell:
    """A difference in what is included: more is good."""
    return Cell(signed_volume(volume), _trend(volume.mb), None if not volume else volume.mb > 0)


def number_delta(number: int, unit: str) -> Cell:
    return Cell(
        signed_number(number) + (f" {unit}" if number else ""), _trend(number), None if not number else number > 0
    )


def _trend(value: Decimal | int) -> str | None:
    return None if not value else ("up" if value > 0 else "down")


def price(amount: Decimal) -> str:
    """A unit price in yuan, with as few digits as say the same."""
    return f"{amount.normalize():f}"


def daily_volume(per_day_mb: Decimal) -> str:
    """A rate of use: `0.9 GB`, `120 MB`; from half a GB on in GB."""
    if MB_PER_GB / 2 <= per_day_mb < MB_PER_GB:
        return f"{(per_day_mb / MB_PER_GB).quantize(Decimal('0.1'), ROUND_HALF_UP).normalize():f} GB"
    return str(DataVolume(int(per_day_mb.to_integral_value(ROUND_HALF_UP))))


def speed(kbps: int) -> str:
    """`1 Mbps`, `128 Kbps`."""
    return f"{Decimal(kbps) / 1024:.1f}".rstrip("0").rstrip(".") + " Mbps" if kbps >= 1024 else f"{kbps} Kbps"


def speed_in_words(kbps: int, texts: Texts) -> str:
    """The same with what it means for everyday use: `1 Mbps (看视频会卡)`."""
    name = "slow" if kbps < _MESSAGES_ONLY else "slower" if kbps < _VIDEO else "fair"
    return texts.text(f"speed_{name}", speed=speed(kbps))


def in_short(notes: Sequence[str]) -> str:
    """The first two sentences of a listing's notes, some of which are parts of sentences."""
    text = "".join(note if note.endswith("。") else f"{note}, " for note in notes)
    return "".join(f"{sentence}。" for sentence in text.split("。")[:2] if sentence.strip())


def cycle_name(turn: Turn, cycle: BillingCycle) -> str:
    """`11月`, or `11月2日至12月1日` where cycles are no calendar months; with the year where it is not this one."""
    if not cycle.is_calendar_month:
        return turn.text("phrase_cycle", start=day(cycle.start, turn.today), end=day(cycle.end, turn.today))
    if cycle.start.year != turn.today.year:
        return turn.text("phrase_month_of_year", year=cycle.start.year, month=cycle.start.month)
    return turn.text("phrase_month", month=cycle.start.month)


def this_cycle(cycle: BillingCycle, texts: Texts) -> str:
    return texts.text("phrase_this_month" if cycle.is_calendar_month else "phrase_this_cycle")


def cycle_end(cycle: BillingCycle, texts: Texts) -> str:
    """`月底` or `账期末 (12月1日)`."""
    if cycle.is_calendar_month:
        return texts.text("phrase_month_end")
    return texts.text("phrase_cycle_end", end=day(cycle.end))


def days_left(days: int, texts: Texts) -> str:
    """`还有 9 天`, on the last day `今天是最后一天`."""
    return texts.text("phrase_days_left", days=days) if days else texts.text("phrase_last_day")
