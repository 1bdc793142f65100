"""One-time codes that prove that a customer holds his phone.

Six digits, valid for five minutes and for one use; the newest one counts. Another may be asked for after a minute, five
in an hour. The fifth wrong try makes a code void. Requests of one number are worked on one after the other.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.bss.port import CodeCheck, CodeSent, OperatorUnavailable, TooManyCodes, UnknownCustomer
from botkit.bss.sms import SmsNotSent, SmsSender
from botkit.store.engine import UnitOfWork
from botkit.store.tables.operator import CodeCheckRow, CustomerRow, OneTimeCodeRow

DIGITS = 6
VALID_FOR = timedelta(minutes=5)
RESEND_AFTER = timedelta(seconds=60)
CODES_PER_HOUR = 5
HOUR = timedelta(hours=1)
WRONG_TRIES = 5


class SecretRandom(Protocol):
    """The part of `random.SystemRandom` that codes are made with."""

    def randrange(self, stop: int, /) -> int: ...

    def randbytes(self, n: int, /) -> bytes: ...


class OneTimeCodes:
    """Sends codes and checks them.

    Args:
        text: the message to the customer, with `{code}` where the code goes and, if wanted, `{minutes}`.
            Raises ValueError or KeyError when it lacks the one or has other placeholders.
        random: must not be predictable; `random.SystemRandom()` outside tests.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Callable[[], datetime],
        random: SecretRandom,
        sms: SmsSender,
        text: str,
    ) -> None:
        if "{code}" not in text:
            raise ValueError("the text of the code message lacks {code}")
        text.format(code="", minutes=0)  # fails here, rather than at the first customer, on another placeholder
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._random = random
        self._sms = sms
        self._text = text

    def send(self, phone: str, request_id: str) -> CodeSent:
        """See `Operator.send_code`. A message that could not be sent leaves no trace and may be tried again at once.

        Raises:
            UnknownCustomer, TooManyCodes, OperatorUnavailable.
        """
        with self._unit_of_work() as session:
            _lock_number(session, phone)
            repeated = session.execute(_codes_of(phone).where(OneTimeCodeRow.request_id == request_id)).scalar()
            if repeated is not None:
                return _receipt(repeated)
            now = self._clock()
            _refuse_too_many(session, phone, now)
            code = f"{self._random.randrange(10**DIGITS):0{DIGITS}}"
            salt = self._random.randbytes(16).hex()
            row = OneTimeCodeRow(
                phone=phone,
                request_id=request_id,
                salt=salt,
                code_hash=_hash(code, salt),
                sent_at=now,
                wrong_tries=0,
            )
            session.add(row)
            session.flush()
            try:
                self._sms.send(phone, self._text.format(code=code, minutes=VALID_FOR // timedelta(minutes=1)))
            except SmsNotSent as error:
                raise OperatorUnavailable("sms") from error
            return _receipt(row)

    def check(self, phone: str, code: str, request_id: str) -> CodeCheck:
        """See `Operator.check_code`. The try that makes a code void is answered with `TOO_MANY_TRIES`.

        Raises:
            UnknownCustomer.
        """
        with self._unit_of_work() as session:
            _lock_number(session, phone)
            answered = session.get(CodeCheckRow, (phone, request_id))
            if answered is not None:
                return CodeCheck(answered.result)
            now = self._clock()
            newest = session.execute(_codes_of(phone).limit(1)).scalar()
            result = CodeCheck.NONE_SENT if newest is None else _try(newest, code, now)
            session.add(CodeCheckRow(phone=phone, request_id=request_id, result=result.value, checked_at=now))
            return result


def _lock_number(session: Session, phone: str) -> None:
    """Make other requests of this number wait until the unit of work ends."""
    found = session.execute(select(CustomerRow.id).where(CustomerRow.phone == phone).with_for_update())
    if found.first() is None:
        raise UnknownCustomer


def _codes_of(phone: str) -> Any:
    """The number's codes, the newest first."""
    newest_first = OneTimeCodeRow.sent_at.desc(), OneTimeCodeRow.id.desc()
    return select(OneTimeCodeRow).where(OneTimeCodeRow.phone == phone).order_by(*newest_first)


def _refuse_too_many(session: Session, phone: str, now: datetime) -> None:
    recent = session.execute(_codes_of(phone).limit(CODES_PER_HOUR)).scalars().all()
    if not recent:
        return
    retry_at = recent[0].sent_at + RESEND_AFTER
    if len(recent) == CODES_PER_HOUR:
        retry_at = max(retry_at, recent[-1].sent_at + HOUR)
    if now < retry_at:
        raise TooManyCodes(retry_at)


def _try(row: OneTimeCodeRow, code: str, now: datetime) -> CodeCheck:
    if row.used_at is not None:
        return CodeCheck.NONE_SENT
    if row.wrong_tries >= WRONG_TRIES:
        return CodeCheck.TOO_MANY_TRIES
    if now >= row.sent_at + VALID_FOR:
        return CodeCheck.EXPIRED
    if hmac.compare_digest(_hash(code, row.salt), row.code_hash):
        row.used_at = now
        return CodeCheck.ACCEPTED
    row.wrong_tries += 1
    return CodeCheck.TOO_MANY_TRIES if row.wrong_tries >= WRONG_TRIES else CodeCheck.WRONG


def _hash(code: str, salt: str) -> str:
    """Slow on purpose: trying all codes against a stolen row takes longer than the code is valid."""
    return hashlib.scrypt(code.encode(), salt=salt.encode(), n=2**13, r=8, p=1, dklen=32).hex()


def _receipt(row: OneTimeCodeRow) -> CodeSent:
    return CodeSent(row.phone, row.sent_at, row.sent_at + VALID_FOR, row.sent_at + RESEND_AFTER)
