"""Proving to a human who one is: the agent asks, number and code go past him, and he sees that it is done.

The same codes, limits and sentences as with the bot. Each step is kept by the id of the message that it answers, so that a
message that is worked off twice does nothing twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from botkit.bss.codes import VALID_FOR
from botkit.bss.port import CodeCheck, Operator, OperatorUnavailable, TooManyCodes, UnknownCustomer
from botkit.content.phrases import from_then_on
from botkit.content.texts import Texts
from botkit.conversation.ownership import service_of
from botkit.conversation.reply import Reply, said
from botkit.conversation.transcript import locked_conversation
from botkit.conversation.verification import Verifications
from botkit.desk.accounts import Agent
from botkit.desk.moments import PLACE
from botkit.desk.service import Refused
from botkit.desk.telling import tell
from botkit.handoff.machine import Owner
from botkit.nlu.normalise import normalise
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, VouchedNumberRow
from botkit.store.tables.desk import IdentificationRow
from botkit.telecom.masking import masked_name, masked_phone

RESEND = "/resend_code"

_PHONE = re.compile(r"(?<!\d)(?:\+?86)?(1\d{10})(?!\d)")
_CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")
_BETWEEN = re.compile(r"(?<=\d)[\s-]+(?=\d)")


class Identification:
    def __init__(
        self,
        unit_of_work: UnitOfWork,
        operator: Operator,
        verifications: Verifications,
        texts: Texts,
        clock: Callable[[], datetime],
    ) -> None:
        self._unit_of_work = unit_of_work
        self._operator = operator
        self._verifications = verifications
        self._texts = texts
        self._clock = clock

    def ask(self, agent: Agent, conversation_id: str) -> None:
        """Ask the customer who he is. Refused: not_yours, verified_already."""
        if self._verifications.current(conversation_id) is not None:
            raise Refused("verified_already")
        with self._unit_of_work() as session:
            conversation = session.get(ConversationRow, conversation_id, with_for_update=True)
            service = service_of(session, conversation) if conversation else None
            if service is None or conversation.owner != Owner.HUMAN.value or service.agent_id != agent.id:
                raise Refused("not_yours")
            session.merge(
                IdentificationRow(conversation_id=conversation_id, service_id=service.id, phone=None, done_by=None)
            )
            vouched = session.get(VouchedNumberRow, conversation_id)
            if vouched is None:
                tell(session, conversation, said(self._texts, "desk_verify", name=agent.name), self._clock())
                return
            phone, request = vouched.phone, f"{conversation_id}:{service.id}:{conversation.last_seq}"
        reply = self._send(conversation_id, phone, request)
        with self._unit_of_work() as session:
            tell(session, locked_conversation(session, conversation_id), reply, self._clock())

    def listen(self, conversation_id: str, message_id: int, said_text: str) -> Reply | None:
        """The answer to a number or a code, where one was asked for; None for what is said to the human."""
        with self._unit_of_work(reading=True) as session:
            asked = session.get(IdentificationRow, conversation_id)
            if asked is None or not _runs(session, conversation_id, asked.service_id):
                return None
            phone, request = asked.phone, f"{conversation_id}:{message_id}"
            if asked.done_by not in (None, request):
                return None
        text = _BETWEEN.sub("", normalise(said_text).text)
        try:
            if number := _PHONE.search(text):
                return self._send(conversation_id, number[1], request)
            if phone and said_text == RESEND:
                return self._send(conversation_id, phone, request)
            if phone and (code := _CODE.search(text)):
                return self._check(conversation_id, phone, code[1], request)
        except OperatorUnavailable:
            return said(self._texts, "operator_unavailable")
        return None

    def _send(self, conversation_id: str, phone: str, request: str) -> Reply:
        shown = masked_phone(phone)
        if wait_until := self._verifications.note_number(conversation_id, phone):
            return said(self._texts, "verify_too_many_numbers", when=self._from(wait_until))
        try:
            self._operator.send_code(phone, request)
        except UnknownCustomer:
            return said(self._texts, "verify_unknown_number", phone=shown)
        except TooManyCodes as refusal:
            if refusal.retry_at - self._clock() > timedelta(minutes=1):
                return said(self._texts, "verify_too_many_codes", when=self._from(refusal.retry_at))
            self._keep(conversation_id, phone)
            return said(self._texts, "verify_code_just_sent", phone=shown, when=self._from(refusal.retry_at))
        self._keep(conversation_id, phone)
        return said(self._texts, "verify_code_sent", phone=shown)

    def _check(self, conversation_id: str, phone: str, code: str, request: str) -> Reply:
        result = self._operator.check_code(phone, code, request)
        if result is not CodeCheck.ACCEPTED:
            minutes = VALID_FOR // timedelta(minutes=1)
            return said(self._texts, f"verify_code_{result.value}", phone=masked_phone(phone), minutes=minutes)
        customer = self._operator.customer_by_phone(phone)
        self._verifications.establish(conversation_id, customer.id, phone)
        self._keep(conversation_id, phone, request)
        return said(self._texts, "desk_verified", name=masked_name(customer.name), phone=masked_phone(phone))

    def _keep(self, conversation_id: str, phone: str, done_by: str | None = None) -> None:
        with self._unit_of_work() as session:
            row = session.get(IdentificationRow, conversation_id, with_for_update=True)
            row.phone, row.done_by = phone, done_by

    def _from(self, at: datetime) -> str:
        return from_then_on(at, self._clock().astimezone(PLACE), self._texts)


def _runs(session: Session, conversation_id: str, service_id: int) -> bool:
    conversation = session.get(ConversationRow, conversation_id)
    return bool(conversation.owner == Owner.HUMAN.value and conversation.service_id == service_id)
