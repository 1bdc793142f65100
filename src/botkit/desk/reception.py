"""What a waiting customer is told: his place and wait, or when somebody is there again. See `botkit.conversation.reception`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.ownership import service_of
from botkit.conversation.reception import CALL_BACK, Standing
from botkit.conversation.reply import Reply, said
from botkit.desk.call_back import CallBacks
from botkit.desk.identification import Identification
from botkit.desk.moments import PLACE, moment
from botkit.desk.queue import ahead_of, expected
from botkit.desk.rating import PREFIX, rate
from botkit.desk.tickets import Tickets
from botkit.handoff.hours import ServiceHours
from botkit.handoff.machine import Owner
from botkit.handoff.waiting import Prospect
from botkit.store.tables.conversation import ConversationRow
from botkit.store.tables.desk import AgentRow


class DeskReception:
    def __init__(
        self,
        texts: Texts,
        clock: Callable[[], datetime],
        hours: ServiceHours,
        tickets: Tickets,
        identification: Identification | None = None,
    ) -> None:
        self._texts = texts
        self._clock = clock
        self._hours = hours
        self._call_backs = CallBacks(texts, clock, tickets)
        self._identification = identification

    @property
    def payloads(self) -> Collection[str]:
        return (CALL_BACK,)

    def handed_over(self, session: Session, conversation: ConversationRow) -> Reply | None:
        return self._word(session, conversation) if conversation.owner == Owner.WAITING.value else None

    def still_waiting(self, session: Session, conversation: ConversationRow) -> Reply | None:
        return self._word(session, conversation)

    def standing(self, session: Session, conversation: ConversationRow) -> Standing:
        service = service_of(session, conversation)
        if service is None:
            return Standing()
        if conversation.owner == Owner.HUMAN.value:
            agent = session.get(AgentRow, service.agent_id)
            return Standing(agent=agent.name if agent else "")
        if conversation.owner != Owner.WAITING.value:
            return Standing()
        there, found = expected(session, service.skill, ahead_of(session, service))
        return Standing(found.ahead, _minutes(found.wait) if there and found.wait is not None else None)

    def takes(self, payload: str) -> bool:
        return self._call_backs.takes(payload) or payload.startswith(PREFIX)

    def act(self, session: Session, conversation: ConversationRow, payload: str) -> Reply | None:
        """A rating is kept at any time; else nobody but the human answers while a human serves."""
        if payload.startswith(PREFIX):
            return rate(session, conversation, payload, self._texts)
        if conversation.owner == Owner.HUMAN.value:
            return None
        return self._call_backs.chosen(session, conversation, payload)

    def awaits(self, session: Session, conversation: ConversationRow) -> bool:
        return self._call_backs.awaits(session, conversation)

    def answered(self, session: Session, conversation: ConversationRow, text: str) -> Reply | None:
        return self._call_backs.answered(session, conversation, text)

    def listen(self, conversation_id: str, message_id: int, text: str) -> Reply | None:
        return self._identification.listen(conversation_id, message_id, text) if self._identification else None

    def _word(self, session: Session, conversation: ConversationRow) -> Reply | None:
        service = service_of(session, conversation)
        if service is None:
            return None
        there, found = expected(session, service.skill, ahead_of(session, service))
        if found.wait == timedelta():
            return said(self._texts, "desk_wait_none")  # whoever is there serves, whatever the hours say
        now = self._clock().astimezone(PLACE)
        if not self._hours.is_open(now):
            opens = self._hours.next_opening(now)
            if opens is None:
                return said(self._texts, "desk_out_of_hours_long")
            return said(self._texts, "desk_out_of_hours", opens=moment(self._texts, opens, now))
        return self._place(found) if there else said(self._texts, "desk_nobody_there")

    def _place(self, found: Prospect) -> Reply:
        name = "desk_wait" if found.ahead else "desk_wait_first"
        if found.wait is None:
            return said(self._texts, f"{name}_unknown", ahead=found.ahead)
        return said(self._texts, name, ahead=found.ahead, minutes=_minutes(found.wait))


def _minutes(wait: timedelta) -> int:
    return int(wait / timedelta(minutes=1))
