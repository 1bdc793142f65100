from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.handoff.machine import Command, HandOver, NotAllowed, Owner, Reason, ReturnToBot, Transition, transition

BOT, WAITING, HUMAN, CLOSED = Owner.BOT, Owner.WAITING, Owner.HUMAN, Owner.CLOSED

commands = st.one_of(
    st.builds(HandOver, st.sampled_from(Reason), st.sampled_from(["", "bill", "fiveg"])), st.just(ReturnToBot())
)


def apply(owner: Owner, command: Command) -> Transition:
    try:
        return transition(owner, command)
    except NotAllowed:
        return Transition(owner, changed=False)


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BOT, Transition(WAITING, True)),
        (WAITING, Transition(WAITING, False)),
        (HUMAN, Transition(HUMAN, False)),
        (CLOSED, Transition(WAITING, True)),
    ],
)
def test_handing_over(before: Owner, after: Transition, reason: Reason) -> None:
    assert transition(before, HandOver(reason)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [(BOT, Transition(BOT, False)), (WAITING, Transition(BOT, True)), (CLOSED, Transition(BOT, True))],
)
def test_returning_to_the_bot(before: Owner, after: Transition) -> None:
    assert transition(before, ReturnToBot()) == after


def test_a_customer_does_not_throw_a_human_out() -> None:
    with pytest.raises(NotAllowed, match="ReturnToBot while human"):
        transition(HUMAN, ReturnToBot())


@given(st.sampled_from(Owner), st.lists(commands, max_size=30))
def test_never_two_hand_overs_for_one_cause(owner: Owner, sequence: list[Command]) -> None:
    """Between two hand-overs that count, the bot has always had the conversation again."""
    handed_over = owner in (WAITING, HUMAN)
    for command in sequence:
        result = apply(owner, command)
        if isinstance(command, HandOver) and result.changed:
            assert not handed_over
            handed_over = True
        elif result.owner is BOT:
            handed_over = False
        owner = result.owner


@given(st.sampled_from(Owner), st.lists(commands, max_size=30))
def test_changed_says_whether_the_owner_changed(owner: Owner, sequence: list[Command]) -> None:
    for command in sequence:
        result = apply(owner, command)
        assert result.changed == (result.owner is not owner)
        owner = result.owner


@given(st.sampled_from(Owner), commands)
def test_a_command_given_twice_counts_once(owner: Owner, command: Command) -> None:
    first = apply(owner, command)
    assert apply(first.owner, command) == Transition(first.owner, changed=False)
