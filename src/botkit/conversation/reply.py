"""What the bot says, independent of any channel: text, and where it helps a table, a step of a guide, choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from botkit.content.texts import Texts


@dataclass(frozen=True)
class Choice:
    """A likely next step. `payload` is a Rasa intent with entities: `/ask_bill` or `/setup_5g{"brand": "xiaomi"}`."""

    title: str
    payload: str


@dataclass(frozen=True)
class Cell:
    """`trend` marks a difference: `up` or `down`; `good` whether that is good for the customer (None: neither)."""

    text: str
    trend: str | None = None
    good: bool | None = None


@dataclass(frozen=True)
class Table:
    """`columns` are headings; the first column of each row is its heading."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class StepCard:
    """One step of a guide. `path` is the way through the phone's menus, `caution` a softening or warning sentence."""

    title: str
    number: int
    of: int
    path: tuple[str, ...] = ()
    caution: str = ""


@dataclass(frozen=True)
class Reply:
    """`asks`: what the customer is to give next, `phone` (his mobile number), `code` (from the message sent to it) or
    `number` (any telephone, where he can be called), for channels with a way of their own to enter it."""

    text: str
    table: Table | None = None
    step: StepCard | None = None
    choices: tuple[Choice, ...] = ()
    asks: str | None = None

    def content(self) -> dict[str, Any]:
        """All but the text, as JSON; empty parts left out."""
        parts = {"table": self.table, "step": self.step}
        content: dict[str, Any] = {name: asdict(part) for name, part in parts.items() if part}
        if self.choices:
            content["choices"] = [asdict(choice) for choice in self.choices]
        if self.asks:
            content["asks"] = self.asks
        return content


def said(texts: Texts, name: str, /, **values: object) -> Reply:
    """A text of the content with its placeholders filled, with its buttons, as a reply."""
    buttons = texts.buttons(name, **values)
    return Reply(texts.text(name, **values), choices=tuple(Choice(**button) for button in buttons))


def reply_from_rasa(message: Mapping[str, Any]) -> Reply:
    """A reply from one message that Rasa's output channel collected: `text`, `buttons`, `custom`.

    `custom` may hold `table`, `step` and `asks` in the form of `Reply.content`; other keys are for the router.
    """
    custom = message.get("custom") or {}
    table, step = custom.get("table"), custom.get("step")
    return Reply(
        text=message.get("text") or "",
        table=Table(
            table["caption"],
            tuple(table["columns"]),
            tuple(tuple(Cell(**cell) for cell in row) for row in table["rows"]),
        )
        if table
        else None,
        step=StepCard(**{**step, "path": tuple(step["path"])}) if step else None,
        choices=tuple(Choice(button["title"], button["payload"]) for button in message.get("buttons") or ()),
        asks=custom.get("asks"),
    )
