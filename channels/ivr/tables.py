"""Tables for the ear: a row is a sentence, each figure comes after the name of its column and has its unit.

On a screen the unit of a whole table stands once, in the caption (账单明细 (元)) or in the head of a column; who only listens
has forgotten it by then, and would hear 88.00 as a number with two noughts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from botkit.content.texts import Texts

_IN_YUAN = re.compile(r"\s*\(元(?:,\s*)?(?P<more>[^)]*)\)")
_AMOUNTS = re.compile(r"[+−-]?\d+(?:\.\d+)?(?:\s*/\s*[+−-]?\d+(?:\.\d+)?)*")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?")
_DIFFERENCE = re.compile(r"\s*\((?P<sign>[+−])(?P<amount>[\d.]+)\)")
"""Behind a fee: `49 元 (−80)`."""


def rows_said(table: Mapping[str, Any], texts: Texts) -> list[str]:
    """A written sentence for each row."""
    columns = table["columns"]
    yuan = [_IN_YUAN.search(table["caption"]) is not None or _IN_YUAN.search(column) is not None for column in columns]
    names = [_IN_YUAN.sub(r"\g<more>", column).replace(",", "") for column in columns]
    return [_row(row, names, yuan, texts) for row in table["rows"]]


def _row(row: Sequence[Mapping[str, Any]], names: Sequence[str], yuan: Sequence[bool], texts: Texts) -> str:
    head, cells = row[0]["text"], row[1:]
    said = [_cell(cell, in_yuan, texts) for cell, in_yuan in zip(cells, yuan[1:], strict=False)]
    if len(said) > 1:
        # no difference is no news
        said = [
            _named(name, text) for name, text, cell in zip(names[1:], said, cells, strict=False) if not _nothing(cell)
        ]
    return texts.text("ivr_row", head=head, cells=", ".join(said))


def _nothing(cell: Mapping[str, Any]) -> bool:
    return cell["text"] in ("", "0")


def _named(name: str, text: str) -> str:
    """The name before the figure. 畅选79 and 79 元 would run into each other."""
    return f"{name}{', ' if name[-1:].isdigit() and text[:1].isdigit() else ' '}{text}"


def _cell(cell: Mapping[str, Any], in_yuan: bool, texts: Texts) -> str:
    text, trend = str(cell["text"]), cell.get("trend")
    if in_yuan and _AMOUNTS.fullmatch(text):
        text = _AMOUNT.sub(r"\g<0> 元", text)
    if trend in ("up", "down") and text[:1] in "+−-":
        text = texts.text("ivr_more_by" if trend == "up" else "ivr_less_by", amount=text[1:])
    return _DIFFERENCE.sub(lambda found: _beside(found, texts), text)


def _beside(found: re.Match[str], texts: Texts) -> str:
    name = "ivr_more_by" if found["sign"] == "+" else "ivr_less_by"
    return ", " + texts.text(name, amount=f"{found['amount']} 元")
