"""The voice menu's webhook, `POST /webhooks/ivr`. The answer travels in the response; asked again it is the same one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

import structlog
from sanic import Blueprint, Request, json
from sanic.response import HTTPResponse

from botkit.conversation.keyed_locks import KeyedLocks
from botkit.conversation.messages import Author, InboundMessage, Line
from botkit.conversation.outbox import Outbox, Undeliverable
from botkit.conversation.reply import Choice, said
from botkit.conversation.router import GONE
from botkit.conversation.worker import Worker
from botkit.handoff.machine import Owner
from channels.base import Services
from channels.ivr.asking import MAX_BODY, UNCLEAR, Ask, Malformed, genuine, read, said_digits
from channels.ivr.calls import Answer, Call, Calls, State
from channels.ivr.script import HUMAN, MAX_DIGITS, Portion, Script
from channels.ivr.settings import IvrSettings
from channels.ivr.spoken import sentences

CHANNEL = "ivr"
PLACE = ZoneInfo("Asia/Shanghai")
TRIES = 3
"""After so many times of silence the call ends; after so many times of not being understood a human takes it."""
LEAST_DIGITS = 4
"""From so many on, keys are a number or a code, not a choice."""
GONE_PATIENCE = 10.0
"""Seconds to wait until what an ended call had going on is settled; after that it goes on by itself."""

log = structlog.get_logger(__name__)


class Refused(Exception):
    """The request is well formed and makes no sense now."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class _Said:
    """An answer in the making. seqs: the lines of the transcript in it."""

    say: tuple[str, ...]
    state: State
    seqs: tuple[int, ...] = ()
    transfer: Answer | None = None
    again: bool = False
    hangup: bool = False


class IvrChannel:
    """Both halves. It sends nothing by itself: the telephone system asks."""

    channel = CHANNEL
    outside = False
    pushes = False

    def __init__(self, settings: IvrSettings, services: Services) -> None:
        self._settings = settings
        self._clock = services.clock
        self._texts = services.texts
        self._pages = services.pages
        self._calls = Calls(services.unit_of_work, services.clock, services.texts)
        self._script = Script(services.texts)
        self._worker: Worker | None = None
        self._outbox: Outbox | None = None
        self._asking = KeyedLocks()
        self.blueprint = Blueprint("ivr", url_prefix="/webhooks/ivr")

        @self.blueprint.post("/")
        async def webhook(request: Request) -> HTTPResponse:
            return await self._webhook(request)

    async def serve(self, worker: Worker, outbox: Outbox) -> None:
        self._worker, self._outbox = worker, outbox

    async def close(self) -> None:
        """Nothing is open between two requests."""

    async def deliver(self, sender: str, line: Line, parts: int = 0) -> bool:
        """Kept until the next request of the call. Raises Undeliverable where he has hung up."""
        if await asyncio.to_thread(self._calls.going_on, sender):
            return False
        raise Undeliverable(self._texts.text("ivr_not_heard"), "no_address")

    # The request

    async def _webhook(self, request: Request) -> HTTPResponse:
        body = request.body
        if len(body) > MAX_BODY:
            return _error(413, f"at most {MAX_BODY} bytes")
        if not genuine(request.headers, body, self._settings.secret, self._clock()):
            return _error(401, "missing, wrong or outdated secret or signature")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _error(415, "the content type must be application/json")
        if self._worker is None:
            return _error(503, "starting; ask again")
        try:
            # whoever asks may hang up meanwhile: the answer is kept for him all the same
            answer = await asyncio.shield(asyncio.ensure_future(self._answer(read(body))))
        except Malformed as problem:
            return _error(400, str(problem))
        except Refused as refusal:
            return _error(refusal.status, str(refusal))
        except Exception:
            log.exception("call not answered", channel=CHANNEL)
            return _error(503, "the request could not be stored, ask again")
        return json(answer, ensure_ascii=False)

    async def _answer(self, ask: Ask) -> Answer:
        async with self._asking.hold(ask.sender), self._asking.hold((ask.call_id,)):
            call, kept = await asyncio.to_thread(self._calls.find, ask)
            if kept is None:
                call = await self._admitted(ask, call)
                made = await self._made(ask, call)
                answer = _rendered(made)
                kept = await asyncio.to_thread(
                    self._calls.keep, ask, answer, made.seqs, made.state, ask.event == "hangup"
                )
            if kept.digest != ask.digest:
                raise Refused(409, "another request had this `turn`")
            assert call is not None and self._outbox is not None
            if kept.seqs:
                await asyncio.to_thread(self._outbox.mark_delivered, call.conversation_id, kept.seqs)
            if ask.event == "hangup":
                await self._outbox.flush(call.conversation_id)  # what he did not hear
            return kept.answer

    async def _admitted(self, ask: Ask, call: Call | None) -> Call:
        """The call that the request belongs to. Raises Refused."""
        if call is None:
            if ask.event != "start":
                raise Refused(404, "no such call; it begins with `start`")
            for other in await asyncio.to_thread(self._calls.others, ask.sender, ask.call_id):
                await self._gone(other, f"{other.id}:lost")
                await asyncio.to_thread(self._calls.end, other.id)
                assert self._outbox is not None
                await self._outbox.flush(other.conversation_id)
            return await asyncio.to_thread(self._calls.begin, ask)
        if ask.sender != call.sender:
            raise Refused(409, "the call had another `number`")
        if call.over:
            raise Refused(410, "the call has ended")
        if ask.turn <= call.turn or (ask.event == "start" and call.turn >= 0):
            raise Refused(409, "`turn` is older than the last one")
        return call

    async def _made(self, ask: Ask, call: Call) -> _Said:
        if ask.event == "start":
            return await self._greeted(call)
        if ask.event == "hangup":
            await self._gone(call, ask.external_id)
            return _Said((), State(), hangup=True)
        if ask.event == "again":
            return await self._settled(ask, call, call.state.waiting)
        if ask.event == "no_input":
            return self._silent(call)
        if ask.event == "no_match" or (ask.confidence is not None and ask.confidence < UNCLEAR):
            return await self._unmatched(ask, call, "ivr_unmatched_first")
        if ask.keys is not None:
            return await self._pressed(ask, call, ask.keys)
        text = ask.text or ""
        if call.state.asks is not None:
            text = said_digits(text)
        choice = await asyncio.to_thread(self._pages.meant, CHANNEL, call.sender, text)
        return await self._passed_on(ask, call, choice or Choice(text, ""))

    # What the caller did

    async def _pressed(self, ask: Ask, call: Call, keys: str) -> _Said:
        keys = keys.rstrip("#")
        if keys.endswith("*") and keys.strip("*") == "":
            return self._repeated(call)
        keys = keys.rpartition("*")[2]  # a star in a number: begun anew
        if len(keys) >= LEAST_DIGITS:
            return await self._passed_on(ask, call, Choice(keys, ""))
        if keys == "0" and "0" in call.state.keys:
            return await self._passed_on(ask, call, Choice(self._texts.text("ivr_human"), HUMAN))
        choice = None
        if keys in call.state.keys:
            choice = await asyncio.to_thread(self._pages.meant, CHANNEL, call.sender, keys)
        if choice is None:
            return await self._unmatched(ask, call, "ivr_unmatched_key")
        return await self._passed_on(ask, call, choice)

    def _repeated(self, call: Call) -> _Said:
        state = replace(call.state, silent=0, unmatched=0)
        return _Said((*state.say, *state.options), state)

    def _silent(self, call: Call) -> _Said:
        count = call.state.silent + 1
        state = replace(call.state, silent=count)
        if count >= TRIES:
            return _Said(self._words("ivr_silent_end"), state, hangup=True)
        if count > 1:
            return _Said((*self._words("ivr_silent_again"), *self._way_on(state)), state)
        return _Said((*self._words("ivr_silent_first"), *(state.options or state.say)), state)

    async def _unmatched(self, ask: Ask, call: Call, first: str) -> _Said:
        count = call.state.unmatched + 1
        state = replace(call.state, unmatched=count, silent=0)
        if count >= TRIES and "0" in state.keys:
            human = await self._passed_on(ask, call, Choice(self._texts.text("ivr_human"), HUMAN))
            return replace(human, say=(*self._words("ivr_unmatched_end"), *human.say))
        if count > 1:
            return _Said((*self._words("ivr_unmatched_again"), *self._way_on(state)), state)
        return _Said((*self._words(first), *state.options), state)

    async def _passed_on(self, ask: Ask, call: Call, choice: Choice) -> _Said:
        assert self._worker is not None
        receipt = await self._worker.submit(
            InboundMessage(
                CHANNEL, call.sender, ask.external_id, choice.title, choice.payload or None, phone=call.phone
            )
        )
        return await self._settled(ask, call, receipt.message_id)

    async def _gone(self, call: Call, external_id: str) -> None:
        """Tell the core that he has hung up, in order with what he said before."""
        assert self._worker is not None
        message = InboundMessage(CHANNEL, call.sender, external_id, self._texts.text("ivr_hung_up"), GONE)
        receipt = await self._worker.submit(message)
        await self._worker.settled(receipt.message_id, GONE_PATIENCE)

    # What is said

    async def _greeted(self, call: Call) -> _Said:
        greeting = said(self._texts, "ivr_greeting")
        line = Line(call.conversation_id, 0, Author.BOT, greeting.text, self._clock(), greeting.content())
        return await self._shown(call, self._script.portion([line], self._today()), ())

    async def _settled(self, ask: Ask, call: Call, message_id: int | None) -> _Said:
        """What answers a message, and whatever else was written to him meanwhile."""
        assert self._worker is not None and self._outbox is not None
        if message_id is not None and not await self._worker.settled(message_id, self._settings.patience):
            again = call.state.waiting is not None and ask.event == "again"
            words = self._words("ivr_still_wait" if again else "ivr_wait")
            return _Said(words, replace(call.state, waiting=message_id, silent=0, unmatched=0), again=True)
        lines = await asyncio.to_thread(self._outbox.pending, call.conversation_id)
        if lines:
            portion = self._script.portion(lines, self._today())
            return await self._shown(call, portion, tuple(line.seq for line in lines))
        state = replace(call.state, waiting=None, silent=0, unmatched=0)
        transfer = await asyncio.to_thread(self._calls.transfer, call)
        words = self._words("ivr_passed_on" if message_id is not None else "ivr_nothing_new")
        return _Said(words, state, transfer=transfer)

    async def _shown(self, call: Call, portion: Portion, seqs: tuple[int, ...]) -> _Said:
        """Note what the keys stand for; then it can be said."""
        today = self._today()
        with_bot = await asyncio.to_thread(self._calls.owner, call) in (Owner.BOT, Owner.CLOSED)
        portion = replace(portion, human=portion.human and with_bot)  # he is not offered what he has asked for
        await asyncio.to_thread(
            self._pages.show, call.conversation_id, portion.numbered, portion.rest, portion.rest_choices
        )
        options = self._script.options(portion, today)
        keys = {str(key): choice.title for key, choice in enumerate(portion.numbered, start=1)}
        if with_bot:
            keys["0"] = self._texts.text("ivr_human")
        keys["*"] = self._texts.text("ivr_repeat")
        state = State(list(portion.say), keys, portion.asks, list(options))
        transfer = await asyncio.to_thread(self._calls.transfer, call)
        return _Said((*portion.say, *options), state, seqs, transfer)

    def _way_on(self, state: State) -> tuple[str, ...]:
        """A human, where one is to be had by a key now; the same again in any case."""
        return self._words("ivr_either_human" if "0" in state.keys else "ivr_either_repeat")

    def _words(self, name: str) -> tuple[str, ...]:
        return tuple(sentences(self._texts.text(name), self._today()))

    def _today(self) -> date:
        return self._clock().astimezone(PLACE).date()


def _rendered(made: _Said) -> Answer:
    """The answer as docs/ivr.md has it."""
    state, ended = made.state, made.hangup
    answer: Answer = {
        "say": list(made.say),
        "keys": {} if ended or made.again else dict(state.keys),
        "expect": "keys",
        "barge_in": not (ended or made.again),
    }
    if made.again:
        answer["again"] = True
    elif ended:
        answer["hangup"] = True
    elif state.asks is not None:
        answer |= {"expect": "digits", "max_digits": MAX_DIGITS[state.asks]}
    elif not set(state.keys) - {"0", "*"}:
        answer["expect"] = "speech"
    if made.transfer is not None:
        answer["transfer"] = made.transfer
    return answer


def _error(status: int, why: str) -> HTTPResponse:
    log.warning("request refused", channel=CHANNEL, status=status, why=why)
    return json({"error": why}, status=status)


def ivr_channel(environment: Mapping[str, str], services: Services) -> IvrChannel | None:
    """The channel where the environment has its secret. Raises SettingsError."""
    settings = IvrSettings.from_environment(environment)
    return IvrChannel(settings, services) if settings else None
