"""Delivery receipts: SMPP 3.4, appendix B, and 5.3.2.12 and 5.3.2.35 for those in parameters of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from channels.sms.smpp.pdus import Delivered

TYPE, RECEIPT, INTERMEDIATE = 0x3C, 0x04, 0x20
"""Bits of esm_class."""

_ID = re.compile(r"\bid:\s*([!-~]{1,64})", re.IGNORECASE)
_STATE = re.compile(r"\bstat:\s*([A-Z]{5,7})", re.IGNORECASE)
_STATES = {2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 8: "REJECTD"}
_FAILED = {"EXPIRED": "expired", "DELETED": "refused", "UNDELIV": "refused", "REJECTD": "refused"}


class Told(NamedTuple):
    """ids: how the centre may have named the message when it took it, the likeliest first. arrived: None while it is
    under way. problem: as in `Undeliverable`."""

    ids: Sequence[str]
    arrived: bool | None
    problem: str


def is_receipt(message: Delivered) -> bool:
    return message.esm_class & TYPE in (RECEIPT, INTERMEDIATE)


def receipt(message: Delivered) -> Told | None:
    """What a receipt tells; None where it names no message."""
    text = message.payload.decode("latin-1")
    named = _ID.search(text)
    found = message.receipted_id or (named[1] if named else "")
    if not found:
        return None
    state = _STATES.get(message.state or 0, "")
    if not state and (stated := _STATE.search(text)):
        state = stated[1].upper()
    if state == "DELIVRD":
        return Told(_spellings(found), True, "")
    return Told(_spellings(found), False if state in _FAILED else None, _FAILED.get(state, ""))


def _spellings(found: str) -> Sequence[str]:
    """Many centres name a message in hexadecimal when they take it and in decimal, with zeros before it, in the receipt,
    or the other way round."""
    spellings = [found, found.lower(), found.upper(), found.lstrip("0")]
    if found.isascii() and found.isdigit():
        spellings += [f"{int(found):x}", f"{int(found):X}", f"{int(found):08x}", f"{int(found):08X}"]
    if re.fullmatch(r"[0-9A-Fa-f]{1,16}", found):
        spellings += [str(int(found, 16)), f"{int(found, 16):010}"]
    return list(dict.fromkeys(spelling for spelling in spellings if spelling))
