"""What agents may do from the console. Data in and answers out have the forms of `docs/desk.md`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from botkit.conversation.messages import KeptFile
from botkit.conversation.signs import Sign, Signs
from botkit.desk.access import Access
from botkit.desk.accounts import Accounts, Agent, Presence, Role
from botkit.desk.broadcast import Broadcast, agent_room
from botkit.desk.identification import Identification
from botkit.desk.insight import Insight
from botkit.desk.overview import Overview
from botkit.desk.service import DeskService, Refused
from botkit.desk.ticket_view import Filters
from botkit.desk.tickets import Tickets
from botkit.desk.view import BOXES, DeskView, describe
from botkit.handoff.routing import Group

Data = dict[str, Any]
Answer = dict[str, Any]
Command = Callable[[Agent, Data], Awaitable[Answer]]

log = structlog.get_logger(__name__)


class Malformed(ValueError):
    """The data of a command lacks something, or something is of the wrong kind."""


class Commands:
    """Each takes the agent and the data, `sid` (the console's connection) among them. Raises Malformed, Refused,
    AccountError; then nothing has changed."""

    def __init__(
        self,
        accounts: Accounts,
        service: DeskService,
        view: DeskView,
        insight: Insight,
        tickets: Tickets,
        identification: Identification,
        broadcast: Broadcast,
        signs: Signs,
        overview: Overview,
        access: Access,
        resend: Callable[[str, int], bool],
    ) -> None:
        """resend: puts a dead letter (conversation, line) on its way again; False where it is none."""
        self._accounts = accounts
        self._service = service
        self._view = view
        self._insight = insight
        self._tickets = tickets
        self._identification = identification
        self._broadcast = broadcast
        self._signs = signs
        self._overview = overview
        self._access = access
        self._resend = resend

    @property
    def by_name(self) -> Mapping[str, Command]:
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
            "identify": self._identify,
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
            "typing": self._typing,
            "load": self._load,
            "undelivered": self._undelivered,
            "send_again": self._send_again,
            "staff": self._staff,
            "staff_save": self._staff_save,
            "staff_password": self._staff_password,
        }

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
        opened = await self._broadcast.open(data["sid"], conversation_id)
        if opened is None:
            raise Refused("unknown_conversation")
        verified = opened["item"]["verified"]
        known = await self._may_know(agent, opened["item"])
        return {
            **opened,
            "read": await asyncio.to_thread(self._view.talk.seen, conversation_id),
            "notes": await asyncio.to_thread(self._view.talk.notes, conversation_id),
            "card": await asyncio.to_thread(self._insight.card, conversation_id, verified),
            "panorama": await asyncio.to_thread(self._insight.panorama, conversation_id, known),
            "panorama_refused": verified and not known,
        }

    async def _may_know(self, agent: Agent, item: Data) -> bool:
        """Whether he sees who the customer is; each look, and each that was refused, is written down."""
        if not item["verified"]:
            return False
        allowed = await asyncio.to_thread(self._access.panorama, agent, item["id"])
        event = "panorama opened" if allowed else "panorama refused"
        log.info(event, agent=agent.id, conversation=item["id"], customer=item["phone"])
        return allowed

    async def _earlier(self, agent: Agent, data: Data) -> Answer:
        allowed = await asyncio.to_thread(self._access.panorama, agent, _id(data))
        return {"conversations": await asyncio.to_thread(self._view.talk.earlier, _id(data)) if allowed else []}

    async def _leave(self, agent: Agent, data: Data) -> Answer:
        await self._broadcast.leave(data["sid"], _id(data))
        return {}

    async def _history(self, agent: Agent, data: Data) -> Answer:
        return await asyncio.to_thread(self._view.talk.lines, _id(data), before=_number(data, "before"))

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

    async def send_file(self, agent: Agent, conversation_id: str, message_id: str, text: str, file: KeptFile) -> int:
        """As `say`, over HTTP."""
        seq = await asyncio.to_thread(self._service.say, agent, conversation_id, message_id, text, file)
        await self._done({"id": conversation_id})
        return seq

    async def _transfer(self, agent: Agent, data: Data) -> Answer:
        to = _number(data, "agent") if data.get("agent") is not None else None
        group = _text(data, "group") if data.get("group") else await self._group_of(_id(data))
        await asyncio.to_thread(self._service.transfer, agent, _id(data), group, to, _text(data, "note"))
        return await self._passed_on(data, to)

    async def _passed_on(self, data: Data, to: int | None) -> Answer:
        done = await self._done(data)
        if to is not None:
            await self._broadcast.given(_id(data), to)
        return done

    async def _group_of(self, conversation_id: str) -> str:
        item = await asyncio.to_thread(self._view.item, conversation_id)
        return (item or {}).get("group") or Group.GENERAL.value

    async def _reassign(self, agent: Agent, data: Data) -> Answer:
        _only(agent.supervises)
        to = _number(data, "agent")
        await asyncio.to_thread(self._service.reassign, agent, _id(data), to)
        return await self._passed_on(data, to if to != agent.id else None)

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

    async def _identify(self, agent: Agent, data: Data) -> Answer:
        await asyncio.to_thread(self._identification.ask, agent, _id(data))
        return await self._done(data)

    async def _summary(self, agent: Agent, data: Data) -> Answer:
        return {"summary": await asyncio.to_thread(self._insight.summary, _id(data))}

    async def _search(self, agent: Agent, data: Data) -> Answer:
        return {"found": await asyncio.to_thread(self._insight.search, _text(data, "query"))}

    async def _note(self, agent: Agent, data: Data) -> Answer:
        await asyncio.to_thread(self._service.note, agent, _id(data), _text(data, "text"))
        await self._broadcast.noted(_id(data))
        return {}

    async def _consult(self, agent: Agent, data: Data) -> Answer:
        groups = data.get("groups")
        if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
            raise Malformed
        question = _text(data, "question")
        await asyncio.to_thread(self._service.consult, agent, _id(data), groups, question)
        await self._noted(_id(data))
        await self._broadcast.call_groups("consult", _id(data), groups, question, agent.id)
        return {}

    async def _noted(self, conversation_id: str) -> None:
        """Notes, and the lists in which open consults stand."""
        await self._broadcast.noted(conversation_id)
        await self._broadcast.show(conversation_id)

    async def _answer(self, agent: Agent, data: Data) -> Answer:
        text = _text(data, "text")
        conversation_id, asker = await asyncio.to_thread(self._service.answer, agent, _number(data, "consult"), text)
        await self._noted(conversation_id)
        item = await asyncio.to_thread(self._view.item, conversation_id)
        serves = item["agent"] if item and item["agent"] is not None else asker
        for waits in {asker, serves} - {agent.id}:
            await self._broadcast.call("answer", conversation_id, agent_room(waits), text, by=agent.id)
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
        await self._broadcast.happened(_id(data))
        return {"ticket": ticket}

    async def _ticket_step(self, agent: Agent, data: Data) -> Answer:
        conversation_id, ticket = await asyncio.to_thread(
            self._tickets.step, agent, _number(data, "ticket"), _text(data, "state"), _text(data, "text")
        )
        await self._broadcast.happened(conversation_id)
        return {"ticket": ticket}

    async def _tickets_found(self, agent: Agent, data: Data) -> Answer:
        state, department, query = (data.get(name) or "" for name in ("state", "department", "query"))
        if not all(isinstance(word, str) for word in (state, department, query)):
            raise Malformed
        filters = Filters(state, department, data.get("mine") is True, data.get("overdue") is True, query)
        return await asyncio.to_thread(self._tickets.found, agent, filters)

    async def _presence(self, agent: Agent, data: Data) -> Answer:
        if data.get("state") not in (Presence.ONLINE.value, Presence.AWAY.value):
            raise Malformed
        await asyncio.to_thread(self._accounts.set_presence, agent.id, Presence(data["state"]))
        self._broadcast.begin(self._broadcast.agents_changed())
        return {}

    async def _read(self, agent: Agent, data: Data) -> Answer:
        seq = await asyncio.to_thread(self._service.read, agent, _id(data), _number(data, "seq"))
        if seq is not None:
            self._broadcast.changed(_id(data))
            await self._signs.of_agent(Sign(_id(data), read=seq))
        return {}

    async def _typing(self, agent: Agent, data: Data) -> Answer:
        if await asyncio.to_thread(self._service.serves, agent, _id(data)):
            await self._signs.of_agent(Sign(_id(data), typing=data.get("on") is True))
        return {}

    async def _load(self, agent: Agent, _data: Data) -> Answer:
        _only(agent.supervises)
        return await asyncio.to_thread(self._overview.load, [group.value for group in Group])

    async def _undelivered(self, agent: Agent, _data: Data) -> Answer:
        _only(agent.supervises)
        return {"lines": await asyncio.to_thread(self._view.undelivered)}

    async def _send_again(self, agent: Agent, data: Data) -> Answer:
        _only(agent.supervises or await asyncio.to_thread(self._service.serves, agent, _id(data)))
        if not await asyncio.to_thread(self._resend, _id(data), _number(data, "seq")):
            raise Refused("not_undelivered")
        await self._broadcast.marked(_id(data), _number(data, "seq"))
        await self._broadcast.happened(_id(data))
        return {}

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
            self._broadcast.begin(self._broadcast.agents_changed())
            return {"agent": describe(made), "password": password}
        saved = await asyncio.to_thread(
            self._accounts.change, _number(data, "id"), name, Role(role), groups, limit, data.get("active") is not False
        )
        self._broadcast.begin(self._broadcast.agents_changed() if saved.active else self._broadcast.dismissed(saved.id))
        return {"agent": describe(saved)}

    async def _staff_password(self, agent: Agent, data: Data) -> Answer:
        _only(agent.role is Role.ADMIN)
        agent_id = _number(data, "id")
        password = await asyncio.to_thread(self._accounts.reset_password, agent_id)
        if agent_id != agent.id:
            await self._broadcast.end(agent_room(agent_id))
        return {"password": password}

    async def _done(self, data: Data) -> Answer:
        await self._broadcast.happened(_id(data))
        self._broadcast.begin(self._broadcast.agents_changed())
        return {}


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
