"""What is wrong with the content: a file, a line, a sentence, and the way on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from botkit.content.document import Document
from botkit.content.errors import ContentError
from botkit.training.fingerprint import content_files

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """`message` is for content staff, in Chinese; what only Rasa knows is in Rasa's English. `severity`: error, warning."""

    message: str
    file: str = ""
    line: int = 0
    severity: str = ERROR

    def __str__(self) -> str:
        where = f"{_short(self.file)}:{self.line}: " if self.line else f"{_short(self.file)}: " if self.file else ""
        return where + self.message

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def syntax_errors(project: Path) -> Iterator[Finding]:
    """Files that are no YAML. Rasa would stop at the first one, or pass over it."""
    if not (project / "config.yml").is_file():
        yield Finding("缺少这个文件, 没有它不能训练。请从上一个版本恢复。", str(project / "config.yml"))
    for path in content_files(project):
        if path.suffix in (".yml", ".yaml"):
            try:
                Document(path)
            except ContentError as error:
                yield Finding(f"{error.problem}。{error.remedy}。", str(path), error.line)


def line_of(file: str, text: str) -> int:
    """The first line of `file` where `text` stands as a whole word; 0 where it does not."""
    whole = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 0
    return next((number for number, line in enumerate(lines, 1) if whole.search(line)), 0)


def _short(file: str) -> str:
    try:
        return str(Path(file).relative_to(Path.cwd()))
    except ValueError:
        return file
