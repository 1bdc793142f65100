"""The console's live connection: Socket.IO under `/desk`. Commands in, what changed out. Protocol: `docs/desk.md`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any

import socketio
import structlog

from botkit.content.texts import Texts
from botkit.conversation.keyed_locks import KeyedLocks
from botkit.desk.accounts import AccountError, Accounts, Agent, Presence, Role
from botkit.desk.insight import Insight
from botkit.desk.service import DeskService, Refused
from botkit.desk.tickets import Tickets
from botkit.desk.timers import Happened
from botkit.desk.view import BOXES, DeskView
from botkit.handoff.machine import Owner
from botkit.handoff.routing import Group

log = structlog.get_logger(__name__)

NAMESPACE = "/desk"
COOKIE = "botkit_desk"
GRACE = 20.0
"""Seconds that an agent's connection may be gone before his customers are given to others."""

COUNT_AFTER = 0.2
"""Seconds that changes are collected before the counts are told anew."""

EVERYBODY = "desk"

Data = dict[str, Any]
Answer = dict[str, Any]
Command = Callable[[Agent, Data], Awaitable[Answer]]


class Malformed(ValueError):
    """The data of a command lacks something, or something is of the wrong kind."""


class Console:
    """One for the whole server. `changed` is told of every conversation in which something happened."""

    def __init__(
        self,
        sockets: socketio.AsyncServer,
        accounts: Accounts,
        service: DeskService,
        view: DeskView,
        insight: Insight,
        tickets: Tickets,
        texts: Texts,
        deliver: Callable[[str], Awaitable[None]],
        grace: float = GRACE,
    ) -> None:
        """deliver: sends what waits in the outbox for a conversation."""
        self._sockets = sockets
        self._accounts = accounts
        self._service = service
        self._view = view
        self._insight = insight
        self._tickets = tickets
        self._texts = texts
        self._deliver = deliver
        self._grace = grace
        self._shown: dict[str, int] = {}
        self._carded: dict[str, tuple[Any, ...]] = {}
        self._showing = KeyedLocks()
        self._leaving: dict[int, asyncio.Task[None]] = {}
        self._counting: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        sockets.on("connect", self._connect, namespace=NAMESPACE)
        sockets.on("disconnect", self._disconnect, namespace=NAMESPACE)
        for name, command in self._commands().items():
            sockets.on(name, self._answering(command), namespace=NAMESPACE)

    def _commands(self) -> dict[str, Command]:
        return {
            "list": self._list,
            "open": self._open,
            "leave": self._leave,
            "history": self._history,
            "earlier": self._earlier,
            "accept": self._accept,
            "take_over": self._take_over,
            "say": self._say,
            "transfer": self._transfer,
            "reassign": self._reassign,
            "hand_back": self._hand_back,
            "close": self._close,
            "summary": self._summary,
            "search": self._search,
            "note": self._note,
            "consult": self._consult,
            "answer": self._answer,
            "ticket": self._ticket,
            "ticket_step": self._ticket_step,
            "tickets": self._tickets_found,
            "presence": self._presence,
            "read": self._read,
            "load": self._load,
            "staff": self._staff,
            "staff_save": self._staff_save,
        }

    # Coming and going

    async def start(self) -> None:
        """Whoever was there when the server ended has a while to come back; then he counts as gone."""
        for agent in await asyncio.to_thread(self._accounts.agents):
            if agent.presence is not Presence.OFFLINE and agent.id not in self._leaving:
                self._leaving[agent.id] = asyncio.create_task(self._gone(agent.id))

    async def _connect(self, sid: str, environ: dict[str, Any], _auth: Any = None) -> None:
        agent = await asyncio.to_thread(self._accounts.signed_in, session_token(environ.get("HTTP_COOKIE", "")))
        if agent is None:
            raise socketio.exceptions.ConnectionRefusedError("signed_out")
        if leaving := self._leaving.pop(agent.id, None):
            leaving.cancel()
        if agent.presence is Presence.OFFLINE:
            agent = await asyncio.to_thread(self._accounts.set_presence, agent.id, Presence.ONLINE)
        await self._sockets.save_session(sid, agent.id, namespace=NAMESPACE)
        await self._sockets.enter_room(sid, EVERYBODY, namespace=NAMESPACE)
        await self._sockets.enter_room(sid, _room_of(agent), namespace=NAMESPACE)
        await self._sockets.emit("welcome", await asyncio.to_thread(self._welcome, agent), to=sid, namespace=NAMESPACE)
        self._begin(self._agents_changed())

    async def _disconnect(self, sid: str, *_reason: Any) -> None:
        agent_id = await self._sockets.get_session(sid, namespace=NAMESPACE)
        if isinstance(agent_id, int) and agent_id not in self._leaving:
            self._leaving[agent_id] = asyncio.create_task(self._gone(agent_id))

    async def _gone(self, agent_id: int) -> None:
        """After a while without any connection: the agent is away, his customers wait again."""
        await asyncio.sleep(self._grace)
        self._leaving.pop(agent_id, None)
        if any(True for _ in self._sockets.manager.get_participants(NAMESPACE, f"agent:{agent_id}")):
            return
        await asyncio.to_thread(self._accounts.set_presence, agent_id, Presence.OFFLINE)
        await self._lost(agent_id)

    async def _lost(self, agent_id: int) -> None:
        for conversation_id in await asyncio.to_thread(self._service.lose, agent_id):
            await self._happened(conversation_id)
        await self._agents_changed()

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
            "reasons": dict(labels("desk_reasons")),
            "channels": dict(labels("desk_channels")),
        }

    # What happened

    def changed(self, conversation_id: str, settled: bool = True) -> None:
        """Something was said or done in a conversation: tell whoever has a console open. Returns at once.

        settled: the bot is done with it. Then, if somebody waits, he is given to an agent who has room.
        """
        if any(True for _ in self._sockets.manager.get_participants(NAMESPACE, EVERYBODY)):
            self._begin(self._follow(conversation_id, settled))

    async def _follow(self, conversation_id: str, settled: bool) -> None:
        item = await self._show(conversation_id)
        if settled and item and item["owner"] == Owner.WAITING.value:
            await self._call("waiting", conversation_id, EVERYBODY)
            await self._dispatch()

    async def _dispatch(self) -> None:
        for conversation_id, agent_id in await asyncio.to_thread(self._service.dispatch):
            await self._call("assigned", conversation_id, f"agent:{agent_id}")
            await self._happened(conversation_id)

    async def _call(self, kind: str, conversation_id: str, room: str, text: str = "") -> None:
        call = {"id": conversation_id, "kind": kind, "text": text}
        await self._sockets.emit("call", call, room=room, namespace=NAMESPACE)

    async def timed(self, happened: Sequence[Happened]) -> None:
        """What the timers did: the customers get what was said, the agents see it and are alerted."""
        for one in happened:
            await self._happened(one.conversation_id)
            if one.call:
                room = EVERYBODY if one.agent is None else f"agent:{one.agent}"
                await self._call(one.call, one.conversation_id, room, one.text)
        if happened:
            await self._agents_changed()

    async def stop(self) -> None:
        for task in [*self._tasks, *self._leaving.values()]:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._leaving.values(), return_exceptions=True)

    async def _happened(self, conversation_id: str) -> None:
        """After a command: the customer gets what was said, the consoles see it."""
        await self._deliver(conversation_id)
        await self._show(conversation_id)

    async def _show(self, conversation_id: str) -> dict[str, Any] | None:
        async with self._showing.hold(conversation_id):  # each line once, in order
            return await self._show_alone(conversation_id)

    async def _show_alone(self, conversation_id: str) -> dict[str, Any] | None:
        item = await asyncio.to_thread(self._view.item, conversation_id)
        if item is None:
            return None
        await self._sockets.emit("item", item, room=EVERYBODY, namespace=NAMESPACE)
        if conversation_id in self._shown:
            new = await asyncio.to_thread(self._view.lines, conversation_id, after=self._shown[conversation_id])
            for line in new["lines"]:
                self._shown[conversation_id] = max(self._shown.get(conversation_id, 0), line["seq"])
                await self._sockets.emit(
                    "line", {"id": conversation_id, "line": line}, room=_talk(conversation_id), namespace=NAMESPACE
                )
        if self._carded.get(conversation_id, _case(item)) != _case(item):
            await self._tell_card(item)
        self._count_soon()
        return item

    async def _tell_card(self, item: dict[str, Any]) -> None:
        conversation_id = item["id"]
        self._carded[conversation_id] = _case(item)
        card = await asyncio.to_thread(self._insight.card, conversation_id, item["verified"])
        await self._sockets.emit(
            "card", {"id": conversation_id, "card": card}, room=_talk(conversation_id), namespace=NAMESPACE
        )

    def _count_soon(self) -> None:
        """Tell the consoles how many wait and are served; changes that come close together are told once."""
        if self._counting is None or self._counting.done():
            self._counting = asyncio.create_task(self._count())
            self._tasks.add(self._counting)
            self._counting.add_done_callback(self._ended)

    async def _count(self) -> None:
        await asyncio.sleep(COUNT_AFTER)
        for agent in await asyncio.to_thread(self._accounts.agents):
            room = _room_of(agent)
            if any(True for _ in self._sockets.manager.get_participants(NAMESPACE, room)):
                counts = await asyncio.to_thread(self._view.counts, agent)
                await self._sockets.emit("counts", counts, room=room, namespace=NAMESPACE)

    async def _agents_changed(self) -> None:
        agents = await asyncio.to_thread(self._view.agents)
        await self._sockets.emit("agents", agents, room=EVERYBODY, namespace=NAMESPACE)
        await self._dispatch()

    # Commands

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

    async def _list(self, agent: Agent, data: Data) -> Answer:
        box, query, before = data.get("box"), data.get("query") or "", data.get("before")
        if box not in BOXES or not isinstance(query, str) or not (before is None or isinstance(before, str)):
            raise Malformed
        try:
            return await asyncio.to_thread(self._view.items, agent, box, query, before)
        except ValueError:
            raise Malformed from None

    async def _open(self, agent: Agent, data: Data) -> Answer:
        conversation_id = _id(data)
        item = await asyncio.to_thread(self._view.item, conversation_id)
        if item is None:
            raise Refused("unknown_conversation")
        await self._sockets.enter_room(data["sid"], _talk(conversation_id), namespace=NAMESPACE)
        page = await asyncio.to_thread(self._view.lines, conversation_id)
        last = page["lines"][-1]["seq"] if page["lines"] else 0
        self._shown[conversation_id] = max(self._shown.get(conversation_id, 0), last)
        notes = await asyncio.to_thread(self._view.notes, conversation_id)
        seen = await asyncio.to_thread(self._view.seen, conversation_id)
        self._carded[conversation_id] = _case(item)
        card = await asyncio.to_thread(self._insight.card, conversation_id, item["verified"])
        panorama = await asyncio.to_thread(self._insight.panorama, conversation_id, item["verified"])
        return {"item": item, **page, "read": seen, "notes": notes, "card": card, "panorama": panorama}

    async def _earlier(self, agent: Agent, data: Data) -> Answer:
        return {"conversations": await asyncio.to_thread(self._view.earlier, _id(data))}

    async def _leave(self, agent: Agent, data: Data) -> Answer:
        await self._sockets.leave_room(data["sid"], _talk(_id(data)), namespace=NAMESPACE)
        return {}

    async def _history(self, agent: Agent, data: Data) -> Answer:
        return await asyncio.to_thread(self._view.lines, _id(data), before=_number(data, "before"))

    async def _accept(self, agent: Agent, data: Data) -> Answer:
        await asyncio.to_thread(self._service.accept, agent, _id(data))
        return await self._done(data)

    async def _take_over(self, agent: Agent, data: Data) -> Answer:
        await asyncio.to_thread(self._service.take_over, agent, _id(data))
        return await self._done(data)

    async def _say(self, agent: Agent, data: Data) -> Answer:
        seq = await asyncio.to_thread(
            self._service.say, agent, _id(data), _text(data, "message_id"), _text(data, "text")
        )
        return {"seq": seq} | await self._done(data)

    async def _transfer(self, agent: Agent, data: Data) -> Answer:
        to = _number(data, "agent") if data.get("agent") is not None else None
        group = _text(data, "group") if data.get("group") else await self._group_of(_id(data))
        await asyncio.to_thread(self._service.transfer, agent, _id(data), group, to, _text(data, "note"))
        return await self._done(data)

    async def _group_of(self, conversation_id: str) -> str:
        item = await asyncio.to_thread(self._view.item, conversation_id)
        return (item or {}).get("group") or Group.GENERAL.value

    async def _reassign(self, agent: Agent, data: Data) -> Answer:
        _only(agent.supervises)
        await asyncio.to_thread(self._service.reassign, _id(data), _number(data, "agent"))
        return await self._done(data)

    async def _hand_back(self, agent: Agent, data: Data) -> Answer:
        await asyncio.to_thread(self._service.hand_back, agent, _id(data))
        return await self._done(data)

    async def _close(self, agent: Agent, data: Data) -> Answer:
        kind = data.get("kind") or ""
        if not isinstance(kind, str):
            raise Malformed
        await asyncio.to_thread(
            self._service.close, agent, _id(data), _text(data, "summary"), kind, data.get("solved") is True
        )
        return await self._done(data)

    async def _summary(self, agent: Agent, data: Data) -> Answer:
        return {"summary": await asyncio.to_thread(self._insight.summary, _id(data))}

    async def _search(self, agent: Agent, data: Data) -> Answer:
        return {"found": await asyncio.to_thread(self._insight.search, _text(data, "query"))}

    async def _note(self, agent: Agent, data: Data) -> Answer:
        await asyncio.to_thread(self._service.note, agent, _id(data), _text(data, "text"))
        return await self._noted(_id(data))

    async def _consult(self, agent: Agent, data: Data) -> Answer:
        groups = data.get("groups")
        if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
            raise Malformed
        await asyncio.to_thread(self._service.consult, agent, _id(data), groups, _text(data, "question"))
        await self._call("consult", _id(data), EVERYBODY)
        return await self._noted(_id(data))

    async def _answer(self, agent: Agent, data: Data) -> Answer:
        conversation_id = await asyncio.to_thread(
            self._service.answer, agent, _number(data, "consult"), _text(data, "text")
        )
        return await self._noted(conversation_id)

    async def _noted(self, conversation_id: str) -> Answer:
        notes = await asyncio.to_thread(self._view.notes, conversation_id)
        await self._sockets.emit(
            "notes", {"id": conversation_id, "notes": notes}, room=_talk(conversation_id), namespace=NAMESPACE
        )
        return {}

    async def _ticket(self, agent: Agent, data: Data) -> Answer:
        ticket = await asyncio.to_thread(
            self._tickets.make,
            agent,
            _id(data),
            _text(data, "department"),
            _text(data, "kind"),
            _text(data, "text"),
        )
        await self._happened(_id(data))
        return {"ticket": ticket}

    async def _ticket_step(self, agent: Agent, data: Data) -> Answer:
        conversation_id, ticket = await asyncio.to_thread(
            self._tickets.step, agent, _number(data, "ticket"), _text(data, "state"), _text(data, "text")
        )
        await self._happened(conversation_id)
        return {"ticket": ticket}

    async def _tickets_found(self, _agent: Agent, data: Data) -> Answer:
        state, query = data.get("state") or "", data.get("query") or ""
        if not isinstance(state, str) or not isinstance(query, str):
            raise Malformed
        return {"tickets": await asyncio.to_thread(self._tickets.found, state, query)}

    async def _presence(self, agent: Agent, data: Data) -> Answer:
        if data.get("state") not in (Presence.ONLINE.value, Presence.AWAY.value):
            raise Malformed
        await asyncio.to_thread(self._accounts.set_presence, agent.id, Presence(data["state"]))
        self._begin(self._agents_changed())
        return {}

    async def _read(self, agent: Agent, data: Data) -> Answer:
        if await asyncio.to_thread(self._service.read, agent, _id(data), _number(data, "seq")):
            self.changed(_id(data))
        return {}

    async def _load(self, agent: Agent, _data: Data) -> Answer:
        _only(agent.supervises)
        groups = await asyncio.to_thread(self._view.load, [group.value for group in Group])
        due = await asyncio.to_thread(self._view.due)
        return {"groups": groups, "agents": await asyncio.to_thread(self._view.agents), "due": due}

    async def _staff(self, agent: Agent, _data: Data) -> Answer:
        _only(agent.role is Role.ADMIN)
        return {"agents": [describe(known) for known in await asyncio.to_thread(self._accounts.agents)]}

    async def _staff_save(self, agent: Agent, data: Data) -> Answer:
        _only(agent.role is Role.ADMIN)
        name, role, groups, limit = data.get("name"), data.get("role"), data.get("groups"), data.get("limit")
        if role not in [known.value for known in Role] or not isinstance(name, str) or type(limit) is not int:
            raise Malformed
        if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
            raise Malformed
        if data.get("id") is None:
            made, password = await asyncio.to_thread(
                self._accounts.create, _text(data, "login"), name, Role(role), groups, limit
            )
            self._begin(self._agents_changed())
            return {"agent": describe(made), "password": password}
        saved = await asyncio.to_thread(
            self._accounts.change, _number(data, "id"), name, Role(role), groups, limit, data.get("active") is not False
        )
        self._begin(self._agents_changed() if saved.active else self._lost(saved.id))
        return {"agent": describe(saved)}

    async def _done(self, data: Data) -> Answer:
        await self._happened(_id(data))
        self._begin(self._agents_changed())
        return {}

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("console not told", exc_info=task.exception())


def describe(agent: Agent) -> dict[str, Any]:
    return {
        "id": agent.id,
        "login": agent.login,
        "name": agent.name,
        "role": agent.role.value,
        "groups": sorted(agent.groups),
        "presence": agent.presence.value,
        "limit": agent.limit,
        "active": agent.active,
    }


def session_token(cookies: str) -> str:
    """The token in a `Cookie` header; empty where there is none."""
    try:
        held = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return ""
    return held.value if held else ""


def _named(labels: Any) -> list[dict[str, str]]:
    return [{"id": key, "name": name} for key, name in labels.items()]


def _case(item: dict[str, Any]) -> tuple[Any, ...]:
    """What a card stands for: another service, group or verification makes another card."""
    return item["since"], item["group"], item["verified"]


def _room_of(agent: Agent) -> str:
    return f"agent:{agent.id}"


def _talk(conversation_id: str) -> str:
    return f"talk:{conversation_id}"


def _only(allowed: bool) -> None:
    if not allowed:
        raise Refused("not_allowed")


def _id(data: Data) -> str:
    return _text(data, "id")


def _text(data: Data, name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise Malformed
    return value


def _number(data: Data, name: str) -> int:
    value = data.get(name)
    if type(value) is not int or not 0 <= value < 2**31:
        raise Malformed
    return value
