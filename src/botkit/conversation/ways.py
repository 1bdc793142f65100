"""Ways to say a thing, as the content lists them."""

from __future__ import annotations

import re

from botkit.content.texts import Texts
from botkit.nlu.normalise import to_simplified

_MARKS, _PARTICLES = re.compile(r"\W+"), re.compile(r"[吧啊呀呢嘛哦哈]+$")


def is_one_of(texts: Texts, name: str, text: str) -> bool:
    """Whether the message is one of the ways that the text of this name lists, blanks and marks aside."""
    return _bare(text) in {_bare(way) for way in texts.text(name).split("、")}


def _bare(text: str) -> str:
    """In one way of writing, without marks, blanks and final particles; what consists of marks only stays."""
    written = to_simplified(text.strip().lower())
    return _PARTICLES.sub("", _MARKS.sub("", written)) or written
