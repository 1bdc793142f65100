"""The web chat: Socket.IO under `/chat/socket.io`. Who holds a visitor's token sees that visitor's conversation.

Protocol, JSON both ways; see docs/widget.md:
connect {token?, after?} → `welcome`; `message` {id, text, payload?} → ack; `history` {before} → ack; `received` {seqs};
`typing` {on}; server pushes `line`, `typing`, `read`, `state`. Files go over HTTP, see `channels.web.files`.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import socketio
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.content.texts import Texts
from botkit.conversation.files import MAX_SIZE
from botkit.conversation.messages import MAX_TEXT, InboundMessage, Line, storable
from botkit.conversation.outbox import Outbox
from botkit.conversation.ownership import read_by_agent
from botkit.conversation.reception import NoDesk, Reception
from botkit.conversation.reply import said
from botkit.conversation.signs import Sign, Signs
from botkit.conversation.transcript import external_ids, find_conversation, read_lines
from botkit.conversation.worker import Worker
from botkit.handoff.machine import Owner
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, InboundRow

log = structlog.get_logger(__name__)

CHANNEL = "web"
PAGE = 30
_HIGHEST = 2**31 - 1
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def sender_of(token: str) -> str:
    """The sender that a token stands for; the token itself is kept nowhere on the server."""
    return hashlib.sha256(token.encode()).hexdigest()


class WebConnector:
    """Both halves of the channel. Each visitor has a room of his own, named by his sender, with all his tabs in it."""

    channel = CHANNEL

    def __init__(
        self,
        sockets: socketio.AsyncServer,
        unit_of_work: UnitOfWork,
        texts: Texts,
        signs: Signs,
    ) -> None:
        self._sockets = sockets
        self._signs = signs
        self._unit_of_work = unit_of_work
        self._texts = texts
        self._worker: Worker | None = None
        self._outbox: Outbox | None = None
        self._reception: Reception = NoDesk()
        self._standing: dict[str, dict[str, Any]] = {}
        for event, handler in (
            ("connect", self._connect),
            ("message", self._message),
            ("history", self._history),
            ("received", self._received),
            ("typing", self._typing),
        ):
            sockets.on(event, handler)
        signs.on_agent(self._agent_signs)

    def serve(self, worker: Worker, outbox: Outbox, reception: Reception) -> None:
        """Begin to pass messages on; before that connections are refused."""
        self._worker, self._outbox, self._reception = worker, outbox, reception
        worker.on_activity(self._activity)

    async def deliver(self, sender: str, line: Line, parts: int = 0) -> bool | None:
        """Show a line in all of the visitor's tabs. None: no tab is connected here; one elsewhere, or one that comes
        back, says `received`."""
        await self._sockets.emit("line", line.for_customer(), room=sender)
        await self._tell_state(sender, line.conversation_id)
        return self._present(sender) or None

    async def tick(self) -> None:
        """The queue moves on: visitors who wait and look are shown where they stand now."""
        waiting = await asyncio.to_thread(self._waiting)
        shown = [id_ for id_, sender in waiting.items() if self._present(sender)]
        standing = {id_: (await asyncio.to_thread(self._address, id_))[1] for id_ in shown}
        for id_, state in standing.items():
            if self._standing.get(id_) != state:
                await self._sockets.emit("state", state, room=waiting[id_])
        self._standing = standing

    def _waiting(self) -> dict[str, str]:
        """Senders of the conversations that wait for a human, by id."""
        query = select(ConversationRow.id, ConversationRow.sender).where(
            ConversationRow.channel == CHANNEL, ConversationRow.owner == Owner.WAITING.value
        )
        with self._unit_of_work(reading=True) as session:
            return {id_: sender for id_, sender in session.execute(query)}

    async def _connect(self, sid: str, _environ: dict[str, Any], auth: Any = None, *_more: Any) -> None:
        if self._worker is None:
            raise socketio.exceptions.ConnectionRefusedError("starting")
        auth = auth if isinstance(auth, dict) else {}
        token = auth.get("token")
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            token = secrets.token_urlsafe(24)
        sender = sender_of(token)
        await self._sockets.save_session(sid, sender)
        await self._sockets.enter_room(sid, sender)
        welcome = {"token": token} | await asyncio.to_thread(self._welcome, sender, _number(auth.get("after")) or 0)
        await self._sockets.emit("welcome", welcome, to=sid)
        # A line that was written while the welcome was put together went out before it, to a tab not listening yet.
        last = welcome["lines"][-1]["seq"] if welcome["lines"] else 0
        for line in await asyncio.to_thread(self._lines_after, sender, last):
            await self._sockets.emit("line", line, to=sid)

    def _welcome(self, sender: str, after: int) -> dict[str, Any]:
        with self._unit_of_work(reading=True) as session:
            row = find_conversation(session, CHANNEL, sender)
            lines = read_lines(session, row.id, after=after, limit=PAGE + 1) if row else ()
            shown = _shown(session, lines)
            state = self._state(session, row) if row else {"state": "bot"}
            read = read_by_agent(session, row) if row else 0
        greeting = said(self._texts, "greeting")
        return {
            **state,
            "read": read,
            "lines": shown,
            "more": len(lines) > PAGE,
            "greeting": {"text": greeting.text, **greeting.content()} if row is None else None,
            "hotline": self._texts.text("hotline"),
        }

    def _lines_after(self, sender: str, seq: int) -> list[dict[str, Any]]:
        with self._unit_of_work(reading=True) as session:
            row = find_conversation(session, CHANNEL, sender)
            return _shown(session, read_lines(session, row.id, after=seq, limit=PAGE)) if row else []

    async def _message(self, sid: str, data: Any = None, *_more: Any) -> dict[str, Any]:
        """Take a message in; the acknowledgement means that it is safe."""
        sender: str = await self._sockets.get_session(sid)
        problem, message = _inbound(sender, data)
        return self.refusal(problem) if message is None else await self.take_in(message, sid)

    async def take_in(self, message: InboundMessage, sid: str | None = None) -> dict[str, Any]:
        """Store a message, show it in the visitor's tabs (save the one that sent it), see to its answer.

        `{ok: true, seq}`, or a refusal where it could not be stored.
        """
        if self._worker is None:
            return self.refusal("unavailable")
        try:
            receipt = await self._worker.submit(message)
        except Exception:
            log.exception("message not stored", channel=CHANNEL)
            return self.refusal("unavailable")
        if receipt.line is not None:
            line = receipt.line.for_customer() | _client_id(message.external_id)
            await self._sockets.emit("line", line, room=message.sender, skip_sid=sid)
        return {
            "ok": True,
            "seq": receipt.line.seq if receipt.line else await asyncio.to_thread(self._seq, receipt.message_id),
        }

    def refusal(self, problem: str) -> dict[str, Any]:
        values = {"limit": MAX_TEXT, "size": MAX_SIZE // 1024 // 1024}
        return {"ok": False, "code": problem, "error": self._texts.text(f"web_{problem}", **values)}

    def _seq(self, message_id: int) -> int:
        with self._unit_of_work(reading=True) as session:
            return int(session.get(InboundRow, message_id).seq)

    async def _history(self, sid: str, data: Any = None, *_more: Any) -> dict[str, Any]:
        sender: str = await self._sockets.get_session(sid)
        before = _number(data.get("before")) if isinstance(data, dict) else None
        if before is None:
            return {"lines": [], "more": False}
        return await asyncio.to_thread(self._page, sender, before)

    def _page(self, sender: str, before: int) -> dict[str, Any]:
        with self._unit_of_work(reading=True) as session:
            row = find_conversation(session, CHANNEL, sender)
            lines = read_lines(session, row.id, before=before, limit=PAGE + 1) if row else ()
            return {"lines": _shown(session, lines), "more": len(lines) > PAGE}

    async def _received(self, sid: str, data: Any = None, *_more: Any) -> None:
        sender: str = await self._sockets.get_session(sid)
        seqs = data.get("seqs") if isinstance(data, dict) else None
        seqs = [seq for seq in seqs[:500] if _number(seq)] if isinstance(seqs, list) else []
        conversation_id = await asyncio.to_thread(self._mark, sender, seqs) if seqs else None
        if conversation_id is not None:
            await self._signs.of_customer(Sign(conversation_id, read=max(seqs)))

    def _mark(self, sender: str, seqs: list[int]) -> str | None:
        assert self._outbox is not None
        conversation_id = self._conversation_of(sender)
        if conversation_id is not None:
            self._outbox.mark_delivered(conversation_id, seqs)
        return conversation_id

    def _conversation_of(self, sender: str) -> str | None:
        with self._unit_of_work(reading=True) as session:
            row = find_conversation(session, CHANNEL, sender)
            return row.id if row else None

    async def _typing(self, sid: str, data: Any = None, *_more: Any) -> None:
        sender: str = await self._sockets.get_session(sid)
        conversation_id = await asyncio.to_thread(self._conversation_of, sender)
        if conversation_id is not None:
            await self._signs.of_customer(
                Sign(conversation_id, typing=isinstance(data, dict) and data.get("on") is True)
            )

    async def _agent_signs(self, sign: Sign) -> None:
        sender, _ = await asyncio.to_thread(self._address, sign.conversation_id)
        if sender is not None and sign.typing is not None:
            await self._sockets.emit("typing", {"on": sign.typing}, room=sender)
        if sender is not None and sign.read is not None:
            await self._sockets.emit("read", {"seq": sign.read}, room=sender)

    async def _activity(self, conversation_id: str, at_work: bool) -> None:
        sender, state = await asyncio.to_thread(self._address, conversation_id)
        if sender is None:
            return
        if not at_work:
            await self._sockets.emit("typing", {"on": False}, room=sender)
            await self._sockets.emit("state", state, room=sender)
        elif state["state"] == "bot":
            await self._sockets.emit("typing", {"on": True}, room=sender)

    async def _tell_state(self, sender: str, conversation_id: str) -> None:
        _, state = await asyncio.to_thread(self._address, conversation_id)
        await self._sockets.emit("state", state, room=sender)

    def _address(self, conversation_id: str) -> tuple[str | None, dict[str, Any]]:
        with self._unit_of_work(reading=True) as session:
            row = session.get(ConversationRow, conversation_id)
            return (row.sender if row.channel == CHANNEL else None), self._state(session, row)

    def _state(self, session: Session, row: ConversationRow) -> dict[str, Any]:
        """Who answers now; what is known of the queue, and of who serves him."""
        standing = self._reception.standing(session, row)
        return {"state": row.owner} | {
            name: value for name, value in asdict(standing).items() if value not in (None, "")
        }

    def _present(self, sender: str) -> bool:
        return any(True for _ in self._sockets.manager.get_participants("/", sender))


def _inbound(sender: str, data: Any) -> tuple[str, InboundMessage | None]:
    if not isinstance(data, dict) or not isinstance(data.get("text"), str) or not isinstance(data.get("id"), str):
        return "malformed", None
    text, payload = storable(data["text"]).strip(), data.get("payload")
    if not MESSAGE_ID.fullmatch(data["id"]) or not (
        payload is None or (isinstance(payload, str) and len(payload) < 1000)
    ):
        return "malformed", None
    if not text:
        return "empty", None
    if len(text) > MAX_TEXT:
        return "too_long", None
    return "", InboundMessage(CHANNEL, sender, external_id(sender, data["id"]), text, payload)


def external_id(sender: str, message_id: str) -> str:
    """What a message is known by: the id that its browser gave it, within the visitor's conversation."""
    return f"{sender[:32]}:{message_id}"


def _number(value: Any) -> int | None:
    """A number of a line as a customer's browser sends it, or None for anything else."""
    return value if type(value) is int and 0 < value <= _HIGHEST else None


def _shown(session: Session, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Lines for the customer's screen, his own with the id that his browser gave them. Events of the hand-over have no
    text and are not for it."""
    shown = [line for line in lines[-PAGE:] if line.text or line.content]
    ids = external_ids(session, shown[0].conversation_id, shown) if shown else {}
    return [line.for_customer() | _client_id(ids.get(line.seq)) for line in shown]


def _client_id(external_id: str | None) -> dict[str, str]:
    return {"client_id": external_id.partition(":")[2]} if external_id else {}
