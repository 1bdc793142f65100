"""The table of the docs: what was found, where, and how long the messages were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from botkit.settings import ROOT
from tests.channels.same.conversations import Conversation
from tests.channels.same.facts import Fact
from tests.channels.same.run import CHANNELS, TRANSFERRED, Found, Seen

PAGE = ROOT / "docs" / "channels-table.md"

_HEAD = """\
# The same ten conversations on every channel

Written by a test (`make table`; `tests/channels/same/`), and held against what it sees whenever the tests run. Ten conversations
go over the real wire format of each channel: a browser's socket, REST, Telegram's Bot API, WeChat's pushes (AES), an SMS
gateway's HTTP, a telephone system's calls; stand-ins on the other side check every request. The bot is the trained model on
the demo operator, on Monday, 23 November 2026, 10:01 in China. Facts are worked out by the tests from the demo customers and the
published rules, not taken from answers; on the phone they are looked for as they are said.

✓: in the answer. ✓ and a number: after asking on so many times, as the channel says how (WeChat “下一页”, SMS “1”, a key).
The limits that every message kept to: Telegram 4096 UTF-16 units and 64 bytes of callback data; WeChat 2048 bytes; SMS two
parts of 67 (one of 70) units, 134 together; voice menu: no digits, no tables, at most 80 characters before the keys. What is
said around a hand-over is not counted in the last three rows: it depends on when an agent is free.
"""


def page(seen: Seen) -> str:
    parts = [_HEAD, *(_section(one, seen) for one in seen.conversations)]
    return "\n".join(parts)


def _section(conversation: Conversation, seen: Seen) -> str:
    found = [seen.found[conversation.name, kind.name] for kind in CHANNELS]
    return "\n".join([f"## {conversation.name}\n", f"Customer: {_said(conversation)}\n", *_table(found, seen), ""])


def _said(conversation: Conversation) -> str:
    said: list[str] = []
    for number, turn in enumerate(conversation.turns):
        said.append(f"[{turn.says}]" if turn.choice else turn.says)
        if number == conversation.verified_at:
            said.append("(number and code)")
    return " · ".join(said)


def _table(found: Sequence[Found], seen: Seen) -> Iterator[str]:
    yield _row("fact", *(kind.name for kind in CHANNELS), "as said on the phone")
    yield _row("---", *("---" for _ in CHANNELS), "---")
    facts = list(dict.fromkeys(fact for one in found for fact in one.pages))
    for fact in facts:
        yield _row(fact.name, *(_mark(one, fact) for one in found), _as_said(fact, seen))
    yield _row("*messages*", *(str(len(one.shown)) for one in found), "")
    yield _row("*longest*", *(_longest(one, kind.unit) for one, kind in zip(found, CHANNELS, strict=True)), "")
    yield _row("*asked on*", *(str(one.further or "–") for one in found), "")


def _as_said(fact: Fact, seen: Seen) -> str:
    return "" if fact is TRANSFERRED else " … ".join(fact.as_said(seen.today))


def _mark(found: Found, fact: Fact) -> str:
    if fact not in found.pages:
        return "–"
    page = found.pages[fact]
    return "**missing**" if page is None else f"✓ {page}" if page else "✓"


def _longest(found: Found, unit: str) -> str:
    return f"{max(size for size, _ in found.shown)} {unit}"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def committed(where: Path = PAGE) -> str:
    return where.read_text(encoding="utf-8") if where.exists() else ""
