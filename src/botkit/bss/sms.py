"""Where text messages leave the house."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol


class SmsNotSent(Exception):
    """The message did not leave; it may be sent again."""


class SmsSender(Protocol):
    def send(self, to: str, text: str) -> None:
        """Hand one message over for delivery. Raises `SmsNotSent`."""


class FileSmsSender:
    """Sends nothing: appends each message to a file, as a line of JSON with `to`, `text` and `at` (ISO 8601).

    A line is written at once, so that servers sharing the file do not mix theirs.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._clock = clock

    def send(self, to: str, text: str) -> None:
        line = json.dumps({"to": to, "text": text, "at": self._clock().isoformat()}, ensure_ascii=False)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, f"{line}\n".encode())
            finally:
                os.close(file)
        except OSError as error:
            raise SmsNotSent from error


class SmsOutlet:
    """Sends by whatever is connected to it: first the file, later a gateway, which is there only when the server runs."""

    def __init__(self, first: SmsSender) -> None:
        self._sender = first

    def connect(self, sender: SmsSender) -> None:
        self._sender = sender

    def send(self, to: str, text: str) -> None:
        self._sender.send(to, text)
