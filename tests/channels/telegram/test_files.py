"""Files both ways."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from botkit.content.texts import Texts
from botkit.conversation.files import MAX_SIZE, PER_HOUR
from botkit.conversation.messages import Author
from tests.channels.telegram import updates
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.talk import Talk
from tests.channels.telegram.updates import CUSTOMER

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
OGG = b"OggS" + b"\x00" * 60


def picture(width: int = 60, height: int = 40, form: str = "JPEG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(data, form)
    return data.getvalue()


def kept(talk: Talk) -> list[dict[str, Any]]:
    return [line.content["file"] for line in talk.lines() if line.author is Author.CUSTOMER and "file" in line.content]


async def test_a_photo_comes_in_the_largest_size_that_fits(talk: Talk, api: BotApi) -> None:
    api.files = {"small": picture(30, 20), "large": picture(90, 60)}
    sizes = {"small": (90, 67, 900), "large": (800, 600, MAX_SIZE), "huge": (4000, 3000, MAX_SIZE + 1)}
    await talk.hear(updates.photo(sizes, caption="这笔是什么"))
    (file,) = kept(talk)
    assert file["type"] == "image/jpeg" and file["size"] == len(api.files["large"])
    assert talk.heard() == ["这笔是什么"] and api.texts(CUSTOMER) == ["您说的是: 这笔是什么"]


@pytest.mark.parametrize(
    ("update", "data", "kind"),
    [
        (updates.document("d", len(PDF), "账单 11月.pdf"), PDF, "application/pdf"),
        (updates.document("d", None), PDF, "application/pdf"),
        (updates.voice("d", len(OGG)), OGG, "audio/ogg"),
    ],
    ids=["document", "size not told", "voice"],
)
async def test_files_are_kept(talk: Talk, api: BotApi, update: dict[str, Any], data: bytes, kind: str) -> None:
    api.files = {"d": data}
    await talk.hear(update)
    (file,) = kept(talk)
    assert (file["type"], file["size"]) == (kind, len(data))
    found = talk.files.of_customer(file["id"], "telegram", str(CUSTOMER))
    assert found and found[1] == data
    assert "我还看不懂" in api.texts(CUSTOMER)[0], "a file without words is for a human"


@pytest.mark.parametrize(
    ("update", "data", "problem"),
    [
        (updates.document("d", MAX_SIZE + 1), PDF, "too_large"),
        (updates.document("d", 25 * 1024 * 1024), PDF, "too_large"),
        (updates.document("d", None), b"x" * (21 * 1024 * 1024), "too_large"),
        (updates.document("d", None), b"%PDF" + b"x" * MAX_SIZE, "too_large"),
        (updates.document("d", 9, "a.exe"), b"MZ\x90\x00xxxxx", "type"),
        (updates.document("d", 9), b"", "empty"),
        (updates.document("d", 9), picture()[:60], "broken"),
        (updates.document("gone", 9), PDF, "lost"),
    ],
    ids=["ours", "told", "of the Bot API", "not told", "type", "empty", "broken", "lost"],
)
async def test_what_is_not_taken_is_said_politely(
    talk: Talk, api: BotApi, texts: Texts, update: dict[str, Any], data: bytes, problem: str
) -> None:
    api.files = {"d": data}
    await talk.hear(update)
    assert api.texts(CUSTOMER) == [texts.text(f"file_not_taken_{problem}", size=8)]
    assert talk.heard() == [f"[文件, 没有收下] {update['message']['document']['file_name']}"]
    assert kept(talk) == [] and talk.dialogue.heard == []


async def test_a_size_that_nobody_told_is_still_bounded(talk: Talk, api: BotApi, texts: Texts) -> None:
    api.files, api.unknown_sizes = {"d": b"%PDF" + b"x" * MAX_SIZE}, True
    await talk.hear(updates.document("d", None))
    assert api.texts(CUSTOMER) == [texts.text("file_not_taken_too_large", size=8)]


@pytest.mark.parametrize(("method", "status"), [("getFile", 502), ("getFile", 0), ("download", 500), ("download", 0)])
async def test_a_file_that_cannot_be_fetched_comes_again(talk: Talk, api: BotApi, method: str, status: int) -> None:
    api.files = {"d": PDF}
    api.fail(method, status)
    update = updates.document("d", len(PDF))
    assert await talk.post(update) == 503 and talk.stored() == 0
    await talk.hear(update)
    assert len(kept(talk)) == 1
    asked = len(api.asked("getFile"))
    await talk.hear(update)
    assert len(kept(talk)) == 1 and len(api.asked("getFile")) == asked, "known already, not fetched again"


async def test_in_the_end_the_message_is_taken_without_it(talk: Talk, api: BotApi, texts: Texts) -> None:
    update = updates.document("d", len(PDF), caption="看看这个")
    api.fail("getFile", 502, times=2)
    assert await talk.post(update) == 503
    talk.clock.forward(minutes=4)
    await talk.hear(update)
    assert talk.heard() == ["看看这个\n[文件, 没有收下] Testfile.pdf"]
    assert api.texts(CUSTOMER) == [texts.text("file_not_taken_lost")]


async def test_so_many_files_an_hour(talk: Talk, api: BotApi, texts: Texts) -> None:
    api.files = {"d": PDF}
    for _ in range(PER_HOUR + 1):
        assert await talk.post(updates.document("d", len(PDF))) == 200
    await talk.quiet()
    assert len(kept(talk)) == PER_HOUR
    talk.clock.forward(hours=1, seconds=1)
    await talk.hear(updates.document("d", len(PDF)))
    assert len(kept(talk)) == PER_HOUR + 1


# ------------------------------------------------------------------------------------------------------------------- out


async def test_a_picture_of_the_agent_is_shown(talk: Talk, api: BotApi) -> None:
    data = picture(form="PNG")
    file = talk.keep(data, "截图.png")
    await talk.send("这样点", Author.AGENT, name="小林", **file.content())
    (shown,) = api.messages[CUSTOMER]
    assert shown["photo"] == data and shown["caption"] == "小林:\n这样点"


async def test_a_document_is_sent_as_one(talk: Talk, api: BotApi) -> None:
    file = talk.keep(PDF, "账单.pdf")
    await talk.send("", Author.AGENT, name="小林", **file.content())
    (shown,) = api.messages[CUSTOMER]
    assert shown["document"] == PDF and shown["caption"] == "小林:"


async def test_a_picture_that_telegram_cannot_show_goes_as_a_file(talk: Talk, api: BotApi) -> None:
    file = talk.keep(picture(), "长图.jpg")
    api.fail("sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    await talk.send("长图", Author.AGENT, name="小林", **file.content())
    (shown,) = api.messages[CUSTOMER]
    assert "document" in shown and talk.outbound() == [("delivered", None)]


async def test_a_long_text_with_a_file_follows_it(talk: Talk, api: BotApi) -> None:
    file = talk.keep(PDF, "账单.pdf")
    await talk.send("字" * 1500, Author.AGENT, name="小林", **file.content())
    first, second = api.messages[CUSTOMER]
    assert first["document"] == PDF and "caption" not in first
    assert second["text"] == "小林:\n" + "字" * 1500


async def test_a_file_that_is_gone_is_told(talk: Talk, api: BotApi, texts: Texts) -> None:
    file = {"id": "0" * 32, "name": "a.pdf", "type": "application/pdf", "size": 3}
    await talk.send("看附件", Author.AGENT, name="小林", file=file)
    assert api.texts(CUSTOMER) == [f"{texts.text('telegram_file_gone', name='a.pdf')}\n小林:\n看附件"]
