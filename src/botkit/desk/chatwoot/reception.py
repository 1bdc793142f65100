"""What a customer is told who waits for an agent in Chatwoot. How many wait there, and who is there, only Chatwoot knows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.reception import Standing
from botkit.conversation.reply import Reply, said
from botkit.desk.moments import PLACE, moment
from botkit.desk.rating import PREFIX, rate
from botkit.handoff.hours import ServiceHours
from botkit.handoff.machine import Owner
from botkit.store.tables.conversation import ConversationRow


class ChatwootReception:
    """Takes ratings. A wish to be called back goes to the agents like every other word."""

    payloads: Collection[str] = ()

    def __init__(self, texts: Texts, clock: Callable[[], datetime], hours: ServiceHours) -> None:
        self._texts = texts
        self._clock = clock
        self._hours = hours

    def handed_over(self, session: Session, conversation: ConversationRow) -> Reply | None:
        return self._word("chatwoot_wait") if conversation.owner == Owner.WAITING.value else None

    def still_waiting(self, session: Session, conversation: ConversationRow) -> Reply | None:
        return self._word("chatwoot_still_waiting")

    def standing(self, session: Session, conversation: ConversationRow) -> Standing:
        return Standing()

    def takes(self, payload: str) -> bool:
        return payload.startswith(PREFIX)

    def act(self, session: Session, conversation: ConversationRow, payload: str) -> Reply | None:
        return rate(session, conversation, payload, self._texts)

    def _word(self, in_hours: str) -> Reply:
        now = self._clock().astimezone(PLACE)
        if self._hours.is_open(now):
            return said(self._texts, in_hours)
        opens = self._hours.next_opening(now)
        if opens is None:
            return said(self._texts, "chatwoot_out_of_hours_long")
        return said(self._texts, "chatwoot_out_of_hours", opens=moment(self._texts, opens, now))

    def awaits(self, session: Session, conversation: ConversationRow) -> bool:
        return False

    def answered(self, session: Session, conversation: ConversationRow, text: str) -> Reply | None:
        return None

    def listen(self, conversation_id: str, message_id: int, text: str) -> Reply | None:
        return None  # agents there ask in words
