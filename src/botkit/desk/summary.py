"""A proposal for the closing summary: what the customer wanted, what was said by whom, how it stands."""

from __future__ import annotations

from collections.abc import Sequence

from botkit.content.texts import Texts
from botkit.conversation.messages import Author, Line
from botkit.desk.card import masked, quoted, wishes

_LONGEST, _SAYS_SOMETHING = 60, 6
"""Characters of a quotation, and of a line that is more than a greeting."""


def summary(before: Sequence[Line], lines: Sequence[Line], texts: Texts) -> str:
    """One to three sentences.

    before: what was said to the bot. lines: those of the service. Codes and numbers in quotations are masked.
    """
    titles = texts.labels("intent_titles")
    asked = [titles[wish] for wish in wishes(before, titles)]
    customers = [line for line in lines if line.author is Author.CUSTOMER and line.text]
    agents = [line for line in lines if line.author is Author.AGENT and line.text]
    parts = [_wanted(asked, _telling(customers), texts)]
    answer = _telling(agents[-1:]) or _telling(agents[::-1])
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


def _telling(lines: Sequence[Line]) -> Line | None:
    """The first that is more than a greeting or a nod."""
    return next((line for line in lines if len(line.text.strip()) >= _SAYS_SOMETHING), None)


def _quotation(line: Line) -> str:
    text = masked(" ".join(line.text.split())).rstrip("。")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
