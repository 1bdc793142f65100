"""The states of a conversation and what may lead from one to the next: `bot → waiting → human → bot | closed`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from functools import singledispatch


class Owner(str, Enum):
    """Who answers the customer's next message. `WAITING`: asked for a human, none there yet."""

    BOT = "bot"
    WAITING = "waiting"
    HUMAN = "human"
    CLOSED = "closed"


class Reason(str, Enum):
    """Why a conversation went to a human."""

    ASKED = "asked"
    FRUSTRATED = "frustrated"
    TOO_COMPLEX = "too_complex"
    MISUNDERSTOOD = "misunderstood"
    BOT_FAILURE = "bot_failure"
    TAKEN_OVER = "taken_over"


class End(str, Enum):
    """How a human's service, or the wait for one, came to its end."""

    CLOSED_BY_AGENT = "closed_by_agent"
    HANDED_BACK = "handed_back"
    GIVEN_UP = "given_up"
    """The customer went back to the bot while waiting."""
    CUSTOMER_SILENT = "customer_silent"
    CALL_BACK = "call_back"
    """The customer left a ticket instead of waiting."""


@dataclass(frozen=True)
class State:
    """Who has a conversation.

    agent: who serves the customer now; set exactly while `owner` is `HUMAN`.
    keeper: the agent who took it first, answerable for it until it is closed (首问负责); a transfer does not change it.
    group: the skill group it waits in or is served by; "" while the bot has it.
    """

    owner: Owner = Owner.BOT
    agent: int | None = None
    keeper: int | None = None
    group: str = ""


@dataclass(frozen=True)
class HandOver:
    """The conversation goes to the queue of waiting customers. `group`: whose, see `botkit.handoff.routing`. `rule`: the
    one of `content/handoff.yml` that applied, if any; `title`: what content staff call it."""

    reason: Reason
    topic: str = ""
    group: str = "general"
    rule: str = ""
    title: str = ""


@dataclass(frozen=True)
class ReturnToBot:
    """The bot goes on: the customer gives up waiting, or writes again after the end. Nobody throws a human out with it."""


@dataclass(frozen=True)
class Accept:
    """An agent takes a waiting customer."""

    agent: int


@dataclass(frozen=True)
class TakeOver:
    """An agent steps in unasked, or takes a waiting customer of another group. `group`: whose it is if he was not waiting."""

    agent: int
    group: str = "general"


@dataclass(frozen=True)
class Transfer:
    """The agent who serves passes the customer on: to another agent, or, with None, to the queue of a group."""

    by: int
    group: str
    agent: int | None = None


@dataclass(frozen=True)
class Reassign:
    """A supervisor gives the customer, waiting or served, to an agent. `by`: who that is, where it is known."""

    agent: int
    by: int | None = None


@dataclass(frozen=True)
class HandBack:
    """The agent who serves lets the bot go on."""

    by: int


@dataclass(frozen=True)
class LoseAgent:
    """An agent has gone away; whom he served waits again."""

    agent: int


@dataclass(frozen=True)
class Close:
    """The service is over. `by` None: a timer, a supervisor or the customer did it."""

    end: End
    by: int | None = None


Command = HandOver | ReturnToBot | Accept | TakeOver | Transfer | Reassign | HandBack | LoseAgent | Close


@dataclass(frozen=True)
class Transition:
    """What a command did. `changed` is False where it was allowed but had been done already."""

    state: State
    changed: bool


class NotAllowed(ValueError):
    """The command makes no sense in this state."""


def transition(state: State, command: Command) -> Transition:
    """The state after a command. Raises NotAllowed.

    A second hand-over while somebody waits or is served changes nothing: never two for one cause.
    """
    after = _after(command, state)
    return Transition(after, after != state)


@singledispatch
def _after(command: Command, state: State) -> State:
    raise TypeError(f"not a command: {command!r}")


@_after.register
def _hand_over(command: HandOver, state: State) -> State:
    if state.owner in (Owner.BOT, Owner.CLOSED):
        return State(Owner.WAITING, group=command.group)
    return state


@_after.register
def _return_to_bot(command: ReturnToBot, state: State) -> State:
    if state.owner is Owner.HUMAN:
        raise _refusal(command, state)
    return State()


@_after.register
def _accept(command: Accept, state: State) -> State:
    if state.owner is Owner.HUMAN and state.agent == command.agent:
        return state
    if state.owner is not Owner.WAITING:
        raise _refusal(command, state)
    return _served(state, command.agent, state.group)


@_after.register
def _take_over(command: TakeOver, state: State) -> State:
    if state.owner is Owner.HUMAN:
        if state.agent == command.agent:
            return state
        raise _refusal(command, state)
    if state.owner is Owner.WAITING:
        return _served(state, command.agent, state.group)
    return _served(State(), command.agent, command.group)


@_after.register
def _transfer(command: Transfer, state: State) -> State:
    _serving(command.by, command, state)
    if command.agent is None:
        return replace(state, owner=Owner.WAITING, agent=None, group=command.group)
    return _served(state, command.agent, command.group)


@_after.register
def _reassign(command: Reassign, state: State) -> State:
    if state.owner not in (Owner.WAITING, Owner.HUMAN):
        raise _refusal(command, state)
    return _served(state, command.agent, state.group)


@_after.register
def _hand_back(command: HandBack, state: State) -> State:
    if state.owner is Owner.BOT:
        return state
    _serving(command.by, command, state)
    return State()


@_after.register
def _lose_agent(command: LoseAgent, state: State) -> State:
    if state.owner is not Owner.HUMAN or state.agent != command.agent:
        return state
    return replace(state, owner=Owner.WAITING, agent=None)


@_after.register
def _close(command: Close, state: State) -> State:
    if state.owner is Owner.CLOSED:
        return state
    if state.owner is Owner.BOT:
        raise _refusal(command, state)
    if command.by is not None:
        _serving(command.by, command, state)
    return State(Owner.CLOSED)


def _served(state: State, agent: int, group: str) -> State:
    return State(Owner.HUMAN, agent, state.keeper if state.keeper is not None else agent, group)


def _serving(by: int, command: Command, state: State) -> None:
    if state.owner is not Owner.HUMAN or state.agent != by:
        raise _refusal(command, state)


def _refusal(command: Command, state: State) -> NotAllowed:
    return NotAllowed(f"{type(command).__name__} while {state.owner.value}")
