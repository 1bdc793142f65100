"""The web chat: Socket.IO under `/chat/socket.io`. Who holds a visitor's token sees that visitor's conversation.

Protocol, JSON both ways; see docs/widget.md:
connect {token?, after?} → `welcome`; `message` {id, text, payload?} → ack; `history` {before} → ack; `received` {seqs};
server pushes `line`, `typing`, `state`.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import socketio
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from botkit.conversation.messages import MAX_TEXT, Author, InboundMessage, Line, storable
from botkit.conversation.outbox import Outbox
from botkit.conversation.reply import Reply
from botkit.conversation.transcript import read_lines
from botkit.conversation.worker import Worker
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow, InboundRow

log = structlog.get_logger(__name__)

CHANNEL = "web"
PAGE = 30
_HIGHEST = 2**31 - 1
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def sender_of(token: str) -> str:
    """The sender that a token stands for; the token itself is kept nowhere on the server."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Visitor:
    token: str

    @property
    def sender(self) -> str:
        return sender_of(self.token)


class WebConnector:
    """Both halves of the channel. Each visitor has a room of his own, named by his sender, with all his tabs in it."""

    channel = CHANNEL

    def __init__(
        self,
        sockets: socketio.AsyncServer,
        unit_of_work: UnitOfWork,
        greeting: Reply,
        hotline: str,
    ) -> None:
        self._sockets = sockets
        self._unit_of_work = unit_of_work
        self._greeting = greeting
        self._hotline = hotline
        self._worker: Worker | None = None
        self._outbox: Outbox | None = None
        for event, handler in (
            ("connect", self._connect),
            ("message", self._message),
            ("history", self._history),
            ("received", self._received),
        ):
            sockets.on(event, handler)

    def serve(self, worker: Worker, outbox: Outbox) -> None:
        """Begin to pass messages on; before that connections are refused."""
        self._worker, self._outbox = worker, outbox
        worker.on_activity(self._activity)

    async def deliver(self, sender: str, line: Line) -> bool | None:
        """Show a line in all of the visitor's tabs. None: no tab is connected here; one elsewhere, or one that comes
        back, says `received`."""
        await self._sockets.emit("line", line.for_customer(), room=sender)
        await self._tell_state(sender, line.conversation_id)
        return self._present(sender) or None

    async def _connect(self, sid: str, _environ: dict[str, Any], auth: Any = None, *_more: Any) -> None:
        if self._worker is None:
            raise socketio.exceptions.ConnectionRefusedError("starting")
        auth = auth if isinstance(auth, dict) else {}
        token = auth.get("token")
        visitor = Visitor(token if isinstance(token, str) and _TOKEN.fullmatch(token) else secrets.token_urlsafe(24))
        await self._sockets.save_session(sid, visitor)
        await self._sockets.enter_room(sid, visitor.sender)
        welcome = await asyncio.to_thread(self._welcome, visitor, _number(auth.get("after")) or 0)
        await self._sockets.emit("welcome", welcome, to=sid)
        # A line that was written while the welcome was put together went out before it, to a tab not listening yet.
        last = welcome["lines"][-1]["seq"] if welcome["lines"] else 0
        for line in await asyncio.to_thread(self._lines_after, visitor, last):
            await self._sockets.emit("line", line, to=sid)

    def _welcome(self, visitor: Visitor, after: int) -> dict[str, Any]:
        with self._unit_of_work(reading=True) as session:
            row = _conversation(session, visitor.sender)
            lines = read_lines(session, row.id, after=after, limit=PAGE + 1) if row else ()
            shown = _shown(session, lines)
            state = row.owner if row else "bot"
        return {
            "token": visitor.token,
            "state": state,
            "lines": shown,
            "more": len(lines) > PAGE,
            "greeting": {"text": self._greeting.text, **self._greeting.content()} if row is None else None,
            "hotline": self._hotline,
        }

    def _lines_after(self, visitor: Visitor, seq: int) -> list[dict[str, Any]]:
        with self._unit_of_work(reading=True) as session:
            row = _conversation(session, visitor.sender)
            return _shown(session, read_lines(session, row.id, after=seq, limit=PAGE)) if row else []

    async def _message(self, sid: str, data: Any = None, *_more: Any) -> dict[str, Any]:
        """Take a message in; the acknowledgement means that it is safe."""
        visitor: Visitor = await self._sockets.get_session(sid)
        problem, message = _inbound(visitor, data)
        if message is None:
            return {"ok": False, "code": problem, "error": _ERRORS[problem]}
        assert self._worker is not None
        try:
            receipt = await self._worker.submit(message)
        except Exception:
            log.exception("message not stored", channel=CHANNEL)
            return {"ok": False, "code": "unavailable", "error": _ERRORS["unavailable"]}
        if receipt.line is not None:
            line = receipt.line.for_customer() | {"client_id": data["id"]}
            await self._sockets.emit("line", line, room=visitor.sender, skip_sid=sid)
        return {
            "ok": True,
            "seq": receipt.line.seq if receipt.line else await asyncio.to_thread(self._seq, receipt.message_id),
        }

    def _seq(self, message_id: int) -> int:
        with self._unit_of_work(reading=True) as session:
            return int(session.get(InboundRow, message_id).seq)

    async def _history(self, sid: str, data: Any = None, *_more: Any) -> dict[str, Any]:
        visitor: Visitor = await self._sockets.get_session(sid)
        before = _number(data.get("before")) if isinstance(data, dict) else None
        if before is None:
            return {"lines": [], "more": False}
        return await asyncio.to_thread(self._page, visitor, before)

    def _page(self, visitor: Visitor, before: int) -> dict[str, Any]:
        with self._unit_of_work(reading=True) as session:
            row = _conversation(session, visitor.sender)
            lines = read_lines(session, row.id, before=before, limit=PAGE + 1) if row else ()
            return {"lines": _shown(session, lines), "more": len(lines) > PAGE}

    async def _received(self, sid: str, data: Any = None, *_more: Any) -> None:
        visitor: Visitor = await self._sockets.get_session(sid)
        seqs = data.get("seqs") if isinstance(data, dict) else None
        seqs = [seq for seq in seqs[:500] if _number(seq)] if isinstance(seqs, list) else []
        if seqs:
            await asyncio.to_thread(self._mark, visitor.sender, seqs)

    def _mark(self, sender: str, seqs: list[int]) -> None:
        assert self._outbox is not None
        with self._unit_of_work(reading=True) as session:
            row = _conversation(session, sender)
        if row is not None:
            self._outbox.mark_delivered(row.id, seqs)

    async def _activity(self, conversation_id: str, at_work: bool) -> None:
        sender, state = await asyncio.to_thread(self._address, conversation_id)
        if sender is None:
            return
        if not at_work:
            await self._sockets.emit("typing", {"on": False}, room=sender)
            await self._sockets.emit("state", {"state": state}, room=sender)
        elif state == "bot":
            await self._sockets.emit("typing", {"on": True}, room=sender)

    async def _tell_state(self, sender: str, conversation_id: str) -> None:
        _, state = await asyncio.to_thread(self._address, conversation_id)
        await self._sockets.emit("state", {"state": state}, room=sender)

    def _address(self, conversation_id: str) -> tuple[str | None, str]:
        with self._unit_of_work(reading=True) as session:
            row = session.get(ConversationRow, conversation_id)
            return (row.sender, row.owner) if row.channel == CHANNEL else (None, row.owner)

    def _present(self, sender: str) -> bool:
        return any(True for _ in self._sockets.manager.get_participants("/", sender))


_ERRORS = {
    "empty": "请输入要说的话。",
    "too_long": f"太长了, 请控制在 {MAX_TEXT} 字以内。",
    "malformed": "这条消息没有发出去, 请重新发送。",
    "unavailable": "暂时没能存下这条消息, 请稍后重试。",
}


def _inbound(visitor: Visitor, data: Any) -> tuple[str, InboundMessage | None]:
    if not isinstance(data, dict) or not isinstance(data.get("text"), str) or not isinstance(data.get("id"), str):
        return "malformed", None
    text, payload = storable(data["text"]).strip(), data.get("payload")
    if not _MESSAGE_ID.fullmatch(data["id"]) or not (
        payload is None or (isinstance(payload, str) and len(payload) < 1000)
    ):
        return "malformed", None
    if not text:
        return "empty", None
    if len(text) > MAX_TEXT:
        return "too_long", None
    return "", InboundMessage(CHANNEL, visitor.sender, f"{visitor.sender[:32]}:{data['id']}", text, payload)


def _number(value: Any) -> int | None:
    """A number of a line as a customer's browser sends it, or None for anything else."""
    return value if type(value) is int and 0 < value <= _HIGHEST else None


def _shown(session: Session, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Lines for the customer's screen, his own with the id that his browser gave them. Events of the hand-over have no
    text and are not for it."""
    shown = [line for line in lines[-PAGE:] if line.text or line.content]
    ids = _client_ids(session, [line for line in shown if line.author is Author.CUSTOMER])
    return [line.for_customer() | ids.get(line.seq, {}) for line in shown]


def _client_ids(session: Session, own: Sequence[Line]) -> dict[int, dict[str, str]]:
    if not own:
        return {}
    query = select(InboundRow.seq, InboundRow.external_id).where(
        InboundRow.conversation_id == own[0].conversation_id, InboundRow.seq.in_([line.seq for line in own])
    )
    return {seq: {"client_id": external_id.partition(":")[2]} for seq, external_id in session.execute(query)}


def _conversation(session: Session, sender: str) -> ConversationRow | None:
    query = select(ConversationRow).where(ConversationRow.channel == CHANNEL, ConversationRow.sender == sender)
    row: ConversationRow | None = session.execute(query).scalar_one_or_none()
    return row
