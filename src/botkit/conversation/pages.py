"""Choices by number and long texts in pages, for channels that show nothing but text.

What was last shown is kept: a customer who answers `2` means the second choice of it, one who answers 更多 the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.reply import Choice, Reply
from botkit.conversation.transcript import find_conversation
from botkit.nlu.normalise import normalise
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ShownRow

MORE = "/more"
"""The payload of a choice that stands for the rest of what was shown."""

LASTS = timedelta(hours=24)
"""So long a number stands for what was shown; after that it is a number."""


class Pages:
    def __init__(self, unit_of_work: UnitOfWork, clock: Callable[[], datetime], texts: Texts) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._words = frozenset(texts.text("asks_for_more").split("、"))

    def show(
        self, conversation_id: str, numbered: Sequence[Choice], rest: str = "", rest_choices: Sequence[Choice] = ()
    ) -> None:
        """Note what a message shows, in place of what was noted before: its choices by number, the first being 1; of a
        long text what is left, and the choices that stand at its end."""
        row = ShownRow(
            conversation_id=conversation_id,
            numbered=[asdict(choice) for choice in numbered],
            rest=rest,
            rest_choices=[asdict(choice) for choice in rest_choices],
            at=self._clock(),
        )
        with self._unit_of_work() as session:
            session.merge(row)

    def meant(self, channel: str, sender: str, text: str) -> Choice | None:
        """What a customer means by a bare number, by the title of a choice, or by asking for more; None where it is to be
        taken as it is."""
        said = normalise(text).text.strip(" .。、)）")
        with self._unit_of_work(reading=True) as session:
            conversation = find_conversation(session, channel, sender)
            row = session.get(ShownRow, conversation.id) if conversation else None
        if row is None or self._clock() - row.at > LASTS:
            return None
        numbered = [Choice(**choice) for choice in row.numbered]
        if said.isascii() and said.isdigit() and 1 <= int(said) <= len(numbered):
            return numbered[int(said) - 1]
        if row.rest and said in self._words:
            return Choice(text, MORE)
        return next((choice for choice in numbered if normalise(choice.title).text == said), None)


def rest_of(session: Session, conversation_id: str) -> Reply | None:
    """What is left of the text that was last shown."""
    row = session.get(ShownRow, conversation_id)
    if row is None or not row.rest:
        return None
    return Reply(row.rest, choices=tuple(Choice(**choice) for choice in row.rest_choices))
