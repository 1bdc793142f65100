"""Numbers as people and gateways write them, in one form."""

from __future__ import annotations

import re

_MOBILE = re.compile(r"1[3-9]\d{9}")
_CHINA = re.compile(r"(?:\+|00)?86(1[3-9]\d{9})")
_ANY = re.compile(r"(?:\+|00)?(\d{2,20})")
_NAME = re.compile(r"[A-Za-z0-9 ._-]{1,20}")


def normal(number: str) -> str | None:
    """A mainland mobile number as its 11 digits, another number as its digits, a service's name as it is; None for what
    can be none of them."""
    bare = re.sub(r"[ \-]", "", number)
    if known := _CHINA.fullmatch(bare):
        return known[1]
    if known := _ANY.fullmatch(bare):
        return known[1] if bare.isascii() else None
    return number if _NAME.fullmatch(number) and number.strip() == number else None


def is_mobile(number: str) -> bool:
    """Whether a number in normal form is a mainland mobile number."""
    return _MOBILE.fullmatch(number) is not None


def international(number: str) -> str:
    """A number in normal form with its country, without plus: 8613800138000."""
    return f"86{number}" if is_mobile(number) else number
