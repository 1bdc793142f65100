"""Files are told by what they are, kept whole, and shown to nobody else."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from botkit.conversation.files import MAX_SIZE, FileRefused, Files, response_headers
from botkit.conversation.inbox import Inbox
from botkit.conversation.messages import InboundMessage
from botkit.conversation.transcript import read_lines
from botkit.store.engine import UnitOfWork
from tests.unit.conversation.fakes import Clock


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    data = BytesIO()
    Image.new("RGB", size, "teal").save(data, kind)
    return data.getvalue()


@pytest.fixture
def files(tmp_path: Path, work: UnitOfWork) -> Files:
    return Files(tmp_path / "files", work)


def sent(work: UnitOfWork, clock: Clock, files: Files, data: bytes, sender: str = "someone") -> str:
    """The id of a file that a customer has sent."""
    file = files.keep(data, "截图 1.png")
    Inbox(work, clock).receive(InboundMessage("web", sender, f"{sender}:1", "", file=file))
    return file.id


@pytest.mark.parametrize(
    ("data", "name", "kind", "kept_as"),
    [
        (picture("PNG"), "截图.PNG", "image/png", "截图.png"),
        (picture("JPEG"), "../../etc/passwd", "image/jpeg", "passwd.jpg"),
        (picture("GIF"), "", "image/gif", "image.gif"),
        (picture("WEBP"), "a.exe", "image/webp", "a.webp"),
        (b"%PDF-1.7\n" + bytes(100), "账单.pdf", "application/pdf", "账单.pdf"),
        (b"#!AMR\n" + bytes(100), "voice", "audio/amr", "voice.amr"),
        (b"ID3\x03" + bytes(100), 'so<ng>".mp3', "audio/mpeg", "so ng.mp3"),
    ],
    ids=["png", "jpeg", "gif", "webp", "pdf", "amr", "mp3"],
)
def test_a_file_is_what_its_content_says(files: Files, data: bytes, name: str, kind: str, kept_as: str) -> None:
    file = files.keep(data, name)
    assert (file.type, file.name, file.size) == (kind, kept_as, len(data))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "type"),
        (b"<!doctype html><script>alert(1)</script>", "type"),
        (b"MZ\x90\x00" + bytes(100), "type"),
        (b"PK\x03\x04" + bytes(100), "type"),
        (picture()[:40], "broken"),
        (picture("PNG") + bytes(MAX_SIZE), "too_large"),
    ],
    ids=["empty", "svg", "html", "exe", "zip", "half a picture", "too large"],
)
def test_what_is_refused(files: Files, tmp_path: Path, data: bytes, problem: str) -> None:
    with pytest.raises(FileRefused, match=problem):
        files.keep(data, "x.png")
    assert not (tmp_path / "files").exists()


def test_a_picture_with_too_many_pixels(files: Files) -> None:
    data = BytesIO()
    Image.new("1", (9000, 9000)).save(data, "PNG")
    with pytest.raises(FileRefused, match="too_large"):
        files.keep(data.getvalue(), "huge.png")


def test_it_stands_in_the_transcript(work: UnitOfWork, clock: Clock, files: Files) -> None:
    file_id = sent(work, clock, files, picture())
    found = files.for_agent(file_id)
    assert found is not None and found[1] == picture()
    with work(reading=True) as session:
        conversation = Inbox(work, clock).receive(InboundMessage("web", "someone", "someone:1", "")).conversation_id
        (line,) = read_lines(session, conversation)
    assert line.text == ""
    assert line.content == {"file": {"id": file_id, "name": "截图 1.png", "type": "image/png", "size": len(picture())}}


def test_only_he_who_sent_it_sees_it(work: UnitOfWork, clock: Clock, files: Files) -> None:
    file_id = sent(work, clock, files, picture())
    assert files.of_customer(file_id, "web", "someone") is not None
    assert files.of_customer(file_id, "web", "another") is None
    assert files.of_customer(file_id, "telegram", "someone") is None
    assert files.of_customer("0" * 32, "web", "someone") is None
    assert files.for_agent(files.keep(picture()).id) is None, "it belongs to no conversation yet"


def test_the_same_bytes_are_kept_once(files: Files, tmp_path: Path) -> None:
    assert files.keep(picture(), "a.png").id != files.keep(picture(), "b.png").id
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


def test_how_many_lately(work: UnitOfWork, clock: Clock, files: Files) -> None:
    begun = clock()
    clock.forward(minutes=1)
    sent(work, clock, files, picture())
    assert files.sent_since("web", "someone", begun) == 1
    assert files.sent_since("web", "another", begun) == 0
    assert files.sent_since("web", "someone", clock()) == 0


def test_only_pictures_are_shown_in_place(files: Files) -> None:
    shown, offered = files.keep(picture(), "图.png"), files.keep(b"%PDF-1.7\n" + bytes(100), "账单.pdf")
    assert response_headers(shown)["Content-Disposition"] == "inline; filename*=UTF-8''%E5%9B%BE.png"
    assert response_headers(offered)["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in response_headers(offered)["Content-Security-Policy"]
