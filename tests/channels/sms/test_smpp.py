"""SMPP 3.4 against a message centre in a process of its own, which checks every PDU."""

from __future__ import annotations

import asyncio
import struct

import pytest

from botkit.bss.sms import SmsNotSent
from botkit.content.texts import Texts
from botkit.conversation.reply import Choice, Reply
from botkit.store.engine import UnitOfWork
from botkit.store.tables.sms import SmsPartRow
from channels.sms.codes import GatewaySms
from channels.sms.gateway import Incoming
from channels.sms.settings import SmppSettings
from channels.sms.smpp.gateway import SmppGateway
from channels.sms.smpp.reassembly import PATIENCE
from channels.sms.smpp.session import Timing
from tests.channels.sms.centre import PASSWORD, CentreProcess
from tests.channels.sms.conftest import PHONE, Hall, hall_of
from tests.channels.sms.stand_in import NUMBER
from tests.unit.conversation.fakes import Clock, eventually

FROM = f"86{PHONE}"
LONG = "余额还有 12.34 元, 够用到月底。" + "这个月的费用明细如下" * 12


def part(text: bytes, reference: int, total: int, number: int, wide: bool = False) -> str:
    """The octets of one part, with its header."""
    if wide:
        return (bytes((6, 8, 4, reference >> 8, reference & 255, total, number)) + text).hex()
    return (bytes((5, 0, 3, reference, total, number)) + text).hex()


async def heard(hall: Hall, count: int) -> list[str]:
    await eventually(lambda: len(hall.heard()) >= count and len(hall.statuses()) >= count)
    await hall.settled()
    return [text for text, _ in hall.heard()]


async def test_a_code_is_answered(bound: Hall, centre: CentreProcess) -> None:
    await centre.says(FROM, "CXYE")
    await centre.until(lambda: centre.count("submitted") == 1)
    assert centre.texts(FROM) == ["您说的是: /ask_balance"]
    await centre.until(lambda: centre.count("answered") == 1)
    assert centre.all("answered")[0]["status"] == 0


async def test_a_long_answer_goes_in_two_parts(bound: Hall, centre: CentreProcess) -> None:
    bound.dialogue.replies = [Reply(LONG, choices=(Choice("转人工", "/request_human"),))]
    await centre.says(FROM, "查余额")
    await centre.until(lambda: centre.count("submitted") == 2)
    sms = centre.all("submitted")
    assert [(one["total"], one["number"]) for one in sms] == [(2, 1), (2, 2)]
    assert "回复1看详情" in centre.texts()[0] and centre.texts()[0].startswith("余额还有 12.34 元")


@pytest.mark.parametrize("way", ["same", "decimal", "hex", "parameters"])
@pytest.mark.parametrize(("stat", "status"), [("DELIVRD", "delivered"), ("UNDELIV", "failed"), ("ENROUTE", "sent")])
async def test_receipts(bound: Hall, centre: CentreProcess, way: str, stat: str, status: str) -> None:
    if (way, stat) == ("parameters", "ENROUTE"):
        pytest.skip("the centre writes no intermediate state in parameters")
    await centre.orders(receipts=way, stat=stat)
    bound.dialogue.replies = [Reply(LONG)]
    await centre.says(FROM, "你好")
    await centre.until(lambda: centre.count("answered") == 3)  # the message and two receipts
    await eventually(lambda: bound.statuses()[0][0] == status)


async def test_a_receipt_before_the_answer_is_waited_for(bound: Hall, centre: CentreProcess) -> None:
    await centre.orders(receipts="hex", early=True)
    await centre.says(FROM, "你好")
    await eventually(lambda: bound.statuses() == [("delivered", None)])


async def test_one_part_that_does_not_arrive_is_a_failure(bound: Hall, centre: CentreProcess) -> None:
    bound.dialogue.replies = [Reply(LONG)]
    await centre.says(FROM, "你好")
    await centre.until(lambda: centre.count("submitted") == 2)
    await eventually(lambda: bound.statuses()[0][0] == "sent")
    for one, stat in zip(centre.all("submitted"), ("DELIVRD", "REJECTD"), strict=True):
        text = f"id:{one['id']} sub:001 dlvrd:001 submit date:2611221405 done date:2611221406 stat:{stat} err:000 text:"
        await centre.do("deliver", source=FROM, octets=text.encode().hex(), coding=0, esm_class=4)
    await eventually(lambda: bound.statuses() == [("failed", "refused")])


# ------------------------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize("status", [0x58, 0x14, 0x08, 0x64])
async def test_throttled_it_is_tried_again_from_the_part_that_is_missing(
    bound: Hall, centre: CentreProcess, status: int
) -> None:
    await centre.orders(statuses=[0, status])
    bound.dialogue.replies = [Reply(LONG)]
    await centre.says(FROM, "你好")
    await centre.until(lambda: centre.count("refused") == 1)
    await bound.settled()
    assert bound.statuses() == [("pending", None)]
    bound.clock.forward(seconds=6)
    await bound.outbox.due()
    first, second = centre.all("submitted")
    assert (first["number"], second["number"]) == (1, 2) and first["reference"] == second["reference"]
    await centre.orders(receipts="same")
    for one in (first, second):
        text = f"id:{one['id']} stat:DELIVRD err:000"
        await centre.do("deliver", source=FROM, octets=text.encode().hex(), coding=0, esm_class=4)
    await eventually(lambda: bound.statuses() == [("delivered", None)])


@pytest.mark.parametrize(("status", "problem"), [(0x0B, "no_address"), (0x33, "no_address"), (0x61, "refused")])
async def test_what_it_never_takes(bound: Hall, centre: CentreProcess, status: int, problem: str) -> None:
    await centre.orders(statuses=[status])
    await centre.says(FROM, "你好")
    await eventually(lambda: bound.statuses() == [("failed", problem)])


async def test_a_mistake_of_ours_costs_no_message(bound: Hall, centre: CentreProcess) -> None:
    await centre.orders(statuses=[0x0A])
    await centre.says(FROM, "你好")
    await centre.until(lambda: centre.count("refused") == 1)
    await bound.settled()
    bound.clock.forward(seconds=2)
    await bound.outbox.due()
    assert bound.statuses() == [("sent", None)]


# ---------------------------------------------------------------------------------------------------------- connection


async def test_the_connection_breaks_and_comes_back(bound: Hall, centre: CentreProcess) -> None:
    """Before the centre had it: sent once, in order."""
    await centre.orders(drop="before")
    await centre.says(FROM, "一")
    await centre.until(lambda: centre.count("bound") == 2)
    await bound.settled()
    await eventually(lambda: bound.connector._gateway.is_bound)  # type: ignore[attr-defined]
    await centre.says(FROM, "二")
    await heard(bound, 2)
    bound.clock.forward(seconds=6)
    await bound.outbox.due()
    assert centre.texts() == ["您说的是: 一", "您说的是: 二"]


async def test_two_minutes_without_a_centre(bound: Hall, centre: CentreProcess) -> None:
    await centre.says(FROM, "零")
    await heard(bound, 1)
    await centre.orders(accepts=False)
    await centre.do("close")
    await eventually(lambda: not bound.connector._gateway.is_bound)  # type: ignore[attr-defined]
    for number in range(12):
        sender = f"1700000001{number % 3}"
        await bound.connector.message(Incoming(sender, f"第{number}条", f"m{number}"))
        bound.clock.forward(seconds=10)
        await bound.outbox.due()
    await bound.settled()
    assert centre.count("submitted") == 1
    await centre.orders(accepts=True)
    await centre.until(lambda: centre.count("bound") == 2)
    await eventually(lambda: bound.connector._gateway.is_bound)  # type: ignore[attr-defined]
    for _ in range(5):
        bound.clock.forward(seconds=6)
        await bound.outbox.due()
    for customer in range(3):
        expected = [f"您说的是: 第{number}条" for number in range(customer, 12, 3)]
        texts = [text for text in centre.texts(f"861700000001{customer}") if "零" not in text]
        assert texts == expected
    assert set(bound.statuses()) == {("sent", None)}


async def test_a_silent_centre_is_left_and_bound_again(
    centre: CentreProcess, work: UnitOfWork, clock: Clock, texts: Texts
) -> None:
    settings = SmppSettings("127.0.0.1", centre.port, "botkit", PASSWORD)
    gateway = SmppGateway(settings, NUMBER, work, clock, "…", Timing(5, 1, 0.1), reconnect=(0.01,))
    hall = hall_of(gateway, work, clock, texts)
    await hall.connector.serve(hall.worker, hall.outbox)
    await centre.until(lambda: centre.count("enquired") >= 2)
    await centre.orders(silent=True)
    await centre.until(lambda: centre.count("closed") >= 1)
    await centre.orders(silent=False)
    await centre.until(lambda: centre.count("bound") >= 2)
    await centre.until(lambda: gateway.is_bound)
    await hall.connector.close()
    await centre.until(lambda: centre.count("unbound") == 1)


async def test_it_answers_signs_of_life_and_an_unbind(bound: Hall, centre: CentreProcess) -> None:
    await centre.do("enquire")
    await centre.until(lambda: centre.count("alive") == 1)
    await centre.do("unbind")
    await centre.until(lambda: centre.count("bound") == 2)


async def test_a_wrong_password_is_tried_again_and_again(
    centre: CentreProcess, work: UnitOfWork, clock: Clock, texts: Texts
) -> None:
    settings = SmppSettings("127.0.0.1", centre.port, "botkit", "falsch")
    gateway = SmppGateway(settings, NUMBER, work, clock, "…", Timing(5, 5, 30), reconnect=(0.01,))
    hall = hall_of(gateway, work, clock, texts)
    await hall.connector.serve(hall.worker, hall.outbox)
    await centre.until(lambda: centre.count("not_bound") >= 3)
    assert not gateway.is_bound
    await hall.connector.close()


async def test_it_unbinds_when_it_ends(centre: CentreProcess, bound: Hall) -> None:
    await bound.connector.close()
    await centre.until(lambda: centre.count("unbound") == 1)
    assert centre.count("bound") == 1


async def test_the_window_is_kept(bound: Hall, centre: CentreProcess) -> None:
    """Thirty customers at once, ten requests under way at most: the eleventh would be a violation."""
    await centre.orders(hold=True)
    for number in range(30):
        await centre.says(f"86170000010{number:02}", "你好")
    await centre.until(lambda: centre.count("submitted") == 10)
    assert centre.count("submitted") == 10
    await centre.orders(hold=False)
    await centre.until(lambda: centre.count("submitted") == 30)


# -------------------------------------------------------------------------------------------------------------- coming in


async def test_parts_are_put_together_in_any_order(bound: Hall, centre: CentreProcess) -> None:
    octets = "我的话费为什么这么高😀, 请帮我看一下".encode("utf-16-be")
    at = "我的话费为什么这么高😀".encode("utf-16-be")[:-2]  # a pair of surrogates is torn between them
    first, second = octets[: len(at)], octets[len(at) :]
    for wide in (False, True):
        for number, text in ((2, second), (1, first)):
            await centre.do("deliver", source=FROM, octets=part(text, 7, 2, number, wide), esm_class=0x40)
        assert (await heard(bound, 1 + wide))[-1] == octets.decode("utf-16-be")
        bound.clock.forward(minutes=6)
        await bound.connector._gateway.sweep()  # type: ignore[attr-defined]


async def test_parts_numbered_in_parameters(bound: Hall, centre: CentreProcess) -> None:
    for number, text in ((1, "查一下"), (2, "余额")):
        extra = struct.pack(">HHHHHBHHB", 0x020C, 2, 9, 0x020E, 1, 2, 0x020F, 1, number)
        await centre.says(FROM, text, extra=extra.hex())
    assert await heard(bound, 1) == ["查一下余额"]


async def test_a_part_that_comes_again_is_one_part(bound: Hall, centre: CentreProcess) -> None:
    one, two = "一".encode("utf-16-be"), "二".encode("utf-16-be")
    for text, number in ((one, 1), (one, 1), (two, 2), (two, 2), (one, 1)):
        await centre.do("deliver", source=FROM, octets=part(text, 3, 2, number), esm_class=0x40)
    await centre.until(lambda: centre.count("answered") == 5)
    assert await heard(bound, 1) == ["一二"]
    assert [one["status"] for one in centre.all("answered")] == [0] * 5


async def test_a_lost_part_is_waited_for_and_then_done_without(bound: Hall, centre: CentreProcess) -> None:
    await centre.do("deliver", source=FROM, octets=part("余额".encode("utf-16-be"), 3, 3, 2), esm_class=0x40)
    await centre.until(lambda: centre.count("answered") == 1)
    gateway = bound.connector._gateway
    await gateway.sweep()  # type: ignore[attr-defined]
    assert bound.heard() == []
    bound.clock.forward(seconds=PATIENCE.total_seconds() + 1)
    await gateway.sweep()  # type: ignore[attr-defined]
    assert await heard(bound, 1) == ["…余额…"]
    bound.clock.forward(seconds=PATIENCE.total_seconds() + 1)
    await gateway.sweep()  # type: ignore[attr-defined]
    with bound.work(reading=True) as session:
        assert session.query(SmsPartRow).count() == 0


async def test_nobody_fills_the_memory_with_parts(bound: Hall, centre: CentreProcess) -> None:
    for reference in range(70):
        await centre.do("deliver", source=FROM, octets=part(b"\0a", reference, 2, 1), esm_class=0x40)
        await centre.until(lambda reference=reference: centre.count("answered") == reference + 1)
    with bound.work(reading=True) as session:
        assert session.query(SmsPartRow).count() == 60
    assert [one["status"] for one in centre.all("answered")].count(0x66) == 10


@pytest.mark.parametrize(
    ("octets", "coding", "text"),
    [
        (b"CXYE", 0, "CXYE"), (b"\x00 \x02", 0, "@ $"), (b"\x1b\x65", 0, "€"), (b"YE", 1, "YE"), (b"\xe9", 3, "é"),
        ("查余额".encode("gb18030"), 15, "查余额"), ("查餘額".encode("utf-16-be"), 8, "查餘額"),
    ],
)  # fmt: skip
async def test_alphabets(bound: Hall, centre: CentreProcess, octets: bytes, coding: int, text: str) -> None:
    await centre.do("deliver", source=FROM, octets=octets.hex(), coding=coding)
    assert await heard(bound, 1) == [text]


async def test_binary_data_is_not_read(bound: Hall, centre: CentreProcess) -> None:
    await centre.do("deliver", source=FROM, octets="00ff", coding=4)
    assert await heard(bound, 1) == ["(空白短信)"]
    assert bound.dialogue.heard == []


async def test_three_deliveries_at_once_and_one_after_a_break_are_one_message(
    bound: Hall, centre: CentreProcess
) -> None:
    for _ in range(3):
        await centre.says(FROM, "查余额")
    await centre.until(lambda: centre.count("answered") == 3 and len(centre.texts()) == 1)
    bound.clock.forward(seconds=60)
    await centre.do("close")
    await centre.until(lambda: centre.count("bound") == 2)
    await centre.says(FROM, "查余额")
    await centre.until(lambda: centre.count("answered") == 4)
    assert await heard(bound, 1) == ["查余额"]
    await centre.until(lambda: len(centre.texts()) == 1)
    bound.clock.forward(seconds=61)
    await centre.says(FROM, "查余额")
    await centre.until(lambda: centre.count("answered") == 5)
    assert await heard(bound, 2) == ["查余额", "查余额"]
    await centre.until(lambda: len(centre.texts()) == 2)


async def test_the_same_number_of_two_menus_is_two_messages(bound: Hall, centre: CentreProcess) -> None:
    await centre.says(FROM, "1")
    assert await heard(bound, 1) == ["1"]
    bound.clock.forward(seconds=4)
    await centre.says(FROM, "1")
    assert await heard(bound, 2) == ["1", "1"]


async def test_what_cannot_be_stored_comes_again(bound: Hall, centre: CentreProcess) -> None:
    with bound.work() as session:
        session.execute("ALTER TABLE inbound_message RENAME TO gone")
    await centre.says(FROM, "你好")
    await centre.until(lambda: centre.count("answered") == 1)
    with bound.work() as session:
        session.execute("ALTER TABLE gone RENAME TO inbound_message")
    await centre.says(FROM, "你好")
    await centre.until(lambda: centre.count("answered") == 2)
    assert [one["status"] for one in centre.all("answered")] == [0x64, 0]
    assert await heard(bound, 1) == ["你好"]


async def test_services_get_no_answer(bound: Hall, centre: CentreProcess) -> None:
    await centre.says("10086", "您的余额不足")
    await centre.says(FROM, "给别人的", to="10010")
    await centre.until(lambda: centre.count("answered") == 2)
    assert sorted(one["status"] for one in centre.all("answered")) == [0, 0x66] and bound.heard() == []


# ------------------------------------------------------------------------------------------------------ one-time codes


async def test_one_time_codes_go_by_the_gateway(bound: Hall, centre: CentreProcess) -> None:
    sender = GatewaySms(bound.connector._gateway, asyncio.get_running_loop(), patience=5)
    await asyncio.to_thread(sender.send, PHONE, "【星桥移动】验证码 123456, 5 分钟内有效。")
    (sms,) = centre.all("submitted")
    assert sms["text"].endswith("123456, 5 分钟内有效。") and sms["registered"] == 0
    await centre.orders(statuses=[0x0B])
    with pytest.raises(SmsNotSent):
        await asyncio.to_thread(sender.send, PHONE, "验证码")
    await centre.orders(silent=True)
    impatient = GatewaySms(bound.connector._gateway, asyncio.get_running_loop(), patience=0.05)
    with pytest.raises(SmsNotSent):
        await asyncio.to_thread(impatient.send, PHONE, "验证码")
    await centre.orders(silent=False)
