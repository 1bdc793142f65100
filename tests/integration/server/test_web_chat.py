"""The web chat over real sockets."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from collections.abc import AsyncIterator, Callable

import pytest

from botkit.conversation.messages import MAX_TEXT
from botkit.store.engine import create_engine, unit_of_work
from botkit.store.tables.conversation import ConversationRow, OutboundRow
from channels.web.connector import PAGE, sender_of
from tests.integration.server.server import Server
from tests.integration.server.visitor import Visitor

pytestmark = [pytest.mark.model, pytest.mark.slow]


@pytest.fixture
async def visit(server: Server) -> AsyncIterator[Callable[..., Visitor]]:
    """Makes visitors' browsers; they are closed at the end."""
    made: list[Visitor] = []

    def make(**options: bool) -> Visitor:
        made.append(Visitor(server.url, **options))
        return made[-1]

    yield make
    for visitor in made:
        await visitor.disconnect()


def pending(server: Server, token: str) -> list[int]:
    """Numbers of the lines that the server believes not to have been received."""
    engine = create_engine(f"sqlite:///{server.var / 'botkit.db'}")
    with unit_of_work(engine)(reading=True) as session:
        row = session.query(ConversationRow).filter_by(channel="web", sender=sender_of(token)).one()
        waiting = session.query(OutboundRow).filter_by(conversation_id=row.id, status="pending")
        seqs = sorted(outbound.seq for outbound in waiting)
    engine.dispose()
    return seqs


async def test_a_first_visit(visit: Callable[..., Visitor]) -> None:
    welcome = await visit().connect()
    assert len(welcome["token"]) >= 20
    assert (welcome["lines"], welcome["more"], welcome["state"]) == ([], False, "bot")
    assert welcome["greeting"]["text"] and welcome["greeting"]["choices"]
    assert welcome["hotline"]


async def test_a_message_and_its_answer(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    await visitor.connect()
    assert await visitor.send("你好") == {"ok": True, "seq": 1}
    await visitor.until(lambda: visitor.typing == [True, False])
    (line,) = visitor.lines
    assert (line["seq"], line["author"]) == (2, "bot")
    assert line["text"] and line["at"] and line["choices"]
    assert "detail" not in line and "intent" not in line
    assert visitor.states[-1] == "bot"


async def test_a_choice_of_the_greeting(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    welcome = await visitor.connect()
    choice = welcome["greeting"]["choices"][0]
    lines = await visitor.say(choice["title"], choice["payload"])
    assert lines[-1]["author"] == "bot"


async def test_handing_over_and_back(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    await visitor.connect()
    lines = await visitor.say("转人工", "/request_human")
    assert visitor.states[-1] == "waiting"
    assert "/back_to_bot" in [choice["payload"] for choice in lines[-1]["choices"]]
    typed = len(visitor.typing)
    (noted,) = await visitor.say("还有一件事")
    assert noted["author"] == "system"
    assert True not in visitor.typing[typed:], "nobody types while the customer waits"
    await visitor.say("继续用机器人", "/back_to_bot")
    assert visitor.states[-1] == "bot"
    again = await visit().connect(visitor.welcome["token"] if visitor.welcome else None)
    assert again["state"] == "bot"
    assert all(line["text"] for line in again["lines"]), "events of the hand-over are not shown"


async def test_reading_back(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    token = (await visitor.connect())["token"]
    for number in range(PAGE):
        await visitor.say("你好" if number % 2 else "谢谢")
    welcome = await visit().connect(token)
    assert welcome["more"] and len(welcome["lines"]) == PAGE
    assert welcome["greeting"] is None
    shown = welcome["lines"]
    while welcome["more"]:
        welcome = await visitor.call("history", {"before": shown[0]["seq"]})
        shown = welcome["lines"] + shown
    assert [line["seq"] for line in shown] == list(range(1, shown[-1]["seq"] + 1))
    assert await visitor.call("history", {"before": 1}) == {"lines": [], "more": False}


async def test_coming_back(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    token = (await visitor.connect())["token"]
    await visitor.say("你好")
    last = visitor.lines[-1]["seq"]
    await visitor.disconnect()
    other = visit()
    await other.connect(token)
    await other.say("畅选59有多少流量")
    welcome = await visit().connect(token, after=last)
    assert [line["seq"] for line in welcome["lines"]] == list(range(last + 1, other.lines[-1]["seq"] + 1))
    assert not welcome["more"]
    nothing_new = await visit().connect(token, after=other.lines[-1]["seq"])
    assert nothing_new["lines"] == [] and nothing_new["greeting"] is None


async def test_coming_back_in_the_middle_of_an_answer(visit: Callable[..., Visitor]) -> None:
    """However connection and answer fall together, the line is in the welcome or comes after it."""
    for delay in range(10):
        first, second = visit(), visit()
        token = (await first.connect())["token"]
        await first.send("畅选59有多少流量")
        for _ in range(delay):
            await first.call("history", {"before": 1})
        welcome = await second.connect(token)
        await first.until(lambda first=first: bool(first.lines))  # type: ignore[misc]

        def held(second: Visitor = second, welcome: dict[str, object] = welcome) -> set[int]:
            return {line["seq"] for line in welcome["lines"]} | set(second.seqs())  # type: ignore[attr-defined]

        await second.until(lambda held=held: {1, 2} <= held())  # type: ignore[misc]


async def test_two_tabs(visit: Callable[..., Visitor]) -> None:
    one, two = visit(), visit()
    token = (await one.connect())["token"]
    await two.connect(token)
    message_id = uuid.uuid4().hex
    await one.send("你好", message_id=message_id)
    await two.until(lambda: len(two.lines) == 2)
    own, answer = sorted(two.lines, key=lambda line: line["seq"])
    assert (own["author"], own["client_id"], own["text"]) == ("customer", message_id, "你好")
    assert answer["author"] == "bot"
    await one.until(lambda: bool(one.lines))
    assert one.lines == [answer], "the sender has his own line already"


async def test_the_same_message_again(visit: Callable[..., Visitor]) -> None:
    one, two = visit(), visit()
    token = (await one.connect())["token"]
    await two.connect(token)
    message_id = uuid.uuid4().hex
    acks = await asyncio.gather(*(tab.send("你好", message_id=message_id) for tab in (one, two) * 5))
    assert acks == [{"ok": True, "seq": 1}] * 10
    await one.until(lambda: one.typing.count(False) >= 1)
    later = visit()
    lines = (await later.connect(token))["lines"]
    assert [(line["author"], line.get("client_id")) for line in lines] == [("customer", message_id), ("bot", None)]
    assert (await later.call("history", {"before": 2}))["lines"] == lines[:1]


async def test_received_marks(visit: Callable[..., Visitor], server: Server) -> None:
    visitor = visit(confirms=False)
    token = (await visitor.connect())["token"]
    await visitor.send("你好")
    await visitor.disconnect()
    silent = visit(confirms=False)
    welcome = await silent.connect(token)
    seen = [line["seq"] for line in welcome["lines"]] + silent.seqs()
    if 2 not in seen:
        await silent.until(lambda: 2 in silent.seqs())
    await silent.socket.emit("received", {"seqs": [2]})
    await silent.call("history", {"before": 1})
    deadline = asyncio.get_running_loop().time() + 10
    while pending(server, token):
        assert asyncio.get_running_loop().time() < deadline


# ----------------------------------------------------------------------------------------------------- strangers


@pytest.mark.parametrize(
    "token", ["", "short", "x" * 65, "sp ace" * 5, "ü" * 30, 7, None, ["x" * 30], {"token": "x" * 30}]
)
async def test_a_token_that_is_none_gets_a_new_conversation(visit: Callable[..., Visitor], token: object) -> None:
    welcome = await visit().connect(auth={"token": token})
    assert welcome["token"] != token and len(welcome["token"]) >= 20
    assert welcome["lines"] == []


async def test_another_visitors_conversation_is_out_of_reach(visit: Callable[..., Visitor]) -> None:
    victim, stranger = visit(), visit()
    token = (await victim.connect())["token"]
    await victim.say("我的秘密")
    welcome = await stranger.connect(secrets.token_urlsafe(24))
    assert welcome["lines"] == []
    assert await stranger.call("history", {"before": 1000}) == {"lines": [], "more": False}
    assert await stranger.call("history", {"before": 1000, "token": token}) == {"lines": [], "more": False}
    assert await stranger.call("history", {"before": 1000, "sender": sender_of(token)}) == {"lines": [], "more": False}
    by_sender = await visit().connect(sender_of(token))
    assert by_sender["lines"] == [], "what the server stores of the token opens nothing"
    await stranger.say("你好")
    assert stranger.lines[0]["seq"] == 2
    assert all(line["text"] != "我的秘密" for line in stranger.lines)
    assert len(victim.lines) == 1, "and nothing of the stranger's comes to the victim"


async def test_one_visitors_message_ids_are_not_anothers(visit: Callable[..., Visitor]) -> None:
    one, other = visit(), visit()
    await one.connect()
    await other.connect()
    message_id = uuid.uuid4().hex
    assert await one.send("你好", message_id=message_id) == {"ok": True, "seq": 1}
    assert await other.send("畅选59有多少流量", message_id=message_id) == {"ok": True, "seq": 1}
    await other.until(lambda: bool(other.lines))


# --------------------------------------------------------------------------------------------------- too much


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\n\t\u3000"])
async def test_an_empty_message(visit: Callable[..., Visitor], text: str) -> None:
    visitor = visit()
    await visitor.connect()
    ack = await visitor.send(text)
    assert (ack["ok"], ack["code"]) == (False, "empty") and ack["error"]


async def test_a_message_that_is_too_long(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    await visitor.connect()
    ack = await visitor.send("长" * 10_000)
    assert (ack["ok"], ack["code"]) == (False, "too_long") and str(MAX_TEXT) in ack["error"]
    assert (await visitor.send("长" * MAX_TEXT))["ok"]
    await visitor.until(lambda: bool(visitor.lines))


PLANS = ("畅选39", "畅选59", "畅选79", "畅选99", "畅选129", "畅选169", "畅选199", "青星卡29", "流量星49", "流量星69")
"""So many that nobody asks the same question three times, which would send him to a human."""


async def test_a_flood_is_answered_in_order(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    token = (await visitor.connect())["token"]
    plans = [PLANS[number % len(PLANS)] for number in range(200)]
    texts = [f"{plan}有多少流量" for plan in plans]
    acks = await asyncio.gather(
        *(visitor.send(text, message_id=f"flood-{number:04}") for number, text in enumerate(texts))
    )
    assert all(ack["ok"] for ack in acks)
    assert len({ack["seq"] for ack in acks}) == 200
    await visitor.until(lambda: sum(line["author"] == "bot" for line in visitor.lines) >= 200, seconds=300)
    assert visitor.seqs() == sorted(visitor.seqs()) and len(set(visitor.seqs())) == len(visitor.lines)
    asked = [plan for _, plan in sorted(zip([ack["seq"] for ack in acks], plans, strict=True))]
    answers = [line["text"] for line in visitor.lines if line["author"] == "bot"]
    for plan, answer in zip(asked, answers, strict=True):
        assert plan in answer, "each question got the answer to it"
    again = await visit().connect(token)
    assert again["more"] and again["lines"][-1]["seq"] == visitor.lines[-1]["seq"]


async def test_a_server_that_is_flooded_still_answers_others(visit: Callable[..., Visitor]) -> None:
    flooding, quiet = visit(), visit()
    await flooding.connect()
    await quiet.connect()
    flood = [asyncio.create_task(flooding.send(f"{PLANS[number % len(PLANS)]}有多少流量")) for number in range(50)]
    lines = await quiet.say("你好")
    assert lines and sum(line["author"] == "bot" for line in flooding.lines) < 50
    await asyncio.gather(*flood)
    await flooding.until(lambda: sum(line["author"] == "bot" for line in flooding.lines) == 50, seconds=120)
