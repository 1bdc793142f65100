"""Chinese and Arabic numbers as people write them: 五十九, 两百, 一百二, 1千5, 半, 3.5."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3, "幺": 1}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}

_WRITTEN = "零〇一二两俩仨三四五六七八九十百千万"

NUMBER = rf"(?:(?<!\d)(?<!\d\.)\d{{1,9}}(?:\.\d{{1,4}})?(?:[百千万]\d?)?|(?<![{_WRITTEN}])[{_WRITTEN}]{{1,12}}(?:点[零〇一二三四五六七八九]{{1,4}})?|半)"
"""Regular expression of one number, of a length that people say: an endless row of digits is none, and costs no time."""

_LONGEST = 18
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_WITH_UNIT = re.compile(r"(\d+\.\d+)([百千万])")


def parse_number(text: str) -> Decimal | None:
    """The value, or None where the text is no number. `一百二` is 120, `二点五` 2.5, `五九` 59, `1千5` 1500, `1.2万` 12000."""
    if not 0 < len(text) <= _LONGEST:
        return None
    if text == "半":
        return Decimal("0.5")
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if match := _WITH_UNIT.fullmatch(text):
        return Decimal(match[1]) * UNITS[match[2]]
    whole, _, fraction = text.partition("点")
    value = _whole(whole)
    if value is None or not fraction:
        return value
    digits = [DIGITS.get(c) for c in fraction]
    if None in digits:
        return None
    return value + Decimal("0." + "".join(str(d) for d in digits))


def _whole(text: str) -> Decimal | None:
    if text and all(c in DIGITS for c in text):
        return Decimal("".join(str(DIGITS[c]) for c in text))
    total, section, number, last_unit = 0, 0, "", 1
    for character in text:
        if character.isdigit():
            number += character
        elif character in DIGITS:
            number += str(DIGITS[character])
            if DIGITS[character] == 0:
                last_unit = 1
                number = ""
        elif character in UNITS:
            unit = UNITS[character]
            if unit == 10_000:
                total = (total + section + int(number or 0)) * unit
                section, number = 0, ""
            else:
                section += int(number or 1) * unit
                number = ""
            last_unit = unit
        else:
            return None
    if number:
        # 一百二 means 120, 一百零二 means 102
        section += int(number) * (last_unit // 10 if len(number) == 1 and last_unit >= 100 else 1)
    return Decimal(total + section)
