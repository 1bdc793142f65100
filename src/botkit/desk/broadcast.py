"""Tells the consoles what happened: lines, places in the lists, cards, counts, calls. Protocol: `docs/desk.md`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from typing import Any

import socketio
import structlog

from botkit.conversation.keyed_locks import KeyedLocks
from botkit.conversation.outbox import FAILED, Delivery
from botkit.conversation.signs import Sign
from botkit.desk.accounts import Accounts
from botkit.desk.insight import Insight
from botkit.desk.service import DeskService
from botkit.desk.timers import Happened
from botkit.desk.view import DeskView
from botkit.handoff.machine import Owner

log = structlog.get_logger(__name__)

NAMESPACE = "/desk"
EVERYBODY = "desk"
COUNT_AFTER = 0.2
"""Seconds that changes are collected before the counts are told anew."""

MANY = 500
"""So many lines that came while nobody looked are told at once."""

Data = dict[str, Any]


class Broadcast:
    """One for the whole server. Consoles are in rooms: all of them, those of one agent, those that show a conversation."""

    def __init__(
        self,
        sockets: socketio.AsyncServer,
        accounts: Accounts,
        service: DeskService,
        view: DeskView,
        insight: Insight,
        deliver: Callable[[str], Awaitable[None]],
    ) -> None:
        """deliver: sends what waits in the outbox for a conversation."""
        self._sockets = sockets
        self._accounts = accounts
        self._service = service
        self._view = view
        self._insight = insight
        self._deliver = deliver
        self._told: dict[str, int] = {}
        self._carded: dict[str, tuple[Any, ...]] = {}
        self._showing = KeyedLocks()
        self._counting: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it beside what is going on; its failure is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("console not told", exc_info=task.exception())

    # Rooms

    async def emit(self, event: str, data: Any, room: str) -> None:
        await self._sockets.emit(event, data, room=room, namespace=NAMESPACE)

    def anybody(self, room: str) -> bool:
        return bool(self.members(room))

    def members(self, room: str) -> Collection[str]:
        """The connections in a room."""
        return [sid for sid, _ in self._sockets.manager.get_participants(NAMESPACE, room)]

    async def end(self, room: str, spared: Collection[str] = ()) -> None:
        """The consoles of this room are signed out and disconnected, save those spared."""
        for sid in set(self.members(room)) - set(spared):
            await self.emit("signed_out", {}, sid)
            await self._sockets.disconnect(sid, namespace=NAMESPACE)

    async def open(self, sid: str, conversation_id: str) -> Data | None:
        """`{item, lines, more}` of a conversation that a console shows from now on; None: there is no such one."""
        async with self._showing.hold(conversation_id):  # what is said meanwhile comes after it
            item = await asyncio.to_thread(self._view.item, conversation_id)
            if item is None:
                return None
            # before its lines are read: what becomes of them meanwhile is told
            await self._sockets.enter_room(sid, talk_room(conversation_id), namespace=NAMESPACE)
            page = await asyncio.to_thread(self._view.talk.lines, conversation_id)
            last = page["lines"][-1]["seq"] if page["lines"] else 0
            self._told[conversation_id] = max(self._told.get(conversation_id, 0), last)
            self._carded[conversation_id] = _case(item)
            return {"item": item, **page}

    async def leave(self, sid: str, conversation_id: str) -> None:
        await self._sockets.leave_room(sid, talk_room(conversation_id), namespace=NAMESPACE)

    # What happened

    def changed(self, conversation_id: str, settled: bool = True) -> None:
        """Something was said or done in a conversation: tell whoever has a console open. Returns at once.

        settled: the bot is done with it. Then, if somebody waits, he is given to an agent who has room.
        """
        if self.anybody(EVERYBODY):
            self.begin(self._follow(conversation_id, settled))

    async def _follow(self, conversation_id: str, settled: bool) -> None:
        item = await self.show(conversation_id)
        if settled and item and item["owner"] == Owner.WAITING.value:
            await self.call_groups("waiting", conversation_id, [item["group"]])
            await self._dispatch()

    async def happened(self, conversation_id: str) -> None:
        """After a command: the customer gets what was said, the consoles see it."""
        await self._deliver(conversation_id)
        await self.show(conversation_id)

    async def timed(self, happened: Sequence[Happened]) -> None:
        """What the timers did: the customers get what was said, the agents see it and are alerted."""
        for one in happened:
            await self.happened(one.conversation_id)
            if one.call:
                room = EVERYBODY if one.agent is None else agent_room(one.agent)
                await self.call(one.call, one.conversation_id, room, one.text)
        if happened:
            await self.agents_changed()

    async def dismissed(self, agent_id: int) -> None:
        """An agent may not sign in any more: his consoles end, his customers wait again."""
        await self.end(agent_room(agent_id))
        await self.lost(agent_id)

    async def lost(self, agent_id: int) -> None:
        """An agent has gone: his customers wait again."""
        for conversation_id in await asyncio.to_thread(self._service.lose, agent_id):
            await self.happened(conversation_id)
        await self.agents_changed()

    async def agents_changed(self) -> None:
        """Somebody came, went, or has room again: who waits may be given to him."""
        await self._tell_agents()
        await self._dispatch()

    async def _tell_agents(self) -> None:
        await self.emit("agents", await asyncio.to_thread(self._view.agents), EVERYBODY)

    async def noted(self, conversation_id: str) -> None:
        """Whoever shows the conversation sees the notes anew."""
        notes = await asyncio.to_thread(self._view.talk.notes, conversation_id)
        await self.emit("notes", {"id": conversation_id, "notes": notes}, talk_room(conversation_id))

    async def delivered(self, delivery: Delivery) -> None:
        """What became of a line: whoever shows the conversation sees it; if it was given up, who serves him is called."""
        id_ = delivery.conversation_id
        await self.marked(id_, delivery.seq)
        if delivery.status == FAILED:
            item = await asyncio.to_thread(self._view.item, id_)
            if item and item["agent"] is not None:
                await self.call("undelivered", id_, agent_room(item["agent"]))

    async def marked(self, conversation_id: str, seq: int) -> None:
        """What has become of a line is another: whoever shows the conversation sees it."""
        room = talk_room(conversation_id)
        if self.anybody(room):
            found = await asyncio.to_thread(self._view.talk.delivery, conversation_id, seq)
            await self.emit("delivery", {"id": conversation_id, "seq": seq, "delivery": found}, room)

    async def customer_signs(self, sign: Sign) -> None:
        """The customer writes, or has read."""
        room = talk_room(sign.conversation_id)
        if sign.typing is not None:
            await self.emit("typing", {"id": sign.conversation_id, "on": sign.typing}, room)
        if sign.read is not None:
            await self.emit("read", {"id": sign.conversation_id, "seq": sign.read}, room)

    async def call(self, kind: str, conversation_id: str, room: str, text: str = "", **more: Any) -> None:
        """Something wants a look now. more: `by`, `why`."""
        item = await asyncio.to_thread(self._view.item, conversation_id)
        name = item["name"] if item else ""
        await self.emit("call", {"id": conversation_id, "kind": kind, "text": text, "name": name, **more}, room)

    async def call_groups(
        self, kind: str, conversation_id: str, groups: Collection[str], text: str = "", by: int | None = None
    ) -> None:
        """As `call`, to the agents of these groups; who has done it is not called."""
        for agent in await asyncio.to_thread(self._accounts.agents):
            if agent.groups & set(groups) and agent.id != by and self.anybody(agent_room(agent.id)):
                await self.call(kind, conversation_id, agent_room(agent.id), text, by=by)

    async def given(self, conversation_id: str, agent_id: int) -> None:
        """The agent to whom a customer has come is told from whom, and why."""
        item = await asyncio.to_thread(self._view.item, conversation_id)
        if item and item["agent"] == agent_id and item["given"]:
            how = item["given"]
            room = agent_room(agent_id)
            await self.call("assigned", conversation_id, room, how["note"] or "", by=how["by"], why=how["why"])

    async def _dispatch(self) -> None:
        given = await asyncio.to_thread(self._service.dispatch)
        for conversation_id, agent_id in given:
            await self.happened(conversation_id)
            await self.given(conversation_id, agent_id)
        if given:
            await self._tell_agents()  # they have less room now

    async def show(self, conversation_id: str) -> Data | None:
        """The consoles see what stands in the lists and, where it is open, in the conversation; the item."""
        async with self._showing.hold(conversation_id):  # each line once, in order
            item = await asyncio.to_thread(self._view.item, conversation_id)
            if item is None:
                return None
            await self.emit("item", item, EVERYBODY)
            if self.anybody(talk_room(conversation_id)):
                await self._tell_lines(conversation_id)
                if self._carded.get(conversation_id) != _case(item):
                    await self._tell_card(item)
                    await self.noted(conversation_id)  # with the service its consults end
            else:
                self._told.pop(conversation_id, None)
                self._carded.pop(conversation_id, None)
            self._count_soon()
            return item

    async def _tell_lines(self, conversation_id: str) -> None:
        told = self._told.get(conversation_id, 0)
        new = await asyncio.to_thread(self._view.talk.lines, conversation_id, after=told, limit=MANY)
        for line in new["lines"]:
            self._told[conversation_id] = max(self._told.get(conversation_id, 0), line["seq"])
            await self.emit("line", {"id": conversation_id, "line": line}, talk_room(conversation_id))

    async def _tell_card(self, item: Data) -> None:
        self._carded[item["id"]] = _case(item)
        card = await asyncio.to_thread(self._insight.card, item["id"], item["verified"])
        await self.emit("card", {"id": item["id"], "card": card}, talk_room(item["id"]))

    def _count_soon(self) -> None:
        """Tell the consoles how many wait and are served; changes that come close together are told once."""
        if self._counting is None or self._counting.done():
            self._counting = asyncio.create_task(self._count())
            self._tasks.add(self._counting)
            self._counting.add_done_callback(self._ended)

    async def _count(self) -> None:
        await asyncio.sleep(COUNT_AFTER)
        for agent in await asyncio.to_thread(self._accounts.agents):
            if self.anybody(agent_room(agent.id)):
                await self.emit("counts", await asyncio.to_thread(self._view.counts, agent), agent_room(agent.id))


def agent_room(agent_id: int) -> str:
    return f"agent:{agent_id}"


def talk_room(conversation_id: str) -> str:
    return f"talk:{conversation_id}"


def _case(item: Data) -> tuple[Any, ...]:
    """What a card stands for: another service, group or verification makes another card."""
    return item["since"], item["group"], item["verified"]
