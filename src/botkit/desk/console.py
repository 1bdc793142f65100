"""The console's live connection: Socket.IO under `/desk`. Commands in, what changed out. Protocol: `docs/desk.md`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any

import socketio
import structlog

from botkit.content.texts import Texts
from botkit.desk.accounts import AccountError, Accounts, Agent, Presence, digest
from botkit.desk.broadcast import EVERYBODY, NAMESPACE, Broadcast, agent_room
from botkit.desk.commands import Answer, Command, Commands, Malformed
from botkit.desk.service import Refused
from botkit.desk.view import DeskView, describe
from botkit.handoff.routing import Group
from botkit.handoff.silence import Patience
from botkit.handoff.tickets import CALL_BACKS

log = structlog.get_logger(__name__)

COOKIE = "botkit_desk"
GRACE = 20.0
"""Seconds that an agent's connection may be gone before his customers are given to others."""


class Console:
    """One for the whole server: agents come, command and go."""

    def __init__(
        self,
        sockets: socketio.AsyncServer,
        accounts: Accounts,
        view: DeskView,
        commands: Commands,
        broadcast: Broadcast,
        texts: Texts,
        grace: float = GRACE,
    ) -> None:
        self._sockets = sockets
        self._accounts = accounts
        self._view = view
        self._broadcast = broadcast
        self._texts = texts
        self._grace = grace
        self._leaving: dict[int, asyncio.Task[None]] = {}
        sockets.on("connect", self._connect, namespace=NAMESPACE)
        sockets.on("disconnect", self._disconnect, namespace=NAMESPACE)
        for name, command in commands.by_name.items():
            sockets.on(name, self._answering(command), namespace=NAMESPACE)

    async def start(self) -> None:
        """Whoever was there when the server ended has a while to come back; then he counts as gone."""
        for agent in await asyncio.to_thread(self._accounts.agents):
            if agent.presence is not Presence.OFFLINE and agent.id not in self._leaving:
                self._leaving[agent.id] = asyncio.create_task(self._gone(agent.id))

    async def stop(self) -> None:
        for task in self._leaving.values():
            task.cancel()
        await asyncio.gather(*self._leaving.values(), return_exceptions=True)

    async def signed_out(self, token: str) -> None:
        """This sign-in has ended: its consoles are told, and hear nothing any more."""
        await self._broadcast.end(_sign_in_room(token))

    async def renewed(self, agent_id: int, old: str, new: str) -> None:
        """With a new password this sign-in goes on under another token; the agent's others have ended."""
        own = self._broadcast.members(_sign_in_room(old))
        for sid in own:
            await self._sockets.enter_room(sid, _sign_in_room(new), namespace=NAMESPACE)
        await self._broadcast.end(agent_room(agent_id), own)

    async def _connect(self, sid: str, environ: dict[str, Any], _auth: Any = None) -> None:
        token = session_token(environ.get("HTTP_COOKIE", ""))
        agent = await asyncio.to_thread(self._accounts.signed_in, token)
        if agent is None:
            raise socketio.exceptions.ConnectionRefusedError("signed_out")
        if leaving := self._leaving.pop(agent.id, None):
            leaving.cancel()
        if agent.presence is Presence.OFFLINE:
            agent = await asyncio.to_thread(self._accounts.set_presence, agent.id, Presence.ONLINE)
        await self._sockets.save_session(sid, agent.id, namespace=NAMESPACE)
        for room in (EVERYBODY, agent_room(agent.id), _sign_in_room(token)):
            await self._sockets.enter_room(sid, room, namespace=NAMESPACE)
        await self._sockets.emit("welcome", await asyncio.to_thread(self._welcome, agent), to=sid, namespace=NAMESPACE)
        self._broadcast.begin(self._broadcast.agents_changed())

    async def _disconnect(self, sid: str, *_reason: Any) -> None:
        agent_id = await self._sockets.get_session(sid, namespace=NAMESPACE)
        if isinstance(agent_id, int) and agent_id not in self._leaving:
            self._leaving[agent_id] = asyncio.create_task(self._gone(agent_id))

    async def _gone(self, agent_id: int) -> None:
        """After a while without any connection: the agent is away, his customers wait again."""
        await asyncio.sleep(self._grace)
        self._leaving.pop(agent_id, None)
        if self._broadcast.anybody(agent_room(agent_id)):
            return
        await asyncio.to_thread(self._accounts.set_presence, agent_id, Presence.OFFLINE)
        await self._broadcast.lost(agent_id)

    def _welcome(self, agent: Agent) -> dict[str, Any]:
        labels = self._texts.labels
        return {
            "me": describe(agent),
            "groups": [{"id": group.value, "name": labels("desk_groups")[group.value]} for group in Group],
            "agents": self._view.agents(),
            "counts": self._view.counts(agent),
            "phrases": [
                {"id": number, "title": title, "text": text}
                for number, (title, text) in enumerate(labels("desk_phrases").items(), start=1)
            ],
            "kinds": _named(labels("desk_kinds")),
            "departments": _named(labels("desk_departments")),
            "usual": {group: {"department": to, "kind": kind} for group, (to, kind) in CALL_BACKS.items()},
            "reasons": dict(labels("desk_reasons")),
            "channels": dict(labels("desk_channels")),
            "reply_within": Patience().soothe_after.total_seconds(),
        }

    def _answering(self, command: Command) -> Callable[..., Awaitable[Answer]]:
        async def answer(sid: str, data: Any = None, *_more: Any) -> Answer:
            agent_id = await self._sockets.get_session(sid, namespace=NAMESPACE)
            agent = await asyncio.to_thread(self._accounts.agent, agent_id)
            if agent is None:
                await self._sockets.emit("signed_out", {}, to=sid, namespace=NAMESPACE)
                return self._refusal("signed_out")
            try:
                return {"ok": True} | await command(agent, {"sid": sid} | (data if isinstance(data, dict) else {}))
            except (Refused, AccountError) as refusal:
                return self._refusal(refusal.problem)
            except Malformed:
                return self._refusal("malformed")
            except Exception:
                log.exception("command failed", command=command.__name__, agent=agent.id)
                return self._refusal("failed")

        return answer

    def _refusal(self, problem: str) -> Answer:
        return {"ok": False, "code": problem, "error": self._texts.labels("desk_problems")[problem]}


def session_token(cookies: str) -> str:
    """The token in a `Cookie` header; empty where there is none."""
    try:
        held = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return ""
    return held.value if held else ""


def _sign_in_room(token: str) -> str:
    return f"sign-in:{digest(token)}"


def _named(labels: Any) -> list[dict[str, str]]:
    return [{"id": key, "name": name} for key, name in labels.items()]
