"""Turns what Rasa raises, warns and logs in its own words into findings."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

from botkit.training.findings import WARNING, Finding, line_of

_ALWAYS = "Slot auto-fill has been removed"
_FOUND_BY_US = "not part of the domain"
_LEFT_OUT = re.compile(r"(?:Issue found in|Unexpected block found in) '([^']+)'")
_PLACES = re.compile(r"^ +in (/.+):(\d+):\n +(.+)$", re.MULTILINE)
_FILE = re.compile(r"/[^\s'\"]+\.ya?ml")
_QUOTED = re.compile(r"'([^']+)'")
_LIST_ITEM = re.compile(r"^- ", re.MULTILINE)
_CONTRADICTION = re.compile(
    r"the prediction of the action '(.+)' in (?:rule|story) '(.+)' is contradicting with rule\(s\) '(.+?)'"
)


def from_error(error: BaseException, project: Path) -> list[Finding]:
    """What was raised while reading, with file and line where the words name them."""
    text = str(error).partition("You can use https://")[0].strip() or type(error).__name__
    if places := _PLACES.findall(text):
        return [Finding(f"Rasa 不接受这里的写法: {message.strip()}", file, int(line)) for file, line, message in places]
    file = str(getattr(error, "filename", "") or "") or next(iter(_FILE.findall(text)), str(project))
    return [Finding(f"Rasa 不接受: {text}", file)]


def from_configuration_error(error: Exception, file: Path) -> Finding:
    lines = (line_of(str(file), name) for name in re.findall(r"'([\w.]+)'", str(error)))
    return Finding(f"Rasa 不接受这份配置: {error}", str(file), next(filter(None, lines), 0))


def from_warnings(caught: list[warnings.WarningMessage]) -> Iterator[Finding]:
    """Rasa's reader warns of entries that it leaves out: those are errors."""
    for text in warning_texts(caught):
        if place := _LEFT_OUT.search(text):
            yield Finding(f"Rasa 会略过这里的内容: {text}", place[1])
        else:
            yield Finding(text, severity=WARNING)


def warning_texts(caught: list[warnings.WarningMessage]) -> list[str]:
    texts = dict.fromkeys(str(warning.message) for warning in caught if issubclass(warning.category, UserWarning))
    return [text for text in texts if not text.startswith(_ALWAYS) and _FOUND_BY_US not in text]


def from_invalid_rules(message: str, file_of: Mapping[str, str]) -> Iterator[Finding]:
    """One finding for each rule. `file_of`: where each rule and story stands, by name."""
    for text in _LIST_ITEM.split(message)[1:] or [message]:
        name = next((name for name in _QUOTED.findall(text) if name in file_of), "")
        file = file_of.get(name, "")
        yield Finding(_rule_problem(text), file, line_of(file, name) if file else 0)


def _rule_problem(text: str) -> str:
    if match := _CONTRADICTION.search(text):
        action, name, others = match.groups()
        return f"「{name}」这里要做 {action}, 与规则「{others}」矛盾。请让两处一致, 或删掉一处。"
    sentence = " ".join(text.partition("Please update your")[0].split())
    return f"规则互相矛盾或不完整: {sentence}"
