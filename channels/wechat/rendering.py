"""Lines of the transcript as messages of WeChat: text in pages, choices by number, links that answer for the customer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from botkit.content.texts import Texts
from botkit.conversation.messages import Author, Line
from botkit.conversation.plain import plain_text
from botkit.conversation.reply import Choice

LIMIT = 1800
"""Bytes of a text. The platform's own limit is 2048."""

_MENU_HEAD, _MENU_ITEM, _MENU_ITEMS = 1000, 120, 10
"""Bytes and items of a menu message."""

_BARE_NUMBER = re.compile(r"(\d+)(?:\s.*)?")
_NUMBERED = re.compile(r"\d+ ")
_END_OF_SENTENCE = re.compile(r"[\n。；！？;!?]")


@dataclass(frozen=True)
class Message:
    """text: the first page, without choices. rest, rest_choices: what the customer gets when he asks for more."""

    text: str
    choices: Sequence[Choice] = ()
    rest: str = ""
    rest_choices: Sequence[Choice] = ()
    note: str = ""


def size(text: str) -> int:
    return len(text.encode())


def message_of(lines: Sequence[Line], texts: Texts, note: str = "") -> Message:
    """Several lines as one message. note: what is to stand at its end, whatever is cut."""
    parts, choices, last_name = [], [], ""
    for line in lines:
        text, name = plain_text(line), agent_of(line)
        parts.append(texts.text("wechat_agent", name=name, text=text) if name and name != last_name else text)
        last_name = name
        choices += [Choice(**choice) for choice in line.content.get("choices", ())]
    numbered = in_order(choices)
    text = "\n\n".join(part for part in parts if part)
    room = LIMIT - size(note) - 2
    if size(text) + size(_listed(numbered, texts)) + 1 <= room:
        return Message(text, numbered, note=note)
    more = texts.text("wechat_more")
    page, rest = cut(text, room - size(more) - 2)
    if not rest:  # it is the choices that do not fit: they come with the end of the text
        page, rest = cut(text, size(text) * 2 // 3)
    if not rest:
        return Message(text, numbered[:_MENU_ITEMS], note=note)
    return Message(f"{page}\n\n{more}", rest=rest, rest_choices=numbered, note=note)


def agent_of(line: Line) -> str:
    """What the agent who wrote this line is called; empty for other authors."""
    return str(line.content.get("name", "")) if line.author is Author.AGENT else ""


def in_order(choices: Sequence[Choice]) -> Sequence[Choice]:
    """In the order of their numbers, each once. Titles that are numbers themselves come first and keep theirs: of
    `5 满意`, `4` … the answer 5 is to mean five."""
    each = list({choice.payload: choice for choice in choices}.values())
    own = {int(match[1]): choice for choice in each if (match := _BARE_NUMBER.fullmatch(choice.title))}
    if sorted(own) != list(range(1, len(own) + 1)):
        return each
    return [own[number] for number in sorted(own)] + [choice for choice in each if choice not in own.values()]


def labels(choices: Sequence[Choice]) -> Sequence[str]:
    """What stands for each choice: its number, then its title."""
    return [
        choice.title if re.fullmatch(rf"{number}(\s.*)?", choice.title) else f"{number} {choice.title}"
        for number, choice in enumerate(choices, 1)
    ]


def without_number(text: str) -> str:
    """What a customer sends by touching an item of a menu message, without the item's number."""
    return _NUMBERED.sub("", text, count=1)


def as_text(message: Message, texts: Texts) -> str:
    """Text and choices; each choice a link that sends it, where there is room for links."""
    linked = _whole(message, _listed(message.choices, texts, linked=True))
    return linked if size(linked) <= LIMIT else _whole(message, _listed(message.choices, texts))


def as_menu(message: Message, texts: Texts) -> dict[str, Any] | None:
    """A menu message; None where there are no choices, or they do not fit."""
    items = labels(message.choices)
    head = _whole(message, texts.text("wechat_choices"))
    fits = len(items) <= _MENU_ITEMS and size(head) <= _MENU_HEAD and all(size(item) <= _MENU_ITEM for item in items)
    if not items or not fits:
        return None
    return {
        "head_content": head,
        "list": [{"id": str(number), "content": item} for number, item in enumerate(items, 1)],
        "tail_content": "",
    }


def cut(text: str, room: int) -> tuple[str, str]:
    """The first page of at most `room` bytes, and the rest: at the end of a line, else of a sentence, else anywhere."""
    if size(text) <= room:
        return text, ""
    most = len(text.encode()[:room].decode(errors="ignore"))
    at = text.rfind("\n", most // 3, most)
    if at < 0:
        ends = [match.end() for match in _END_OF_SENTENCE.finditer(text, most // 3, most)]
        at = ends[-1] if ends else most
    return text[:at].rstrip(), text[at:].lstrip()


def _whole(message: Message, choices: str) -> str:
    return "\n".join(part for part in (message.text, choices, message.note) if part)


def _listed(choices: Sequence[Choice], texts: Texts, linked: bool = False) -> str:
    if not choices:
        return ""
    items = labels(choices)
    if linked:
        items = [_link(number, choice, items[number - 1]) for number, choice in enumerate(choices, 1)]
    return "\n".join([texts.text("wechat_choices"), *items])


def _link(number: int, choice: Choice, label: str) -> str:
    """What menu messages themselves are made of. Titles are decoded twice: one with % or + would arrive as another."""
    if any(sign in choice.title for sign in '%+<>"'):
        return label
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={quote(choice.title)}&msgmenuid={number}">{label}</a>'
