from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from botkit.handoff.machine import (
    Accept,
    Close,
    Command,
    End,
    HandBack,
    HandOver,
    LoseAgent,
    NotAllowed,
    Owner,
    Reason,
    Reassign,
    ReturnToBot,
    State,
    TakeOver,
    Transfer,
    Transition,
    transition,
)

BOT = State()
WAITING = State(Owner.WAITING, group="billing")
KEPT = State(Owner.WAITING, keeper=1, group="billing")
HUMAN = State(Owner.HUMAN, agent=1, keeper=1, group="billing")
PASSED_ON = State(Owner.HUMAN, agent=2, keeper=1, group="plans")
CLOSED = State(Owner.CLOSED)


@pytest.mark.parametrize(
    ("before", "command", "after"),
    [
        (BOT, HandOver(Reason.ASKED, "bill", "billing"), WAITING),
        (CLOSED, HandOver(Reason.FRUSTRATED, "bill", "billing"), WAITING),
        (WAITING, HandOver(Reason.FRUSTRATED, "plan", "plans"), WAITING),
        (HUMAN, HandOver(Reason.BOT_FAILURE), HUMAN),
        (BOT, ReturnToBot(), BOT),
        (WAITING, ReturnToBot(), BOT),
        (CLOSED, ReturnToBot(), BOT),
        (WAITING, Accept(1), HUMAN),
        (HUMAN, Accept(1), HUMAN),
        (KEPT, Accept(2), State(Owner.HUMAN, agent=2, keeper=1, group="billing")),
        (BOT, TakeOver(1, "billing"), HUMAN),
        (WAITING, TakeOver(1, "billing"), HUMAN),
        (CLOSED, TakeOver(1, "billing"), HUMAN),
        (HUMAN, TakeOver(1, "plans"), HUMAN),
        (HUMAN, Transfer(1, "plans", 2), PASSED_ON),
        (HUMAN, Transfer(1, "billing"), KEPT),
        (PASSED_ON, Transfer(2, "billing", 1), HUMAN),
        (WAITING, Reassign(1), HUMAN),
        (PASSED_ON, Reassign(3), State(Owner.HUMAN, agent=3, keeper=1, group="plans")),
        (HUMAN, HandBack(1), BOT),
        (BOT, HandBack(1), BOT),
        (HUMAN, LoseAgent(1), KEPT),
        (HUMAN, LoseAgent(2), HUMAN),
        (BOT, LoseAgent(1), BOT),
        (HUMAN, Close(End.CLOSED_BY_AGENT, by=1), CLOSED),
        (HUMAN, Close(End.CUSTOMER_SILENT), CLOSED),
        (WAITING, Close(End.CALL_BACK), CLOSED),
        (CLOSED, Close(End.CLOSED_BY_AGENT, by=1), CLOSED),
    ],
)
def test_what_a_command_does(before: State, command: Command, after: State) -> None:
    assert transition(before, command) == Transition(after, changed=before != after)


@pytest.mark.parametrize(
    ("state", "command"),
    [
        (HUMAN, ReturnToBot()),  # a customer does not throw a human out
        (HUMAN, Accept(2)),
        (BOT, Accept(1)),
        (CLOSED, Accept(1)),
        (HUMAN, TakeOver(2)),
        (PASSED_ON, Transfer(1, "billing")),  # who keeps it does not serve it
        (WAITING, Transfer(1, "plans")),
        (BOT, Reassign(1)),
        (PASSED_ON, HandBack(1)),
        (WAITING, HandBack(1)),
        (BOT, Close(End.CLOSED_BY_AGENT)),
        (PASSED_ON, Close(End.CLOSED_BY_AGENT, by=1)),
        (WAITING, Close(End.CLOSED_BY_AGENT, by=1)),
    ],
)
def test_what_makes_no_sense(state: State, command: Command) -> None:
    with pytest.raises(NotAllowed, match=f"{type(command).__name__} while {state.owner.value}"):
        transition(state, command)


agents = st.integers(1, 3)
groups = st.sampled_from(["billing", "plans", "general"])
commands = st.one_of(
    st.builds(HandOver, st.sampled_from(Reason), st.sampled_from(["", "bill"]), groups),
    st.just(ReturnToBot()),
    st.builds(Accept, agents),
    st.builds(TakeOver, agents, groups),
    st.builds(Transfer, agents, groups, st.none() | agents),
    st.builds(Reassign, agents),
    st.builds(HandBack, agents),
    st.builds(LoseAgent, agents),
    st.builds(Close, st.sampled_from(End), st.none() | agents),
)


class AnyHistory(RuleBasedStateMachine):
    """Whatever happens in whatever order: what holds of a conversation always."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.before = State()

    @rule(command=commands)
    def happens(self, command: Command) -> None:
        self.before = self.state
        try:
            result = transition(self.state, command)
        except NotAllowed:
            return
        assert result.changed == (result.state != self.state)
        if isinstance(command, HandOver) and result.changed:
            assert self.state.owner in (Owner.BOT, Owner.CLOSED), "never two hand-overs for one cause"
        self.state = result.state
        again = transition(self.state, command) if self._repeats(command) else None
        assert again is None or not again.changed, "a command that comes twice changes nothing the second time"

    @staticmethod
    def _repeats(command: Command) -> bool:
        return isinstance(command, HandOver | ReturnToBot | TakeOver | LoseAgent | Reassign)

    @invariant()
    def one_agent_exactly_while_a_human_serves(self) -> None:
        assert (self.state.agent is not None) == (self.state.owner is Owner.HUMAN)

    @invariant()
    def who_took_it_first_keeps_it_until_the_end(self) -> None:
        if self.before.keeper is not None and self.state.owner in (Owner.WAITING, Owner.HUMAN):
            assert self.state.keeper == self.before.keeper
        if self.state.owner in (Owner.BOT, Owner.CLOSED):
            assert self.state.keeper is None and self.state.group == ""

    @invariant()
    def whoever_waits_or_is_served_belongs_to_a_group(self) -> None:
        if self.state.owner in (Owner.WAITING, Owner.HUMAN):
            assert self.state.group

    @invariant()
    def only_the_customer_or_an_end_brings_the_bot_back(self) -> None:
        if self.before.owner is Owner.HUMAN:
            assert self.state.owner is not Owner.BOT or self.before.agent is not None


AnyHistory.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestAnyHistory = AnyHistory.TestCase


@given(commands)
def test_a_state_is_never_changed_in_place(command: Command) -> None:
    state = State(Owner.HUMAN, 1, 1, "billing")
    with suppress(NotAllowed):
        transition(state, command)
    assert state == State(Owner.HUMAN, 1, 1, "billing")
