"""What customers send and see: kinds, events, choices, pages, files."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from botkit.conversation.files import PER_HOUR
from botkit.conversation.messages import Author
from botkit.conversation.outbox import enqueue
from botkit.conversation.reply import Choice, Reply
from botkit.conversation.transcript import append_line, find_conversation, open_conversation, read_lines
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import InboundRow, OutboundRow
from tests.channels.wechat.conftest import Server
from tests.channels.wechat.platform import Platform
from tests.channels.wechat.pusher import Pusher
from tests.unit.conversation.fakes import Clock, eventually

BOB = "oyORnuP8q7ou2gfYjqLzSIWZf0rs"
TAKEN = "收到了。我还看不懂"


def picture(kind: str = "PNG", side: int = 8) -> bytes:
    written = BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(written, kind)
    return written.getvalue()


def customer_lines(work: UnitOfWork) -> list[tuple[str, str]]:
    """(text, type of the file) of what the customer sent."""
    with work(reading=True) as session:
        row = find_conversation(session, "wechat", BOB)
        lines = read_lines(session, row.id) if row else ()
        return [
            (line.text, line.content.get("file", {}).get("type", ""))
            for line in lines
            if line.author is Author.CUSTOMER
        ]


def agent_says(work: UnitOfWork, clock: Clock, *texts: str, **content: object) -> str:
    """Lines of an agent on their way; the conversation."""
    with work() as session:
        row = open_conversation(session, "wechat", BOB, clock())
        for text in texts:
            line = append_line(session, row, Author.AGENT, text, clock(), {"name": "小李", **content})
            enqueue(session, line, None, clock())
        identity: str = row.id
        return identity


def statuses(work: UnitOfWork) -> list[tuple[str, str | None]]:
    with work(reading=True) as session:
        rows = session.query(OutboundRow).order_by(OutboundRow.conversation_id, OutboundRow.seq)
        return [(row.status, row.problem) for row in rows]


async def test_a_text_is_answered_in_the_response(pusher: Pusher, platform: Platform, work: UnitOfWork) -> None:
    assert await pusher.say(BOB, "查余额") == ["您说的是: 查余额"]
    assert platform.requests == [], "no call, no quota"
    await eventually(lambda: statuses(work) == [("delivered", None)])


async def test_several_lines_and_their_choices_are_one_message(server: Server) -> None:
    server.dialogue.replies = [
        Reply("核对好了。"),
        Reply("余额 12.30 元。", choices=(Choice("看账单", "/ask_bill"), Choice("转人工", "/request_human"))),
    ]
    (said,) = await server.pusher.say(BOB, "123456")
    assert said == "核对好了。\n\n余额 12.30 元。\n点一下, 或回复数字:\n1 看账单\n2 转人工"


async def test_a_number_a_title_and_a_touched_link_are_the_choice(server: Server, work: UnitOfWork) -> None:
    server.dialogue.replies = [
        Reply("要哪样?", choices=(Choice("查余额", "/ask_balance"), Choice("设 5G", "/setup_5g")))
    ]
    await server.pusher.say(BOB, "你好")
    for text, extra in (("2", {}), ("设 5G", {}), ("2 设 5G", {"bizmsgmenuid": "2"}), ("设 5G", {"bizmsgmenuid": "2"})):
        await server.pusher.say(BOB, text, **extra)
    assert server.dialogue.heard[1:] == ["/setup_5g"] * 4
    assert [text for text, _ in customer_lines(work)][1:] == ["设 5G"] * 4


async def test_a_long_answer_comes_in_pages(server: Server) -> None:
    long = "\n".join(f"第{number}项: 畅选套餐每月费用和流量都在这里写明" for number in range(60))
    server.dialogue.replies = [Reply(long, choices=(Choice("转人工", "/request_human"),))]
    (page,) = await server.pusher.say(BOB, "比较")
    pages = [page]
    while "下一页" in pages[-1]:
        pages += await server.pusher.say(BOB, "下一页")
    assert len(pages) == 3 and all(len(one.encode()) <= 1800 for one in pages)
    assert server.dialogue.heard == ["比较"]
    assert "\n".join(one.replace("\n\n还没完, 回复“下一页”接着看。", "") for one in pages).startswith(long)
    assert pages[-1].endswith("1 转人工") and "转人工" not in pages[0]
    last = pages[0].split("\n\n还没完")[0].split("\n")[-1]
    following = int(last.partition("项")[0].removeprefix("第")) + 1
    assert pages[1].startswith(f"第{following}项: ") and pages[1].endswith("还没完, 回复“下一页”接着看。")


@pytest.mark.parametrize(
    ("kind", "mime", "data", "wanted", "answer"),
    [
        ("image", "image/jpeg", picture("JPEG"), ("", "image/jpeg"), TAKEN),
        ("voice", "audio/amr", b"#!AMR\n" + bytes(100), ("", "audio/amr"), TAKEN),
        ("video", "video/mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(100), ("", "video/mp4"), TAKEN),
        ("shortvideo", "video/mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(100), ("", "video/mp4"), TAKEN),
        ("voice", "voice/speex", b"Speex   " + bytes(50), ("[语音] (没能取到内容)", ""), "这种文件没有收下"),
        ("image", "image/jpeg", b"\xff\xd8\xffbroken", ("[图片] (没能取到内容)", ""), "这个文件打不开"),
        ("video", "video/mp4", bytes(9_000_000), ("[视频] (没能取到内容)", ""), "这个文件太大了"),
    ],
    ids=["image", "voice", "video", "shortvideo", "speex", "broken", "too large"],
)
async def test_files(
    server: Server,
    platform: Platform,
    work: UnitOfWork,
    kind: str,
    mime: str,
    data: bytes,
    wanted: tuple[str, str],
    answer: str,
) -> None:
    """What is taken, and why something is not."""
    platform.media["M1"] = (mime, data)
    fields = {"FromUserName": BOB, "MsgType": kind, "MediaId": "M1", "Format": "amr"}
    (said,) = await server.pusher.push(fields)
    assert server.dialogue.heard == []
    assert said.startswith(answer)
    assert customer_lines(work) == [wanted]


async def test_a_recognised_voice_message_is_understood(server: Server, platform: Platform, work: UnitOfWork) -> None:
    platform.media["M1"] = ("audio/amr", b"#!AMR\n" + bytes(100))
    fields = {"FromUserName": BOB, "MsgType": "voice", "MediaId": "M1", "Recognition": "查余额。"}
    assert await server.pusher.push(fields) == ["您说的是: 查余额。"]
    assert customer_lines(work) == [("查余额。", "audio/amr")]


async def test_a_file_that_is_gone_loses_no_message(server: Server, work: UnitOfWork) -> None:
    (said,) = await server.pusher.push({"FromUserName": BOB, "MsgType": "image", "MediaId": "GONE"})
    assert said.startswith("刚才的文件没能取到, 请再发一次")
    assert customer_lines(work) == [("[图片] (没能取到内容)", "")]


async def test_so_many_files_an_hour(server: Server, platform: Platform, work: UnitOfWork, clock: Clock) -> None:
    platform.media["M1"] = ("image/png", picture())
    fields = {"FromUserName": BOB, "MsgType": "image", "MediaId": "M1"}
    for _ in range(PER_HOUR):
        await server.pusher.push(fields)
    assert all(kind for _, kind in customer_lines(work))
    fetched = len(platform.requests)
    (said,) = await server.pusher.push(fields)
    assert said.startswith("一小时内发的文件太多了") and "GET /cgi-bin/media/get" not in platform.requests[fetched:]
    assert customer_lines(work)[-1] == ("[图片] (没能取到内容)", "")
    clock.forward(hours=1, seconds=1)
    await server.pusher.push(fields)
    assert customer_lines(work)[-1] == ("", "image/png")


async def test_a_voice_message_that_cannot_be_kept_is_understood_all_the_same(server: Server, work: UnitOfWork) -> None:
    fields = {"FromUserName": BOB, "MsgType": "voice", "MediaId": "GONE", "Recognition": "查余额。"}
    assert await server.pusher.push(fields) == ["您说的是: 查余额。"]
    assert customer_lines(work) == [("查余额。", "")]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {"MsgType": "location", "Location_X": "23.1", "Location_Y": "113.3", "Scale": "20", "Label": "天河"},
            "[位置] 天河 (23.1, 113.3)",
        ),
        ({"MsgType": "link", "Title": "公告", "Url": "https://example.com/a"}, "[链接] 公告 https://example.com/a"),
        ({"MsgType": "file", "Title": "账单.pdf", "FileKey": "k"}, "[文件] 账单.pdf (公众号收不到文件内容)"),
    ],
    ids=["location", "link", "file"],
)
async def test_what_only_humans_read(server: Server, work: UnitOfWork, fields: dict[str, str], text: str) -> None:
    (said,) = await server.pusher.push({"FromUserName": BOB, **fields})
    assert said.startswith("收到了。我还看不懂") and server.dialogue.heard == []
    assert customer_lines(work) == [(text, "")]


@pytest.mark.parametrize(
    ("event", "key", "heard", "text"),
    [
        ("subscribe", "", "/greet", "(关注了公众号)"),
        ("subscribe", "qrscene_balance", "/ask_balance", "(扫码关注了公众号: balance)"),
        ("subscribe", "qrscene_42", "/greet", "(扫码关注了公众号: 42)"),
        ("SCAN", "balance", "/ask_balance", "(扫了二维码: balance)"),
        ("CLICK", "/ask_balance", "/ask_balance", "查余额"),
    ],
)
async def test_events_that_are_answered(
    server: Server, work: UnitOfWork, event: str, key: str, heard: str, text: str
) -> None:
    assert await server.pusher.event(BOB, event, key) == [f"您说的是: {heard}"]
    assert customer_lines(work) == [(text, "")] and server.dialogue.heard == [heard]


@pytest.mark.parametrize(
    ("event", "key"),
    [
        ("VIEW", "https://example.com"), ("LOCATION", ""), ("TEMPLATESENDJOBFINISH", ""), ("SCAN", "42"), ("CLICK", "old"),
        ("unsubscribe", ""), ("scancode_push", "x"), ("kf_create_session", ""), ("debug_demo", ""),
    ],
)  # fmt: skip
async def test_events_that_are_not(server: Server, work: UnitOfWork, event: str, key: str) -> None:
    pusher = server.pusher
    reply = await pusher.post(
        pusher.complete({"FromUserName": BOB, "MsgType": "event", "Event": event, "EventKey": key})
    )
    assert (reply.status, reply.body) == (200, b"success")
    assert customer_lines(work) == [] and server.dialogue.heard == []


async def test_an_unknown_kind_is_passed_over(server: Server, work: UnitOfWork) -> None:
    assert await server.pusher.push({"FromUserName": BOB, "MsgType": "hologram"}) == []
    assert customer_lines(work) == []


async def test_a_repeated_event_changes_nothing(server: Server, work: UnitOfWork) -> None:
    fields = server.pusher.complete(
        {"FromUserName": BOB, "MsgType": "event", "Event": "CLICK", "EventKey": "/ask_balance"}
    )
    replies = [await server.pusher.post(fields) for _ in range(3)]
    assert [reply.text for reply in replies] == ["您说的是: /ask_balance", None, None]
    with work(reading=True) as session:
        assert session.query(InboundRow).count() == 1


async def test_who_left_is_not_written_to_until_he_comes_back(
    server: Server, platform: Platform, work: UnitOfWork, clock: Clock
) -> None:
    await server.pusher.say(BOB, "你好")
    clock.forward(seconds=1)
    await server.pusher.event(BOB, "unsubscribe")
    await server.outbox.flush(agent_says(work, clock, "在吗"))
    assert statuses(work)[-1] == ("failed", "blocked") and platform.texts(BOB) == []
    clock.forward(seconds=1)
    await server.pusher.event(BOB, "subscribe")
    await server.outbox.flush(agent_says(work, clock, "欢迎回来"))
    assert statuses(work)[-1] == ("delivered", None)


# -------------------------------------------------------------------------------------------------------- what agents send


async def test_an_agents_line_carries_his_name(
    server: Server, platform: Platform, work: UnitOfWork, clock: Clock
) -> None:
    await server.pusher.say(BOB, "你好")
    await server.outbox.flush(agent_says(work, clock, "您好, 我来查", "请稍等"))
    assert platform.texts(BOB) == ["【小李】您好, 我来查\n\n请稍等"]


@pytest.mark.parametrize(("kind", "side"), [("JPEG", 8), ("PNG", 8), ("WEBP", 8), ("PNG", 1300)])
async def test_an_agents_picture(
    server: Server, platform: Platform, work: UnitOfWork, clock: Clock, kind: str, side: int
) -> None:
    await server.pusher.say(BOB, "你好")
    kept = server.files.keep(picture(kind, side), "a")
    conversation = agent_says(work, clock, "看这里", **kept.content())
    from botkit.conversation.files import note

    with work() as session:
        note(session, kept, find_conversation(session, "wechat", BOB), clock())
    await server.outbox.flush(conversation)
    assert platform.texts(BOB) == ["<uploaded_0>", "【小李】看这里"]
    assert statuses(work)[-1] == ("delivered", None)


async def test_another_file_is_told_of(server: Server, platform: Platform, work: UnitOfWork, clock: Clock) -> None:
    await server.pusher.say(BOB, "你好")
    kept = server.files.keep(b"%PDF-1.4\n" + bytes(50), "账单")
    await server.outbox.flush(agent_says(work, clock, "", **kept.content()))
    assert platform.texts(BOB) == [
        "【小李】小李给您发了一个文件“账单.pdf”, 公众号里打不开这种文件。请回一句话, 让客服人员换一种方式给您。"
    ]


async def test_choices_by_the_api_are_a_menu_and_numbers_on_a_test_account(
    server: Server, platform: Platform, work: UnitOfWork, clock: Clock
) -> None:
    await server.pusher.say(BOB, "你好")
    choices = {"choices": [{"title": "5 满意", "payload": "/a"}, {"title": "4", "payload": "/b"}], "name": ""}
    choices["choices"] = [*choices["choices"], *({"title": str(n), "payload": f"/c{n}"} for n in (3, 2, 1))]  # type: ignore[misc]
    await server.outbox.flush(agent_says(work, clock, "满意吗?", **choices))
    platform.test_account = True
    await server.outbox.flush(agent_says(work, clock, "满意吗?", **choices))
    menu, text = platform.screens[BOB]
    assert (menu["msgtype"], text["msgtype"]) == ("msgmenu", "text")
    shown = "满意吗?\n点一下, 或回复数字:\n1\n2\n3\n4\n5 满意"
    assert platform.texts(BOB) == [shown, shown], "the answer 5 means five"
