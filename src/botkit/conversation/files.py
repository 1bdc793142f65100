"""Files that customers and agents send: checked, kept under `var/files` by their digest, named by rows of the database."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import uuid
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from urllib.parse import quote

import filetype
from PIL import Image, UnidentifiedImageError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from botkit.conversation.messages import KeptFile, storable
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, FileRow

MAX_SIZE = 8 * 1024 * 1024
"""Bytes."""

MAX_PIXELS = 50_000_000
"""More of them would cost the memory of whoever looks at the picture."""

MAX_NAME = 80

PER_HOUR = 30
"""So many files a customer may send on whichever channel: the disk is everybody's."""

TYPES: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "audio/amr": "amr",
    "video/mp4": "mp4",
}
"""What is taken, and the extension that its name gets. Told from the content, whatever name or header it comes with."""

_ALIASES = {"audio/m4a": "audio/mp4", "audio/x-m4a": "audio/mp4"}
_UNFIT = re.compile(r'[:*?"<>|\s]+')


class FileRefused(ValueError):
    """`problem`: `empty`, `too_large`, `type` or `broken`."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Files:
    def __init__(self, folder: Path, unit_of_work: UnitOfWork) -> None:
        """folder: shared by all servers of one database."""
        self._folder = folder
        self._unit_of_work = unit_of_work

    def keep(self, data: bytes, name: str = "") -> KeptFile:
        """Check it and write it down; it belongs to nobody until `note` names its conversation. Raises FileRefused."""
        kind = _checked(data)
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if not path.exists():
            _write(path, data)
        return KeptFile(uuid.uuid4().hex, _name(name, kind), kind, len(data), digest)

    def sent_since(self, channel: str, sender: str, since: datetime) -> int:
        """How many files a conversation has got since then."""
        query = (
            select(func.count(FileRow.id))
            .join(ConversationRow, ConversationRow.id == FileRow.conversation_id)
            .where(ConversationRow.channel == channel, ConversationRow.sender == sender, FileRow.at > since)
        )
        with self._unit_of_work(reading=True) as session:
            return int(session.execute(query).scalar_one())

    def of_customer(self, file_id: str, channel: str, sender: str) -> tuple[KeptFile, bytes] | None:
        """A file of this customer's conversation, with its bytes; None where there is no such one."""
        file, conversation = self._find(file_id)
        if conversation is None or (conversation.channel, conversation.sender) != (channel, sender):
            return None
        return self._with_bytes(file)

    def for_agent(self, file_id: str) -> tuple[KeptFile, bytes] | None:
        """A file of any conversation, with its bytes."""
        return self._with_bytes(self._find(file_id)[0])

    def _find(self, file_id: str) -> tuple[KeptFile | None, ConversationRow | None]:
        with self._unit_of_work(reading=True) as session:
            row = session.get(FileRow, file_id)
            if row is None:
                return None, None
            file = KeptFile(row.id, row.name, row.type, row.size, row.digest)
            return file, session.get(ConversationRow, row.conversation_id)

    def _with_bytes(self, file: KeptFile | None) -> tuple[KeptFile, bytes] | None:
        if file is None:
            return None
        try:
            return file, self._path(file.digest).read_bytes()
        except FileNotFoundError:
            return None

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def response_headers(file: KeptFile) -> dict[str, str]:
    """For handing it out: it is never run as a page, and only pictures are shown in place."""
    kind = "inline" if file.is_picture else "attachment"
    return {
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(file.name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=86400, immutable",
    }


def note(session: Session, file: KeptFile, conversation: ConversationRow, at: datetime) -> None:
    """From now on the file is this conversation's."""
    session.add(
        FileRow(
            id=file.id,
            conversation_id=conversation.id,
            name=file.name,
            type=file.type,
            size=file.size,
            digest=file.digest,
            at=at,
        )
    )


def _checked(data: bytes) -> str:
    """The type, told from the content. Pictures are opened: what only begins like one is refused."""
    if not data:
        raise FileRefused("empty")
    if len(data) > MAX_SIZE:
        raise FileRefused("too_large")
    guessed = filetype.guess_mime(data) or ""
    kind = _ALIASES.get(guessed, guessed)
    if kind not in TYPES:
        raise FileRefused("type")
    if kind.startswith("image/"):
        _check_picture(data)
    return kind


def _check_picture(data: bytes) -> None:
    try:
        with Image.open(BytesIO(data)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise FileRefused("too_large")
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused("broken") from None


def _name(name: str, kind: str) -> str:
    """The sender's name for it without folders and odd characters, with the extension of what it is."""
    stem = PurePosixPath(storable(name).replace("\\", "/")).stem
    return f"{_UNFIT.sub(' ', stem).strip(' .')[:MAX_NAME] or kind.partition('/')[0]}.{TYPES[kind]}"


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)
