"""A proposal for the closing summary: what the customer wanted, what was said by whom, how it stands."""

from __future__ import annotations

from collections.abc import Sequence

from botkit.content.texts import Texts
from botkit.conversation.messages import Author, Line
from botkit.desk.card import masked, quoted, wishes

_LONGEST, _TELLS, _ANSWERS = 60, 6, 4
"""Characters of a quotation, of a customer's line that tells something, of an agent's that answers something."""

_READY_MADE = ("card_reply_wait", "card_reply_done", "card_reply_verify", "chatwoot_reply_verify")


def summary(before: Sequence[Line], lines: Sequence[Line], texts: Texts) -> str:
    """One to three sentences.

    before: what was said to the bot. lines: those of the service. Codes and numbers in quotations are masked.
    """
    titles = texts.labels("intent_titles")
    asked = [titles[wish] for wish in wishes(before, titles)]
    customers = [line for line in lines if line.author is Author.CUSTOMER and line.text]
    answer = _last_answer(lines, texts)
    told = [line for line in customers if answer is None or line.seq < answer.seq]
    parts = [_wanted(asked, next((line for line in told if len(line.text.strip()) >= _TELLS), None), texts)]
    if answer is not None:
        name = str(answer.content.get("name", ""))
        parts.append(texts.text("closing_answered", name=name, said=_quotation(answer)))
    else:
        parts.append(texts.text("closing_not_answered"))
    if answer is not None and customers and customers[-1].seq > answer.seq:
        parts.append(_outcome(customers[-1], texts))
    return "".join(parts)


def _wanted(asked: Sequence[str], said: Line | None, texts: Texts) -> str:
    if said is None:
        return texts.text("closing_wishes", wishes=quoted(asked, texts)) if asked else texts.text("closing_nothing")
    if not asked:
        return texts.text("closing_said", said=_quotation(said))
    return texts.text("closing_wishes_and_said", wishes=quoted(asked, texts), said=_quotation(said))


def _outcome(last: Line, texts: Texts) -> str:
    """What the customer's last word after the answer tells; unhappy words count before thanks (谢谢, 但还是不行)."""
    if any(word in last.text for word in texts.text("closing_not_content_words").split("、")):
        return texts.text("closing_not_content")
    if any(word in last.text for word in texts.text("closing_content_words").split("、")):
        return texts.text("closing_content")
    return texts.text("closing_open", said=_quotation(last))


def _last_answer(lines: Sequence[Line], texts: Texts) -> Line | None:
    """The agent's last line that is neither a greeting nor one of the phrases at hand."""
    phrases = {*texts.labels("desk_phrases").values(), *(texts.text(name) for name in _READY_MADE)}
    said = (line for line in reversed(lines) if line.author is Author.AGENT and line.text.strip() not in phrases)
    return next((line for line in said if len(line.text.strip()) >= _ANSWERS), None)


def _quotation(line: Line) -> str:
    text = masked(" ".join(line.text.split())).rstrip("。")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
