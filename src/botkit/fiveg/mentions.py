"""Tells a phone's name in a sentence from what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from botkit.fiveg.names import Piece

_OTHER_EDITION = re.compile(r"(?!标准|普通|国行|公开|移动|联通|电信|全网)[\u4e00-\u9fff]{2,3}版(?!本)")
_SUFFIXES = frozenset(("pro", "plus", "max", "ultra", "mini", "5g", "4g"))
_MEASURES = frozenset("元块分毛月号天日年个条点岁兆次位折期楼") | {"g", "gb", "m", "mb"}
_FILLERS = frozenset("手机的是牌子型号系列款用")


def brand_beside(pieces: Sequence[Piece], start: int) -> str | None:
    """The brand named directly before, at most across 的/手机/型号是…, not across a comma."""
    for position in range(start, max(start - 5, 0), -1):
        if pieces[position].before.strip(" -_/·"):
            return None
        previous = pieces[position - 1]
        if previous.brand_id:
            return previous.brand_id
        if previous.text not in _FILLERS:
            return None
    return None


def is_no_name(pieces: Sequence[Piece], start: int, end: int) -> bool:
    """Whether this is a number and its measure (13 元, 14 号), or 5G as such (红魔 5G 怎么开), not a phone."""
    if end - start > 1 or end == len(pieces):
        return False
    return pieces[start].text in ("5g", "4g") or (pieces[start].is_number and pieces[end].text in _MEASURES)


def names_edition(pieces: Sequence[Piece], start: int) -> bool:
    """Whether an edition is named here that makes it another phone: 国际版 and 青春版 do, 标准版 does not."""
    return bool(_OTHER_EDITION.match("".join(piece.text for piece in pieces[start : start + 5])))


def says_enough(core: Sequence[str]) -> bool:
    """Whether a name means a phone even where no brand is named: ``mate 60`` does, ``14`` and ``10s`` do not."""
    if not all(piece.isascii() for piece in core):
        return True
    letters = [piece for piece in core if piece.isalpha()]
    has_number = any(piece.isdigit() for piece in core)
    if has_number and core[0].isdigit():
        return any(len(piece) > 1 for piece in letters)
    if has_number:
        return len("".join(core)) >= 3
    return len(core) >= 2 and not _SUFFIXES.issuperset(core) and len("".join(core)) >= 5
