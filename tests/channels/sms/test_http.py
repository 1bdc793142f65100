"""The HTTP gateway, both ways, against a stand-in that checks each request."""

from __future__ import annotations

import asyncio
import threading

import httpx
import pytest

from botkit.content.texts import Texts
from botkit.conversation.messages import Author
from botkit.conversation.outbox import FRESH, enqueue
from botkit.conversation.reply import Choice, Reply
from botkit.conversation.transcript import append_line, locked_conversation, open_conversation
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, VouchedNumberRow
from channels.sms.http_gateway import HttpGateway
from channels.sms.settings import HttpSettings
from tests.channels.sms.conftest import PHONE, Hall, Site, hall_of
from tests.channels.sms.stand_in import KEY, NUMBER, SECRET, StandIn, request_of
from tests.unit.conversation.fakes import Clock, eventually


async def test_a_code_is_answered(site: Site, hall: Hall, gateway: StandIn) -> None:
    response = await site.says("ＣＸＹＥ")
    assert response.status_code == 200
    await hall.settled()
    assert hall.heard() == [("ＣＸＹＥ", "/ask_balance")]
    assert hall.dialogue.heard == ["/ask_balance"]
    assert gateway.texts() == ["您说的是: /ask_balance"] and gateway.taken[0]["to"] == f"+86{PHONE}"
    assert hall.statuses() == [("sent", None)]


@pytest.mark.parametrize("sender", [PHONE, f"86{PHONE}", f"+86{PHONE}", f"0086{PHONE}", f"+86 {PHONE[:3]} {PHONE[3:]}"])
async def test_the_number_is_the_sender_and_vouched_for(site: Site, hall: Hall, sender: str) -> None:
    await site.says("查一下话费", sender=sender)
    await hall.settled()
    with hall.work(reading=True) as session:
        assert session.query(ConversationRow).one().sender == PHONE
        assert session.query(VouchedNumberRow).one().phone == PHONE


async def test_three_deliveries_at_once_and_one_late_are_one_message(site: Site, hall: Hall, gateway: StandIn) -> None:
    answers = await asyncio.gather(*(site.says("查余额", "m1") for _ in range(3)))
    await hall.settled()
    hall.clock.forward(hours=3)
    answers.append(await site.says("查余额", "m1"))
    await hall.settled()
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len(gateway.texts()) == 1 and len(hall.heard()) == 1


async def test_a_report_says_what_became_of_it(site: Site, hall: Hall, gateway: StandIn) -> None:
    for text in ("一", "二", "三"):
        await site.says(text)
        await hall.settled()
    first, second, third = [one["id"] for one in gateway.taken]
    assert (await site.post("report", {"id": first, "status": "delivered"})).status_code == 200
    assert (await site.post("report", {"id": first, "status": "delivered"})).status_code == 200
    failed = {"id": second, "status": "failed", "reason": "no_address"}
    assert (await site.post("report", failed)).status_code == 200
    assert (await site.post("report", {"id": third, "status": "failed", "reason": "?"})).status_code == 200
    assert hall.statuses() == [("delivered", None), ("failed", "no_address"), ("failed", "refused")]
    assert (await site.post("report", {"id": "unknown", "status": "delivered"})).status_code == 404


@pytest.mark.parametrize(
    ("outcome", "problem"),
    [
        ((422, b'{"error": "no_address"}'), "no_address"),
        ((422, b'{"error": "blocked"}'), "blocked"),
        ((400, b"nonsense"), "refused"),
        ((422, b"[]"), "refused"),
        ((422, b'{"error": 7}'), "refused"),
    ],
)
async def test_what_the_gateway_never_takes(
    site: Site, hall: Hall, gateway: StandIn, outcome: object, problem: str
) -> None:
    gateway.outcomes = [outcome]
    await site.says("你好")
    await hall.settled()
    assert hall.statuses() == [("failed", problem)]
    await hall.outbox.due()
    assert gateway.requests == 1


@pytest.mark.parametrize("outcome", [429, 500, 503, 401, 403, 302, "lose", "drop"])
async def test_what_it_takes_later_goes_out_once(site: Site, hall: Hall, gateway: StandIn, outcome: object) -> None:
    gateway.outcomes = [outcome]
    await site.says("你好")
    await hall.settled()
    assert hall.statuses() == [("pending", None)]
    hall.clock.forward(seconds=2)
    await hall.outbox.due()
    assert gateway.texts() == ["您说的是: 你好"] and hall.statuses() == [("sent", None)]


async def test_it_is_left_alone_as_long_as_it_wants(site: Site, hall: Hall, gateway: StandIn) -> None:
    gateway.outcomes, gateway.retry_after = [429], "90"
    await site.says("你好")
    await hall.settled()
    hall.clock.forward(seconds=89)
    await hall.outbox.due()
    assert gateway.requests == 1
    hall.clock.forward(seconds=2)
    await hall.outbox.due()
    assert gateway.texts() == ["您说的是: 你好"]


async def test_two_minutes_without_a_gateway(site: Site, hall: Hall, gateway: StandIn) -> None:
    """Nothing is lost, nothing doubled, the order stays."""
    gateway.outcomes = ["lose", 503, "drop", "lose"] + [500] * 400
    for number in range(12):
        await site.says(f"第{number}条", sender=f"1700000001{number % 3}")
        hall.clock.forward(seconds=10)
        await hall.outbox.due()
    await hall.settled()
    assert len(gateway.taken) <= 1
    gateway.outcomes.clear()
    for _ in range(5):
        hall.clock.forward(minutes=5)
        await hall.outbox.due()
    assert len(gateway.taken) == 12
    for customer in range(3):
        texts = [one["text"] for one in gateway.taken if one["to"].endswith(str(customer))]
        assert texts == [f"您说的是: 第{number}条" for number in range(customer, 12, 3)]
    assert set(hall.statuses()) == {("sent", None)}


async def test_after_two_days_it_is_a_dead_letter(site: Site, hall: Hall, gateway: StandIn) -> None:
    gateway.outcomes = [500] * 10
    await site.says("你好")
    await hall.settled()
    hall.clock.forward(seconds=FRESH.total_seconds() + 1)
    await hall.outbox.due()
    assert hall.statuses() == [("failed", "expired")]


# ---------------------------------------------------------------------------------------------------- who is genuine


@pytest.mark.parametrize(
    ("options", "age"),
    [
        ({"secret": "another secret of nobody"}, 0),
        ({"key": "somebody-else"}, 0),
        ({"X-Sms-Signature": "v1=" + "0" * 64}, 0),
        ({"X-Sms-Signature": ""}, 0),
        ({"X-Sms-Timestamp": "0"}, 0),
        ({"X-Sms-Timestamp": "yesterday"}, 0),
        ({}, 301),
        ({}, -301),
        ({}, 86400),
    ],
)
async def test_what_is_not_the_gateways_changes_nothing(
    site: Site, hall: Hall, logged: list[dict[str, str]], options: dict[str, str], age: float
) -> None:
    message = {"id": "m1", "from": PHONE, "to": "10036", "text": "我的秘密"}
    response = await site.post("message", message, age, **options)
    assert response.status_code == 401
    report = await site.post("report", {"id": "m1", "status": "delivered"}, age, **options)
    assert report.status_code == 401
    await hall.settled()
    assert hall.heard() == [] and hall.transcript() == []
    assert [one["event"] for one in logged] == ["request refused"] * 2 and "秘密" not in str(logged)


async def test_a_report_does_not_pass_for_a_message(site: Site, hall: Hall) -> None:
    body, headers = request_of(
        "report", {"id": "m1", "from": PHONE, "to": "10036", "text": "你好"}, hall.clock().timestamp()
    )
    response = await site.client.post(f"{site.url}/webhooks/sms", content=body, headers=headers)
    assert response.status_code == 401 and hall.heard() == []


@pytest.mark.parametrize("age", [299, -299])
async def test_a_clock_may_be_a_little_wrong(site: Site, hall: Hall, age: float) -> None:
    message = {"id": "m1", "from": PHONE, "to": "10036", "text": "你好"}
    assert (await site.post("message", message, age)).status_code == 200
    await hall.settled()
    assert len(hall.heard()) == 1


GOOD = {"id": "m1", "from": PHONE, "to": "10036", "text": "你好"}


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400), (b"{", 400), (b"\xff", 400), (b"[]", 400), (b"7", 400), (b"[" * 9000, 400), ({}, 422),
        (GOOD | {"id": ""}, 422), (GOOD | {"id": 7}, 422), (GOOD | {"id": "x" * 101}, 422), (GOOD | {"id": "零"}, 422),
        (GOOD | {"from": "?"}, 422), (GOOD | {"from": None}, 422), (GOOD | {"from": "1" * 30}, 422),
        (GOOD | {"from": "１７０００００００１１"}, 422), (GOOD | {"to": "10086"}, 422), (GOOD | {"to": 10036}, 422),
        (GOOD | {"text": None}, 422), (GOOD | {"text": ["你好"]}, 422), (GOOD | {"text": "长" * 2001}, 422),
        (GOOD | {"text": "长" * 9000}, 413),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused(site: Site, hall: Hall, data: object, status: int) -> None:
    response = await site.post("message", data)
    assert response.status_code == status and isinstance(response.json()["error"], str)
    assert hall.heard() == []


async def test_content_type(site: Site) -> None:
    assert (await site.post("message", GOOD, **{"Content-Type": "text/plain"})).status_code == 415
    charset = await site.post("message", GOOD, **{"Content-Type": "application/json; charset=utf-8"})
    assert charset.status_code == 200


async def test_what_cannot_be_stored_is_to_come_again(site: Site, hall: Hall) -> None:
    with hall.work() as session:
        session.execute("ALTER TABLE inbound_message RENAME TO gone")
    assert (await site.says("你好", "m1")).status_code == 503
    with hall.work() as session:
        session.execute("ALTER TABLE gone RENAME TO inbound_message")
    assert (await site.says("你好", "m1")).status_code == 200
    await hall.settled()
    assert [text for text, _ in hall.heard()] == ["你好"]


async def test_it_is_not_there_before_it_serves(hall: Hall, site: Site) -> None:
    await hall.connector.close()
    assert (await site.says("你好")).status_code == 503
    assert (await site.post("report", {"id": "a", "status": "delivered"})).status_code == 503


# ------------------------------------------------------------------------------------------------------ choices, pages


async def test_the_rest_and_the_choices_by_number(site: Site, hall: Hall, gateway: StandIn) -> None:
    long = "余额还有 12.34 元。" + "这个月的费用明细如下。" * 20
    hall.dialogue.replies = [Reply(long, choices=(Choice("查流量", "/ask_usage"), Choice("转人工", "/request_human")))]
    await site.says("YE")
    await hall.settled()
    first = gateway.texts()[0]
    assert first.startswith("余额还有 12.34 元。") and "\n回复1看详情" in first
    hall.dialogue.replies = None
    await site.says("1")
    await hall.settled()
    second = gateway.texts()[1]
    assert second.startswith("这个月")
    while "看详情" in gateway.texts()[-1]:
        await site.says("１")
        await hall.settled()
    assert gateway.texts()[-1].endswith("回复1查流量，2转人工")
    shown = "".join(text.split("\n回复")[0] for text in gateway.texts())
    assert shown == long
    await site.says("2。")
    await hall.settled()
    assert hall.heard()[-1] == ("转人工", "/request_human") and hall.dialogue.heard[-1] == "/request_human"


async def test_two_messages_at_once_have_numbers_of_their_own(site: Site, hall: Hall, gateway: StandIn) -> None:
    hall.dialogue.replies = [
        Reply("已转人工排队。", choices=(Choice("继续用机器人", "/ask_bill"),)),
        Reply("请稍等。"),
        Reply("现在没有人。", choices=(Choice("查流量", "/ask_usage"), Choice("转人工", "/request_human"))),
    ]
    gateway.outcomes = [200, 200, 500]  # the third is sent again: with the same numbers
    await site.says("你好")
    await hall.settled()
    hall.clock.forward(seconds=5)
    await flush(hall)
    first, second, third = gateway.texts()
    assert first.endswith("\n回复1继续用机器人") and "回复" not in second
    assert third.endswith("\n回复2查流量，3转人工")
    await site.says("1")
    await hall.settled()
    assert hall.heard()[-1] == ("继续用机器人", "/ask_bill")


@pytest.mark.parametrize(("number", "meant"), [("1", "/ask_bill"), ("2", "/more")])
async def test_the_numbers_of_both_hold(site: Site, hall: Hall, gateway: StandIn, number: str, meant: str) -> None:
    hall.dialogue.replies = [
        Reply("甲。", choices=(Choice("看账单", "/ask_bill"),)),
        Reply("乙。" * 90, choices=(Choice("查流量", "/ask_usage"),)),
    ]
    await site.says("你好")
    await hall.settled()
    await site.says(number)
    await hall.settled()
    assert hall.heard()[-1][1] == meant
    hall.dialogue.replies = [Reply("丙。", choices=(Choice("查流量", "/ask_usage"),))]
    await site.says("还有吗")
    await hall.settled()
    assert gateway.texts()[-1].endswith("回复1查流量"), "he has answered: counted anew"


async def test_messages_far_apart_count_anew(site: Site, hall: Hall, gateway: StandIn) -> None:
    hall.dialogue.replies = [Reply("甲。", choices=(Choice("看账单", "/ask_bill"),))]
    await site.says("你好")
    await hall.settled()
    hall.clock.forward(minutes=11)
    with hall.work() as session:
        row = locked_conversation(session, session.query(ConversationRow).one().id)
        content = {"choices": [{"title": "查流量", "payload": "/ask_usage"}]}
        line = append_line(session, row, Author.SYSTEM, "乙。", hall.clock(), content)
        enqueue(session, line, None, hall.clock())
    await flush(hall)
    assert gateway.texts()[-1].endswith("回复1查流量")
    await site.says("1")
    await hall.settled()
    assert hall.heard()[-1] == ("查流量", "/ask_usage")


async def test_a_number_answers_the_agent_not_what_was_shown_before(site: Site, hall: Hall) -> None:
    hall.dialogue.replies = [Reply("选一个。", choices=(Choice("查流量", "/ask_usage"),))]
    await site.says("你好")
    await hall.settled()
    agent_says(hall, "是 1 号卡还是 2 号卡?")
    await flush(hall)
    await site.says("1")
    await hall.settled()
    assert hall.heard()[-1] == ("1", None)


def agent_says(hall: Hall, text: str) -> None:
    with hall.work() as session:
        row = locked_conversation(session, session.query(ConversationRow).one().id)
        line = append_line(session, row, Author.AGENT, text, hall.clock(), {"name": "小李"})
        enqueue(session, line, None, hall.clock())


async def flush(hall: Hall) -> None:
    with hall.work(reading=True) as session:
        known = [row.id for row in session.query(ConversationRow)]
    for conversation in known:
        await hall.outbox.flush(conversation)


# --------------------------------------------------------------------------------------------------- stop, loops, speed


async def test_stop_is_confirmed_once_and_only_what_is_asked_for_goes_out(
    site: Site, hall: Hall, gateway: StandIn
) -> None:
    await site.says("你好")
    await hall.settled()
    hall.clock.forward(hours=30)
    await asyncio.gather(*(site.says("td", "stop-1") for _ in range(3)))
    await site.says("退订", "stop-2")
    await hall.settled()
    assert [text[:3] for text in gateway.texts()] == ["您说的", "已退订"]
    agent_says(hall, "新套餐来了。")
    await flush(hall)
    assert hall.statuses()[-1] == ("failed", "blocked") and len(gateway.texts()) == 2
    hall.clock.forward(minutes=1)
    await site.says("YE")
    await hall.settled()
    assert gateway.texts()[-1] == "您说的是: /ask_balance"
    agent_says(hall, "您问的事办好了。")
    await flush(hall)
    assert gateway.texts()[-1] == "小李: 您问的事办好了。"
    hall.clock.forward(hours=25)
    agent_says(hall, "又有新套餐。")
    await flush(hall)
    assert hall.statuses()[-1] == ("failed", "blocked")
    await site.says("hftd")
    await hall.settled()
    assert gateway.texts()[-1].startswith("已恢复")
    agent_says(hall, "欢迎回来。")
    await flush(hall)
    assert gateway.texts()[-1] == "小李: 欢迎回来。"
    assert hall.dialogue.heard == ["你好", "/ask_balance"]


@pytest.mark.parametrize("sender", ["10086", "1065755551234", "10036", "95588", "BANK-X"])
async def test_services_get_no_answer(site: Site, hall: Hall, gateway: StandIn, sender: str) -> None:
    assert (await site.says("您的话费余额不足", sender=sender)).status_code == 200
    await hall.settled()
    assert hall.heard() == [] and gateway.requests == 0


async def test_too_many_messages_are_put_off_once(site: Site, hall: Hall, gateway: StandIn) -> None:
    for number in range(25):
        assert (await site.says(f"第{number}条", f"m{number}")).status_code == 200
        await hall.settled()
    assert len(hall.dialogue.heard) == 10 and len(hall.heard()) == 25
    assert len(gateway.texts()) == 11 and "太多" in gateway.texts()[-1]
    await site.says("你好", "other", sender="17000000012")
    await hall.settled()
    assert gateway.texts()[-1] == "您说的是: 你好"
    hall.clock.forward(seconds=61)
    await site.says("查余额")
    await hall.settled()
    assert gateway.texts()[-1] == "您说的是: /ask_balance"


async def test_a_blank_message_is_no_nonsense(site: Site, hall: Hall, gateway: StandIn) -> None:
    assert (await site.says(" \n")).status_code == 200
    await hall.settled()
    assert hall.heard() == [("(空白短信)", None)] and len(gateway.texts()) == 1


# ------------------------------------------------------------------------------------------------------ a slow gateway


async def test_a_gateway_too_slow_to_answer_gets_it_again_and_the_customer_once(
    gateway: StandIn, work: UnitOfWork, clock: Clock, texts: Texts
) -> None:
    settings = HttpSettings(gateway.url, KEY, SECRET)
    client = httpx.AsyncClient(timeout=httpx.Timeout(5.0, read=0.05))
    hall = hall_of(HttpGateway(settings, NUMBER, clock, client), work, clock, texts)
    await hall.connector.serve(hall.worker, hall.outbox)
    gateway.held = threading.Event()
    with work() as session:
        for sender, words in ((PHONE, "甲"), (PHONE, "乙"), ("17000000012", "丙")):
            row = open_conversation(session, "sms", sender, clock())
            enqueue(session, append_line(session, row, Author.BOT, words, clock()), None, clock())
    await flush(hall)
    assert hall.statuses() == [("pending", None)] * 3 and gateway.taken == []
    gateway.held.set()  # it works off what it was given before, and whatever comes
    await eventually(lambda: gateway.texts()[:1] != [])
    client.timeout = httpx.Timeout(20.0)
    hall.clock.forward(seconds=5)
    await flush(hall)
    assert [status for status, _ in hall.statuses()] == ["sent"] * 3
    assert [one["text"] for one in gateway.taken if one["to"].endswith(PHONE)] == ["甲", "乙"]
    assert len(gateway.taken) == 3 and gateway.requests == 5, (
        "two were asked again; the second of one waited for the first"
    )
    await hall.worker.stop()
    await hall.connector.close()
