"""A number at which somebody can be called back, out of what he typed: blanks, dashes, +86, written digits, a landline.

Numbering plan: mobile numbers have 11 digits, the first 1, the second 3 to 9; an area code is 010, 02x, or 0 with three digits
from 3 on, before a local number of 8 or 7 digits (工信部, 电信网编号计划).
"""

from __future__ import annotations

import re

from botkit.nlu.normalise import normalise
from botkit.nlu.numerals import DIGITS

_WRITTEN = {sign: str(digit) for sign, digit in DIGITS.items() if sign not in "俩仨"}
_WRITTEN_RUN = re.compile(rf"[\d{''.join(_WRITTEN)}](?:[\s.,、·-]*[\d{''.join(_WRITTEN)}]){{4,}}")
_BETWEEN = re.compile(r"(?<=[\d)])[\s()./·_-]+(?=[\d(])|\((?=\d)|(?<=\d)\)")
_COUNTRY = r"(?:\+?86|0086)?"
_MOBILE = re.compile(rf"(?<!\d){_COUNTRY}0?(1[3-9]\d{{9}})(?!\d)")
_LANDLINE = re.compile(
    rf"(?<!\d)(?:{_COUNTRY}(0(?:10|2\d)\d{{8}}|0[3-9]\d{{9,10}})|(?:\+?86|0086)((?:10|2\d)\d{{8}}|[3-9]\d{{9,10}}))"
    r"(?:\s*(?:转|分机)\D{0,3}(\d{1,6}))?(?!\d)"
)
_DIGIT_RUN = re.compile(r"\d+")

ATTEMPT = 5
"""From so many digits in a row on, somebody has tried to give a number."""


def number_in(text: str) -> str | None:
    """`13800138000`, `075512345678`, or `075512345678-801` with an extension; None where there is no such number."""
    written = _in_digits(text)
    for joined in (_BETWEEN.sub("", written), written.replace("-", "")):  # two numbers side by side are not one
        if found := _MOBILE.search(joined):
            return found[1]
        if found := _LANDLINE.search(joined):
            number = found[1] or f"0{found[2]}"
            return f"{number}-{found[3]}" if found[3] else number
    return None


def tries_a_number(text: str) -> bool:
    """Whether it was meant to be a number, right or wrong."""
    return any(len(run) >= ATTEMPT for run in _DIGIT_RUN.findall(_BETWEEN.sub("", _in_digits(text))))


def _in_digits(text: str) -> str:
    """In the normal form, with runs of digits that are written as signs (`幺三八…`) as figures."""
    return _WRITTEN_RUN.sub(_as_figures, normalise(text).text)


def _as_figures(run: re.Match[str]) -> str:
    """幺三八、零零… is one number; figures with a comma between stay two."""
    if _WRITTEN.keys().isdisjoint(run[0]):
        return run[0]
    return "".join(_WRITTEN.get(sign, sign) for sign in run[0] if sign not in ",、")
