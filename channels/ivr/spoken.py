"""Written Chinese as it is said on the phone: no digit and no sign is left that a voice might misread.

Money is said as people say it, 三十六块四毛二: shorter than 三十六元四角二分, and 块 and 毛 sound like nothing else on a bad
line, where 元 and 角 do. Only the 分 after a 毛 is left away; 零五分 keeps it. Numbers that are dialled are said digit by
digit with 幺 for 1, which on the phone sounds too much like 七.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

_DIGITS = "零一二三四五六七八九"
_DIALLED = "零幺二三四五六七八九"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_COUNTED = "个|位|条|次|天|分钟|分|小时|张|款|样|件|倍|年|项|种|台|部|遍|秒|周|块|站|人|家|户|笔|档|期|格|毛"
_CJK = r"[\u3400-\u9fff]"
_LATIN = "[A-Za-z]"


# ------------------------------------------------------------------------------------------------------------- numbers


def whole(number: int) -> str:
    """`12` 十二, `110` 一百一十, `2000` 两千; up to 16 digits, more of them one by one."""
    if number < 0:
        return "负" + whole(-number)
    if number >= 10**16:
        return digits(str(number))
    if number == 0:
        return "零"
    parts: list[str] = []
    for exponent, unit in ((12, "万亿"), (8, "亿"), (4, "万"), (0, "")):
        section, number = divmod(number, 10**exponent)
        if section:
            gap = parts and section < 1000
            said = "两" if section == 2 and unit else _section(section, inside=bool(parts))
            parts.append(("零" if gap else "") + said + unit)
    return "".join(parts)


def _section(section: int, inside: bool) -> str:
    """Below ten thousand. inside: something stands before it, so that 10 is 一十."""
    said, gap = "", False
    for value, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, section = divmod(section, value)
        if not digit:
            gap = bool(said)
            continue
        name = "两" if digit == 2 and value >= 100 else _DIGITS[digit]
        if digit == 1 and value == 10 and not said and not inside:
            name = ""
        said += ("零" if gap else "") + name + unit
        gap = False
    return said


def counted(number: Decimal) -> str:
    """Before a measure word, where 2 is 两."""
    return "两" if number == 2 else plain(number)


def plain(number: Decimal) -> str:
    """`16.3` 十六点三."""
    sign = "负" if number < 0 else ""
    before, _, after = f"{abs(number):f}".partition(".")
    return sign + whole(int(before)) + (f"点{''.join(_DIGITS[int(d)] for d in after)}" if after else "")


def digits(number: str) -> str:
    """One by one, as dialled: `10036` 幺零零三六."""
    return "".join(_DIALLED[int(digit)] for digit in number)


def phone(number: str) -> str:
    """In groups: 幺三八、零零一三、八零零零."""
    return "、".join(digits(part) for part in (number[:3], number[3:7], number[7:]) if part)


def money(yuan: Decimal) -> str:
    """`36.42` 三十六块四毛二, `36.05` 三十六块零五分, `0.15` 一毛五, `-20` 减二十块; finer than 厘 as a decimal."""
    if yuan < 0:
        return "减" + money(-yuan)
    li = yuan * 1000
    if li != int(li):
        return plain(yuan.normalize()) + "元"
    block, rest = divmod(int(li), 1000)
    mao, fen, last = rest // 100, rest // 10 % 10, rest % 10
    if not block and not rest:
        return "零元"
    said = f"{counted(Decimal(block))}块" if block else ""
    if mao:
        said += f"{counted(Decimal(mao))}毛"
    if fen or last:
        said += _small(fen, last, bool(block), bool(mao))
    return said


def _small(fen: int, last: int, after_block: bool, after_mao: bool) -> str:
    gap = "零" if after_block and not after_mao else ""
    if not last:
        if after_mao:
            return _DIGITS[fen]
        return gap + (_DIGITS[fen] if gap else counted(Decimal(fen))) + "分"
    if not fen:
        return ("零" if after_block or after_mao else "") + f"{_DIGITS[last]}厘"
    return gap + f"{_DIGITS[fen]}分{_DIGITS[last]}厘"


def day(year: int | None, month: int, day_of_month: int | None, today: date) -> str:
    """`11月22日` 十一月二十二号; the year only where it is not this one, for a contract's end without it would mislead."""
    said = f"{''.join(_DIGITS[int(d)] for d in str(year))}年" if year is not None and year != today.year else ""
    said += f"{plain(Decimal(month))}月"
    return said + (f"{plain(Decimal(day_of_month))}号" if day_of_month is not None else "")


def clock(hour: int, minute: int) -> str:
    """`14:05` 下午两点零五分, `9:00` 上午九点."""
    part = next(
        name
        for end, name in ((5, "凌晨"), (8, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (25, "晚上"))
        if hour < end
    )
    shown = hour - 12 if hour > 12 else hour
    said = f"{part}{counted(Decimal(shown))}点"
    if not minute:
        return said
    return f"{said}{'零' if minute < 10 else ''}{plain(Decimal(minute))}分"


# --------------------------------------------------------------------------------------------------------------- texts

_PER = {"GB": "个G", "MB": "兆", "个月": "个月"}
_VOLUMES = {"TB": "个T", "GB": "个G", "G": "个G", "MB": "兆", "M": "兆", "KB": "K"}
_SPEEDS = {"mbps": "兆", "kbps": "K", "gbps": "个G"}

Say = Callable[[re.Match[str]], str]


def _value(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _money(match: re.Match[str]) -> str:
    amount = money(_value(match["n"]))
    if match["sign"] == "+":
        return "加" + amount
    return ("减" if match["sign"] else "") + amount


def _price(match: re.Match[str]) -> str:
    unit = match["unit"]
    return f"每{_PER.get(unit, unit)}{money(_value(match['n']))}"


def _compared(match: re.Match[str]) -> str:
    return f"{match['per']}{'便宜' if match['word'] == '少' else '贵'}{money(_value(match['n']))}"


def _volume(match: re.Match[str]) -> str:
    return counted(_value(match["n"])) + _VOLUMES[match["unit"]]


def _clock(match: re.Match[str]) -> str:
    hour, minute = int(match["h"]), int(match["m"])
    return clock(hour, minute) if hour < 24 and minute < 60 else f"{whole(hour)}比{whole(minute)}"


def _rules(today: date) -> Sequence[tuple[str, Say]]:
    """What is said for each way of writing, the narrower ways first: what is said holds no digits any more."""

    def written_day(match: re.Match[str]) -> str:
        parts = match.groupdict()
        year, in_month = parts.get("y"), parts.get("d")
        month = int(parts["mo"])
        if not 1 <= month <= 12 or (in_month and not 1 <= int(in_month) <= 31):
            return digits("".join(re.findall(r"\d", match[0])))
        return day(int(year) if year else None, month, int(in_month) if in_month else None, today)

    n = f"(?P<n>{_NUMBER})"
    return (
        (r"(?:(?<=。)|^)(?P<n>\d{1,2})\.\s+", lambda m: f"第{whole(int(m['n']))}，"),
        (r"(?<!\d)(?P<a>\d{3})\*{4}(?P<b>\d{4})(?!\d)", lambda m: f"{digits(m['a'])}开头、尾号{digits(m['b'])}的号码"),
        (rf"(?<={_CJK})\*+", lambda m: "某"),
        (r"(?<!\d)1[3-9]\d{9}(?!\d)", lambda m: phone(m[0])),
        (r"(?<!\d)\d{6}-\d{3,}(?!\d)", lambda m: "、".join(map(digits, m[0].split("-")))),
        (r"(?<!\d)(?P<y>\d{4})[-/.](?P<mo>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)", written_day),
        (r"(?<!\d)(?P<y>\d{4})\s?年\s?(?P<mo>\d{1,2})\s?月(?:\s?(?P<d>\d{1,2})\s?[日号])?", written_day),
        (r"(?<!\d)(?P<mo>\d{1,2})月(?:\s?(?P<d>\d{1,2})\s?[日号])?", written_day),
        (r"(?<!\d)(?P<d>\d{1,2})[日号](?!码)", lambda m: f"{whole(int(m['d']))}号"),
        (r"(?<!\d)(?P<y>\d{4})\s?年(?!前|后|以)", lambda m: "".join(_DIGITS[int(d)] for d in m["y"]) + "年"),
        (r"(?<!\d)(?P<h>\d{1,2}):(?P<m>\d{2})(?::\d{2})?(?!\d)", _clock),
        (rf"{n}\s*元\s*/\s*(?P<unit>GB|MB|分钟|条|个月|月|天|次|年)", _price),
        (rf"(?P<per>每月)(?P<word>[少多])\s*{n}\s*元", _compared),
        (rf"{n}\s*元(?=\s*(?:档|套餐))", lambda m: plain(_value(m["n"])) + "元"),
        (rf"(?P<sign>[+−-])?\s*{n}\s*元", _money),
        (rf"{n}\s*(?P<unit>[MKGmkg]bps)", lambda m: f"每秒{counted(_value(m['n']))}{_SPEEDS[m['unit'].lower()]}"),
        (r"(?<![\d.])(?P<n>[2-6])G(?!B)(?![a-z])", lambda m: f"{whole(int(m['n']))}G"),
        (rf"{n}\s*(?P<unit>TB|GB|MB|KB|G|M)(?!{_LATIN})", _volume),
        (rf"{n}\s*[%％]", lambda m: f"百分之{plain(_value(m['n']))}"),
        (rf"(?<!\d)(?:100\d\d|12\d{{3}}|95\d{{3}})(?!\d|\.\d|\s*(?:{_COUNTED}))", lambda m: digits(m[0])),
        (r"第\s*(?P<n>\d{1,9})(?!\d)", lambda m: f"第{whole(int(m['n']))}"),
        (rf"(?P<sign>[−-])?(?<!\d){n}\s*(?=(?:{_COUNTED}))", lambda m: ("减" if m["sign"] else "") + counted(_value(m["n"]))),
        (r"(?<![\d.])(?:0\d+|\d{7,})(?![\d.])", lambda m: digits(m[0])),
        (rf"(?<![\w.])[−-]{n}", lambda m: "负" + plain(_value(m["n"]))),
        (n, lambda m: plain(_value(m["n"]))),
    )  # fmt: skip


_SIGNS = (
    (r"[“”\"'‘’「」『』《》【】\[\]{}]", ""),
    (r"\s*[›>→]\s*", "，再点"),
    (r"[↑]", "多"),
    (r"[↓]", "少"),
    (r"\s*×\s*", "乘以"),
    (r"\s*=\s*", "等于"),
    (r"\s*[+＋]\s*", "加"),
    (r"\s*[&]\s*", "和"),
    (r"[≈~～](?=[负零一两二三四五六七八九十])", "约"),
    (rf"(?<={_LATIN})[-–](?={_LATIN})", " "),
    (rf"(?<={_CJK})\s*[-–—~～]+\s*(?={_CJK})", "到"),
    (r"\s*/\s*", "、"),
    (r"#", "井号"),
    (r"\*", "星号"),
    (r"[()：:…—]", "，"),
    (r"[,]", "，"),
    (r"[;；!！\n。]", "。"),
    (r"[?]", "？"),
    (rf"[^{_CJK[1:-1]}A-Za-z，。？、 ]", " "),
)
_TIDY = (
    (r"\s*([，。？、])\s*", r"\1"),
    (rf"(?<={_CJK})\s+(?={_CJK})", ""),
    (rf"(?<={_CJK})\s*(?={_LATIN})|(?<={_LATIN})\s*(?={_CJK})", " "),
    (r" +", " "),
    (r"[，、]*。[，、。]*", "。"),
    (r"[，、]*？[，、。？]*", "？"),
    (r"[，、]{2,}", "，"),
    (r"^[\s，。？、]+|[\s，、]+$", ""),
)  # fmt: skip


def spoken(text: str, today: date) -> str:
    """A written text as it is said: Chinese characters, Latin letters, and 。？，、 only. Said once more it stays the same."""
    said = unicodedata.normalize("NFKC", text.replace("…", "，")).replace("·", " ")
    said = re.sub(r"\s*\n\s*", "。", said.strip())
    for pattern, say in _rules(today):
        said = re.sub(pattern, say, said)
    for pattern, instead in (*_SIGNS, *_TIDY):
        said = re.sub(pattern, instead, said)
    return said


def sentences(text: str, today: date) -> list[str]:
    """The same, sentence by sentence, each with its mark at the end."""
    said = re.findall(r"[^。？]+[。？]?", spoken(text, today))
    return [sentence if sentence[-1] in "。？" else f"{sentence}。" for sentence in said]
