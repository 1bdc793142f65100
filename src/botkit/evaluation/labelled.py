"""Labelled messages and dialogues, a JSON object a line. What the labels mean: `rasa_project/INTENTS.md`, `HANDOFF.md`."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class LabelError(ValueError):
    """A line that is no labelled message or dialogue; the message names file and line."""


@dataclass(frozen=True)
class Message:
    """text and what it should be understood as; None: this is not labelled. frustration: level 0, 1 or 2."""

    text: str
    intent: str | None = None
    frustration: int | None = None
    handoff: bool | None = None
    rule: str = ""


@dataclass(frozen=True)
class Dialogue:
    """What a verified customer says, turn by turn, and when a human must have him.

    customer: phone of a demo customer. latest: 1-based turn at which a good bot has handed over at the latest, None: never.
    earliest: the first turn at which that is not wrong. offered_by: turn by which a human has been offered, None: no matter.
    """

    id: str
    customer: str
    turns: Sequence[Message]
    latest: int | None = None
    earliest: int | None = None
    rule: str = ""
    offered_by: int | None = None
    about: str = ""


@dataclass(frozen=True)
class Labelled:
    """sealed: nobody is to read them, not even those that went wrong."""

    messages: Sequence[Message]
    dialogues: Sequence[Dialogue]
    sealed: bool = False


def read_labelled(path: Path) -> Labelled:
    """`{"text", "intent"?, "frustration"?, "handoff"?, "rule"?}` is a message; `{"id", "customer", "turns", "handoff"?,
    "offer"?, "about"?}` a dialogue. A file that is packed (`.gz`) is sealed: a search through the tree does not show it by
    accident. Raises LabelError, OSError.
    """
    sealed = path.suffix == ".gz"
    messages: list[Message] = []
    dialogues: list[Dialogue] = []
    for number, line in enumerate(_text(path, sealed).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            if "turns" in data:
                dialogues.append(_dialogue(data))
            else:
                messages.append(_message(data))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LabelError(f"{path}, line {number}: {type(error).__name__}: {error}") from None
    return Labelled(messages, dialogues, sealed)


def _text(path: Path, packed: bool) -> str:
    if not packed:
        return path.read_text(encoding="utf-8")
    try:
        return gzip.decompress(path.read_bytes()).decode("utf-8")
    except (gzip.BadGzipFile, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise LabelError(f"{path}: {error}") from None


def _message(data: Mapping[str, Any]) -> Message:
    text, level = data["text"], data.get("frustration")
    if not isinstance(text, str):
        raise TypeError("text is no text")
    if level not in (None, 0, 1, 2):
        raise ValueError(f"frustration {level!r} is not 0, 1 or 2")
    return Message(text, data.get("intent"), level, data.get("handoff"), data.get("rule") or "")


def _dialogue(data: Mapping[str, Any]) -> Dialogue:
    turns = [_message({**turn, "handoff": None}) for turn in data["turns"]]
    handoff = data.get("handoff") or {}
    latest = handoff.get("turn")
    if not turns or not (latest is None or 1 <= latest <= len(turns)):
        raise ValueError("the turn of the handoff is none of the turns")
    return Dialogue(
        str(data["id"]),
        str(data["customer"]),
        turns,
        latest,
        handoff.get("earliest") or latest,
        handoff.get("rule") or "",
        data.get("offer"),
        data.get("about") or "",
    )
