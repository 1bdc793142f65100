"""Octets of a message and the text they stand for (SMPP 3.4, 5.2.19; 3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

from typing import NamedTuple

from smpplib.consts import SMPP_ENCODING_ISO10646

UCS2 = SMPP_ENCODING_ISO10646
UDH = 0x40
"""The bit of esm_class that says that a header stands before the text."""

_GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_MORE = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_CODECS = {1: "ascii", 3: "latin-1", UCS2: "utf-16-be", 15: "gb18030"}  # 15: what centres in China use for GBK


class Part(NamedTuple):
    """Of a message in several: which message of this sender, of how many parts, which of them."""

    reference: int
    total: int
    number: int


def read(octets: bytes, coding: int) -> str | None:
    """The text; None where it is none (binary data, an unknown coding, half a character)."""
    if coding == 0:
        return _gsm(octets)
    codec = _CODECS.get(coding)
    if codec is None or (coding == UCS2 and len(octets) % 2):
        return None
    return octets.decode(codec, "replace")


def ucs2(text: str) -> bytes:
    return text.encode("utf-16-be")


def header(reference: int, total: int, number: int) -> bytes:
    """What stands before one of several parts: 8-bit reference (23.040, 9.2.3.24.1)."""
    return bytes((5, 0, 3, reference & 0xFF, total, number))


def without_header(octets: bytes) -> tuple[Part | None, bytes] | None:
    """What the header says of parts, and the text after it; None where the header is broken."""
    if not octets or octets[0] >= len(octets):
        return None
    elements, text = octets[1 : octets[0] + 1], octets[octets[0] + 1 :]
    part = None
    while elements:
        if len(elements) < 2 or len(elements) < 2 + elements[1]:
            return None
        kind, data = elements[0], elements[2 : 2 + elements[1]]
        elements = elements[2 + elements[1] :]
        if kind == 0 and len(data) == 3:
            part = Part(*data)
        elif kind == 8 and len(data) == 4:
            part = Part(data[0] << 8 | data[1], data[2], data[3])
    return part, text


def _gsm(octets: bytes) -> str:
    """The default alphabet, one octet for each character."""
    text, escaped = [], False
    for octet in octets:
        if escaped:
            text.append(_GSM_MORE.get(octet, " "))
            escaped = False
        elif octet == 0x1B:
            escaped = True
        else:
            text.append(_GSM[octet] if octet < 128 else "\ufffd")
    return "".join(text)
