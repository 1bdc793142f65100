"""Entities by rule: names from the catalogue and the phone list, amounts, volumes, minutes, months, numbers.

Types and their values (always text, so that they travel through Rasa's JSON):

| type           | value                                    | from the text            |
|----------------|------------------------------------------|--------------------------|
| `plan`         | the plan's name in the catalogue         | 畅选七十九, 79的套餐     |
| `add_on`       | the add-on's name                        | 十个G的流量包            |
| `brand`        | the brand's id                           | 红米                     |
| `phone_model`  | the model's name                         | mate60pro                |
| `term`         | the glossary's id                        | 独立组网                 |
| `system`       | name and version                         | 鸿蒙4                    |
| `phone_number` | 11 digits                                | 138 0013 8000            |
| `code`         | 6 digits                                 | 482913                   |
| `amount`       | yuan                                     | 五十块                   |
| `data_volume`  | MB                                       | 两个G                    |
| `minutes`      | minutes                                  | 三百分钟                 |
| `month`        | `this`, `last`, `before_last`, or `1`-`12` | 上个月                 |
| `number`       | a number that is none of these           | 79和59差多少             |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from botkit.nlu.numerals import NUMBER, parse_number

NAME_TYPES = ("plan", "add_on", "phone_model", "brand", "term")


@dataclass(frozen=True)
class Entity:
    """`type` with `value`, at `start:end` of the normalised text."""

    type: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class _Pattern:
    type: str
    expression: re.Pattern[str]
    value: Callable[[re.Match[str]], str | None]


def _number(match: re.Match[str], factor: int = 1) -> str | None:
    value = parse_number(match["n"])
    return None if value is None else f"{(value * factor).normalize():f}"


_MONTHS = {"本月": "this", "这个月": "this", "这月": "this", "当月": "this", "月初": "this"} | {
    "上个月": "last", "上月": "last", "前一个月": "last", "上上个月": "before_last", "上上月": "before_last", "前个月": "before_last",
    "再上个月": "before_last", "再上月": "before_last", "大上个月": "before_last",
}  # fmt: skip


def _month(match: re.Match[str]) -> str | None:
    if match.group() in _MONTHS:
        return _MONTHS[match.group()]
    value = parse_number(match["n"])
    return str(int(value)) if value is not None and value == int(value) and 1 <= value <= 12 else None


def _amount(match: re.Match[str]) -> str | None:
    value = parse_number(match["n"])
    if value is None:
        return None
    if match["unit"] in ("毛", "角"):
        value = value / 10
    elif match["unit"] == "分钱":
        value = value / 100
    rest = match["rest"]
    if rest:
        value += (parse_number(rest) or Decimal(0)) / 10
    return f"{value.normalize():f}"


_PATTERNS = (
    _Pattern(
        "phone_number",
        re.compile(r"(?<!\d)(?:\+?86[- ]?)?(?P<n>1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)"),
        lambda m: re.sub(r"\D", "", m["n"]),
    ),
    _Pattern("code", re.compile(r"(?<!\d)(?<!\d\.)(?P<n>\d{3} ?\d{3})(?!\.?\d|[元块gm个分兆])"), lambda m: m["n"].replace(" ", "")),
    _Pattern(
        "system",
        re.compile(
            r"(?:ios|安卓|android|harmony ?os(?: next)?|鸿蒙(?:系统)?|emui|miui|hyper ?os|澎湃(?:os)?|color ?os|origin ?os|"
            r"funtouch(?: ?os)?|magic ?(?:os|ui)|one ?ui|realme ?ui|flyme|氢os|hydrogen ?os)(?: ?(?P<v>\d+(?:\.\d+)?))?"
        ),
        lambda m: re.sub(r"\s+", "", m.group()),
    ),
    _Pattern(
        "data_volume",
        re.compile(rf"(?P<n>{NUMBER}) ?(?:个)?(?P<unit>gb|g|千兆|吉|mb|m|兆)(?![a-z]|网|信号|手机|卡|套餐(?!外)|\d)"),
        lambda m: _volume(m),
    ),
    _Pattern("minutes", re.compile(rf"(?P<n>{NUMBER}) ?(?:分钟|分钟的?通话)"), _number),
    _Pattern(
        "amount",
        re.compile(rf"(?P<n>{NUMBER}) ?(?P<unit>元|块钱|块|圆|rmb|毛|角|分钱)(?P<rest>[一二三四五六七八九\d](?![\d十百个g]))?"),
        _amount,
    ),
    _Pattern(
        "month",
        re.compile(r"上上个?月|再上个?月|大上个月|上个?月|前一?个月|这个?月|本月|当月|(?<!\d)(?P<n>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?:份)?"),
        _month,
    ),
    _Pattern("number", re.compile(r"(?<![\da-z])(?<!\d\.)(?!(?<![^\s,。!?~哈拜])(?:886|3166|666+|233+)(?!\d|[.元块兆gm]))(?:\d{1,18}(?:\.\d{1,4})?|(?<![十百])[一二两三四五六七八九]?[十百][一二三四五六七八九十]{0,8})(?!\.?\d|个?[gm兆])"), lambda m: _plain(m.group())),
)  # fmt: skip


def _plain(text: str) -> str | None:
    value = parse_number(text)
    return None if value is None else f"{value.normalize():f}"


def _volume(match: re.Match[str]) -> str | None:
    if match["n"] in ("2", "3", "4", "5", "二", "三", "四", "五") and match["unit"] == "g":
        # 4G and 5G are networks unless the sentence says otherwise (两个G, 5个g的流量)
        rest = match.string[match.end() :]
        counted = "个" in match.group() or re.match(r"b?\s?的?(?:流量|包|数据|够|不够|左右|多)", rest)
        if not counted:
            return None
    value = parse_number(match["n"])
    if value is None:
        return None
    factor = 1024 if match["unit"] in ("gb", "g", "千兆", "吉") else 1
    return str(int(value * factor))


class EntityRules:
    """Finds entities in normalised text. Longest match first; names before patterns; no overlaps.

    `names` maps an entity type to written form → value; forms must be normalised. Spaces, hyphens and underlines inside
    a name do not matter ("mate 60 pro" is "mate60pro").
    """

    def __init__(self, names: Mapping[str, Mapping[str, str]]) -> None:
        self._values: dict[str, tuple[str, str]] = {}
        for entity_type in reversed(NAME_TYPES):  # the first of NAME_TYPES wins where a form has two meanings
            for form, value in names.get(entity_type, {}).items():
                self._values[_key(form)] = (entity_type, value)
        lengths: dict[str, set[int]] = {}
        for form in self._values:
            lengths.setdefault(form[0], set()).add(len(form))
        self._lengths = {first: sorted(known, reverse=True) for first, known in lengths.items()}

    def find(self, text: str) -> Sequence[Entity]:
        patterned = list(_patterned(text))
        months = [entity for entity in patterned if entity.type == "month"]
        # "上个月账单" asks for last month; it does not speak of a "月账单"
        named = [entity for entity in self._named(text) if not any(_cuts(entity, month) for month in months)]
        candidates = sorted(
            [*named, *patterned], key=lambda e: (e.end - e.start, e.type in NAME_TYPES, -e.start), reverse=True
        )
        chosen: list[Entity] = []
        taken = bytearray(len(text))
        for candidate in candidates:
            if not any(taken[candidate.start : candidate.end]):
                chosen.append(candidate)
                taken[candidate.start : candidate.end] = b"\1" * (candidate.end - candidate.start)
        return sorted(chosen, key=lambda e: e.start)

    def _named(self, text: str) -> Iterable[Entity]:
        kept = [index for index, character in enumerate(text) if not _SEPARATOR.match(character)]
        dense = "".join(text[index] for index in kept)
        for start, first in enumerate(dense):
            for length in self._lengths.get(first, ()):
                found = self._values.get(dense[start : start + length])  # shorter at the end, but then of no known form
                if (
                    found
                    and start + length <= len(dense)
                    and _whole_word(text, kept[start], kept[start + length - 1] + 1)
                ):
                    yield Entity(*found, kept[start], kept[start + length - 1] + 1)
                    break


def _cuts(name: Entity, month: Entity) -> bool:
    """Whether a name begins inside a month and ends outside of it."""
    return month.start < name.start < month.end < name.end


_SEPARATOR = re.compile(r"[\s\-_]")


def _key(form: str) -> str:
    return _SEPARATOR.sub("", form.lower())


def _whole_word(text: str, start: int, end: int) -> bool:
    """Whether a name ends where a word or number ends: "mate6" is not in "mate60", nor "mi" in "miui"."""
    return not (_continues(text[start - 1 : start], text[start]) or _continues(text[end - 1], text[end : end + 1]))


def _continues(left: str, right: str) -> bool:
    return bool(
        left
        and right
        and (
            (left.isdigit() and right.isdigit())
            or (left.isalpha() and left.isascii() and right.isalpha() and right.isascii())
        )
    )


def _patterned(text: str) -> Iterable[Entity]:
    for pattern in _PATTERNS:
        for match in pattern.expression.finditer(text):
            value = pattern.value(match)
            if value is not None:
                yield Entity(pattern.type, value, match.start(), match.end())
