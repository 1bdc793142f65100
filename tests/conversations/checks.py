"""What holds for every answer, whatever was said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from tests.driver import Answer

LONGEST = 340
MOST_CHOICES = 7
_LEAKS = re.compile(
    r"None|nan|\{|\}|<[a-z]|Decimal|DataRate|Money|datetime|timedelta|\b[A-Z][A-Za-z]+\([a-z_]+=|  |\bdemo-\d\d"
)
_CLUMSY = re.compile(r"[!！]|亲[,， ]|哦[~。]|呢[。~]|。。|元元|, ?。|，|(?<!\S)(\S{2,}) \1(?!\S)")
_FAILED = "刚才我这边出了错"


def check_answer(said: str, answer: Answer, intents: Sequence[str]) -> None:
    """Fails on an empty, leaking, clumsy or endless answer, and on choices that lead nowhere."""
    assert answer.text.strip(), f"no answer to {said!r}"
    for text in shown(answer):
        assert not _LEAKS.search(text), f"{said!r} was answered with {text!r}"
        assert not _CLUMSY.search(text), f"{said!r} was answered with {text!r}"
    assert _FAILED not in answer.text, f"{said!r} made an action fail"
    for line in answer.lines:
        assert len(line.text) <= LONGEST, f"{said!r} was answered with {len(line.text)} characters: {line.text}"
        choices = line.content.get("choices", ())
        assert len(choices) <= MOST_CHOICES, f"{said!r} offers {len(choices)} choices"
    for choice in answer.choices:
        _check_payload(choice["payload"], intents)


def shown(answer: Answer) -> Iterator[str]:
    """Every piece of text that the customer sees."""
    for line in answer.lines:
        yield line.text
        yield from (choice["title"] for choice in line.content.get("choices", ()))
        table = line.content.get("table")
        if table:
            yield from (table["caption"], *table["columns"])
            yield from (cell["text"] for row in table["rows"] for cell in row)
        step = line.content.get("step")
        if step:
            yield from (step["title"], step["caution"], *step["path"])


def _check_payload(payload: str, intents: Sequence[str]) -> None:
    match = re.fullmatch(r"/([a-z0-9_]+)(\{.*\})?", payload)
    assert match, payload
    assert match[1] in (*intents, "nlu_fallback", "back_to_bot"), payload
    assert all(isinstance(value, str) for value in json.loads(match[2] or "{}").values()), payload
