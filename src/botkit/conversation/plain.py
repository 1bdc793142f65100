"""Lines as plain text, for channels and places that show no tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botkit.conversation.messages import Line

_TREND = {"up": "↑", "down": "↓"}


def plain_text(line: Line) -> str:
    """Text, table and step of a line, without its choices."""
    content = line.content
    parts = []
    if step := content.get("step"):
        parts.append(_step(step, line.text))
    elif line.text:
        parts.append(line.text)
    if table := content.get("table"):
        parts.append(_table(table))
    return "\n".join(parts)


def _table(table: Mapping[str, Any]) -> str:
    """One line a row: its heading, then its cells, each under its column's name where there are several."""
    columns = table["columns"]
    rows = [table["caption"]] if table["caption"] else []
    if len(columns) > 2:
        rows.append(" / ".join(columns[1:]))
    rows += [f"{row[0]['text']}: {' / '.join(_cell(cell) for cell in row[1:])}" for row in table["rows"]]
    return "\n".join(rows)


def _cell(cell: Mapping[str, Any]) -> str:
    return f"{_TREND.get(cell.get('trend') or '', '')}{cell['text']}"


def _step(step: Mapping[str, Any], text: str) -> str:
    parts = [f"{step['number']}/{step['of']} {step['title']}", " › ".join(step["path"]), text, step["caution"]]
    return "\n".join(part for part in parts if part)
