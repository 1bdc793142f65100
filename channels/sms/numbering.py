"""Which number means what when several messages go out together.

A customer who gets two SMS at once reads both before he answers one: were both numbered from 1, half of what he sees would mean
something else than it says. So the second goes on where the first ends, until he says something or an agent does. What is open
is worked out from the transcript, not remembered: a message that is sent again has the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from botkit.content.texts import Texts
from botkit.conversation.messages import Author, Line
from channels.sms.rendering import Rendered, render

TOGETHER = timedelta(minutes=10)
"""Messages further apart than that are not read together."""

LOOK_BACK = 12
"""Lines."""


def numbered_after(earlier: Iterable[Line], line: Line, texts: Texts, most: int) -> tuple[Rendered, Rendered]:
    """The line as it is sent, and what a number means after it. earlier: the lines before it, oldest first."""
    opened = Rendered(())
    for one in earlier:
        if one.author is Author.CUSTOMER or line.at - one.at > TOGETHER:
            opened = Rendered(())
        else:
            opened = _with(opened, render(one, texts, most, len(opened.numbered)), one)
    rendered = render(line, texts, most, 0 if line.author is Author.AGENT else len(opened.numbered))
    return rendered, _with(opened, rendered, line)


def _with(opened: Rendered, rendered: Rendered, line: Line) -> Rendered:
    """What is open after a further message. A number answers an agent, not what was shown before him."""
    if not rendered.parts:
        return opened
    if line.author is Author.AGENT:
        return rendered
    if not rendered.numbered:
        return opened
    if rendered.first == 1:
        return rendered
    return replace(
        rendered,
        numbered=[*opened.numbered, *rendered.numbered],
        rest="\n".join(part for part in (opened.rest, rendered.rest) if part),
        rest_choices=rendered.rest_choices if rendered.rest else opened.rest_choices,
    )
