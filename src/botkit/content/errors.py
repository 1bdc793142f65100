"""The one error of content loading, written for content staff."""

from __future__ import annotations

from pathlib import Path


class ContentError(Exception):
    """A content file cannot be used. ``str()`` is one Chinese sentence chain: where, what, and how to mend it.

    ``line`` counts from 1; ``field`` is a path such as ``brands[0].aliases`` and may be empty.
    """

    def __init__(self, file: Path, line: int, field: str, problem: str, remedy: str) -> None:
        self.file = file
        self.line = line
        self.field = field
        self.problem = problem
        self.remedy = remedy
        where = f"{file} 第 {line} 行" + (f", 字段 {field}" if field else "")
        super().__init__(f"{where}: {problem}。{remedy}。")
