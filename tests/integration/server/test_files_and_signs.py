"""Files both ways, and the signs that somebody writes or has read, over the real wire."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from io import BytesIO

import httpx
import pytest
from PIL import Image

from tests.integration.server.agent import Agent
from tests.integration.server.server import Server
from tests.integration.server.test_desk import admin, hire, visit, waiting  # noqa: F401
from tests.integration.server.visitor import Visitor

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.asyncio]


def picture() -> bytes:
    data = BytesIO()
    Image.new("RGB", (20, 10), "teal").save(data, "PNG")
    return data.getvalue()


async def served(hire: Callable, visit: Callable[[], Visitor]) -> tuple[Agent, Visitor, str]:  # noqa: F811
    lin, customer = await hire(), visit()
    talk = await waiting(customer, lin)
    await lin.do("accept", id=talk)
    await lin.do("open", id=talk)
    return lin, customer, talk


async def test_a_picture_from_the_customer(
    server: Server,
    hire: Callable,  # noqa: F811
    visit: Callable[[], Visitor],  # noqa: F811
) -> None:
    lin, customer, talk = await served(hire, visit)
    assert (await customer.send_file(picture(), "截图.png", "您看"))["ok"]
    await lin.until(lambda: "您看" in lin.texts(talk))
    file = next(line["file"] for known, line in lin.lines if known == talk and "file" in line)
    assert (file["name"], file["type"], file["size"]) == ("截图.png", "image/png", len(picture()))
    own = httpx.get(f"{server.url}/chat/files/{file['id']}", headers=customer.authorization)
    assert (own.content, own.headers["content-type"]) == (picture(), "image/png")
    seen = httpx.get(f"{server.url}/desk/files/{file['id']}", cookies=lin.cookies)
    assert seen.content == picture() and "sandbox" in seen.headers["content-security-policy"]

    stranger = visit()
    await stranger.connect()
    assert httpx.get(f"{server.url}/chat/files/{file['id']}", headers=stranger.authorization).status_code == 404
    assert httpx.get(f"{server.url}/chat/files/{file['id']}").status_code == 401
    assert httpx.get(f"{server.url}/desk/files/{file['id']}").status_code == 401


async def test_a_picture_to_the_bot(visit: Callable[[], Visitor]) -> None:  # noqa: F811
    customer = visit()
    await customer.connect()
    done = customer.typing.count(False)
    assert (await customer.send_file(picture(), "截图.png"))["ok"]
    await customer.until(lambda: customer.typing.count(False) > done)
    assert "看不懂图片" in customer.lines[-1]["text"]
    assert [choice["title"] for choice in customer.lines[-1]["choices"]] == ["转人工"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "file_empty"), (b"<html><script>1</script>", "file_type"), (picture() + bytes(9_000_000), "file_too_large")],
    ids=["empty", "page", "too large"],
)
async def test_a_refused_file_changes_nothing(visit: Callable[[], Visitor], data: bytes, code: str) -> None:  # noqa: F811
    customer = visit()
    await customer.connect()
    answer = await customer.send_file(data, "x.png")
    assert (answer["ok"], answer["code"]) == (False, code) and answer["error"]
    assert (await customer.call("history", {"before": 99}))["lines"] == []


async def test_a_file_from_the_agent(
    server: Server,
    hire: Callable,  # noqa: F811
    visit: Callable[[], Visitor],  # noqa: F811
) -> None:
    lin, customer, talk = await served(hire, visit)
    query = {"conversation": talk, "id": uuid.uuid4().hex, "name": "说明.pdf"}
    headers = {"Content-Type": "application/octet-stream"}
    for _ in range(2):
        sent = httpx.post(
            f"{server.url}/desk/files", params=query, content=b"%PDF-1.7 ...", headers=headers, cookies=lin.cookies
        )
        assert sent.json()["ok"], sent.text
    await customer.until(lambda: any("file" in line for line in customer.lines))
    (line,) = [line for line in customer.lines if "file" in line]
    assert (line["author"], line["file"]["name"]) == ("agent", "说明.pdf")
    got = httpx.get(f"{server.url}/chat/files/{line['file']['id']}", headers=customer.authorization)
    assert got.content == b"%PDF-1.7 ..." and got.headers["content-disposition"].startswith("attachment")


async def test_who_writes_and_who_has_read(hire: Callable, visit: Callable[[], Visitor]) -> None:  # noqa: F811
    lin, customer, talk = await served(hire, visit)
    await customer.socket.emit("typing", {"on": True})
    await lin.until(lambda: ("typing", {"id": talk, "on": True}) in lin.signs)
    before = len(customer.typing)
    await lin.do("typing", id=talk, on=True)
    await customer.until(lambda: customer.typing[before:] == [True])
    seq = await lin.says(talk, "查好了")
    await lin.until(lambda: ("read", {"id": talk, "seq": seq}) in lin.signs)
    asked = (await customer.send("谢谢"))["seq"]
    await lin.do("read", id=talk, seq=asked)
    await customer.until(lambda: asked in customer.read)
    again = Visitor(customer._url)
    assert customer.welcome is not None
    assert (await again.connect(token=customer.welcome["token"]))["read"] == asked
    await again.disconnect()


async def test_an_agent_who_does_not_serve_him_gives_no_sign(hire: Callable, visit: Callable[[], Visitor]) -> None:  # noqa: F811
    lin, customer, talk = await served(hire, visit)
    other = await hire()
    before = len(customer.typing)
    await other.do("typing", id=talk, on=True)
    await lin.do("typing", id=talk, on=False)
    await customer.until(lambda: len(customer.typing) > before)
    assert customer.typing[before:] == [False]


async def test_signing_out_ends_the_consoles_of_this_sign_in(server: Server, hire: Callable) -> None:  # noqa: F811
    lin = await hire()
    assert httpx.post(f"{server.url}/desk/logout", cookies=lin.cookies).status_code == 204
    await lin.until(lambda: ("signed_out", {}) in lin.signs)
    await lin.until(lambda: not lin.socket.connected)
