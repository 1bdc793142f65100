"""A message centre: speaks binary SMPP 3.4 on a socket, checks every PDU that it gets, and does what it is told.

Written from the specification (Issue 1.2, 12-Oct-1999), with nothing of the client's library. A program of its own:
commands come as lines of JSON on standard input, what happens goes out as lines of JSON on standard output.
"""

from __future__ import annotations

import asyncio
import json
import re
import struct
import sys
from dataclasses import dataclass, field
from typing import Any

BIND, BIND_RESP = 0x00000009, 0x80000009
SUBMIT, SUBMIT_RESP = 0x00000004, 0x80000004
DELIVER, DELIVER_RESP = 0x00000005, 0x80000005
UNBIND, UNBIND_RESP = 0x00000006, 0x80000006
ENQUIRE, ENQUIRE_RESP = 0x00000015, 0x80000015
NACK = 0x80000000
REQUESTS = {BIND: BIND_RESP, SUBMIT: SUBMIT_RESP, UNBIND: UNBIND_RESP, ENQUIRE: ENQUIRE_RESP}
ANSWERS = {DELIVER_RESP, UNBIND_RESP, ENQUIRE_RESP, NACK}

OK, BIND_STATUS, WRONG_PASSWORD, ALREADY_BOUND = 0, 0x04, 0x0E, 0x05


class Violation(Exception):
    """A PDU that does not hold to the specification."""


@dataclass
class Orders:
    """What it does. statuses: for the next submit_sm. drop: at the next submit_sm, `before` or `after` it is taken.
    hold: answers wait. receipts: None, or the way the id is written in them; early: before the answer; stat: what they
    say. silent: nothing is answered. accepts: new connections. careless: answers to nothing are let pass."""

    statuses: list[int] = field(default_factory=list)
    drop: str = ""
    hold: bool = False
    receipts: str | None = None
    early: bool = False
    stat: str = "DELIVRD"
    silent: bool = False
    accepts: bool = True
    careless: bool = False


class Body:
    """Reads the fields of a body one after another."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets

    def string(self, name: str, most: int) -> str:
        end = self.octets.find(0)
        if not 0 <= end < most:
            raise Violation(f"{name}: no end within {most} octets")
        value, self.octets = self.octets[:end], self.octets[end + 1 :]
        if not value.isascii():
            raise Violation(f"{name}: not ASCII")
        return value.decode()

    def number(self, name: str) -> int:
        if not self.octets:
            raise Violation(f"{name} is missing")
        value, self.octets = self.octets[0], self.octets[1:]
        return value

    def take(self, name: str, length: int) -> bytes:
        if len(self.octets) < length:
            raise Violation(f"{name}: {len(self.octets)} octets instead of {length}")
        value, self.octets = self.octets[:length], self.octets[length:]
        return value

    def end(self) -> None:
        if self.octets:
            raise Violation(f"{len(self.octets)} octets too many")


class Centre:
    def __init__(self, password: str, window: int) -> None:
        self.password = password
        self.window = window
        self.orders = Orders()
        self.links: list[Link] = []
        self.next_id = 0x1A2B0001
        self.server: asyncio.AbstractServer | None = None
        self.port = 0
        self.parts: dict[tuple[str, int], list[int]] = {}

    def tell(self, event: str, **what: Any) -> None:
        sys.stdout.write(json.dumps({"event": event, **what}) + "\n")
        sys.stdout.flush()

    async def listen(self) -> None:
        self.server = await asyncio.start_server(self.connected, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]
        self.tell("listening", port=self.port)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.orders.accepts:
            writer.close()
            return
        link = Link(self, reader, writer)
        self.links.append(link)
        try:
            await link.run()
        finally:
            self.links.remove(link)
            self.tell("closed")

    def bound(self) -> Link:
        return next(link for link in self.links if link.is_bound)

    def obey(self, order: dict[str, Any]) -> None:
        do = order.pop("do")
        if do == "orders":
            for name, value in order.items():
                setattr(self.orders, name, value)
            if "hold" in order and not order["hold"]:
                for link in self.links:
                    link.release()
        elif do == "deliver":
            self.bound().deliver(**order)
        elif do == "raw":
            self.bound().writer.write(bytes.fromhex(order["octets"]))
        elif do == "enquire":
            self.bound().ask(ENQUIRE)
        elif do == "unbind":
            self.bound().ask(UNBIND)
        elif do == "close":
            for link in self.links:
                link.writer.close()
        self.tell("obeyed", do=do)


class Link:
    """One connection: open, then bound as transceiver, then unbound."""

    def __init__(self, centre: Centre, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.centre = centre
        self.reader = reader
        self.writer = writer
        self.is_bound = False
        self.last_sequence = 0
        self.our_sequence = 0
        self.asked: dict[int, int] = {}
        self.held: list[bytes] = []

    async def run(self) -> None:
        try:
            while True:
                head = await self.reader.readexactly(16)
                length, command, status, sequence = struct.unpack(">IIII", head)
                if not 16 <= length <= 4096:
                    raise Violation(f"command_length {length}")
                body = await self.reader.readexactly(length - 16)
                self.take(command, status, sequence, Body(body))
        except Violation as violation:
            self.centre.tell("violation", what=str(violation))
            self.writer.close()
        except (asyncio.IncompleteReadError, ConnectionError):
            self.writer.close()

    def take(self, command: int, status: int, sequence: int, body: Body) -> None:
        if command in ANSWERS:
            self.take_answer(command, status, sequence, body)
            return
        if command not in REQUESTS:
            raise Violation(f"command_id {command:08x}")
        if status:
            raise Violation(f"command_status {status} in a request")
        if not 1 <= sequence <= 0x7FFFFFFF or sequence != self.last_sequence + 1:
            raise Violation(f"sequence_number {sequence} after {self.last_sequence}")
        self.last_sequence = sequence
        if command == BIND:
            self.bind(sequence, body)
        elif not self.is_bound:
            raise Violation(f"command {command:08x} before bind")
        elif command == SUBMIT:
            self.submit(sequence, body)
        else:
            body.end()
            if self.centre.orders.silent:
                return
            self.send(REQUESTS[command], OK, sequence)
            self.centre.tell("unbound" if command == UNBIND else "enquired")
            if command == UNBIND:
                self.is_bound = False

    def take_answer(self, command: int, status: int, sequence: int, body: Body) -> None:
        if command == NACK:
            body.end()
            if self.centre.orders.careless:
                return
            self.asked.pop(sequence, None)
            self.centre.tell("nack", status=status, sequence=sequence)
            return
        if self.asked.pop(sequence, None) != command:
            if self.centre.orders.careless:
                return
            raise Violation(f"answer {command:08x} to nothing, sequence {sequence}")
        if command == DELIVER_RESP:
            if body.string("message_id", 65):
                raise Violation("message_id of deliver_sm_resp must be empty")  # 4.6.2
            self.centre.tell("answered", sequence=sequence, status=status)
        body.end()
        if command == ENQUIRE_RESP:
            self.centre.tell("alive")

    def bind(self, sequence: int, body: Body) -> None:
        name, password = body.string("system_id", 16), body.string("password", 9)
        body.string("system_type", 13)
        if (version := body.number("interface_version")) != 0x34:
            raise Violation(f"interface_version {version}")
        body.take("addr_ton, addr_npi", 2)
        body.string("address_range", 41)
        body.end()
        status = ALREADY_BOUND if self.is_bound else OK if password == self.centre.password else WRONG_PASSWORD
        self.send(BIND_RESP, status, sequence, b"" if status else b"centre\0")
        self.is_bound = self.is_bound or status == OK
        self.centre.tell("bound" if status == OK else "not_bound", name=name)

    def submit(self, sequence: int, body: Body) -> None:
        if len(self.held) >= self.centre.window:
            raise Violation("more requests under way than agreed on")
        orders = self.centre.orders
        if orders.drop == "before":
            orders.drop = ""
            self.writer.close()
            return
        sms = read_submit(body)
        if orders.silent:
            return
        if orders.statuses and (status := orders.statuses.pop(0)):
            self.centre.tell("refused", status=status, **sms)
            self.send(SUBMIT_RESP, status, sequence)
            return
        self.check_parts(sms)
        self.centre.next_id += 1
        known = f"{self.centre.next_id:x}"
        self.centre.tell("submitted", id=known, **sms)
        if orders.drop == "after":
            orders.drop = ""
            self.writer.close()
            return
        if orders.early and sms["registered"]:
            self.receipt(known, sms["to"])
        answer = self.pdu(SUBMIT_RESP, OK, sequence, known.encode() + b"\0")
        if orders.hold:
            self.held.append(answer)
        else:
            self.writer.write(answer)
        if orders.receipts and not orders.early and sms["registered"]:
            self.receipt(known, sms["to"])

    def check_parts(self, sms: dict[str, Any]) -> None:
        if sms["total"] == 1:
            return
        seen = self.centre.parts.setdefault((sms["to"], sms["reference"]), [])
        expected = seen[-1] % sms["total"] + 1 if seen else 1
        if sms["number"] != expected:
            raise Violation(f"part {sms['number']} where {expected} was due")
        seen.append(sms["number"])

    def receipt(self, known: str, to: str) -> None:
        number = int(known, 16)
        orders = self.centre.orders
        written = {"decimal": f"{number:010}", "hex": known.upper(), "same": known, "unknown": "999999999"}
        shown = written.get(orders.receipts or "", known)
        text = (
            f"id:{shown} sub:001 dlvrd:001 submit date:2611221405 done date:2611221406 stat:{orders.stat} err:000 text:"
        )
        extra = b""
        if orders.receipts == "parameters":
            text = ""
            extra = struct.pack(">HH", 0x001E, len(known) + 1) + known.encode() + b"\0"
            extra += struct.pack(">HHB", 0x0427, 1, 2 if orders.stat == "DELIVRD" else 5)
        self.deliver(source=to, octets=text.encode().hex(), coding=0, esm_class=4, extra=extra.hex())

    def deliver(
        self, source: str, octets: str, coding: int = 8, esm_class: int = 0, to: str = "10036", extra: str = ""
    ) -> None:
        text = bytes.fromhex(octets)
        body = b"\0" + b"\1\1" + source.encode() + b"\0" + b"\0\0" + to.encode() + b"\0"
        body += bytes((esm_class, 0, 0)) + b"\0\0" + bytes((0, 0, coding, 0, len(text))) + text + bytes.fromhex(extra)
        self.ask(DELIVER, body)

    def ask(self, command: int, body: bytes = b"") -> None:
        self.our_sequence += 1
        self.asked[self.our_sequence] = command | 0x80000000
        self.send(command, OK, self.our_sequence, body)

    def release(self) -> None:
        for answer in self.held:
            self.writer.write(answer)
        self.held.clear()

    def send(self, command: int, status: int, sequence: int, body: bytes = b"") -> None:
        self.writer.write(self.pdu(command, status, sequence, body))

    @staticmethod
    def pdu(command: int, status: int, sequence: int, body: bytes) -> bytes:
        return struct.pack(">IIII", 16 + len(body), command, status, sequence) + body


def read_submit(body: Body) -> dict[str, Any]:
    """The fields of a submit_sm (4.4.1), checked."""
    if body.string("service_type", 6):
        raise Violation("service_type")
    source_ton, source_npi = body.number("source_addr_ton"), body.number("source_addr_npi")
    source = body.string("source_addr", 21)
    ton, npi = body.number("dest_addr_ton"), body.number("dest_addr_npi")
    to = body.string("destination_addr", 21)
    if not re.fullmatch(r"86\d{11}", to) or (ton, npi) != (1, 1):
        raise Violation(f"destination {to} with {ton}/{npi}")
    if source != "10036" or (source_ton, source_npi) != (0, 0):
        raise Violation(f"source {source}")
    esm_class = body.number("esm_class")
    if esm_class not in (0, 0x40) or body.number("protocol_id") or body.number("priority_flag"):
        raise Violation("esm_class, protocol_id or priority_flag")
    if body.string("schedule_delivery_time", 17) or body.string("validity_period", 17):
        raise Violation("times")
    registered = body.number("registered_delivery")
    if registered not in (0, 1) or body.number("replace_if_present_flag"):
        raise Violation("registered_delivery or replace_if_present_flag")
    if (coding := body.number("data_coding")) != 8 or body.number("sm_default_msg_id"):
        raise Violation(f"data_coding {coding}")
    length = body.number("sm_length")
    octets = body.take("short_message", length)
    body.end()
    if not 0 < length <= 140:
        raise Violation(f"sm_length {length}")
    reference, total, number = 0, 1, 1
    if esm_class & 0x40:
        if octets[:3] != b"\x05\x00\x03":
            raise Violation(f"user data header {octets[:6].hex()}")
        reference, total, number = octets[3:6]
        octets = octets[6:]
        if not 1 <= number <= total or total < 2 or len(octets) > 134:
            raise Violation(f"part {number} of {total} with {len(octets)} octets")
    if len(octets) % 2 or not octets:
        raise Violation("half a character")
    try:
        text = octets.decode("utf-16-be")
    except UnicodeDecodeError as error:
        raise Violation(f"a surrogate pair is torn: {error}") from None
    return {
        "to": to, "text": text, "registered": registered, "reference": reference, "total": total, "number": number,
    }  # fmt: skip


async def main() -> None:
    centre = Centre(sys.argv[1], int(sys.argv[2]))
    await centre.listen()
    lines = asyncio.StreamReader(limit=2**22)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while order := await lines.readline():
        centre.obey(json.loads(order))


if __name__ == "__main__":
    asyncio.run(main())
