"""What agents read in Chatwoot: the hand-over card, what was said before, and notes while the service runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from botkit.content.texts import Texts
from botkit.conversation.messages import Author, Line
from botkit.desk.card import masked
from botkit.desk.moments import PLACE

LONGEST_NOTE = 8000
"""Characters of one note of the transcript; Chatwoot takes 150,000, a reader fewer."""


def card_note(card: Mapping[str, Any], texts: Texts) -> str:
    """The hand-over card of `botkit.desk.card` as Markdown."""
    reason = card["rule"] or texts.labels("desk_reasons").get(card["reason"], card["reason"])
    group = texts.labels("desk_groups").get(card["group"], card["group"])
    parts = [texts.text("chatwoot_card", reason=reason, group=group, summary=card["summary"])]
    if card["need"]:
        parts.append(texts.text("chatwoot_card_need", need=card["need"]))
    if card["facts"]:
        parts.append(_listed(texts.text("chatwoot_card_facts"), card["facts"], texts))
    if card["slots"]:
        parts.append(_listed(texts.text("chatwoot_card_slots"), card["slots"], texts))
    parts.append(texts.text("chatwoot_card_first", sentence=card["first_sentence"]))
    if card["replies"]:
        ours, there = (
            texts.text("card_reply_verify"),
            texts.text("chatwoot_reply_verify"),
        )  # only the bot verifies there
        replies = [
            {"label": one["title"], "value": there if one["text"] == ours else one["text"]} for one in card["replies"]
        ]
        parts.append(_listed(texts.text("chatwoot_card_replies"), replies, texts))
    return "\n\n".join(parts)


def transcript_notes(lines: Sequence[Line], texts: Texts) -> list[str]:
    """What was said before the hand-over: who, when, what, in as many notes as it takes. Codes and numbers are masked."""
    said = [masked(_entry(line, texts)) for line in lines if _said(line, texts)]
    if not said:
        return [texts.text("chatwoot_transcript_none")]
    pages = _pages(said)
    if len(pages) == 1:
        return [f"{texts.text('chatwoot_transcript_one')}\n\n{pages[0]}"]
    heads = [texts.text("chatwoot_transcript", part=part, parts=len(pages)) for part in range(1, len(pages) + 1)]
    return [f"{head}\n\n{page}" for head, page in zip(heads, pages, strict=True)]


def customers_words(line: Line, texts: Texts) -> str:
    """A customer's line as he wrote it; empty where there is nothing to read."""
    return _said(line, texts)


def late_note(line: Line, texts: Texts) -> str:
    """A customer's line that could go over only after the service had ended."""
    return texts.text("chatwoot_late", time=_time(line.at), said=_said(line, texts))


def told_note(line: Line, texts: Texts) -> str:
    """What the system told the customer meanwhile; empty for an event without words."""
    said = _said(line, texts)
    who = texts.labels("chatwoot_who")[line.author.value]
    return texts.text("chatwoot_told", time=_time(line.at), who=who, said=said) if said else ""


def ended_note(ending: str, texts: Texts) -> str:
    labels = texts.labels("chatwoot_ended")
    return labels.get(ending, labels["closed_by_agent"])


def refused_note(why: str, texts: Texts) -> str:
    return texts.labels("chatwoot_refused")[why]


def _listed(head: str, items: Sequence[Mapping[str, Any]], texts: Texts) -> str:
    named = [
        texts.text("chatwoot_card_item", **item)
        if item["label"]
        else texts.text("chatwoot_card_plain", value=item["value"])
        for item in items
    ]
    return "\n".join([head, *named])


def _entry(line: Line, texts: Texts) -> str:
    who = texts.labels("chatwoot_who")[line.author.value]
    name = line.content.get("name")
    if line.author is Author.AGENT and name:
        who = texts.text("chatwoot_who_named", who=who, name=name)
    return texts.text("chatwoot_line", time=_time(line.at), who=who, said=_said(line, texts))


def _said(line: Line, texts: Texts) -> str:
    """The line's words, and what stands beside them."""
    content, parts = line.content, [line.text.strip()]
    if table := content.get("table"):
        parts.append(texts.text("chatwoot_table", caption=table["caption"]))
    if step := content.get("step"):
        parts.append(texts.text("chatwoot_step", number=step["number"], title=step["title"]))
    if file := content.get("file"):
        parts.append(texts.text("chatwoot_file", name=file.get("name", "")))
    if choices := content.get("choices"):
        parts.append(texts.text("chatwoot_choices", titles="、".join(choice["title"] for choice in choices)))
    return " ".join(part for part in parts if part)


def _pages(entries: Sequence[str]) -> list[str]:
    pages: list[str] = []
    for entry in entries:
        if pages and len(pages[-1]) + len(entry) < LONGEST_NOTE:
            pages[-1] += f"\n\n{entry}"
        else:
            pages.append(entry)
    return pages


def _time(at: datetime) -> str:
    return f"{at.astimezone(PLACE):%m-%d %H:%M:%S}"
