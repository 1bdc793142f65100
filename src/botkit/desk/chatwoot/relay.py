"""Tells Chatwoot what happens here: each line once, in order, through failures and restarts.

How far it has come stands in the database. After a failure, or when another server or an earlier run had told before, it is
not known whether the last message arrived: then it reads back what is there and leaves out what is there already, known by
its `source_id`. By the way it hears what agents did while nobody listened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.keyed_locks import KeyedLocks
from botkit.conversation.messages import Author, Line
from botkit.conversation.transcript import read_lines
from botkit.desk.chatwoot import wire, words
from botkit.desk.chatwoot.client import Client, RequestRefused, Unavailable
from botkit.desk.chatwoot.hearing import Hearing, UnknownConversation
from botkit.desk.insight import Insight
from botkit.desk.view import DeskView
from botkit.handoff.machine import End, Owner
from botkit.store.engine import UnitOfWork
from botkit.store.tables.chatwoot import ChatwootLinkRow, ChatwootRefusalRow
from botkit.store.tables.conversation import ConversationRow
from botkit.store.tables.desk import ServiceRow

PAUSES = (5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""Seconds between the attempts when Chatwoot does not answer; the last one repeats."""

LONGEST_PAUSE = 900.0
"""Seconds; more than this Chatwoot does not get when it asks for a pause."""

HOLD = timedelta(seconds=60)
"""So long a server that tells may be silent before another takes its place."""

REFUSALS = 5
"""A message refused so often (not: unanswered) is left out, so that it does not hold up those after it."""

EARLIER = 500
"""So many lines before the hand-over are told."""

BATCH = 100

log = structlog.get_logger(__name__)


@dataclass
class _Link:
    """As of the claim, kept up to date while telling. sure: nothing is there that was not noted here."""

    service_id: int
    conversation_id: str
    first_seq: int
    contact_id: int | None
    source_id: str | None
    remote_id: int | None
    introduced: bool
    relayed_seq: int
    refusals: int
    done: bool
    sure: bool

    def key(self, what: object) -> str:
        return f"{wire.KEY_PREFIX}{self.conversation_id}:{self.service_id}:{what}"


class Relay:
    def __init__(
        self,
        unit_of_work: UnitOfWork,
        client: Client,
        hearing: Hearing,
        insight: Insight,
        view: DeskView,
        texts: Texts,
        clock: Callable[[], datetime],
        origin: str,
        me: str,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        """me: the name of this run of this server, not used before."""
        self._unit_of_work = unit_of_work
        self._client = client
        self._hearing = hearing
        self._insight = insight
        self._view = view
        self._texts = texts
        self._clock = clock
        self._origin = origin
        self._me = me
        self._pauses = pauses
        self._locks = KeyedLocks()

    def due(self, conversation_id: str | None = None) -> Sequence[int]:
        """The services of which something may be untold and may be told now."""
        now = self._clock()
        link = ChatwootLinkRow
        untold = select(ChatwootRefusalRow.message_id).where(
            ChatwootRefusalRow.service_id == ServiceRow.id, ChatwootRefusalRow.told.is_(False)
        )
        query = (
            select(ServiceRow.id)
            .join(ConversationRow, ConversationRow.id == ServiceRow.conversation_id)
            .outerjoin(link, link.service_id == ServiceRow.id)
            .where(
                or_(
                    link.service_id.is_(None) & ServiceRow.closed_at.is_(None),
                    link.done.is_(False)
                    & or_(
                        link.introduced.is_(False),
                        link.relayed_seq < ConversationRow.last_seq,
                        link.held_by.is_(None),
                        link.held_by != self._me,
                    ),
                    link.service_id.is_not(None) & untold.exists(),
                ),
                or_(link.next_at.is_(None), link.next_at <= now),
                or_(link.service_id.is_(None), link.origin == self._origin),
            )
            .order_by(ServiceRow.id)
        )
        if conversation_id is not None:
            query = query.where(ServiceRow.conversation_id == conversation_id)
        with self._unit_of_work(reading=True) as session:
            return list(session.execute(query).scalars())

    async def tell(self, service_id: int) -> str | None:
        """Tell all that is untold of a service. The conversation's id where agents were heard on the way, else None."""
        async with self._locks.hold(service_id):
            link = await asyncio.to_thread(self._claim, service_id)
            if link is None:
                return None
            try:
                heard = await self._all_of(link)
            except (Unavailable, RequestRefused) as error:
                pause = await asyncio.to_thread(self._put_off, link, error)
                log.warning("chatwoot not told", service=service_id, why=str(error), next_in_seconds=pause)
                return None
            await asyncio.to_thread(self._store, link, held_until=self._clock(), attempts=0, refusals=0, next_at=None)
            return link.conversation_id if heard else None

    async def _all_of(self, link: _Link) -> bool:
        if link.contact_id is None and await asyncio.to_thread(self._ended, link):
            await asyncio.to_thread(self._store, link, done=True)  # it was over before anybody there knew of it
            return False
        await self._open(link)
        heard, there = False, frozenset[str]()
        if not link.sure:
            there, heard = await self._read_back(link)
        if not link.introduced:
            await self._introduce(link, there)
            heard = await self._look(link) or heard
        if not link.done:
            await self._lines(link, there)
        await self._refusals(link, there)
        return heard

    # The conversation there

    async def _open(self, link: _Link) -> None:
        """See to it that there is a contact and an open conversation."""
        if link.remote_id is not None:
            return
        item = await asyncio.to_thread(self._view.item, link.conversation_id)
        if item is None:
            raise Unavailable("the conversation is gone")
        if link.contact_id is None or link.source_id is None:
            link.contact_id, link.source_id = await self._client.contact(self._contact(item))
            await asyncio.to_thread(self._store, link, contact_id=link.contact_id, source_id=link.source_id)
        attributes = self._attributes(link, item)
        shown = await self._client.conversation(link.contact_id, link.source_id, attributes, "botkit_service")
        remote_id = shown.get("id")
        if type(remote_id) is not int:
            raise Unavailable("a conversation without a number")
        if shown.get("status") != "open":
            await self._client.set_status(remote_id, "open")
        link.remote_id = remote_id
        await asyncio.to_thread(self._store, link, remote_id=remote_id)

    def _contact(self, item: Mapping[str, Any]) -> wire.Contact:
        attributes = {"botkit_verified": bool(item["verified"]), "botkit_channel": self._channel(item)}
        return wire.Contact(f"botkit-{item['id']}", item["name"], attributes)

    def _attributes(self, link: _Link, item: Mapping[str, Any]) -> dict[str, Any]:
        labels, topic = self._texts.labels, item["topic"] or ""
        return {
            "botkit_service": link.key("service"),
            "botkit_reason": labels("desk_reasons").get(item["reason"] or "", item["reason"] or ""),
            "botkit_topic": labels("intent_titles").get(topic, topic),
            "botkit_group": labels("desk_groups").get(item["group"] or "", item["group"] or ""),
            "botkit_channel": self._channel(item),
            "botkit_verified": bool(item["verified"]),
        }

    def _channel(self, item: Mapping[str, Any]) -> str:
        return self._texts.labels("desk_channels").get(item["channel"], item["channel"])

    async def _introduce(self, link: _Link, there: frozenset[str]) -> None:
        """Card and earlier talk, for the agents only."""
        item = await asyncio.to_thread(self._view.item, link.conversation_id)
        card = await asyncio.to_thread(self._insight.card, link.conversation_id, bool(item and item["verified"]))
        if card is not None:  # None: the service has ended meanwhile
            await self._post(link, wire.private_note(link.key("card"), words.card_note(card, self._texts)), there)
        notes = words.transcript_notes(await asyncio.to_thread(self._earlier, link), self._texts)
        for number, note in enumerate(notes, start=1):
            await self._post(link, wire.private_note(link.key(f"earlier-{number}"), note), there)
        link.introduced = True
        await asyncio.to_thread(self._store, link, introduced=True)

    def _earlier(self, link: _Link) -> Sequence[Line]:
        with self._unit_of_work(reading=True) as session:
            return read_lines(session, link.conversation_id, before=link.first_seq, limit=EARLIER)

    async def _read_back(self, link: _Link) -> tuple[frozenset[str], bool]:
        """The keys of our messages that are there, and whether agents were heard whom nobody had listened to."""
        remote_id, keys, heard = link.remote_id, set[str](), False
        assert remote_id is not None
        async for message in self._of(link, self._client.messages(remote_id)):
            if isinstance(message.get("source_id"), str):
                keys.add(message["source_id"])
            try:
                one = wire.said_in(message, message["id"], remote_id)
                if isinstance(one, wire.Said):
                    heard = await asyncio.to_thread(self._hearing.said, one) is not None or heard
            except (wire.Malformed, UnknownConversation):
                log.warning("chatwoot message not understood", message=message.get("id"))
        if link.introduced:
            heard = await self._look(link) or heard
        return frozenset(keys), heard

    async def _of(self, link: _Link, messages: Any) -> Any:
        try:
            async for message in messages:
                yield message
        except RequestRefused as refusal:
            raise await self._gone(link, refusal) from refusal

    async def _look(self, link: _Link) -> bool:
        """Take over how the conversation stands there: an event may have been missed."""
        assert link.remote_id is not None
        shown = await self._client.shown(link.remote_id)
        try:
            state = wire.state_in(shown, "conversation_status_changed", link.remote_id)
        except wire.Malformed:
            return False
        return await asyncio.to_thread(self._hearing.stands, state) is not None

    async def _gone(self, link: _Link, refusal: RequestRefused) -> Exception:
        """What to do about a refusal: where the conversation was deleted there, another one is begun."""
        if refusal.status != 404 or link.remote_id is None:
            return refusal
        log.warning("conversation deleted in chatwoot", service=link.service_id, remote=link.remote_id)
        await asyncio.to_thread(
            self._store,
            link,
            remote_id=None,
            contact_id=None,
            source_id=None,
            introduced=False,
            relayed_seq=link.first_seq - 1,
            state_at=None,
            done=await asyncio.to_thread(self._ended, link),
        )
        return Unavailable("the conversation there was deleted")

    def _ended(self, link: _Link) -> bool:
        with self._unit_of_work(reading=True) as session:
            return session.get(ServiceRow, link.service_id).closed_at is not None

    # Lines

    async def _lines(self, link: _Link, there: frozenset[str]) -> None:
        while True:
            lines, ending = await asyncio.to_thread(self._untold, link)
            for line in lines:
                if _is_end(line):
                    await self._end(link, ending, there)
                    return
                await self._line(link, line, ending is not None, there)
                link.relayed_seq = line.seq
                await asyncio.to_thread(
                    self._store, link, relayed_seq=line.seq, refusals=0, held_until=self._clock() + HOLD
                )
            if len(lines) < BATCH:
                return

    def _untold(self, link: _Link) -> tuple[Sequence[Line], str | None]:
        """The next lines, oldest first, and how the service ended, if it has."""
        with self._unit_of_work(reading=True) as session:
            service = session.get(ServiceRow, link.service_id)
            last = link.relayed_seq + BATCH
            lines = read_lines(session, link.conversation_id, after=link.relayed_seq, before=last + 1, limit=BATCH)
            return lines, service.ending

    async def _line(self, link: _Link, line: Line, ended: bool, there: frozenset[str]) -> None:
        key = link.key(line.seq)
        if line.author is Author.CUSTOMER:
            text = words.customers_words(line, self._texts)
            # a message that comes in would open again what an agent has resolved
            late = wire.private_note(key, words.late_note(line, self._texts))
            message = late if ended else wire.customers_message(key, text)
        elif line.author is Author.AGENT:
            return  # he said it there, or at the console before
        else:
            text = words.told_note(line, self._texts)
            message = wire.private_note(key, text)
        if text:
            await self._post(link, message, there)

    async def _end(self, link: _Link, ending: str | None, there: frozenset[str]) -> None:
        """Tell how it ended, and resolve it there; what was given back to the bot stays pending."""
        assert link.remote_id is not None
        note = words.ended_note(ending or "", self._texts)
        await self._post(link, wire.private_note(link.key("end"), note), there)
        if ending != End.HANDED_BACK.value:
            await self._client.set_status(link.remote_id, "resolved")
        link.done = True
        await asyncio.to_thread(self._store, link, done=True)

    async def _refusals(self, link: _Link, there: frozenset[str]) -> None:
        for message_id, why in await asyncio.to_thread(self._unrefused, link):
            note = words.refused_note(why, self._texts)
            await self._post(link, wire.private_note(link.key(f"refused:{message_id}"), note), there)
            await asyncio.to_thread(self._told, message_id)

    def _unrefused(self, link: _Link) -> Sequence[tuple[str, str]]:
        query = select(ChatwootRefusalRow.message_id, ChatwootRefusalRow.why).where(
            ChatwootRefusalRow.service_id == link.service_id, ChatwootRefusalRow.told.is_(False)
        )
        with self._unit_of_work(reading=True) as session:
            return [(message_id, why) for message_id, why in session.execute(query)]

    def _told(self, message_id: str) -> None:
        with self._unit_of_work() as session:
            session.get(ChatwootRefusalRow, message_id).told = True

    async def _post(self, link: _Link, message: Mapping[str, Any], there: frozenset[str]) -> None:
        if message["source_id"] in there:
            return
        assert link.remote_id is not None
        try:
            await self._client.post(link.remote_id, message)
        except RequestRefused as refusal:
            if refusal.status in (401, 403, 404) or link.refusals < REFUSALS:
                raise await self._gone(link, refusal) from refusal
            log.error("chatwoot never took a message", service=link.service_id, key=message["source_id"])

    # How far it is

    def _claim(self, service_id: int) -> _Link | None:
        """Take the service in hand; None where nothing is to be told, or another server is at it."""
        now = self._clock()
        with self._unit_of_work() as session:
            service = session.get(ServiceRow, service_id)
            row = session.get(ChatwootLinkRow, service_id, with_for_update=True)
            if row is None:
                if service.closed_at is not None:
                    return None
                row = self._begun(session, service)
            elsewhere = row.held_by not in (None, self._me) and row.held_until is not None and row.held_until > now
            if elsewhere or (row.next_at is not None and row.next_at > now):
                return None
            sure = row.held_by == self._me
            row.held_by, row.held_until = self._me, now + HOLD
            return _Link(
                row.service_id,
                row.conversation_id,
                service.first_seq,
                row.contact_id,
                row.source_id,
                row.remote_id,
                row.introduced,
                row.relayed_seq,
                row.refusals,
                row.done,
                sure,
            )

    def _begun(self, session: Session, service: ServiceRow) -> ChatwootLinkRow:
        row = ChatwootLinkRow(
            service_id=service.id,
            conversation_id=service.conversation_id,
            origin=self._origin,
            introduced=False,
            relayed_seq=service.first_seq - 1,
            done=False,
            attempts=0,
            refusals=0,
        )
        session.add(row)
        session.flush()
        return row

    def _store(self, link: _Link, **values: Any) -> None:
        with self._unit_of_work() as session:
            row = session.get(ChatwootLinkRow, link.service_id)
            for name, value in values.items():
                setattr(row, name, value)

    def _put_off(self, link: _Link, error: Unavailable | RequestRefused) -> float:
        """Note when to try again, and that it is unknown what has arrived. The pause in seconds."""
        with self._unit_of_work() as session:
            row = session.get(ChatwootLinkRow, link.service_id)
            asked = error.retry_after if isinstance(error, Unavailable) else None
            own = self._pauses[min(row.attempts, len(self._pauses) - 1)]
            pause: float = min(max(own, asked or 0.0), LONGEST_PAUSE)
            row.attempts += 1
            row.refusals += isinstance(error, RequestRefused)
            row.next_at = self._clock() + timedelta(seconds=pause)
            row.held_by = row.held_until = None
            return pause


def _is_end(line: Line) -> bool:
    return line.detail.get("owner") in (Owner.BOT.value, Owner.CLOSED.value)
