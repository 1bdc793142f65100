"""Five messages after he wrote, three within a minute after he clicked."""

from __future__ import annotations

from botkit.conversation.outbox import Delivery
from botkit.handoff.machine import HandOver, Reason
from botkit.store.engine import UnitOfWork
from tests.channels.wechat.conftest import Make, Server
from tests.channels.wechat.platform import Platform
from tests.channels.wechat.test_conversation import BOB, agent_says, statuses
from tests.unit.conversation.fakes import Clock

LAST = "(微信限制了条数, 请回一句话, 客服人员才能接着给您发消息。)"


async def test_an_agent_who_writes_much(server: Server, platform: Platform, work: UnitOfWork, clock: Clock) -> None:
    heard: list[Delivery] = []

    async def listen(delivery: Delivery) -> None:
        heard.append(delivery)

    server.outbox.on_delivery(listen)
    await server.pusher.say(BOB, "你好")
    for number in range(1, 10):
        await server.outbox.flush(agent_says(work, clock, f"第{number}句"))
        clock.forward(seconds=1)
    for _ in range(60):
        await server.outbox.due()
        clock.forward(seconds=1)
    shown = platform.texts(BOB)
    assert shown[:3] == ["【小李】第1句", "【小李】第2句", "【小李】第3句"]
    assert shown[3] == "【小李】第4句\n\n第5句\n\n第6句\n\n第7句\n\n第8句\n\n第9句", (
        "few are left: they travel together"
    )
    assert len(shown) == 4
    await server.outbox.flush(agent_says(work, clock, "第10句"))
    clock.forward(seconds=20)
    await server.outbox.due()
    assert platform.texts(BOB)[-1] == f"【小李】第10句\n{LAST}"
    await server.outbox.flush(agent_says(work, clock, "第11句"))
    assert len(platform.texts(BOB)) == 5 and platform.windows[BOB].left == 0
    assert heard[-1].problem == "window_closed" and statuses(work)[-1] == ("failed", "window_closed")
    await server.pusher.say(BOB, "好")
    await server.outbox.flush(agent_says(work, clock, "第12句"))
    assert platform.texts(BOB)[-1] == "【小李】第12句"


async def test_after_two_days(server: Server, platform: Platform, work: UnitOfWork, clock: Clock) -> None:
    await server.pusher.say(BOB, "你好")
    clock.forward(hours=47, minutes=58)
    await server.outbox.flush(agent_says(work, clock, "还在"))
    clock.forward(minutes=2)
    await server.outbox.flush(agent_says(work, clock, "太晚了"))
    assert platform.texts(BOB) == ["【小李】还在"] and statuses(work)[-1] == ("failed", "window_closed")


async def test_a_repeated_delivery_grants_nothing(
    server: Server, platform: Platform, work: UnitOfWork, clock: Clock
) -> None:
    pusher = server.pusher
    fields = pusher.complete({"FromUserName": BOB, "MsgType": "text", "Content": "你好"})
    await pusher.post(fields)
    for number in range(3):
        await server.outbox.flush(agent_says(work, clock, str(number)))
    await pusher.post(fields)
    assert server.connector._quota.left(BOB).messages == 2


async def test_after_a_click_only_a_minute(server: Server, platform: Platform, work: UnitOfWork, clock: Clock) -> None:
    server.dialogue.hand_over = HandOver(Reason.ASKED)
    (said,) = await server.pusher.event(BOB, "CLICK", "/request_human")
    assert said.endswith("(微信规定您先发过消息, 客服人员才能回复。请直接打一句话, 说说要办什么。)")
    await server.outbox.flush(agent_says(work, clock, "您好"))
    clock.forward(seconds=56)
    await server.outbox.flush(agent_says(work, clock, "还在吗"))
    assert len(platform.texts(BOB)) == 1 and statuses(work)[-1] == ("failed", "window_closed")
    await server.pusher.say(BOB, "在的")
    await server.outbox.flush(agent_says(work, clock, "好"))
    assert platform.texts(BOB)[-1] == "【小李】好"


async def test_a_click_adds_nothing_to_what_is_left(
    server: Server, platform: Platform, work: UnitOfWork, clock: Clock
) -> None:
    await server.pusher.say(BOB, "你好")
    for number in range(3):
        await server.outbox.flush(agent_says(work, clock, str(number)))
    clock.forward(seconds=1)
    await server.pusher.event(BOB, "CLICK", "/ask_balance")
    assert server.connector._quota.left(BOB).messages == platform.windows[BOB].left == 3
    await server.pusher.say(BOB, "1. 查", bizmsgmenuid="1")
    clock.forward(minutes=2)
    assert server.connector._quota.left(BOB).messages == 2


async def test_passive_replies_cost_nothing(make_server: Make, platform: Platform) -> None:
    async with make_server() as server:
        for number in range(12):
            assert await server.pusher.say(BOB, str(number)) == [f"您说的是: {number}"]
        assert server.connector._quota.left(BOB).messages == 5 and platform.requests == []
