"""PDUs as bytes and back, by smpplib. What does not hold to the specification is `Malformed`, and nothing else.

SMPP 3.4, Issue 1.2: header 3.2, deliver_sm 4.6, statuses 5.1.3.
"""

from __future__ import annotations

import logging
import struct
from dataclasses import dataclass
from typing import Any, NamedTuple

from smpplib import command as commands
from smpplib import consts
from smpplib.command_codes import commands as command_ids

HEADER = struct.Struct(">IIII")
LARGEST = 70_000
"""Bytes: a message_payload may hold 64 K."""

NAMES = {code: name for name, code in command_ids.items()}

OK: int = consts.SMPP_ESME_ROK
UNKNOWN_COMMAND: int = consts.SMPP_ESME_RINVCMDID
INVALID_LENGTH: int = consts.SMPP_ESME_RINVCMDLEN
NOT_NOW: int = consts.SMPP_ESME_RX_T_APPN
REJECTED: int = consts.SMPP_ESME_RX_R_APPN

logging.getLogger("smpplib").setLevel(logging.ERROR)  # it warns of each parameter that it does not know


class Malformed(ValueError):
    """Not a PDU of SMPP 3.4. The message is for the log."""


class Head(NamedTuple):
    length: int
    command: int
    status: int
    sequence: int

    @property
    def name(self) -> str:
        return str(NAMES.get(self.command, ""))


@dataclass(frozen=True)
class Delivered:
    """What a deliver_sm says. `payload`: the text's octets, of short_message or message_payload. receipted: its id and
    state, where it is a receipt that names them in parameters of their own. joined: (reference, total, number) where the
    parts are numbered in parameters instead of a header. marked: the centre's own mark of the message, if it gave one."""

    source: str
    destination: str
    esm_class: int
    coding: int
    payload: bytes
    receipted_id: str
    state: int | None
    joined: tuple[int, int, int] | None
    marked: str


def head(octets: bytes) -> Head:
    """Raises Malformed for a length that none can have: where the next PDU begins is then unknown."""
    found = Head(*HEADER.unpack(octets))
    if not HEADER.size <= found.length <= LARGEST:
        raise Malformed(f"length {found.length}")
    return found


def request(name: str, sequence: int, **fields: Any) -> bytes:
    pdu = commands.factory(name, need_sequence=False, **fields)
    pdu.sequence = sequence
    return bytes(pdu.generate())


def response(name: str, sequence: int, status: int = OK) -> bytes:
    """A response without a body, save the empty message_id that deliver_sm_resp has."""
    if name == "deliver_sm_resp":
        return HEADER.pack(17, command_ids[name], status, sequence) + b"\0"
    return HEADER.pack(16, command_ids[name], status, sequence)


def message_id(octets: bytes) -> str:
    """Of a submit_sm_resp. Raises Malformed."""
    body = octets[HEADER.size :]
    if not body.endswith(b"\0") or not 1 < len(body) <= 65 or not body[:-1].isascii():
        raise Malformed("message_id")
    return body[:-1].decode()


def delivered(octets: bytes) -> Delivered:
    """Of a deliver_sm. Raises Malformed."""
    pdu = commands.factory("deliver_sm", need_sequence=False, allow_unknown_opt_params=True)
    try:
        pdu.parse(octets)
        _check_layout(pdu, octets[HEADER.size :])
        joined = (pdu.sar_msg_ref_num, pdu.sar_total_segments, pdu.sar_segment_seqnum)
        return Delivered(
            _address(pdu.source_addr),
            _address(pdu.destination_addr),
            pdu.esm_class,
            pdu.data_coding,
            pdu.short_message or pdu.message_payload or b"",
            (pdu.receipted_message_id or b"").decode("ascii"),
            pdu.message_state,
            joined if None not in joined else None,
            str(pdu.user_message_reference or ""),
        )
    except Malformed:
        raise
    except Exception as error:  # smpplib raises whatever comes of reading beyond the end
        raise Malformed(f"{type(error).__name__} in deliver_sm") from error


def _check_layout(pdu: Any, body: bytes) -> None:
    """smpplib reads on where a string has no end, and takes what there is where octets are missing."""
    strings = (pdu.service_type, pdu.source_addr, pdu.destination_addr, pdu.schedule_delivery_time, pdu.validity_period)
    if any(string is None for string in strings) or pdu.sm_length is None or pdu.short_message is None:
        raise Malformed("deliver_sm too short")
    end = sum(len(string) + 1 for string in strings) + 12 + pdu.sm_length
    if end > len(body) or body[end - pdu.sm_length : end] != pdu.short_message or any(b"\0" in s for s in strings):
        raise Malformed("deliver_sm does not hold together")
    if pdu.sm_length > 254 or any(len(string) > 20 for string in strings[:3]):
        raise Malformed("a field of deliver_sm is too long")


def _address(octets: bytes) -> str:
    return octets.decode("ascii")
