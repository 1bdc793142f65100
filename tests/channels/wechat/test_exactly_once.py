"""One answer for each message, whatever the platform, the network and the bot do."""

from __future__ import annotations

import asyncio
import threading

import pytest

from botkit.conversation.reply import Reply
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import InboundRow
from channels.wechat.webhook import Patience
from tests.channels.wechat.conftest import Make, Server
from tests.channels.wechat.platform import Platform
from tests.channels.wechat.test_conversation import BOB, agent_says, customer_lines, statuses
from tests.unit.conversation.fakes import Clock, eventually

SHORT = Patience(sign=0.05, answer=0.2, store=20, download=20)


def text(content: str) -> dict[str, str]:
    return {"FromUserName": BOB, "MsgType": "text", "Content": content}


async def test_three_times_at_once_and_again_late(
    server: Server, platform: Platform, work: UnitOfWork, clock: Clock
) -> None:
    thinking = asyncio.Event()
    server.dialogue.before_answering = thinking.wait
    pusher = server.pusher
    fields = pusher.complete(text("查余额"))
    tries = [asyncio.create_task(pusher.post(fields)) for _ in range(3)]
    await eventually(lambda: len(server.connector._waiting) == 3)
    thinking.set()
    replies = [await one for one in tries]
    assert [reply.status for reply in replies] == [200] * 3
    assert sorted(str(reply.text) for reply in replies) == ["None", "None", "您说的是: 查余额"]
    for seconds in (1, 60, 3600):
        clock.forward(seconds=seconds)
        assert (await pusher.post(fields)).text is None
    assert server.dialogue.heard == ["查余额"] and platform.screens == {}
    await eventually(lambda: statuses(work) == [("delivered", None)])


async def test_without_waiting_for_the_first_one_either(server: Server, platform: Platform) -> None:
    """Quick answers: repeats come while it is made, or right after."""
    pusher = server.pusher
    for number in range(10):
        fields = pusher.complete(text(f"查{number}"))
        replies = await asyncio.gather(*(pusher.post(fields) for _ in range(4)))
        assert [reply.text for reply in replies if reply.text] == [f"您说的是: 查{number}"]
    assert platform.screens == {}


async def test_the_latest_try_carries_the_answer(server: Server, platform: Platform) -> None:
    """The platform hangs up after five seconds and comes again; it no longer listens to the first connection."""
    thinking = asyncio.Event()
    server.dialogue.before_answering = thinking.wait
    pusher = server.pusher
    fields = pusher.complete(text("查余额"))
    first = asyncio.create_task(pusher.post(fields))
    await eventually(lambda: len(server.connector._waiting) == 1)
    first.cancel()
    await eventually(lambda: len(server.connector._waiting) == 0)
    second = asyncio.create_task(pusher.post(fields))
    await eventually(lambda: len(server.connector._waiting) == 1)
    thinking.set()
    assert (await second).text == "您说的是: 查余额"
    assert server.dialogue.heard == ["查余额"] and platform.screens == {}


async def test_a_slow_bot_answers_by_the_api(make_server: Make, platform: Platform, work: UnitOfWork) -> None:
    async with make_server(SHORT) as server:
        thinking = asyncio.Event()
        server.dialogue.before_answering = thinking.wait
        assert await server.pusher.say(BOB, "比较") == [], "`success`, so that the platform does not repeat"
        await eventually(lambda: platform.typing == [BOB])
        assert platform.screens == {}
        thinking.set()
        await eventually(lambda: platform.texts(BOB) == ["您说的是: 比较"])
        await eventually(lambda: statuses(work) == [("delivered", None)])


async def test_the_platform_hangs_up_just_before_the_answer(server: Server, platform: Platform) -> None:
    thinking = asyncio.Event()
    server.dialogue.before_answering = thinking.wait
    request = asyncio.create_task(server.pusher.post(server.pusher.complete(text("查余额"))))
    await eventually(lambda: len(server.connector._waiting) == 1)
    request.cancel()
    await eventually(lambda: len(server.connector._waiting) == 0)
    thinking.set()
    await eventually(lambda: platform.texts(BOB) == ["您说的是: 查余额"])


async def test_an_answer_that_got_lost_on_its_way_is_given_to_the_repeat(
    server: Server, platform: Platform, clock: Clock
) -> None:
    """Five seconds later the platform comes again: it has not seen the first response."""
    pusher = server.pusher
    fields = pusher.complete(text("查余额"))
    assert (await pusher.post(fields)).text == "您说的是: 查余额"
    clock.forward(seconds=5)
    assert (await pusher.post(fields)).text == "您说的是: 查余额"
    clock.forward(seconds=20)
    assert (await pusher.post(fields)).text is None
    assert server.dialogue.heard == ["查余额"] and platform.screens == {}


async def test_two_messages_at_once_are_answered_in_order(server: Server, platform: Platform, work: UnitOfWork) -> None:
    pusher = server.pusher
    gate = asyncio.Event()
    server.dialogue.before_answering = gate.wait
    first = asyncio.create_task(pusher.say(BOB, "一"))
    await eventually(lambda: len(server.connector._waiting) == 1 and len(customer_lines(work)) == 1)
    second = asyncio.create_task(pusher.say(BOB, "二"))
    await eventually(lambda: len(server.connector._waiting) == 2 and len(customer_lines(work)) == 2)
    gate.set()
    assert (await first, await second) == (["您说的是: 一"], ["您说的是: 二"])
    assert platform.screens == {}


async def test_nothing_to_say_is_no_reason_to_wait(server: Server) -> None:
    """The patience of this server is twenty seconds."""
    server.dialogue.replies = []
    assert await asyncio.wait_for(server.pusher.say(BOB, "嗯"), 10) == []


async def test_what_cannot_be_stored_is_to_come_again(make_server: Make, work: UnitOfWork) -> None:
    async with make_server() as server:
        receive, failing = server.worker._inbox.receive, [True]

        def sometimes(message: object) -> object:
            if failing:
                failing.pop()
                raise OSError("database is locked")
            return receive(message)  # type: ignore[arg-type]

        server.worker._inbox.receive = sometimes  # type: ignore[method-assign,assignment]
        fields = server.pusher.complete(text("查余额"))
        assert (await server.pusher.post(fields)).status == 503
        assert (await server.pusher.post(fields)).text == "您说的是: 查余额"


async def test_a_download_that_takes_too_long_does_not_lose_the_message(
    make_server: Make, platform: Platform, work: UnitOfWork
) -> None:
    platform.media["M1"] = ("image/jpeg", b"")
    async with make_server(Patience(sign=0.05, answer=0.1, store=0.1, download=0.5)) as server:
        platform.held = threading.Event()
        fields = server.pusher.complete({"FromUserName": BOB, "MsgType": "image", "MediaId": "M1"})
        assert (await server.pusher.post(fields)).status == 503, "not stored yet: come again"

        def stored() -> bool:
            with work(reading=True) as session:
                return session.query(InboundRow).count() == 1

        await eventually(stored)
        platform.held.set()
        platform.held = None
        await eventually(lambda: not server.connector._webhook._taking)
    async with make_server() as again:
        assert (await again.pusher.post(fields)).status == 200


async def test_before_it_serves_it_is_unavailable(server: Server) -> None:
    server.connector._webhook._worker = None
    assert (await server.pusher.post(server.pusher.complete(text("查余额")))).status == 503


# ------------------------------------------------------------------------------------------------------- platform troubles


async def test_the_platform_is_down_for_two_minutes(
    server: Server, platform: Platform, work: UnitOfWork, clock: Clock
) -> None:
    await server.pusher.say(BOB, "转人工")
    platform.down = True
    wanted = []
    for second in range(240):
        if second % 40 == 0:
            await server.outbox.flush(agent_says(work, clock, f"第{second}秒"))
            wanted.append(f"第{second}秒")
        if second == 120:
            platform.down = False
        await server.outbox.due()
        clock.forward(seconds=1)
    await server.outbox.due()
    said = "\n\n".join(platform.texts(BOB)).replace("【小李】", "")
    assert [word for word in said.split("\n\n") if word.startswith("第")] == wanted
    assert len(platform.texts(BOB)) <= 5
    await eventually(lambda: set(statuses(work)) == {("delivered", None)})


@pytest.mark.parametrize("code", [-1, 45009, 45011, 40164])
async def test_troubles_that_pass(
    server: Server, platform: Platform, work: UnitOfWork, clock: Clock, code: int
) -> None:
    await server.pusher.say(BOB, "你好")
    platform.failures.append(("custom/send", code))
    conversation = agent_says(work, clock, "在")
    await server.outbox.flush(conversation)
    assert statuses(work)[-1] == ("pending", None)
    clock.forward(hours=1)
    await server.outbox.due()
    assert platform.texts(BOB) == ["【小李】在"]


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (45015, "window_closed"), (45047, "window_closed"), (43004, "blocked"), (43019, "blocked"), (40003, "no_address"),
        (48001, "refused"), (99999, "refused"),
    ],
)  # fmt: skip
async def test_troubles_that_stay(
    server: Server, platform: Platform, work: UnitOfWork, clock: Clock, code: int, problem: str
) -> None:
    await server.pusher.say(BOB, "你好")
    platform.failures.append(("custom/send", code))
    await server.outbox.flush(agent_says(work, clock, "在"))
    assert statuses(work)[-1] == ("failed", problem) and platform.texts(BOB) == []


async def test_a_broken_caption_does_not_send_the_picture_twice(
    server: Server, platform: Platform, work: UnitOfWork, clock: Clock
) -> None:
    from botkit.conversation.files import note
    from botkit.conversation.transcript import find_conversation
    from tests.channels.wechat.test_conversation import picture

    await server.pusher.say(BOB, "你好")
    kept = server.files.keep(picture(), "a")
    conversation = agent_says(work, clock, "看这里", **kept.content())
    with work() as session:
        note(session, kept, find_conversation(session, "wechat", BOB), clock())

    sent = platform._send

    def send(body: bytes) -> tuple[int, str, bytes]:
        if b'"text"' in body and not getattr(platform, "failed", False):
            platform.failed = True  # type: ignore[attr-defined]
            return 503, "text/html", b""
        return sent(body)

    platform._send = send  # type: ignore[method-assign]
    await server.outbox.flush(conversation)
    assert platform.texts(BOB) == ["<uploaded_0>"]
    clock.forward(seconds=1)
    await server.outbox.due()
    assert platform.texts(BOB) == ["<uploaded_0>", "【小李】看这里"]


async def test_two_servers_and_one_outbox(
    make_server: Make, platform: Platform, work: UnitOfWork, clock: Clock
) -> None:
    async with make_server() as one, make_server() as other:
        await one.pusher.say(BOB, "你好")
        conversation = agent_says(work, clock, "一", "二", "三")
        await asyncio.gather(one.outbox.flush(conversation), other.outbox.flush(conversation))
        await asyncio.gather(one.outbox.due(), other.outbox.due())
        assert platform.texts(BOB) == ["【小李】一\n\n二\n\n三"]


async def test_the_same_delivery_at_two_servers(make_server: Make, platform: Platform) -> None:
    patience = Patience(sign=20, answer=2, store=20, download=20)
    async with make_server(patience) as one, make_server(patience) as other:
        fields = one.pusher.complete(text("查余额"))
        replies = await asyncio.gather(one.pusher.post(fields), other.pusher.post(fields))
        shown = [reply.text for reply in replies if reply.text] + platform.texts(BOB)
        assert shown == ["您说的是: 查余额"]


async def test_more_than_one_answer_fits_no_response_but_pages(server: Server) -> None:
    server.dialogue.replies = [Reply("甲" * 400), Reply("乙" * 400)]
    (page,) = await server.pusher.say(BOB, "比较")
    (rest,) = await server.pusher.say(BOB, "下一页")
    assert page.startswith("甲" * 400) and rest.endswith("乙") and (page + rest).count("乙") == 400
