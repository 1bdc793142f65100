"""A line of the transcript as SMS: what matters first, what is left under 回复1看详情, the choices by number as they fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from botkit.content.texts import Texts
from botkit.conversation.messages import Author, Line
from botkit.conversation.pages import MORE
from botkit.conversation.plain import plain_text
from botkit.conversation.reply import Choice
from channels.sms.parts import cut, fits, split, units

_OWN_NUMBER = re.compile(r"(\d)(?!\d|[GgMm])")
MOST_NUMBERS = 9
"""Choices that one digit tells apart."""

_BLANK_LINES = re.compile(r"[ \t]*\n\s*")


@dataclass(frozen=True)
class Rendered:
    """`parts` are the SMS. `numbered`, `rest`, `rest_choices`: as in `Pages.show`; the first of them has the number `first`."""

    parts: Sequence[str]
    numbered: Sequence[Choice] = ()
    rest: str = ""
    rest_choices: Sequence[Choice] = ()
    first: int = 1


def render(line: Line, texts: Texts, most: int, before: int = 0) -> Rendered:
    """most: SMS that one line may take. before: choices that messages sent just before show by number; its own go on after
    them, or begin anew where they are numbers themselves or would need two digits."""
    text = _text(line, texts)
    if not text:
        return Rendered(())
    offered = [Choice(**choice) for choice in line.content.get("choices") or ()]
    choices = _by_own_number(offered)
    anew = bool(_own_numbers(offered)) or before + len(choices) + 1 > MOST_NUMBERS
    first = 1 if anew else before + 1
    for shown in range(len(choices), 0, -1):
        whole = _joined(text, _offer(texts, choices[:shown], first))
        if fits(whole, most):
            return Rendered(split(whole), choices[:shown], first=first)
    if not choices and fits(text, most):
        return Rendered(split(text))
    return _begun(text, _before_table(line, text), choices, texts, most, first)


def _begun(
    text: str, lead: tuple[int, int], choices: Sequence[Choice], texts: Texts, most: int, first: int
) -> Rendered:
    """As much of it as goes; the first choice is the rest. lead: see `_before_table`."""
    more = Choice(texts.text("sms_more"), MORE)
    offer = _offer(texts, [more], first)
    mark = texts.text("sms_goes_on")
    head, rest = cut(text, most, units(offer) + 1 + units(mark))
    if lead[0] and len(head) < lead[1]:  # headings of a table without its rows say nothing
        head, rest = text[: min(lead[0], len(head))].rstrip(), text[min(lead[0], len(head)) :].lstrip()
    if not rest:  # it goes whole, but no choice beside it
        return Rendered(split(head))
    if not head.endswith(("。", "！", "？", "!", "?", "；", ";", ".")) and "\n" not in text[len(head) :][:2]:
        head += mark
    numbered = [more]
    for choice in choices:
        if not fits(_joined(head, _offer(texts, [*numbered, choice], first)), most):
            break
        numbered.append(choice)
    whole = _joined(head, _offer(texts, numbered, first))
    return Rendered(split(whole), numbered, rest, choices, first)


def _before_table(line: Line, text: str) -> tuple[int, int]:
    """Characters up to the table, and up to the end of its second row: less than that of it is not worth showing. Zeros
    where there is no table, or nothing before it."""
    table = line.content.get("table")
    if not table or not line.text:
        return 0, 0
    headings = bool(table["caption"]) + (len(table["columns"]) > 2)
    rows = text.split("\n")[-len(table["rows"]) - headings :]
    lead = len(text) - len("\n".join(rows)) - 1
    return max(lead, 0), lead + 1 + len("\n".join(rows[: headings + 2]))


def _text(line: Line, texts: Texts) -> str:
    """All there is to read, the main sentence before the table."""
    content = dict(line.content)
    if "file" in content:
        said = [line.text, texts.text("sms_file")]
        text = "\n".join(part for part in said if part)
    else:
        text = plain_text(replace(line, content=content))
    text = _BLANK_LINES.sub("\n", text.strip())
    if line.author is Author.AGENT and content.get("name"):
        text = texts.text("sms_agent", name=content["name"], text=text)
    return text


def _by_own_number(choices: Sequence[Choice]) -> Sequence[Choice]:
    """Choices that are numbers themselves (5 满意, 4 …) stand at their own number, others after them."""
    own = _own_numbers(choices)
    ordered = [own[number] for number in sorted(own)]
    return [*ordered, *(choice for choice in choices if choice not in ordered)]


def _own_numbers(choices: Sequence[Choice]) -> dict[int, Choice]:
    """Choices by the number that their title is, where they count from 1; else none."""
    own = {int(match[1]): choice for choice in choices if (match := _OWN_NUMBER.match(choice.title))}
    return own if len(own) > 1 and sorted(own) == list(range(1, len(own) + 1)) else {}


def _offer(texts: Texts, choices: Sequence[Choice], first: int) -> str:
    """回复1看详情，2查余额."""
    if not choices:
        return ""
    shown = texts.text("sms_between_choices").join(_choice(texts, *pair) for pair in enumerate(choices, first))
    return texts.text("sms_choices", choices=shown)


def _choice(texts: Texts, number: int, choice: Choice) -> str:
    own = _OWN_NUMBER.match(choice.title)
    name = "sms_choice"
    if own and int(own[1]) == number:
        name = "sms_choice_own_number"
    elif choice.title[:1].isascii():
        name = "sms_choice_with_digit"
    return texts.text(name, number=number, title=choice.title.replace(" ", ""))


def _joined(text: str, offer: str) -> str:
    return "\n".join(part for part in (text, offer) if part)
