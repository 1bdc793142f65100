"""Lines of the transcript as sentences for the ear, in portions that can be kept in mind, with what the keys stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from botkit.content.texts import Texts, fill
from botkit.conversation.messages import Author, Line
from botkit.conversation.pages import MORE
from botkit.conversation.reply import Choice
from channels.ivr.spoken import sentences
from channels.ivr.tables import rows_said

LONGEST, MOST = 60, 3
"""Characters and sentences in one portion."""
REMAINDER = 20
"""A remainder so short is said at once: nobody wants to press a key for it."""
CHOICES = 8
HUMAN = "/request_human"
MAX_DIGITS = {"phone": 11, "number": 12, "code": 6}

_PLACEHOLDER = re.compile(r"\\\{([a-z_0-9]+)\\\}")
_OWN_KEY = re.compile(r"^([1-9])(?:\s+|$)")


@dataclass(frozen=True)
class Portion:
    """What is said now. `numbered`: what the keys from 1 on stand for; `rest`: what is said when more is wanted, and
    `rest_choices` after it; `asks` as in `Reply`; `step`: it is a step of a guide."""

    say: tuple[str, ...]
    numbered: tuple[Choice, ...] = ()
    rest: str = ""
    rest_choices: tuple[Choice, ...] = ()
    human: bool = False
    asks: str | None = None
    step: bool = False


class Script:
    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._ear = [
            (_pattern(texts.template(name)), instead, name) for name, instead in texts.labels("ivr_for_the_ear").items()
        ]

    def portion(self, lines: Sequence[Line], today: date) -> Portion:
        """The beginning of what these lines say, of which the last choices hold."""
        said = [sentence for line in lines for sentence in self._sentences(line, today)]
        asks = next((line.content["asks"] for line in reversed(lines) if line.content.get("asks")), None)
        offered = next((line.content["choices"] for line in reversed(lines) if line.content.get("choices")), ())
        choices = [Choice(choice["title"], choice["payload"]) for choice in offered]
        human = any(choice.payload == HUMAN for choice in choices)
        choices = in_places([choice for choice in choices if choice.payload != HUMAN])[:CHOICES]
        step = any(line.content.get("step") for line in lines)
        if asks is not None:
            return Portion(tuple(said), tuple(choices), human=human, asks=asks)
        now, rest = split(said)
        if not rest:
            return Portion(now, tuple(choices), human=human, step=step)
        more = Choice(self._texts.text("ivr_more"), MORE)
        return Portion(now, (more, *choices), "".join(rest), tuple(choices), human, step=step)

    def options(self, portion: Portion, today: date) -> list[str]:
        """The sentence that says which keys there are; none where there are none."""
        name = "ivr_option_in_digits" if portion.asks else "ivr_option"
        texts = [
            self._texts.text(name, title=_OWN_KEY.sub("", choice.title) or choice.title, key=key)
            for key, choice in enumerate(portion.numbered, start=1)
        ]
        if portion.human:
            texts.append(self._texts.text(name, title=self._texts.text("ivr_human"), key=0))
        if portion.step:
            star = self._texts.text("ivr_star")
            texts.append(self._texts.text("ivr_option", title=self._texts.text("ivr_repeat"), key=star))
        return sentences(", ".join(texts), today)

    def _sentences(self, line: Line, today: date) -> list[str]:
        content = line.content
        written = []
        if step := content.get("step"):
            written += self._step(step)
        text = "\n".join(self._for_the_ear(part) for part in line.text.split("\n"))
        if line.author is Author.AGENT and text:
            text = self._texts.text("ivr_agent_says", name=content.get("name", ""), text=text)
        written.append(text)
        if content.get("step"):
            written.append(content["step"]["caution"])
        if table := content.get("table"):
            written += rows_said(table, self._texts)
        if content.get("file"):
            written.append(self._texts.text("ivr_file"))
        return [sentence for part in written for sentence in sentences(part, today)]

    def _for_the_ear(self, text: str) -> str:
        for pattern, instead, name in self._ear:
            if found := pattern.fullmatch(text):
                return fill(instead, found.groupdict(), name)
        return text

    def _step(self, step: Mapping[str, Any]) -> list[str]:
        said = [self._texts.text("ivr_step", number=step["number"], of=step["of"], title=step["title"])]
        if step["path"]:
            said.append(self._texts.text("ivr_step_path", path=" › ".join(step["path"])))
        return said


def split(said: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is said now, and the rest: at most MOST sentences of together LONGEST characters, at least one."""
    parts = [part for sentence in said for part in _broken(sentence)]
    length = 0
    for count, part in enumerate(parts):
        length += len(part)
        if count and (count >= MOST or length > LONGEST):
            rest = parts[count:]
            if sum(map(len, rest)) <= REMAINDER:
                return tuple(parts), ()
            return tuple(parts[:count]), tuple(rest)
    return tuple(parts), ()


def _broken(sentence: str) -> list[str]:
    """A sentence that is too long for one breath, broken at its commas."""
    parts, current = [], ""
    for clause in re.findall(r"[^，]+，?", sentence):
        if current and len(current) + len(clause) > LONGEST:
            parts.append(current.rstrip("，") + "。")
            current = ""
        current += clause
    return [*parts, current] if current else parts


def in_places(choices: Sequence[Choice]) -> list[Choice]:
    """Choices in the order of their keys: one whose title begins with a number gets that key where it can."""
    own = {int(found[1]): choice for choice in choices if (found := _OWN_KEY.match(choice.title))}
    if not own or max(own) > len(choices) or len(own) != sum(bool(_OWN_KEY.match(c.title)) for c in choices):
        return list(choices)
    others = iter([choice for choice in choices if choice not in own.values()])
    return [own.get(key) or next(others) for key in range(1, len(choices) + 1)]


def _pattern(template: str) -> re.Pattern[str]:
    """Matches the template with anything in the places of its placeholders."""
    seen: set[str] = set()

    def place(match: re.Match[str]) -> str:
        name = match[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>.+?)"

    return re.compile(_PLACEHOLDER.sub(place, re.escape(template)))
