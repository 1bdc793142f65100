"""A call back instead of waiting: first the number, then the promise.

A number that is proved, or that the channel vouches for, is offered; else the customer is asked for one. It is a number to call,
and proves nothing. Until he has named it nothing is promised, and he keeps his place among those who wait.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.ownership import move
from botkit.conversation.reception import CALL_BACK
from botkit.conversation.reply import Reply, said
from botkit.conversation.ways import is_one_of
from botkit.desk.tickets import Tickets
from botkit.handoff.contact import number_in, tries_a_number
from botkit.handoff.machine import Close, End, Owner
from botkit.store.tables.conversation import ConversationRow, VouchedNumberRow
from botkit.store.tables.desk import CallBackWishRow
from botkit.telecom.masking import masked_phone

PREFIX = "/call_back_number"
"""Begins the payload of the answers that are offered: `{"number": "this" | "another" | "none"}`."""

ASKED_FOR = timedelta(minutes=30)
"""So long what he says may be the number that he was asked for."""

MISSES = 1
"""How often something else is answered by asking again; then he is taken to have let it be."""


class CallBacks:
    """All within the caller's unit of work, which has locked the conversation."""

    def __init__(self, texts: Texts, clock: Callable[[], datetime], tickets: Tickets) -> None:
        self._texts = texts
        self._clock = clock
        self._tickets = tickets

    def takes(self, payload: str) -> bool:
        return payload == CALL_BACK or payload.startswith(PREFIX)

    def chosen(self, session: Session, conversation: ConversationRow, payload: str) -> Reply:
        """The answer to a chosen button."""
        if payload == CALL_BACK:
            return self._wanted(session, conversation)
        choice = _choice(payload)
        vouched = session.get(VouchedNumberRow, conversation.id)
        if choice == "this" and vouched is not None:
            return self._left(session, conversation, vouched.phone)
        return self._let_be(session, conversation) if choice == "none" else self._ask(session, conversation)

    def awaits(self, session: Session, conversation: ConversationRow) -> bool:
        """Whether he was asked for a number, and it is still his turn. Once a human has him, that one may ask."""
        wish = session.get(CallBackWishRow, conversation.id)
        return (
            wish is not None
            and conversation.owner != Owner.HUMAN.value
            and wish.service_id == conversation.service_id
            and self._clock() - wish.at <= ASKED_FOR
        )

    def answered(self, session: Session, conversation: ConversationRow, text: str) -> Reply | None:
        """The answer to what he wrote when he was asked; None where it is about something else, which then goes its way."""
        if not self.awaits(session, conversation):
            return None
        if number := number_in(text):
            return self._left(session, conversation, number)
        if is_one_of(self._texts, "declines_call_back", text):
            return self._let_be(session, conversation)
        wish = session.get(CallBackWishRow, conversation.id)
        if tries_a_number(text):
            return self._asking("desk_call_back_wrong")
        if text.startswith("/") or wish.misses >= MISSES:
            session.delete(wish)
            return None
        wish.misses += 1
        return self._asking("desk_call_back_ask_again")

    def _wanted(self, session: Session, conversation: ConversationRow) -> Reply:
        number = self._tickets.number_to_call(session, conversation)
        if number is not None:
            return self._left(session, conversation, number)
        vouched = session.get(VouchedNumberRow, conversation.id)
        if vouched is None:
            return self._ask(session, conversation)
        self._listen(session, conversation)  # he may just as well send another number
        return said(self._texts, "desk_call_back_offer", phone=masked_phone(vouched.phone))

    def _ask(self, session: Session, conversation: ConversationRow) -> Reply:
        self._listen(session, conversation)
        return self._asking("desk_call_back_ask")

    def _asking(self, name: str) -> Reply:
        reply = said(self._texts, name)
        return Reply(reply.text, choices=reply.choices, asks="number")

    def _listen(self, session: Session, conversation: ConversationRow) -> None:
        known = session.get(CallBackWishRow, conversation.id) if self.awaits(session, conversation) else None
        session.merge(
            CallBackWishRow(
                conversation_id=conversation.id,
                seq=known.seq if known is not None else conversation.last_seq,
                service_id=conversation.service_id,
                misses=0,
                at=self._clock(),
            )
        )

    def _left(self, session: Session, conversation: ConversationRow, number: str) -> Reply:
        """The ticket is made and promised, and the wait is over."""
        reply = self._tickets.leave_call_back(session, conversation, number)
        self._forget(session, conversation)
        if conversation.owner == Owner.WAITING.value:
            move(session, conversation, Close(End.CALL_BACK), self._clock())
        return reply

    def _let_be(self, session: Session, conversation: ConversationRow) -> Reply:
        self._forget(session, conversation)
        waits = conversation.owner == Owner.WAITING.value
        return said(self._texts, "desk_call_back_none_waiting" if waits else "desk_call_back_none")

    def _forget(self, session: Session, conversation: ConversationRow) -> None:
        wish = session.get(CallBackWishRow, conversation.id)
        if wish is not None:
            session.delete(wish)


def _choice(payload: str) -> str:
    try:
        return str(json.loads(payload.removeprefix(PREFIX))["number"])
    except (ValueError, TypeError, KeyError):
        return ""
