"""Signs of anger in a message: words, and the way it is written. For agents, who see them marked on the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SIGNS: tuple[tuple[str, float, str], ...] = (
    ("threat", 0.9, r"工信部|12300|12315|消协|曝光|媒体|记者|起诉|律师|法院|投诉你们|举报"),
    ("abuse", 0.9, r"骗子|骗钱|坑人|太坑|黑心|流氓|抢钱|垃圾|恶心|忽悠|不要脸|有病|傻|妈的|他妈|滚"),
    ("anger", 0.7, r"气死|受够|忍不了|没完没了|莫名其妙|凭什么|凭啥|乱扣|乱收费|霸王|离谱|无语|太过分|什么玩意|搞什么"),
    ("leaving", 0.6, r"退网|销号|销户|携号转网|换(?:别的)?运营商"),
    (
        "again",
        0.5,
        r"(?:说|问|讲|打|投诉)(?:了|过)?[^,。，]{0,4}(?:多少|好几|[三四五六七八九十几]|N|n)(?:遍|次|回)|又来了|还是不行|没人管",
    ),
    ("deaf", 0.6, r"听不懂|答非所问|牛头不对马嘴|人工智障|废话|别跟我|敷衍|没用"),
    ("form", 0.3, r"[!！]{2,}|[?？]{2,}|。{4,}|😡|🤬|💢"),
)
_PATTERNS = tuple((reason, weight, re.compile(pattern)) for reason, weight, pattern in _SIGNS)


@dataclass(frozen=True)
class Mood:
    """score: 0 calm to 1. spans: where the signs stand, as (start, end) in the text. reasons: their kinds, strongest first."""

    score: float
    spans: Sequence[tuple[int, int]] = ()
    reasons: Sequence[str] = ()


def mood_of(text: str) -> Mood:
    """Each kind of sign counts once; together they come near to 1, never above."""
    calm, spans, reasons = 1.0, [], []
    for reason, weight, pattern in _PATTERNS:
        found = [match.span() for match in pattern.finditer(text)]
        if found:
            calm *= 1 - weight
            spans += found
            reasons.append(reason)
    return Mood(round(1 - calm, 2), tuple(sorted(spans)), tuple(reasons))
