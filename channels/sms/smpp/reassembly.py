"""Messages that come in parts, kept in the database until they are whole: a part that was confirmed is safe."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from botkit.store.engine import UnitOfWork
from botkit.store.tables.sms import SmsPartRow
from channels.sms.smpp.wording import Part, read

PATIENCE = timedelta(minutes=5)
"""So long the other parts are waited for; then the message is what has come."""

MOST_PARTS = 20
MOST_WAITING = 60
"""Parts of one sender that may wait at once."""

MOST_ALTOGETHER = 20_000

Key = tuple[str, int, int]
"""Sender, reference, total."""


class TooManyParts(Exception):
    """More than is kept: nobody writes so much."""


@dataclass(frozen=True)
class Whole:
    """A message put together, lost parts replaced. `key` is for `Parts.done`, when the message is safe elsewhere."""

    key: Key
    sender: str
    text: str
    external_id: str


class Parts:
    def __init__(self, unit_of_work: UnitOfWork, clock: Callable[[], datetime], lost: str) -> None:
        """lost: what stands for a part that has not come."""
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._lost = lost

    def add(self, sender: str, part: Part, coding: int, data: bytes) -> Whole | None:
        """Keep a part; the message, when this was the last. Raises TooManyParts, ValueError for numbers that make no sense."""
        if not 1 <= part.number <= part.total <= MOST_PARTS:
            raise ValueError(f"part {part.number} of {part.total}")
        key = (sender, part.reference, part.total)
        with self._unit_of_work() as session:
            rows = {row.number: row for row in _rows(session, key)}
            known = rows.get(part.number)
            if known is not None and (bytes(known.data), known.coding) != (data, coding):
                # the reference came round: another message
                session.execute(delete(SmsPartRow).where(*_is(key)).execution_options(synchronize_session=False))
                session.expunge_all()
                rows, known = {}, None
            if known is None:
                _check_room(session, sender)
                rows[part.number] = _row(key, part.number, coding, data, self._clock())
                session.add(rows[part.number])
            done = any(row.done for row in rows.values())
            return self._whole(key, rows.values()) if len(rows) == part.total and not done else None

    def done(self, key: Key) -> None:
        """The message is in the inbox. Its parts are known for a while, should one come again."""
        with self._unit_of_work() as session:
            session.execute(
                update(SmsPartRow).where(*_is(key)).values(done=True).execution_options(synchronize_session=False)
            )

    def overdue(self) -> Sequence[Whole]:
        """Messages that wait for a part too long, as far as they have come; forgets those that were done long ago."""
        before = self._clock() - PATIENCE
        with self._unit_of_work() as session:
            old = delete(SmsPartRow).where(SmsPartRow.done.is_(True), SmsPartRow.at < before)
            session.execute(old.execution_options(synchronize_session=False))
            late = (
                select(SmsPartRow.sender, SmsPartRow.reference, SmsPartRow.total)
                .where(SmsPartRow.done.is_(False))
                .group_by(SmsPartRow.sender, SmsPartRow.reference, SmsPartRow.total)
                .having(func.max(SmsPartRow.at) < before)
            )
            return [self._whole(tuple(key), _rows(session, tuple(key))) for key in session.execute(late).all()]

    def _whole(self, key: Key, rows: object) -> Whole:
        known = {row.number: row for row in rows}  # type: ignore[attr-defined]
        first = min(row.at for row in known.values())
        text = "".join(self._texts(known, key[2]))
        return Whole(key, key[0], text, f"parts:{key[0]}:{key[1]}:{key[2]}:{first.timestamp():.3f}")

    def _texts(self, rows: dict[int, SmsPartRow], total: int) -> Iterator[str]:
        """Octets of neighbours are read in one, for a character may be torn between them."""
        number = 1
        while number <= total:
            if number not in rows:
                yield self._lost
                number += 1
                continue
            coding, octets = rows[number].coding, b""
            while number in rows and rows[number].coding == coding:
                octets += bytes(rows[number].data)
                number += 1
            yield read(octets, coding) or self._lost


def _row(key: Key, number: int, coding: int, data: bytes, at: datetime) -> SmsPartRow:
    sender, reference, total = key
    return SmsPartRow(
        sender=sender, reference=reference, total=total, number=number, coding=coding, data=data, done=False, at=at
    )


def _rows(session: Session, key: Key) -> list[SmsPartRow]:
    return list(session.execute(select(SmsPartRow).where(*_is(key)).order_by(SmsPartRow.number)).scalars())


def _is(key: Key) -> tuple[object, ...]:
    return SmsPartRow.sender == key[0], SmsPartRow.reference == key[1], SmsPartRow.total == key[2]


def _check_room(session: Session, sender: str) -> None:
    waiting = select(func.count()).select_from(SmsPartRow).where(SmsPartRow.done.is_(False))
    if session.execute(waiting.where(SmsPartRow.sender == sender)).scalar_one() >= MOST_WAITING:
        raise TooManyParts(sender)
    if session.execute(waiting).scalar_one() >= MOST_ALTOGETHER:
        raise TooManyParts("altogether")
